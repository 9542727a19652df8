"""``custseg pseudonymize``: the tables of a run, without names."""

from __future__ import annotations

from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import BaseFile, Force, OutputFolder, RunFolder, Shown, words

K = Annotated[int | None, typer.Option("--k", min=2, help=words("help.option.anonymity"))]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "pseudonymize", settings=("segment.as_of", "run.*"))
    def run(
        session: Session,
        *,
        folder: RunFolder,
        output: OutputFolder,
        k: K = None,
        base: BaseFile = None,
        force: Force = False,
        shown: Shown = "text",
    ) -> None:
        from custseg.cli.show import show
        from custseg.jobs.pseudonymize import pseudonymize_run
        from custseg.report.privacy import pseudonym_report

        result = pseudonymize_run(
            folder,
            output,
            k=k,
            base=base,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            force=force,
            monitor=session.monitor,
        )
        if not session.quiet:
            show(session, pseudonym_report(result), shown)
