"""Agreement levels of pairs of codes, by kind of field. Level 0 means: not comparable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from custseg.cleanse.match.coding import (
    Coded,
    Grams,
    code_points,
    contains,
)
from custseg.cleanse.match.types import Bools, Codes, Floats, Ints, Levels

MISSING: Final = 0

NAME_LEVELS: Final = (
    "missing",
    "same_rare",
    "same_uncommon",
    "same",
    "same_common",
    "variant",
    "close",
    "similar",
    "swapped",
    "different",
)
DATE_LEVELS: Final = ("missing", "same", "same_common", "close", "part", "year", "different")
VALUE_LEVELS: Final = ("missing", "same", "same_shared", "close", "different")
EMAIL_LEVELS: Final = (
    "missing",
    "same",
    "same_shared",
    "same_local_part",
    "close",
    "different",
)
STREET_LEVELS: Final = (
    "missing",
    "same",
    "close",
    "other_unit",
    "other_number",
    "similar",
    "different",
)
AREA_LEVELS: Final = (
    "missing",
    "same",
    "same_code",
    "near_code",
    "same_city",
    "region",
    "different",
)
GENDER_LEVELS: Final = ("missing", "same", "different")
ATTRIBUTE_LEVELS: Final = (
    "missing",
    "same_rare",
    "same_uncommon",
    "same",
    "same_common",
    "close",
    "different",
)

LEVELS: Final = {
    "name": NAME_LEVELS,
    "date": DATE_LEVELS,
    "value": VALUE_LEVELS,
    "email": EMAIL_LEVELS,
    "street": STREET_LEVELS,
    "area": AREA_LEVELS,
    "gender": GENDER_LEVELS,
    "attribute": ATTRIBUTE_LEVELS,
}

FREQUENT: Final = (2e-5, 2e-4, 2e-3)
"""Shares of the other records that have a value, from which it is no longer rare, is no longer
uncommon, is common."""
VARIANT: Final = 5
NAME_CLOSE: Final = 6
NAME_SIMILAR: Final = 7
SWAPPED: Final = 8
NAME_DIFFERENT: Final = 9
CLOSE: Final = 0.92
SIMILAR: Final = 0.82
"""Jaro-Winkler similarities of names."""


def frequency_level(column: Coded) -> Levels:
    """Give 1 (rare) to 4 (common) for each code of a column; 0 for none (the last)."""
    share = (column.counts - 1) / max(column.filled, 1)
    level = np.zeros(len(column.keys) + 1, np.uint8)
    level[:-1] = 1 + np.searchsorted(FREQUENT, share, side="right")
    return level


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
        turned = np.fromiter((sorted(x) == sorted(y) for x, y in zip(a, b, strict=True)), np.bool_)
        grade[short] = np.where(turned[short], NAME_CLOSE, NAME_DIFFERENT)
    return grade[place]


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
    """

    name: str
    written: Coded
    reading: Coded | None
    variants: Ints
    spoken: Ints
    whole: Codes | None = None
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

    def compare(self, left: Ints, right: Ints) -> Levels:
        """Agreement level of each pair of records."""
        level = self._written(self.written.codes[left], self.written.codes[right])
        if self.reading is None:
            return level
        a, b = self.reading.codes[left], self.reading.codes[right]
        known = (a >= 0) & (b >= 0)
        equal = known & (a == b)
        doubt = level > VARIANT
        level[doubt & equal] = VARIANT
        for reading, other, code in ((a, b, right), (b, a, left)):
            at = np.flatnonzero(doubt & (reading >= 0) & (other < 0))
            pairs = self.written.codes[code[at]].astype(np.int64) << 32 | reading[at]
            level[at[contains(self.spoken, pairs)]] = VARIANT
        at = np.flatnonzero((level < VARIANT) & (level != MISSING) & known & ~equal)
        graded = _graded_names(self.reading.texts, self._sounds, a[at], b[at])
        level[at[graded == NAME_DIFFERENT]] = NAME_SIMILAR
        silent = known & (level == MISSING)
        level[silent] = frequency_level(self.reading)[a[silent]]
        unequal = known & ~equal & (doubt | silent)
        at = np.flatnonzero(unequal)
        graded = _graded_names(self.reading.texts, self._sounds, a[at], b[at])
        level[at] = np.where(silent[at], graded, np.minimum(level[at], graded))
        return level

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
        graded = _graded_names(self.written.texts, self._letters, x, y)
        variant = (first[x] == first[y]) & (first[x] >= 0) & (alone[x] | alone[y])
        if len(self.variants):
            packs = packed(x, y)
            found = np.searchsorted(self.variants, packs).clip(max=len(self.variants) - 1)
            variant |= self.variants[found] == packs
        graded[variant] = VARIANT
        level[at] = graded
        return level


