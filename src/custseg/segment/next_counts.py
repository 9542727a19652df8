"""Pairs of a first and a next item, counted in tables of bounded size.

Two items are told apart from all others by one number, first × items + next, and a table of those
numbers is counted for a range of first items at a time. Only what is often enough is then counted
by stratum, in as many rows as the memory set aside for it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Final

import numpy as np

from custseg.segment.baskets import Ints
from custseg.segment.first_purchases import FirstPurchases, Pairs, Places
from custseg.segment.rfm import Floats

_CELLS: Final = 2_000_000
"""Numbers in a table of pairs, or of pairs by stratum."""


@dataclass(frozen=True, slots=True)
class NextCounts:
    """Pairs in the order of their items, with an array a measure.

    Attributes
    ----------
    first, then
        The items.
    customers
        Who bought `then` for the first time within the days after their first `first`.
    at_risk
        Who could have.
    expected
        Customers expected by what followed all other first purchases of the same strata.
    median_days
        Days between.
    """

    first: Ints
    then: Ints
    customers: Ints
    at_risk: Ints
    expected: Floats
    median_days: Floats


def count_pairs(around: FirstPurchases, items: Ints, least: int) -> NextCounts:
    """Count the pairs of `items` (ascending) that at least `least` customers make."""
    search = _Search(around, items, least)
    parts = [search.pairs(low, high) for low, high in search.ranges()]
    columns = ([getattr(part, each.name) for part in parts] for each in fields(NextCounts))
    return NextCounts(*map(np.concatenate, columns))


class _Search:
    """First purchases of the items looked at, those that are ripe by item.

    By item and stratum it holds ripe purchases; and of all ripe purchases, of whatever item, those
    after which the item was first bought within the days, and those by whose day it had been (the
    item's own among them).
    """

    def __init__(self, around: FirstPurchases, items: Ints, least: int) -> None:
        self._items, self._least = items, least
        ripe = np.flatnonzero(around.ripe)
        self._total = np.bincount(around.stratum[ripe], minlength=around.strata)
        wanted = np.isin(around.item, items)
        # All others share a row, which nobody asks for.
        item = np.where(wanted, np.searchsorted(items, around.item), len(items))
        pairs = (iter([(ripe, ripe)]), around.after(ripe), around.before(ripe))
        self._ripe, self._after, self._before = (
            _by_stratum(around, item, len(items) + 1, each) for each in pairs
        )
        self._around, self._item = around.only(wanted), item[wanted]
        anchors = np.flatnonzero(self._around.ripe)
        self._anchors = anchors[np.argsort(self._item[anchors], kind="stable")]
        self._bounds = np.searchsorted(self._item[self._anchors], np.arange(len(items) + 1))

    def ranges(self) -> list[tuple[int, int]]:
        """Split the items into ranges whose tables are no larger than they may be.

        So many pairs as make no more rows by stratum, or by days, than there may be cells for.
        """
        columns = max(self._around.strata, self._around.days + 1)
        made = np.append(0, np.cumsum(self._around.pairs(self._anchors)))[self._bounds]
        full = made[1:] // max(_CELLS * self._least // columns, 1)
        wide = np.arange(len(self._items)) // max(_CELLS // max(len(self._items), 1), 1)
        cuts = np.flatnonzero(np.diff(full) | np.diff(wide)) + 1
        return list(pairwise([0, *cuts.tolist(), len(self._items)]))

    def pairs(self, low: int, high: int) -> NextCounts:
        """Count the pairs whose first item stands from `low` to before `high`."""
        around, strata = self._around, self._around.strata
        anchors = self._anchors[self._bounds[low] : self._bounds[high]]
        together = np.zeros((high - low, len(self._items)), dtype=np.int32)
        for first, then in around.after(anchors):
            _add_one(together, self._item[first] - low, self._item[then])
        x, y = np.nonzero(together >= self._least)
        row = np.full(together.shape, -1, dtype=np.int32)
        row[x, y] = np.arange(len(x))
        after, before = np.zeros((2, len(x), strata), dtype=np.int32)
        waits = np.zeros((len(x), around.days + 1), dtype=np.int32)
        for at, first, then in self._in_rows(row, low, around.after(anchors)):
            _add_one(after, at, around.stratum[first])
            _add_one(waits, at, around.day[then] - around.day[first])
        for at, first, _ in self._in_rows(row, low, around.before(anchors)):
            _add_one(before, at, around.stratum[first])
        x += low
        at_risk = self._ripe[x] - before
        # Of all others who did not have it yet: neither first buyers of X, nor those of Y.
        others = self._total - self._before[y] - at_risk
        rate = (self._after[y] - after) / np.maximum(others, 1)
        return NextCounts(
            self._items[x],
            self._items[y],
            together[x - low, y].astype(np.int64),
            at_risk.sum(axis=1, dtype=np.int64),
            (at_risk * rate).sum(axis=1),
            _medians(waits),
        )

    def _in_rows(self, row: Places, low: int, pairs: Pairs) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Give the row of each pair that has one, and its two places."""
        for first, then in pairs:
            at = row[self._item[first] - low, self._item[then]]
            kept = np.flatnonzero(at >= 0)
            yield at[kept].astype(np.int64), first[kept], then[kept]


def _by_stratum(around: FirstPurchases, item: Ints, items: int, pairs: Pairs) -> Places:
    """Count pairs by the second item, and the stratum of the first purchase."""
    table = np.zeros((items, around.strata), dtype=np.int32)
    for first, then in pairs:
        _add_one(table, item[then], around.stratum[first])
    return table


def _add_one(table: Places, row: Ints, column: Ints | Places) -> None:
    """Count each row and column once more."""
    # With a one of the table's own type; any other takes forty times as long.
    np.add.at(table.reshape(-1), row * table.shape[1] + column, np.int32(1))


def _medians(counts: Places) -> Floats:
    """Medians of rows that say how often each whole number from 0 stands there."""
    below = counts.cumsum(axis=1)
    number = below[:, -1:]
    lower = (below <= (number - 1) // 2).sum(axis=1)
    upper = (below <= number // 2).sum(axis=1)
    medians: Floats = (lower + upper) / 2
    return medians
