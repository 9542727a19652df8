"""``custseg report``: the report of a run again."""

from __future__ import annotations

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import RunFolder, Shown


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "report")
    def run(session: Session, *, folder: RunFolder, output: Shown = "text") -> None:
        from custseg.cli.show import show
        from custseg.jobs.report import report

        show(session, report(folder), output)
