"""``custseg fields``: what each column was recognized as."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Files, Force, Shown, words

Kind = Annotated[
    Literal["people", "orders", "any"],
    typer.Option("--kind", help=words("help.option.kind"), show_default=False),
]
Write = Annotated[Path | None, typer.Option("--write", help=words("help.option.write"))]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "fields", settings=("roles", "input.*"))
    def run(
        session: Session,
        *,
        files: Files,
        kind: Kind = "any",
        write: Write = None,
        force: Force = False,
        output: Shown = "text",
    ) -> None:
        from custseg.cli.show import show
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
