"""Bars, one a line; a thinner one above each where there is a value of before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from custseg.report.html.svg import WIDTH, box, cut, label, picture, wide

_ROW = 30.0
_MOST_LABEL = 170.0


class Bar(NamedTuple):
    """A value with its label and what is written beside it; `before` is drawn above it, thinner."""

    words: str
    value: float
    shown: str
    before: float | None = None


def bars(
    items: Sequence[Bar],
    *,
    most: float | None,
    name: str,
    title: str,
    about: str,
    most_label: float = _MOST_LABEL,
) -> str:
    """Draw a bar a line; `most` is the value of a full bar, None the largest.

    Labels are cut to `most_label`.
    """
    room = min(max((wide(each.words) for each in items), default=0.0) + 14, most_label)
    right = max((wide(each.shown) for each in items), default=0.0) + 8
    full = most or max((each.value for each in items), default=0.0) or 1.0
    length = WIDTH - room - right
    parts: list[str] = []
    for at, each in enumerate(items):
        middle = at * _ROW + _ROW / 2
        parts.append(label(room - 8, middle, cut(each.words, room - 8), anchor="end"))
        extent = length * min(each.value / full, 1.0)
        if each.before is None:
            parts.append(box(room, middle - 8, extent, 16, rx=2, class_="accent"))
        else:
            before = length * min(each.before / full, 1.0)
            parts.append(box(room, middle - 10, before, 7, rx=2, class_="other"))
            parts.append(box(room, middle - 1, extent, 11, rx=2, class_="accent"))
            extent = max(before, extent)
        parts.append(label(room + extent + 6, middle, each.shown, class_="ink", size=11))
    return picture(parts, height=len(items) * _ROW, name=name, title=title, about=about)
