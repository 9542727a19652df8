"""``custseg dedupe``: who is the same person, values as they were given."""

from __future__ import annotations

import typer

from custseg.cli.clean import register_as


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    register_as(app, "dedupe")