def _graded_names(keys: Sequence[str], letters: Grams, left: Codes, right: Codes) -> Levels:
    graded = np.full(len(left), NAME_DIFFERENT, np.uint8)
    likely = np.flatnonzero(letters.likeness(left, right) >= 0.6)
    graded[likely] = name_similarity(keys, left[likely], right[likely])
    return graded


def nibbles(keys: pa.StringArray) -> npt.NDArray[np.uint64]:
    """Pack the last 16 characters of each key, four bits each; a last row for none."""
    packs = np.zeros(len(keys) + 1, np.uint64)
    if len(keys):
        ascii_only = pc.replace_substring_regex(keys, r"[^\x00-\x7f]", "?")
        cells = pc.utf8_lpad(pc.utf8_slice_codeunits(ascii_only, -16), 16)
        points = code_points(cells)[0].reshape(len(keys), 16)
        low = (points & 15) ^ ((points >> 4) & 4)
        for place in range(16):
            packs[:-1] = (packs[:-1] << np.uint64(4)) | low[:, place]
    return packs


_ONES: Final = np.uint64(0x1111111111111111)


def differing(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Count the characters in which packed values differ, position by position."""
    x = a ^ b
    x |= x >> np.uint64(2)
    x |= x >> np.uint64(1)
    count: npt.NDArray[np.uint8] = np.bitwise_count(x & _ONES)
    return count


def slipped(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> Bools:
    """Whether packed values differ by one character, or by two that changed places."""
    close = np.zeros(len(a), np.bool_)
    few = np.flatnonzero(np.bitwise_count(a ^ b) <= 8)
    count = differing(a[few], b[few])
    close[few[count == 1]] = True
    two = few[count == 2]
    close[two] = _nibble_sum(a[two]) == _nibble_sum(b[two])
    return close


def _nibble_sum(packs: npt.NDArray[np.uint64]) -> Ints:
    total = np.zeros(len(packs), np.int64)
    for shift in range(0, 64, 4):
        digit = ((packs >> np.uint64(shift)) & np.uint64(15)).astype(np.int64)
        total += digit * digit * 31 + digit
    return total


@dataclass(frozen=True)
class DateField:
    """A birth date as digits YYYYMMDD."""

    name: str
    dates: Coded
    kind: str = "date"

    @cached_property
    def _packs(self) -> npt.NDArray[np.uint64]:
        return nibbles(self.dates.keys)

    @cached_property
    def common(self) -> Bools:
        """Dates much more frequent than others (first days of years, defaults), by code."""
        share = np.append(self.dates.counts / max(self.dates.filled, 1), 0.0)
        usual = 1 / max(len(self.dates.keys), 1)
        return (share >= 0.002) & (share >= 6 * usual)

    def compare(self, left: Ints, right: Ints) -> Levels:
        """Agreement level of each pair of records."""
        a, b = self.dates.codes[left], self.dates.codes[right]
        level = np.where((a < 0) | (b < 0), np.uint8(MISSING), np.uint8(1))
        equal = a == b
        level[equal & (level == 1) & self.common[a]] = 2
        at = np.flatnonzero(~equal & (level == 1))
        x, y = a[at], b[at]
        p, q = self._packs[x], self._packs[y]
        change = p ^ q
        year = (change & np.uint64(0xFFFF0000)) == 0
        month = (change & np.uint64(0xFF00)) == 0
        day = (change & np.uint64(0xFF)) == 0
        graded = np.full(len(at), 6, np.uint8)
        graded[year] = 5
        graded[(year & month) | (year & day) | (month & day)] = 4
        turned = ((p & np.uint64(0xFF)) << np.uint64(8)) | ((p >> np.uint64(8)) & np.uint64(0xFF))
        graded[year & (turned == (q & np.uint64(0xFFFF)))] = 3
        graded[slipped(p, q)] = 3
        level[at] = graded
        return level


def local_part(addresses: pa.StringArray) -> pa.StringArray:
    """What stands before the sign @ of e-mail addresses."""
    return pc.replace_substring_regex(addresses, "@.*$", "")


@dataclass(frozen=True)
class ValueField:
    """A phone, e-mail or number: any of several columns may agree with any."""

    name: str
    columns: tuple[Coded, ...]
    kind: str = "value"

    @cached_property
    def _packs(self) -> npt.NDArray[np.uint64]:
        return nibbles(self.columns[0].keys)

    @cached_property
    def _local(self) -> Coded:
        """Local parts of the e-mail addresses, a code for each code of an address."""
        keys = self.columns[0].keys
        everyone = Coded(np.arange(len(keys) + 1, dtype=np.int32) - 1, keys)
        return everyone.replaced(local_part(keys))

    @cached_property
    def _grams(self) -> Grams:
        return Grams.of(self._local.keys, 2)

    @cached_property
    def shared(self) -> Bools:
        """Values that more than four records have, by code."""
        counts = sum((column.counts for column in self.columns), np.zeros(1, np.int64))
        return np.append(counts > 4, False)

    def compare(self, left: Ints, right: Ints) -> Levels:
        """Agreement level of each pair of records: the best of the columns."""
        level = np.zeros(len(left), np.uint8)
        ours = [column.codes[left] for column in self.columns]
        theirs = [column.codes[right] for column in self.columns]
        different = len(LEVELS[self.kind]) - 1
        for a, b in product(ours, theirs):
            known = (a >= 0) & (b >= 0)
            level[known & (level == MISSING)] = different
            equal = known & (a == b)
            shared = self.shared[a[equal]]
            level[equal] = np.where(shared & (level[equal] != 1), np.uint8(2), np.uint8(1))
        for a, b in product(ours, theirs):
            at = np.flatnonzero((level > 2) & (a >= 0) & (b >= 0))
            level[at] = np.minimum(level[at], self._unequal(a[at], b[at]))
        return level

    def _unequal(self, a: Codes, b: Codes) -> Levels:
        if self.kind == "value":
            return np.where(slipped(self._packs[a], self._packs[b]), np.uint8(3), np.uint8(4))
        x, y = self._local.codes[a + 1], self._local.codes[b + 1]
        close = self._grams.likeness(x, y) >= 0.7
        return np.where(x == y, np.uint8(3), np.where(close, np.uint8(4), np.uint8(5)))


@dataclass(frozen=True)
class StreetField:
    """Where in a town: the words of the address, its numbers, and the unit in a building.

    Attributes
    ----------
    grams
        Bigrams of all the words of each record.
    numbers, units
        Hash of each record's block and house numbers, and of its unit's; 0 for none.
    """

    name: str
    grams: Grams
    numbers: Ints
    units: Ints
    kind: str = "street"

    def compare(self, left: Ints, right: Ints) -> Levels:
        """Agreement level of each pair of records."""
        missing = (self.grams.size[left] == 0) | (self.grams.size[right] == 0)
        likeness = self.grams.likeness(left, right)
        m, n = self.numbers[left], self.numbers[right]
        same_number = (m == n) & (m != 0)
        unnumbered = (m == 0) | (n == 0)
        u, v = self.units[left], self.units[right]
        level = np.full(len(left), 6, np.uint8)
        level[likeness >= 0.5] = 5
        near = likeness >= 0.72
        level[near] = 4
        level[(likeness >= 0.5) & same_number | near & unnumbered] = 2
        same = same_number & (likeness >= 0.9)
        level[same] = 1
        level[same & (u != v) & (u != 0) & (v != 0)] = 3
        level[missing] = MISSING
        return level


def district(code: str) -> str:
    """Give the district of a postal code: its first word, or its first three characters."""
    head, _, rest = code.partition(" ")
    return head if rest else code[:3]


@dataclass(frozen=True)
class AreaField:
    """Postal code, city and region."""

    name: str
    postal: Coded
    city: Coded
    region: Coded
    kind: str = "area"

    @cached_property
    def _district(self) -> Codes:
        """Code of the district of a postal code: its first word, or its first three digits."""
        return self.postal.derive(district).codes

    @cached_property
    def _grams(self) -> Grams:
        return Grams.of(self.city.keys, 2)

    def compare(self, left: Ints, right: Ints) -> Levels:
        """Agreement level of each pair of records."""
        p, q = self.postal.codes[left], self.postal.codes[right]
        a, b = self.city.codes[left], self.city.codes[right]
        r, s = self.region.codes[left], self.region.codes[right]
        same_code = (p == q) & (p >= 0)
        city_known = (a >= 0) & (b >= 0)
        same_city = (a == b) & city_known
        at = np.flatnonzero(city_known & ~same_city)
        same_city[at] = self._grams.likeness(a[at], b[at]) >= 0.7
        level = np.full(len(left), 6, np.uint8)
        level[(r == s) & (r >= 0)] = 5
        level[same_city] = 4
        near = self._district[left] == self._district[right]
        level[near & (self._district[left] >= 0)] = 3
        level[same_code] = 2
        level[same_code & (same_city | ~city_known)] = 1
        nothing = ~((p >= 0) & (q >= 0)) & ~city_known & ~((r >= 0) & (s >= 0))
        level[nothing] = MISSING
        return level


@dataclass(frozen=True)
class GenderField:
    """A category of few values."""

    name: str
    values: Coded
    kind: str = "gender"

    def compare(self, left: Ints, right: Ints) -> Levels:
        """Agreement level of each pair of records."""
        a, b = self.values.codes[left], self.values.codes[right]
        level = np.where(a == b, np.uint8(1), np.uint8(2))
        level[(a < 0) | (b < 0)] = MISSING
        return level


@dataclass(frozen=True)
class AttributeField:
    """A column without a known role that describes a person."""

    name: str
    values: Coded
    kind: str = "attribute"

    @cached_property
    def _grams(self) -> Grams:
        return Grams.of(self.values.keys, 2)

    def compare(self, left: Ints, right: Ints) -> Levels:
        """Agreement level of each pair of records."""
        a, b = self.values.codes[left], self.values.codes[right]
        level = frequency_level(self.values)[a]
        level[b < 0] = MISSING
        at = np.flatnonzero((a != b) & (level != MISSING))
        alike = self._grams.likeness(a[at], b[at]) >= 0.6
        level[at] = np.where(alike, np.uint8(5), np.uint8(6))
        return level


Field = NameField | DateField | ValueField | StreetField | AreaField | GenderField | AttributeField


def compare_all(fields: Sequence[Field], left: Ints, right: Ints) -> tuple[Levels, ...]:
    """Levels of every field for pairs of records, with exchanged names found."""
    levels = [field.compare(left, right) for field in fields]
    at = {field.name: position for position, field in enumerate(fields)}
    if "given_name" in at and "family_name" in at:
        given, family = fields[at["given_name"]], fields[at["family_name"]]
        if isinstance(given, NameField) and isinstance(family, NameField):
            _whole_readings(
                family.whole, levels[at["given_name"]], levels[at["family_name"]], left, right
            )
            _exchange(
                given, family, levels[at["given_name"]], levels[at["family_name"]], left, right
            )
    return tuple(levels)


def _whole_readings(whole: Codes | None, g: Levels, f: Levels, left: Ints, right: Ints) -> None:
    """Take names for forms of one another where the readings of the whole names are equal."""
    if whole is None:
        return
    equal = (whole[left] == whole[right]) & (whole[left] >= 0)
    for level in (g, f):
        level[equal & ((level > NAME_CLOSE) | (level == MISSING))] = VARIANT


def _exchange(
    given: NameField, family: NameField, g: Levels, f: Levels, left: Ints, right: Ints
) -> None:
    """Mark names that stand in each other's column, where nothing agrees in their own.

    Where one record has a single name, it may be the other's family name. An exchange counts
    once: the level goes to the family name, and the given name says nothing more.
    """
    doubt = np.flatnonzero((g > NAME_CLOSE) & ((f > NAME_CLOSE) | (f == MISSING)))
    if not len(doubt):
        return
    keys = list(dict.fromkeys(given.written.texts + family.written.texts))
    code = {key: position for position, key in enumerate(keys)}
    from_given = np.array([code[key] for key in given.written.texts] + [-1], np.int32)
    from_family = np.array([code[key] for key in family.written.texts] + [-1], np.int32)
    letters = Grams.of(pa.array(keys, pa.string()), 1)
    a, b = left[doubt], right[doubt]
    crossed = [
        _crossed(
            keys,
            letters,
            from_given[given.written.codes[x]],
            from_family[family.written.codes[y]],
        )
        for x, y in ((a, b), (b, a))
    ]
    none = [family.written.codes[x] < 0 for x in (b, a)]
    swapped = doubt[(crossed[0] & crossed[1]) | (crossed[0] & none[1]) | (crossed[1] & none[0])]
    g[swapped], f[swapped] = MISSING, SWAPPED


def _crossed(keys: Sequence[str], letters: Grams, a: Codes, b: Codes) -> Bools:
    known = (a >= 0) & (b >= 0)
    alike: Bools = known & (a == b)
    at = np.flatnonzero(known & ~alike)
    alike[at] = _graded_names(keys, letters, a[at], b[at]) == NAME_CLOSE
    return alike


def random_levels(field: Field, records: int) -> Floats:
    """Share of each level among pairs of unrelated records, the missing left out.

    Pairs at many fixed distances in the canonical order stand for random ones; exact
    agreement, too rare to be sampled, comes from the frequencies of the values.
    """
    share = np.zeros(len(LEVELS[field.kind]))
    steps = [1 + (records * k) // 41 for k in range(1, 21)]
    size = min(records, 10_000)
    start = np.arange(0, records, max(records // size, 1), dtype=np.int64)
    left = np.tile(start, len(steps))
    right = np.concatenate([(start + step) % records for step in steps])
    apart = left != right
    share += np.bincount(field.compare(left[apart], right[apart]), minlength=len(share))
    share[MISSING] = 0
    return share
