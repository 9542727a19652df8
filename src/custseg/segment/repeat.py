"""When customers come back: the second purchase, the n-th order, and the time between orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from custseg.engine import Engine
from custseg.segment.lines import Lines
from custseg.segment.rfm import Floats, to_floats

HORIZONS: Final = (30, 60, 90, 180, 365)
ORDERS_SHOWN: Final = 6

_SECOND = """
WITH days AS (
  SELECT DISTINCT customer_id, order_date FROM orders
), numbered AS (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY order_date) AS n FROM days
)
SELECT CAST(COALESCE(MIN(order_date) FILTER (n = 2), CAST($1 AS DATE)) - MIN(order_date)
    AS BIGINT) AS wait,
  COUNT(*) FILTER (n = 2) > 0 AS came
FROM numbered GROUP BY customer_id
"""

_REACHED = """
WITH counts AS (SELECT COUNT(*) AS n FROM orders GROUP BY customer_id)
SELECT n, COUNT(*) AS customers FROM counts GROUP BY n ORDER BY n
"""

_INTERVALS = """
SELECT epoch(ordered_at - lag(ordered_at) OVER (
  PARTITION BY customer_id ORDER BY ordered_at, order_id)) / 86400.0 AS days FROM orders
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPurchaseRow:
    """Share of customers who bought again within `days` of their first purchase.

    Attributes
    ----------
    share
        Kaplan-Meier estimate: who has not had the time yet is neither a yes nor a no.
    naive
        Second purchases so far over all customers: too low, since it counts those as a no.
    waiting
        Customers observed for that long, or gone before by buying: what the estimate rests on.
    """

    days: int
    share: float
    naive: float
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatSummary:
    """Second purchases, orders reached, and intervals.

    Attributes
    ----------
    second
        By horizon; a purchase is a day with orders.
    median_days
        Until half the customers have bought again; None where half never did.
    reached
        Customers with at least 1, 2, 3 … orders.
    interval_mean, interval_median
        Days between consecutive orders of a customer; None without any.
    """

    second: tuple[SecondPurchaseRow, ...]
    median_days: int | None
    reached: tuple[int, ...]
    interval_mean: float | None
    interval_median: float | None


def repeat_summary(
    engine: Engine, orders: Lines, as_of: date, horizons: Sequence[int] = HORIZONS
) -> RepeatSummary:
    """Sum up how customers come back; observation ends the day before `as_of`."""
    found = engine.sql(_SECOND, [as_of - timedelta(days=1)], orders=orders)
    wait = to_floats(found["wait"])
    came = np.asarray(found["came"])
    times, shares = kaplan_meier(wait, came)
    reached = engine.sql(_REACHED, orders=orders)
    counts = reached["n"].to_numpy()
    customers = reached["customers"].to_numpy()
    # Sorted, so that the last digit of the mean does not depend on who came first.
    intervals = np.sort(to_floats(engine.sql(_INTERVALS, orders=orders)["days"].drop_null()))
    rows = []
    for days in horizons:
        place = int(np.searchsorted(times, days, "right"))
        rows.append(
            SecondPurchaseRow(
                days=days,
                share=float(shares[place - 1]) if place else 0.0,
                naive=float(np.mean(came & (wait <= days))),
                waiting=int(np.count_nonzero((wait >= days) | came)),
            )
        )
    half = np.flatnonzero(shares >= 0.5)
    return RepeatSummary(
        second=tuple(rows),
        median_days=int(times[half[0]]) if len(half) else None,
        reached=tuple(int(customers[counts >= n].sum()) for n in range(1, ORDERS_SHOWN + 1)),
        interval_mean=float(intervals.mean()) if len(intervals) else None,
        interval_median=float(np.median(intervals)) if len(intervals) else None,
    )


def kaplan_meier(times: Floats, happened: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Distinct times of events, ascending, and the share for whom it has happened by then.

    Kaplan, Meier: Nonparametric Estimation from Incomplete Observations, JASA 53 (1958).

    Parameters
    ----------
    times
        Time to the event, or to the end of observation.
    happened
        Whether it was the event.
    """
    events, counts = np.unique(times[happened], return_counts=True)
    at_risk = len(times) - np.searchsorted(np.sort(times), events, "left")
    still = np.cumprod(1 - counts / at_risk)
    return events, np.asarray(1 - still, dtype=np.float64)
