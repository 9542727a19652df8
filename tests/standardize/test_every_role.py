"""What holds for every role that has a standardizer, whatever stands in the cell."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.nulls import is_blank, is_null_marker
from custseg.cleanse.standardize.reasons import reasons
from custseg.cleanse.standardize.table import StandardizedTable, standardize_table
from custseg.cleanse.standardize.undo import undo
from custseg.engine import Engine
from custseg.fields.registry import roles

EXAMPLES = 10_000 if os.environ.get("CUSTSEG_LONG") else 25
REASONS = frozenset(reasons())
STANDARDIZED = [name for name, role in roles().items() if role.standardizer is not None]

TELLING = (
    "0123456789０１２３ -‐ー－−/.,()（）[]+*#:;@＠'\"&%％¥￥$€円万億千百十一二三壱△▲年月日元昭和"
    "平成令大明治SHRTMshrtmEeXx〒TEL内線外代表℡株式会社㈱有限合同カユヤマダﾔﾏﾀﾞｶﾞ゛゜がざだ髙﨑𠮷田山太郎様御中"
    "東京都大阪府京都市北区町丁目番地号ヶケノ之ビル棟階室\u3000\u200b\u00a0\ufeff\u0301\u3099\ufe00"
    "\U000e0100éÉñüßåÄŒŽ“”‘’縺繧螻ｱ逕ｰ\ufffd\n\t\x00男女MFはいいえ希望しない○×"
)


def near(name: str) -> st.SearchStrategy[str]:
    """Cells near what the role knows: its examples, torn and mixed, and telling characters."""
    known = [raw for raw, _ in roles()[name].examples] or ["山田太郎"]
    example = st.sampled_from(known)
    cut = st.tuples(example, st.integers(0, 12)).map(lambda pair: pair[0][pair[1] :])
    return st.one_of(
        st.text(max_size=30),
        st.text(alphabet=TELLING, max_size=24),
        st.lists(st.one_of(example, cut, st.text(alphabet=TELLING, max_size=3)), max_size=4).map(
            "".join
        ),
        st.tuples(
            example, st.sampled_from([" ", "\u3000", ".0", "/", ";", "、", "様", "\u200b"])
        ).map(lambda pair: f"{pair[0]}{pair[1]}{pair[0]}"),
    ).filter(lambda value: not is_blank(value))


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


def padded(parts: Sequence[str | None], role: Standardizer) -> list[str | None]:
    return [*parts, *([None] * (len(role.parts) - len(parts)))]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


@pytest.mark.parametrize("name", STANDARDIZED)
def test_examples_of_the_reference(name: str) -> None:
    found = {raw: outcome(name, raw).value for raw, _ in roles()[name].examples}
    assert found == dict(roles()[name].examples)


FOUND_BY_FUZZING = (
    ("phone", "0E0"),
    ("company", "..\x00\x00."),
    ("amount", "1" * 73 + "7B"),
    ("percent", "8" * 31 + "1b"),
    ("city", "?\x00\x00?"),
    ("street", "\x82\xa0\n"),
    ("block", ',"'),
    ("text", "?\x00?"),
)


@pytest.mark.parametrize(("name", "value"), FOUND_BY_FUZZING)
def test_what_a_fuzzer_found(name: str, value: str, engine: Engine) -> None:
    once = standardize_table(pa.table({"c": [value]}), {"c": name}, Context(), engine, source="c")
    left = once.table.column("c")
    twice = standardize_table(pa.table({"c": left}), {"c": name}, Context(), engine, source="c")
    assert twice.table.column("c").to_pylist() == left.to_pylist()
    statuses = set(twice.quality.column("status").to_pylist())
    assert not statuses & {"standardized", "corrected"}


@pytest.mark.parametrize("name", STANDARDIZED)
def test_a_cell_is_done_after_one_pass(name: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(near(name))
    def holds(value: str) -> None:
        first = outcome(name, value)
        if first.value is not None:
            second = outcome(name, first.value)
            assert second.value == first.value
            assert second.status not in (Status.STANDARDIZED, Status.CORRECTED)

    holds()


@pytest.mark.parametrize("name", STANDARDIZED)
def test_the_status_tells_what_was_done(name: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(near(name))
    def holds(value: str) -> None:
        cell = outcome(name, value)
        if cell.status == Status.VALID:
            assert cell.value == value
        if cell.status in (Status.STANDARDIZED, Status.CORRECTED):
            assert cell.value not in (None, "", value)
        if cell.status == Status.MISSING:
            assert cell.value is None
        assert cell.reason is None or cell.reason in REASONS
        assert len(cell.parts) <= len(standardizer(name).parts)
        assert "" not in (*cell.parts, *cell.also)

    holds()


@pytest.mark.parametrize(
    "name", [name for name in STANDARDIZED if standardizer(name).shortcut is not None]
)
def test_the_shortcut_is_the_cell_function(name: str) -> None:
    role = standardizer(name)
    assert role.shortcut is not None

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(near(name), min_size=1, max_size=20), st.sampled_from(["JP", "US", "GB"]))
    def holds(values: list[str], country: str) -> None:
        context = Context(country=country, as_of="2026-06-30")
        filled = [value for value in values if outcome(name, value).status != Status.MISSING]
        raw = pa.array(filled, pa.string())
        none = pa.array([""] * len(raw), pa.string())
        settled = role.shortcut(raw, context, *([none] * len(role.neighbors)))
        parts = [array.to_pylist() for array in settled.parts]
        for at in settled.mask.nonzero()[0].tolist():
            cell = outcome(name, filled[at], context)
            assert cell.value == settled.value[at].as_py()
            reason = settled.reason[at].as_py() if settled.reason is not None else None
            assert (cell.status, cell.reason) == (settled.status[at], reason)
            assert (cell.also, cell.suggestion) == ((), None)
            given_parts = [array[at] for array in parts]
            assert padded(cell.parts, role) == padded(given_parts, role)

    holds()


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
