"""The ``custseg`` command: the list of its commands, nothing else."""

from __future__ import annotations

import codecs
import io
import sys
from importlib import import_module
from typing import Annotated, Final

import typer

from custseg import __version__
from custseg.cli.command import no_room_for_words, own_process
from custseg.cli.options import words
from custseg.cli.streams import forgiving
from custseg.cli.usage import Commands
from custseg.own_process import end_own_process, start_own_process

app = typer.Typer(
    cls=Commands,
    help=words("help.custseg"),
    no_args_is_help=True,
    rich_markup_mode=None,  # the plain help is three times as fast to show
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: Final = (
    "fields",
    "assess",
    "standardize",
    "undo",
    "plan",
    "dedupe",
    "clean",
    "rfm",
    "cluster",
    "segment",
    "basket",
    "audience",
    "measure",
    "run",
    "init",
    "explain",
    "evaluate",
    "report",
    "demo",
    "base",
    "forget",
    "subject",
    "pseudonymize",
    "audit",
    "config",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"custseg {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help=words("help.option.version"), callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


for _name in COMMANDS:
    import_module(f"custseg.cli.{_name}").register(app)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A bare cron environment speaks ASCII, an old Japanese terminal Shift_JIS: neither
            # may end a run over a character of its report. Data is written as bytes elsewhere.
            plain = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if plain else None, errors="replace")
    sys.stderr = forgiving(sys.stderr)
    start_own_process()
    own_process.set(True)
    try:
        app()
    except SystemExit as ended:
        if isinstance(ended.code, int):
            end_own_process(ended.code)
        raise
    except OSError as error:
        sys.exit(no_room_for_words(error))
