"""``custseg plan``: what matching would cost."""

from __future__ import annotations

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Files, Shown


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(
        app, "plan", settings=("roles", "input.*", "standardize.*", "match.link_only", "run.*")
    )
    def run(session: Session, *, files: Files, output: Shown = "text") -> None:
        from custseg.cli.show import show
        from custseg.jobs.plan import plan
        from custseg.report.plan import plan_report

        found = plan(files, settings=session.loaded.settings, monitor=session.monitor)
        show(session, plan_report(found), output)
