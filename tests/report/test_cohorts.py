"""Cohorts are put together until enough of their cells may be told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.report.cohorts import told_cohorts
from custseg.report.words import say
from custseg.segment.periods import CohortRow

MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]


def rows(*customers: tuple[int | None, ...], first: int = 0) -> list[CohortRow]:
    return [
        CohortRow(month=MONTHS[first + at], customers=each, money=(0.0,) * len(each))
        for at, each in enumerate(customers)
    ]


def test_months_that_are_large_enough_stay() -> None:
    found = told_cohorts(rows((50, 12, 3), (60, 15)), 10)
    assert [each.customers for each in found] == [(50, 12, 3), (60, 15)]
    assert [say(each.label, "en") for each in found] == ["Jan 2024", "Feb 2024"]


def test_small_ones_become_quarters_of_a_year() -> None:
    # November and December 2024, then January to March 2025.
    small = rows((20, 5, 4, 6), (20, 6, 5, 4), (20, 4, 6, 5), (20, 4, 4, 3), (20, 4, 3), first=10)
    first, second = told_cohorts(small, 10)
    assert first.customers == (40, 11, 9, 10)
    assert second.customers == (60, 12, 13)  # three months after has not come for all
    assert [say(each.label, "en") for each in (first, second)] == [
        *("Oct–Dec 2024", "Jan–Mar 2025")
    ]
    assert say(second.label, "ja") == "2025年1〜3月"
    assert second.group == ("cohort", "2025-01")
    assert second.months == ("2025-01", "2025-02", "2025-03")


@pytest.mark.parametrize(
    ("each", "label"), [(2, "Jan–Jun 2024"), (1, "Jan–Dec 2024"), (0, "Jan 2024")]
)
def test_longer_spans(each: int, label: str) -> None:
    found = told_cohorts(rows(*[(9, each)] * 12), 10)
    assert say(found[0].label, "en") == label


@given(st.lists(st.integers(0, 30), min_size=1, max_size=24), st.integers(1, 40))
def test_nobody_is_lost(sizes: list[int], least: int) -> None:
    given_ = rows(*[(n, n // 2) for n in sizes])
    found = told_cohorts(given_, least)
    assert sum(each.customers[0] or 0 for each in found) == sum(sizes)
    assert sum(each.customers[1] or 0 for each in found) == sum(n // 2 for n in sizes)
    assert [month for each in found for month in each.months] == [row.month for row in given_]
