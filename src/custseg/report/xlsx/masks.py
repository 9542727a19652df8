"""Groups too small to be told apart: their people as ``<10``, and nothing else of them."""

from __future__ import annotations

from collections.abc import Iterable

from custseg.report.html.speaker import Speaker
from custseg.report.model import Figure, FigureKind, Item
from custseg.report.xlsx.model import Cell


def people(count: int, speaker: Speaker) -> Item:
    """Give a number of people, as the page tells it."""
    return speaker.people(count) if speaker.hidden(count) else Figure(count)


def cell(count: int, withheld: bool, speaker: Speaker) -> Item:
    """Give a cell of a table of people, as the page tells it."""
    return speaker.cell(count, withheld) if withheld or not count else Figure(count)


def told(count: int, value: float | None, kind: FigureKind, speaker: Speaker) -> Item:
    """Give a number of a group of so many people; nothing of one too small."""
    return "" if value is None or speaker.hidden(count) else Figure(value, kind)


def told_first(
    rows: Iterable[tuple[int, tuple[Cell, ...]]], speaker: Speaker
) -> tuple[tuple[tuple[Cell, ...], ...], int]:
    """Put groups that are too small behind the others; give all, and how many are told.

    Each row comes with its number of people. Charts draw only the rows that are told.
    """
    found = list(rows)
    shown = [row for size, row in found if not speaker.hidden(size)]
    small = [row for size, row in found if speaker.hidden(size)]
    return (*shown, *small), len(shown)
