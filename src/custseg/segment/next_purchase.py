"""First X, then Y: what customers buy for the first time within some days of their first X.

A customer counts for X and Y once: where X was first bought at least so many days before the end
of the orders (so that there was time), and Y neither before nor on that day. What would be expected
is what customers bought after any other first purchase of the same month, compared among those who
then bought about as many new products: who buys a lot buys everything, and what is sold in autumn
alone follows on everything bought in summer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.engine import Engine
from custseg.segment.associations import LEVEL
from custseg.segment.baskets import Ints
from custseg.segment.first_purchases import first_purchases
from custseg.segment.inference import adjusted, count_interval, more_than
from custseg.segment.lines import Stage
from custseg.segment.next_counts import count_pairs
from custseg.segment.products import Products
from custseg.segment.rfm import Floats
from custseg.segment.summary import SMALL

_FIRSTS: Final = """
SELECT customer_id, written.item, MIN(CAST(ordered_at AS DATE)) AS day
FROM judged JOIN written ON {same}
WHERE reason IS NULL AND written.item IS NOT NULL AND customer_id IS NOT NULL
GROUP BY ALL"""


@dataclass(frozen=True, slots=True)
class NextPurchases:
    """Pairs of a first and a next product, the clearest first, with an array a measure.

    Attributes
    ----------
    first, then
        Places of the products.
    customers
        Who bought `then` for the first time within the days after their first `first`.
    at_risk
        Who could have.
    confidence
        Their share.
    expected, ratio, low, high
        Customers expected; customers to that number, with its 95 % interval.
    median_days
        Days between, of half of them at most.
    p
        Adjusted for all pairs looked at.
    tested
        How many those were.
    """

    first: Ints
    then: Ints
    customers: Ints
    at_risk: Ints
    confidence: Floats = field(repr=False)
    expected: Floats = field(repr=False)
    ratio: Floats = field(repr=False)
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    median_days: Floats = field(repr=False)
    p: Floats = field(repr=False)
    tested: int

    @property
    def findings(self) -> npt.NDArray[np.bool_]:
        """Whether chance does not explain a pair."""
        return (self.p < LEVEL) & (self.ratio > 1)

    @property
    def small(self) -> npt.NDArray[np.bool_]:
        """Whether one customer weighs 1 % or more."""
        return self.customers < SMALL


def read_firsts(engine: Engine, stage: Stage, products: Products) -> pa.Table:
    """Give ``customer_id``, ``item``, ``day``: each customer's first purchase of each product."""
    roles = [name for name in products.written.column_names if name != "item"]
    same = " AND ".join(f"judged.{role} IS NOT DISTINCT FROM written.{role}" for role in roles)
    return stage.run(engine, _FIRSTS.format(same=same), written=products.written)


def next_purchases(firsts: pa.Table, kinds: int, *, days: int, least: int) -> NextPurchases:
    """Find what is bought next.

    Parameters
    ----------
    firsts
        ``customer_id``, ``item`` (from 0), ``day``: each customer's first purchase of each item.
    kinds
        Items that there are.
    days
        How long after the first purchase.
    least
        Customers that a pair needs.
    """
    around = first_purchases(firsts, days)
    ripe = around.item[around.ripe]
    enough = int(np.count_nonzero(np.bincount(ripe, minlength=kinds) >= least))
    # A pair has no more customers than either of its items has.
    items = np.flatnonzero(np.bincount(around.item, minlength=kinds) >= least)
    found = count_pairs(around, items, least)
    x, y, n, trials, expected = (
        *(found.first, found.then, found.customers, found.at_risk, found.expected),
    )
    tested = max(enough * (kinds - 1), len(n))
    p = adjusted(more_than(n, trials, expected), tested)
    least_of, most_of = count_interval(n, trials)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, below, above = n / expected, least_of / expected, most_of / expected
    order = np.lexsort([y, x, -below])
    return NextPurchases(
        x[order],
        y[order],
        n[order],
        trials[order],
        (n / np.maximum(trials, 1))[order],
        expected[order],
        ratio[order],
        below[order],
        above[order],
        found.median_days[order],
        p[order],
        tested,
    )
