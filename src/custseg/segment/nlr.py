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

import numpy as np

from custseg.segment.exact_money import total_floats
from custseg.segment.grouped import Ints, run_starts, sums, totals
from custseg.segment.periods import month_names
from custseg.segment.timelines import Months, Purchases, Timelines, day_number

_KINDS: Final = ("retained", "returned", "new", "lapsed")
_RETAINED, _RETURNED, _NEW, _LAPSED = range(4)
_YEAR: Final = 365


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


def nlr(orders: Timelines, as_of: date, days: int) -> NlrSummary:
    """Count who came, stayed, came back and went, by month up to the day before `as_of`."""
    since = orders.span[0]
    named = Months((since, max(since, as_of)))
    shape = (len(_KINDS), named.count)
    size = shape[0] * shape[1]
    customers, spent = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=object)
    for each in orders:
        found = each.purchases(as_of - timedelta(days=1))
        for kinds, when, money in (_came(found, named, days), _went(found, named, days, as_of)):
            cell = kinds * named.count + when
            customers += np.bincount(cell, minlength=size)
            spent += totals(cell, money, size)
    counts, money_of = customers.reshape(shape), total_floats(spent).reshape(shape)
    cells = {
        (named.name(month), kind): (int(counts[place, month]), round(float(amounts[month]), 4))
        for place, (kind, amounts) in enumerate(zip(_KINDS, money_of, strict=True))
        for month in np.flatnonzero(counts[place]).tolist()
    }
    if not cells:
        return NlrSummary(days=days, rows=())
    first = min(month for month, _ in cells)
    last_day = as_of - timedelta(days=1)
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


def _came(found: Purchases, named: Months, days: int) -> tuple[Ints, Ints, Ints]:
    """Customers with an order, by month: kind, month and money of each."""
    gap = np.zeros(len(found.day), dtype=np.int64)
    np.subtract(found.day[1:], found.day[:-1], out=gap[1:])
    kind = np.where(gap >= days, _RETURNED, _RETAINED)
    kind[found.starts] = _NEW
    month = named.of(found.day)
    own = run_starts(found.who, month)
    # Of several purchases in a month the first tells more than those that follow it.
    return _highest(kind, own), month[own], sums(found.money, own)


def _highest(values: Ints, starts: Ints) -> Ints:
    return np.maximum.reduceat(values, starts) if len(starts) else values[:0]


def _went(found: Purchases, named: Months, days: int, as_of: date) -> tuple[Ints, Ints, Ints]:
    """Customers who lapsed, with the day on which they did, and what a year of them was worth."""
    wait = np.full(len(found.day), days, dtype=np.int64)
    np.subtract(found.day[1:], found.day[:-1], out=wait[:-1])
    wait[found.starts[1:] - 1] = days
    last = np.flatnonzero((wait >= days) & (found.day + days <= day_number(as_of)))
    day = found.day[last]
    return (
        np.full(len(last), _LAPSED),
        named.of(day + (days - 1)),
        _spent(found, last),
    )


def _spent(found: Purchases, last: Ints) -> Ints:
    """Money of a year of days up to the purchase `last`."""
    width = int(found.day.max(initial=0)) - int(found.day.min(initial=0)) + _YEAR + 1
    # One ascending key: those of a customer a year before reach into no other's.
    key = found.who.astype(np.int64) * width + (found.day - int(found.day.min(initial=0)))
    first = np.searchsorted(key, key[last] - (_YEAR - 1))
    so_far = np.zeros(len(found.day) + 1, dtype=found.money.dtype)
    np.cumsum(found.money, out=so_far[1:])
    return so_far[last + 1] - so_far[first]
