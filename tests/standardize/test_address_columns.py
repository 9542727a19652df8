"""Addresses in several columns, prefectures, postal codes, and the match keys of all."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from custseg.cleanse.standardize.address_keys import (
    address_key,
    block_key,
    building_key,
    latin_key,
    place_key,
    town_key,
)
from custseg.cleanse.standardize.base import Cell, Context, Status
from custseg.cleanse.standardize.japan_address.columns import standardize_city, standardize_town
from custseg.cleanse.standardize.japan_address.gazetteer import PREFECTURES
from custseg.cleanse.standardize.places import standardize_block
from custseg.cleanse.standardize.postal_code import standardize_postal_code
from custseg.cleanse.standardize.prefecture import prefecture_name, standardize_prefecture
from custseg.cleanse.standardize.table import standardize_table
from custseg.engine import Engine
from custseg.resources.postal import postal_table

VALID, STANDARDIZED, CORRECTED = Status.VALID, Status.STANDARDIZED, Status.CORRECTED
SUGGESTED, AMBIGUOUS, INVALID = Status.SUGGESTED, Status.AMBIGUOUS, Status.INVALID


@pytest.mark.parametrize(
    ("written", "row", "value", "status", "reason", "prefecture"),
    [
        ("竜ヶ崎市", {}, "龍ケ崎市", STANDARDIZED, None, "茨城県"),
        ("長野原町", {}, "吾妻郡長野原町", STANDARDIZED, None, "群馬県"),
        ("吾妻郡　長野原町", {}, "吾妻郡長野原町", STANDARDIZED, None, "群馬県"),
        ("大阪市 北区", {"prefecture": "大阪"}, "大阪市北区", STANDARDIZED, None, "大阪府"),
        ("北区", {"prefecture": "京都"}, "京都市北区", STANDARDIZED, None, "京都府"),
        ("府中市", {"prefecture": "東京都"}, "府中市", VALID, None, "東京都"),
        ("府中市", {"postal_code": "183-0055"}, "府中市", VALID, None, "東京都"),
        ("京都市", {}, "京都市", VALID, None, "京都府"),
        ("東京都千代田区", {}, "東京都千代田区", VALID, None, "東京都"),
        ("川越", {"prefecture": "埼玉県"}, "川越市", STANDARDIZED, None, "埼玉県"),
        ("府中市", {}, "府中市", AMBIGUOUS, "city_ambiguous", None),
        ("池田町", {}, "池田町", AMBIGUOUS, "city_ambiguous", None),
        (
            "東京都府中市",
            {"prefecture": "広島県"},
            "東京都府中市",
            AMBIGUOUS,
            "prefecture_conflict",
            None,
        ),
        ("千代田区丸の内", {}, "千代田区丸の内", SUGGESTED, "more_than_city", None),
        ("浦和市", {}, "浦和市", INVALID, "city_unknown", None),
        ("ＮＥＷ  YORK", {}, "NEW YORK", STANDARDIZED, None, None),
    ],
)
def test_city(
    written: str,
    row: dict[str, str],
    value: str,
    status: Status,
    reason: str | None,
    prefecture: str | None,
) -> None:
    found = standardize_city(written, Context(), **row)
    assert (found.value, found.status, found.reason) == (value, status, reason)
    assert (found.parts[0] if found.parts else None) == prefecture


@pytest.mark.parametrize(
    ("written", "row", "value", "reason"),
    [
        ("丸ノ内１丁目", {"city": "千代田区"}, "丸の内1丁目", None),
        ("大字丸ノ内一丁目２番３号", {"city": "千代田区"}, "丸の内1-2-3", None),
        ("丸の中", {"prefecture": "東京都", "city": "千代田区"}, "丸の中", "town_unknown"),
        # 府中市 alone leaves the town as it is written.
        ("宮西町２丁目", {"city": "府中市"}, "宮西町2丁目", None),
        ("大字丸ノ内", {}, "大字丸ノ内", None),
    ],
)
def test_town(written: str, row: dict[str, str], value: str, reason: str | None) -> None:
    found = standardize_town(written, Context(), **row)
    assert (found.value, found.reason) == (value, reason)


@pytest.mark.parametrize(
    ("written", "value", "status", "reason"),
    [
        ("１丁目２番３号", "1-2-3", STANDARDIZED, None),
        ("1-2-3 丸の内ビル3F", "1-2-3 丸の内ビル3F", VALID, None),
        ("12A", "12A", VALID, None),
        ("3月5日", "3-5", CORRECTED, "excel_date"),
    ],
)
def test_block(written: str, value: str, status: Status, reason: str | None) -> None:
    assert standardize_block(written, Context()) == Cell(value, status, reason)


# -- Prefectures -----------------------------------------------------------------------------


def test_every_prefecture_by_code_name_and_readings() -> None:
    table = postal_table().select(["prefecture", "prefecture_kana"])
    readings = dict(zip(*(column.to_pylist() for column in table.columns), strict=True))
    assert set(readings) == set(PREFECTURES)
    for number, name in enumerate(PREFECTURES, start=1):
        short = name if name == "北海道" else name[:-1]
        for written in (
            f"{number:02}",
            f"JP-{number:02}",
            f"{number}.0",
            name,
            short,
            readings[name],
        ):
            assert prefecture_name(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Tokyo", "東京都"),
        ("TOKYO-TO", "東京都"),
        ("Tōkyō Metropolis", "東京都"),
        ("Ohsaka", "大阪府"),
        ("Hyogo Prefecture", "兵庫県"),
        ("Gumma", "群馬県"),
        ("Oita", "大分県"),
        ("Hokkaidou", "北海道"),
        ("とうきょう", "東京都"),
        ("東京都千代田区", ""),
        ("48", ""),
        ("0", ""),
        ("Boston", ""),
        ("", ""),
    ],
)
def test_prefectures_in_other_scripts(written: str, name: str) -> None:
    assert prefecture_name(written) == name


@pytest.mark.parametrize(
    ("written", "country", "value", "status"),
    [
        ("California", "US", "CA", STANDARDIZED),
        ("n.y.", "US", "NY", STANDARDIZED),
        ("TX", "US", "TX", VALID),
        ("New South Wales", "AU", "NSW", STANDARDIZED),
        ("québec", "CA", "QC", STANDARDIZED),
        ("Bavaria", "DE", "Bavaria", VALID),
        ("California", "JP", "California", VALID),
        ("どこか", "JP", "どこか", INVALID),
        ("48", "JP", "48", INVALID),
        ("東京都千代田区", "JP", "東京都千代田区", SUGGESTED),
    ],
)
def test_states(written: str, country: str, value: str, status: Status) -> None:
    found = standardize_prefecture(written, Context(country=country))
    assert (found.value, found.status) == (value, status)


def test_the_country_of_the_row_comes_before_that_of_the_table() -> None:
    assert standardize_prefecture("WA", Context(), "USA").value == "WA"
    assert standardize_prefecture("Western Australia", Context(), "豪州").value == "WA"


# -- Postal codes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "country", "value", "status", "reason"),
    [
        ("〒１００－０００５", "JP", "100-0005", STANDARDIZED, None),
        ("100ー0005", "JP", "100-0005", STANDARDIZED, None),
        ("100-8111", "JP", "100-8111", VALID, None),
        ("600042.0", "JP", "060-0042", CORRECTED, "leading_zero_restored"),
        ("60-0042", "JP", "060-0042", CORRECTED, "leading_zero_restored"),
        ("10010", "JP", "001-0010", CORRECTED, "leading_zero_restored"),
        ("999-9999", "JP", "999-9999", INVALID, "not_found"),
        ("100-000", "JP", "100-000", INVALID, "not_a_postal_code"),
        ("1.00E+06", "JP", None, INVALID, "excel_precision_lost"),
        ("〒100-0005 東京都", "JP", "〒100-0005 東京都", SUGGESTED, "more_than_code"),
        ("sw1a1aa", "JP", "SW1A 1AA", STANDARDIZED, None),
        ("10001-1234", "JP", "10001-1234", VALID, None),
        ("10001", "JP", "10001", INVALID, "not_a_postal_code"),
        ("501", "US", "00501", CORRECTED, "leading_zero_restored"),
        ("021391234", "US", "02139-1234", STANDARDIZED, None),
        ("21391234", "US", "02139-1234", CORRECTED, "leading_zero_restored"),
        ("00000", "US", "00000", INVALID, "not_a_postal_code"),
        ("m1 1ae", "GB", "M1 1AE", STANDARDIZED, None),
        ("EC1A1BB", "GB", "EC1A 1BB", STANDARDIZED, None),
        ("Q1 1AA", "GB", "Q1 1AA", INVALID, "not_a_postal_code"),
        ("k1a0b1", "CA", "K1A 0B1", STANDARDIZED, None),
        ("D1A 0B1", "CA", "D1A 0B1", INVALID, "not_a_postal_code"),
        ("800", "AU", "0800", CORRECTED, "leading_zero_restored"),
        ("D-01067", "DE", "01067", STANDARDIZED, None),
        ("1012ab", "NL", "1012 AB", STANDARDIZED, None),
        ("010", "AT", "010", INVALID, "not_a_postal_code"),
        ("ab 1", "ZZ", "AB 1", STANDARDIZED, None),
    ],
)
def test_postal_codes(
    written: str, country: str, value: str | None, status: Status, reason: str | None
) -> None:
    found = standardize_postal_code(written, Context(country=country))
    assert (found.value, found.status, found.reason) == (value, status, reason)
    assert (found.suggestion is None) == (status != SUGGESTED)


def test_every_code_of_japan_is_valid_and_survives_a_spreadsheet() -> None:
    codes = sorted(set(postal_table(readings=False)["postal_code"].to_pylist()))[::97]
    for code in codes:
        written = f"{code[:3]}-{code[3:]}"
        assert standardize_postal_code(written, Context()) == Cell(written, VALID)
        found = standardize_postal_code(str(int(code)), Context())
        status = CORRECTED if code[0] == "0" else STANDARDIZED
        assert (found.value, found.status) == (written, status)


# -- Match keys ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        (
            address_key,
            "東京都千代田区丸の内1-2-3 丸の内ビル12階",
            "東京都千代田区丸の内1-2-3 丸ノ内ビル12F",
        ),
        (address_key, "茨城県龍ケ崎市馴馬町5387", "茨城県竜ヶ崎市馴馬町5387"),
        (address_key, "12 North Main Street Apt 4B", "12 N. Main St. #4B"),
        (town_key, "大字丸ノ内一丁目", "丸の内"),
        (town_key, "髙砂3丁目", "高砂"),
        (block_key, "1丁目2番3号", "1-2-3"),
        (block_key, "字平山14番地1", "平山14-1"),
        (building_key, "ノースゲートビル　15階 1501号室", "ノースゲートビル15F1501"),
        (place_key, "鰺ヶ沢町", "鯵ケ沢町"),
        (latin_key, "123 NORTH MAIN STREET, Apartment 4B", "123 N Main St Unit 4B"),
    ],
)
def test_keys_join_what_means_the_same(key: Callable[[str], str], one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        (address_key, "東京都千代田区丸の内1-23", "東京都千代田区丸の内12-3"),
        (address_key, "東京都千代田区丸の内1-2-3 101", "東京都千代田区丸の内1-2-3 102"),
        (block_key, "1-23", "12-3"),
        (building_key, "丸の内ビル1号館", "丸の内ビル2号館"),
        (latin_key, "12 Main St", "1 2 Main St"),
    ],
)
def test_keys_keep_apart_what_differs(key: Callable[[str], str], one: str, other: str) -> None:
    assert key(one) != key(other)


def test_a_state_goes_to_the_column_of_states_that_is_there() -> None:
    """And a second run finds nothing to do."""
    table = pa.table(
        {
            "State": ["mass.", None],
            "Address": ["1 Oak Ave, Boston, MA 02134", "2 Oak Ave, Austin, TX 78701"],
        }
    )
    roles = {"State": "prefecture", "Address": "address"}
    with Engine(threads=1) as engine:
        once = standardize_table(table, roles, Context(country="US"), engine, source="a.csv")
        again = standardize_table(once.table, once.roles, Context(country="US"), engine, source="a")
    assert once.table["State"].to_pylist() == ["MA", "TX"]
    assert "state" not in once.table.column_names
    assert (again.table, again.changes.num_rows) == (once.table, 0)
