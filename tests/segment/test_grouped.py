"""Sums, favorites and medians by group, each beside what a loop over the rows says."""

from __future__ import annotations

import statistics
from collections import defaultdict
from decimal import Context, Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.segment import grouped
from custseg.segment.exact_money import decimals, floats, units
from custseg.segment.grouped import (
    Favorites,
    coded,
    favorites,
    group_sizes,
    medians,
    ranges,
    stable_order,
    summable,
    sums,
)

SMALL = st.integers(0, 3)
NUMBER = st.one_of(SMALL, st.integers(0, 2**40), st.integers(0, 2**62))


@pytest.mark.parametrize("piece", [3, 2**16])
@given(rows=st.lists(st.tuples(SMALL, NUMBER, NUMBER), min_size=1, max_size=40))
def test_rows_are_sorted_by_all_keys_and_equal_rows_stay(
    rows: list[tuple[int, ...]], piece: int
) -> None:
    keys = [np.array(column, np.int64) for column in zip(*rows, strict=True)]
    given_ = [key.copy() for key in keys]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouped, "_PIECE", piece)
        found = stable_order(keys)
    assert found.tolist() == sorted(range(len(rows)), key=rows.__getitem__)
    assert all(np.array_equal(*each) for each in zip(keys, given_, strict=True))


@pytest.mark.parametrize("cells", [0, 4])
@pytest.mark.parametrize("far", [0, 2**40], ids=["near", "far"])
@given(
    rows=st.lists(st.tuples(SMALL, st.integers(-1, 4), st.integers(1, 5)), min_size=0, max_size=30),
    counted=st.booleans(),
    huge=st.booleans(),
)
def test_favorites_are_worth_most_and_first_by_code(
    rows: list[tuple[int, int, int]], counted: bool, huge: bool, cells: int, far: int
) -> None:
    scale = 2**60 if huge else 1
    added: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for group, code, weight in rows:
        if code >= 0:
            added[group][code] += 1 if counted else weight * scale
    group, codes, weights = (np.array([row[at] for row in rows], np.int64) for at in range(3))
    worth = None if counted else summable(weights * scale)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouped, "_CELLS", cells)
        found = favorites(group, np.where(codes < 0, -1, codes + far), worth)
    expected = [
        (key, best + far, each[best], sum(each.values()))
        for key, each in sorted(added.items())
        for best in [min(each, key=lambda code: (-each[code], code))]
    ]
    columns = (found.group, found.code, found.value, found.total)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected


@pytest.mark.parametrize("codes", [[-1, -1], []], ids=["no code", "no row"])
def test_groups_without_a_favorite_stand_anywhere(codes: list[int]) -> None:
    group = np.arange(len(codes), dtype=np.int32)
    none = favorites(group, np.array(codes, np.int8)).after(100_000)
    one = favorites(np.array([3]), np.array([5], np.int8)).after(200_000)
    found = Favorites.joined([none, one])
    assert [each.tolist() for each in (found.group, found.code, found.value)] == [
        [200_003],
        [5],
        [1],
    ]


@pytest.mark.parametrize("far", [0, 2**60], ids=["near", "far"])
@given(rows=st.lists(st.tuples(SMALL, st.integers(0, 9)), min_size=1, max_size=30))
def test_medians(rows: list[tuple[int, int]], far: int) -> None:
    rows = [(far * group, value) for group, value in rows]
    values = defaultdict(list)
    for group, value in rows:
        values[group].append(value)
    groups, middle = medians(*(np.array(each, np.int64) for each in zip(*rows, strict=True)))
    assert dict(zip(groups.tolist(), middle.tolist(), strict=True)) == {
        group: statistics.median(each) for group, each in values.items()
    }


@pytest.mark.parametrize("step", [1, 3, 2**20])
@given(group=st.lists(st.integers(0, 4), max_size=20))
def test_rows_of_groups_are_counted(group: list[int], step: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouped, "_STEP", step)
        found = group_sizes(np.array(group, np.int32), 6)
    assert found.tolist() == [group.count(each) for each in range(6)]


MONEY = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.integers(-(10**18), 10**18),
    st.integers(-(10**30), 10**30),
)


@given(st.lists(MONEY, max_size=20), st.integers(0, 3))
def test_decimals_and_whole_units_are_the_same_money(amounts: list[int | None], cut: int) -> None:
    kind = pa.decimal128(38, 4)
    money = [
        None if each is None else Context(prec=38).scaleb(Decimal(each), -4) for each in amounts
    ]
    column = pa.chunked_array([pa.array(part, kind) for part in (money[:cut], money[cut:])], kind)
    column = pa.chunked_array([pa.array([None, *money], kind).slice(1), *column.chunks], kind)
    values, valid = units(column)
    assert valid.tolist() == [each is not None for each in (*amounts, *amounts)]
    assert values.tolist() == [each or 0 for each in (*amounts, *amounts)]
    assert decimals(values, valid).to_pylist() == [*money, *money]
    whole = sums(values, np.arange(len(values) > 0, dtype=np.int64))
    assert whole.tolist() == ([2 * sum(each or 0 for each in amounts)] if amounts else [])


def test_floats_are_those_of_the_queries(engine: Engine) -> None:
    rng = np.random.default_rng(1)
    values = (10.0 ** rng.uniform(0, 18, 20_000)).astype(np.int64) * rng.choice([-1, 1], 20_000)
    table = pa.table({"money": decimals(values)})
    found = engine.sql("SELECT CAST(money AS DOUBLE) AS money FROM given", given=table)
    assert np.array_equal(floats(values), found["money"].to_numpy())


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 5)), max_size=20))
def test_ranges(given_: list[tuple[int, int]]) -> None:
    starts, lengths = np.array(given_, np.int64).reshape(-1, 2).T
    expected = [at for start, length in given_ for at in range(start, start + length)]
    assert ranges(starts, lengths).tolist() == expected


def test_texts_are_numbered_in_their_order() -> None:
    column = pa.chunked_array([["b", None, "あ"], [], ["a", "b"]], pa.string())
    found = coded(column)
    assert found.codes.tolist() == [1, -1, 2, 0, 1]
    assert found.texts(found.codes).to_pylist() == column.to_pylist()
    for empty in (column.slice(0, 0), column.slice(1, 1)):
        assert coded(empty).texts(coded(empty).codes).to_pylist() == empty.to_pylist()
