"""``custseg run``: the chain that the config describes, for cron and for once a month."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Shown, words
from custseg.errors import GateError, UsageError

ConfigFile = Annotated[
    Path | None, typer.Argument(metavar="CONFIG", help=words("help.argument.config_file"))
]
Day = Annotated[
    str | None,
    typer.Option("--day", metavar="YYYY-MM-DD", help=words("help.option.day")),
]
Full = Annotated[bool, typer.Option("--full", help=words("help.option.full"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=words("help.option.dry_run"))]

SETTINGS = ("chain.*", "gates.*", "run.*")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "run", settings=SETTINGS)
    def run(
        session: Session,
        *,
        config_file: ConfigFile = None,  # noqa: ARG001  read before the command runs
        day: Day = None,
        full: Full = False,
        dry_run: DryRun = False,
        shown: Shown = "text",
    ) -> None:
        from custseg.cli.show import show
        from custseg.jobs.chain import run as run_chain
        from custseg.jobs.report import report_of_chain

        result = run_chain(
            session.loaded.settings,
            config_file=session.loaded.file,
            origins=session.loaded.origins,
            day=_day(day),
            full=full,
            dry_run=dry_run,
            monitor=session.monitor,
        )
        gates = ", ".join(dict.fromkeys(each.gate for each in result.stopped_by))
        stopped = GateError("chain.stopped", gates=gates) if result.status == "stopped" else None
        if session.talks or dry_run or shown == "json" or stopped:
            try:
                show(session, report_of_chain(result), shown)
            except BrokenPipeError as gone:
                raise stopped or gone from gone
        if stopped:
            raise stopped


def _day(given: str | None) -> date | None:
    if given is None:
        return None
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError as error:
        raise UsageError("chain.bad_day", given=given) from error
