"""Split a Japanese full name that is written without a space.

Every place of the split is weighed: the log probability of the family name, that of the given
name, and what a reading written beside the name says. The best place is taken where it
stands out; else the name is left whole and said to be ambiguous.
"""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

from custseg.cleanse.standardize.characters import fold_variants
from custseg.cleanse.standardize.name_dictionary import LONGEST, Names, family_names, given_names
from custseg.cleanse.standardize.reading import kana_key, plain_kana

CLEAR: Final = 3.0
"""Least distance (in natural logarithms) to the next best split of a name of known pieces."""

_CLEAR_HALF_KNOWN: Final = 4.0

_REACH: Final = 4.5
"""Distance from the best beyond which a split is not looked at; more than is ever compared."""

_KANA_REACH: Final = 10.0
"""The same where a run of kana may weigh against the best."""

_READ_REACH: Final = 40.0
"""The same where a reading may decide."""

ONLY_FAMILY: Final = math.log(0.01)
"""Share of cells of full names that hold a family name alone."""

COMMON_SINGLE: Final = math.log(1e-4)
"""Share of people from which on a given name of one character is a common one."""

_READ: Final = 5.0
_MISREAD: Final = -8.0
_SAME_KANA: Final = -5.0
"""Weight against a split inside a run of hiragana, or of katakana."""

_SOME_KANA: Final = re.compile("[ぁ-ゖァ-ヺ]")
_KANA_RUN: Final = re.compile("[ぁ-ゖー]{2}|[ァ-ヺー]{2}")

_MORAE: Final = 2.0
"""Kana that a character of a name usually reads as."""


class Split(NamedTuple):
    """Where a name was split.

    Attributes
    ----------
    family, given
        The pieces; both None where the name is left whole, `given` alone where the whole is
        a family name.
    ambiguous
        Whether two splits or more are likely.
    """

    family: str | None
    given: str | None
    ambiguous: bool = False


WHOLE: Final = Split(None, None)
UNCLEAR: Final = Split(None, None, ambiguous=True)


class _Candidate(NamedTuple):
    """A place to split at: its score, then how many pieces are known, and read as written."""

    score: float
    place: int
    known: int
    read: int = 0


def split_name(name: str, reading: str = "") -> Split:
    """Split a name written without a space.

    Parameters
    ----------
    name
        Kanji and kana, without spaces and honorifics.
    reading
        Its kana, best with a space between family and given; ``""`` for none.

    Notes
    -----
    A given name of one character after a family name of three or more is believed only where
    it is a common one; else a known family name of two characters before it leaves the name
    open (長谷川太 is 長谷川|太 or 長谷|川太).
    """
    text = fold_variants(name)
    if not 2 <= len(text) <= LONGEST:
        return WHOLE
    families, givens = family_names(), given_names()
    if reading:
        known = _places_read(text, reading, families, givens)
        if len(known) == 1:
            return _cut(name, text, known[0])
    with_kana = _SOME_KANA.search(text) is not None
    reach = _READ_REACH if reading else _KANA_REACH if with_kana else _REACH
    candidates = _weighed(text, families, givens, reach)
    if with_kana:
        candidates = [_without_run(text, each) for each in candidates]
    if reading:
        candidates = [_read(text, each, reading, families, givens) for each in candidates]
    candidates.sort(reverse=True)
    best = candidates[0]
    alone = families.known.get(text, -math.inf) + ONLY_FAMILY
    if " " not in reading and alone > best.score - CLEAR:
        return Split(name, None) if alone > best.score + CLEAR else UNCLEAR
    if not best.known and best.read < 2:
        return WHOLE
    if _unclear(candidates) or (best.read < 2 and _doubtful_single(text, best, families, givens)):
        return UNCLEAR
    return _cut(name, text, best.place)


