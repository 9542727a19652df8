"""``custseg explain``: why two records were, or were not, joined."""

from __future__ import annotations

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
        from custseg.cli.show import show
        from custseg.jobs.explain import explain
        from custseg.report.explanation import explanation_report

        explanation = explain(folder, left, right, monitor=session.monitor)
        report = explanation_report(explanation, left, right)
        show(session, report, output)
