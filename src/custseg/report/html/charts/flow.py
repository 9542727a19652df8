"""Who moved where: two columns of groups, and bands between them as wide as people are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from custseg.report.html.svg import WIDTH, box, cut, element, label, number, picture, tip, wide

_BAR = 10.0
_GAP = 5.0
_LABELS = 164.0
_LEAST_HEIGHT = 240.0
_SIZE = 11.0


class End(NamedTuple):
    """A group on one side: its label, how many people are in it, and that number as it is told.

    A group whose number is not told has a bar of the least height.
    """

    words: str
    people: int
    told: str


def flow(
    before: Sequence[End],
    after: Sequence[End],
    moved: Mapping[tuple[int, int], int],
    *,
    heads: tuple[str, str],
    name: str,
    title: str,
    about: str,
) -> str:
    """Draw bands.

    Parameters
    ----------
    before, after
        The groups on the left and on the right; bars are as tall as their people are many.
    moved
        People by group on the left and on the right, at most as many as are in either: moves
        that are not told are left out. Who stayed where the labels are the same is drawn in the
        second color.
    heads
        What stands above the two columns.
    """
    sizes = [[each.people for each in side] for side in (before, after)]
    total = max(*map(sum, sizes), 1)
    most = max(len(before), len(after), 1)
    height = max(_LEAST_HEIGHT, most * 30.0)
    room = height - 24 - _GAP * most
    scale = room / total
    tops = [_tops(each, scale) for each in (before, after)]
    for side in (0, 1):
        feet = [y + n * scale for y, n in zip(tops[side], sizes[side], strict=True)]
        height = max([height, *(foot + 12 for foot in feet)])
    left, right = _LABELS, WIDTH - _LABELS - _BAR
    used = [list(tops[0]), list(tops[1])]
    bands = []
    for (a, b), people in sorted(moved.items()):
        thick = people * scale
        y0, y1 = used[0][a], used[1][b]
        used[0][a] += thick
        used[1][b] += thick
        color = "other" if before[a].words == after[b].words else "accent"
        bands.append(
            element(
                "path",
                tip(f"{before[a].words} → {after[b].words}: {people:,}"),
                d=_band(left + _BAR, right, y0, y1, thick),
                class_=color,
                fill_opacity="0.32",
            )
        )
    parts = [
        label(left + _BAR, 8, heads[0], anchor="end", class_="quiet"),
        label(right, 8, heads[1], class_="quiet"),
        *bands,
    ]
    for side, (ends, edge) in enumerate(((before, left), (after, right))):
        for at, end in enumerate(ends):
            if not end.told:
                continue
            tall = max(end.people * scale, 1.0)
            parts.append(box(edge, tops[side][at], _BAR, tall, class_="ink-fill"))
            middle = tops[side][at] + tall / 2
            size = f" {end.told}"
            room = _LABELS - 6 - wide(size, _SIZE)
            written = cut(end.words, room, _SIZE) + size
            if side == 0:
                parts.append(label(edge - 6, middle, written, anchor="end", size=_SIZE))
            else:
                parts.append(label(edge + _BAR + 6, middle, written, size=_SIZE))
    return picture(parts, height=height, name=name, title=title, about=about)


def _tops(ends: Sequence[End], scale: float) -> list[float]:
    tops, y = [], 22.0
    for end in ends:
        tops.append(y)
        if end.told:
            # A thin bar still needs the height of its label.
            y += max(end.people * scale + _GAP, 14.0)
    return tops


def _band(x0: float, x1: float, y0: float, y1: float, thick: float) -> str:
    middle = number((x0 + x1) / 2)
    a, b = number(x0), number(x1)
    top, end = number(y0), number(y1)
    foot, last = number(y0 + thick), number(y1 + thick)
    return (
        f"M{a} {top}C{middle} {top} {middle} {end} {b} {end}"
        f"L{b} {last}C{middle} {last} {middle} {foot} {a} {foot}Z"
    )
