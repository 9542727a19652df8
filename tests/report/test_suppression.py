"""Small groups cannot be computed from what is shown beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.report.suppression import Hidden, hidden_cells

LEAST = 10

Table = list[list[int]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    wide = draw(st.integers(2, 6))
    line = st.lists(st.integers(0, 40), min_size=wide, max_size=wide)
    return draw(st.lists(line, min_size=2, max_size=6))


def lines(table: Table, hidden: Hidden) -> list[list[tuple[int, bool]]]:
    across = [
        list(zip(line, withheld, strict=True)) for line, withheld in zip(table, hidden, strict=True)
    ]
    return across + [list(line) for line in zip(*across, strict=True)]


@given(tables())
def test_no_hidden_cell_is_a_total_less_what_is_shown(table: Table) -> None:
    hidden = hidden_cells(table, LEAST)
    for line in lines(table, hidden):
        total = sum(count for count, _ in line)
        unknown = [count for count, withheld in line if withheld]
        # A total below the bound is masked itself.
        assert len(unknown) != 1 or total < LEAST
        assert all(withheld for count, withheld in line if 0 < count < LEAST)


@given(tables())
def test_nothing_is_hidden_without_need(table: Table) -> None:
    hidden = hidden_cells(table, LEAST)
    if not any(0 < count < LEAST for line in table for count in line):
        assert not any(map(any, hidden))


@pytest.mark.parametrize(
    ("table", "hidden"),
    [
        # The next smallest of its row and of its column, then of theirs.
        ([[3, 20, 30], [40, 50, 60], [70, 80, 90]], [[1, 1, 0], [1, 1, 0], [0, 0, 0]]),
        # Two small ones keep each other's secret.
        ([[3, 4, 30], [5, 6, 60]], [[1, 1, 0], [1, 1, 0]]),
        # The total of the first row is masked; an empty cell is hidden where there is no other.
        ([[3, 0], [20, 30]], [[1, 1], [1, 1]]),
        ([[0, 0], [20, 30]], [[0, 0], [0, 0]]),
        ([], []),
    ],
)
def test_which_cells(table: Table, hidden: list[list[int]]) -> None:
    assert [list(map(int, line)) for line in hidden_cells(table, LEAST)] == hidden


def test_totals_of_rows_alone() -> None:
    assert hidden_cells([[3, 20, 30], [40, 50, 60]], LEAST, columns=False) == (
        (True, True, False),
        (False, False, False),
    )
