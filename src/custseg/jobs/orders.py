"""From files of orders to order lines with roles, ready to be added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Context, Standardizer
from custseg.cleanse.standardize.distinct import distinct, settle
from custseg.config import Settings
from custseg.engine import Engine, ParquetScan
from custseg.fields.by_type import roles_by_type
from custseg.fields.fallbacks import BY_EMAIL
from custseg.fields.options import DENIED
from custseg.fields.registry import roles as known_roles
from custseg.jobs.ahead import NOTHING_AHEAD, SCAN_ROWS, Ahead
from custseg.jobs.monitor import Monitor
from custseg.jobs.scanned import sample
from custseg.jobs.sources import Inputs, Source, Store, read_inputs, recognize_sources
from custseg.segment.lines import ROLES, Reader, check_roles
from custseg.tables import RowsAs, TableRead
from custseg.tables.texts import column_as_text

_READ_AS = {"date": ("order_date", "date"), "number": ("amount",)}
"""Roles whose standardizer reads what SQL cannot; the first that has one."""

_TEXT_TAKES: Final = 8
"""How many times its bytes a text takes in memory while it is read and its lines are added up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLines:
    """Order lines of all inputs.

    Attributes
    ----------
    reads
        The inputs.
    lines
        Their columns under the names of their roles, and ``source``.
    columns
        Role to column of `lines`.
    roles
        Role to column as the inputs call it.
    whole
        Whether some lines were made of whole orders: their money stands on the first alone.
    """

    reads: tuple[TableRead, ...]
    lines: pa.Table | ParquetScan
    columns: Mapping[str, str]
    roles: Mapping[str, str]
    whole: bool = False

    def without(self, role: str) -> OrderLines:
        """The same lines, of which nobody asks for one of the columns."""
        columns = {name: column for name, column in self.columns.items() if name != role}
        roles = {name: column for name, column in self.roles.items() if name != role}
        return replace(self, columns=columns, roles=roles)

    @property
    def complete(self) -> bool:
        """Whether the lines tell who ordered, when, and for how much."""
        needed = {"customer_id", "order_date"} <= self.columns.keys()
        return needed and not self.columns.keys().isdisjoint({"amount", "unit_price"})

    def check(self) -> None:
        """Refuse lines that do not tell who ordered, when, and for how much.

        Raises
        ------
        InputError
            If a column of a needed role is missing.
        """
        names = [name for read in self.reads for name in read.table.column_names]
        check_roles(self.columns, dict.fromkeys(names))


class WholeOrders(RowsAs, Protocol):
    """Knows files with a whole order a row, and makes lines of them."""

    def lines(self, source: Source) -> Source:
        """Give the lines of a file with a header; the file itself where its rows are lines."""


