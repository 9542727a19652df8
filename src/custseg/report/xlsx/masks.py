"""Groups that are not told: their people as ``<10``, or withheld, and nothing else of them."""

from __future__ import annotations

from collections.abc import Iterable

from custseg.report.html.speaker import Speaker
from custseg.report.model import Figure, FigureKind, Item
from custseg.report.suppression import Group
from custseg.report.xlsx.model import Cell


def people(count: int, speaker: Speaker, group: Group = ()) -> Item:
    """Give a number of people, as the page tells it."""
    return speaker.people(count, group) if speaker.secret(count, group) else Figure(count)


def cell(count: int, speaker: Speaker, group: Group) -> Item:
    """Give a cell of a table of people, as the page tells it."""
    return people(count, speaker, group) if count else speaker.cell(count, group)


def told(
    count: int, value: float | None, kind: FigureKind, speaker: Speaker, group: Group = ()
) -> Item:
    """Give a number of a group of so many people; nothing of one that is not told."""
    return "" if value is None or speaker.secret(count, group) else Figure(value, kind)


def told_first(
    rows: Iterable[tuple[int, Group, tuple[Cell, ...]]], speaker: Speaker
) -> tuple[tuple[tuple[Cell, ...], ...], int]:
    """Put groups that are not told behind the others; give all, and how many are told.

    Each row comes with its number of people, and the name of their group. Charts draw only the
    rows that are told.
    """
    found = list(rows)
    shown = [row for size, group, row in found if not speaker.secret(size, group)]
    small = [row for size, group, row in found if speaker.secret(size, group)]
    return (*shown, *small), len(shown)
