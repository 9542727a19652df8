"""``custseg segment``: orders to scores, segments, clusters and lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import BaseFile, Consent, Force, OutputFolder, Suppress, words

Orders = Annotated[
    list[str], typer.Option("--orders", metavar="FILE", help=words("help.option.orders"))
]
Customers = Annotated[str | None, typer.Option("--customers", help=words("help.option.customers"))]
Model = Annotated[Path | None, typer.Option("--model", help=words("help.option.model"))]
Previous = Annotated[
    Path | None, typer.Option("--previous", help=words("help.option.previous_segments"))
]
Cuts = Annotated[
    list[str] | None,
    typer.Option("--cuts", metavar="MEASURE=A,B,...", help=words("help.option.cuts")),
]

Events = Annotated[
    list[str] | None, typer.Option("--events", metavar="FILE", help=words("help.option.events"))
]

READ_AND_WRITE = (
    *("roles", "input.*", "output.format", "output.encoding", "output.reader", "output.workbook"),
    "run.*",
)
SETTINGS = (*READ_AND_WRITE, "segment.*", "standardize.date_order")


def read_cuts(texts: Sequence[str] | None) -> dict[str, tuple[float, ...]] | None:
    """Read fixed cuts; None for none."""
    if not texts:
        return None
    from custseg.jobs.segment_plan import parse_cuts

    return parse_cuts(texts)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "segment", settings=SETTINGS)
    def run(
        session: Session,
        *,
        orders: Orders,
        output: OutputFolder,
        customers: Customers = None,
        model: Model = None,
        previous: Previous = None,
        cuts: Cuts = None,
        events: Events = None,
        consent: Consent = None,
        suppress: Suppress = None,
        base: BaseFile = None,
        force: Force = False,
    ) -> None:
        from custseg.cli.show import show_run
        from custseg.jobs.consent_files import ConsentFiles
        from custseg.jobs.segment import segment

        segment(
            orders,
            customers,
            output,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            model=model,
            previous=previous,
            cuts=read_cuts(cuts),
            consent=ConsentFiles(consent=tuple(consent or ()), suppress=tuple(suppress or ())),
            events=events or None,
            base=base,
            force=force,
            monitor=session.monitor,
        )
        show_run(session, output)
