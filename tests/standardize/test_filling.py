"""Empty cells of an address in several columns: what is filled, and that a second run agrees."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.table import StandardizedTable, standardize_table
from custseg.engine import Engine

EXAMPLES = 3_000 if os.environ.get("CUSTSEG_LONG") else 150

JAPANESE = {
    "prefecture": ["東京都", "東京", "大阪府", "京都府", "北海道", "広島県", "どこか県", "ﾄｳｷｮｳ"],
    "city": [
        *("港区", "北区", "大阪市北区", "千代田区", "府中市", "長野原町", "京都市", "檜原村"),
        *("東京都港区", "千代田区丸の内", "竜ヶ崎市", "浦和市", "札幌市中央区"),
    ],
    "town": ["丸の内", "芝浦", "梅田3丁目", "丸ノ内一丁目２番３号", "北一条西", "ない町"],
    "block": ["1-2-3", "１丁目２番３号", "丸の内1-1", "467-1"],
    "street": ["丸の内1-2-3", "1丁目2番3号", "寺町通御池上る", "１２３", "123 Main St"],
    "building": ["丸の内ビル　１２階", "101", "メゾン梅田 201号室"],
    "address": [
        *(
            "大阪市北区梅田3-1-3",
            "東京都港区芝浦1-2-3",
            "千代田区丸ノ内１丁目２－３",
            "北区平野上柳町61-1",
        ),
        *(
            "東京都西多摩郡檜原村467-1",
            "府中市1-2",
            "港区",
            "丸の内1-2-3",
            "1-2-3",
            "〒100-0005 丸の内1-1",
        ),
        *(
            "岡谷市12-3",
            "梅田3-1-3",
            "北海道",
            "123 Main St, New York, NY 10001",
            "大阪市北区梅出3-1-3",
        ),
    ],
    "postal_code": [
        "100-0005",
        "5300001",
        "600042",
        "１０５－００２３",
        "190-0211",
        "999-9999",
        "1000000",
    ],
}
ENGLISH = {
    "state": ["NY", "New York", "california", "Texas", "ZZ", "N.Y."],
    "city": ["New York", "austin", "LOS ANGELES", "Springfield"],
    "street": ["123 Main St.", "1 Elm Street Apt 4", "PO Box 12"],
    "postal_code": ["10001", "2139", "10001-1234", "78701", "abc", "SW1A 1AA"],
    "address": [
        "123 Main St. Apt. 4B, New York, NY 10001-1234",
        "1 Congress Ave, Austin, TX 78701",
        "1 Congress Ave",
        "Austin, TX",
    ],
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


@st.composite
def tables(draw: st.DrawFn, cells: dict[str, list[str]]) -> tuple[pa.Table, dict[str, str]]:
    drawn = draw(st.lists(st.sampled_from(sorted(cells)), min_size=2, max_size=5))
    # A second column of a role is that of a second address.
    roles = {f"{role}{drawn[:at].count(role) + 1}": role for at, role in enumerate(drawn)}
    rows = draw(st.integers(1, 4))
    columns = {
        name: draw(st.lists(st.none() | st.sampled_from(cells[role]), min_size=rows, max_size=rows))
        for name, role in roles.items()
    }
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    return table, roles


def run(
    table: pa.Table, roles: dict[str, str], engine: Engine, country: str = "JP"
) -> StandardizedTable:
    return standardize_table(table, roles, Context(country=country), engine, source="f")


def settled(given_: tuple[pa.Table, dict[str, str]], engine: Engine, country: str) -> None:
    table, roles = given_
    once = run(table, roles, engine, country)
    twice = run(once.table, once.roles, engine, country)
    same = twice.table.select(once.table.column_names)
    assert same.to_pylist() == once.table.to_pylist()
    assert twice.table.column_names == once.table.column_names
    statuses = set(twice.quality.column("status").to_pylist())
    assert not statuses & {"standardized", "corrected"}
    # A row says nothing of another.
    for row in range(table.num_rows):
        alone = run(table.slice(row, 1), roles, engine, country).table
        for name in alone.column_names:
            assert alone.column(name)[0] == once.table.column(name)[row], name


@pytest.mark.parametrize(
    ("cells", "country", "city"),
    [
        ({"postal_code": "8320000"}, "JP", "柳川市"),
        ({"postal_code": "8320000"}, "CL", None),
        ({"postal_code": "8320000"}, "IL", None),
        ({"postal_code": "8320000", "country": "Chile"}, "JP", None),
        ({"postal_code": "832-0000", "country": "日本"}, "US", "柳川市"),
        ({"postal_code": "10001"}, "US", None),
        ({"postal_code": "8320000", "country": "南米チリ"}, "JP", None),
    ],
)
def test_a_code_of_another_country_is_no_place_of_japan(
    cells: dict[str, str], country: str, city: str | None, engine: Engine
) -> None:
    roles = {"city": "city", **{role: role for role in cells}}
    table = pa.table({role: pa.array([cells.get(role)], pa.string()) for role in roles})
    assert run(table, roles, engine, country).table.column("city")[0].as_py() == city


def test_rows_of_other_countries_get_no_places_of_japan(engine: Engine) -> None:
    cells = [
        {"country": "韓国", "city": "江東区", "town": "明逸洞", "block": "1-1"},
        {"country": "台湾", "city": "板橋区", "town": "文化路", "block": "1-1"},
        {"country": "アメリカ", "prefecture": "東京都", "city": "千代田区", "town": "千代田"},
        {"country": "JP/US", "prefecture": "東京都", "city": "千代田区", "town": "千代田"},
        {"country": "日本", "city": "江東区", "town": "亀戸", "block": "1-1"},
    ]
    roles = {
        role: role for role in ("country", "postal_code", "prefecture", "city", "town", "block")
    }
    columns = {role: pa.array([row.get(role) for row in cells], pa.string()) for role in roles}
    found = run(pa.table(columns), roles, engine).table
    codes = found.column("postal_code").to_pylist()
    assert codes == [None, None, None, None, "136-0071"]
    assert found.column("prefecture").to_pylist() == [None, None, "東京都", "東京都", "東京都"]


@pytest.mark.parametrize(
    "row",
    [{"city": "大阪市北区"}, {"prefecture": "大阪府", "city": "大阪市北区"}],
    ids=["city", "prefecture and city"],
)
def test_a_town_of_another_city_of_that_name_is_a_conflict(
    row: dict[str, str], engine: Engine
) -> None:
    cells = {"address": "北区平野上柳町61-1", **row}
    table = pa.table({role: [cell] for role, cell in cells.items()})
    found = run(table, {role: role for role in cells}, engine)
    assert found.table.column("address")[0].as_py() == cells["address"]
    quality = found.quality.to_pylist()
    assert ("address", "ambiguous", "city_conflict") in {
        (each["column"], each["status"], each["reason"]) for each in quality
    }


@settings(max_examples=EXAMPLES)
@given(given_=tables(JAPANESE))
def test_a_second_run_changes_no_japanese_table(
    given_: tuple[pa.Table, dict[str, str]], engine: Engine
) -> None:
    settled(given_, engine, "JP")


@settings(max_examples=EXAMPLES)
@given(given_=tables(ENGLISH))
def test_a_second_run_changes_no_english_table(
    given_: tuple[pa.Table, dict[str, str]], engine: Engine
) -> None:
    settled(given_, engine, "US")


def cells(table: pa.Table, *names: str) -> list[tuple[str | None, ...]]:
    return [tuple(row[name] for name in names) for row in table.to_pylist()]


PLACE = ("postal_code", "prefecture", "city", "town")


def place_table(*rows: tuple[str | None, ...]) -> tuple[pa.Table, dict[str, str]]:
    columns = zip(*rows, strict=True)
    names = (*PLACE, "block")
    table = pa.table(
        {name: pa.array(each, pa.string()) for name, each in zip(names, columns, strict=True)}
    )
    return table, {name: name for name in names}


@pytest.mark.parametrize(
    ("given_", "filled"),
    [
        # A postal code of one town says all of it; a town's address says its code.
        (("100-0005", None, None, None, "1-2-3"), ("100-0005", "東京都", "千代田区", "丸の内")),
        (
            (None, "東京都", "千代田区", "丸の内", "1-2"),
            ("100-0005", "東京都", "千代田区", "丸の内"),
        ),
        ((None, None, "大阪市北区", "梅田", "3-1"), ("530-0001", "大阪府", "大阪市北区", "梅田")),
        # A code of several towns, and a town of several codes.
        ((None, "北海道", "札幌市中央区", "大通西", "21"), (None,)),
        ((None, "北海道", "札幌市中央区", "大通西", "21-1"), ("064-0820",)),
        # The number may have the town before it.
        (("100-0005", None, None, None, "丸の内1-2-3"), ("100-0005", "東京都", "千代田区", None)),
        # Which town a number behind the village is in, nobody said.
        ((None, "東京都", "西多摩郡檜原村", None, "467-1"), (None,)),
        # A cell in doubt fills nothing, and a code that is none does not either.
        ((None, None, "府中市", "宮西町", "1-2"), (None, None, "府中市", "宮西町")),
        ((None, "東京都", "千代田区丸の内", None, "1-2"), (None, "東京都", "千代田区丸の内", None)),
        (("999-9999", None, None, None, "1-2"), ("999-9999", None, None, None)),
    ],
)
def test_postal_codes_and_columns_of_a_place_fill_each_other(
    given_: tuple[str | None, ...], filled: tuple[str | None, ...], engine: Engine
) -> None:
    done = run(*place_table(given_), engine)
    assert cells(done.table, *PLACE)[0][: len(filled)] == filled


def test_a_postal_code_against_a_town_is_flagged_and_nothing_is_overwritten(
    engine: Engine,
) -> None:
    done = run(
        *place_table(
            ("5300001", "東京都", "千代田区", "丸ノ内", "1-2"),
            ("530-0001", "東京都", "千代田区", None, None),
            ("100-0005", "東京都", "千代田区", "丸ノ内", "1-2"),
        ),
        engine,
    )
    assert cells(done.table, *PLACE) == [
        ("530-0001", "東京都", "千代田区", "丸ノ内"),
        ("530-0001", "東京都", "千代田区", None),
        ("100-0005", "東京都", "千代田区", "丸の内"),
    ]
    flagged = [
        (row["row"], row["column"], row["status"])
        for row in done.changes.to_pylist()
        if row["reason"] == "postal_conflict"
    ]
    assert flagged == [(2, "city", "ambiguous"), (1, "town", "ambiguous")]


def test_a_city_beside_an_address_of_another_prefecture_is_a_conflict(engine: Engine) -> None:
    table = pa.table({"city": ["千代田区", "港区"], "address": ["岡谷市12-3", "岡谷市12-3"]})
    done = run(table, {"city": "city", "address": "address"}, engine)
    reasons = [(row["column"], row["reason"]) for row in done.changes.to_pylist()]
    assert reasons.count(("address", "city_conflict")) == 2
    assert done.table.column("address").to_pylist() == ["岡谷市12-3", "岡谷市12-3"]
