"""``custseg cluster``: customers in groups by k-means."""

from __future__ import annotations

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Files, Force, OutputFile
from custseg.cli.segment import READ_AND_WRITE, Customers, Model, Previous

SETTINGS = (
    *READ_AND_WRITE,
    "segment.as_of",
    "standardize.date_order",
    "segment.clusters",
    "segment.features",
    "segment.transform",
    "segment.scale",
    "segment.orders_by",
    "segment.free_orders",
)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "cluster", settings=SETTINGS)
    def run(
        session: Session,
        *,
        files: Files,
        output: OutputFile,
        customers: Customers = None,
        model: Model = None,
        previous: Previous = None,
        force: Force = False,
    ) -> None:
        from custseg.cli.show import show_if_run
        from custseg.jobs.segment import cluster

        cluster(
            files,
            customers,
            output,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            model=model,
            previous=previous,
            force=force,
            monitor=session.monitor,
        )
        show_if_run(session, output)
