"""Names for RFM codes: maps from patterns to segments, checked before they are used.

A pattern has a place for R and F, or for R, F and M: a digit (``5``), a range (``[4-5]``), a
set (``[135]``) or ``.`` for any. The first pattern that matches a code names it.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from custseg.errors import UsageError
from custseg.segment.rfm import Scores

DEFAULT: Final[Mapping[str, str]] = {
    "[1-2][1-2]": "hibernating",
    "[1-2][3-4]": "at_risk",
    "[1-2]5": "cant_lose",
    "3[1-2]": "about_to_sleep",
    "33": "need_attention",
    "[3-4][4-5]": "loyal",
    "41": "promising",
    "51": "new",
    "[4-5][2-3]": "potential_loyalists",
    "5[4-5]": "champions",
}
"""Over R and F on five bins; M is shown, not used."""

ALL_CODES: Final[Mapping[str, str]] = {
    "5[4-5][4-5]": "champions",
    "4[4-5]5": "champions",
    "454": "champions",
    "543": "loyal",
    "444": "loyal",
    "[3-4]35": "loyal",
    "3[4-5][4-5]": "loyal",
    "335": "loyal",
    "5[4-5][1-3]": "potential_loyalists",
    "53[1-3]": "potential_loyalists",
    "4[4-5][1-2]": "potential_loyalists",
    "453": "potential_loyalists",
    "43[1-3]": "potential_loyalists",
    "423": "potential_loyalists",
    "35[1-3]": "potential_loyalists",
    "34[1-2]": "potential_loyalists",
    "3[2-3]3": "potential_loyalists",
    "[4-5]1[1-2]": "new",
    "42[1-2]": "new",
    "311": "new",
    "5[1-2].": "promising",
    "42[4-5]": "promising",
    "[3-4]1[3-5]": "promising",
    "53[4-5]": "need_attention",
    "443": "need_attention",
    "434": "need_attention",
    "343": "need_attention",
    "3[2-3]4": "need_attention",
    "325": "need_attention",
    "3[2-3]1": "about_to_sleep",
    "312": "about_to_sleep",
    "221": "about_to_sleep",
    "213": "about_to_sleep",
    "[1-2][4-5][2-3]": "at_risk",
    "2[4-5][4-5]": "at_risk",
    "[1-2]3[4-5]": "at_risk",
    "[1-2]2[4-5]": "at_risk",
    "145": "at_risk",
    "133": "at_risk",
    "1[4-5][4-5]": "cant_lose",
    "[1-2]1[4-5]": "cant_lose",
    "113": "cant_lose",
    "3[2-3]2": "hibernating",
    "2[3-5]1": "hibernating",
    "23[2-3]": "hibernating",
    "22[2-3]": "hibernating",
    "132": "hibernating",
    "12[2-3]": "hibernating",
    "21[1-2]": "hibernating",
    "11[1-2]": "lost",
    "1[2-5]1": "lost",
}
"""Over all 125 codes on five bins: eleven segments, as commonly tabulated."""

BUILT_IN: Final[Mapping[str, Mapping[str, str]]] = {"default": DEFAULT, "map_125": ALL_CODES}

_PLACE = re.compile(r"\[(\d)-(\d)\]|\[(\d+)\]|(\d)|(\.)")
_PATTERN = re.compile(rf"(?:{_PLACE.pattern}){{2,3}}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")


@dataclass(frozen=True, slots=True)
class SegmentMap:
    """A checked map.

    Attributes
    ----------
    names
        Segments in the order the map first names them.
    table
        Index into `names` for each code, by R, F and M (from 0); shape ``(bins,) * 3``.
    rules
        The patterns, as they were written.
    unreachable
        Segments that no code can ever get, because earlier patterns take all of theirs.
    """

    names: tuple[str, ...]
    table: npt.NDArray[np.int64]
    rules: tuple[tuple[str, str], ...]
    unreachable: tuple[str, ...]

    @property
    def bins(self) -> int:
        """Number of bins that the map is made for."""
        return int(self.table.shape[0])

    def segments(self, scores: Scores) -> npt.NDArray[np.int64]:
        """Index into `names` for each customer."""
        return self.table[scores.r - 1, scores.f - 1, scores.m - 1]


def segment_map(rules: Iterable[tuple[str, str]], bins: int = 5) -> SegmentMap:
    """Check a map and make it ready.

    Parameters
    ----------
    rules
        (pattern, segment) pairs, first match wins.
    bins
        Scores run from 1 to `bins`.

    Raises
    ------
    UsageError
        If a pattern cannot be read, or a code is left without a segment.
    """
    rules = tuple((str(pattern), str(name)) for pattern, name in rules)
    names = tuple(dict.fromkeys(name for _, name in rules))
    table = np.full((bins,) * 3, -1, dtype=np.int64)
    for pattern, name in rules:
        places = np.ix_(*_places(pattern, bins))
        free = table[places] < 0
        table[places] = np.where(free, names.index(name), table[places])
    uncovered = [
        "".join(str(score + 1) for score in code)
        for code in itertools.product(range(bins), repeat=3)
        if table[code] < 0
    ]
    if uncovered:
        raise UsageError(
            "segment.map_uncovered",
            number=len(uncovered),
            codes=", ".join(uncovered[:5]) + ("…" if len(uncovered) > 5 else ""),
        )
    reached = set(np.unique(table).tolist())
    unreachable = tuple(name for i, name in enumerate(names) if i not in reached)
    return SegmentMap(names, table, rules, unreachable)


def _places(pattern: str, bins: int) -> list[list[int]]:
    """Scores (from 0) that each place of a pattern takes; M is free where it is not named."""
    if not _PATTERN.fullmatch(pattern):
        raise UsageError("segment.map_pattern", pattern=pattern)
    places = []
    for low, high, several, one, anything in _PLACE.findall(pattern):
        if anything:
            scores = list(range(1, bins + 1))
        elif low:
            scores = list(range(int(low), int(high) + 1))
        else:
            scores = [int(digit) for digit in several or one]
        if not scores or min(scores) < 1 or max(scores) > bins:
            raise UsageError("segment.map_score", pattern=pattern, bins=bins)
        places.append([score - 1 for score in scores])
    return places if len(places) == 3 else [*places, list(range(bins))]


def alike(names: Iterable[str]) -> list[list[str]]:
    """Names that signs, width and letter case alone tell apart, which file names cannot."""
    same: dict[str, list[str]] = {}
    for name in names:
        same.setdefault(_slug(name), []).append(name)
    return [group for group in same.values() if len(group) > 1]


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).lower().replace("'", "").replace("’", "")
    plain = re.sub(r"[^\w]+", "_", plain).strip("_")[:60] or "segment"
    return f"{plain}_" if _RESERVED.fullmatch(plain) else plain


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Name → a file name without ending that is safe on any system, each once."""
    given: dict[str, str] = {}
    for name in names:
        plain = _slug(name)
        taken = set(given.values())
        candidates = itertools.chain([plain], (f"{plain}_{n}" for n in itertools.count(2)))
        given[name] = next(item for item in candidates if item not in taken)
    return given
