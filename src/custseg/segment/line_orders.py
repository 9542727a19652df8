"""Lines as arrays, and the orders they make: what a GROUP BY gives, for a fraction of its work.

The lines of an order mostly follow one another: runs of lines of the same order are added up first,
and sorted only where an order has several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.columns import PLACES
from custseg.segment.grouped import (
    Coded,
    Ints,
    coded,
    picked,
    ranges,
    run_starts,
    stable_order,
    summable,
)
from custseg.segment.keys import distinct, named, numbered
from custseg.segment.line_labels import apart, labels_apart
from custseg.segment.line_runs import UNPAIRED, Columns, Runs, reduced
from custseg.segment.lines import Stage
from custseg.segment.order_sql import LABELS, lines_query

_MOST_PLACES: Final = 2**31
_FIRST: Final = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLines:
    """The lines that count, where it is asked what they are about.

    Attributes
    ----------
    money
        Whole units, in 32 bits where these hold them.
    days
        Since 1970; None where all lines of an order are of its day.
    labels
        Product and category, by role.
    first
        The first line of each order, whose others follow it.
    places
        Where lines of an order do not stand together: their places when these do.
    """

    money: Ints
    days: Ints | None
    labels: dict[str, Coded]
    first: Ints
    places: Ints | None = None

    def of(self, orders: Ints, lengths: Ints) -> Ints:
        """Lines of some orders, which have so many."""
        rows = ranges(picked(self.first, orders), lengths)
        return rows if self.places is None else picked(self.places, rows)


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
        by role; for money with :data:`custseg.segment.line_runs.KNOWN`.
    labels
        The first by name of an order's channels, campaigns and stores.
    lines
        The lines themselves.
    paired
        Share of the orders of a number that may hold each line twice, by the money of their lines
        alone; None where none has a number, or one is of several customers.
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
    paired: float | None
    left_out: pa.Table = field(repr=False)

    @property
    def orders_left_out(self) -> int:
        """How many numbers of orders there are of which no line counts."""
        numbers = self.left_out["order_key"].drop_null().unique()
        if not len(numbers):
            return 0
        counted = self.keys.filter(pc.is_in(self.keys, value_set=numbers))
        return len(numbers) - len(counted.drop_null().unique())


@dataclass(frozen=True, slots=True)
class _Groups:
    """Lines that stand together, added up; `first` and `places` as in :class:`CountedLines`."""

    who: Ints
    keys: pa.ChunkedArray
    columns: Columns
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
    single = not set(labels) <= set(LABELS)
    runs = Runs(stage, asked, single=single, whole=lines == "TRUE")
    reading = engine.beside(lambda: labels_apart(engine, stage, beside))
    stage.run_in_batches(engine, lines_query(stage, asked, lines), runs.take)
    naming = engine.beside(lambda: named(runs.keys("customer_key")))
    numbering = engine.beside(lambda: _numbers(stage, runs))
    texts = reading.result()
    if runs.counted is not None:
        counted = np.flatnonzero(runs.counted)
        texts = {role: each.take(counted) for role, each in texts.items()}
    texts |= {role: coded(pa.chunked_array(runs.texts[role], pa.string())) for role in asked}
    of_orders = {role: each for role, each in texts.items() if role in LABELS}
    columns = _columns(runs, of_orders)
    ids, who = naming.result()
    number, numbers = numbering.result()
    orders = _orders(runs, who, columns, number, numbers)
    paired = _paired(orders) if len(orders.who) == numbers else None
    return FoundOrders(
        ids=ids,
        who=orders.who,
        keys=orders.keys,
        columns={
            name: values
            for name, (_, values) in orders.columns.items()
            if name != UNPAIRED and name not in texts
        },
        labels={
            name: label.of_unsigned(orders.columns[name][1]) for name, label in of_orders.items()
        },
        lines=CountedLines(
            money=summable(runs.money.values),
            days=runs.days(together=orders.places is not None),
            labels={role: each for role, each in texts.items() if role not in LABELS},
            first=orders.first,
            places=orders.places,
        ),
        paired=paired,
        left_out=_left_out(runs.left_out),
    )


def _columns(runs: Runs, labels: Mapping[str, Coded]) -> Columns:
    """What runs add up to, with ``first``, their first line, and `labels` of each line."""
    columns = runs.columns()
    lengths = columns["n_lines"][1]
    few = int(lengths.sum(dtype=np.int64)) < _MOST_PLACES
    first: Ints = np.cumsum(lengths, dtype=np.int32 if few else np.int64)
    first -= lengths
    for name, label in labels.items():
        # No label is the greatest number, and so never the least of several.
        columns |= reduced({name: (np.minimum, label.unsigned)}, first)
    return {**columns, _FIRST: (np.minimum, first)}


def _orders(runs: Runs, who: Ints, columns: Columns, number: Ints, distinct: int) -> _Groups:
    """Give the orders of runs, by the `number` of each one's order."""
    first = columns.pop(_FIRST)[1]
    orders = _Groups(who, runs.keys("order_key"), columns, first)
    return orders if distinct == len(number) else _together(orders, number)


def _together(runs: _Groups, number: Ints) -> _Groups:
    """Put runs of the same customer and `number` together."""
    rows = stable_order([runs.who, number])
    who = picked(runs.who, rows)
    heads = run_starts(who, number[rows])
    sorted_ = {name: (how, picked(values, rows)) for name, (how, values) in runs.columns.items()}
    columns = reduced(sorted_, heads)
    lengths = columns["n_lines"][1]
    return _Groups(
        who[heads],
        runs.keys.take(pa.array(rows[heads])),
        columns,
        lengths.cumsum() - lengths,
        ranges(runs.first[rows], sorted_["n_lines"][1]),
    )


def _paired(orders: _Groups) -> float | None:
    unpaired, keys = orders.columns[UNPAIRED][1], orders.keys
    if keys.null_count:
        unpaired = unpaired[np.asarray(keys.is_valid())]
    return float(np.mean(unpaired == 0)) if len(unpaired) else None


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


def _numbers(stage: Stage, runs: Runs) -> tuple[Ints, int]:
    """Number the order of each run, by its key or else its part, and count the numbers."""
    keys = runs.keys("order_key")
    parts = runs.keys("part") if stage.parts else None
    places, known = numbered(keys)
    if parts is None or not keys.null_count:
        return places, known
    own, _ = numbered(parts.fill_null(0))
    places = np.where(places < 0, own.astype(np.int64) + known, places)
    return places, distinct(places)
