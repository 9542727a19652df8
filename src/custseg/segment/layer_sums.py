"""Sums over groups of customers in two periods, and how a measure changed between them.

The same customer may be in both periods and order many times, so rates and means are compared as
ratio estimators with the customer as the unit: the variance of a difference is the sum of squares
of each customer's influence on it (Woodruff, JASA 66, 1971). That sum is made of sums of products,
so customers who are alike in every dimension are added up once, and every group from those.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from custseg.segment.choice import Labels
from custseg.segment.dimensions import UNKNOWN, Dimension
from custseg.segment.rfm import Floats
from custseg.segment.windows import Activity

Sums: TypeAlias = tuple[Floats, Floats, Floats]
"""Then, now, and products of both."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums over customers who are alike in every dimension.

    Attributes
    ----------
    then, now
        Level of each dimension in either period, shape (cells, dimensions).
    sums_then, sums_now
        One row a cell, columns as in :data:`_SUMS`.
    both
        Sums of products of the two periods, columns as in :data:`_PRODUCTS`.
    """

    then: Labels
    now: Labels
    sums_then: Floats
    sums_now: Floats
    both: Floats

    def without(self, then: np.ndarray, now: np.ndarray) -> Cells:
        """Give the same without the customers of some cells, masks by period."""
        return replace(
            self,
            sums_then=np.where(then[:, None], 0.0, self.sums_then),
            sums_now=np.where(now[:, None], 0.0, self.sums_now),
            both=np.where((then | now)[:, None], 0.0, self.both),
        )


_SUMS: Final = {
    name: place
    for place, name in enumerate(
        ("n", "y", "o", "m", "oo", "mm", "om", "new", "new_money", "repeat_money")
    )
}
"""Customers with an order, with two or more, orders, money, squares and product of the last
two, new customers, their money, and the money of those with two or more orders."""

_KEYS: Final = 2**62
"""Different rows of labels, up to which each has a number of its own in 64 bits."""

_PRODUCTS: Final = {
    name: place for place, name in enumerate(("nn", "ny", "yn", "yy", "oo", "om", "mo", "mm"))
}
"""Products of a customer's values then and now, in this order."""

MEASURES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "repeat_rate": (("n", "y", "m", "repeat_money"), ("nn", "ny", "yn", "yy")),
    "average_order": (("n", "o", "m", "oo", "mm", "om"), ("oo", "om", "mo", "mm")),
    "new_customers": (("new", "new_money"), ()),
}
"""What can be compared, and the sums and the products that it takes."""


@dataclass(frozen=True, slots=True)
class Change:
    """A measure in both periods, by group: values, people, variance of the difference, money."""

    before: Floats
    now: Floats
    people_before: Floats
    people_now: Floats
    variance: Floats
    money: Floats

    @property
    def fall(self) -> Floats:
        """Now less before."""
        return self.now - self.before


def sums_of_cells(found: Activity, dimensions: Sequence[Dimension]) -> Cells:
    """Add up customers who are alike in every dimension; only those with an order count."""
    active = (found.now.orders > 0) | (found.then.orders > 0)
    early = [each.then[active] for each in dimensions]
    late = [
        same if each.now is each.then else each.now[active]
        for each, same in zip(dimensions, early, strict=True)
    ]
    then, now, place = alike(early, late)
    count = len(then)

    def added(columns: Iterable[np.ndarray]) -> Floats:
        # One column after the other: all of them would take more than all else known of customers.
        return np.column_stack([np.bincount(place, column, minlength=count) for column in columns])

    one = _Doings(
        found.then.orders[active],
        found.then.money[active],
        found.new_in(found.periods.then)[active],
    )
    two = _Doings(
        found.now.orders[active], found.now.money[active], found.new_in(found.periods.now)[active]
    )
    return Cells(then, now, added(one.sums()), added(two.sums()), added(_products(one, two)))


