"""Cleaning with a base: ids and decisions come from it, and go into it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import custseg
from custseg.base import Base, successors
from custseg.base.people import read_book, read_decisions

PEOPLE = pd.DataFrame(
    {
        "氏名": ["佐藤 花子", "鈴木 一郎", "高橋 健", "田中 実"],
        "フリガナ": ["サトウ ハナコ", "スズキ イチロウ", "タカハシ ケン", "タナカ ミノル"],
        "メールアドレス": ["h@example.com", "i@example.com", "k@example.com", "m@example.com"],
        "電話番号": ["090-1234-5678", "090-2345-6789", "090-3456-7890", "090-4567-8901"],
        "生年月日": ["1985-07-03", "1970-01-02", "1990-11-12", "1966-03-04"],
    }
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "base.duckdb"


def test_ids_stay_as_with_the_folder_of_the_last_run(tmp_path: Path, path: Path) -> None:
    custseg.clean({"members": PEOPLE}, tmp_path / "one", base=path)
    more = pd.concat([PEOPLE[::-1], PEOPLE[:1].assign(電話番号="03-1111-2222")])
    by_base = custseg.clean({"members": more}, tmp_path / "two", base=path)
    by_folder = custseg.clean({"members": more}, previous=tmp_path / "one")
    assert by_base.records.equals(by_folder.records)
    assert by_base.ids.history.equals(by_folder.ids.history)
    with Base(path, "test") as base:
        book = read_book(base)
    assert book is not None
    assert book.ids.sort_by("customer_id").equals(by_folder.ids.book.ids.sort_by("customer_id"))
    assert book.keys.sort_by("record_key").equals(by_folder.ids.book.keys.sort_by("record_key"))


def test_ids_stay_where_the_folder_is_gone(tmp_path: Path, path: Path) -> None:
    first = custseg.clean({"members": PEOPLE[:2]}, base=path)
    again = custseg.clean({"members": PEOPLE}, base=path)
    before, after = (set(each.records["customer_id"].to_pylist()) for each in (first, again))
    assert before < after


def test_decisions_are_remembered(tmp_path: Path, path: Path) -> None:
    first = custseg.clean({"members": PEOPLE}, base=path)
    keys = sorted(first.records["record_key"].to_pylist())[:2]
    decided = tmp_path / "decided.csv"
    decided.write_text(f"left_key,right_key,decision\n{keys[0]},{keys[1]},same\n")
    custseg.clean({"members": PEOPLE}, base=path, decisions=decided)
    third = custseg.clean({"members": PEOPLE}, base=path)
    assert third.golden.customers.num_rows == len(PEOPLE) - 1
    with Base(path, "test") as base:
        assert read_decisions(base)["decision"].to_pylist() == ["same"]
        now = successors(base).to_pylist()
    assert len(now) == 1
    assert now[0]["now"] in third.records["customer_id"].to_pylist()
    assert now[0]["id"] not in third.records["customer_id"].to_pylist()


def test_a_run_that_fails_leaves_no_trace(tmp_path: Path, path: Path) -> None:
    custseg.clean({"members": PEOPLE}, base=path)
    kept = path.read_bytes()
    with pytest.raises(custseg.CustsegError):
        custseg.clean({"members": PEOPLE[["生年月日"]]}, tmp_path / "run", base=path)
    assert path.read_bytes() == kept
    names = {"base.duckdb", "base.audit.jsonl", "base.audit.head"}
    assert {each.name for each in tmp_path.iterdir()} == names
