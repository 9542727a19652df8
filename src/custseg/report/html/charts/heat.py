"""A map of cells: the more, the darker; with the number in each cell."""

from __future__ import annotations

from collections.abc import Sequence

from custseg.report.html.svg import WIDTH, box, cut, label, picture, shade, wide

_GAP = 2.0
_ROW = 30.0
_HEAD = 22.0
_MOST_LABEL = 150.0


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
    parts = [
        label(
            room + (at + 0.5) * cell, _HEAD / 2, cut(words, cell), anchor="middle", class_="quiet"
        )
        for at, words in enumerate(columns)
    ]
    for at, (line, texts) in enumerate(zip(values, shown, strict=True)):
        top = _HEAD + at * row
        parts.append(
            label(room - 8, top + row / 2, cut(rows[at], room - 8), anchor="end", class_="quiet")
        )
        for place, (value, text) in enumerate(zip(line, texts, strict=True)):
            left = room + place * cell
            if value is None:
                if text:
                    middle = left + cell / 2, top + row / 2
                    parts.append(label(*middle, text, anchor="middle", class_="quiet", size=9))
                continue
            color = "other" if value < 0 else "accent"
            drawn = box(
                left + _GAP / 2,
                top + _GAP / 2,
                cell - _GAP,
                row - _GAP,
                rx=3,
                words=f"{rows[at]} · {columns[place]}: {text}",
                class_=color,
                fill_opacity=f"{shade(abs(value) / most):.2f}",
            )
            parts.append(drawn)
            size = 11.0 if wide(text) * 11 / 12 < cell - 4 else 9.0
            parts.append(
                label(
                    left + cell / 2,
                    top + row / 2,
                    cut(text, cell * 12 / size),
                    anchor="middle",
                    size=size,
                )
            )
    return picture(parts, height=_HEAD + len(rows) * row, name=name, title=title, about=about)
