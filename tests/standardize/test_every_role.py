"""What holds for every role that has a standardizer, whatever stands in the cell."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.nulls import is_blank, is_null_marker
from custseg.cleanse.standardize.table import StandardizedTable, standardize_table
from custseg.cleanse.standardize.undo import undo
from custseg.engine import Engine
from custseg.fields.registry import roles

STANDARDIZED = [name for name, role in roles().items() if role.standardizer is not None]


def standardizer(name: str) -> Standardizer:
    found = roles()[name].standardizer
    assert found is not None
    return found


def outcome(name: str, value: str, context: Context | None = None) -> Cell:
    """Standardize one cell as the driver does, with no neighbors."""
    role = standardizer(name)
    if is_null_marker(value) if role.null_markers else is_blank(value):
        return Cell(None, Status.MISSING)
    return role.cell(value, context or Context(), *([""] * len(role.neighbors)))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


@pytest.mark.parametrize("name", STANDARDIZED)
def test_examples_of_the_reference(name: str) -> None:
    found = {raw: outcome(name, raw).value for raw, _ in roles()[name].examples}
    assert found == dict(roles()[name].examples)


FOUND_BY_FUZZING = (
    ("phone", "0E0", "JP"),
    ("phone", "2000000000A", "JP"),
    ("phone", "090-0000-00E00", "BR"),
    ("phone", "212-555-0000 x0 x448", "US"),
    ("phone", "+0815 555 3352", "GB"),
    ("phone", "00555555555555", "JP"),
    ("company", "..\x00\x00.", "JP"),
    ("company", "/有室様様", "JP"),
    ("company", "山田商店様 東京支店", "JP"),
    ("amount", "1" * 73 + "7B", "JP"),
    ("percent", "8" * 31 + "1b", "JP"),
    ("city", "?\x00\x00?", "JP"),
    ("street", "\x82\xa0\n", "JP"),
    ("block", ',"', "JP"),
    ("block", ".:", "JP"),
    ("block", "繧大町5丁目4-25", "JP"),
    ("text", "?\x00?", "JP"),
    ("person_name", "蔦 繝翫リ", "JP"),
    ("person_name", "桜様 初五郎", "JP"),
    ("person_name", "McDONALD, 翔 七海", "JP"),
    ("given_name", "\ufeffß\u0301m田h", "JP"),
    ("kana", "ﾔﾏﾀﾞｻﾏ ﾀﾛｳ", "JP"),
    ("postal_code", "346-0015", "US"),
    ("postal_code", "346-0015", "BR"),
    ("address", "大阪市北梅田3丁目1番3号", "JP"),
    ("address", "東京都青梅市日向和田1丁目25-15 なし", "JP"),
)


@pytest.mark.parametrize(("name", "value", "country"), FOUND_BY_FUZZING)
@pytest.mark.parametrize("phone_format", ["e164", "national"])
def test_what_a_fuzzer_found(
    name: str, value: str, country: str, phone_format: str, engine: Engine
) -> None:
    context = Context(country=country, phone_format=phone_format)
    once = standardize_table(pa.table({"c": [value]}), {"c": name}, context, engine, source="c")
    twice = standardize_table(once.table, once.roles, context, engine, source="c")
    assert twice.table.to_pylist() == once.table.to_pylist()
    statuses = set(twice.quality.column("status").to_pylist())
    assert not statuses & {"standardized", "corrected"}


SMALL_CHOICES = (
    ("postal_code", "2139-1234", "US", "02139-1234"),
    ("postal_code", "501", "US", "00501"),
    ("postal_code", "346-0015", "US", "346-0015"),
    ("phone", "+81 3-1234-5678 x12 x13", "JP", "+81312345678"),
    ("company", "山田商店様 東京支店", "JP", "山田商店"),
    ("address", "大阪市北梅田3丁目1番3号", "JP", "大阪府大阪市北区梅田3-1-3"),
)


@pytest.mark.parametrize(("name", "value", "country", "expected"), SMALL_CHOICES)
def test_what_stands_after_the_second_run_stood_after_the_first(
    name: str, value: str, country: str, expected: str
) -> None:
    assert outcome(name, value, Context(country=country)).value == expected


def run(table: pa.Table, kinds: dict[str, str], engine: Engine) -> StandardizedTable:
    return standardize_table(table, kinds, Context(as_of="2026-06-30"), engine, source="file.csv")


@pytest.mark.parametrize("name", STANDARDIZED)
def test_a_second_run_changes_nothing_and_undo_gives_everything_back(
    name: str, engine: Engine
) -> None:
    values = [raw for raw, _ in roles()[name].examples] + [
        None,
        "",
        "なし",
        "\u3000",
        "???",
        "壊�れ",
    ]
    table = pa.table({"cell": pa.array([value or None for value in values], pa.string())})
    first = run(table, {"cell": name}, engine)
    assert undo(first.table, first.changes).select(["cell"]).equals(table)
    second = run(first.table, first.roles, engine)
    changed = pc.not_equal(
        pc.fill_null(second.changes.column("before"), ""),
        pc.fill_null(second.changes.column("after"), ""),
    )
    assert second.changes.filter(changed).num_rows == 0
    assert second.table.select(["cell"]).equals(first.table.select(["cell"]))
