"""First X, then Y: what customers buy for the first time within some days of their first X.

A customer counts for X and Y once: where X was first bought at least so many days before the end
of the orders (so that there was time), and Y neither before nor on that day. What would be expected
is what customers bought after any other first purchase of the same month, compared among those who
then bought about as many new products: who buys a lot buys everything, and what is sold in autumn
alone follows on everything bought in summer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.associations import LEVEL
from custseg.segment.baskets import Ints
from custseg.segment.inference import adjusted, count_interval, more_than
from custseg.segment.lines import Stage
from custseg.segment.products import Products
from custseg.segment.rfm import Floats
from custseg.segment.summary import SMALL

_BANDS: Final = (0, 1, 2, 3, 4, 6, 9, 15, 30, 60)
"""Numbers of new products within the days at which bands of activity begin."""

_FIRSTS: Final = """
SELECT customer_id, written.item, MIN(CAST(ordered_at AS DATE)) AS day
FROM judged JOIN written ON {same}
WHERE reason IS NULL AND written.item IS NOT NULL AND customer_id IS NOT NULL
GROUP BY ALL"""

_ANCHORS: Final = """
WITH counted AS (
  SELECT customer_id, item, day, COUNT(*) OVER (
    PARTITION BY customer_id ORDER BY day
    RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND INTERVAL {days} DAY FOLLOWING) AS more
  FROM firsts
)
SELECT dense_rank() OVER (ORDER BY customer_id) AS customer, item, day,
  {count} * (date_diff('month', CAST($1 AS DATE), day)) + CASE {bands} END AS stratum,
  day <= CAST($2 AS DATE) - {days} AS ripe
FROM counted"""

_PAIRS: Final = """
FROM anchors AS a JOIN anchors AS b ON a.customer = b.customer AND a.item <> b.item
WHERE a.ripe AND b.day <= a.day + {days}"""

_THEN: Final = """
SELECT a.item AS x, b.item AS y, COUNT(*) AS n
{pairs} AND b.day > a.day AND a.item >= {low} AND a.item < {high}
GROUP BY ALL HAVING COUNT(*) >= {least} ORDER BY x, y"""
_WAITS: Final = """
SELECT listed.place, MEDIAN(b.day - a.day) AS days
FROM anchors AS a JOIN anchors AS b ON a.customer = b.customer
JOIN listed ON a.item = listed.x AND b.item = listed.y
WHERE a.ripe AND b.day > a.day AND b.day <= a.day + {days} GROUP BY ALL ORDER BY listed.place"""
_ALL: Final = """
SELECT b.item AS place, a.stratum, COUNT(*) FILTER (b.day > a.day) AS after,
  COUNT(*) FILTER (b.day <= a.day) AS before {pairs} GROUP BY ALL"""
_EACH: Final = """
SELECT listed.place, a.stratum, COUNT(*) FILTER (b.day > a.day) AS after,
  COUNT(*) FILTER (b.day <= a.day) AS before
