"""``custseg init``: a config for ``custseg run`` from the files at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Force, words

InitFiles = Annotated[
    list[str] | None, typer.Argument(metavar="FILE", help=words("help.argument.init_files"))
]
WriteConfig = Annotated[Path, typer.Option("--write", help=words("help.option.write_config"))]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "init", settings=("input.*",))
    def run(
        session: Session,
        *,
        files: InitFiles = None,
        write: WriteConfig = Path("custseg.toml"),
        force: Force = False,
    ) -> None:
        from custseg.cli.show import show
        from custseg.jobs.init import init

        report = init(
            files or (),
            write=write,
            settings=session.loaded.settings,
            force=force,
            language=session.language,
            monitor=session.monitor,
        )
        if not session.quiet:
            show(session, report)
