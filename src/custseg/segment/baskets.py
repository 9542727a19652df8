"""Which baskets hold which products: an order is a basket, or all that a customer ever bought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.engine import Engine
from custseg.segment.lines import Stage
from custseg.segment.products import Products
from custseg.segment.rfm import Floats

Ints = npt.NDArray[np.int64]
By = Literal["order", "customer"]

BANDS: Final = (1, 2, 3, 4, 5, 6, 8, 11, 15, 21, 31, 51, 101)
"""Numbers of products at which bands of baskets of like size begin."""

_LINES: Final = """
, chosen AS (
  SELECT COALESCE(customer_id, '') AS customer_id, COALESCE(order_id, '') AS order_id,
    COALESCE({day}, 0) AS part, written.item, SUM(money) AS money
  FROM judged JOIN written ON {same}
  WHERE reason IS NULL AND written.item IS NOT NULL {known}
  GROUP BY ALL
), keys AS (
  SELECT *, row_number() OVER (ORDER BY {key}) - 1 AS basket
  FROM (SELECT DISTINCT {key} FROM chosen)
)"""
_PAIRS: Final = """
SELECT CAST(basket AS INTEGER) AS basket, item, customer_id, CAST(money AS DOUBLE) AS money
FROM chosen JOIN keys USING ({key}) ORDER BY basket, item"""
_MEDIANS: Final = """
SELECT item, MEDIAN(money) AS money FROM pairs WHERE money IS NOT NULL GROUP BY item"""


@dataclass(frozen=True)
class Baskets:
    """Baskets, those of one customer side by side; an item stands in a basket once.

    Attributes
    ----------
    labels
        What the items are called.
    starts
        Where in `held` each basket begins; one more than there are baskets.
    held
        Items of the baskets, ascending within each.
    buyers
        Whose basket each is, ascending. Baskets of nobody known come first, each of a buyer of
        its own.
    guests
        How many they are.
    customers
        Ids of the known buyers.
    usual
        By item: the median money for it in an order that holds it; not a number where unknown.
    """

    labels: tuple[str, ...]
    starts: Ints = field(repr=False)
    held: Ints = field(repr=False)
    buyers: Ints = field(repr=False)
    guests: int
    customers: pa.Array = field(repr=False)
    usual: Floats = field(repr=False)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def sizes(self) -> Ints:
        """Items of each basket."""
        return np.diff(self.starts)

    @cached_property
    def counts(self) -> Ints:
        """Baskets of each item."""
        return np.bincount(self.held, minlength=len(self.labels)).astype(np.int64)

    @cached_property
    def bands(self) -> Ints:
        """Band of :data:`BANDS` that each basket's size falls in."""
        return np.searchsorted(BANDS, self.sizes, "right") - 1

    @cached_property
    def band_sizes(self) -> tuple[Ints, Floats]:
        """Baskets, and their mean number of items, by band."""
        number = np.bincount(self.bands, minlength=len(BANDS)).astype(np.int64)
        items = np.bincount(self.bands, weights=self.sizes, minlength=len(BANDS))
        return number, items / np.maximum(number, 1)

    @cached_property
    def band_spread(self) -> Floats:
        """By band, the sum over items of share × (1 - share): how free a place in a basket is."""
        number, _ = self.band_sizes
        cells = self.held * len(BANDS) + np.repeat(self.bands, self.sizes)
        table = np.bincount(cells, minlength=len(self.labels) * len(BANDS))
        shares = table.reshape(-1, len(BANDS)) / np.maximum(number, 1)
        spread: Floats = (shares * (1 - shares)).sum(axis=0)
        return spread

    @cached_property
    def _by_item(self) -> tuple[Ints, Ints]:
        rows = np.repeat(np.arange(len(self)), self.sizes)
        order = np.argsort(self.held, kind="stable")
        return rows[order], np.concatenate([[0], np.cumsum(self.counts)])

    def having(self, item: int) -> Ints:
        """Baskets that hold an item, ascending."""
        rows, bounds = self._by_item
        return rows[bounds[item] : bounds[item + 1]]

    def having_all(self, items: Iterable[int]) -> Ints:
        """Baskets that hold every one of some items, ascending."""
        first, *rest = sorted(items, key=lambda item: (self.counts[item], item))
        found = self.having(first)
        for item in rest:
            inside = np.zeros(len(self), dtype=bool)
            inside[self.having(item)] = True
            found = found[inside[found]]
        return found


