"""Runs of lines of the same order, added up a batch of lines at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.segment.exact_money import units
from custseg.segment.grouped import Ints, Mask, run_lengths, summable
from custseg.segment.lines import Stage
from custseg.segment.order_sql import ADDED

DAY: Final = 86_400_000_000
"""Microseconds of a day, in which moments are counted."""

KNOWN: Final = "_known"
"""Behind the name of a column of money: in how many lines there is any."""

UNPAIRED: Final = "_unpaired"
"""What is left of the money of lines where equal amounts, in pairs, cancel one another out."""

_MONEY: Final = frozenset({"amount", "costed", *ADDED})
_SAFE: Final = 2**62
_INT32: Final = np.iinfo(np.int32)

Columns: TypeAlias = "dict[str, tuple[np.ufunc, Ints]]"
"""What is known of lines or orders, and how it is that of several together."""


def days_of(moment: Ints) -> npt.NDArray[np.int32]:
    """The day of each moment, since 1970."""
    days = np.empty(len(moment), np.int32)
    np.floor_divide(moment, DAY, out=days, casting="unsafe")
    return days


def reduced(columns: Columns, starts: Ints) -> Columns:
    """The same of runs of rows."""
    if not len(starts):
        return {name: (how, values[:0]) for name, (how, values) in columns.items()}
    return {name: (how, how.reduceat(values, starts)) for name, (how, values) in columns.items()}


class Runs:
    """Runs of lines that count and follow one another, and what they add up to.

    Parameters
    ----------
    stage
        Whose lines they are.
    texts
        Labels that come with the lines.
    single
        Whether the money of each line is kept as well, and its day if it may be another than that
        of its order.
    whole
        Whether all lines are read, whose number is known.

    Attributes
    ----------
    left
        Lines left out.
    texts
        Labels of each line, by role.
    money
        That of each line, in 32 bits where these hold it; of none where it is not kept.
    """

    def __init__(self, stage: Stage, texts: Sequence[str], *, single: bool, whole: bool) -> None:
        rows = stage.tables["lines"].num_rows if whole else 0
        self.left: list[pa.RecordBatch] = []
        self.texts: dict[str, list[pa.Array]] = {role: [] for role in texts}
        self.money = _Growing(rows * single, np.int32)
        self._days: _Growing | None = None
        self._rows = rows
        self._single = single
        self._schema = pa.schema([])
        self._counted: list[Mask] = []
        names = ("customer_key", "order_key", *(["part"] if stage.parts else []))
        self._keys: dict[str, list[pa.Array]] = {name: [] for name in names}
        self._last: dict[str, Any] = {}
        self._columns: dict[str, tuple[np.ufunc, _Growing]] = {}

    def take(self, batch: pa.RecordBatch) -> None:
        """Add a batch of judged lines."""
        self._schema = batch.schema
        counts = batch.column("reason").is_null()
        self._counted.append(np.asarray(counts))
        if batch.column("reason").null_count < batch.num_rows:
            self.left.append(batch.filter(pc.invert(counts)))
            batch = batch.filter(counts)
        if batch.num_rows:
            self._take(batch)

    def _take(self, batch: pa.RecordBatch) -> None:
        moment = batch.column("ordered_at").view(pa.int64()).to_numpy()
        money = _units(batch.column("money"))[0]
        narrow = _narrow(money)
        if self._single:
            self.money.add(narrow)
        for role, pieces in self.texts.items():
            pieces.append(batch.column(role))
        heads = np.zeros(batch.num_rows, bool)
        heads[0] = True
        for name in self._keys:
            heads[1:] |= _differ(batch.column(name))
        first = np.flatnonzero(heads)
        changes = _changes(moment, first)
        moments = np.minimum.reduceat(moment, first) if len(changes) else moment[first]
        columns: Columns = {"moment": (np.minimum, moments)}
        columns |= reduced({**_columns(batch, money), UNPAIRED: (np.bitwise_xor, narrow)}, first)
        columns["n_lines"] = (np.add, run_lengths(first, len(heads)).astype(np.int32))
        keys = {name: batch.column(name) for name in self._keys}
        heads[0] = not self._continued(keys, columns)
        if self._single:
            self._add_days(moment, changes, followed=not heads[0])
        for name, (how, values) in columns.items():
            if name not in self._columns:
                self._columns[name] = (how, _Growing(self._rows, values.dtype))
            self._columns[name][1].add(values, None if heads[0] else how)
        for name, column in keys.items():
            self._keys[name].append(column.filter(pa.array(heads)))
        self._last = {name: column[-1].as_py() for name, column in keys.items()}

    def _add_days(self, moment: Ints, changes: Ints, *, followed: bool) -> None:
        """Keep the day of each line from the first run on whose lines differ in it.

        `changes` as :func:`_changes` gives them; `followed` says that the first run of a batch goes
        on with the last one so far.
        """
        if self._days is None:
            same = np.array_equal(days_of(moment[changes]), days_of(moment[changes + 1]))
            if followed and same:
                last = self._columns["moment"][1].values[-1:]
                same = np.array_equal(days_of(last), days_of(moment[:1]))
            if same:
                return
            self._days = _Growing(self._rows, np.int32)
            self._days.add(self._days_so_far())
        self._days.add(days_of(moment))

    def _days_so_far(self) -> Ints:
        if not self._columns:
            return np.empty(0, np.int32)
        moment, lengths = (self._columns[name][1].values for name in ("moment", "n_lines"))
        return np.repeat(days_of(moment), lengths)

    def days(self, *, together: bool) -> Ints | None:
        """Give the day of each line; None where all lines of a run have that of the run.

        With `together` they are given in any case: runs of one order may differ.
        """
        if self._days is not None:
            return self._days.values
        return self._days_so_far() if together else None

    def _continued(self, keys: dict[str, pa.Array], columns: Columns) -> bool:
        """Whether the first run belongs to the last one, and what they add up to is safe."""
        if self._last != {name: column[0].as_py() for name, column in keys.items()}:
            return False
        return all(
            abs(int(self._columns[name][1].last) + int(columns[name][1][0])) < _SAFE
            for name in _MONEY & columns.keys()
        )

    @property
    def counted(self) -> Mask | None:
        """Whether each line counts; None where all do."""
        return np.concatenate(self._counted) if self.left else None

    @property
    def left_out(self) -> pa.Table:
        """Lines left out, all together."""
        return pa.Table.from_batches(self.left, self._schema)

    def keys(self, name: str) -> pa.ChunkedArray:
        """What the runs are known by."""
        return pa.chunked_array(self._keys[name], self._schema.field(name).type)

    def columns(self) -> Columns:
        """What runs add up to: ``moment``, ``amount``, :data:`UNPAIRED`, ``n_lines``, and more."""
        nothing = _Growing(0)
        found = self._columns or dict.fromkeys(
            ("moment", "amount", UNPAIRED, "n_lines"), (np.add, nothing)
        )
        return {
            name: (how, summable(grown.values) if name in _MONEY else grown.values)
            for name, (how, grown) in found.items()
        }


class _Growing:
    """An array that grows, from the room for `rows` on; room that is not used takes no memory."""

    def __init__(self, rows: int, kind: np.dtype[Any] | type[np.generic] = np.int64) -> None:
        self._array: Ints = np.empty(rows, kind)
        self._rows = 0

    @property
    def values(self) -> Ints:
        return self._array[: self._rows]

    @property
    def last(self) -> Any:
        return self._array[self._rows - 1]

    def add(self, values: Ints, join: np.ufunc | None = None) -> None:
        """Add values behind, the first one joined to the last where it is said how."""
        joined = join is not None
        rows = self._rows + len(values) - joined
        kind = np.promote_types(self._array.dtype, values.dtype)
        room = len(self._array)
        if rows > room or kind != self._array.dtype:
            roomy = np.empty(room if rows <= room else max(rows, 2 * room), kind)
            roomy[: self._rows] = self.values
            self._array = roomy
        if join is not None:
            last = self.values[-1:]
            last[:] = join(last, values[:1])
        self._array[self._rows : rows] = values[joined:]
        self._rows = rows


def _changes(moment: Ints, first: Ints) -> Ints:
    """Lines after which the moment is another, in the same run; `first` are the heads of runs."""
    later = moment[1:] != moment[:-1]
    later[first[1:] - 1] = False
    return np.flatnonzero(later)


def _narrow(values: Ints) -> Ints:
    """The same values in 32 bits, where these hold them: half the memory."""
    if values.dtype == object or values.max() > _INT32.max or values.min() < _INT32.min:
        return values
    return values.astype(np.int32)


def _units(column: pa.Array) -> tuple[Ints, Mask]:
    return units(pa.chunked_array([column]))


def _columns(batch: pa.RecordBatch, money: Ints) -> Columns:
    """What lines tell of their order, beside its moment."""
    columns: Columns = {"amount": (np.add, money)}
    names = batch.schema.names
    if "plainly_numbered" in names:
        plain = np.asarray(batch.column("plainly_numbered")).astype(np.int32)
        columns["plainly_numbered"] = (np.add, plain)
    if "known" in names:
        columns["known"] = (np.logical_or, np.asarray(batch.column("known")))
    for name in ADDED:
        if name in names:
            values, there = _units(batch.column(name))
            columns[name] = (np.add, values)
            columns[f"{name}{KNOWN}"] = (np.add, there.astype(np.int32))
            if name == "cost":
                columns["costed"] = (np.add, np.where(there, money, money * 0))
    return columns


def _differ(column: pa.Array) -> Mask:
    """Whether a value is another than the one before."""
    if pa.types.is_integer(column.type) and not column.null_count:
        numbers = column.to_numpy()
        return np.asarray(numbers[1:] != numbers[:-1])
    after, before = column.slice(1), column.slice(0, len(column) - 1)
    other = pc.fill_null(pc.not_equal(after, before), False)
    if column.null_count:
        other = pc.or_(other, pc.xor(after.is_null(), before.is_null()))
    return np.asarray(other)
