"""Names of runs: the day, and a number from the second run of a day on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

_NAME: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.(\d+))?")


def place_in_order(name: str) -> tuple[str, int] | None:
    """Give what runs are ordered by: their day and number; None for a name of another form."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        date.fromisoformat(match[1])
    except ValueError:
        return None
    return match[1], int(match[2] or 1)


def in_order(names: Iterable[str]) -> list[str]:
    """Keep the names of runs, the oldest first."""
    placed = [(place, name) for name in names if (place := place_in_order(name)) is not None]
    return [name for _, name in sorted(placed)]


def next_name(names: Iterable[str], day: date) -> str:
    """Name a run of `day` so that it comes after all of `names`.

    A clock that went back does not put a new run before an older one: the day of the last run
    counts then.
    """
    ordered = in_order(names)
    last = place_in_order(ordered[-1]) if ordered else None
    if last is None or last[0] < day.isoformat():
        return day.isoformat()
    return f"{last[0]}.{last[1] + 1}"


def to_remove(names: Sequence[str], keep: int, latest: str) -> list[str]:
    """Give the oldest runs beyond `keep`, never `latest`."""
    ordered = in_order(names)
    return [name for name in ordered[: max(len(ordered) - keep, 0)] if name != latest]
