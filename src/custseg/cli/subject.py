"""``custseg subject show``: everything that is held about a person."""

from __future__ import annotations

import json
import sys

import typer

from custseg.cli.command import Session, command
from custseg.cli.forget import SETTINGS, Ids, NeededBase, People, Runs
from custseg.cli.options import Shown, words
from custseg.cli.usage import Commands


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    group = typer.Typer(
        cls=Commands,
        name="subject",
        help=words("help.subject"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.add_typer(group)

    @group.callback()
    def _group() -> None:
        """Keep `show` a command of its own: a group of one would swallow its name."""

    @command(group, "show", settings=SETTINGS, group="subject")
    def show_subject(
        session: Session,
        *,
        base: NeededBase,
        people: People = None,
        ids: Ids = None,
        runs: Runs = None,
        shown: Shown = "text",
    ) -> None:
        from custseg.cli.people import read_people
        from custseg.cli.show import show
        from custseg.jobs.subject import subject
        from custseg.report.privacy import subject_report

        found = subject(
            read_people(people, ids), base, runs=runs or (), settings=session.loaded.settings
        )
        if shown == "json":
            data = [each.to_json() for each in found]
            text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
            sys.stdout.write(text + "\n")
            return
        show(session, subject_report(found))
