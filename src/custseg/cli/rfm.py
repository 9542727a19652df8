"""``custseg rfm``: recency, frequency and money of each customer."""

from __future__ import annotations

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Files, Force, OutputFile
from custseg.cli.segment import READ_AND_WRITE, Customers, Cuts, Model, read_cuts

SETTINGS = (
    *READ_AND_WRITE,
    "segment.as_of",
    "standardize.date_order",
    "segment.method",
    "segment.bins",
    "segment.map",
    "segment.orders_by",
    "segment.free_orders",
)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "rfm", settings=SETTINGS)
    def run(
        session: Session,
        *,
        files: Files,
        output: OutputFile,
        customers: Customers = None,
        model: Model = None,
        cuts: Cuts = None,
        force: Force = False,
    ) -> None:
        from custseg.cli.show import show_if_run
        from custseg.jobs.segment import rfm

        rfm(
            files,
            customers,
            output,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            model=model,
            cuts=read_cuts(cuts),
            force=force,
            monitor=session.monitor,
        )
        show_if_run(session, output)
