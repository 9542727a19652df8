"""The job of ``custseg fields``: what the columns of tables mean."""

from __future__ import annotations

from pathlib import Path

from custseg.config import Settings
from custseg.fields import config_text
from custseg.fields.content import profiles
from custseg.fields.masks import samples
from custseg.fields.recognize import Kind
from custseg.jobs.monitor import Monitor
from custseg.jobs.sources import Inputs, Source, read_inputs, recognize_sources
from custseg.report import Report
from custseg.report.fields import GuessedTable, fields_report
from custseg.tables import atomic_file


def fields(
    inputs: Inputs,
    *,
    settings: Settings | None = None,
    kind: Kind = "any",
    write: str | Path | None = None,
    force: bool = False,
    language: str = "en",
    monitor: Monitor | None = None,
) -> Report:
    """Recognize the columns of tables, and write a config with the guesses where asked.

    Parameters
    ----------
    inputs
        Files, globs, ``"-"``, or frames by name.
    kind
        What the tables hold; ``"any"`` judges it from their columns.
    write
        The config file to write.
    language
        Language of the config's comments.

    Raises
    ------
    InputError, UsageError
        If an input cannot be read, or the config file exists and `force` is not given.
    """
    settings = settings or Settings()
    monitor = monitor or Monitor()
    reads = read_inputs(inputs, settings, monitor)
    sources = recognize_sources(reads, settings.roles, kind, monitor)
    if write is not None:
        guesses = [guess for source in sources for guess in source.guesses]
        with atomic_file(write, force=force) as file:
            file.write(config_text(guesses, language).encode())
    return fields_report([_shown(source) for source in sources], language, str(write or ""))


def _shown(source: Source) -> GuessedTable:
    found = profiles(source.read.table)
    masked = [samples(found[guess.column], guess.role) for guess in source.guesses]
    return GuessedTable(source.read.name, source.guesses, masked)
