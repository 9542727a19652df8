"""Corrected records without a number keep their customer's id."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from custseg.cleanse.merge.codes import key_texts
from custseg.cleanse.merge.corrections import known_as
from custseg.cleanse.merge.ids import assign_ids
from custseg.cleanse.merge.records import record_keys

ROLES = {
    name: name
    for name in ("family_name", "given_name", "phone", "email", "birth_date", "city", "block")
}
ADA = {
    "family_name": "Lovelace",
    "given_name": "Ada",
    "phone": "1",
    "email": "a@x.jp",
    "birth_date": "1815-12-10",
    "city": "London",
    "block": "12",
}
BEN = {
    "family_name": "Lovelace",
    "given_name": "Ben",
    "phone": "1",
    "email": "b@x.jp",
    "city": "London",
    "block": "12",
}
COY = {"family_name": "Smith", "given_name": "Coy", "phone": "7"}


def records(*rows):
    return pa.table(
        {
            "source": pa.array(["a.csv"] * len(rows), pa.string()),
            "row": pa.array(range(1, len(rows) + 1), pa.int64()),
            **{
                name: pa.array([row.get(name) for row in rows], pa.string())
                for name in (*ROLES, "memo")
            },
        }
    )


def carried_on(before, after):
    """For each row of `after` the number of the row of `before` it was, None for a new one."""
    old, new = records(*before), records(*after)
    old_keys, keys = record_keys(old), record_keys(new)
    previous = old.append_column("record_key", key_texts(old_keys))
    first = assign_ids(old_keys, np.arange(len(before)))
    known = known_as(keys, new, ROLES, previous)
    second = assign_ids(keys, np.arange(len(after)), previous=first.book, known_as=known)
    owners = {name: at for at, name in enumerate(first.customer_id.to_pylist())}
    return [owners.get(name) for name in second.customer_id.to_pylist()]


@pytest.mark.parametrize(
    ("record", "change", "kept"),
    [
        (ADA, {"phone": "2"}, True),
        (ADA, {"email": None}, True),
        (ADA, {"memo": "called"}, True),
        (ADA, {"city": "Paris", "block": "3"}, True),
        (ADA, {"family_name": "King"}, True),
        (ADA, {"phone": "2", "email": "z@x.jp"}, False),
        (BEN, {"email": "z@x.jp"}, True),
        (BEN, {"given_name": "Cid"}, False),
        (COY, {"phone": "8"}, False),
    ],
)
def test_a_record_that_differs_in_one_thing_is_the_same_one(record, change, kept):
    others = [{"family_name": "Doe", "phone": "9", "email": "d@x.jp"}]
    found = carried_on([record, *others], [*others, {**record, **change}])
    assert found == [1, 0 if kept else None]


def test_where_two_would_fit_neither_is_taken():
    twin = {**ADA, "phone": "3"}
    assert carried_on([ADA, twin], [{**ADA, "phone": "4"}]) == [None]


def test_a_record_that_is_still_there_is_never_taken_for_another():
    assert carried_on([ADA], [{**ADA, "phone": "2"}, ADA]) == [None, 0]


def test_the_next_run_knows_the_corrected_record_by_its_new_key():
    old, new = records(ADA), records({**ADA, "phone": "2"})
    previous = old.append_column("record_key", key_texts(record_keys(old)))
    first = assign_ids(record_keys(old), np.array([0]))
    keys = record_keys(new)
    second = assign_ids(
        keys, np.array([0]), previous=first.book, known_as=known_as(keys, new, ROLES, previous)
    )
    assert second.history.num_rows == 0
    assert second.book.keys.column("record_key").to_pylist() == key_texts(keys).to_pylist()
    third = assign_ids(keys, np.array([0]), previous=second.book)
    assert third.customer_id == first.customer_id
