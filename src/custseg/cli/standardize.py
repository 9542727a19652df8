"""``custseg standardize``: the same rows in standard formats."""

from __future__ import annotations

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Files, Force, OutputFile


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(
        app,
        "standardize",
        settings=(
            "roles",
            "input.*",
            "output.format",
            "output.encoding",
            "output.reader",
            "standardize.*",
            "run.*",
        ),
    )
    def run(session: Session, *, files: Files, output: OutputFile, force: Force = False) -> None:
        from custseg.cli.show import show_if_run
        from custseg.jobs.standardize import standardize

        standardize(
            files,
            output,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            force=force,
            monitor=session.monitor,
        )
        show_if_run(session, output)
