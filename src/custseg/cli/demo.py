"""``custseg demo``: the whole chain on made data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Force, words

Folder = Annotated[
    Path, typer.Argument(metavar="[FOLDER]", help=words("help.argument.demo_folder"))
]
Rows = Annotated[int, typer.Option("--rows", min=100, help=words("help.option.rows"))]
Seed = Annotated[int, typer.Option("--seed", min=0, help=words("help.option.seed"))]
DemoKind = Annotated[
    Literal["japanese", "english", "both"],
    typer.Option("--kind", help=words("help.option.demo_kind")),
]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "demo", settings=("run.*",))
    def run(
        session: Session,
        *,
        folder: Folder = Path("custseg-demo"),
        rows: Rows = 10_000,
        seed: Seed = 1,
        kind: DemoKind = "both",
        force: Force = False,
    ) -> None:
        from custseg.cli.show import show
        from custseg.jobs.demo import demo

        for report in demo(
            folder,
            rows=rows,
            seed=seed,
            kind=kind,
            settings=session.loaded.settings,
            force=force,
            monitor=session.monitor,
        ):
            show(session, report)