def _places_read(text: str, reading: str, families: Names, givens: Names) -> list[int]:
    """Find the places where both pieces are known to read as the reading says."""
    head, _, tail = reading.partition(" ")
    before, after = plain_kana(head), plain_kana(tail)
    found = []
    for place in range(1, len(text)):
        firsts = families.readings(text[:place])
        if after:
            fits = before in firsts and after in givens.readings(text[place:])
        else:
            seconds = givens.readings(text[place:]) if firsts else ()
            fits = any(
                before.startswith(kana) and before[len(kana) :] in seconds for kana in firsts
            )
        if fits:
            found.append(place)
    return found


def _weighed(text: str, families: Names, givens: Names, reach: float) -> list[_Candidate]:
    """Weigh every place by the name lists alone.

    Places that cannot come within `reach` of the best are left out.
    """
    size = len(text)
    least = -math.inf
    pieces = []
    for place in range(1, size):
        first, second = families.known.get(text[:place]), givens.known.get(text[place:])
        pieces.append((place, first, second))
        if first is not None and second is not None and first + second > least + reach:
            least = first + second - reach
    found = []
    for place, first, second in pieces:
        known = (first is not None) + (second is not None)
        if first is None:
            bound = families.bounds[place - 1]
            first = bound if bound + (second or 0.0) < least else families.unknown(text[:place])
        if second is None and first + givens.bounds[size - place - 1] >= least:
            second = givens.unknown(text[place:])
        if second is None or first + second < least:
            continue
        found.append(_Candidate(first + second, place, known))
    return found


def _without_run(text: str, candidate: _Candidate) -> _Candidate:
    """Weigh a split less that stands inside a run of kana."""
    if _KANA_RUN.match(text, candidate.place - 1) is None:
        return candidate
    return candidate._replace(score=candidate.score + _SAME_KANA)


def _unclear(candidates: list[_Candidate]) -> bool:
    """Whether the next best split is too near the best."""
    if len(candidates) < 2:
        return False
    best = candidates[0]
    sure = best.known == 2 or best.read == 2
    return best.score - candidates[1].score < (CLEAR if sure else _CLEAR_HALF_KNOWN)


def _doubtful_single(text: str, best: _Candidate, families: Names, givens: Names) -> bool:
    if best.place < 3 or best.place != len(text) - 1:
        return False
    rare = givens.known.get(text[-1], -math.inf) < COMMON_SINGLE
    return rare and text[:-2] in families.known


def _read(
    text: str, candidate: _Candidate, reading: str, families: Names, givens: Names
) -> _Candidate:
    """Add to a split's score what the reading says of it."""
    family, given = text[: candidate.place], text[candidate.place :]
    head, _, tail = reading.partition(" ")
    before, after = plain_kana(head), plain_kana(tail)
    if after:
        cuts = {len(before)}
    else:
        heads = {len(kana) for kana in families.readings(family) if before.startswith(kana)}
        tails = {len(before) - len(k) for k in givens.readings(given) if before.endswith(k)}
        cuts = {cut for cut in heads | tails if 0 < cut < len(before)}
    whole = before + after
    ways = [
        _sum(_heard(family, whole[:cut], families), _heard(given, whole[cut:], givens))
        for cut in cuts
    ]
    gain, read = max(ways, default=(_MISREAD, 0))
    return candidate._replace(score=candidate.score + gain, read=read)


def _heard(piece: str, kana: str, names: Names) -> tuple[float, int]:
    """Weight of a piece having this reading, and 1 where the lists know it to have."""
    readings = names.readings(piece)
    if not readings:
        return -abs(len(kana) - _MORAE * len(piece)), 0
    if kana in readings or kana_key(kana) in map(kana_key, readings):
        return _READ, 1
    return _MISREAD, 0


def _sum(one: tuple[float, int], other: tuple[float, int]) -> tuple[float, int]:
    return one[0] + other[0], one[1] + other[1]


def _cut(name: str, text: str, place: int) -> Split:
    """Cut the name as written, where variation selectors take places, too."""
    if len(name) != len(text):
        place = [at for at, each in enumerate(name) if fold_variants(each)][place]
    return Split(name[:place], name[place:])
