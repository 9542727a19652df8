"""Agreement of addresses, and of columns with few values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from custseg.cleanse.match.coding import Coded, Grams
from custseg.cleanse.match.levels import ATTRIBUTE_LEVELS, MISSING, frequency_level
from custseg.cleanse.match.types import Codes, Ints, Levels

ATTRIBUTE_CLOSE: Final = ATTRIBUTE_LEVELS.index("close")


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
        level[at] = np.where(alike, ATTRIBUTE_CLOSE, ATTRIBUTE_CLOSE + 1).astype(np.uint8)
        return level
