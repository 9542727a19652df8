"""Customers of a table of one's own: its columns are recognized as in every other command."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.errors import InputError
from custseg.jobs.segment import SegmentResult, segment

ORDERS = "注文番号,会員番号,注文日,金額\n" + "".join(
    f"{number},{number % 4 + 1:03d},2025-01-{number + 1:02d},{100 * number + 100}\n"
    for number in range(8)
)
PEOPLE = (
    "会員番号,氏名,メールアドレス,性別,都道府県,メルマガ,ランク",
    "001,山田 太郎,taro@example.jp,男,東京都,希望する,金",
    "002,鈴木 花子,hanako@example.jp,女,大阪府,希望しない,銀",
    "003,佐藤 一郎,ichiro@example.jp,男,東京,希望する,金",
)


def made(tmp_path: Path, people: object, **rules: str) -> SegmentResult:
    orders = tmp_path / "orders.csv"
    orders.write_bytes(ORDERS.encode("cp932"))
    settings = Settings(segment=SegmentSettings(clusters="none"), rules=rules)
    return segment(orders, people, settings=settings)  # type: ignore[arg-type]


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "customers.csv"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("cp932"))
    return path


def test_an_export_of_customers_is_read_without_renaming(tmp_path: Path) -> None:
    found = made(
        tmp_path, written(tmp_path, *PEOPLE), tokyo="prefecture = '東京都' and ランク = '金'"
    )
    assert found.profile is not None
    rows = {row["customer_id"]: row for row in found.profile.to_pylist()}
    assert [rows[who]["gender"] for who in ("001", "002", "003")] == ["male", "female", "male"]
    assert found.summary.rules is not None
    assert found.summary.rules.rows[0].customers == 2
    reached = {row["email"] for each in found.lists for row in each.table.to_pylist()}
    assert {"taro@example.jp", "ichiro@example.jp"} <= reached
    assert "hanako@example.jp" not in reached
    assert all(each.columns == each.table.column_names for each in found.lists)
    # Whom the file does not hold is kept, and counted.
    assert found.summary.orders is not None
    assert (found.summary.orders.unknown_customers, found.summary.orders.unknown_orders) == (1, 2)
    assert found.summary.orders.customers == 4


def test_zeros_that_a_spreadsheet_dropped_are_restored(tmp_path: Path) -> None:
    bare = [line.lstrip("0") for line in PEOPLE]
    found = made(tmp_path, written(tmp_path, *bare))
    assert found.summary.orders is not None
    assert found.summary.orders.unknown_customers == 1
    assert "segment.warn.zeros" in {each.key for each in found.summary.warnings}


def test_a_frame_is_read_as_a_file_is(tmp_path: Path) -> None:
    path = written(tmp_path, *PEOPLE)
    frame = pd.read_csv(path, encoding="cp932", dtype=str)
    assert made(tmp_path, frame).scores.equals(made(tmp_path, path).scores)


def test_rows_that_stand_twice_are_one_and_rows_that_differ_are_refused(tmp_path: Path) -> None:
    once = made(tmp_path, written(tmp_path, *PEOPLE))
    twice = made(tmp_path, written(tmp_path, *PEOPLE, *PEOPLE[:0:-1]))
    assert twice.scores.equals(once.scores)
    assert [each.table for each in twice.lists] == [each.table for each in once.lists]
    with pytest.raises(InputError) as refused:
        made(tmp_path, written(tmp_path, *PEOPLE, "001,山田 次郎,jiro@example.jp,男,,,"))
    assert (refused.value.key, refused.value.params["rows"]) == ("segment.customers_repeat", 1)


def test_a_role_names_the_column_of_ids(tmp_path: Path) -> None:
    named = [PEOPLE[0].replace("会員番号", "xyz"), *PEOPLE[1:]]
    path = written(tmp_path, *named)
    orders = tmp_path / "orders.csv"
    orders.write_bytes(ORDERS.encode("cp932"))
    settings = Settings(segment=SegmentSettings(clusters="none"), roles={"xyz": "record_id"})
    found = segment(orders, path, settings=settings)
    assert found.summary.orders is not None
    assert found.summary.orders.unknown_customers == 1


def test_a_table_without_ids_is_refused_with_its_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        made(tmp_path, written(tmp_path, "都道府県,ランク", "東京都,金", "東京都,金"))
    assert refused.value.key == "segment.no_customer_id"
    assert refused.value.params["found"] == "都道府県, ランク"


def test_what_cannot_be_read_stays_and_ids_of_households_too(tmp_path: Path) -> None:
    path = written(tmp_path, "customer_id,household_id,gender", "001,H1,男", "002,H1,不思議")
    found = made(tmp_path, path, both="household_id = 'H1'", odd="gender = '不思議'")
    assert found.summary.rules is not None
    assert [row.customers for row in found.summary.rules.rows] == [2, 1]
