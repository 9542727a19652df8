"""``custseg config show``."""

from __future__ import annotations

import json
import sys
from typing import Any

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Shown, words
from custseg.cli.usage import Commands
from custseg.config.load import Loaded, keys
from custseg.config.schema import FREE_TABLES


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    group = typer.Typer(
        cls=Commands,
        name="config",
        help=words("help.config"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.add_typer(group)

    @group.callback()
    def _group() -> None:
        """Keep `show` a command of its own: a group of one would swallow its name."""

    @command(group, "show", group="config")
    def show(session: Session, *, output: Shown = "text") -> None:
        rows = listed(session.loaded)
        if output == "json":
            shown: dict[str, Any] = {
                name: {"value": value, "origin": origin} for name, value, origin in rows
            }
            sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
            return
        width = max(len(name) for name, _, _ in rows)
        for name, value, origin in rows:
            shown_value = "-" if value is None else json.dumps(value, ensure_ascii=False)
            sys.stdout.write(f"{name:<{width}}  {shown_value:<12}  {origin}\n")


def listed(loaded: Loaded) -> list[tuple[str, Any, str]]:
    """Every setting as (name, value, origin), then the user's own tables."""
    names = [*keys(), *(name for name in loaded.origins if name.split(".", 1)[0] in FREE_TABLES)]
    return [(name, loaded.value(name), loaded.origins[name]) for name in names]
