"""Lines as arrays, and the orders they make: what a GROUP BY gives, for a fraction of its work.

The lines of an order mostly follow one another: runs of lines of the same order are added up first,
and sorted only where an order has several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
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
    units,
)
from custseg.segment.keys import named, numbered
from custseg.segment.line_labels import apart, labels_apart
from custseg.segment.lines import Stage
from custseg.segment.order_sql import ADDED, LABELS, lines_query

KNOWN: Final = "_known"
"""Behind the name of a column of money: in how many lines there is any."""

_Columns: TypeAlias = "dict[str, tuple[np.ufunc, Ints]]"
"""What is known of lines or orders, and how it is that of several together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLines:
    """The lines that count.

    Attributes
    ----------
    money
        Whole units.
    moment
        Microseconds since 1970.
    labels
        What each is about: product and category, by role.
    first
        The first line of each order, whose others follow it.
    places
        Where lines of an order do not stand together: their places when these do.
    """

    money: Ints
    moment: npt.NDArray[np.int64]
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
    read, left, texts = _read(engine, stage, labels, lines)
    ids, who = named(read["customer_key"])
    money, moment = units(read["money"])[0], read["ordered_at"].to_numpy().view(np.int64)
    heads = _run_heads(read, who)
    first = np.flatnonzero(heads)
    columns = _reduced(_columns(read, texts, money, moment), first)
    columns["n_lines"] = (np.add, run_lengths(first, len(who)))
    keys = read["order_key"].filter(pa.array(heads))
    parts = read["part"].filter(pa.array(heads)) if stage.parts else None
    del read
    orders = _Groups(who[first], keys, columns, first)
    number = _numbers(keys, parts)
    if len(number) and int(np.bincount(number).max()) > 1:
        orders = _together(orders, number)
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
            money=money,
            moment=moment,
            labels={role: each for role, each in texts.items() if role not in LABELS},
            first=orders.first,
            places=orders.places,
        ),
        left_out=_left_out(left),
    )


def _read(
    engine: Engine, stage: Stage, labels: Sequence[str], lines: str
) -> tuple[pa.Table, pa.Table, dict[str, Coded]]:
    """Read judged lines: those that count, those left out, and the labels of the first."""
    beside = apart(stage, labels) if lines == "TRUE" else []
    asked = [role for role in labels if role not in beside]
    if beside and not stage.keeps_order(engine, lines_query(stage, asked, lines)):
        beside, asked = [], list(labels)
    read = stage.run(engine, lines_query(stage, asked, lines))
    texts = labels_apart(engine, stage, beside)
    left = read.slice(0, 0)
    if read["reason"].null_count < read.num_rows:
        counts = read["reason"].is_null()
        left = read.filter(pc.invert(counts))
        read = read.filter(counts)
        rows = np.flatnonzero(np.asarray(counts))
        texts = {role: each.take(rows) for role, each in texts.items()}
    return read, left, texts | {role: coded(read[role]) for role in asked}


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


def _left_out(lines: pa.Table) -> pa.Table:
    return pa.table(
        {
            "reason": lines["reason"],
            "customer_id": pc.cast(lines["customer_key"], pa.string()),
            "order_key": lines["order_key"],
            "n_lines": pa.array(np.ones(lines.num_rows, np.int64)),
            "monetary": pc.cast(lines["money"], pa.decimal128(38, PLACES)),
        }
    )


def _columns(read: pa.Table, labels: Mapping[str, Coded], money: Ints, moment: Ints) -> _Columns:
    """What lines tell of their order."""
    columns: _Columns = {"moment": (np.minimum, moment), "amount": (np.add, money)}
    for name in LABELS:
        if name in labels:
            # No label is the greatest number, and so never the least of several.
            columns[name] = (np.minimum, labels[name].unsigned)
    if "plainly_numbered" in read.column_names:
        plain = np.asarray(read["plainly_numbered"]).astype(np.int32)
        columns["plainly_numbered"] = (np.add, plain)
    if "known" in read.column_names:
        columns["known"] = (np.logical_or, np.asarray(read["known"]))
    for name in ADDED:
        if name in read.column_names:
            values, there = units(read[name])
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


def _run_heads(read: pa.Table, who: Ints) -> Mask:
    """Whether a line is not of the same order as the line before."""
    heads = np.ones(len(who), bool)
    if len(who) > 1:
        np.not_equal(who[1:], who[:-1], out=heads[1:])
        for name in ("order_key", "part"):
            if name in read.column_names:
                heads[1:] |= _differ(read[name])
    return heads


def _differ(column: pa.ChunkedArray) -> Mask:
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
