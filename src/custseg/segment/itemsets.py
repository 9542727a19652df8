"""Groups of items that are often together, with what is needed to judge them.

Depth first, rarest item first; a group is the places in `held` where its last item stands, and
its extensions are what follows in those baskets (occurrence deliver: Uno, Kiyomi, Arimura, LCM
ver. 2, FIMI 2004). So the work is what is in the baskets of a group, not all baskets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Final

import numpy as np

from custseg.errors import LimitError
from custseg.segment.baskets import BANDS, Baskets, Ints
from custseg.segment.rfm import Floats

MOST_GROUPS: Final = 500_000
"""Groups at which a support that the user chose is refused."""

ENOUGH_GROUPS: Final = 20_000
"""Groups at which a support that nobody chose is raised."""

_RAISED: Final = Fraction(3, 2)
_LEAST_SHARE: Final = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class ItemGroups:
    """Groups of items in at least `least` baskets.

    Attributes
    ----------
    least
        Baskets that a group needs.
    groups
        Items of each group, in one order for all of them.
    places
        Group → its place.
    by_band
        Baskets of each group, by band of size.
    buyers, customers
        Different buyers of each group; and those of them that are known.
    clustering
        How many times more often the count of a group would vary than with a basket a buyer,
        if all its baskets of one buyer came or stayed away together (Kish's design effect).
    tested
        Rules that were looked at, frequent or not.
    """

    least: int
    groups: tuple[tuple[int, ...], ...]
    places: dict[tuple[int, ...], int] = field(repr=False)
    by_band: Ints = field(repr=False)
    buyers: Ints = field(repr=False)
    customers: Ints = field(repr=False)
    clustering: Floats = field(repr=False)
    tested: int

    @property
    def counts(self) -> Ints:
        """Baskets of each group."""
        counts: Ints = self.by_band.sum(axis=1)
        return counts


def fraction(share: float) -> Fraction:
    """The decimal that a person wrote, exactly: 0.8 is 4/5, not its nearest double."""
    return Fraction(repr(share))


def least_baskets(number: int, support: float | None, least_count: int) -> int:
    """Give the baskets that a group needs, of so many."""
    share = _LEAST_SHARE if support is None else fraction(support)
    return max(ceil(share * number), least_count, 1)


def find_groups(
    baskets: Baskets, *, support: float | None, least_count: int, most_items: int
) -> ItemGroups:
    """Find the groups of items that are together often enough.

    Parameters
    ----------
    support
        Least share of the baskets; None begins at a thousandth, and raises it while there
        would be more groups than anyone can read.
    least_count
        Least number of baskets.

    Raises
    ------
    LimitError
        If more than half a million groups are frequent at the support asked for.
    """
    least = least_baskets(len(baskets), support, least_count)
    most = MOST_GROUPS if support is not None else ENOUGH_GROUPS
    while (found := _mine(baskets, least, most_items, most)) is None:
        if support is not None:
            raise LimitError("basket.too_many_groups", most=most, support=support)
        least = ceil(least * _RAISED)
    return found


def _mine(baskets: Baskets, least: int, most_items: int, most: int) -> ItemGroups | None:
    """Give the groups; None where there are more than `most`."""
    counts = baskets.counts
    order = np.lexsort([np.arange(len(counts)), counts])
    order = order[counts[order] >= least]
    rank = np.full(len(counts), -1)
    rank[order] = np.arange(len(order))
    groups: list[tuple[int, ...]] = []
    occurrences = _Occurrences(baskets, rank, len(order))
    facts = []
    tested = len(order) * (len(order) - 1)
    for ranks, places, candidates in occurrences.walk(least, most_items):
        if len(groups) == most:
            return None
        groups.append(tuple(order[list(ranks)].tolist()))
        facts.append(occurrences.describe(places))
        tested += candidates
    table = np.array([each[0] for each in facts], dtype=np.int64).reshape(-1, len(BANDS))
    rest = np.array([each[1:] for each in facts], dtype=np.float64).reshape(-1, 3)
    return ItemGroups(
        least,
        tuple(groups),
        {group: at for at, group in enumerate(groups)},
        table,
        rest[:, 0].astype(np.int64),
        rest[:, 1].astype(np.int64),
        rest[:, 2],
        tested,
    )


class _Occurrences:
    """The frequent items of all baskets, the rarest of a basket first."""

    def __init__(self, baskets: Baskets, rank: Ints, frequent: int) -> None:
        rows = np.repeat(np.arange(len(baskets)), baskets.sizes)
        ranks = rank[baskets.held]
        kept = ranks >= 0
        rows, ranks = rows[kept], ranks[kept]
        order = np.argsort(rows * max(frequent, 1) + ranks)
        self._rows, self._ranks = rows[order], ranks[order].astype(np.int32)
        ends = np.cumsum(np.bincount(self._rows, minlength=len(baskets)))
        self._ends = ends[self._rows]
        self._frequent = frequent
        self._buyers = baskets.buyers[self._rows]
        self._bands = baskets.bands[self._rows]
        self._guests = baskets.guests

    def walk(self, least: int, most_items: int) -> Iterator[tuple[tuple[int, ...], Ints, int]]:
        """Give each group, after those it extends: the ranks of its items, the places of the last.

        Beside them stands how many rules are looked at in extending it.
        """
        by_rank = np.argsort(self._ranks, kind="stable")
        bounds = np.searchsorted(self._ranks[by_rank], np.arange(self._frequent + 1))
        for first in range(self._frequent):
            alone = by_rank[bounds[first] : bounds[first + 1]]
            stack: list[tuple[tuple[int, ...], Ints, int]] = [((first,), alone, 0)]
            while stack:
                group, places, tried = stack.pop()
                yield group, places, tried
                if len(group) < most_items:
                    found = self._extensions(group, places, least)
                    last = len(found) - 1
                    for at, (longer, inside) in enumerate(found):
                        # What may be added to it are the extensions that come after it.
                        more = (last - at) * (len(longer) + 1) if len(longer) < most_items else 0
                        stack.append((longer, inside, more))

    def _extensions(
        self, group: tuple[int, ...], places: Ints, least: int
    ) -> list[tuple[tuple[int, ...], Ints]]:
        lengths = self._ends[places] - places - 1
        total = int(lengths.sum())
        if total < least:
            return []
        steps = np.repeat(places + 1 - np.cumsum(lengths) + lengths, lengths)
        after = steps + np.arange(total)
        ranks = self._ranks[after]
        counts = np.bincount(ranks, minlength=self._frequent)
        frequent = np.flatnonzero(counts >= least)
        if not len(frequent):
            return []
        wanted = (counts >= least)[ranks]
        after, ranks = after[wanted], ranks[wanted]
        after = after[np.argsort(ranks, kind="stable")]
        bounds = np.concatenate([[0], np.cumsum(counts[frequent])]).tolist()
        return [
            ((*group, item), after[bounds[at] : bounds[at + 1]])
            for at, item in enumerate(frequent.tolist())
        ]

    def describe(self, places: Ints) -> tuple[Ints, int, int, float]:
        """Baskets by band of size, buyers, known buyers, and how they cluster."""
        bands = np.bincount(self._bands[places], minlength=len(BANDS))
        buyers = self._buyers[places]
        firsts = np.flatnonzero(np.diff(buyers, prepend=-1))
        each = np.diff(firsts, append=len(buyers))
        known = int(np.count_nonzero(buyers[firsts] >= self._guests))
        return bands, len(firsts), known, float(each @ each) / len(buyers)
