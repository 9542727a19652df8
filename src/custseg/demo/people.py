"""The invented people: who lives with whom, when they were born, what changes when.

Numbers only. Names, addresses and numbers are given to them by the country's own module.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from custseg.demo.shares import FIRST_DAY, LAST_DAY, ORDERS_FROM, Shares
from custseg.demo.text import Ints, Mask, chance, draw

HEAD, PARTNER, CHILD, PARENT, SIBLING = range(5)
"""Places in a household."""

Days = npt.NDArray[np.int64]
"""Days since 1970-01-01; :data:`NEVER` for what does not happen."""

NEVER = 10**6
_EPOCH = date(1970, 1, 1).toordinal()
FIRST = FIRST_DAY.toordinal() - _EPOCH
ORDERS = ORDERS_FROM.toordinal() - _EPOCH
LAST = LAST_DAY.toordinal() - _EPOCH
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class People:
    """One entry a person, in the order of households.

    Attributes
    ----------
    household
        Position of the household the person grew up or lives in.
    place
        :data:`HEAD`, :data:`PARTNER`, :data:`CHILD`, :data:`PARENT` or :data:`SIBLING`.
    head
        Position of the head of the household.
    twin
        Born the same day as the person before.
    moved_out, married, new_email, new_mobile
        The day of the event.
    household_moved
        By household: the day all of it moved.
    """

    household: Ints
    place: Ints
    head: Ints
    female: Mask
    birth: Days
    twin: Mask
    moved_out: Days
    married: Days
    new_email: Days
    new_mobile: Days
    household_moved: Days

    def __len__(self) -> int:
        return len(self.household)


@dataclass(frozen=True, slots=True)
class Records:
    """One entry a record of a customer, in the order of its day.

    Attributes
    ----------
    person
        Whose record it is.
    day
        When its values were true.
    source
        Position of the file it stands in.
    """

    person: Ints
    day: Days
    source: Ints

    def __len__(self) -> int:
        return len(self.person)


def make_records(rng: np.random.Generator, rows: int, sources: int, shares: Shares) -> Records:
    """Make exactly `rows` records of as many persons as it takes.

    Parameters
    ----------
    sources
        Number of files they are spread over.
    """
    counts = draw(rng, shares.records_per_person, rows) + 1
    person = np.repeat(np.arange(rows), counts)[:rows]
    first = np.concatenate([[True], person[1:] != person[:-1]])
    start = np.flatnonzero(first)[np.cumsum(first) - 1]
    further = np.arange(rows) - start
    day = rng.integers(FIRST, LAST + 1, rows)
    source = rng.integers(0, sources, rows)
    crossing = chance(rng, rows, shares.crossing)
    again = chance(rng, rows, shares.registered_again)
    soon = rng.integers(0, 30, rows)
    later = rng.random(rows)
    for step in range(1, len(shares.records_per_person)):
        at = np.flatnonzero(further == step)
        before = day[at - 1]
        gap = np.where(again[at], soon[at], ((LAST - before) * later[at]).astype(np.int64))
        day[at] = np.minimum(before + gap, LAST)
        source[at] = (source[at - 1] + crossing[at]) % sources
    order = np.lexsort((person, day))
    return Records(person[order], day[order], source[order])


def make_people(rng: np.random.Generator, count: int, shares: Shares) -> People:
    """Make `count` persons in their households."""
    sizes = draw(rng, shares.household_sizes, count) + 1
    household = np.repeat(np.arange(count), sizes)[:count]
    opens = np.concatenate([[True], household[1:] != household[:-1]])
    head = np.flatnonzero(opens)[np.cumsum(opens) - 1]
    position = np.arange(count) - head
    place = np.where(
        position == 0,
        HEAD,
        np.where(
            position == 1,
            np.array([PARTNER, CHILD, PARENT, SIBLING])[draw(rng, (0.6, 0.2, 0.08, 0.12), count)],
            np.array([CHILD, PARENT, SIBLING])[draw(rng, (0.8, 0.12, 0.08), count)],
        ),
    )
    birth, twin = _births(rng, place, head, shares)
    female = chance(rng, count, 0.55)
    female = np.where(place == PARTNER, ~female[head], female)
    return People(
        household=household,
        place=place,
        head=head,
        female=female,
        birth=birth,
        twin=twin,
        **_events(rng, place, female, birth, shares),
        household_moved=_event(rng, int(household[-1]) + 1, shares.move_rate),
    )


def with_namesakes(
    rng: np.random.Generator, people: People, family: Ints, given: Ints, shares: Shares
) -> tuple[People, Ints, Ints]:
    """Give a few heads of households the names and the birth date of a stranger.

    Parameters
    ----------
    family, given
        By person, their names.
    """
    alike = np.flatnonzero(chance(rng, len(people), shares.namesake) & (people.place == HEAD))
    model = rng.integers(0, len(people), len(alike))
    family, given = family.copy(), given.copy()
    birth, female = people.birth.copy(), people.female.copy()
    family[alike], given[alike] = family[model], given[model]
    birth[alike], female[alike] = birth[model], female[model]
    return replace(people, birth=birth, female=female), family, given


def _births(rng: np.random.Generator, place: Ints, head: Ints, shares: Shares) -> tuple[Days, Mask]:
    """Give birth days that fit the places, and tell who is the twin of the one before."""
    count = len(place)
    has_children = np.zeros(count, dtype=np.bool_)
    has_children[head[place == CHILD]] = True
    year = np.where(
        has_children,
        np.clip(rng.normal(1959, 10, count), 1932, 1978),
        np.clip(rng.normal(1974, 15, count), 1932, 2004),
    )
    gap = rng.uniform(21, 39, count)
    own = year[head]
    child = own + np.where(own + gap > 2006, 21 + (gap - 21) * 0.4, gap)
    near = own + rng.normal(0, 4, count)
    born = np.select(
        [place == CHILD, place == PARENT, (place == PARTNER) | (place == SIBLING)],
        [child, own - gap, near],
        year,
    )
    days = ((np.maximum(born, 1922) - 1970) * YEAR).astype(np.int64)
    days += rng.integers(0, 365, count)
    kin = np.concatenate(
        [
            [False],
            (head[1:] == head[:-1])
            & (
                ((place[1:] == CHILD) & (place[:-1] == CHILD))
                | ((place[1:] == SIBLING) & (place[:-1] == HEAD))
            ),
        ]
    )
    twin = kin & chance(rng, count, shares.twin) | (
        kin & (place == SIBLING) & chance(rng, count, 4 * shares.twin)
    )
    at = np.flatnonzero(twin)
    for _ in range(2):  # twice, so that a third child born the same day follows the first
        days[at] = days[at - 1]
    return days, twin


def _events(
    rng: np.random.Generator, place: Ints, female: Mask, birth: Days, shares: Shares
) -> dict[str, Days]:
    count = len(place)
    married = _event(rng, count, shares.marriage_rate)
    age = (married - birth) / YEAR
    can_marry = female & (place != PARTNER) & (age >= 22) & (age <= 45)
    married = np.where(can_marry, married, NEVER)
    leaves = _event(rng, count, shares.move_out_rate)
    grown = ((place == CHILD) | (place == SIBLING)) & ((leaves - birth) / YEAR >= 18)
    leaves = np.where(grown, leaves, NEVER)
    with_marriage = (married != NEVER) & chance(rng, count, shares.marriage_moves)
    return {
        "moved_out": np.where(with_marriage, married, leaves),
        "married": married,
        "new_email": _event(rng, count, shares.email_rate),
        "new_mobile": _event(rng, count, shares.mobile_rate),
    }


def _event(rng: np.random.Generator, count: int, rate: float) -> Days:
    """Draw the day of the first event of a yearly `rate`, :data:`NEVER` past the export."""
    day = FIRST + rng.exponential(YEAR / rate, count)
    happens: Days = np.where(day <= LAST, day.astype(np.int64), NEVER)
    return happens


@dataclass(frozen=True, slots=True)
class Places:
    """Positions of addresses: every household's first, its next, and those of who left.

    Attributes
    ----------
    count
        How many addresses there are.
    home, next_home, own
        By person; `next_home` and `own` mean something only for those who moved.
    """

    count: int
    home: Ints
    next_home: Ints
    own: Ints


def make_places(people: People) -> Places:
    """Number the addresses that the people need."""
    households = len(people.household_moved)
    moved = people.household_moved != NEVER
    left = people.moved_out != NEVER
    next_home = households + np.cumsum(moved) - 1
    own = households + int(moved.sum()) + np.cumsum(left) - 1
    return Places(
        count=households + int(moved.sum()) + int(left.sum()),
        home=people.household,
        next_home=next_home[people.household],
        own=own,
    )


def place_of(people: People, places: Places, records: Records) -> Ints:
    """Position of the address that stands in each record."""
    person, day = records.person, records.day
    found: Ints = np.where(
        day >= people.moved_out[person],
        places.own[person],
        np.where(
            day >= people.household_moved[people.household[person]],
            places.next_home[person],
            places.home[person],
        ),
    )
    return found


def household_of(people: People, records: Records) -> Ints:
    """Household of each record's person, as of that person's last record.

    Who has left by then is a household of their own.
    """
    last = np.zeros(len(people), dtype=np.int64)
    np.maximum.at(last, records.person, records.day)
    alone = int(people.household[-1]) + 1 + np.arange(len(people))
    now = np.where(last >= people.moved_out, alone, people.household)
    found: Ints = now[records.person]
    return found