def baskets_of(rows: Iterable[tuple[str | None, Iterable[str]]]) -> Baskets:
    """Make baskets of (customer, items) pairs; None is a customer nobody knows."""
    known = [(who or "", sorted(set(items))) for who, items in rows]
    known = sorted((row for row in known if row[1]), key=lambda row: row[0])
    labels = tuple(sorted({item for _, items in known for item in items}))
    place = {label: at for at, label in enumerate(labels)}
    number = np.repeat(np.arange(len(known)), [len(items) for _, items in known])
    held = np.array([place[item] for _, items in known for item in items], dtype=np.int64)
    customers = pa.array([who for who, _ in known], pa.string())
    return _baskets(labels, number, held, customers, np.full(len(labels), np.nan))


def baskets_of_codes(orders: Ints, items: Ints) -> Baskets:
    """Make baskets of nobody known, of pairs of order and item that are numbers from 0."""
    order = np.lexsort([items, orders])
    codes, number = np.unique(orders[order], return_inverse=True)
    labels = tuple(str(item) for item in range(int(items.max(initial=-1)) + 1))
    nobody = pa.array([""] * len(codes), pa.string())
    return _baskets(labels, number, items[order], nobody, np.full(len(labels), np.nan))


def read_baskets(engine: Engine, stage: Stage, products: Products, by: By = "order") -> Baskets:
    """Make baskets of the lines that count.

    Parameters
    ----------
    by
        ``"order"``: those without a known customer count too. ``"customer"``: all that a
        customer ever bought.
    """
    roles = [name for name in products.written.column_names if name != "item"]
    query = (_LINES + _PAIRS).format(
        day="CASE WHEN order_id IS NULL THEN epoch(date_trunc('day', ordered_at))::BIGINT END",
        key="customer_id, order_id, part" if by == "order" else "customer_id",
        same=" AND ".join(f"judged.{role} IS NOT DISTINCT FROM written.{role}" for role in roles),
        known="AND customer_id IS NOT NULL" if by == "customer" else "",
    )
    pairs = stage.run(engine, query, written=products.written)
    usual = np.full(len(products.labels), np.nan)
    medians = engine.sql(_MEDIANS, pairs=pairs)
    usual[medians["item"].to_numpy()] = medians["money"].to_numpy()
    number, held = (pairs[name].to_numpy().astype(np.int64) for name in ("basket", "item"))
    # An item of several orders of a customer stands in the customer's basket once.
    once = (np.diff(number, prepend=-1) != 0) | (np.diff(held, prepend=-1) != 0)
    pairs, number, held = pairs.filter(pa.array(once)), number[once], held[once]
    customers = pairs["customer_id"].take(pa.array(np.flatnonzero(np.diff(number, prepend=-1))))
    return _baskets(products.labels, number, held, customers, usual)


def _baskets(
    labels: tuple[str, ...],
    number: Ints,
    held: Ints,
    customers: pa.Array | pa.ChunkedArray,
    usual: Floats,
) -> Baskets:
    """Make baskets of pairs of basket and item; `customers` ascend, ``""`` for nobody known."""
    if isinstance(customers, pa.ChunkedArray):
        customers = customers.combine_chunks()
    encoded = customers.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    names = encoded.dictionary
    guests = 0
    if len(names) and names[0].as_py() == "":
        guests, names = int(np.count_nonzero(codes == 0)), names.slice(1)
        codes = np.where(codes == 0, np.arange(len(codes)), codes - 1 + guests)
    starts = np.concatenate([[0], np.cumsum(np.bincount(number, minlength=len(codes)))])
    return Baskets(labels, starts.astype(np.int64), held, codes, guests, names, usual)
