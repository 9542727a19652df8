"""Who moved where: two columns of groups, and bands between them as wide as people are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from custseg.report.html.svg import WIDTH, box, cut, element, label, number, picture, tip, wide

_BAR = 10.0
_GAP = 5.0
_LABELS = 164.0
_LEAST_HEIGHT = 240.0
_SIZE = 11.0


def flow(
    before: Sequence[str],
    after: Sequence[str],
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
        Labels of the groups on the left and on the right.
    moved
        People by group on the left and on the right. Who stayed where the labels are the same is
        drawn in the second color.
    heads
        What stands above the two columns.
    """
    sizes = (
        [sum(n for (a, _), n in moved.items() if a == at) for at in range(len(before))],
        [sum(n for (_, b), n in moved.items() if b == at) for at in range(len(after))],
    )
    total = sum(moved.values()) or 1
    most = max(len(before), len(after), 1)
    height = max(_LEAST_HEIGHT, most * 30.0)
    room = height - 24 - _GAP * most
    scale = room / total
    tops = [_tops(each, scale) for each in sizes]
    for side in (0, 1):
        ends = [y + n * scale for y, n in zip(tops[side], sizes[side], strict=True)]
        height = max([height, *(end + 12 for end in ends)])
    left, right = _LABELS, WIDTH - _LABELS - _BAR
    used = [list(tops[0]), list(tops[1])]
    bands = []
    for (a, b), people in sorted(moved.items()):
        thick = people * scale
        y0, y1 = used[0][a], used[1][b]
        used[0][a] += thick
        used[1][b] += thick
        color = "other" if before[a] == after[b] else "accent"
        bands.append(
            element(
                "path",
                tip(f"{before[a]} → {after[b]}: {people:,}"),
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
    for side, (names, edge) in enumerate(((before, left), (after, right))):
        for at, words in enumerate(names):
            tall = sizes[side][at] * scale
            if not tall:
                continue
            parts.append(box(edge, tops[side][at], _BAR, max(tall, 1.0), class_="ink-fill"))
            middle = tops[side][at] + tall / 2
            size = f" {sizes[side][at]:,}"
            room = _LABELS - 6 - wide(size, _SIZE)
            written = cut(words, room, _SIZE) + size
            if side == 0:
                parts.append(label(edge - 6, middle, written, anchor="end", size=_SIZE))
            else:
                parts.append(label(edge + _BAR + 6, middle, written, size=_SIZE))
    return picture(parts, height=height, name=name, title=title, about=about)


def _tops(sizes: Sequence[int], scale: float) -> list[float]:
    tops, y = [], 22.0
    for size in sizes:
        tops.append(y)
        if size:
            # A thin bar still needs the height of its label.
            y += max(size * scale + _GAP, 14.0)
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
