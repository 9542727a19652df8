"""Households: one family name at one address, flats apart."""

from __future__ import annotations

import pyarrow as pa
import pytest

from custseg.cleanse.merge.households import household_ids
from custseg.engine import Engine

COLUMNS = (
    "family_name",
    "postal_code",
    "city",
    "town",
    "block",
    "building",
    "street",
    "unit",
    "address",
)


def households(*customers):
    table = pa.table(
        {name: pa.array([c.get(name) for c in customers], pa.string()) for name in COLUMNS}
    )
    with Engine(threads=2) as engine:
        return household_ids(table, {name: name for name in COLUMNS}, engine=engine).to_pylist()


def japanese(family="佐藤", block="1-2-3", building=None, **more):
    return {
        "family_name": family,
        "city": "新宿区",
        "town": "西新宿",
        "block": block,
        "building": building,
        **more,
    }


def english(family="Smith", street="12 High Street", unit=None, postal_code="SW1A 1AA", **more):
    return {
        "family_name": family,
        "street": street,
        "unit": unit,
        "postal_code": postal_code,
        **more,
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (japanese(), japanese(), True),
        (japanese(), japanese(postal_code="160-0023"), True),
        (japanese(), japanese(family="鈴木"), False),
        (japanese(), japanese(block="1-2-4"), False),
        (japanese(building="コーポ青 201"), japanese(building="コーポ青201号室"), True),
        (japanese(building="コーポ青 201"), japanese(building="コーポ青 305"), False),
        (japanese(building="コーポ青 201"), japanese(building="コーポ青"), True),
        (japanese(building="コーポ青 201"), japanese(), True),
        (japanese(building="コーポ青 A-1"), japanese(building="コーポ青 B-1"), False),
        (english(), english(family="SMITH"), True),
        (english(), english(postal_code="SW1A 2AA"), False),
        (english(unit="Apt 4"), english(unit="Apt 5"), False),
        (english(unit="Apt 4B"), english(unit="Apt 4C"), False),
        (english(postal_code=None, city="Leeds"), english(postal_code=None, city="York"), False),
        (
            {"family_name": "Green", "street": "wallaby place", "block": "7", "city": "x"},
            {"family_name": "Green", "street": "wallaby place", "block": "9", "city": "x"},
            False,
        ),
        (
            {"family_name": "Green", "street": "wallaby place", "block": "7", "city": "x"},
            {"family_name": "Green", "street": "wallaby place", "block": "7", "city": "x"},
            True,
        ),
        (
            {"family_name": "佐藤", "address": "西新宿1-2-3"},
            {"family_name": "佐藤", "address": "西新宿1-2-3"},
            True,
        ),
    ],
)
def test_two_customers(one, other, same):
    first, second = households(one, other)
    assert first is not None
    assert second is not None
    assert (first == second) is same


@pytest.mark.parametrize(
    "vague",
    [
        {"family_name": "佐藤", "city": "新宿区", "town": "西新宿"},
        {"family_name": "佐藤", "postal_code": "160-0023"},
        {"family_name": "佐藤", "address": "新宿区西新宿"},
        {"family_name": "Smith", "street": "High Street", "postal_code": "SW1A 1AA"},
        japanese(family=None),
    ],
)
def test_without_a_name_or_a_precise_place_there_is_no_household(vague):
    assert households(vague) == [None]


def test_where_flats_are_known_the_one_without_is_on_its_own():
    ids = households(japanese(building="101"), japanese(building="102"), japanese(), japanese())
    assert ids[2] == ids[3]
    assert len(set(ids)) == 3


def test_ids_come_from_content_alone():
    family = [japanese(building="101"), japanese(building="102"), japanese(block="9"), english()]
    assert households(*family) == households(*family[::-1])[::-1]
    assert all(i.startswith("H") and len(i) == 13 for i in households(*family))
