"""When customers come back: the second purchase, the n-th order, and the time between orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from custseg.segment.grouped import Ints, Mask, whole_sum
from custseg.segment.line_runs import DAY
from custseg.segment.rfm import Floats
from custseg.segment.timelines import Timeline, Timelines, day_number

HORIZONS: Final = (30, 60, 90, 180, 365)
ORDERS_SHOWN: Final = 6


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
        By horizon, up to the longest that anyone has been seen for; a purchase is a day with
        orders.
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
    orders: Timelines, as_of: date, horizons: Sequence[int] = HORIZONS
) -> RepeatSummary:
    """Sum up how customers come back; observation ends the day before `as_of`."""
    waits, cames, reached = [], [], np.zeros(ORDERS_SHOWN, dtype=np.int64)
    for each in orders:
        wait, came = _second(each, as_of - timedelta(days=1))
        waits.append(wait)
        cames.append(came)
        reached += [np.count_nonzero(each.counts >= n) for n in range(1, ORDERS_SHOWN + 1)]
    wait, came = np.concatenate(waits), np.concatenate(cames)
    times, shares = kaplan_meier(wait, came)
    longest = (as_of - timedelta(days=1) - orders.span[0]).days
    rows = []
    for days in (each for each in horizons if each <= longest):
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
    mean, median = _between(orders)
    return RepeatSummary(
        second=tuple(rows),
        median_days=int(times[half[0]]) if len(half) else None,
        reached=tuple(reached.tolist()),
        interval_mean=mean,
        interval_median=median,
    )


def _second(orders: Timeline, last_day: date) -> tuple[Floats, Mask]:
    """Days to each customer's second purchase, or to the end of observation, and whether it came.

    A purchase is a day with orders.
    """
    found = orders.purchases()
    starts = found.starts
    came = np.diff(starts, append=len(found.day)) > 1
    wait = day_number(last_day) - found.day[starts]
    wait[came] = found.day[starts[came] + 1] - found.day[starts[came]]
    return wait.astype(np.float64), came


def _between(orders: Timelines) -> tuple[float | None, float | None]:
    """Mean and median of the days between consecutive orders of a customer.

    Whole days are counted first; only the intervals of the day in which the median lies are
    looked at one by one, so that never all of them stand in memory.
    """
    number = total = 0
    by_day = np.zeros(0, dtype=np.int64)
    for each in orders:
        found = _intervals(each)
        number, total = number + len(found), total + whole_sum(found)
        counted = np.bincount(found // DAY, minlength=len(by_day))
        counted[: len(by_day)] += by_day
        by_day = counted
    if not number:
        return None, None
    places = np.array([(number - 1) // 2, number // 2])
    ends = np.cumsum(by_day)
    day = np.searchsorted(ends, places, "right")
    near = np.sort(
        np.concatenate([found[np.isin(found // DAY, day)] for found in map(_intervals, orders)])
    )
    # Of the two middle ones, nothing lies between: they stand in days next to each other.
    middle = near[places - (ends[day[0]] - by_day[day[0]])] / DAY
    return total / number / DAY, float(np.median(middle))


def _intervals(orders: Timeline) -> Ints:
    """Microseconds between consecutive orders of a customer."""
    steps = np.diff(orders.moment)
    inside = np.ones(len(orders), dtype=bool)
    inside[orders.starts] = False
    return np.asarray(steps[inside[1:]])


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
