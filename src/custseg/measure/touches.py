"""By which channel people first and last bought, and what each campaign brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from custseg.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """One channel (or none named).

    Attributes
    ----------
    first, last
        Customers whose first, and last, order was made there.
    first_money
        All that the customers who began there have spent, anywhere.
    orders, money
        Made there.
    """

    channel: str
    first: int
    last: int
    first_money: float
    orders: int
    money: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """One campaign (or none): its part of the orders.

    Attributes
    ----------
    customers, orders, money, share
        With its name on them; `share` of all money.
    new_customers
        Who made their first order with it.
    later_money
        What those spent afterwards.
    """

    campaign: str
    customers: int
    orders: int
    money: float
    share: float
    new_customers: int
    later_money: float


_RANKED = """
WITH ranked AS (
    SELECT customer_id, coalesce({label}, '') AS label, CAST(amount AS DOUBLE) AS amount,
           row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at, order_id) AS number,
           row_number() OVER (
               PARTITION BY customer_id ORDER BY ordered_at DESC, order_id DESC
           ) AS back,
           sum(CAST(amount AS DOUBLE)) OVER (PARTITION BY customer_id) AS whole
    FROM orders
)
"""

_CHANNELS = """
SELECT label, count(*) FILTER (number = 1), count(*) FILTER (back = 1),
       coalesce(sum(whole) FILTER (number = 1), 0), count(*), sum(amount)
FROM ranked GROUP BY label ORDER BY sum(amount) DESC, label
"""

_CAMPAIGNS = """
SELECT label, count(DISTINCT customer_id), count(*), sum(amount),
       sum(amount) / nullif((SELECT sum(amount) FROM ranked), 0),
       count(*) FILTER (number = 1), coalesce(sum(whole - amount) FILTER (number = 1), 0)
FROM ranked GROUP BY label ORDER BY sum(amount) DESC, label
"""


def channels(engine: Engine, orders: pa.Table) -> tuple[ChannelRow, ...]:
    """Compare channels; `orders` as :class:`custseg.segment.orders.Orders` has them."""
    found = _asked(engine, orders, "channel", _CHANNELS)
    names = ("channel", "first", "last", "first_money", "orders", "money")
    return tuple(ChannelRow(**dict(zip(names, row, strict=True))) for row in found)


def campaigns(engine: Engine, orders: pa.Table) -> tuple[CampaignRow, ...]:
    """Give the part of each campaign; orders without one stand in a row without a name."""
    found = _asked(engine, orders, "campaign", _CAMPAIGNS)
    names = ("campaign", "customers", "orders", "money", "share", "new_customers", "later_money")
    return tuple(CampaignRow(**dict(zip(names, row, strict=True))) for row in found)


def _asked(engine: Engine, orders: pa.Table, label: str, query: str) -> list[tuple[Any, ...]]:
    if label not in orders.column_names:
        return []
    table = engine.sql(_RANKED.format(label=label) + query, orders=orders)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))
