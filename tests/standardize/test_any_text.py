"""What holds for every role that has a standardizer, whatever stands in its cells.

Cells come in batches through the same path as the columns of a file. ``make long`` sends 10,000
of them through every role.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.base import Context, Standardizer, Status
from custseg.cleanse.standardize.cells import outcomes, run_cells
from custseg.cleanse.standardize.columns import base_role
from custseg.cleanse.standardize.reasons import reasons
from custseg.cleanse.standardize.table import standardize_table
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


def invented(seed: int, real: tuple[str, ...], count: int) -> list[str]:
    """Invent cells: telling characters, numbers, signs alone, and real values torn and mixed."""
    random = Random(seed)

    def text(alphabet: str, longest: int) -> str:
        return "".join(random.choices(alphabet, k=random.randint(1, longest)))

    def torn() -> str:
        value = random.choice(real)
        for _ in range(random.randint(1, 3)):
            at, other = random.randint(0, len(value)), random.choice(real)
            match random.randrange(4):
                case 0:
                    value = value[:at] + text(TELLING + NUMERIC + SIGNS, 2) + value[at:]
                case 1:
                    value = value[:at] + value[at + 1 :]
                case 2:
                    value = value[:at] + other[random.randint(0, len(other)) :]
                case _:
                    value = value[:at] + value[at : at + 3] + value[at:]
        return value or other

    kinds = (lambda: text(TELLING, 16), lambda: text(NUMERIC, 14), lambda: text(SIGNS, 5))
    return [random.choice((*kinds, torn, torn, torn))() for _ in range(count)]


def batches(name: str) -> st.SearchStrategy[list[str]]:
    """Cells of a column: half of them any text, half of them invented near the role."""
    real, half = real_values(name), BATCH // 2
    near = st.integers(0, 2**32).map(lambda seed: invented(seed, real, half))
    any_text = st.lists(st.text(min_size=1, max_size=30), min_size=half, max_size=half)
    return st.builds(lambda one, other: one + other, near, any_text)


def standardizer(name: str) -> Standardizer:
    found = roles()[name].standardizer
    assert found is not None
    return found


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


@pytest.mark.parametrize("name", STANDARDIZED)
def test_whatever_stands_in_the_cells(name: str, engine: Engine) -> None:
    """One pass is enough and can be undone, tells what it did, and is no other by its shortcut."""

    @settings(
        max_examples=BATCHES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        batches(name),
        st.sampled_from(["JP", "US", "GB", "DE", "BR"]),
        st.sampled_from(["e164", "national"]),
    )
    def holds(values: list[str], country: str, phone_format: str) -> None:
        context = Context(country=country, phone_format=phone_format, as_of="2026-06-30")
        done_in_one_pass(name, values, context, engine)
        tells_what_it_did(standardizer(name), values, context)

    holds()


def done_in_one_pass(name: str, values: list[str], context: Context, engine: Engine) -> None:
    table = pa.table({"cell": pa.array([value or None for value in values], pa.string())})
    first = standardize_table(table, {"cell": name}, context, engine, source="file.csv")
    assert undo(first.table, first.changes).select(["cell"]).equals(table)
    second = standardize_table(first.table, first.roles, context, engine, source="file.csv")
    given = dict(enumerate(values, start=1))
    again = [
        (given[change["row"]], change["column"], change["before"], change["after"])
        for change in second.changes.to_pylist()
        if change["before"] != change["after"] or change["status"] in DONE
    ]
    assert not again, f"{name}, {context}: {again}"


def tells_what_it_did(role: Standardizer, values: list[str], context: Context) -> None:
    blank = pa.array([""] * len(values), pa.string())
    inputs = (pa.array(values, pa.string()), *([blank] * len(role.neighbors)))
    slowly = replace(role, shortcut=None)
    found = outcomes(inputs, standardizer=slowly, context=context, call=run_cells).to_pylist()
    lies = [pair for pair in zip(values, found, strict=True) if not tells_the_truth(*pair)]
    assert not lies, f"{context}: {lies}"
    if role.shortcut is not None:
        quick = outcomes(inputs, standardizer=role, context=context, call=run_cells).to_pylist()
        differ = [each for each in zip(values, found, quick, strict=True) if each[1] != each[2]]
        assert not differ, f"{context}: {differ}"


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
