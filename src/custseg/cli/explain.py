"""``custseg explain``: why two records were, or were not, joined."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import RunFolder, Shown, words

Record = Annotated[str, typer.Argument(metavar="RECORD", help=words("help.argument.record"))]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "explain")
    def run(
        session: Session, *, folder: RunFolder, left: Record, right: Record, output: Shown = "text"
    ) -> None:
        from custseg.jobs.explain import explain
        from custseg.report import render

        report = explain(folder, left, right, monitor=session.monitor)
        render(report, sys.stdout, language=session.language, style=output)
