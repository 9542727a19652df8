"""Names of runs come in the order of the runs, whatever the clock says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.chain.names import in_order, next_name, to_remove

DAYS = st.dates(min_value=date(1999, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("names", "day", "expected"),
    [
        ([], "2026-11-25", "2026-11-25"),
        (["2026-11-24"], "2026-11-25", "2026-11-25"),
        (["2026-11-25"], "2026-11-25", "2026-11-25.2"),
        (["2026-11-25", "2026-11-25.9"], "2026-11-25", "2026-11-25.10"),
        (["2026-11-25.10", "2026-11-25.9"], "2026-11-25", "2026-11-25.11"),
        (["2026-11-25"], "2026-11-01", "2026-11-25.2"),
        (["latest", "2026-13-01", "notes", ".2026-11-26"], "2026-11-25", "2026-11-25"),
    ],
)
def test_next_name(names: list[str], day: str, expected: str) -> None:
    assert next_name(names, date.fromisoformat(day)) == expected


@given(st.lists(DAYS, min_size=1, max_size=30))
def test_a_new_run_always_comes_last(days: list[date]) -> None:
    names: list[str] = []
    for day in days:
        name = next_name(names, day)
        assert name not in names
        names.append(name)
        assert in_order(reversed(names)) == names


@given(st.lists(DAYS, max_size=20), st.integers(1, 10))
def test_the_newest_are_kept(days: list[date], keep: int) -> None:
    names: list[str] = []
    for day in days:
        names.append(next_name(names, day))
    removed = to_remove(names, keep, names[-1] if names else "")
    assert [name for name in names if name not in removed] == names[-keep:]


def test_the_latest_stays_though_it_is_old() -> None:
    assert to_remove(["2026-01-01", "2026-02-01", "2026-03-01"], 1, "2026-01-01") == ["2026-02-01"]
