"""Look-alikes: customers outside the top segment who began as its customers did.

The top segment is the one whose codes are worth most (:func:`custseg.segment.migration.worths`).
It is defined by recency, frequency and money, so nothing that follows from them may tell who is
alike, else the list would be those who nearly are in it: only what was known at the first order
counts (its money and lines, channel, campaign, store) and who the customer is (gender, age band,
prefecture). Numbers are log(1 + x) brought to mean 0 and deviation 1; of a word, each level is a
coordinate, so that two customers who differ in it lie one deviation apart.

Distance is the mean over the ten nearest customers of the top segment. Whether the list is worth
anything is measured: picked the same way a period ago, how many were in the top segment by now,
and how many of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.engine import Engine
from custseg.segment.choice import Labels, sample
from custseg.segment.dimensions import FIXED, UNKNOWN, attributes
from custseg.segment.features import fit_scale
from custseg.segment.lines import Lines
from custseg.segment.rfm import Floats, to_floats

Flags = npt.NDArray[np.bool_]

NEAREST: Final = 10
LEAST: Final = 101
"""Customers in the top segment, and on a list whose worth is measured."""

_TOP_SAMPLE: Final = 500
_TILE: Final = 20_000
_SEED: Final = 0

_FIRST: Final = """
SELECT customer_id, CAST(amount AS DOUBLE) AS first_amount, n_lines AS first_lines FROM orders
QUALIFY row_number() OVER (
  PARTITION BY customer_id ORDER BY ordered_at, COALESCE(order_id, ''), amount, n_lines) = 1
ORDER BY customer_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookalikesCheck:
    """How a list picked the same way a period ago turned out.

    Attributes
    ----------
    picked, became
        Customers picked then, and those of them in the top segment now.
    others, others_became
        The other candidates of then.
    """

    day: str
    picked: int
    became: int
    others: int
    others_became: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookalikesSummary:
    """Customers who began as those of the top segment did.

    Attributes
    ----------
    segment
        The top segment.
    file
        Name of the list, without ending.
    features
        By what customers were compared.
    candidates, customers
        Customers outside the top segment, and those nearest to it.
    check
        None where the list, or the top segment, had fewer than 101 customers then.
    """

    segment: str
    file: str
    features: tuple[str, ...]
    candidates: int
    customers: int
    check: LookalikesCheck | None = None


def beginnings(engine: Engine, orders: Lines, known: pa.Table) -> tuple[Floats, tuple[str, ...]]:
    """Coordinates of customers by what was known at the first order, and the features used.

    Parameters
    ----------
    known
        All that is known of each customer, sorted by id as the orders' customers are.
    """
    first = engine.sql(_FIRST, orders=orders)
    numbers = {name: to_floats(first[name]) for name in ("first_amount", "first_lines")}
    numbers = {name: values for name, values in numbers.items() if np.ptp(values) > 0}
    parts = []
    if numbers:
        values = np.column_stack(list(numbers.values()))
        parts.append(fit_scale(values, tuple(numbers)).apply(values))
    words = attributes(known, (), FIXED)
    for each in words:
        inside = each.now != UNKNOWN
        levels = np.zeros((len(each.now), len(each.levels)))
        levels[np.flatnonzero(inside), each.now[inside]] = np.sqrt(0.5)
        parts.append(levels)
    names = (*numbers, *(each.name for each in words))
    return np.hstack(parts) if parts else np.empty((len(first), 0)), names


def nearest_to(points: Floats, top: Flags, candidates: Flags, size: int) -> tuple[Labels, Floats]:
    """The `size` candidates nearest to the customers of `top`, nearest first, and how near.

    Of equally near ones the first in the order of the points.
    """
    from scipy.spatial.distance import cdist

    inside = np.flatnonzero(top)
    inside = inside[sample(len(inside), _TOP_SAMPLE, _SEED)]
    outside = np.flatnonzero(candidates)
    near = min(NEAREST, len(inside))
    distances = np.empty(len(outside))
    for start in range(0, len(outside), _TILE):
        rows = outside[start : start + _TILE]
        apart = cdist(points[rows], points[inside])
        apart.partition(near - 1, axis=1)
        distances[start : start + _TILE] = apart[:, :near].mean(axis=1)
    # Rounded, so that the order of additions decides nothing.
    distances = distances.round(9)
    order = np.argsort(distances, kind="stable")[:size]
    return outside[order], distances[order]


def check_list(
    points: Floats, then: tuple[Flags, Flags], now: Flags, size: int, day: str
) -> LookalikesCheck | None:
    """See how a list picked the same way turned out.

    Parameters
    ----------
    then
        Who was in the top segment at `day`, and who was there but outside it.
    now
        Who is in it today.
    """
    top, outside = then
    if min(int(top.sum()), size, int(outside.sum()) - size) < LEAST:
        return None
    picked = np.zeros(len(now), dtype=bool)
    picked[nearest_to(points, top, outside, size)[0]] = True
    others = outside & ~picked
    return LookalikesCheck(
        day=day,
        picked=int(np.count_nonzero(picked)),
        became=int(np.count_nonzero(picked & now)),
        others=int(np.count_nonzero(others)),
        others_became=int(np.count_nonzero(others & now)),
    )