FROM anchors AS a JOIN anchors AS b ON a.customer = b.customer
JOIN listed ON a.item = listed.x AND b.item = listed.y
WHERE a.ripe AND b.day <= a.day + {days} GROUP BY ALL"""
_TILE: Final = 10_000
_TOGETHER: Final = 5_000_000
"""Pairs of purchases counted at a time, so that memory does not grow with them."""


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


def next_purchases(
    engine: Engine, stage: Stage, products: Products, *, days: int, least: int
) -> NextPurchases:
    """Find what is bought next.

    Parameters
    ----------
    days
        How long after the first purchase.
    least
        Customers that a pair needs.
    """
    roles = [name for name in products.written.column_names if name != "item"]
    same = " AND ".join(f"judged.{role} IS NOT DISTINCT FROM written.{role}" for role in roles)
    firsts = stage.run(engine, _FIRSTS.format(same=same), written=products.written)
    return next_of_firsts(engine, firsts, len(products.labels), days=days, least=least)


def next_of_firsts(
    engine: Engine, firsts: pa.Table, kinds: int, *, days: int, least: int
) -> NextPurchases:
    """Find what is bought next.

    Parameters
    ----------
    firsts
        ``customer_id``, ``item`` (from 0), ``day``: each customer's first purchase of each item.
    kinds
        Items that there are.
    days, least
        As for :func:`next_purchases`.
    """
    bands = " ".join(
        f"WHEN more >= {low} THEN {at}" for at, low in reversed(list(enumerate(_BANDS)))
    )
    span = engine.sql("SELECT MIN(day) AS low, MAX(day) AS high FROM firsts", firsts=firsts)
    begin, end = span["low"][0].as_py(), span["high"][0].as_py()
    query = _ANCHORS.format(days=days, bands=bands, count=len(_BANDS))
    anchors = engine.sql(query, [begin, end], firsts=firsts)
    pairs = _PAIRS.format(days=days)
    found = pa.concat_tables(
        engine.sql(_THEN.format(pairs=pairs, least=least, low=low, high=high), anchors=anchors)
        for low, high in _ranges(anchors, kinds)
    )
    ripe = anchors.filter(anchors["ripe"])
    strata = ((end.year - begin.year) * 12 + end.month - begin.month + 1) * len(_BANDS)
    by_item = _table(ripe["item"], ripe["stratum"], None, kinds, strata)
    enough = int(np.count_nonzero(by_item.sum(axis=1) >= least))
    everyone = _Strata(engine.sql(_ALL.format(pairs=pairs), anchors=anchors), kinds, strata)
    x, y = (found[name].to_numpy().astype(np.int64) for name in ("x", "y"))
    listed = found.select(["x", "y"]).append_column("place", pa.array(np.arange(len(x))))
    trials, expected, waits = np.zeros(len(x), np.int64), np.zeros(len(x)), np.zeros(len(x))
    for start in range(0, len(x), _TILE):
        tile = slice(start, min(start + _TILE, len(x)))
        told = {"anchors": anchors, "listed": listed.slice(start, _TILE)}
        waits[tile] = engine.sql(_WAITS.format(days=days), **told)["days"].to_numpy()
        own = _Strata(engine.sql(_EACH.format(days=days), **told), len(x[tile]), strata, start)
        at_risk = by_item[x[tile]] - own.before
        # Of all others who did not have it yet: neither first buyers of X, nor those of Y.
        others = by_item.sum(axis=0) - by_item[y[tile]] - everyone.before[y[tile]] - at_risk
        rate = (everyone.after[y[tile]] - own.after) / np.maximum(others, 1)
        trials[tile] = at_risk.sum(axis=1)
        expected[tile] = (at_risk * rate).sum(axis=1)
    n = found["n"].to_numpy().astype(np.int64)
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
        waits[order],
        p[order],
        tested,
    )


def _ranges(anchors: pa.Table, kinds: int) -> list[tuple[int, int]]:
    """Split the items into ranges whose purchases make no more pairs than memory should hold."""
    customers, items = (anchors[name].to_numpy() for name in ("customer", "item"))
    bought = np.bincount(customers)
    pairs = np.cumsum(np.bincount(items, weights=bought[customers], minlength=kinds))
    cuts = np.flatnonzero(np.diff(pairs // _TOGETHER)) + 1
    return list(pairwise([0, *cuts.tolist(), kinds]))


class _Strata:
    """Who bought a product after and before an anchor, by place and stratum."""

    def __init__(self, counted: pa.Table, number: int, strata: int, start: int = 0) -> None:
        rows = pc.subtract(counted["place"], start)
        self.after, self.before = (
            _table(rows, counted["stratum"], counted[name], number, strata)
            for name in ("after", "before")
        )


def _table(
    rows: pa.ChunkedArray,
    columns: pa.ChunkedArray,
    counts: pa.ChunkedArray | None,
    number: int,
    strata: int,
) -> Ints:
    """Add counts up by row and column."""
    places = rows.to_numpy().astype(np.int64) * strata + columns.to_numpy().astype(np.int64)
    weights = None if counts is None else counts.to_numpy()
    sums = np.bincount(places, weights=weights, minlength=number * strata)
    return sums.astype(np.int64).reshape(number, strata)
