"""Customers by month: active and new, and how many of each month's new ones come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from custseg.engine import Engine
from custseg.segment.lines import Lines

_MONTHS = """
WITH firsts AS (
  SELECT *, MIN(order_date) OVER (PARTITION BY customer_id) AS first_day FROM orders
)
SELECT strftime(order_date, '%Y-%m') AS month,
  COUNT(DISTINCT customer_id) AS active,
  COUNT(DISTINCT CASE WHEN date_trunc('month', first_day) = date_trunc('month', order_date)
    THEN customer_id END) AS fresh,
  COUNT(*) AS orders,
  CAST(SUM(amount) AS DOUBLE) AS money
FROM firsts GROUP BY 1 ORDER BY 1
"""

_COHORTS = """
WITH firsts AS (
  SELECT customer_id, order_date, amount,
    MIN(order_date) OVER (PARTITION BY customer_id) AS first_day FROM orders
)
SELECT strftime(first_day, '%Y-%m') AS cohort,
  date_diff('month', date_trunc('month', first_day), date_trunc('month', order_date)) AS later,
  COUNT(DISTINCT customer_id) AS customers,
  CAST(SUM(amount) AS DOUBLE) AS money
FROM firsts GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """One month; `partial` where the observed time ends within it."""

    month: str
    active: int
    new: int
    orders: int
    money: float
    partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """Customers whose first order fell in `month`, by months after it.

    Attributes
    ----------
    customers, money
        At 0, 1, 2 … months after; None where the month has not come yet.
    """

    month: str
    customers: tuple[int | None, ...]
    money: tuple[float | None, ...]


def months(engine: Engine, orders: Lines, as_of: date) -> tuple[MonthRow, ...]:
    """Active and new customers by month; months without an order are listed too."""
    found = {row["month"]: row for row in engine.sql(_MONTHS, orders=orders).to_pylist()}
    last_day = as_of - timedelta(days=1)
    ends_month = as_of.day == 1
    rows = []
    for month in month_names(min(found), max(found)):
        row = found.get(month, {"active": 0, "fresh": 0, "orders": 0, "money": 0.0})
        rows.append(
            MonthRow(
                month=month,
                active=row["active"],
                new=row["fresh"],
                orders=row["orders"],
                money=round(row["money"], 4),
                partial=month == f"{last_day:%Y-%m}" and not ends_month,
            )
        )
    return tuple(rows)


def cohorts(engine: Engine, orders: Lines, as_of: date) -> tuple[CohortRow, ...]:
    """Customers and money by month of the first order and months since."""
    cells: dict[str, dict[int, tuple[int, float]]] = {}
    for row in engine.sql(_COHORTS, orders=orders).to_pylist():
        cells.setdefault(row["cohort"], {})[row["later"]] = (row["customers"], row["money"])
    names = month_names(min(cells), f"{as_of - timedelta(days=1):%Y-%m}")
    rows = []
    for number, month in enumerate(names):
        if month not in cells:
            continue
        seen = [cells[month].get(later, (0, 0.0)) for later in range(len(names) - number)]
        unseen = (None,) * number
        rows.append(
            CohortRow(
                month=month,
                customers=(*(count for count, _ in seen), *unseen),
                money=(*(round(money, 4) for _, money in seen), *unseen),
            )
        )
    return tuple(rows)


def month_names(first: str, last: str) -> list[str]:
    """Months from the first to the last, both as ``YYYY-MM``."""
    start, end = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (first, last))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1)]
