"""``custseg fields``: what each column was recognized as."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Force, Shown, words
from custseg.errors import UsageError

Kind = Annotated[
    Literal["people", "orders", "any"],
    typer.Option("--kind", help=words("help.option.kind"), show_default=False),
]
OptionalFiles = Annotated[
    list[str] | None, typer.Argument(metavar="FILE", help=words("help.argument.files"))
]
Roles = Annotated[bool, typer.Option("--roles", help=words("help.option.roles"))]
Write = Annotated[Path | None, typer.Option("--write", help=words("help.option.write"))]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "fields", settings=("roles", "input.*"))
    def run(
        session: Session,
        *,
        files: OptionalFiles = None,
        roles: Roles = False,
        kind: Kind = "any",
        write: Write = None,
        force: Force = False,
        output: Shown = "text",
    ) -> None:
        from custseg.cli.show import show

        if roles:
            from custseg.report.fields import roles_report

            show(session, roles_report(session.language), output)
            return
        if not files:
            raise UsageError("cli.files_missing")
        from custseg.jobs.fields import fields

        report = fields(
            files,
            settings=session.loaded.settings,
            kind=kind,
            write=write,
            force=force,
            language=session.language,
            monitor=session.monitor,
        )
        show(session, report, output)
