"""Rectangles whose areas are their values (Bruls, Huizing, van Wijk, Squarified Treemaps, 2000)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from custseg.report.html.svg import WIDTH, box, label, picture, shade, wide, wrapped

_HEIGHT = 300.0
_GAP = 1.5


class Tile(NamedTuple):
    """One value, its label, and a second line."""

    value: float
    words: str
    detail: str


class Place(NamedTuple):
    """Where a tile stands."""

    x: float
    y: float
    width: float
    height: float


def treemap(tiles: Sequence[Tile], *, name: str, title: str, about: str) -> str:
    """Draw the tiles, the largest first."""
    ordered = sorted((each for each in tiles if each.value > 0), key=lambda each: -each.value)
    places = squarified([each.value for each in ordered], Place(0, 0, WIDTH, _HEIGHT))
    most = ordered[0].value if ordered else 1.0
    parts: list[str] = []
    for tile, place in zip(ordered, places, strict=True):
        drawn = box(
            place.x + _GAP,
            place.y + _GAP,
            place.width - 2 * _GAP,
            place.height - 2 * _GAP,
            rx=4,
            words=f"{tile.words}: {tile.detail}",
            class_="accent",
            fill_opacity=f"{shade(tile.value / most):.2f}",
        )
        parts.append(drawn)
        parts += _words(tile, place)
    return picture(parts, height=_HEIGHT, name=name, title=title, about=about)


def _words(tile: Tile, place: Place) -> Iterator[str]:
    room, left = place.width - 12, place.x + 7
    size = 12.0 if wide(tile.words) <= room else 10.5
    lines = wrapped(tile.words, room, size, int((place.height - 8) // 15))
    for at, words in enumerate(lines):
        yield label(left, place.y + 15 + 15 * at, words, class_="ink strong", size=size)
    below = place.y + 16 + 15 * len(lines)
    if lines and below + 8 <= place.y + place.height and wide(tile.detail, 10.5) <= room:
        yield label(left, below, tile.detail, size=10.5)


def squarified(values: Sequence[float], room: Place) -> list[Place]:
    """Place values, the largest first, so that areas are in their proportion and near square."""
    total = sum(values)
    if not values or total <= 0:
        return []
    scale = room.width * room.height / total
    areas = [value * scale for value in values]
    places: list[Place] = []
    while areas:
        side = min(room.width, room.height)
        count = 1
        while count < len(areas):
            if _worst(areas[: count + 1], side) > _worst(areas[:count], side):
                break
            count += 1
        laid, room = _lay(areas[:count], room)
        places += laid
        areas = areas[count:]
    return places


def _worst(areas: Sequence[float], side: float) -> float:
    """Largest ratio of sides where `areas` are laid along a side."""
    total = sum(areas)
    return max(max(side**2 * a / total**2, total**2 / (side**2 * a)) for a in areas)


def _lay(areas: Sequence[float], room: Place) -> tuple[list[Place], Place]:
    """Lay areas along the shorter side of a room; give them, and what is left of the room."""
    total = sum(areas)
    laid = []
    if room.width >= room.height:
        width, y = total / room.height, room.y
        for area in areas:
            laid.append(Place(room.x, y, width, area / width))
            y += area / width
        return laid, Place(room.x + width, room.y, room.width - width, room.height)
    height, x = total / room.width, room.x
    for area in areas:
        laid.append(Place(x, room.y, area / height, height))
        x += area / height
    return laid, Place(room.x, room.y + height, room.width, room.height - height)
