"""What holds for every role that has a standardizer, whatever stands in its cells.

Cells come in batches through the same path as the columns of a file. ``make long`` sends 10,000
of them through every role.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.base import Context, Standardizer, Status
from custseg.cleanse.standardize.cells import outcomes, run_cells
from custseg.cleanse.standardize.reasons import reasons
from custseg.cleanse.standardize.table import StandardizedTable, base_role, standardize_table
from custseg.cleanse.standardize.undo import undo
from custseg.demo.generate import generate
from custseg.engine import Engine
from custseg.fields import recognize
from custseg.fields.registry import roles

BATCH = 50
BATCHES = 200 if os.environ.get("CUSTSEG_LONG") else 5
REASONS = frozenset(reasons())
STANDARDIZED = [name for name, role in roles().items() if role.standardizer is not None]
DONE = ("standardized", "corrected")

TELLING = (
    "0123456789０１２３ -‐ー－−/.,()（）[]+*#:;@＠'\"&%％¥￥$€円万億千百十一二三壱△▲年月日元昭和"
    "平成令大明治SHRTMshrtmEeXx〒TEL内線外代表℡株式会社㈱有限合同カユヤマダﾔﾏﾀﾞｶﾞ゛゜がざだ髙﨑𠮷田山太郎様御中"
    "東京都大阪府京都市北区町丁目番地号ヶケノ之ビル棟階室\u3000\u200b\u00a0\ufeff\u0301\u3099\ufe00"
    "\U000e0100éÉñüßåÄŒŽ“”‘’縺繧螻ｱ逕ｰ\ufffd\n\t\x00男女MFはいいえ希望しない○×"
)

NUMERIC = "00112589AEx.,:-/+ ()'月日年円¥%"
SIGNS = " .:,;-/()'\"?!…・〜#*_ーX\x00"


@cache
def real_values(name: str) -> tuple[str, ...]:
    """Values that people write for a role: its examples, and cells of made exports."""
    found = dict.fromkeys(raw for raw, _ in roles()[name].examples)
    for role, values in made_columns():
        if role == name:
            found |= dict.fromkeys(values)
    return tuple(found) or ("山田太郎",)


@cache
def made_columns() -> tuple[tuple[str, tuple[str, ...]], ...]:
    files = [file for kind in ("japanese", "english") for file in generate(60, 3, kind).files]
    return tuple(
        (base_role(found.role), tuple(filter(None, file.table.column(found.column).to_pylist())))
        for file in files
        for found in recognize(file.table)
        if found.role is not None
    )


def values_near(name: str) -> st.SearchStrategy[str]:
    """Any text; telling characters; numbers; signs alone; and real values: cut, joined, doubled and mistyped."""
    real = st.sampled_from(real_values(name))
    typed = st.text(alphabet=TELLING, max_size=3)
    place = st.integers(0, 20)

    def mistyped(value: str, at: int, length: int, instead: str) -> str:
        return value[:at] + instead + value[at + length :]

    def joined(one: str, between: str, other: str, cut: int) -> str:
        return one + between + other[cut:]

    return st.one_of(
        st.text(max_size=30),
        st.text(alphabet=TELLING, max_size=24),
        st.text(alphabet=NUMERIC, max_size=14),
        st.text(alphabet=SIGNS, max_size=5),
        st.builds(mistyped, real, place, st.integers(0, 2), typed | st.text(max_size=2)),
        st.builds(joined, real, typed, real, st.just(0) | place),
    )


def standardizer(name: str) -> Standardizer:
    found = roles()[name].standardizer
    assert found is not None
    return found


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def run(table: pa.Table, kinds: dict[str, str], context: Context, engine: Engine) -> (
    StandardizedTable
):
    return standardize_table(table, kinds, context, engine, source="file.csv")


def cells(values: list[str]) -> pa.Table:
    return pa.table({"cell": pa.array([value or None for value in values], pa.string())})


@pytest.mark.parametrize("name", STANDARDIZED)
def test_a_column_is_done_after_one_pass_which_can_be_undone(name: str, engine: Engine) -> None:
    @settings(
        max_examples=BATCHES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(values_near(name), min_size=BATCH, max_size=BATCH),
        st.sampled_from(["JP", "US", "GB", "DE"]),
        st.sampled_from(["e164", "national"]),
    )
    def holds(values: list[str], country: str, phone_format: str) -> None:
        context = Context(country=country, phone_format=phone_format, as_of="2026-06-30")
        table = cells(values)
        first = run(table, {"cell": name}, context, engine)
        assert undo(first.table, first.changes).select(["cell"]).equals(table)
        second = run(first.table, first.roles, context, engine)
        given = dict(enumerate(values, start=1))
        again = [
            (given[change["row"]], change["column"], change["before"], change["after"])
            for change in second.changes.to_pylist()
            if change["before"] != change["after"] or change["status"] in DONE
        ]
        assert not again, f"{context}: {again}"

    holds()


@pytest.mark.parametrize("name", STANDARDIZED)
def test_the_status_tells_what_was_done_and_a_shortcut_does_the_same(name: str) -> None:
    role = standardizer(name)
    slowly = replace(role, shortcut=None)

    @settings(
        max_examples=BATCHES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(values_near(name), min_size=BATCH, max_size=BATCH),
        st.sampled_from(["JP", "US", "GB", "DE"]),
    )
    def holds(values: list[str], country: str) -> None:
        context = Context(country=country, as_of="2026-06-30")
        raw = pa.array(values, pa.string())
        blank = pa.array([""] * len(raw), pa.string())
        inputs = (raw, *([blank] * len(role.neighbors)))
        found = outcomes(inputs, standardizer=slowly, context=context, call=run_cells)
        told = [
            (value, outcome)
            for value, outcome in zip(values, found.to_pylist(), strict=True)
            if not tells_the_truth(value, outcome)
        ]
        assert not told, f"{context}: {told}"
        if role.shortcut is not None:
            quickly = outcomes(inputs, standardizer=role, context=context, call=run_cells)
            differ = [
                (value, one, other)
                for value, one, other in zip(
                    values, found.to_pylist(), quickly.to_pylist(), strict=True
                )
                if one != other
            ]
            assert not differ, f"{context}: {differ}"

    holds()


def tells_the_truth(value: str, outcome: dict[str, object]) -> bool:
    status, after, reason = outcome["status"], outcome["value"], outcome["reason"]
    parts = [part for key, part in outcome.items() if key.startswith("part_")]
    also = outcome["also"] or []
    assert isinstance(also, list)
    if "" in (*parts, *also) or (reason is not None and reason not in REASONS):
        return False
    if status == Status.VALID:
        return after == value
    if status in (Status.STANDARDIZED, Status.CORRECTED):
        return after not in (None, "", value)
    return after is None if status == Status.MISSING else True
