"""Curves over a square of shares: what part of the customers brings what part of the money."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from custseg.report.html.svg import WIDTH, box, element, label, number, picture, tip, wide

_LEFT, _TOP, _BOTTOM, _RIGHT = 46.0, 10.0, 38.0, 12.0
_HEIGHT = 298.0
_SMALL = 10.5
_STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


def share_curve(
    points: Sequence[tuple[float, float]],
    *,
    marked: tuple[float, float, str] | None,
    x_title: str,
    name: str,
    title: str,
    about: str,
) -> str:
    """Draw a curve from (0, 0) to (1, 1) beside the line of equality.

    Parameters
    ----------
    points
        Shares of customers and of money, both from 0 to 1, rising.
    marked
        A point that is named, with its words.
    x_title
        What runs from left to right.
    """
    wide, high = WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        return _LEFT + x * wide, _TOP + (1 - y) * high

    parts = []
    for step in _STEPS:
        x, y = at(step, step)
        parts.append(element("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y, y2=y, class_="grid"))
        parts.append(label(_LEFT - 6, y, f"{step:.0%}", anchor="end", class_="quiet", size=11))
        if step:
            anchor = "end" if step == 1 else "middle"
            parts.append(
                label(x, _TOP + high + 10, f"{step:.0%}", anchor=anchor, class_="quiet", size=11)
            )
    parts.append(label(_LEFT, _TOP + high + 28, x_title, class_="quiet", size=11))
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    parts.append(element("line", x1=x0, y1=y0, x2=x1, y2=y1, class_="grid dashed"))
    drawn = [at(x, y) for x, y in ((0.0, 0.0), *points)]
    path = " ".join(f"{number(x)},{number(y)}" for x, y in drawn)
    ground = f"{path} {number(x1)},{number(y0)}"
    parts.append(element("polygon", points=ground, class_="accent", fill_opacity="0.12"))
    parts.append(element("polyline", points=path, class_="curve"))
    if marked is not None:
        x, y = at(marked[0], marked[1])
        parts.append(element("circle", cx=x, cy=y, r=5, class_="accent"))
        parts.append(label(x + 10, y + 14, marked[2], class_="ink strong"))
    return picture(parts, height=_HEIGHT, name=name, title=title, about=about)


def stacked_columns(
    labels: Sequence[str],
    lower: Sequence[float],
    upper: Sequence[float],
    *,
    legend: tuple[str, str],
    faint: Sequence[bool],
    tips: Sequence[str],
    name: str,
    title: str,
    about: str,
) -> str:
    """Draw columns of two parts; those marked `faint` (a month not over) are lighter."""
    height, top, foot = 240.0, 30.0, 24.0
    most = max((a + b for a, b in zip(lower, upper, strict=True)), default=0.0) or 1.0
    step = WIDTH / max(len(labels), 1)
    bar = min(step * 0.74, 44.0)
    high = height - top - foot
    longest = max((wide(each, _SMALL) for each in labels), default=0.0)
    every = max(1, ceil((longest + 8) / step))
    # The last label is of the last column under which it stands inside the picture.
    last = len(labels) - 1 - max(0, ceil((longest - step) / 2 / step))
    second = wide(legend[0], 11) + 40
    parts = [
        box(0, 4, 11, 11, rx=2, class_="accent"),
        label(16, 10, legend[0], size=11),
        box(second, 4, 11, 11, rx=2, class_="other"),
        label(second + 16, 10, legend[1], size=11),
    ]
    for at in range(len(labels)):
        x = at * step + (step - bar) / 2
        low, up = lower[at] / most * high, upper[at] / most * high
        base = top + high
        fade = "0.45" if faint[at] else "0.95"
        body = box(x, base - low, bar, low, class_="accent", fill_opacity=fade) + box(
            x, base - low - up, bar, up, class_="other", fill_opacity=fade
        )
        parts.append(element("g", tip(tips[at]) + body))
        if (last - at) % every == 0 and longest / 2 <= (at + 0.5) * step <= WIDTH - longest / 2:
            middle = at * step + step / 2
            parts.append(
                label(middle, base + 12, labels[at], anchor="middle", class_="quiet", size=_SMALL)
            )
    parts.append(element("line", x1=0, x2=WIDTH, y1=top + high, y2=top + high, class_="grid"))
    return picture(parts, height=height, name=name, title=title, about=about)
