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

from custseg.segment.exact_money import floats
from custseg.segment.grouped import run_starts, sums
from custseg.segment.rfm import Floats
from custseg.segment.timelines import Timeline, Timelines, day_number

Ints = npt.NDArray[np.int64]
Unit = Literal["days", "weeks"]

DAYS: Final = {"days": 1.0, "weeks": 7.0}


@dataclass(frozen=True, slots=True)
class History:
    """What each customer did up to a day.

    Attributes
    ----------
    who
        Customers, as ascending places among all.
    x
        Repeat purchases: days with orders, the first not counted.
    last
        t_x, days from the first purchase to the last.
    age
        T, days from the first purchase to the end of observation.
    mean_value
        Mean money of the repeat purchases; NaN where there are none.
    """

    who: Ints
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


def purchase_history(orders: Timelines, until: date) -> History:
    """Histories of everyone who bought up to `until`."""
    pieces = [_history(each, until) for each in orders]
    who, *columns = (np.concatenate(each) for each in zip(*pieces, strict=True))
    order = np.argsort(who)
    return History(who[order], *(column[order] for column in columns))


def _history(orders: Timeline, until: date) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    found = orders.purchases(until)
    starts = found.starts
    counts = np.diff(starts, append=len(found.day))
    first, last = found.day[starts], found.day[starts + counts - 1]
    x = counts - 1
    later = sums(found.money, starts) - found.money[starts]
    mean = np.full(len(x), np.nan)
    again = x > 0
    mean[again] = floats(later[again]) / x[again]
    return (
        orders.place[found.who[starts]].astype(np.int64),
        x.astype(np.int64),
        (last - first).astype(np.int64),
        (day_number(until) - first).astype(np.int64),
        mean,
    )


def later_purchases(orders: Timelines, history: History, after: date, until: date) -> Later:
    """Purchases after `after` up to `until`, by customer of `history`."""
    count = np.zeros(len(orders), dtype=np.int64)
    wait = np.full(len(orders), np.inf)
    money = np.zeros(len(orders))
    for each in orders:
        found = each.purchases(until)
        later = np.flatnonzero(found.day > day_number(after))
        who, day = found.who[later], found.day[later]
        starts = run_starts(who)
        place = each.place[who[starts]]
        count[place] = np.diff(starts, append=len(who))
        wait[place] = day[starts] - day_number(after)
        money[place] = floats(sums(found.money[later], starts))
    return Later(count[history.who], wait[history.who], money[history.who])


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
