"""Rectangles whose areas are their values (Bruls, Huizing, van Wijk, Squarified Treemaps, 2000)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from custseg.report.html.svg import WIDTH, box, cut, label, picture, shade, whole_lines, wide

_HEIGHT: Final = 300.0
_GAP: Final = 1.5
_SIZES: Final = (12.0, 11.0, 10.0)
_DETAIL: Final = 10.5
_EDGE: Final = 7.0
_KEY: Final = 20.0
"""Height of a line below the tiles."""


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
    """Draw the tiles, the largest first.

    Those too small for their words have a number, and their words below.
    """
    ordered = sorted((each for each in tiles if each.value > 0), key=lambda each: -each.value)
    places = squarified([each.value for each in ordered], Place(0, 0, WIDTH, _HEIGHT))
    most = ordered[0].value if ordered else 1.0
    parts: list[str] = []
    below: list[Tile] = []
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
        if words := _words(tile, place):
            parts += words
        else:
            below.append(tile)
            parts += _number(len(below), place)
    parts += _legend(below)
    height = _HEIGHT + (_KEY * ((len(below) + 1) // 2) + 4 if below else 0)
    return picture(parts, height=height, name=name, title=title, about=about)


def _words(tile: Tile, place: Place) -> list[str]:
    """Give the words of a tile in the largest size that has room; nothing where none has."""
    room, left = place.width - 2 * _EDGE + 2, place.x + _EDGE
    for size in _SIZES:
        detail, step = min(size, _DETAIL), size + 3
        most = int((place.height - detail - 10) // step)
        lines = whole_lines(tile.words, room, size, most) if most > 0 else []
        if not lines or wide(tile.detail, detail) > room:
            continue
        found = [
            label(left, place.y + 15 + step * at, words, class_="ink strong", size=size)
            for at, words in enumerate(lines)
        ]
        return [*found, label(left, place.y + 16 + step * len(lines), tile.detail, size=detail)]
    return []


def _number(number: int, place: Place) -> Iterator[str]:
    if wide(str(number), _SIZES[-1]) < place.width - 4 and _SIZES[-1] < place.height - 4:
        x, y = place.x + place.width / 2, place.y + place.height / 2
        yield label(x, y, str(number), anchor="middle", class_="ink strong", size=_SIZES[-1])


def _legend(tiles: Sequence[Tile]) -> Iterator[str]:
    """Write the words of tiles that have a number, in two columns."""
    for at, tile in enumerate(tiles):
        x, y = WIDTH / 2 * (at % 2) + 2, _HEIGHT + _KEY * (at // 2 + 0.5) + 4
        words = f"{at + 1}  {tile.words}  {tile.detail}"
        yield label(x, y, cut(words, WIDTH / 2 - 8, _DETAIL), size=_DETAIL)


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
