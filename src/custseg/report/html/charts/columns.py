"""How often each value stands: a histogram with its zones, and columns of scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from custseg.report.html.svg import WIDTH, box, element, label, picture, tip, wide

_SMALL: Final = 10.5


class Zone(NamedTuple):
    """What values from `start` on mean; `color` is a class, `strength` how much of it there is."""

    start: float
    words: str
    color: str
    strength: float


class Bin(NamedTuple):
    """So many values from `low` to `low` + 1, colored as one of the zones by its place."""

    low: int
    number: int
    zone: int


def histogram(
    bins: Sequence[Bin],
    zones: Sequence[Zone],
    *,
    axis: str,
    counted: str,
    name: str,
    title: str,
    about: str,
) -> str:
    """Draw counts on a scale of square roots, so that rare values show beside frequent ones.

    The first of the zones is shaded, and a line stands where each of the others begins; `counted`
    is what the counts are of.
    """
    height, top, foot = 236.0, 32.0, 34.0
    high, base = height - top - foot, height - foot
    first = bins[0].low if bins else 0
    step = WIDTH / max(len(bins), 1)
    parts: list[str] = []
    x = 0.0
    for zone in zones:
        parts.append(
            box(x, 4, 11, 11, rx=2, class_=zone.color, fill_opacity=f"{zone.strength:.2f}")
        )
        parts.append(label(x + 16, 10, zone.words, size=11))
        x += wide(zone.words, 11) + 40
    starts = [min(max((zone.start - first) * step, 0.0), WIDTH) for zone in zones[1:]]
    if starts:
        ground = box(0, top - 6, starts[0], high + 6, class_=zones[0].color, fill_opacity="0.14")
        parts.append(ground)
    most = max((each.number for each in bins), default=0) or 1
    every = max(1, -(-len(bins) * 34 // int(WIDTH)))
    for at, each in enumerate(bins):
        tall = high * (each.number / most) ** 0.5
        zone = zones[each.zone]
        drawn = box(
            at * step + 0.5,
            base - tall,
            step - 1,
            tall,
            class_=zone.color,
            fill_opacity=f"{zone.strength:.2f}",
        )
        if drawn:
            words = f"{each.low:+d} … {each.low + 1:+d}: {each.number:,} {counted} · {zone.words}"
            parts.append(element("g", tip(words) + drawn))
        if at and at % every == 0 and at * step < WIDTH - 12:
            # A label stands where its bin begins.
            parts.append(
                label(at * step, base + 11, f"{each.low:+d}", anchor="middle",
                      class_="quiet", size=_SMALL)
            )  # fmt: skip
    parts += [
        element("line", x1=x, x2=x, y1=top - 6, y2=base, class_="grid dashed") for x in starts
    ]
    parts.append(element("line", x1=0, x2=WIDTH, y1=base, y2=base, class_="grid"))
    parts.append(label(WIDTH, base + 26, axis, anchor="end", class_="quiet", size=11))
    return picture(parts, height=height, name=name, title=title, about=about)


class Scores(NamedTuple):
    """A measure, and how many customers have each score from 1 up, with what is written."""

    words: str
    counts: Sequence[int]
    shown: Sequence[str]


def columns_of_scores(groups: Sequence[Scores], *, name: str, title: str, about: str) -> str:
    """Draw, for each measure, how many customers have each score."""
    height, top, foot = 196.0, 26.0, 20.0
    high, base = height - top - foot, height - foot
    part = WIDTH / max(len(groups), 1)
    parts: list[str] = []
    for at, group in enumerate(groups):
        left = at * part
        parts.append(label(left + part / 2, 10, group.words, anchor="middle", class_="ink strong"))
        most = max(group.counts, default=0) or 1
        step = (part - 12) / max(len(group.counts), 1)
        for place, (count, shown) in enumerate(zip(group.counts, group.shown, strict=True)):
            tall = (high - 14) * count / most
            x = left + 6 + place * step
            parts.append(box(x + 2, base - tall, step - 4, tall, rx=2, class_="accent"))
            size = _SMALL if wide(shown, _SMALL) <= step else 9.0
            middle = x + step / 2
            parts.append(label(middle, base - tall - 8, shown, anchor="middle", size=size))
            score = label(
                middle, base + 10, f"{place + 1}", anchor="middle", class_="quiet", size=11
            )
            parts.append(score)
    return picture(parts, height=height, name=name, title=title, about=about)
