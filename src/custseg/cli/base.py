"""``custseg base``: what the base holds, and whether it holds together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Shown, words
from custseg.cli.usage import Commands
from custseg.errors import ExitCode

BaseArgument = Annotated[Path, typer.Argument(metavar="BASE", help=words("help.argument.base"))]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(
        cls=Commands,
        name="base",
        help=words("help.base"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.add_typer(group)

    @command(group, "show", group="base")
    def show_base(session: Session, *, base: BaseArgument, shown: Shown = "text") -> None:
        from custseg.cli.show import show
        from custseg.jobs.base import base_show
        from custseg.report.privacy import base_report

        found = base_show(base)
        show(session, base_report(found.sizes, found.runs, found.lists), shown)

    @command(group, "check", group="base")
    def check_base(session: Session, *, base: BaseArgument, shown: Shown = "text") -> ExitCode:
        from custseg.cli.show import show
        from custseg.jobs.base import base_check
        from custseg.report.privacy import check_report

        checks = base_check(base)
        if not session.quiet:
            show(session, check_report(checks), shown)
        broken = any(each.broken for each in checks)
        return ExitCode.GATE_FAILED if broken else ExitCode.DONE
