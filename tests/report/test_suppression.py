"""Small groups cannot be computed from what is told beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from custseg.report.suppression import Group, Sum, withheld

LEAST = 10

Table = list[list[int]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    wide = draw(st.integers(2, 6))
    line = st.lists(st.integers(0, 40), min_size=wide, max_size=wide)
    return draw(st.lists(line, min_size=2, max_size=6))


def cell(row: int, column: int) -> Group:
    return (str(row), str(column))


def system(table: Table) -> tuple[dict[Group, int], list[Sum]]:
    """A table whose rows and columns are told as totals, which make up all there are."""
    counts = {cell(r, c): n for r, line in enumerate(table) for c, n in enumerate(line)}
    rows, columns = range(len(table)), range(len(table[0]))
    counts |= {("row", str(r)): sum(table[r]) for r in rows}
    counts |= {("column", str(c)): sum(line[c] for line in table) for c in columns}
    sums = [Sum(tuple(cell(r, c) for c in columns), ("row", str(r))) for r in rows]
    sums += [Sum(tuple(cell(r, c) for r in rows), ("column", str(c))) for c in columns]
    sums += [
        Sum(tuple(("row", str(r)) for r in rows)),
        Sum(tuple(("column", str(c)) for c in columns)),
    ]
    return counts, sums


def spans(
    counts: Mapping[Group, int], sums: Sequence[Sum], hidden: frozenset[Group]
) -> dict[Group, tuple[float, float]]:
    """What a reader can find out of each hidden number: the least and the most it can be."""
    places = {group: at for at, group in enumerate(sorted(hidden))}
    table, totals = [], []
    for each in sums:
        row = np.zeros(len(places))
        whole = sum(counts[group] for group in each.parts)
        left = whole if each.total is None or each.total not in hidden else 0
        for group in each.parts:
            if group in hidden:
                row[places[group]] = 1
            else:
                left -= counts[group]
        if each.total in hidden:
            row[places[each.total]] = -1
        if row.any():
            table.append(row)
            totals.append(left)
    if not table:
        return dict.fromkeys(hidden, (0.0, 1.0))
    most = sum(counts.values())
    bounds = [(1, LEAST - 1) if 0 < counts[g] < LEAST else (0, most) for g in sorted(hidden)]
    found = {}
    for group, at in places.items():
        aim = np.zeros(len(places))
        ends = []
        for sign in (1, -1):
            aim[at] = sign
            answer = linprog(aim, A_eq=np.array(table), b_eq=totals, bounds=bounds)
            assert answer.status == 0
            ends.append(sign * answer.fun)
        found[group] = (ends[0], ends[1])
    return found


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_hidden_number_can_be_computed(table: Table) -> None:
    """A reader who solves for it, knowing the bounds too, is left with several answers."""
    assume(sum(map(sum, table)) >= 2 * LEAST)  # else all of them are hardly a group
    counts, sums = system(table)
    hidden = withheld(counts, sums, LEAST)
    assert all(group in hidden for group, count in counts.items() if 0 < count < LEAST)
    for low, high in spans(counts, sums, hidden).values():
        assert high - low > 0.5


@given(tables())
def test_nothing_is_hidden_without_need(table: Table) -> None:
    counts, sums = system(table)
    if not any(0 < count < LEAST for count in counts.values()):
        assert not withheld(counts, sums, LEAST)


TABLES = [
    # The next smallest of its row and of its column, then of theirs.
    ([[3, 20, 30], [40, 50, 60], [70, 80, 90]], [[1, 1, 0], [1, 1, 0], [0, 0, 0]]),
    # Two small ones keep each other's secret.
    ([[3, 9, 30], [8, 6, 60]], [[1, 1, 0], [1, 1, 0]]),
    # Nobody is told apart where together they would be few.
    ([[3, 4, 30], [8, 6, 60], [50, 50, 50]], [[1, 1, 1], [1, 1, 1], [0, 0, 0]]),
    # Nine and nine are the only two small numbers that make 18.
    ([[9, 9, 30], [7, 7, 60]], [[1, 1, 1], [1, 1, 1]]),
    ([[0, 0], [20, 30]], [[0, 0], [0, 0]]),
]


@pytest.mark.parametrize(("table", "hidden"), TABLES)
def test_which_cells(table: Table, hidden: list[list[int]]) -> None:
    counts, sums = system(table)
    found = withheld(counts, sums, LEAST)
    shown = [[int(cell(r, c) in found) for c in range(len(line))] for r, line in enumerate(table)]
    assert shown == hidden


def test_several_sums_together_give_nothing_away() -> None:
    """Each line of it has two unknown, but those that bridge two squares would follow."""
    table = [
        [3, 4, 50, 50, 50],
        [5, 6, 50, 50, 50],
        [50, 60, 7, 50, 50],
        [50, 50, 50, 3, 8],
        [50, 50, 55, 5, 9],
    ]
    counts, sums = system(table)
    hidden = withheld(counts, sums, LEAST)
    assert all(high - low > 0.5 for low, high in spans(counts, sums, hidden).values())


def test_a_total_is_withheld_with_its_only_part() -> None:
    counts: dict[Group, int] = {("a",): 3, ("b",): 0, ("all",): 12, ("c",): 12}
    sums = [Sum((("c",), ("b",)), ("all",)), Sum((("a",), ("c",)))]
    assert withheld(counts, sums, LEAST) == {("a",), ("c",), ("all",)}


def test_no_more_is_withheld_than_it_takes() -> None:
    """One step at a time would go a long way round; what it takes is a square about the 6."""
    table = [
        [619, 156, 51, 29, 6],
        [343, 217, 131, 146, 29],
        [295, 183, 121, 175, 89],
        [169, 159, 128, 232, 192],
        [67, 120, 77, 220, 384],
    ]
    counts, sums = system(table)
    assert withheld(counts, sums, LEAST) == {cell(r, c) for r in (0, 1) for c in (2, 4)}


@given(tables())
def test_what_is_withheld_beside_is_needed(table: Table) -> None:
    """Telling any one of them would give something away."""
    counts, sums = system(table)
    assume(sum(map(sum, table)) >= 2 * LEAST)
    hidden = withheld(counts, sums, LEAST)
    for group in hidden:
        if not 0 < counts[group] < LEAST:
            assert withheld_if(counts, sums, hidden - {group})


def withheld_if(counts: Mapping[Group, int], sums: Sequence[Sum], hidden: frozenset[Group]) -> bool:
    """Whether something that is hidden follows from the rest, or is a sum of too few."""
    for each in sums:
        unknown = [group for group in each.parts if group in hidden]
        if each.total in hidden:
            if not unknown:
                return True
        elif unknown:
            left = sum(counts[group] for group in unknown)
            small = all(0 < counts[group] < LEAST for group in unknown)
            ends = (len(unknown), (LEAST - 1) * len(unknown))
            if len(unknown) == 1 or left < LEAST or (small and left in ends):
                return True
    return any(high - low < 0.5 for low, high in spans(counts, sums, hidden).values())
