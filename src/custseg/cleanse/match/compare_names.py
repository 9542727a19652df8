"""Agreement of names: as written, by sound, by nickname."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from custseg.cleanse.match.coding import Coded, Grams, contains
from custseg.cleanse.match.levels import MISSING, NAME_LEVELS, frequency_level
from custseg.cleanse.match.types import Bools, Codes, Ints, Levels

SAME_READING: Final = NAME_LEVELS.index("same_reading")
VARIANT: Final = NAME_LEVELS.index("variant")
NAME_CLOSE: Final = NAME_LEVELS.index("close")
NAME_SIMILAR: Final = NAME_LEVELS.index("similar")
SWAPPED: Final = NAME_LEVELS.index("swapped")
NAME_DIFFERENT: Final = NAME_LEVELS.index("different")
CLOSE: Final = 0.92
SIMILAR: Final = 0.82
"""Jaro-Winkler similarities of names."""


def packed(left: Codes, right: Codes) -> Ints:
    """Pack unordered pairs of codes into int64."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    return (low.astype(np.int64) << 32) | high.astype(np.int64)


def distinct_pairs(packs: Ints) -> tuple[Ints, Ints]:
    """Give sorted distinct packed pairs, and the place of each given one among them."""
    ordered = np.sort(packs)
    keep = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    unique = ordered[keep]
    return unique, np.searchsorted(unique, packs)


def name_similarity(keys: Sequence[str], left: Codes, right: Codes) -> Levels:
    """Grade pairs of unequal names: close, similar or different.

    Names of one or two ideographs are never similar: one of two characters is shared by
    chance, and by brothers.
    """
    unique, place = distinct_pairs(packed(left, right))
    a = [keys[code] for code in (unique >> 32).tolist()]
    b = [keys[code] for code in (unique & 0xFFFFFFFF).tolist()]
    grade = np.full(len(unique), NAME_DIFFERENT, np.uint8)
    if a:
        winkler = cpdist(a, b, scorer=JaroWinkler.similarity, dtype=np.float64)
        edits = cpdist(a, b, scorer=OSA.distance, score_cutoff=1, dtype=np.int32)
        size = np.fromiter(map(len, a), np.int32, len(a))
        size = np.minimum(size, np.fromiter(map(len, b), np.int32, len(b)))
        short = np.fromiter((len(x) < 3 and x >= "\u2e80" for x in a), np.bool_, len(a))
        short |= np.fromiter((len(x) < 3 and x >= "\u2e80" for x in b), np.bool_, len(b))
        grade[(winkler >= SIMILAR) & ~short] = NAME_SIMILAR
        grade[((winkler >= CLOSE) & (size >= 4)) | ((edits <= 1) & (size >= 4))] = NAME_CLOSE
        grade[(edits <= 1) & (size == 3)] = NAME_SIMILAR
        for at in np.flatnonzero(short).tolist():
            turned = sorted(a[at]) == sorted(b[at])
            grade[at] = NAME_CLOSE if turned else NAME_DIFFERENT
    return grade[place]


@dataclass(frozen=True)
class Exchange:
    """Given and family names under common codes, to find those in each other's column.

    Attributes
    ----------
    keys, letters
        All names by common code, and their letters.
    from_given, from_family
        Common code of each given and family name; a last one for none.
    as_given
        Code as a given name of each family name, -1 where it is none; a last one for none.
    """

    keys: list[str]
    letters: Grams
    from_given: Codes
    from_family: Codes
    as_given: Codes

    @classmethod
    def of(cls, given: Coded, family: Coded) -> Exchange:
        """Code the names of two columns alike."""
        keys = list(dict.fromkeys(given.texts + family.texts))
        code = {key: position for position, key in enumerate(keys)}
        place = {key: position for position, key in enumerate(given.texts)}
        return cls(
            keys,
            Grams.of(pa.array(keys, pa.string()), 1),
            np.array([code[key] for key in given.texts] + [-1], np.int32),
            np.array([code[key] for key in family.texts] + [-1], np.int32),
            np.array([place.get(key, -1) for key in family.texts] + [-1], np.int32),
        )


