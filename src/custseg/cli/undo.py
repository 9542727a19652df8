"""``custseg undo``: the original values of a standardized table."""

from __future__ import annotations

from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Force, OutputFile, RunFolder, words

Source = Annotated[str | None, typer.Option("--source", help=words("help.option.source"))]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(
        app,
        "undo",
        settings=(
            "output.encoding",
            "output.reader",
        ),
    )
    def run(
        session: Session,
        *,
        folder: RunFolder,
        output: OutputFile,
        source: Source = None,
        force: Force = False,
    ) -> None:
        from custseg.jobs.undo import undo

        loaded = session.loaded
        asked = any(
            loaded.origins.get(name, "default") != "default"
            for name in ("output.encoding", "output.reader")
        )
        undo(
            folder,
            output,
            source=source,
            encoding=loaded.settings.output.encoding if asked else None,
            force=force,
            monitor=session.monitor,
        )
        session.monitor.say_warnings()
