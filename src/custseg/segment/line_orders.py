"""Lines as arrays, and the orders they make: what a GROUP BY gives, for a fraction of its work.

The lines of an order mostly follow one another: runs of lines of the same order are added up first,
and sorted only where an order has several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.columns import PLACES
from custseg.segment.grouped import (
    Coded,
    Ints,
    Mask,
    coded,
    ranges,
    run_lengths,
    run_starts,
    stable_order,
    summable,
    units,
)
from custseg.segment.keys import named, numbered
from custseg.segment.line_labels import apart, labels_apart
from custseg.segment.lines import Stage
from custseg.segment.order_sql import ADDED, LABELS, lines_query

DAY: Final = 86_400_000_000
"""Microseconds of a day, in which moments are counted."""

KNOWN: Final = "_known"
"""Behind the name of a column of money: in how many lines there is any."""

_MONEY: Final = frozenset({"amount", "costed", *ADDED})
_NO_KEYS: Final = pa.chunked_array([], pa.string())

_Columns: TypeAlias = "dict[str, tuple[np.ufunc, Ints]]"
"""What is known of lines or orders, and how it is that of several together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLines:
    """The lines that count, where it is asked what they are about.

    Attributes
    ----------
    money
        Whole units.
    days
        Since 1970.
    labels
        Product and category, by role.
    first
        The first line of each order, whose others follow it.
    places
        Where lines of an order do not stand together: their places when these do.
    """

    money: Ints
    days: Ints
    labels: dict[str, Coded]
    first: Ints
    places: Ints | None = None

    def of(self, orders: Ints, lengths: Ints) -> Ints:
        """Lines of some orders, which have so many."""
        rows = ranges(self.first[orders], lengths)
        return rows if self.places is None else self.places[rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOrders:
    """The orders of some lines, in no order.

    Attributes
    ----------
    ids
        Customer ids, ascending.
    who
        The customer of each order, as a place in `ids`.
    keys
        What the order is known by; null for none.
    columns
        ``moment`` (the first of its lines), ``amount``, ``n_lines``, and what else the lines tell
        by role; for money with :data:`KNOWN`.
    labels
        The first by name of an order's channels, campaigns and stores.
    lines
        The lines themselves.
    left_out
        Lines that do not count: ``reason``, ``customer_id``, ``order_key``, ``n_lines``,
        ``monetary``.
    """

    ids: pa.Array
    who: Ints
    keys: pa.ChunkedArray
    columns: dict[str, Ints]
    labels: dict[str, Coded]
    lines: CountedLines
    left_out: pa.Table = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Lines that stand together, added up; `first` and `places` as in :class:`CountedLines`."""

    who: Ints
    keys: pa.ChunkedArray
    columns: _Columns
    first: Ints
    places: Ints | None = None


def orders_of_lines(
    engine: Engine, stage: Stage, labels: Sequence[str], lines: str = "TRUE"
) -> FoundOrders:
    """Add lines for which the condition `lines` holds up to orders, with the `labels` asked for."""
    beside = apart(stage, labels) if lines == "TRUE" else []
    asked = [role for role in labels if role not in beside]
    if beside and not stage.keeps_order(engine, lines_query(stage, asked, lines)):
        beside, asked = [], list(labels)
    runs = _Runs(stage, asked, single=not set(labels) <= set(LABELS))
    stage.run_in_batches(engine, lines_query(stage, asked, lines), runs.take)
    texts = labels_apart(engine, stage, beside)
    if runs.left:
        counted = np.concatenate(runs.counted)
        texts = {role: each.take(counted) for role, each in texts.items()}
    texts |= {role: coded(pa.chunked_array(runs.texts[role], pa.string())) for role in asked}
    ids, orders = runs.orders({role: each for role, each in texts.items() if role in LABELS})
    return FoundOrders(
        ids=ids,
        who=orders.who,
        keys=orders.keys,
        columns={name: values for name, (_, values) in orders.columns.items() if name not in texts},
        labels={
            name: texts[name].of_unsigned(orders.columns[name][1])
            for name in LABELS
            if name in texts
        },
        lines=CountedLines(
            money=summable(_joined(runs.money)),
            days=_joined(runs.days),
            labels={role: each for role, each in texts.items() if role not in LABELS},
            first=orders.first,
            places=orders.places,
        ),
        left_out=_left_out(runs.left, runs.schema),
    )


class _Runs:
    """Runs of lines of the same order, of one batch of lines after the other.

    Attributes
    ----------
    left
        Lines left out.
    counted
        The others, as places among all.
    texts
        Labels that come with the lines, by role.
    money, days
        Those of each line, where `single` lines are asked for.
    """

    def __init__(self, stage: Stage, asked: Sequence[str], single: bool) -> None:
        self.left: list[pa.RecordBatch] = []
        self.counted: list[Ints] = []
        self.texts: dict[str, list[pa.Array]] = {role: [] for role in asked}
        self.money: list[Ints] = []
        self.days: list[Ints] = []
        self.schema = pa.schema([])
        self._single = single
        self._keys: dict[str, list[pa.Array]] = {
            name: [] for name in ("customer_key", "order_key", *(["part"] if stage.parts else []))
        }
        self._columns: dict[str, list[Ints]] = {}
        self._how: dict[str, np.ufunc] = {}
        self._rows = 0

    def take(self, batch: pa.RecordBatch) -> None:
        """Add a batch of judged lines."""
        self.schema = batch.schema
        start, self._rows = self._rows, self._rows + batch.num_rows
        counts = batch.column("reason").is_null()
        places = np.flatnonzero(np.asarray(counts))
        self.counted.append(places + start)
        if len(places) < batch.num_rows:
            self.left.append(batch.filter(pc.invert(counts)))
            batch = batch.filter(counts)
        if not batch.num_rows:
            return
        moment = batch.column("ordered_at").view(pa.int64()).to_numpy()
        money = _units(batch.column("money"))[0]
        if self._single:
            self.money.append(money)
            self.days.append((moment // DAY).astype(np.int32))
        for role, pieces in self.texts.items():
            pieces.append(batch.column(role))
        heads = np.ones(batch.num_rows, bool)
        for name in self._keys:
            heads[1:] |= _differ(batch.column(name))
        first = np.flatnonzero(heads)
        for name, pieces in self._keys.items():
            pieces.append(batch.column(name).filter(pa.array(heads)))
        columns = _reduced(_columns(batch, money, moment), first)
        columns["n_lines"] = (np.add, run_lengths(first, len(heads)).astype(np.int32))
        for name, (how, values) in columns.items():
            self._how[name] = how
            self._columns.setdefault(name, []).append(values)

    def orders(self, labels: Mapping[str, Coded]) -> tuple[pa.Array, _Groups]:
        """Give customer ids and the orders of the runs, with `labels` of each line."""
        keys = {
            name: pa.chunked_array(pieces) if pieces else _NO_KEYS
            for name, pieces in self._keys.items()
        }
        columns: _Columns = {}
        for name, pieces in self._columns.items():
            values = np.concatenate(pieces)
            columns[name] = (self._how[name], summable(values) if name in _MONEY else values)
        self._columns.clear()
        if not columns:
            nothing = np.empty(0, np.int64)
            columns = dict.fromkeys(("moment", "amount", "n_lines"), (np.add, nothing))
        lengths = columns["n_lines"][1]
        first = lengths.cumsum() - lengths
        for name, label in labels.items():
            # No label is the greatest number, and so never the least of several.
            columns |= _reduced({name: (np.minimum, label.unsigned)}, first)
        ids, who = named(keys["customer_key"])
        number = _numbers(keys["order_key"], keys.get("part"))
        orders = _Groups(who, keys["order_key"], columns, first)
        if _several(number):
            orders, number = _across_batches(orders, number)
            if _several(number):
                orders = _together(orders, number)
        return ids, orders


def _several(number: Ints) -> bool:
    """Whether two runs have the same number."""
    return bool(len(number)) and int(np.bincount(number).max()) > 1


def _across_batches(runs: _Groups, number: Ints) -> tuple[_Groups, Ints]:
    """Join runs that follow one another: the end of a batch and the beginning of the next."""
    heads = np.ones(len(number), bool)
    heads[1:] = (runs.who[1:] != runs.who[:-1]) | (number[1:] != number[:-1])
    starts = np.flatnonzero(heads)
    columns = _reduced(runs.columns, starts)
    keys = runs.keys.filter(pa.array(heads))
    return _Groups(runs.who[starts], keys, columns, runs.first[starts]), number[starts]


def _together(runs: _Groups, number: Ints) -> _Groups:
    """Put runs of the same customer and `number` together."""
    rows = stable_order([runs.who, number])
    who = runs.who[rows]
    heads = run_starts(who, number[rows])
    sorted_ = {name: (how, values[rows]) for name, (how, values) in runs.columns.items()}
    columns = _reduced(sorted_, heads)
    lengths = columns["n_lines"][1]
    return _Groups(
        who[heads],
        runs.keys.take(pa.array(rows[heads])),
        columns,
        lengths.cumsum() - lengths,
        ranges(runs.first[rows], sorted_["n_lines"][1]),
    )


def _left_out(lines: Sequence[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    left = pa.Table.from_batches(lines, schema)
    return pa.table(
        {
            "reason": left["reason"],
            "customer_id": pc.cast(left["customer_key"], pa.string()),
            "order_key": left["order_key"],
            "n_lines": pa.array(np.ones(left.num_rows, np.int64)),
            "monetary": pc.cast(left["money"], pa.decimal128(38, PLACES)),
        }
    )


def _joined(pieces: Sequence[Ints]) -> Ints:
    return np.concatenate(pieces) if pieces else np.empty(0, np.int64)


def _units(column: pa.Array) -> tuple[Ints, Mask]:
    return units(pa.chunked_array([column]))


def _columns(batch: pa.RecordBatch, money: Ints, moment: Ints) -> _Columns:
    """What lines tell of their order."""
    columns: _Columns = {"moment": (np.minimum, moment), "amount": (np.add, money)}
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


def _reduced(columns: _Columns, starts: Ints) -> _Columns:
    """The same of runs of rows."""
    if not len(starts):
        return {name: (how, values[:0]) for name, (how, values) in columns.items()}
    return {name: (how, how.reduceat(values, starts)) for name, (how, values) in columns.items()}


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


def _numbers(keys: pa.ChunkedArray, parts: pa.ChunkedArray | None) -> Ints:
    """A number for the order of each run: of its key, or where it has none of its part."""
    known, places = numbered(keys)
    if parts is None:
        return places
    _, own = numbered(parts.fill_null(0))
    return np.where(places < 0, own.astype(np.int64) + len(known), places)
