"""A map of cells: the more, the darker; with the number in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin

from custseg.report.html.svg import WIDTH, box, cut, label, picture, shade, wide, wrapped

_GAP = 2.0
_ROW = 30.0
_HEAD = 22.0
_MOST_HEAD = 92.0
_TURNED = 38.0
_MOST_LABEL = 190.0
_SMALL = 10.5
_LINE = 13.0


def heat_map(
    values: Sequence[Sequence[float | None]],
    shown: Sequence[Sequence[str]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    name: str,
    title: str,
    about: str,
    row: float = _ROW,
) -> str:
    """Draw cells.

    Parameters
    ----------
    values
        By row and column: what the color says; None has no color. Values below 0 take the
        second color.
    shown
        What is written in each cell, of the same shape.
    rows, columns
        Labels.
    name, title, about
        Id on the page, and what a screen reader says.
    row
        Height of a row.
    """
    room = min(max((wide(each) for each in rows), default=0.0) + 14, _MOST_LABEL)
    cell = (WIDTH - room) / max(len(columns), 1)
    most = max((abs(v) for line in values for v in line if v is not None), default=0.0) or 1.0
    head, parts = _heads(columns, room, cell)
    for at, (line, texts) in enumerate(zip(values, shown, strict=True)):
        top = head + at * row
        parts.append(
            label(room - 8, top + row / 2, cut(rows[at], room - 8), anchor="end", class_="quiet")
        )
        for place, (value, text) in enumerate(zip(line, texts, strict=True)):
            left = room + place * cell
            ink = "quiet"
            if value is not None:
                ink = "ink"
                drawn = box(
                    left + _GAP / 2,
                    top + _GAP / 2,
                    cell - _GAP,
                    row - _GAP,
                    rx=3,
                    words=f"{rows[at]} · {columns[place]}: {text}",
                    class_="other" if value < 0 else "accent",
                    fill_opacity=f"{shade(abs(value) / most):.2f}",
                )
                parts.append(drawn)
            if text:
                size = 12.0 if wide(text) < cell - 4 else _SMALL
                middle = left + cell / 2, top + row / 2
                parts.append(label(*middle, text, anchor="middle", class_=ink, size=size))
    height = head + len(rows) * row
    return picture(parts, height=height, name=name, title=title, about=about)


def _heads(columns: Sequence[str], room: float, cell: float) -> tuple[float, list[str]]:
    """Give the labels of columns and their height: across where each fits, else all turned."""
    middles = [room + (at + 0.5) * cell for at in range(len(columns))]
    if all(wide(words) <= cell - 2 for words in columns):
        return _HEAD, [
            label(x, _HEAD / 2, words, anchor="middle", class_="quiet")
            for x, words in zip(middles, columns, strict=True)
        ]
    lines = [wrapped(words, cell - 2, _SMALL, 2) for words in columns]
    if all(each and not each[-1].endswith("…") for each in lines):
        return 2 * _LINE + 6, [
            label(x, _LINE * (at + 2.7 - len(each)), words, anchor="middle", class_="quiet",
                  size=_SMALL)
            for x, each in zip(middles, lines, strict=True)
            for at, words in enumerate(each)
        ]  # fmt: skip
    kept = [
        # The first ones may reach no farther to the left than the picture.
        cut(words, min(_MOST_HEAD, (x + 4) / cos(radians(_TURNED))), _SMALL)
        for x, words in zip(middles, columns, strict=True)
    ]
    high = max(wide(words, _SMALL) for words in kept) * sin(radians(_TURNED)) + 14
    return high, [
        label(x + 4, high - 6, words, anchor="end", class_="quiet", size=_SMALL, turned=_TURNED)
        for x, words in zip(middles, kept, strict=True)
    ]