def read_order_lines(
    engine: Engine,
    orders: Inputs,
    settings: Settings,
    monitor: Monitor,
    whole: WholeOrders | None = None,
    elsewhere: Collection[str] = (),
    ahead: Ahead = NOTHING_AHEAD,
) -> OrderLines:
    """Read orders and recognize their columns; the same file given twice is read once.

    Large Parquet files stay on disk, and texts too large for memory are taken there; only some
    rows are looked at to recognize their columns. Without `whole`, every row is an order line.
    A role may also be given to a column that is `elsewhere`. What was found out `ahead` is not
    looked for again.

    Raises
    ------
    InputError, UsageError
        If an input cannot be read, or a role is given to a column that is not there.
    """
    engine.beside(known_roles)  # takes a while to load, and is asked for after the reading
    store = Store(engine.scratch, engine.memory // _TEXT_TAKES)
    reads = read_distinct_inputs(
        orders,
        settings,
        monitor,
        typed=True,
        scan_rows=SCAN_ROWS,
        store=store,
        rows_as=whole,
        sha256=ahead.sha256,
    )
    scans = [read.scan for read in reads if read.scan is not None]
    if scans:
        lines = _scanned(engine, reads, scans, settings, monitor, whole, elsewhere, ahead)
        if lines is not None:
            return lines
        reads = read_distinct_inputs(orders, settings, Monitor(), typed=True, rows_as=whole)
    sources = _recognized(reads, settings, monitor, elsewhere)
    made = [whole.lines(source) for source in sources] if whole is not None else sources
    found = [columns_by_role(source, ROLES) for source in made]
    lines = _lines(
        [source.read for source in made],
        _together([table for table, _ in found]),
        [names for _, names in found],
    )
    return replace(lines, whole=made != sources)


def _recognized(
    reads: Sequence[TableRead], settings: Settings, monitor: Monitor, elsewhere: Collection[str]
) -> list[Source]:
    """Recognize the columns of orders; say what may be understood otherwise."""
    sources = recognize_sources(reads, settings.roles, "orders", monitor, elsewhere)
    for source in sources:
        _warn_of_doubts(source, monitor)
    return sources


def _warn_of_doubts(source: Source, monitor: Monitor) -> None:
    """Say where an address tells who ordered, and what tells of refunds but of no order."""
    marked = "cancelled" in source.roles.values()
    for guess in source.guesses:
        if guess.reason.key == BY_EMAIL:
            monitor.warn("segment.warn.by_email", column=guess.column)
        if guess.role == "refund" and _has_other_than_zero(source.read.table[guess.column]):
            monitor.warn("segment.warn.refunds", column=guess.column)
        if guess.reason.key == DENIED and not marked:
            monitor.warn("segment.warn.no_mark", column=guess.column)


def _has_other_than_zero(column: pa.ChunkedArray) -> bool:
    values = column_as_text(pa.chunked_array([column.drop_null().unique()]))
    return bool(pc.any(pc.match_substring_regex(values, "[1-9１-９]")).as_py())


def _scanned(
    engine: Engine,
    reads: Sequence[TableRead],
    scans: Sequence[ParquetScan],
    settings: Settings,
    monitor: Monitor,
    whole: WholeOrders | None,
    elsewhere: Collection[str],
    ahead: Ahead,
) -> OrderLines | None:
    """Put files that stay on disk together; None where they have to be read."""
    if len(scans) < len(reads):
        return None
    sure = _sure(scans, settings)
    looked_at = []
    for read, scan in zip(reads, scans, strict=True):
        texts = ahead.text_sample(engine, scan)
        rows = None if texts is None else sample(engine, scan, texts, sure)
        if rows is None:
            return None
        looked_at.append(replace(read, table=rows))
    sources = _recognized(
        looked_at, replace(settings, roles={**sure, **settings.roles}), monitor, elsewhere
    )
    if whole is not None and any(whole.lines(source) is not source for source in sources):
        return None
    named = [_names(source) for source in sources]
    kinds: dict[str, set[pa.DataType]] = {"source": {pa.string()}}
    for scan, names in zip(scans, named, strict=True):
        for role, column in names.items():
            kinds.setdefault(role, set()).add(scan.schema.field(column).type)
    if any(len(found) > 1 for found in kinds.values()):
        return None
    lines = ParquetScan(
        tuple(
            replace(part, columns=names)
            for scan, names in zip(scans, named, strict=True)
            for part in scan.parts
        ),
        pa.schema([(role, *found) for role, found in kinds.items()]),
        sum(scan.num_rows for scan in scans),
        frozenset(
            role
            for role in kinds
            if all(names.get(role) in scan.filled for scan, names in zip(scans, named, strict=True))
        ),
    )
    return _lines(reads, lines, named)


def _sure(scans: Sequence[ParquetScan], settings: Settings) -> dict[str, str]:
    """Give the roles by column that no cell need be looked at for, the same in every file."""
    given = settings.roles
    told = [roles_by_type(scan.schema) for scan in scans]
    named = Counter(name for scan in scans for name in scan.schema.names)
    found = Counter(item for roles in told for item in roles.items())
    return {
        name: role
        for (name, role), files in found.items()
        if files == named[name] and name not in given and role not in given.values()
    }


def _lines(
    reads: Sequence[TableRead],
    lines: pa.Table | ParquetScan,
    named: Sequence[Mapping[str, str]],
) -> OrderLines:
    first: dict[str, str] = {}
    for names in named:
        first = {**names, **first}
    present = [role for role in ROLES if role in lines.schema.names]
    if len(named) == 1:
        present.remove("source")
    return OrderLines(
        reads=tuple(reads),
        lines=lines,
        columns={role: role for role in present},
        roles={role: first[role] for role in present if role in first},
    )


def standard_readers(engine: Engine, settings: Settings) -> dict[str, Reader]:
    """Readers that understand what the standardizers do: eras, currency signs, wide digits."""
    context = Context(date_order=settings.standardize.date_order or "")
    readers: dict[str, Reader] = {}
    for kind, names in _READ_AS.items():
        roles = [known_roles()[name] for name in names if name in known_roles()]
        for standardizer in [role.standardizer for role in roles if role.standardizer][:1]:
            readers[kind] = _reader(standardizer, context, engine)
    return readers


def _together(tables: Sequence[pa.Table]) -> pa.Table:
    """Join the lines of several inputs; a column whose types differ is text in all."""
    kinds: dict[str, set[pa.DataType]] = {}
    for table in tables:
        for field in table.schema:
            kinds.setdefault(field.name, set()).add(field.type)
    differing = [name for name, found in kinds.items() if len(found) > 1]
    same = []
    for table in tables:
        for name in differing:
            if name in table.column_names:
                place = table.column_names.index(name)
                table = table.set_column(place, name, column_as_text(table[name]))
        same.append(table)
    return pa.concat_tables(same, promote_options="default")


def read_distinct_inputs(
    inputs: Inputs,
    settings: Settings,
    monitor: Monitor,
    *,
    typed: bool = False,
    scan_rows: int | None = None,
    store: Store | None = None,
    rows_as: RowsAs | None = None,
    allow_empty: bool = False,
    sha256: Callable[[Path], str] | None = None,
) -> list[TableRead]:
    """Read inputs; one with the content of an earlier one is left out, and said.

    The other parameters are as for :func:`custseg.jobs.sources.read_inputs`.
    """
    reads = []
    seen: set[str] = set()
    for read in read_inputs(
        inputs,
        settings,
        monitor,
        typed=typed,
        scan_rows=scan_rows,
        store=store,
        rows_as=rows_as,
        allow_empty=allow_empty,
        sha256=sha256,
    ):
        if read.sha256 in seen:
            monitor.warn("segment.warn.same_file", name=read.name)
            continue
        seen.add(read.sha256)
        reads.append(read)
    return reads


def columns_by_role(source: Source, wanted: Sequence[str]) -> tuple[pa.Table, dict[str, str]]:
    """Give the columns that have one of the roles `wanted`, under its name, and ``source``.

    Role to column, as the input calls it, stands beside the table.
    """
    names = _names(source, wanted)
    table = source.read.table
    name = pa.array([source.read.name]).take(pa.array([0] * table.num_rows, pa.int8()))
    columns = {role: table[column] for role, column in names.items()}
    return pa.table({**columns, "source": name}), names


def _names(source: Source, wanted: Sequence[str] = ROLES) -> dict[str, str]:
    """Give role to column; of several columns of one role the surest is taken, then the first."""
    names: dict[str, str] = {}
    for guess in sorted(source.guesses, key=lambda guess: -guess.confidence):
        if guess.role is not None and guess.role in wanted and guess.role != "source":
            names.setdefault(guess.role, guess.column)
    return names


def _reader(standardizer: Standardizer, context: Context, engine: Engine) -> Reader:
    alone = replace(standardizer, neighbors=())

    def read(texts: Sequence[str]) -> Sequence[str | None]:
        found = distinct(pa.chunked_array([pa.array(texts, pa.string())]), [])
        values = settle(found, alone, context, engine).value
        read_values: list[str | None] = values.take(pa.array(found.codes)).to_pylist()
        return read_values

    return read
