"""What each customer ordered when, and for how much: the arrays that all analyses are made from.

A customer is a number here, the place among all customers by id; their orders stand by time. Where
memory is too small for all of them, a portion of the customers is looked at after the other, and
waits on disk in between. What is found of each customer is the same, whatever the portions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.engine import Engine, PutAway
from custseg.segment.exact_money import decimals, units
from custseg.segment.grouped import Ints, Mask, run_starts, sums
from custseg.segment.ledger import Ledger
from custseg.segment.rfm import Floats

EPOCH: Final = date(1970, 1, 1)
_NO_DAY: Final = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The orders of some customers, by customer and time.

    Attributes
    ----------
    place
        Who the customers are: their places among all.
    starts
        The first order of each.
    first_amount, first_lines
        Money (in whole units) and lines of the order that came first.
    days, moment
        Days and microseconds since 1970.
    amount
        Whole units of money.
    """

    place: Ints
    starts: Ints
    first_amount: Ints
    first_lines: Ints
    days: npt.NDArray[np.int32]
    moment: npt.NDArray[np.int64]
    amount: Ints

    def __len__(self) -> int:
        return len(self.days)

    @property
    def who(self) -> Ints:
        """The customer of each order, as a place in `place`."""
        return np.repeat(np.arange(len(self.place), dtype=np.int32), self.counts)

    @property
    def counts(self) -> Ints:
        """How many orders each customer has."""
        return np.diff(self.starts, append=len(self))

    @property
    def first_days(self) -> Ints:
        """The day of each customer's first order."""
        return self.days[self.starts]

    def purchases(self, until: date | None = None) -> Purchases:
        """Orders of a day added up to one purchase, those after `until` not seen."""
        who, days, amount = self.who, self.days, self.amount
        if until is not None and np.any(late := days > day_number(until)):
            who, days, amount = who[~late], days[~late], amount[~late]
        starts = run_starts(who, days)
        return Purchases(who[starts], days[starts], sums(amount, starts))


@dataclass(frozen=True, slots=True)
class Purchases:
    """Days with orders, by customer and day.

    Attributes
    ----------
    who
        The customer, as a place in that of the timeline.
    day
        Since 1970.
    money
        Whole units.
    """

    who: Ints
    day: Ints
    money: Ints

    @property
    def starts(self) -> Ints:
        """The first purchase of each customer who has any."""
        return run_starts(self.who)


@dataclass(slots=True)
class _Away:
    """A timeline on disk."""

    customers: PutAway
    orders: PutAway

    def read(self, place: Ints) -> Timeline:
        people, orders = self.customers.table(), self.orders.table()
        counts = people["n"].to_numpy()
        return Timeline(
            place=place,
            starts=np.cumsum(counts) - counts,
            first_amount=units(people["first_amount"])[0],
            first_lines=people["first_lines"].to_numpy(),
            days=orders["days"].to_numpy(),
            moment=orders["moment"].to_numpy(),
            amount=_unpacked(orders["amount"]),
        )


class Timelines:
    """The orders of all customers, to be gone through a portion of the customers at a time.

    Parameters
    ----------
    engine
        Keeps portions on disk; None keeps the one there is in memory.
    """

    def __init__(self, engine: Engine | None = None) -> None:
        self._engine = engine
        self._pieces: list[Timeline | _Away] = []
        self._places: list[Ints] = []
        self._days: tuple[int, int] = (_NO_DAY, -_NO_DAY)
        self._customers = 0

    @classmethod
    def of(cls, ledger: Ledger) -> Timelines:
        """Take them from the orders of all customers."""
        made = cls()
        made.add(ledger)
        made.settle(np.arange(len(ledger.starts)))
        return made

    def add(self, ledger: Ledger) -> None:
        """Add a portion of the customers."""
        starts, first = ledger.starts, ledger.first
        piece = Timeline(
            place=np.empty(0, np.int32),
            starts=starts,
            first_amount=ledger.amount[first],
            first_lines=ledger.column("n_lines")[first],
            days=ledger.days,
            moment=ledger.moment,
            amount=ledger.amount,
        )
        low, high = self._days
        days = piece.days
        self._days = min(low, int(days.min())), max(high, int(days.max()))
        self._pieces.append(piece if self._engine is None else _put_away(self._engine, piece))
        self._places.append(np.arange(self._customers, self._customers + len(starts)))
        self._customers += len(starts)

    def settle(self, order: Ints) -> None:
        """Say in which order the customers stand, of all portions as they were added."""
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        self._places = [rank[each] for each in self._places]

    def __len__(self) -> int:
        return self._customers

    def __iter__(self) -> Iterator[Timeline]:
        for piece, place in zip(self._pieces, self._places, strict=True):
            yield piece.read(place) if isinstance(piece, _Away) else replace(piece, place=place)

    @property
    def span(self) -> tuple[date, date]:
        """The days of the first and the last order."""
        first, last = self._days
        return EPOCH + timedelta(first), EPOCH + timedelta(last)

    def gathered(self, pieces: Iterable[tuple[Ints, Ints | Floats]]) -> Floats:
        """Put values of some customers (places, values) into the order of all; 0 for others."""
        found = np.zeros(len(self))
        for place, values in pieces:
            found[place] = values
        return found


class Months:
    """Days of a span as months, counted from its first one.

    Attributes
    ----------
    count
        How many months there are.
    """

    def __init__(self, span: tuple[date, date]) -> None:
        self._first, last = (day_number(day) for day in span)
        self._year, self._month = span[0].year, span[0].month
        days = np.arange(self._first, last + 1).astype("datetime64[D]")
        months = days.astype("datetime64[M]").astype(np.int64)
        self._of = (months - months[0]).astype(np.int32)
        self.count = int(self._of[-1]) + 1

    def of(self, days: Ints) -> npt.NDArray[np.int32]:
        """The month of each day."""
        return np.asarray(self._of[days - self._first])

    def name(self, month: int) -> str:
        """Its name, ``YYYY-MM``."""
        later = self._year * 12 + self._month - 1 + month
        return f"{later // 12:04}-{later % 12 + 1:02}"


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def within(days: Ints, first: date, last: date) -> Mask:
    """Which days lie from the first to the last."""
    return np.asarray((days >= day_number(first)) & (days <= day_number(last)))


def _put_away(engine: Engine, piece: Timeline) -> _Away:
    people = {
        "n": pa.array(piece.counts, pa.int64()),
        "first_amount": decimals(piece.first_amount),
        "first_lines": pa.array(piece.first_lines, pa.int64()),
    }
    orders = {
        "days": pa.array(piece.days),
        "moment": pa.array(piece.moment),
        "amount": _packed(piece.amount),
    }
    return _Away(engine.put_away(pa.table(people)), engine.put_away(pa.table(orders)))


def _packed(money: Ints) -> pa.Array | pa.ChunkedArray:
    """Money for a file: whole units, and what does not fit into 64 bits as decimals."""
    return decimals(money) if money.dtype == object else pa.array(money, pa.int64())


def _unpacked(money: pa.ChunkedArray) -> Ints:
    if pa.types.is_decimal(money.type):
        return units(money)[0]
    return np.asarray(money.to_numpy())
