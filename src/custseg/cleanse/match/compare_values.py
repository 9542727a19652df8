"""Agreement of dates, phones, e-mail addresses and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import PIECE, Coded, Grams, code_points
from custseg.cleanse.match.levels import LEVELS, MISSING
from custseg.cleanse.match.types import Bools, Codes, Ints, Levels


def nibbles(keys: pa.StringArray) -> npt.NDArray[np.uint64]:
    """Pack the last 16 characters of each key, four bits each; a last row for none."""
    packs = np.zeros(len(keys) + 1, np.uint64)
    for begin in range(0, len(keys), PIECE):
        some = keys.slice(begin, PIECE)
        ascii_only = pc.replace_substring_regex(some, r"[^\x00-\x7f]", "?")
        cells = pc.utf8_lpad(pc.utf8_slice_codeunits(ascii_only, -16), 16)
        points = code_points(cells)[0].reshape(len(some), 16)
        low = (points & 15) ^ ((points >> 4) & 4)
        pack = packs[begin : begin + len(some)]
        for place in range(16):
            pack <<= np.uint64(4)
            pack |= low[:, place]
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

    @cached_property
    def _days(self) -> npt.NDArray[np.float64]:
        """Day number of each date, in years of 12 months of 31 days; a last one for none."""
        whole = [int(key) if len(key) == 8 and key.isascii() else 0 for key in self.dates.texts]
        number = np.array([*whole, 0], np.int64)
        days = number // 10_000 * YEAR + number // 100 % 100 * 31 + number % 100
        return np.where(number > 0, days, np.nan)

    def _near(self, a: Codes, b: Codes) -> Bools:
        """Whether dates lie within a month of each other, whatever the decade."""
        apart = np.abs(self._days[a] - self._days[b])
        near: Bools = (apart <= 31) | (np.abs(apart - 10 * YEAR) <= 31)
        return near

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
        graded = np.full(len(at), 7, np.uint8)
        graded[year] = 6
        graded[self._near(x, y)] = 5
        graded[(year & month) | (year & day) | (month & day)] = 4
        turned = ((p & np.uint64(0xFF)) << np.uint64(8)) | ((p >> np.uint64(8)) & np.uint64(0xFF))
        graded[year & (turned == (q & np.uint64(0xFFFF)))] = 3
        graded[slipped(p, q)] = 3
        level[at] = graded
        return level


YEAR: Final = 12 * 31


def local_part(addresses: pa.StringArray) -> pa.StringArray:
    """What stands before the sign @ of e-mail addresses."""
    return pc.list_element(pc.split_pattern(addresses, "@", max_splits=1), 0)


@dataclass(frozen=True)
class ValueField:
    """A phone, e-mail or number: any of several columns may agree with any.

    Attributes
    ----------
    shared
        Values that several people have, by code; a last one for none.
    """

    name: str
    columns: tuple[Coded, ...]
    shared: Bools
    kind: str = "value"

    @cached_property
    def _packs(self) -> npt.NDArray[np.uint64]:
        return nibbles(self.columns[0].keys)

    @cached_property
    def local(self) -> Coded:
        """Local parts of the e-mail addresses, a code for each code of an address."""
        keys = self.columns[0].keys
        everyone = Coded(np.arange(len(keys) + 1, dtype=np.int32) - 1, keys)
        return everyone.replaced(local_part(keys))

    @cached_property
    def _grams(self) -> Grams:
        return Grams.of(self.local.keys, 2)

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
        x, y = self.local.codes[a + 1], self.local.codes[b + 1]
        close = self._grams.likeness(x, y) >= 0.7
        return np.where(x == y, np.uint8(3), np.where(close, np.uint8(4), np.uint8(5)))
