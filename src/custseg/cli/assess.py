"""``custseg assess``: the quality of tables before anything is changed."""

from __future__ import annotations

from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Files, Shown, words

AsOf = Annotated[str, typer.Option("--as-of", help=words("help.option.as_of"))]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(
        app,
        "assess",
        settings=("roles", "input.*", "standardize.country", "standardize.date_order", "run.*"),
    )
    def run(session: Session, *, files: Files, as_of: AsOf = "", output: Shown = "text") -> None:
        from custseg.cli.show import show
        from custseg.jobs.assess import assess
        from custseg.report.assess import assess_report

        found = assess(
            files, settings=session.loaded.settings, as_of=as_of, monitor=session.monitor
        )
        report = assess_report(found.assessments, found.as_of, session.language)
        show(session, report, output)
