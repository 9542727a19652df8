"""What each customer did in a period and in the one it is compared with.

A period is a number of days that ends the day before ``as_of``: the day of ``as_of`` itself is
not over and belongs to none. The period before ends where it begins, or a year earlier (364
days, so that it has the same weekdays). A period counts as observed where the orders reach back
to its first day; customers can be called new in it only where they reach back once its length
further, else the orders of the years before would be missing from the first months alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from custseg.segment.exact_money import floats
from custseg.segment.grouped import run_starts, sums
from custseg.segment.history import Ints
from custseg.segment.rfm import Floats
from custseg.segment.timelines import Timelines, within

Compare = Literal["before", "year"]

YEAR_OF_WEEKS: Final = 364
NAMES: Final = ("now", "now_eve", "then", "then_eve")


@dataclass(frozen=True, slots=True)
class Window:
    """Days from the first to the last, both within."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def eve(self) -> Window:
        """As many days just before it."""
        return Window(self.first - timedelta(self.days), self.first - timedelta(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """The period looked at, the one it is compared with, and the first day of the orders.

    Attributes
    ----------
    days
        Length of each.
    now, then
        The period, and the earlier one.
    since
        The day of the first order.
    """

    days: int
    now: Window
    then: Window
    since: date

    def observed(self, window: Window) -> bool:
        """Whether the orders reach back to the first day of `window`."""
        return self.since <= window.first

    def tells_new(self, window: Window) -> bool:
        """Whether they reach back far enough before `window` to call its customers new."""
        return self.observed(window.eve)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doings:
    """Orders and money of each customer in one window."""

    orders: Floats
    money: Floats

    def __len__(self) -> int:
        return len(self.orders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What each customer did, in the order of customer ids.

    Attributes
    ----------
    periods
        The windows.
    now, now_eve, then, then_eve
        What they did in both periods, and in those just before them.
    first_day
        Day of the first order.
    wait
        Days from it to the next day with an order; NaN without one.
    """

    periods: Periods
    now: Doings
    now_eve: Doings
    then: Doings
    then_eve: Doings
    first_day: np.ndarray
    wait: Floats

    def new_in(self, window: Window) -> np.ndarray:
        """Whose first order fell in `window`."""
        first, last = (np.datetime64(day) for day in (window.first, window.last))
        return np.asarray((self.first_day >= first) & (self.first_day <= last))


def periods(since: date, as_of: date, days: int, compare: Compare = "before") -> Periods:
    """Lay the two periods of `days` each, among orders `since` a day."""
    now = Window(as_of - timedelta(days), as_of - timedelta(1))
    back = days if compare == "before" else max(YEAR_OF_WEEKS, days)
    then = Window(now.first - timedelta(back), now.last - timedelta(back))
    return Periods(days=days, now=now, then=then, since=since)


def activity(orders: Timelines, found: Periods) -> Activity:
    """Add up what each customer did in the two periods, and in those before them."""
    windows = (found.now, found.now.eve, found.then, found.then.eve)
    done = {
        name: Doings(orders=np.zeros(len(orders)), money=np.zeros(len(orders))) for name in NAMES
    }
    first_day = np.zeros(len(orders), dtype="datetime64[D]")
    wait = np.full(len(orders), np.nan)
    for each in orders:
        first_day[each.place] = each.first_days.astype("datetime64[D]")
        days = each.days - np.repeat(each.first_days, each.counts)
        later = np.flatnonzero(days)
        who = each.who[later]
        starts = run_starts(who)
        wait[each.place[who[starts]]] = days[later[starts]]
        for doings, window in zip(done.values(), windows, strict=True):
            rows = np.flatnonzero(within(each.days, window.first, window.last))
            who = each.who[rows]
            starts = run_starts(who)
            place = each.place[who[starts]]
            doings.orders[place] = np.diff(starts, append=len(who))
            doings.money[place] = floats(sums(each.amount[rows], starts))
    return Activity(periods=found, first_day=first_day, wait=wait, **done)


def count(mask: np.ndarray) -> int:
    """How many are true."""
    return int(np.count_nonzero(mask))


def days_since(day: date, days: np.ndarray) -> Ints:
    """Whole days from each of `days` to `day`."""
    since: Ints = (np.datetime64(day) - days).astype(np.int64)
    return since
