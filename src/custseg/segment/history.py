"""Purchase histories in the form that models of repeat buying take: x, t_x, T and mean value.

Days count, not orders: several orders of a customer on one day are one purchase, as in the
papers that defined these models.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.lines import Lines
from custseg.segment.rfm import Floats, to_floats

Ints = npt.NDArray[np.int64]
Unit = Literal["days", "weeks"]

DAYS: Final = {"days": 1.0, "weeks": 7.0}

_HISTORY = """
WITH days AS (
  SELECT customer_id, order_date, SUM(amount) AS amount FROM orders
  WHERE order_date <= CAST($1 AS DATE) GROUP BY ALL
), firsts AS (
  SELECT *, MIN(order_date) OVER (PARTITION BY customer_id) AS first_day FROM days
)
SELECT customer_id,
  COUNT(*) - 1 AS x,
  CAST(MAX(order_date) - MIN(order_date) AS BIGINT) AS last,
  CAST(CAST($1 AS DATE) - MIN(order_date) AS BIGINT) AS age,
  CAST(SUM(amount) FILTER (order_date > first_day) AS DOUBLE)
    / COUNT(*) FILTER (order_date > first_day) AS mean_value
FROM firsts GROUP BY customer_id ORDER BY customer_id
"""

_SPAN = "SELECT MIN(order_date) AS first, MAX(order_date) AS last FROM orders"

_LATER = """
SELECT customer_id, COUNT(DISTINCT order_date) AS purchases, MIN(order_date) AS next_day,
  CAST(SUM(amount) AS DOUBLE) AS money
FROM orders WHERE order_date > CAST($1 AS DATE) AND order_date <= CAST($2 AS DATE)
GROUP BY customer_id
"""


@dataclass(frozen=True, slots=True)
class History:
    """What each customer did up to a day.

    Attributes
    ----------
    ids
        Customer ids, ascending.
    x
        Repeat purchases: days with orders, the first not counted.
    last
        t_x, days from the first purchase to the last.
    age
        T, days from the first purchase to the end of observation.
    mean_value
        Mean money of the repeat purchases; NaN where there are none.
    """

    ids: pa.ChunkedArray
    x: Ints
    last: Ints
    age: Ints
    mean_value: Floats

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, slots=True)
class Later:
    """What the customers of a history did after it.

    Attributes
    ----------
    purchases
        Days with orders.
    wait
        Days to the first of them; infinite without one.
    money
        Of all of them.
    """

    purchases: Ints
    wait: Floats
    money: Floats


@dataclass(frozen=True, slots=True)
class Distinct:
    """Distinct (x, t_x, T), with their number: likelihoods need no more.

    Attributes
    ----------
    x, tx, age
        Times in the unit asked for.
    weight
        Customers of each.
    place
        For each customer its row here.
    """

    x: Floats
    tx: Floats
    age: Floats
    weight: Floats
    place: Ints


def span(engine: Engine, orders: Lines) -> tuple[date, date]:
    """The days of the first and the last order."""
    found = engine.sql(_SPAN, orders=orders)
    return found["first"][0].as_py(), found["last"][0].as_py()


def purchase_history(engine: Engine, orders: Lines, until: date) -> History:
    """Histories of everyone who bought up to `until`, from ``orders`` one row an order."""
    found = engine.sql(_HISTORY, [until], orders=orders)
    x, last, age = (found[name].to_numpy().astype(np.int64) for name in ("x", "last", "age"))
    return History(found["customer_id"], x, last, age, to_floats(found["mean_value"]))


def later_purchases(
    engine: Engine, orders: Lines, history: History, after: date, until: date
) -> Later:
    """Purchases after `after` up to `until`, by customer of `history`."""
    found = engine.sql(_LATER, [after, until], orders=orders)
    place = pc.index_in(history.ids, value_set=found["customer_id"].combine_chunks())
    known = np.asarray(place.is_valid())
    at = np.asarray(pc.fill_null(place, 0)).astype(np.int64)
    count = np.zeros(len(history), dtype=np.int64)
    wait = np.full(len(history), np.inf)
    money = np.zeros(len(history))
    if found.num_rows:
        days = found["next_day"].to_numpy().astype("datetime64[D]") - np.datetime64(after)
        count = np.where(known, found["purchases"].to_numpy()[at], 0)
        wait = np.where(known, days.astype(np.float64)[at], np.inf)
        money = np.where(known, to_floats(found["money"])[at], 0.0)
    return Later(count, wait, money)


def distinct(history: History, unit: Unit) -> Distinct:
    """Find the distinct (x, t_x, T) of a history."""
    span = int(history.age.max(initial=0)) + 1
    key = (history.x * span + history.last) * span + history.age
    unique, place, weight = np.unique(key, return_inverse=True, return_counts=True)
    days = DAYS[unit]
    return Distinct(
        x=(unique // span**2).astype(np.float64),
        tx=(unique // span % span) / days,
        age=(unique % span) / days,
        weight=weight.astype(np.float64),
        place=place.astype(np.int64),
    )
