"""The orders of all customers as arrays, by customer and time: many questions, one sort.

Where all orders fit into memory, whoever asks several things of each customer gets the answers
from here without another query. What it gives is what the queries of
:mod:`custseg.segment.order_sql` give, row for row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.grouped import (
    Coded,
    Ints,
    Mask,
    coded,
    decimals,
    run_starts,
    stable_order,
    sums,
    units,
)
from custseg.segment.lines import Stage
from custseg.segment.order_sql import ADDED, LABELS, ledger_query

DAY: Final = 86_400_000_000
"""Microseconds of a day, in which moments are counted."""

_NEAR: Final = 8
"""How many times as many places as ids a table of them may have."""

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
    moment
        Microseconds since 1970.
    amount
        Whole units of money.
    labels
        Channel, campaign and store, where lines have them.
    found, order
        The orders as they were found, and the place there of each order here.
    left_out
        Lines that do not count, added up by order and reason: ``reason``, ``customer_id``,
        ``order_key``, ``n_lines``, ``monetary``.
    """

    ids: pa.ChunkedArray
    starts: Ints
    first: Ints
    last: Ints
    moment: npt.NDArray[np.int64]
    amount: Ints
    labels: dict[str, Coded]
    found: pa.Table = field(repr=False)
    order: Ints = field(repr=False)
    left_out: pa.Table = field(repr=False)

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

    @property
    def orders_left_out(self) -> int:
        """How many numbers of orders there are of which no line counts."""
        numbers = self.left_out["order_key"].drop_null().unique()
        counted = self.found["order_key"].filter(
            pc.is_in(self.found["order_key"], value_set=numbers)
        )
        return len(numbers) - len(counted.drop_null().unique())

    @property
    def days(self) -> npt.NDArray[np.int64]:
        """The day of each order, since 1970."""
        return self.moment // DAY

    @property
    def last_days(self) -> npt.NDArray[np.int64]:
        """The day of each customer's last order, since 1970."""
        return np.asarray(self.moment[self.starts + self.counts - 1] // DAY)

    def column(self, name: str) -> pa.ChunkedArray:
        """A column of `found`, in the order of the orders."""
        return self.found[name].take(pa.array(self.order))

    def units(self, name: str) -> tuple[Ints, Mask]:
        """A column of money, in whole units, and where there is any."""
        values, valid = units(self.found[name])
        return values[self.order], valid[self.order]

    @classmethod
    def read(cls, engine: Engine, stage: Stage, lines: str = "TRUE") -> Self:
        """Read the orders of lines for which the condition `lines` holds."""
        found = stage.run(engine, ledger_query(stage, lines))
        if found["reason"].null_count == found.num_rows:
            left, used = found.slice(0, 0), found
        else:
            left = found.filter(found["reason"].is_valid())
            used = found.filter(found["reason"].is_null())
        left_out = pa.table(
            {
                "reason": left["reason"],
                "customer_id": pc.cast(left["customer_key"], pa.string()),
                "order_key": left["order_key"],
                "n_lines": left["n_lines"],
                "monetary": left["amount"],
            }
        )
        return cls._sorted(used.drop_columns(["reason"]), left_out)

    @classmethod
    def _sorted(cls, found: pa.Table, left_out: pa.Table) -> Self:
        ids, who = _customers(found["customer_key"])
        moment = found["ordered_at"].to_numpy().view(np.int64)
        amount = units(found["amount"])[0]
        labels = {name: coded(found[name]) for name in LABELS if name in found.column_names}
        order = stable_order([who, _steps(moment)])
        who, moment = who[order], moment[order]
        starts = run_starts(who)
        first, last = starts.copy(), np.append(starts[1:], len(who))[: len(starts)] - 1
        tied = _tied(who, moment)
        if len(tied):
            _settle(_Tied(found, order, tied, who, moment, amount, labels), first, last)
        return cls(
            ids=ids,
            starts=starts,
            first=first,
            last=last,
            moment=moment,
            amount=amount[order],
            labels={name: each.take(order) for name, each in labels.items()},
            found=found,
            order=order,
            left_out=left_out,
        )

    def customers(self) -> pa.Table:
        """Add the orders up as :func:`custseg.segment.order_sql.customers_query` does."""
        columns = {
            "customer_id": self.ids,
            "first_order": dates(self.days[self.starts]),
            "last_order": dates(self.last_days),
            "frequency": pa.array(self.counts, pa.int64()),
            "monetary": decimals(sums(self.amount, self.starts)),
        }
        for name in ("n_lines", "plainly_numbered"):
            if name in self.found.column_names:
                numbers = self.found[name].to_numpy()[self.order]
                columns[name] = pa.array(sums(numbers, self.starts), pa.int64())
        if "known" in self.found.column_names:
            known = np.asarray(self.found["known"])[self.order]
            unknown = sums((~known).astype(np.int64), self.starts)
            money = sums(np.where(known, self.amount * 0, self.amount), self.starts)
            columns["known"] = pa.array(unknown < self.counts)
            columns["unknown_orders"] = pa.array(unknown, pa.int64())
            columns["unknown_money"] = decimals(money, unknown > 0)
        return pa.table(columns)

    def table(self) -> pa.Table:
        """Give the orders as :func:`custseg.segment.order_sql.orders_query` does."""
        names = self.found.column_names
        known = self.column("known") if "known" in names else pa.array(np.ones(len(self), bool))
        columns = {
            "customer_id": self.ids.take(pa.array(self.who)),
            "order_id": pc.cast(self.column("order_key"), pa.string()),
            "ordered_at": pa.array(self.moment.view("datetime64[us]")),
            "order_date": dates(self.days),
            "amount": decimals(self.amount),
            "n_lines": self.column("n_lines"),
            "known": known,
            **{name: self.column(name) for name in ADDED if name in names},
            **{name: each.texts(each.codes) for name, each in self.labels.items()},
        }
        return pa.table(columns)


def portions(engine: Engine, lines: int) -> int:
    """In how many portions, by customer, so many lines have to be taken to fit into memory."""
    return max(1, -(-lines * _BYTES // (engine.memory // 2)))


def dates(days: Ints) -> pa.Array:
    """Days since 1970 as dates."""
    return pa.array(days.astype("datetime64[D]"))


def places(keys: pa.ChunkedArray, ids: pa.Array) -> npt.NDArray[np.int32]:
    """The place of each key among distinct `ids`, all of which are there."""
    if pa.types.is_integer(ids.type) and len(ids):
        numbers, known = keys.to_numpy(), ids.to_numpy()
        low, high = int(known.min()), int(known.max())
        if high - low < _NEAR * max(len(known), len(numbers)):
            place = np.zeros(high - low + 1, np.int32)
            place[known - low] = np.arange(len(known), dtype=np.int32)
            return np.asarray(place[numbers - low])
    return np.asarray(pc.index_in(keys, value_set=ids).to_numpy(), np.int32)


def _customers(keys: pa.ChunkedArray) -> tuple[pa.ChunkedArray, npt.NDArray[np.int32]]:
    """Ids in the order of their texts, and for each key its place among them."""
    known = keys.unique()
    texts = pc.cast(known, pa.string())
    order = pc.sort_indices(texts)
    return pa.chunked_array([texts.take(order)]), places(keys, known.take(order))


def _steps(moment: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Moments from 0 on, in days where all are whole days."""
    since = moment - moment.min(initial=np.iinfo(np.int64).max)
    days = since // DAY
    return np.asarray(days if np.array_equal(days * DAY, since) else since)


def _tied(who: Ints, moment: Ints) -> Ints:
    """Rows that share customer and moment with a neighbor."""
    same = (who[1:] == who[:-1]) & (moment[1:] == moment[:-1])
    return np.flatnonzero(np.append(same, False) | np.append(False, same))


@dataclass(frozen=True, slots=True)
class _Tied:
    """Orders of one customer and moment: `found` in `order`, of which rows `tied` are meant."""

    found: pa.Table
    order: Ints
    tied: Ints
    who: Ints
    moment: Ints
    amount: Ints
    labels: dict[str, Coded]


def _settle(ties: _Tied, first: Ints, last: Ints) -> None:
    """Put tied orders in order, and find those that came first and last, all in place."""
    rows = ties.order[ties.tied]
    group = np.zeros(len(rows), np.int64)
    group[run_starts(ties.who[ties.tied], ties.moment[ties.tied])] = 1
    group = group.cumsum() - 1
    keys = ties.found["order_key"].take(pa.array(rows))
    named = coded(pc.cast(keys, pa.string()))
    number = np.where(named.codes < 0, len(named.words), named.codes)
    amount = np.unique(ties.amount[rows], return_inverse=True)[1]
    lines = ties.found["n_lines"].to_numpy()[rows]
    labels = [
        np.where(each.codes[rows] < 0, len(each.words), each.codes[rows])
        for each in ties.labels.values()
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
