"""The shipped postal data is whole, clean, and quick to read."""

from __future__ import annotations

import re
import subprocess
import sys

import pyarrow.compute as pc
import pytest

from custseg.resources.postal import office_table, postal_table


def rows_of(code: str) -> list[dict[str, str]]:
    table = postal_table()
    return table.filter(pc.equal(table["postal_code"], code)).to_pylist()


def test_counts() -> None:
    table = postal_table()
    assert table.num_rows == 124_539
    assert pc.count_distinct(table["postal_code"]).as_py() == 120_720
    assert pc.count_distinct(table["prefecture"]).as_py() == 47
    assert office_table().num_rows == 22_200
    assert all(column.null_count == 0 for column in table.columns)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1000005", {("東京都", "千代田区", "丸の内", "", "")}),
        ("0600042", {("北海道", "札幌市中央区", "大通西", "1〜19丁目", "")}),
        ("1006018", {("東京都", "千代田区", "霞が関", "18階", "霞が関ビル")}),
        ("0600000", {("北海道", "札幌市中央区", "", "", "")}),
        ("0295503", {("岩手県", "和賀郡西和賀町", "清水ケ野", "18地割", "")}),
    ],
)
def test_rows(code: str, expected: set[tuple[str, ...]]) -> None:
    found = {tuple(list(row.values())[1:6]) for row in rows_of(code)}
    assert expected <= found


def test_no_town_holds_a_note_of_the_source() -> None:
    notes = re.compile(r"[、〜()「」]|場合|地割|以下に|一円.|[\uff10-\uff19]")
    assert [
        town for town in pc.unique(postal_table()["town"]).to_pylist() if notes.search(town)
    ] == []


def test_every_row_has_its_readings() -> None:
    kana = re.compile(r"[ァ-ヶー・、〜0-9A-Z()-]*")
    table = postal_table()
    for column in ("prefecture_kana", "city_kana", "town_kana"):
        assert all(kana.fullmatch(cell) for cell in pc.unique(table[column]).to_pylist())


def test_reading_it_does_not_import_pandas() -> None:
    code = (
        "import sys; from custseg.resources.postal import postal_table; postal_table();"
        "sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
