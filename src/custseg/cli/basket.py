"""``custseg basket``: what is bought together and next, and who has yet to buy it."""

from __future__ import annotations

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Consent, Files, Force, OutputFolder, Suppress
from custseg.cli.segment import READ_AND_WRITE, Customers

SETTINGS = (
    *READ_AND_WRITE,
    "segment.as_of",
    "segment.currency",
    "standardize.date_order",
    "basket.*",
)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "basket", settings=SETTINGS)
    def run(
        session: Session,
        *,
        files: Files,
        output: OutputFolder,
        customers: Customers = None,
        consent: Consent = None,
        suppress: Suppress = None,
        force: Force = False,
    ) -> None:
        from custseg.cli.show import show_run
        from custseg.jobs.basket import basket
        from custseg.jobs.consent_files import ConsentFiles

        basket(
            files,
            customers,
            output,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            consent=ConsentFiles(consent=tuple(consent or ()), suppress=tuple(suppress or ())),
            force=force,
            monitor=session.monitor,
        )
        show_run(session, output)
