"""``custseg forget``: people out of the base and of every run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import OutputFolder, Shown, words

People = Annotated[str | None, typer.Argument(metavar="FILE", help=words("help.argument.persons"))]
Ids = Annotated[list[str] | None, typer.Option("--id", metavar="ID", help=words("help.option.id"))]
Runs = Annotated[list[Path] | None, typer.Option("--run", help=words("help.option.runs"))]
NeededBase = Annotated[Path, typer.Option("--base", metavar="FILE", help=words("help.option.base"))]

SETTINGS = ("standardize.country", "run.*")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "forget", settings=SETTINGS)
    def run(
        session: Session,
        *,
        base: NeededBase,
        output: OutputFolder,
        people: People = None,
        ids: Ids = None,
        runs: Runs = None,
        shown: Shown = "text",
    ) -> None:
        from custseg.cli.people import read_people
        from custseg.cli.show import show
        from custseg.jobs.forget import forget
        from custseg.report.privacy import forget_report

        result = forget(
            read_people(people, ids),
            base,
            output,
            runs=runs or (),
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            monitor=session.monitor,
        )
        if not session.quiet:
            show(session, forget_report(result, str(output)), shown)
