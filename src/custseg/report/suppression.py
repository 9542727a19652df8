"""Which cells of a table to hide, so that no small group can be computed from its totals.

A group of fewer than k people is masked; where it is the only one masked in its row or column,
the row's or column's total less the other cells gives it away. So the next smallest cell is
hidden with it, until no line has exactly one (complementary cell suppression).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Hidden = tuple[tuple[bool, ...], ...]


def hidden_cells(
    table: Sequence[Sequence[int]], least: int, *, rows: bool = True, columns: bool = True
) -> Hidden:
    """Tell which cells of a table of people must not be shown.

    Parameters
    ----------
    table
        People; a row may not be longer or shorter than the others.
    least
        Groups of fewer people are hidden. A total below it is taken to be masked too.
    rows, columns
        Whether the totals of rows, and of columns, are known to who reads the table.
    """
    hidden = [[0 < count < least for count in line] for line in table]
    lines = list(_lines(table, rows=rows, columns=columns))
    found = True
    while found:
        found = False
        for line in lines:
            if (also := _also(table, hidden, line, least)) is not None:
                row, column = also
                hidden[row][column] = found = True
    return tuple(map(tuple, hidden))


def _lines(
    table: Sequence[Sequence[int]], *, rows: bool, columns: bool
) -> Iterator[list[tuple[int, int]]]:
    """Give the places of each line whose total is known."""
    wide = len(table[0]) if table else 0
    if rows:
        yield from ([(row, column) for column in range(wide)] for row in range(len(table)))
    if columns:
        yield from ([(row, column) for row in range(len(table))] for column in range(wide))


def _also(
    table: Sequence[Sequence[int]],
    hidden: Sequence[Sequence[bool]],
    line: Sequence[tuple[int, int]],
    least: int,
) -> tuple[int, int] | None:
    """Give the cell to hide beside the only hidden one of a line; None where there is no need.

    An empty cell says nothing and is hidden only where there is no other.
    """
    if sum(hidden[row][column] for row, column in line) != 1:
        return None
    if sum(table[row][column] for row, column in line) < least:
        return None
    shown = [place for place in line if not hidden[place[0]][place[1]]]
    return min(shown, key=lambda place: _order(table[place[0]][place[1]], place), default=None)


def _order(count: int, place: tuple[int, int]) -> tuple[bool, int, tuple[int, int]]:
    return count == 0, count, place
