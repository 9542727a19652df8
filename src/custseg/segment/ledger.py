"""The orders of all customers as arrays, by customer and time: many questions, one sort.

Where all orders fit into memory, whoever asks several things of each customer gets the answers
from here without another query. What it gives is what the queries of
:mod:`custseg.segment.order_sql` give, row for row.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.exact_money import decimals
from custseg.segment.grouped import (
    Coded,
    Ints,
    Mask,
    coded,
    dates,
    group_sizes,
    picked,
    run_starts,
    stable_order,
)
from custseg.segment.keys import picked_keys
from custseg.segment.line_orders import FoundOrders, orders_of_lines
from custseg.segment.line_runs import DAY, KNOWN, days_of
from custseg.segment.lines import LABELS, Stage
from custseg.segment.order_sql import ADDED

_FEW: Final = 1_000
"""Moments that mostly tell whether all are whole days."""

_BYTES: Final = 128
"""What a line takes at most while its columns are sorted, as arrays and as they were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Orders that count, sorted by customer, moment, order id, amount, lines and labels.

    Attributes
    ----------
    ids
        Customer ids, ascending.
    starts
        The first order of each customer.
    first, last
        The order that came first, and last: of those of one moment by order id and amount.
    moment, days
        Microseconds and days since 1970.
    amount
        Whole units of money.
    labels
        Channel, campaign and store, where lines have them.
    found, order
        The orders as they were found, and the place there of each order here.
    """

    ids: pa.ChunkedArray
    starts: Ints
    first: Ints
    last: Ints
    moment: npt.NDArray[np.int64]
    days: npt.NDArray[np.int32]
    amount: Ints
    labels: dict[str, Coded]
    found: FoundOrders = field(repr=False)
    order: Ints = field(repr=False)

    def __len__(self) -> int:
        return len(self.moment)

    @property
    def counts(self) -> Ints:
        """How many orders each customer has."""
        return np.diff(self.starts, append=len(self))

    @property
    def who(self) -> Ints:
        """The customer of each order, as a place in `ids`."""
        return np.repeat(np.arange(len(self.ids), dtype=np.int32), self.counts)

    def some_customers(self, orders: int) -> list[slice]:
        """Customers one after the other, some at a time: those of about so many orders."""
        cuts = np.flatnonzero(np.diff(self.starts // max(1, orders))) + 1
        return [slice(*ends) for ends in pairwise([0, *cuts.tolist(), len(self.ids)])]

    def orders_of(self, customers: slice) -> slice:
        """Where the orders of some customers stand."""
        stop = self.starts[customers.stop] if customers.stop < len(self.ids) else len(self)
        return slice(int(self.starts[customers.start]), int(stop))

    @property
    def last_days(self) -> Ints:
        """The day of each customer's last order, since 1970."""
        return np.asarray(self.days[self.starts + self.counts - 1])

    def column(self, name: str) -> Ints:
        """A column of `found`, in the order of the orders."""
        return picked(self.found.columns[name], self.order)

    def units(self, name: str) -> tuple[Ints, Mask]:
        """A column of money, in whole units, and where there is any."""
        return self.column(name), self.column(f"{name}{KNOWN}") > 0

    @classmethod
    def read(
        cls,
        engine: Engine,
        stage: Stage,
        lines: str = "TRUE",
        labels: Collection[str] = LABELS,
    ) -> Self:
        """Read the orders of lines for which the condition `lines` holds, with some `labels`."""
        return cls.of(engine, orders_of_lines(engine, stage, labels_of(stage, labels), lines))

    @classmethod
    def of(cls, engine: Engine, found: FoundOrders) -> Self:
        """Put orders in order; their moments and amounts are taken out of `found`."""
        moment = found.columns.pop("moment").astype(np.int64, copy=False)
        amount = found.columns.pop("amount")
        order = stable_order([found.who, _steps(moment)])
        sizes = group_sizes(found.who, len(found.ids))
        starts: Ints = sizes.cumsum() - sizes
        who = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        sorting = engine.beside(lambda: picked(amount, order))
        moment = picked(moment, order)
        first, last = starts.copy(), np.asarray(starts + sizes - 1)
        tied = _tied(who, moment)
        own = sorting.result()
        if len(tied):
            _settle(_Tied(found, order, tied, who, moment, amount), first, last)
            own[tied] = amount[order[tied]]
        return cls(
            ids=pa.chunked_array([found.ids]),
            starts=starts,
            first=first,
            last=last,
            moment=moment,
            days=days_of(moment),
            amount=own,
            labels={name: each.take(order) for name, each in found.labels.items()},
            found=found,
            order=order,
        )

    def table(self) -> pa.Table:
        """Give the orders as :func:`custseg.segment.order_sql.orders_query` does."""
        names = self.found.columns
        known = self.column("known") if "known" in names else np.ones(len(self), bool)
        columns = {
            "customer_id": self.ids.take(pa.array(self.who)),
            "order_id": pc.cast(self.found.keys.take(pa.array(self.order)), pa.string()),
            "ordered_at": pa.array(self.moment.view("datetime64[us]")),
            "order_date": dates(self.days),
            "amount": decimals(self.amount),
            "n_lines": pa.array(self.column("n_lines"), pa.int64()),
            "known": pa.array(known),
            **{name: decimals(*self.units(name)) for name in ADDED if name in names},
            **{name: each.texts(each.codes) for name, each in self.labels.items()},
        }
        return pa.table(columns)


