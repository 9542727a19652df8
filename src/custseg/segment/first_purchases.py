"""Each customer's first purchases of each item, and the pairs of them that lie near enough.

Sorted by customer and day, what was bought before and after a first purchase are ranges of places:
so pairs are counted by places alone, some hundred thousand at a time, and no pair is ever stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.segment.baskets import Ints

Places = npt.NDArray[np.int32]
Pairs = Iterator[tuple[Ints, Ints]]
"""Places of first purchases, and of others of the same customers; some at a time."""

_BANDS: Final = (0, 1, 2, 3, 4, 6, 9, 15, 30, 60)
"""Numbers of new products within the days at which bands of activity begin."""

_PAIRS: Final = 500_000
"""Pairs looked at in one step: few enough for the processor's own memory."""


@dataclass(frozen=True, slots=True)
class FirstPurchases:
    """First purchases by customer and day, with an array a measure.

    Attributes
    ----------
    item, day
        What was bought, and when (days since 1970).
    begin
        Place of the same customer's earliest.
    later
        Place of the first one on a later day.
    end
        Place after the last one within the days.
    stratum
        Month, and band of how many new items followed within the days.
    ripe
        Whether the days have passed.
    strata
        How many strata there may be.
    days
        How long after a purchase another one follows it.
    """

    item: Places
    day: Places
    begin: Places
    later: Places
    end: Places
    stratum: Places
    ripe: npt.NDArray[np.bool_]
    strata: int
    days: int

    def __len__(self) -> int:
        return len(self.item)

    def only(self, kept: npt.NDArray[np.bool_]) -> FirstPurchases:
        """Give some of them; strata and ripeness stay what they are among all."""
        place = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)
        return FirstPurchases(
            self.item[kept],
            self.day[kept],
            place[self.begin[kept]],
            place[self.later[kept]],
            place[self.end[kept]],
            self.stratum[kept],
            self.ripe[kept],
            self.strata,
            self.days,
        )

    def after(self, anchors: Ints) -> Pairs:
        """Pair `anchors` with what the customer first bought within the days after them."""
        return _pairs(anchors, self.later[anchors], self.end[anchors])

    def before(self, anchors: Ints) -> Pairs:
        """Pair `anchors` with what the customer had by the end of their day: themselves too."""
        return _pairs(anchors, self.begin[anchors], self.later[anchors])

    def pairs(self, anchors: Ints) -> Ints:
        """How many pairs each of `anchors` makes."""
        return (self.end[anchors] - self.begin[anchors]).astype(np.int64)


def first_purchases(table: pa.Table, days: int) -> FirstPurchases:
    """Sort first purchases, and see what lies around each.

    Parameters
    ----------
    table
        ``customer_id``, ``item`` (from 0), ``day``: each customer's first purchase of each item.
    days
        As in :class:`FirstPurchases`.
    """
    customer = table["customer_id"].combine_chunks().dictionary_encode().indices
    day = table["day"].cast(pa.int32()).to_numpy()
    low, high = int(day.min()), int(day.max())
    # So wide that the days of a customer, with those that follow, reach into no other's.
    width = high - low + days + 1
    key = customer.to_numpy().astype(np.int64) * width + (day - low)
    order = np.argsort(key, kind="stable")
    key = key[order]
    day, item = day[order], table["item"].to_numpy()[order].astype(np.int32)
    begin = np.searchsorted(key, key - key % width)
    later = np.searchsorted(key, key, "right")
    end = np.searchsorted(key, key + days, "right")
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months -= months.min()
    band = np.searchsorted(_BANDS, end - later, "right") - 1
    return FirstPurchases(
        item,
        day,
        begin.astype(np.int32),
        later.astype(np.int32),
        end.astype(np.int32),
        (months * len(_BANDS) + band).astype(np.int32),
        day <= high - days,
        (int(months.max()) + 1) * len(_BANDS),
        days,
    )


def _pairs(anchors: Ints, begin: Places, end: Places) -> Pairs:
    """Pair each anchor with all places of its range, a step of pairs at a time."""
    lengths = (end - begin).astype(np.int64)
    ends = np.cumsum(lengths)
    cuts = np.flatnonzero(np.diff(ends // _PAIRS)) + 1
    for start, stop in zip([0, *cuts.tolist()], [*cuts.tolist(), len(anchors)], strict=True):
        step = slice(start, stop)
        each = lengths[step]
        total = int(each.sum())
        if total:
            offset = begin[step] - np.cumsum(each) + each
            yield np.repeat(anchors[step], each), np.repeat(offset, each) + np.arange(total)