def alike(then: Sequence[Labels], now: Sequence[Labels]) -> tuple[Labels, Labels, Labels]:
    """Find the different rows of some labels.

    Returns
    -------
    then, now, place
        Labels of each different row in either period, shape (rows, dimensions), ascending; and
        for each row given its place among them.
    """
    # What is the same in both periods tells nothing twice.
    told = [*then, *(late for early, late in zip(then, now, strict=True) if late is not early)]
    sizes = [int(each.max(initial=UNKNOWN)) + 2 for each in told]
    if math.prod(sizes) < _KEYS:
        key = np.zeros(len(then[0]), dtype=np.int64)
        for each, size in zip(told, sizes, strict=True):
            key *= size
            key += each - UNKNOWN
        _, first, place = np.unique(key, return_index=True, return_inverse=True)
    else:
        rows = np.column_stack(told)
        _, first, place = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    early, late = (np.column_stack([each[first] for each in side]) for side in (then, now))
    return early, late, place.ravel()


@dataclass(frozen=True, slots=True)
class _Doings:
    """Orders and money of customers in a period, and whose first order it holds."""

    orders: Floats
    money: Floats
    new: np.ndarray

    def sums(self) -> Iterator[np.ndarray]:
        """What is added up, in the order of :data:`_SUMS`."""
        orders, money, new = self.orders, self.money, self.new
        yield orders > 0
        yield orders > 1
        yield orders
        yield money
        yield orders**2
        yield money**2
        yield orders * money
        yield new
        yield new * money
        yield (orders > 1) * money


def _products(one: _Doings, two: _Doings) -> Iterator[np.ndarray]:
    """What is added up of both periods, in the order of :data:`_PRODUCTS`."""
    for least_then, least_now in ((0, 0), (0, 1), (1, 0), (1, 1)):
        yield (one.orders > least_then) & (two.orders > least_now)
    yield one.orders * two.orders
    yield one.orders * two.money
    yield one.money * two.orders
    yield one.money * two.money


def summed(
    values: Floats, place: Labels, count: int, columns: Iterable[int] | None = None
) -> Floats:
    """Sum rows by `place`, where asked some `columns` alone; those of :data:`UNKNOWN` fall out."""
    found = np.zeros((count, values.shape[1]))
    inside = place != UNKNOWN
    for column in range(values.shape[1]) if columns is None else columns:
        found[:, column] = np.bincount(place[inside], values[inside, column], minlength=count)
    return found


def codes(labels: Labels, sizes: Sequence[int]) -> Labels:
    """One number a row; :data:`UNKNOWN` where any label is."""
    known = (labels != UNKNOWN).all(axis=1)
    codes = np.full(len(labels), UNKNOWN)
    codes[known] = np.ravel_multi_index(tuple(labels[known].T), tuple(sizes))
    return codes


def large_groups(cells: Cells, then: Labels, now: Labels, least: int) -> Labels:
    """Codes, ascending, that have `least` customers in both periods, or new ones in the first."""
    known, places = np.unique(np.concatenate([then, now]), return_inverse=True)
    at_then, at_now = np.split(places.ravel(), 2)
    n, new = _SUMS["n"], _SUMS["new"]
    before = summed(cells.sums_then, at_then, len(known), (n, new))
    after = summed(cells.sums_now, at_now, len(known), (n,))
    large = (before[:, n] >= least) & (after[:, n] >= least) | (before[:, new] >= least)
    return np.asarray(known[large & (known != UNKNOWN)])


def places_among(known: Labels, labels: Labels) -> Labels:
    """Places of codes among ascending ones; :data:`UNKNOWN` for others."""
    place = np.minimum(np.searchsorted(known, labels), len(known) - 1)
    return np.where(known[place] == labels, place, UNKNOWN)


