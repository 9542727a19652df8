"""How unevenly customers spend: deciles, the Gini index, and ABC classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from custseg.segment.choice import Labels
from custseg.segment.rfm import Customers, Floats

ABC_BOUNDS: Final = (0.7, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecileRow:
    """One tenth of the customers, 1 spending most."""

    decile: int
    customers: int
    orders: int
    money: float
    money_share: float
    cumulative_share: float


def by_money(customers: Customers) -> Labels:
    """Indices from the highest in money down; of equal ones the lower id first, as they stand."""
    return np.argsort(-customers.monetary, kind="stable")


def deciles(customers: Customers) -> tuple[DecileRow, ...]:
    """Ten groups of (nearly) as many customers each; the first ones take what does not divide."""
    total = customers.monetary.sum()
    rows = []
    so_far = 0.0
    for number, group in enumerate(np.array_split(by_money(customers), 10), start=1):
        money = float(customers.monetary[group].sum())
        so_far += money
        rows.append(
            DecileRow(
                decile=number,
                customers=len(group),
                orders=int(customers.frequency[group].sum()),
                money=round(money, 4),
                money_share=money / total if total else 0.0,
                cumulative_share=so_far / total if total else 0.0,
            )
        )
    return tuple(rows)


def gini(money: Floats) -> float:
    """Gini index of amounts: 0 where all spend alike, near 1 where one spends everything."""
    ordered = np.sort(money)
    n, total = len(ordered), ordered.sum()
    if not total:
        return 0.0
    weights = 2 * np.arange(1, n + 1) - n - 1
    # A product of arrays (@) adds up in as many parts as there are threads.
    return float((weights * ordered).sum() / (n * total))


def abc_classes(customers: Customers, bounds: Sequence[float] = ABC_BOUNDS) -> Labels:
    """Class of each customer: 0 (A) until the customers above hold the first bound of the money.

    The customer who crosses a bound still belongs to the class above it.
    """
    order = by_money(customers)
    money = customers.monetary[order]
    total = money.sum()
    before = (np.cumsum(money) - money) / total if total else np.ones(len(money))
    classes = np.empty(len(order), dtype=np.int64)
    classes[order] = np.searchsorted(np.asarray(bounds), before, "right")
    return classes
