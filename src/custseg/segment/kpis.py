"""Key figures of a period, beside the goals set for them and the figures before.

All of one period of so many days (see :mod:`custseg.segment.windows`):

- ``customers``: customers with an order; ``orders`` and ``money``: theirs.
- ``average_order``: money over orders.
- ``repeat_rate``: of the customers with an order, the share with two or more orders.
- ``new_customers``: customers whose first order it holds.
- ``f2_conversion``: of the customers whose first order fell in the period just before, the share
  who ordered again on another day within as many days. Everyone of them had the time.
- ``retention``: of the customers with an order in the period just before, the share with one now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from custseg.segment.windows import Activity, Doings, Periods, Window, count

NAMES: Final = (
    *("customers", "orders", "money", "average_order", "repeat_rate", "new_customers"),
    *("f2_conversion", "retention"),
)
UNITS: Final[Mapping[str, str]] = {
    "money": "money",
    "average_order": "money",
    "repeat_rate": "share",
    "f2_conversion": "share",
    "retention": "share",
}
"""What a figure counts, where it is not a plain number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiRow:
    """One key figure; more is better for all of them.

    Attributes
    ----------
    unit
        ``"count"``, ``"money"`` or ``"share"`` (0 to 1).
    value, previous, last_run
        Of the period, of the one it is compared with, and of the earlier run; None where the
        orders do not tell.
    goal, met
        As set by the user, and whether the value reaches it; None without one.
    """

    name: str
    unit: str
    value: float | None
    previous: float | None = None
    last_run: float | None = None
    goal: float | None = None
    met: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiSummary:
    """Key figures of the last `days` days.

    Attributes
    ----------
    first_day, last_day
        The period.
    previous_first_day, previous_last_day
        The one it is compared with; empty where the orders do not reach back so far.
    last_run
        ``as_of`` of the earlier run; empty for none, or for one of periods of another length.
    """

    days: int
    first_day: str
    last_day: str
    previous_first_day: str
    previous_last_day: str
    rows: tuple[KpiRow, ...]
    last_run: str = ""


def describe_kpis(
    found: Activity, goals: Mapping[str, float], earlier: KpiSummary | None = None
) -> KpiSummary:
    """Work out the key figures.

    Parameters
    ----------
    goals
        By name (one of :data:`NAMES`).
    earlier
        Those of an earlier run; they are shown where its periods had the same length.
    """
    periods = found.periods
    comparable = periods.observed(periods.then)
    now = _values(found, periods.now, found.now, found.now_eve)
    then = _values(found, periods.then, found.then, found.then_eve) if comparable else {}
    same = earlier is not None and earlier.days == periods.days
    last = {row.name: row.value for row in earlier.rows} if earlier and same else {}
    return KpiSummary(
        days=periods.days,
        first_day=periods.now.first.isoformat(),
        last_day=periods.now.last.isoformat(),
        previous_first_day=periods.then.first.isoformat() if comparable else "",
        previous_last_day=periods.then.last.isoformat() if comparable else "",
        rows=tuple(
            _row(name, now[name], then.get(name), last.get(name), goals.get(name)) for name in NAMES
        ),
        last_run=_day_after(earlier) if earlier and same else "",
    )


def _day_after(earlier: KpiSummary) -> str:
    return str(np.datetime64(earlier.last_day) + 1)


def _row(
    name: str,
    value: float | None,
    previous: float | None,
    last_run: float | None,
    goal: float | None,
) -> KpiRow:
    return KpiRow(
        name=name,
        unit=UNITS.get(name, "count"),
        value=value,
        previous=previous,
        last_run=last_run,
        goal=goal,
        met=None if goal is None or value is None else value >= goal,
    )


def _values(
    found: Activity, window: Window, done: Doings, before: Doings
) -> dict[str, float | None]:
    periods = found.periods
    active = done.orders > 0
    orders, money = float(done.orders.sum()), round(float(done.money.sum()), 4)
    known = before.orders > 0
    retained = count(active & known) if periods.observed(window.eve) else None
    return {
        "customers": float(count(active)),
        "orders": orders,
        "money": money,
        "average_order": _share(money, orders),
        "repeat_rate": _share(count(done.orders > 1), count(active)),
        "new_customers": float(count(found.new_in(window))) if periods.tells_new(window) else None,
        "f2_conversion": _second(found, periods, window),
        "retention": None if retained is None else _share(retained, count(known)),
    }


def _second(found: Activity, periods: Periods, window: Window) -> float | None:
    if not periods.tells_new(window.eve):
        return None
    first = found.new_in(window.eve)
    return _share(count(first & (found.wait <= periods.days)), count(first))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