def group_sums(
    cells: Cells, then: Labels, now: Labels, count: int, measures: Iterable[str] = MEASURES
) -> tuple[Sums, Sums]:
    """Sums by group, and by group over everyone outside it.

    Parameters
    ----------
    then, now
        Group of each cell in either period; :data:`~custseg.segment.dimensions.UNKNOWN` for none.
    count
        How many groups.
    measures
        What the sums are for; those that none of them takes are 0.

    Returns
    -------
    inside, outside
        Each ``(then, now, both)``, as :func:`change` takes them.
    """
    chosen = [MEASURES[each] for each in measures]
    sums = {_SUMS[name] for names, _ in chosen for name in names}
    products = {_PRODUCTS[name] for _, names in chosen for name in names}
    same = np.where(then == now, now, UNKNOWN)
    inside = (
        summed(cells.sums_then, then, count, sums),
        summed(cells.sums_now, now, count, sums),
        summed(cells.both, same, count, products),
    )
    # Outside in both periods: everyone, less who was inside in one, less in the other.
    either = (
        summed(cells.both, then, count, products)
        + summed(cells.both, now, count, products)
        - inside[2]
    )
    outside = (
        cells.sums_then.sum(axis=0) - inside[0],
        cells.sums_now.sum(axis=0) - inside[1],
        cells.both.sum(axis=0) - either,
    )
    return inside, outside


def change(measure: str, sums: Sums) -> Change:
    """How a measure changed in each group, from sums ``(then, now, both)``, one row a group."""
    then, now, both = sums
    one = {name: then[:, place] for name, place in _SUMS.items()}
    two = {name: now[:, place] for name, place in _SUMS.items()}
    cross = {name: both[:, place] for name, place in _PRODUCTS.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure == "new_customers":
            worth = _per(one["new_money"], one["new"])
            return Change(
                one["new"], two["new"], one["new"], two["new"], one["new"] + two["new"],
                np.maximum(one["new"] - two["new"], 0) * worth,
            )  # fmt: skip
        if measure == "repeat_rate":
            change = _ratios(
                (one["y"], one["n"], one["y"], one["n"], one["y"]),
                (two["y"], two["n"], two["y"], two["n"], two["y"]),
                (cross["yy"], cross["yn"], cross["ny"], cross["nn"]),
            )
            more = _per(one["repeat_money"], one["y"]) - _per(
                one["m"] - one["repeat_money"], one["n"] - one["y"]
            )
            at_stake = np.maximum(-change[2], 0) * two["n"] * np.maximum(more, 0)
        else:
            change = _ratios(
                (one["m"], one["o"], one["mm"], one["oo"], one["om"]),
                (two["m"], two["o"], two["mm"], two["oo"], two["om"]),
                (cross["mm"], cross["mo"], cross["om"], cross["oo"]),
            )
            at_stake = np.maximum(-change[2], 0) * two["o"]
    before, after, _, variance = change
    return Change(before, after, one["n"], two["n"], variance, at_stake)


def _per(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), 0.0)


def _ratios(
    one: tuple[Floats, ...], two: tuple[Floats, ...], cross: tuple[Floats, ...]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Two ratios of sums over customers, their difference, and its variance.

    Parameters
    ----------
    one, two
        Of each period: sums of a (above), b (below), a², b², ab.
    cross
        Sums of a₁a₂, a₁b₂, b₁a₂, b₁b₂ over the customers of both periods.
    """
    a1, b1, aa1, bb1, ab1 = one
    a2, b2, aa2, bb2, ab2 = two
    r1, r2 = a1 / b1, a2 / b2
    own1 = (aa1 - 2 * r1 * ab1 + r1**2 * bb1) / b1**2
    own2 = (aa2 - 2 * r2 * ab2 + r2**2 * bb2) / b2**2
    aa, ab, ba, bb = cross
    shared = (aa - r2 * ab - r1 * ba + r1 * r2 * bb) / (b1 * b2)
    return r1, r2, r2 - r1, np.maximum(own1 + own2 - 2 * shared, 0.0)
