"""Customers by month: active and new, and how many of each month's new ones come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from custseg.segment.exact_money import total_floats
from custseg.segment.grouped import run_starts, totals
from custseg.segment.timelines import Months, Timelines


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


def months(orders: Timelines, as_of: date) -> tuple[MonthRow, ...]:
    """Active and new customers by month; months without an order are listed too."""
    last_day = as_of - timedelta(days=1)
    ends_month = as_of.day == 1
    named = Months(orders.span)
    active, new, number = np.zeros((3, named.count), dtype=np.int64)
    money = np.zeros(named.count, dtype=object)
    for each in orders:
        month = named.of(each.days)
        active += np.bincount(month[run_starts(each.who, month)], minlength=named.count)
        new += np.bincount(month[each.starts], minlength=named.count)
        number += np.bincount(month, minlength=named.count)
        money += totals(month, each.amount, named.count)
    rows = []
    for place, spent in enumerate(total_floats(money).tolist()):
        month_name = named.name(place)
        rows.append(
            MonthRow(
                month=month_name,
                active=int(active[place]),
                new=int(new[place]),
                orders=int(number[place]),
                money=round(spent, 4),
                partial=month_name == f"{last_day:%Y-%m}" and not ends_month,
            )
        )
    return tuple(rows)


def cohorts(orders: Timelines, as_of: date) -> tuple[CohortRow, ...]:
    """Customers and money by month of the first order and months since."""
    named = Months(orders.span)
    size = named.count**2
    customers = np.zeros(size, dtype=np.int64)
    money = np.zeros(size, dtype=object)
    for each in orders:
        month = named.of(each.days)
        first = np.repeat(month[each.starts], each.counts)
        cell = first * named.count + (month - first)
        customers += np.bincount(cell[run_starts(each.who, month)], minlength=size)
        money += totals(cell, each.amount, size)
    # To the month before `as_of`, with which orders need not end.
    names = month_names(named.name(0), f"{as_of - timedelta(days=1):%Y-%m}")
    shape = (named.count, len(names))
    people, spent = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    width = min(shape)
    people[:, :width] = customers.reshape(named.count, -1)[:, :width]
    spent[:, :width] = total_floats(money).reshape(named.count, -1)[:, :width]
    rows = []
    for number, name in enumerate(names[: named.count]):
        if not people[number, 0]:
            continue
        seen = len(names) - number
        unseen = (None,) * number
        rows.append(
            CohortRow(
                month=name,
                customers=(*people[number, :seen].tolist(), *unseen),
                money=(*(round(each, 4) for each in spent[number, :seen].tolist()), *unseen),
            )
        )
    return tuple(rows)


def month_names(first: str, last: str) -> list[str]:
    """Months from the first to the last, both as ``YYYY-MM``."""
    start, end = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (first, last))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1)]
