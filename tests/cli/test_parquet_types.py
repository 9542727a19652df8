"""Parquet in, Parquet out: what has no standard form keeps its type, and undo gives all back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import custseg
from custseg.privacy.erase import erase_table
from custseg.privacy.person import Person

Run = Callable[..., Any]

OTHERS: dict[str, pa.Array] = {
    "x_int": pa.array([2**53 + 1, None, -7], pa.int64()),
    "x_small": pa.array([1, 2, 255], pa.uint8()),
    "x_float": pa.array([1.5, float("nan"), None], pa.float32()),
    "x_flag": pa.array([True, None, False]),
    "x_decimal": pa.array([Decimal("1.2300"), None, Decimal("-5.0000")], pa.decimal128(20, 4)),
    "x_stamp": pa.array(
        [1_577_847_845_000_678, None, 1_600_000_000_000_000], pa.timestamp("us", "Asia/Tokyo")
    ),
    "登録日": pa.array([1_577_847_845_000, None, None], pa.timestamp("ms")),
    "x_time": pa.array([dt.time(1, 2, 3), None, dt.time(0)], pa.time64("us")),
    "x_list": pa.array([["a", ""], [], None], pa.list_(pa.string())),
    "x_record": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": ""}]),
    "x_bytes": pa.array([b"\xff\x00", None, b""], pa.binary()),
    "x_word": pa.array(["", None, "ｘ"]).dictionary_encode(),
    "x_nothing": pa.nulls(3),
}
PEOPLE: dict[str, pa.Array] = {
    " 会員番号 ": pa.array([1, None, 3], pa.int64()),
    "氏名": pa.array(["山田　太郎", "佐藤花子", ""]),
    "電話番号": pa.array([9012345678, 312345678, None], pa.int64()),
    "生年月日": pa.array([dt.date(1990, 1, 1), None, dt.date(2000, 5, 6)]),
    "備考": pa.array(["", None, "ﾒﾓ"], pa.large_string()),
}


@pytest.fixture
def given_(tmp_path: Path) -> pa.Table:
    table = pa.table({**PEOPLE, **OTHERS}).replace_schema_metadata({b"owner": b"crm"})
    pq.write_table(table, tmp_path / "people.parquet")
    return pq.read_table(tmp_path / "people.parquet")


def same(one: pa.ChunkedArray, other: pa.ChunkedArray) -> bool:
    """Compare values and types; a number that is none is the same as another."""
    return one.type == other.type and repr(one.to_pylist()) == repr(other.to_pylist())


def test_columns_without_a_standard_form_stay_exactly_as_they_were(
    given_: pa.Table, run: Run
) -> None:
    assert run("standardize", "people.parquet", "-o", "out").code == 0
    done = pq.read_table("out/standardized/people.parquet")
    for name in (*OTHERS, "生年月日"):
        assert same(done[name], given_[name]), name
    assert same(done["会員番号"], given_[" 会員番号 "])
    assert done["電話番号"].to_pylist() == ["+819012345678", "+81312345678", None]
    assert run("standardize", "people.parquet", "-o", "one.parquet").code == 0
    assert pq.read_table("one.parquet").schema == done.schema


def test_undo_gives_a_parquet_input_back(given_: pa.Table, run: Run) -> None:
    assert run("standardize", "people.parquet", "-o", "out").code == 0
    undone = run("undo", "out", "-o", "back.parquet")
    assert (undone.code, undone.err) == (0, "")
    back = pq.read_table("back.parquet")
    assert back.schema.equals(given_.schema, check_metadata=True)
    for name in given_.column_names:
        assert same(back[name], given_[name]), name


def test_what_only_parquet_holds_is_told(given_: pa.Table, run: Run) -> None:
    refused = run("standardize", "people.parquet", "-o", "out", "--format", "csv")
    assert refused.code == 3
    assert "column x_list holds values of type list<" in refused.err
    assert run("standardize", "people.parquet", "-o", "out").code == 0
    refused = run("undo", "out", "-o", "back.csv")
    assert refused.code == 3
    assert "only Parquet can hold" in refused.err


def test_undo_of_parquet_as_csv(run: Run, tmp_path: Path) -> None:
    pq.write_table(pa.table({"電話番号": [9012345678], "n": [1.5]}), tmp_path / "a.parquet")
    assert run("standardize", "a.parquet", "-o", "out", "--format", "csv").code == 0
    undone = run("undo", "out", "-o", "back.csv")
    assert undone.code == 0
    assert "-o NAME.parquet" in " ".join(undone.err.split())
    assert Path("back.csv").read_text(encoding="utf-8") == "電話番号,n\n9012345678,1.5\n"
    assert run("undo", "out", "-o", "back.parquet").code == 0
    assert pq.read_table("back.parquet").schema.types == [pa.int64(), pa.float64()]


def test_a_frame_keeps_its_types(given_: pa.Table) -> None:
    table = custseg.standardize(given_).tables["table"]
    assert same(table["x_decimal"], given_["x_decimal"])
    assert table["氏名"].to_pylist() == ["山田 太郎", "佐藤花子", None]


def test_a_person_is_forgotten_in_columns_of_any_type() -> None:
    table = pa.table({"tags": [["a@example.com"], ["b"]], "phone": [819012345678, 5]})
    person = Person(
        ids=frozenset(),
        emails=frozenset({"a@example.com"}),
        phones=frozenset(),
        numbers=frozenset(),
    )
    left = erase_table(table, person)
    assert left.table["tags"].to_pylist() == [None, ["b"]]
    assert left.cells == 1
