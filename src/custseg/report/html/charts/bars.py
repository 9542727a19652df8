"""Bars: side by side for before and after, in a row for how often each value stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from custseg.report.html.svg import WIDTH, box, cut, element, label, picture, tip, wide

_ROW = 30.0
_MOST_LABEL = 170.0


class Bar(NamedTuple):
    """A value with its label and what is written beside it; `before` is drawn above it, thinner."""

    words: str
    value: float
    shown: str
    before: float | None = None


def bars(items: Sequence[Bar], *, most: float | None, name: str, title: str, about: str) -> str:
    """Draw a bar a line; `most` is the value of a full bar, None the largest."""
    room = min(max((wide(each.words) for each in items), default=0.0) + 14, _MOST_LABEL)
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


class Bin(NamedTuple):
    """So many between two values; `zone` is a class of color, ``accent`` or ``other``."""

    low: float
    number: int
    zone: str


def histogram(
    bins: Sequence[Bin],
    *,
    legend: Sequence[tuple[str, str]],
    axis: str,
    counted: str,
    name: str,
    title: str,
    about: str,
) -> str:
    """Draw counts on a scale of square roots, so that rare values show beside frequent ones.

    `legend` gives classes of color and their words; `counted` is what the counts are of.
    """
    height, top, foot = 230.0, 26.0, 34.0
    high = height - top - foot
    most = max((each.number for each in bins), default=0) or 1
    step = WIDTH / max(len(bins), 1)
    parts: list[str] = []
    x = 0.0
    for color, words in legend:
        parts.append(box(x, 4, 11, 11, rx=2, class_=color))
        parts.append(label(x + 16, 10, words, size=11))
        x += wide(words) + 40
    base = top + high
    every = max(1, -(-len(bins) * 34 // int(WIDTH)))
    for at, each in enumerate(bins):
        tall = high * (each.number / most) ** 0.5
        drawn = box(at * step + 0.5, base - tall, step - 1, tall, class_=each.zone)
        if drawn:
            parts.append(element("g", tip(f"{each.low:+g}: {each.number:,} {counted}") + drawn))
        if at % every == 0:
            parts.append(
                label(at * step + step / 2, base + 11, f"{each.low:+g}", anchor="middle",
                      class_="quiet", size=10)
            )  # fmt: skip
    parts.append(element("line", x1=0, x2=WIDTH, y1=base, y2=base, class_="grid"))
    parts.append(label(WIDTH, base + 25, axis, anchor="end", class_="quiet", size=11))
    return picture(parts, height=height, name=name, title=title, about=about)


def columns_of_scores(
    groups: Sequence[tuple[str, Sequence[int]]], *, name: str, title: str, about: str
) -> str:
    """Draw, for each measure, how many customers have each score from 1 up."""
    height, top, foot = 190.0, 26.0, 20.0
    high = height - top - foot
    part = WIDTH / max(len(groups), 1)
    parts: list[str] = []
    for at, (words, counts) in enumerate(groups):
        left = at * part
        head = cut(words, part - 8)
        parts.append(label(left + part / 2, 10, head, anchor="middle", class_="ink strong"))
        most = max(counts, default=0) or 1
        step = (part - 20) / max(len(counts), 1)
        for score, count in enumerate(counts, start=1):
            tall = (high - 14) * count / most
            x = left + 10 + (score - 1) * step
            base = top + high
            parts.append(box(x + 2, base - tall, step - 4, tall, rx=2, class_="accent"))
            parts.append(
                label(x + step / 2, base - tall - 8, f"{count:,}", anchor="middle", size=9)
            )
            parts.append(
                label(x + step / 2, base + 10, str(score), anchor="middle", class_="quiet", size=11)
            )
    return picture(parts, height=height, name=name, title=title, about=about)
