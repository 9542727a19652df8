"""Where things stand on a sheet: widths of columns, heights of rows, places of charts."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Final, Literal

from custseg.report.html.speaker import Speaker
from custseg.report.xlsx.graphs import WIDTH, height_of
from custseg.report.xlsx.model import Grid, Sentences, Sheet
from custseg.report.xlsx.numbers import is_number, words_of
from custseg.report.xlsx.style import ROW_PIXELS, cells_wide, pixels

Orientation = Literal["landscape", "portrait"]

_LEAST: Final = 9.0
_MOST_NUMBER: Final = 22.0
_MOST_WORDS: Final = 46.0
_HEAD_BREAKS: Final = 12
_TEXT_ROOM: Final = 100.0
"""Characters that sentences have side by side, at least."""

_BESIDE: Final = 720
"""A grid of so many pixels still has its charts to the right of it."""

_LOW: Final = 720
"""Charts that are higher together, and higher than their grid, stand below it."""

_LANDSCAPE: Final = 0.65
"""Height of the printed part of a page that lies, in widths."""

_SMALLER, _LITTLE_SMALLER = 1.55, 1.1
"""Sheets of so many pages are made smaller, to stand on one that lies, or that stands."""

GAP: Final = 16


def column_widths(sheet: Sheet, speaker: Speaker) -> list[float]:
    """Give the widths of a sheet's columns, in characters."""
    if sheet.widths:
        return list(sheet.widths)
    widths: list[float] = []
    for part in sheet.parts:
        if isinstance(part, Grid):
            found = [_width(part, at, speaker) for at in range(len(part.heads))]
            widths += [0.0] * (len(found) - len(widths))
            widths[: len(found)] = [max(a, b) for a, b in zip(widths, found, strict=False)]
        elif isinstance(part, Sentences):
            labels = max((cells_wide(speaker.say(label)) for label, _ in part.rows), default=0)
            widths = widths or [_LEAST]
            widths[0] = max(widths[0], min(labels + 2.0, _MOST_NUMBER))
    return widths or [_LEAST]


def _width(grid: Grid, column: int, speaker: Speaker) -> float:
    cells = [row[column] for row in grid.rows]
    widest = max((cells_wide(words_of(each, speaker)) for each in cells), default=0)
    head = cells_wide(speaker.say(grid.heads[column]))
    most = _MOST_NUMBER if any(is_number(each) for each in cells) else _MOST_WORDS
    return max(_LEAST, min(max(widest * 1.08, min(head, _HEAD_BREAKS)) + 2.0, most))


def text_columns(widths: Sequence[float]) -> int:
    """Give how many columns, the first left out, sentences take: enough to be read."""
    room, count = 0.0, 0
    while room < _TEXT_ROOM and count < 40:
        count += 1
        room += widths[count] if count < len(widths) else _LEAST
    return count


def text_room(widths: Sequence[float], first: int, count: int) -> float:
    """Give the width of so many columns together."""
    places = range(first, first + count)
    return sum(widths[at] if at < len(widths) else _LEAST for at in places)


def beside(grid: Grid, widths: Sequence[float]) -> bool:
    """Tell whether a grid's charts stand to the right of it; else they stand below."""
    high = sum(height_of(each, grid) + GAP for each in grid.graphs)
    if len(grid.graphs) > 1 and high > max(_LOW, len(grid.rows) * ROW_PIXELS):
        return False
    return sum(pixels(each) for each in widths[: len(grid.heads)]) <= _BESIDE


def graphs_wide(grid: Grid, widths: Sequence[float]) -> int:
    """Give how many pixels from the left the charts of a grid reach."""
    if beside(grid, widths):
        return sum(pixels(each) for each in widths[: len(grid.heads)]) + GAP + WIDTH
    return min(len(grid.graphs), 2) * (WIDTH + GAP)


def print_page(width: float, height: float) -> tuple[Orientation, bool]:
    """Tell how a sheet of so many pixels is printed, and whether it then stands on one page."""
    if height <= width * _LANDSCAPE * _SMALLER:
        return "landscape", True
    if height <= width / _LANDSCAPE * _LITTLE_SMALLER:
        return "portrait", True
    return "landscape", False


def graph_places(grid: Grid, widths: Sequence[float]) -> list[tuple[int, int]]:
    """Give the pixels by which each chart is away from where the first one stands."""
    down, places = 0, []
    for at, graph in enumerate(grid.graphs):
        if beside(grid, widths):
            places.append((0, down))
            down += height_of(graph, grid) + GAP
        else:  # two abreast
            places.append((at % 2 * (WIDTH + GAP), down))
            if at % 2:
                down += max(height_of(each, grid) for each in grid.graphs[at - 1 : at + 1]) + GAP
    return places


def graph_rows(grid: Grid, widths: Sequence[float]) -> int:
    """Give how many rows of the sheet the charts of a grid take."""
    if not grid.graphs:
        return 0
    ends = [
        down + height_of(graph, grid)
        for graph, (_, down) in zip(grid.graphs, graph_places(grid, widths), strict=True)
    ]
    return ceil((max(ends) + GAP) / ROW_PIXELS)
