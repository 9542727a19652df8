"""``custseg audit verify``: whether the audit log is as it was written."""

from __future__ import annotations

import typer

from custseg.cli.command import Session, command
from custseg.cli.forget import NeededBase
from custseg.cli.options import Shown, words
from custseg.cli.usage import Commands
from custseg.errors import ExitCode


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    group = typer.Typer(
        cls=Commands,
        name="audit",
        help=words("help.audit"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.add_typer(group)

    @group.callback()
    def _group() -> None:
        """Keep `verify` a command of its own: a group of one would swallow its name."""

    @command(group, "verify", group="audit")
    def verify(session: Session, *, base: NeededBase, shown: Shown = "text") -> ExitCode:
        from custseg.cli.show import show
        from custseg.jobs.audit import audit_verify, log_of
        from custseg.report.privacy import audit_report

        verdict = audit_verify(base)
        if not session.quiet:
            show(session, audit_report(verdict, str(log_of(base))), shown)
        return ExitCode.DONE if verdict.sound else ExitCode.GATE_FAILED