@dataclass(frozen=True)
class NameField:
    """A given or family name: its written form, and its reading where there is one.

    Attributes
    ----------
    written, reading
        Codes of keys; either may be None.
    variants
        Sorted packed pairs of `written` codes that are forms of one name (nicknames).
    spoken
        Sorted pairs, written code << 32 | reading code, of forms and readings they may have.
    whole
        Of the family name: code of the reading of each record's whole name, -1 for none.
    exchange
        Of the family name: the names of both columns, where there are two.
    """

    name: str
    written: Coded
    reading: Coded | None
    variants: Ints
    spoken: Ints
    whole: Codes | None = None
    exchange: Exchange | None = None
    kind: str = "name"

    @cached_property
    def _letters(self) -> Grams:
        return Grams.of(self.written.keys, 1)

    @cached_property
    def _frequency(self) -> Levels:
        return frequency_level(self.written)

    @cached_property
    def _initial(self) -> tuple[Codes, Bools]:
        firsts = self.written.derive(lambda key: key[:1] if key[:1] < "\u2e80" else "")
        first = np.full(len(self.written.keys) + 1, -1, np.int32)
        first[self.written.codes] = firsts.codes
        alone = np.array([len(key.strip(".")) == 1 for key in self.written.texts] + [False])
        first[-1] = -1
        return first, alone

    @cached_property
    def _by_sound(self) -> Bools:
        """Whether each written form is kana or letters, which say the sound alone."""
        ideographs = re.compile(r"[\u3005\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
        return np.array([not ideographs.search(key) for key in self.written.texts] + [False])

    def compare(self, left: Ints, right: Ints) -> Levels:
        """Agreement level of each pair of records."""
        level = self._written(self.written.codes[left], self.written.codes[right])
        if self.reading is None:
            return level
        a, b = self.reading.codes[left], self.reading.codes[right]
        known = (a >= 0) & (b >= 0)
        equal = known & (a == b)
        doubt = level > SAME_READING
        x, y = self.written.codes[left], self.written.codes[right]
        level[doubt & equal] = VARIANT
        level[doubt & equal & (self._by_sound[x] | self._by_sound[y])] = SAME_READING
        for reading, other, code in ((a, b, right), (b, a, left)):
            at = np.flatnonzero(doubt & (reading >= 0) & (other < 0))
            pairs = self.written.codes[code[at]].astype(np.int64) << 32 | reading[at]
            level[at[contains(self.spoken, pairs)]] = SAME_READING
        at = np.flatnonzero((level < SAME_READING) & (level != MISSING) & known & ~equal)
        level[at[self._read_apart(self.written.codes[left[at]], a[at], b[at])]] = NAME_SIMILAR
        silent = known & (level == MISSING)
        level[silent] = frequency_level(self.reading)[a[silent]]
        unequal = known & ~equal & (doubt | silent)
        at = np.flatnonzero(unequal)
        graded = graded_names(self.reading.texts, self._sounds, a[at], b[at])
        level[at] = np.where(silent[at], graded, np.minimum(level[at], graded))
        return level

    def _read_apart(self, written: Codes, a: Codes, b: Codes) -> Bools:
        """Whether two readings of one written name are two names, not one with a typing error.

        They are where both are known readings, or differ in more than a character.
        """
        if self.reading is None or not len(a):
            return np.zeros(len(a), np.bool_)
        texts = self.reading.texts
        form = written.astype(np.int64) << 32
        both = contains(self.spoken, form | a) & contains(self.spoken, form | b)
        x, y = [texts[code] for code in a.tolist()], [texts[code] for code in b.tolist()]
        edits = cpdist(x, y, scorer=OSA.distance, score_cutoff=1, dtype=np.int32)
        apart: Bools = both | (edits > 1)
        return apart

    @cached_property
    def _sounds(self) -> Grams:
        return Grams.of((self.reading or self.written).keys, 1)

    def _written(self, a: Codes, b: Codes) -> Levels:
        level = self._frequency[a]
        level[b < 0] = MISSING
        at = np.flatnonzero((a != b) & (level != MISSING))
        if not len(at):
            return level
        x, y = a[at], b[at]
        first, alone = self._initial
        graded = graded_names(self.written.texts, self._letters, x, y)
        variant = (first[x] == first[y]) & (first[x] >= 0) & (alone[x] | alone[y])
        if len(self.variants):
            packs = packed(x, y)
            found = np.searchsorted(self.variants, packs).clip(max=len(self.variants) - 1)
            variant |= self.variants[found] == packs
        graded[variant] = VARIANT
        level[at] = graded
        return level


def graded_names(keys: Sequence[str], letters: Grams, left: Codes, right: Codes) -> Levels:
    """Grade pairs of unequal names; names that share few letters are not looked at closely."""
    graded = np.full(len(left), NAME_DIFFERENT, np.uint8)
    likely = np.flatnonzero(letters.likeness(left, right) >= 0.6)
    graded[likely] = name_similarity(keys, left[likely], right[likely])
    return graded