def labels_of(stage: Stage, labels: Collection[str] = LABELS) -> list[str]:
    """Those of some `labels` of orders or lines that are at hand."""
    return [role for role in LABELS if role in labels and role in stage.roles]


def portions(engine: Engine, lines: int) -> int:
    """In how many portions, by customer, so many lines have to be taken to fit into memory."""
    return max(1, -(-lines * _BYTES // (engine.memory // 2)))


def _steps(moment: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Moments from 0 on, in days where all are whole days."""
    since: npt.NDArray[np.int64] = moment - moment.min(initial=np.iinfo(np.int64).max)
    if np.any(since[:_FEW] % DAY) or np.any(since % DAY):
        return since
    since //= DAY
    return since


def _tied(who: Ints, moment: Ints) -> Ints:
    """Rows that share customer and moment with a neighbor."""
    same = (who[1:] == who[:-1]) & (moment[1:] == moment[:-1])
    return np.flatnonzero(np.append(same, False) | np.append(False, same))


@dataclass(frozen=True, slots=True)
class _Tied:
    """Orders of one customer and moment: `found` in `order`, of which rows `tied` are meant."""

    found: FoundOrders
    order: Ints
    tied: Ints
    who: Ints
    moment: Ints
    amount: Ints


def _settle(ties: _Tied, first: Ints, last: Ints) -> None:
    """Put tied orders in order, and find those that came first and last, all in place."""
    rows = ties.order[ties.tied]
    group = np.zeros(len(rows), np.int64)
    group[run_starts(ties.who[ties.tied], ties.moment[ties.tied])] = 1
    group = group.cumsum() - 1
    keys = pc.cast(picked_keys(ties.found.keys, rows), pa.string())
    named = coded(pa.chunked_array([keys]))
    number = np.where(named.codes < 0, len(named.words), named.codes)
    amount = np.unique(ties.amount[rows], return_inverse=True)[1]
    lines = ties.found.columns["n_lines"][rows]
    labels = [
        np.where(each.codes[rows] < 0, len(each.words), each.codes[rows])
        for each in ties.found.labels.values()
    ]
    by_all = stable_order([group, number, amount, lines, *labels])
    ties.order[ties.tied] = rows[by_all]
    # First and last take an order without an id for the lesser one, and settle no further.
    number, amount = named.codes[by_all] + 1, amount[by_all]
    by_key = stable_order([group, number, amount])
    runs = run_starts(group, number[by_key], amount[by_key])
    heads = run_starts(group)
    tails = np.append(heads[1:], len(rows)) - 1
    firsts = ties.tied[by_key[heads]]
    lasts = ties.tied[by_key[runs[np.searchsorted(runs, tails, "right") - 1]]]
    for ends, at, best in ((first, heads, firsts), (last, tails, lasts)):
        place = np.searchsorted(ends, ties.tied[at])
        place = np.minimum(place, len(ends) - 1)
        ours = ends[place] == ties.tied[at]
        ends[place[ours]] = best[ours]
