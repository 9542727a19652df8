"""Invented people are plausible, and every record belongs to one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from custseg.demo.people import (
    CHILD,
    FIRST,
    HEAD,
    LAST,
    NEVER,
    PARENT,
    PARTNER,
    YEAR,
    household_of,
    make_people,
    make_places,
    make_records,
    place_of,
)
from custseg.demo.shares import Shares

COUNT = 20_000


@pytest.fixture(scope="module")
def people():
    return make_people(np.random.default_rng(3), COUNT, Shares())


def test_households_are_runs_with_one_head_each(people):
    assert (np.diff(people.household) >= 0).all()
    heads = np.flatnonzero(people.place == HEAD)
    assert (people.head[heads] == heads).all()
    assert len(heads) == people.household[-1] + 1
    assert (people.household[people.head] == people.household).all()


@pytest.mark.parametrize(
    ("place", "least", "most"), [(CHILD, 20, 41), (PARENT, -41, 0), (PARTNER, -25, 25)]
)
def test_ages_fit_the_places(people, place, least, most):
    at = people.place == place
    younger = (people.birth[at] - people.birth[people.head[at]]) / YEAR
    assert at.any()
    assert (younger > least).all()
    assert (younger < most).all()


def test_partners_differ_in_gender(people):
    at = people.place == PARTNER
    assert (people.female[at] != people.female[people.head[at]]).all()


def test_twins_share_household_and_birth_date(people):
    at = np.flatnonzero(people.twin)
    assert len(at) > 10
    assert (people.birth[at] == people.birth[at - 1]).all()
    assert (people.household[at] == people.household[at - 1]).all()


def test_events_happen_within_the_time_of_the_shop(people):
    for day in (people.moved_out, people.married, people.new_email, people.household_moved):
        happened = day[day != NEVER]
        assert len(happened) > 100
        assert happened.min() >= FIRST
        assert happened.max() <= LAST


@pytest.mark.parametrize("rows", [1, 10, 997, 5000])
@pytest.mark.parametrize("sources", [1, 2])
def test_records_are_exactly_as_many_as_asked(rows, sources):
    records = make_records(np.random.default_rng(5), rows, sources, Shares())
    assert len(records) == rows
    assert set(records.person.tolist()) == set(range(int(records.person.max()) + 1))
    assert (np.diff(records.day) >= 0).all()
    assert records.day.max() <= LAST
    assert set(records.source.tolist()) <= set(range(sources))


def test_share_of_persons_with_several_records():
    records = make_records(np.random.default_rng(5), COUNT, 2, Shares())
    sizes = np.bincount(records.person)
    assert 0.27 < (sizes > 1).mean() < 0.30


def test_nobody_moves_where_rates_are_zero():
    still = replace(Shares(), move_rate=1e-12, move_out_rate=1e-12, marriage_rate=1e-12)
    rng = np.random.default_rng(5)
    records = make_records(rng, 3000, 2, still)
    people = make_people(rng, int(records.person.max()) + 1, still)
    home = people.household[records.person]
    assert (place_of(people, make_places(people), records) == home).all()
    assert (household_of(people, records) == home).all()


def test_who_left_has_an_address_and_a_household_of_their_own(people):
    records = make_records(np.random.default_rng(5), COUNT, 2, Shares())
    gone = records.day >= people.moved_out[records.person]
    places = make_places(people)
    at = place_of(people, places, records)
    assert gone.any()
    assert at.max() < places.count
    owners = {}
    for place, person in zip(at[gone].tolist(), records.person[gone].tolist(), strict=True):
        assert owners.setdefault(place, person) == person
    alone = household_of(people, records)[gone]
    assert (alone > people.household[-1]).all()
