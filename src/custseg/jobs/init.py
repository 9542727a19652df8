"""The job of ``custseg init``: a config for ``custseg run`` from the files at hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from custseg.chain.facts import InputKind
from custseg.chain.gates import KINDS
from custseg.chain.template import pattern_of, template
from custseg.config import Settings
from custseg.config.load import FILE_NAME
from custseg.errors import CustsegError, InputError, UsageError
from custseg.fields import FieldGuess, recognize
from custseg.jobs.kinds import IDENTITY, are_events, are_orders, sure_roles
from custseg.jobs.monitor import Monitor
from custseg.jobs.sources import read_options
from custseg.report import Report
from custseg.report.init import InitFile, init_report
from custseg.tables import atomic_file, read_table

_TABLES: Final = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".gz", ".zst")


@dataclass(frozen=True, slots=True)
class _Looked:
    path: Path
    kind: InputKind | None
    guesses: Sequence[FieldGuess]


def init(
    files: Sequence[str | Path] = (),
    *,
    write: str | Path = FILE_NAME,
    settings: Settings | None = None,
    force: bool = False,
    language: str = "en",
    monitor: Monitor | None = None,
) -> Report:
    """Look at files, and write a config that names them.

    Parameters
    ----------
    files
        Files or folders; this folder where none is given.
    write
        The config file.
    language
        Of its comments.

    Raises
    ------
    UsageError
        If the config file exists and `force` is not given.
    InputError
        If there are no tables, or none of customers or orders.
    """
    settings, monitor = settings or Settings(), monitor or Monitor()
    target = Path(write)
    if target.exists() and not force:
        raise UsageError("tables.file_exists", path=str(write))
    looked = [_look(path, settings, monitor) for path in _tables(files or (Path(),))]
    if not looked:
        raise InputError("init.no_files")
    if not any(each.kind for each in looked):
        raise InputError("init.nothing_here", files=", ".join(each.path.name for each in looked))
    if not any(each.kind == "orders" for each in looked):
        # Contacts are added to those who ordered: without orders these are people, if anything.
        looked = [
            replace(each, kind="customers") if each.kind == "events" else each for each in looked
        ]
    patterns = {kind: _patterns(looked, kind, target) for kind in KINDS}
    guesses = {each.path.name: each.guesses for each in looked if each.kind}
    with atomic_file(target, force=force) as file:
        file.write(template(patterns, guesses, language).encode())
    shown = [InitFile(each.path.name, each.kind, pattern_of(each.path.name)) for each in looked]
    return init_report(shown, str(write))


def _tables(given: Iterable[str | Path]) -> list[Path]:
    """Find the tables named, and those in folders named; hidden files are no exports."""
    found: list[Path] = []
    for each in map(Path, given):
        if each.is_dir():
            found += sorted(
                path
                for path in each.iterdir()
                if path.suffix.lower() in _TABLES and path.is_file() and path.name[0] != "."
            )
        elif each.exists():
            found.append(each)
        else:
            raise InputError("tables.not_found", path=str(each))
    return found


def _look(path: Path, settings: Settings, monitor: Monitor) -> _Looked:
    """Tell what a file holds; one that cannot be read as a table is left out, with a warning."""
    try:
        table = read_table(path, read_options(settings)).table
    except CustsegError:
        monitor.warn("init.unreadable", name=path.name)
        return _Looked(path, None, ())
    guesses = recognize(table)
    roles = sure_roles(guesses)
    if are_orders(roles):
        return _Looked(path, "orders", guesses)
    if are_events(table, roles):
        return _Looked(path, "events", recognize(table, kind="events"))
    return _Looked(path, "customers" if roles & IDENTITY else None, guesses)


def _patterns(looked: Iterable[_Looked], kind: InputKind, target: Path) -> list[str]:
    """Name files as seen from the config's folder, each pattern once."""
    beside = target.resolve().parent
    found = []
    for each in looked:
        if each.kind == kind:
            path = Path(os.path.relpath(each.path.resolve(), beside))
            found.append(pattern_of(path.as_posix()))
    return list(dict.fromkeys(found))
