"""A cell of a million characters is read by every role at once, and stays as it is."""

from __future__ import annotations

import time

import pyarrow as pa
import pytest

from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.table import standardize_table
from custseg.engine import Engine
from custseg.fields import recognize
from custseg.fields.registry import roles

CHARACTERS = ("a", "1", "あ", "山", "-", " x", "a@", "(")
LENGTH = 1_000_000


def cells() -> list[str]:
    return [(piece * LENGTH)[:LENGTH] for piece in CHARACTERS]


@pytest.mark.parametrize("role", [name for name, role in roles().items() if role.standardizer])
def test_long_cells_of_every_role(role: str) -> None:
    standardizer = roles()[role].standardizer
    assert standardizer is not None
    names = {"cell": role, **{f"beside {each}": each for each in standardizer.neighbors}}
    table = pa.table({name: pa.array(cells()) for name in names})
    start = time.process_time()
    with Engine(threads=1) as engine:
        done = standardize_table(table, names, Context(), engine, source="a")
    assert time.process_time() - start < 10
    assert done.table.num_rows == len(CHARACTERS)
    if standardizer.longest is not None:
        assert done.table.column("cell").to_pylist() == cells()
        changes = done.changes.to_pylist()
        assert {(each["status"], each["reason"]) for each in changes} == {("invalid", "too_long")}


def test_long_cells_are_looked_at() -> None:
    table = pa.table({f"some {at}": [cell] for at, cell in enumerate(cells())})
    start = time.process_time()
    recognize(table)
    assert time.process_time() - start < 10


def test_neighbors_too_long_are_as_if_empty() -> None:
    names = {"name": "person_name", "reading": "kana"}
    long = pa.table({"name": ["山田太郎"], "reading": ["ア" * 2000]})
    empty = pa.table({"name": ["山田太郎"], "reading": pa.array([None], pa.string())})
    with Engine(threads=1) as engine:
        beside_long, beside_nothing = (
            standardize_table(table, names, Context(), engine, source="a").table.column("name")
            for table in (long, empty)
        )
    assert beside_long == beside_nothing
