"""Postal codes a column at a time, held to what the reader of one code says."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.postal_code import shortcut, standardize_postal_code

SIGNS = "0123456789０１５-－ー〒 ABSW１"
CODES = st.one_of(
    st.text(alphabet=SIGNS, min_size=1, max_size=11),
    st.from_regex("(〒|JP-)?[0-9]{3}[-－ ]?[0-9]{4}", fullmatch=True),
    st.from_regex("[0-9]{4,5}(-?[0-9]{4})?", fullmatch=True),
    st.sampled_from(
        ["〒100-0005", "1000005", "０６０－００４２", "SW1A 1AA", "00000", "00000-0000"]
    ),
)
COUNTRIES = st.sampled_from(["", "US", "日本", "Japan", "UK", "nowhere"])


def check(cells: Sequence[tuple[str, str]], default: str) -> list[bool]:
    """Compare every code that was settled with the slow reader; tell which were."""
    values, countries = (pa.array(list(each), pa.string()) for each in zip(*cells, strict=True))
    context = Context(country=default)
    settled = shortcut(values, context, countries)
    for at, (value, country) in enumerate(cells):
        if settled.mask[at]:
            cell = standardize_postal_code(value, context, country)
            assert cell[:3] == (settled.value[at].as_py(), settled.status[at], None), cells[at]
            assert not any(cell[3:])
    return list(settled.mask)


@pytest.mark.parametrize("default", ["JP", "US", "GB"])
@given(st.lists(st.tuples(CODES, COUNTRIES), min_size=1, max_size=20))
def test_the_column_is_the_cell(default: str, cells: list[tuple[str, str]]) -> None:
    check(cells, default)


def test_plain_codes_are_settled() -> None:
    japanese = [
        (code, "") for code in ("100-0005", "1000005", "〒１００－０００５", "９９９９９９９")
    ]
    assert check(japanese, "JP") == [True, True, True, False]
    american = [("10001", "US"), ("10001-1234", "USA"), ("2139", "US"), ("00000", "US")]
    assert check(american, "JP") == [True, True, False, False]
    assert check([("10001", "DE"), ("1000005", "UK")], "US") == [False, False]
