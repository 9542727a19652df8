"""``custseg clean``: exports in, one row a customer out. ``dedupe`` shares it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import BaseFile, Files, Force, OutputFolder, words

Previous = Annotated[Path | None, typer.Option("--previous", help=words("help.option.previous"))]
DecisionsFile = Annotated[
    Path | None, typer.Option("--decisions", help=words("help.option.decisions"))
]
ModelFile = Annotated[
    Path | None, typer.Option("--match-model", help=words("help.option.match_model"))
]
FailOn = Annotated[
    list[str] | None,
    typer.Option("--fail-on", metavar="MEASURE>BOUND", help=words("help.option.fail_on")),
]

SETTINGS = (
    "roles",
    "input.*",
    "output.format",
    "output.encoding",
    "output.reader",
    "output.provenance",
    "output.workbook",
    "standardize.*",
    "match.*",
    "run.*",
)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    register_as(app, "clean")


def register_as(app: typer.Typer, name: str) -> None:
    """Add the job to `app` under the name ``clean`` or ``dedupe``."""

    @command(app, name, settings=SETTINGS)
    def run(
        session: Session,
        *,
        files: Files,
        output: OutputFolder,
        force: Force = False,
        previous: Previous = None,
        decisions: DecisionsFile = None,
        match_model: ModelFile = None,
        base: BaseFile = None,
        fail_on: FailOn = None,
    ) -> None:
        from custseg.cli.show import show_run
        from custseg.jobs.clean import clean, dedupe
        from custseg.jobs.gates import check_gates, parse_gates

        gates = parse_gates(fail_on or ())
        job = clean if name == "clean" else dedupe
        result = job(
            files,
            output,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            previous=previous,
            decisions=decisions,
            match_model=match_model,
            base=base,
            force=force,
            monitor=session.monitor,
        )
        show_run(session, output)
        check_gates(gates, result.summary)
