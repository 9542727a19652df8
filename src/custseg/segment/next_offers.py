"""Bought X, Y usually follows, and has not yet: who is at that point now.

On a list is who first bought X so few days ago that the days in which Y follows are not over, and
never bought Y. The chance that stands behind it is a share of customers: of those who, as many days
after their first X, had not bought Y either, how many then did before the days were over. So it
falls from day to day. Who let the days pass is counted, not listed: what followed says nothing of
them any more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import isfinite

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.segment.baskets import Baskets, Ints
from custseg.segment.next_purchase import NextPurchases
from custseg.segment.rfm import Floats


@dataclass(frozen=True, slots=True)
class NextOffer:
    """Customers for whom the days after their first X are not over, and who never bought Y.

    Attributes
    ----------
    pair
        Place of the pair among the next purchases.
    first, then
        X, and what is offered.
    waiting
        Places of the customers, ascending.
    since
        Days since their first X.
    chance
        Of those who as many days after X had no Y, the share who bought it within the days.
    passed
        Customers with X and without Y whose days are over.
    share, lift, support
        Of those who had the time, the share who bought it within the days; how many times more
        often than customers as active in the same months; and they as a share of all customers.
    usual
        What a purchase of Y usually comes to; not a number where unknown.
    """

    pair: int
    first: int
    then: int
    waiting: Ints = field(repr=False)
    since: Ints = field(repr=False)
    chance: Floats = field(repr=False)
    passed: int
    share: float
    lift: float
    support: float
    usual: float

    @property
    def gain(self) -> float:
        """Expected of all of them above what they would buy anyway; purchases without money."""
        each = self.usual if isfinite(self.usual) else 1.0
        return float(self.chance.sum()) * (1 - 1 / self.lift) * each

    @property
    def expected(self) -> float:
        """Money expected of one customer, on average."""
        return float(self.chance.mean()) * self.usual if len(self.chance) else 0.0


def best_next_offers(
    customers: Baskets,
    firsts: pa.Table,
    found: NextPurchases,
    *,
    as_of: date,
    days: int,
    number: int,
) -> list[NextOffer]:
    """Choose the findings that gain most, one a product that follows at most.

    Parameters
    ----------
    customers
        All that each customer ever bought.
    firsts
        ``customer_id``, ``item``, ``day``: their first purchases of each item.
    found
        What is bought next within `days`.
    as_of
        The day that the days since X are counted to.
    """
    pairs = np.flatnonzero(found.findings) if number else np.zeros(0, dtype=np.int64)
    bought = _Bought(customers, firsts, as_of)
    best: dict[int, NextOffer] = {}
    for pair in pairs.tolist():
        made = _offer(bought, found, pair, days)
        known = best.get(made.then)
        if made.gain > 0 and (known is None or _order(made) < _order(known)):
            best[made.then] = made
    return sorted(best.values(), key=_order)[:number]


def _order(offer: NextOffer) -> tuple[float, int, int]:
    return -round(offer.gain, 6), offer.first, offer.then


class _Bought:
    """First purchases by item: who, and how many days ago."""

    def __init__(self, customers: Baskets, firsts: pa.Table, as_of: date) -> None:
        self.customers = customers
        who = pc.index_in(firsts["customer_id"], value_set=customers.customers)
        today = (as_of - date(1970, 1, 1)).days
        ago = today - firsts["day"].cast(pa.int32()).to_numpy()
        item = firsts["item"].to_numpy()
        order = np.argsort(item, kind="stable")
        self._who, self._ago = who.to_numpy().astype(np.int64)[order], ago[order].astype(np.int64)
        self._bounds = np.searchsorted(item[order], np.arange(len(customers.labels) + 1))
        self.last = int(ago.min())

    def of(self, item: int) -> tuple[Ints, Ints]:
        """Give the customers who bought an item, and how many days ago first."""
        mine = slice(self._bounds[item], self._bounds[item + 1])
        return self._who[mine], self._ago[mine]


def _offer(bought: _Bought, found: NextPurchases, pair: int, days: int) -> NextOffer:
    first, then = int(found.first[pair]), int(found.then[pair])
    who, ago = bought.of(first)
    later = np.full(len(bought.customers), -1, dtype=np.int64)
    owners, owned = bought.of(then)
    later[owners] = owned
    never = later[who] < 0
    inside = never & (ago <= days)
    order = np.argsort(who[inside])
    since = ago[inside][order]
    had_time = (ago - bought.last >= days) & (later[who] < ago)
    waits = np.where(never, days + 1, ago - later[who])[had_time]
    within = np.sort(waits[waits <= days])
    # Today is not over: they are like those who had no Y by the end of the day before.
    gone = np.searchsorted(within, since, "left")
    return NextOffer(
        pair,
        first,
        then,
        who[inside][order],
        since,
        (len(within) - gone) / np.maximum(len(waits) - gone, 1),
        int(np.count_nonzero(never & ~inside)),
        float(found.confidence[pair]),
        float(found.ratio[pair]),
        int(found.customers[pair]) / len(bought.customers),
        float(bought.customers.usual[then]),
    )


def next_offer_table(
    offer: NextOffer, customers: Baskets, facts: pa.Table, *, as_of: date, days: int
) -> pa.Table:
    """Make the rows of a list, before contact columns."""
    labels, number = customers.labels, len(offer.waiting)
    table = facts.take(pa.array(offer.waiting))
    first_day = (as_of - date(1970, 1, 1)).days - offer.since
    columns = {
        "product": pa.array([labels[offer.then]] * number, pa.string()),
        "because_bought": pa.array([labels[offer.first]] * number, pa.string()),
        "first_bought": pa.array(first_day.astype(np.int32)).cast(pa.date32()),
        "days_since": pa.array(offer.since),
        "days_left": pa.array(days - offer.since),
        "chance": pa.array(offer.chance.round(6)),
        "support": pa.array(np.full(number, offer.support).round(6)),
        "lift": pa.array(np.full(number, offer.lift).round(6)),
        "usual_amount": pa.array(np.full(number, offer.usual).round(4), from_pandas=True),
        "expected_value": pa.array((offer.chance * offer.usual).round(4), from_pandas=True),
    }
    for at, (name, column) in enumerate(columns.items(), start=1):
        table = table.add_column(at, name, column)
    return table
