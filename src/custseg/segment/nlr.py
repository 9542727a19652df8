"""NLR: new, lapsed and repeating customers of each month (新規・離脱・継続), people and money.

A customer has lapsed at the end of the day on which their last order lies a whole period back, and
is active until then. So of each month:

- ``new``: their first order falls in it;
- ``returned``: they had lapsed, and ordered again;
- ``retained``: all others with an order;
- ``lapsed``: the day on which they lapsed falls in it. Their money is what they spent in the
  365 days up to the last order: what a year of them was worth.

Customers with an order are new, returned or retained, each one of the three, and so is the money.
Active at the end = active before + new + returned - lapsed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from custseg.engine import Engine
from custseg.segment.lines import Lines
from custseg.segment.periods import month_names

_DAYS: Final = """
WITH days AS (
  SELECT customer_id, order_date AS day, SUM(amount) AS money FROM orders
  WHERE order_date < CAST($1 AS DATE) GROUP BY ALL
), steps AS (
  SELECT *, day - lag(day) OVER own AS gap, lead(day) OVER own - day AS wait,
    SUM(money) OVER (PARTITION BY customer_id ORDER BY day
      RANGE BETWEEN INTERVAL 364 DAYS PRECEDING AND CURRENT ROW) AS yearly
  FROM days WINDOW own AS (PARTITION BY customer_id ORDER BY day)
)"""

_CAME: Final = """
, own AS (
  SELECT strftime(day, '%Y-%m') AS month, customer_id, SUM(money) AS money,
    CASE WHEN BOOL_OR(gap IS NULL) THEN 'new' WHEN BOOL_OR(gap >= $2) THEN 'returned'
      ELSE 'retained' END AS kind
  FROM steps GROUP BY ALL
)
SELECT month, kind, COUNT(*) AS customers, CAST(SUM(money) AS DOUBLE) AS money
FROM own GROUP BY ALL
"""

_WENT: Final = """
SELECT strftime(day + CAST($2 - 1 AS INTEGER), '%Y-%m') AS month, 'lapsed' AS kind,
  COUNT(*) AS customers, CAST(SUM(yearly) AS DOUBLE) AS money
FROM steps
WHERE (wait IS NULL OR wait >= $2) AND day + CAST($2 AS INTEGER) <= CAST($1 AS DATE)
GROUP BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NlrRow:
    """One month.

    Attributes
    ----------
    active
        Customers who had not lapsed at its end.
    partial
        Whether observation ends within it.
    early
        Whether it begins less than a period after the first order: some who seem new may only
        have come back, and nobody can have lapsed yet.
    """

    month: str
    new: int
    new_money: float
    returned: int
    returned_money: float
    retained: int
    retained_money: float
    lapsed: int
    lapsed_money: float
    active: int
    partial: bool
    early: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NlrSummary:
    """New, lapsed and repeating customers by month; who has not ordered for `days` has lapsed."""

    days: int
    rows: tuple[NlrRow, ...]


def nlr(engine: Engine, orders: Lines, as_of: date, days: int) -> NlrSummary:
    """Count who came, stayed, came back and went, by month up to the day before `as_of`."""
    cells: dict[tuple[str, str], tuple[int, float]] = {}
    for query in (_CAME, _WENT):
        found = engine.sql(_DAYS + query, [as_of, days], orders=orders)
        for row in found.to_pylist():
            cells[row["month"], row["kind"]] = row["customers"], round(row["money"], 4)
    if not cells:
        return NlrSummary(days=days, rows=())
    first = min(month for month, _ in cells)
    last_day = as_of - timedelta(days=1)
    since = engine.sql("SELECT MIN(order_date) AS day FROM orders", orders=orders)["day"][0].as_py()
    told_from = since + timedelta(days=days)
    rows = []
    active = 0
    for month in month_names(first, f"{last_day:%Y-%m}"):
        new, returned, retained, lapsed = (
            cells.get((month, kind), (0, 0.0)) for kind in ("new", "returned", "retained", "lapsed")
        )
        active += new[0] + returned[0] - lapsed[0]
        rows.append(
            NlrRow(
                month=month,
                new=new[0],
                new_money=new[1],
                returned=returned[0],
                returned_money=returned[1],
                retained=retained[0],
                retained_money=retained[1],
                lapsed=lapsed[0],
                lapsed_money=lapsed[1],
                active=active,
                partial=month == f"{last_day:%Y-%m}" and as_of.day != 1,
                early=date.fromisoformat(f"{month}-01") < told_from,
            )
        )
    return NlrSummary(days=days, rows=tuple(rows))
