"""From files or frames to standardized tables whose columns have roles."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import pyarrow.compute as pc

from custseg.cleanse.country_guess import SAMPLE, guess_country
from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.table import StandardizedTable, standardize_table
from custseg.cleanse.unify import SourceTable
from custseg.config import Settings
from custseg.engine import Engine, give_back_memory
from custseg.errors import UsageError
from custseg.fields import FieldGuess, get_ready, recognize, role_map
from custseg.fields.recognize import Kind
from custseg.fields.registry import roles as known_roles
from custseg.jobs.given import is_time, without_text
from custseg.jobs.monitor import Monitor
from custseg.tables import (
    Input,
    ReadOptions,
    RowsAs,
    TableRead,
    expand_inputs,
    read_frame,
    read_table,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Inputs: TypeAlias = (
    "str | Path | Sequence[str | Path] | pd.DataFrame | pa.Table"
    " | Mapping[str, pd.DataFrame | pa.Table] | Sequence[pd.DataFrame | pa.Table]"
)
"""Files, globs, ``"-"`` for standard input; a table in memory, or several, best by their names."""

ONE_TABLE: Final = "table"
"""What a table in memory is called whose name nobody has said."""

_MANY_ROWS: Final = 200_000
"""Rows of a file from which workers will be needed whatever its columns hold."""
_MANY_BYTES: Final = 32 << 20
"""Bytes of a file that surely has so many rows."""
_SOME_PHONE: Final = "090-0000-0000"
"""Looks like a number, so that the numbering plans are looked into."""
_FIRST_ROWS: Final = 20_000
"""Rows looked at first where the least values of a column are wanted."""


@dataclass(frozen=True, slots=True)
class Source:
    """An input as it was read, and what its columns were recognized as."""

    read: TableRead
    guesses: tuple[FieldGuess, ...]

    @property
    def roles(self) -> dict[str, str]:
        """Role by column, for the columns that have one (``"attribute"`` is none)."""
        return {guess.column: guess.role for guess in self.guesses if guess.role}

    def as_given(self) -> SourceTable:
        """Give the table as it was read, with the use of its columns."""
        return SourceTable(self.read.name, self.read.table, self.read.rows, role_map(self.guesses))


@dataclass(frozen=True, slots=True)
class StandardizedSource:
    """A source, and its table with standard values."""

    source: Source
    result: StandardizedTable

    def as_standard(self) -> SourceTable:
        """Give the standardized table, with the use of its columns, added ones too."""
        uses = {**role_map(self.source.guesses), **self.result.roles}
        return SourceTable(self.source.read.name, self.result.table, self.source.read.rows, uses)


class Store(NamedTuple):
    """A folder for texts that are too large for memory, and from how many bytes on they are."""

    folder: Path
    least: int


def read_options(settings: Settings) -> ReadOptions:
    """How the settings want tables read."""
    return ReadOptions(
        encoding=settings.input.encoding,
        delimiter=settings.input.delimiter,
        columns=_separate(settings.input.columns),
        sheet=settings.input.sheet,
        on_bad_rows=settings.input.on_bad_rows,
    )


def _separate(names: Sequence[str]) -> tuple[str, ...]:
    """Give the names of columns, also where they stand in one text, with commas between them."""
    if len(names) == 1:
        names = names[0].split(",")
    return tuple(name.strip() for name in names)


def read_inputs(
    inputs: Inputs,
    settings: Settings,
    monitor: Monitor,
    *,
    typed: bool = False,
    keep: bool = False,
    scan_rows: int | None = None,
    engine: Engine | None = None,
    store: Store | None = None,
    rows_as: RowsAs | None = None,
    allow_empty: bool = False,
    sha256: Callable[[Path], str] | None = None,
) -> list[TableRead]:
    """Read every input.

    Parameters
    ----------
    typed
        Whether numbers and days of Parquet stay what they are; else all is text.
    keep
        Whether the columns of Parquet and of frames stay beside their text.
    scan_rows
        Parquet files of at least so many rows stay on disk.
    engine
        What comes next needs its workers, which start beside the reading of large files, as does
        the loading of the lists that the columns are recognized by.
    store
        With `scan_rows`: where larger texts are kept.
    rows_as
        Knows files whose rows have no header.
    allow_empty
        Whether a file may have a header and no rows.
    sha256
        Gives the hash of a file that stays on disk; None has it made.

    Raises
    ------
    InputError
        If one cannot be read.
    UsageError
        If there is none, or it is neither a path nor a table.
    """
    options = replace(
        read_options(settings),
        typed=typed,
        keep=keep,
        scan_rows=scan_rows,
        rows_as=rows_as,
        allow_empty=allow_empty,
        sha256=sha256,
    )
    if store is not None:
        options = replace(options, store_in=store.folder, store_bytes=store.least)
    with monitor.stage("read"):
        inputs = _named_tables(inputs)
        if isinstance(inputs, Mapping):
            reads = [_table(frame, name, keep=keep) for name, frame in inputs.items()]
            if not reads:
                raise UsageError("tables.no_input")
        elif not isinstance(inputs, str | Path | Iterable):
            raise UsageError("inputs.no_table", kind=type(inputs).__name__)
        else:
            patterns = [inputs] if isinstance(inputs, str | Path) else inputs
            files = expand_inputs(map(str, patterns))
            if engine is not None and any(map(_is_large, files)):
                engine.start_workers()
                engine.beside(_get_ready)
            reads = [read_table(found.source, options, name=found.name) for found in files]
    for read in reads:
        for note in read.notes:
            monitor.warn(note.key, **note.params)
        monitor.event(
            "clean.read",
            name=read.name,
            encoding=read.encoding or read.format,
            rows=read.table.num_rows,
            columns=read.table.num_columns,
            quarantined=read.quarantine.num_rows,
        )
    return reads


def _get_ready() -> None:
    """Load what recognizing columns and their country needs."""
    get_ready()
    guess_country({"phone": [_SOME_PHONE]})


def _is_large(found: Input) -> bool:
    with contextlib.suppress(OSError):  # reading it will say why
        return isinstance(found.source, Path) and found.source.stat().st_size >= _MANY_BYTES
    return False


def _named_tables(inputs: Any) -> Any:
    """Give tables in memory by name: one, or several in a list, which are numbered."""
    if _is_table(inputs):
        return {ONE_TABLE: inputs}
    if isinstance(inputs, Sequence) and any(map(_is_table, inputs)):
        return {f"{ONE_TABLE}_{number}": each for number, each in enumerate(inputs, start=1)}
    return inputs


def _is_table(given: object) -> bool:
    return hasattr(given, "columns") and not isinstance(given, Mapping)


def _table(given: object, name: str, *, keep: bool) -> TableRead:
    if not _is_table(given):
        raise UsageError("inputs.no_table", kind=type(given).__name__)
    return read_frame(given, str(name), keep=keep)


def recognize_sources(
    reads: Sequence[TableRead],
    roles: Mapping[str, str],
    kind: Kind,
    monitor: Monitor,
    elsewhere: Collection[str] = (),
) -> list[Source]:
    """Recognize the columns of every input. What has no text is nothing to be recognized.

    One config may name columns of people and of orders: what has a role of the other kind of
    table alone, and is no column here, is meant for that one; so is what is a column `elsewhere`.

    Raises
    ------
    UsageError
        If `roles` names a column that no input has, or a role that does not exist.
    """
    known = sorted({column for read in reads for column in read.table.column_names})
    for column, role in roles.items():
        if column not in {*known, *elsewhere} and not _of_another_kind(role, kind):
            nearest = get_close_matches(column, known, n=1, cutoff=0.0)
            raise UsageError("fields.unknown_column", column=column, nearest="".join(nearest))
    with monitor.stage("fields"):
        return [Source(read, tuple(_recognized(read, roles, kind))) for read in reads]


def _recognized(read: TableRead, roles: Mapping[str, str], kind: Kind) -> Sequence[FieldGuess]:
    """Recognize the columns of an input; what is no text, and days that are days, stay as is."""
    overrides = {c: role for c, role in roles.items() if c in read.table.column_names}
    overrides |= dict.fromkeys(without_text(read), "ignore")
    guesses = recognize(read.table, kind=kind, overrides=overrides)
    dates = [guess.column for guess in guesses if guess.role == "date"]
    days = [column for column in dates if column not in overrides and is_time(read, column)]
    if not days:
        return guesses
    return recognize(read.table, kind=kind, overrides=overrides | dict.fromkeys(days, "ignore"))


def is_role_of(role: str, kind: Kind) -> bool:
    """Tell whether a role is one of tables of this kind; one that does not exist is of every."""
    return not _of_another_kind(role, kind)


def _of_another_kind(role: str, kind: Kind) -> bool:
    found = known_roles().get(role.partition(":")[0])
    return kind != "any" and found is not None and kind not in found.tables


def _warn_overruled(sources: Iterable[Source], monitor: Monitor) -> None:
    """Tell of columns whose content says another role than their header does."""
    for source in sources:
        for guess in source.guesses:
            if guess.reason.key == "fields.reason.against":
                monitor.warn(
                    "fields.warn.against",
                    name=source.read.name,
                    column=guess.column,
                    role=guess.role,
                    header_role=guess.reason.params["header_role"],
                )


def choose_country(
    sources: Sequence[Source], settings: Settings, engine: Engine
) -> tuple[str, bool]:
    """Give the default country, and whether it was judged from the data."""
    if settings.standardize.country:
        return settings.standardize.country.upper(), False
    headers = [column for source in sources for column in source.roles]
    return guess_country(_samples_by_role(sources, engine), headers), True


def _samples_by_role(sources: Iterable[Source], engine: Engine) -> dict[str, list[str]]:
    """Give some non-empty cells of each role, the least ones: row order does not matter."""
    columns = [
        (role, source.read.table.column(column))
        for source in sources
        for column, role in source.roles.items()
    ]
    found = engine.map_threads(lambda each: _least(each[1], SAMPLE), columns)
    samples: dict[str, list[str]] = {}
    for (role, _), least in zip(columns, found, strict=True):
        samples.setdefault(role, []).extend(least)
    return samples


def _least(column: pa.ChunkedArray, count: int) -> list[str]:
    """Give the `count` least different values of a column, in order."""
    some = _sorted(column.slice(0, _FIRST_ROWS))
    if len(some) >= count:
        # No value beyond these can be among the least: the others need not be told apart.
        column = column.filter(pc.less_equal(column, some[count - 1]))
    least: list[str] = _sorted(column)[:count].to_pylist()
    return least


def _sorted(column: pa.ChunkedArray) -> pa.Array:
    values = column.drop_null().unique()
    return values.take(pc.sort_indices(values))


def standardize_sources(
    sources: Sequence[Source],
    country: str,
    settings: Settings,
    engine: Engine,
    monitor: Monitor,
) -> list[StandardizedSource]:
    """Standardize every column that has a role, source by source."""
    context = Context(
        country=country,
        phone_format=settings.standardize.phone_format,
        date_order=settings.standardize.date_order or "",
    )
    with monitor.stage("standardize"):
        return [
            StandardizedSource(
                source,
                standardize_table(
                    source.read.table,
                    source.roles,
                    context,
                    engine,
                    source=source.read.name,
                    rows=source.read.rows,
                ),
            )
            for source in sources
        ]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Inputs read, recognized and standardized.

    Attributes
    ----------
    reads
        The inputs as they were read.
    done
        Each with its standardized table, in the same order.
    country, country_guessed
        Default country, and whether it was judged from the data.
    """

    reads: tuple[TableRead, ...]
    done: tuple[StandardizedSource, ...]
    country: str
    country_guessed: bool


def prepare(
    reads: Sequence[TableRead], kind: Kind, settings: Settings, engine: Engine, monitor: Monitor
) -> Prepared:
    """Recognize the columns of inputs, and standardize them.

    Raises
    ------
    UsageError
        If the settings name a column or a role that does not exist.
    """
    if max((read.table.num_rows for read in reads), default=0) >= _MANY_ROWS:
        engine.start_workers()
    sources = recognize_sources(reads, settings.roles, kind, monitor)
    _warn_overruled(sources, monitor)
    with monitor.stage("fields"):
        country, guessed = choose_country(sources, settings, engine)
    done = standardize_sources(sources, country, settings, engine, monitor)
    # What comes next needs the memory more than the workers do.
    engine.end_workers()
    give_back_memory()
    return Prepared(tuple(reads), tuple(done), country, guessed)
