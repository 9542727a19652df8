"""The postal data as an index: prefectures, cities and towns by their folded names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Final, Generic, NamedTuple, TypeVar, cast

import numpy as np

from custseg.cleanse.standardize.japan_address.numerals import NUMERALS, written_forms
from custseg.cleanse.standardize.japan_address.spelling import fold_place
from custseg.resources.postal import office_table, postal_table

PREFECTURES: Final = (
    *(
        "北海道",
        "青森県",
        "岩手県",
        "宮城県",
        "秋田県",
        "山形県",
        "福島県",
        "茨城県",
        "栃木県",
        "群馬県",
    ),
    *(
        "埼玉県",
        "千葉県",
        "東京都",
        "神奈川県",
        "新潟県",
        "富山県",
        "石川県",
        "福井県",
        "山梨県",
        "長野県",
    ),
    *(
        "岐阜県",
        "静岡県",
        "愛知県",
        "三重県",
        "滋賀県",
        "京都府",
        "大阪府",
        "兵庫県",
        "奈良県",
        "和歌山県",
    ),
    *(
        "鳥取県",
        "島根県",
        "岡山県",
        "広島県",
        "山口県",
        "徳島県",
        "香川県",
        "愛媛県",
        "高知県",
        "福岡県",
    ),
    *("佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),
)
"""In the order of their codes, 01 to 47."""

Entry = TypeVar("Entry")

_INNER_DIGIT: Final = re.compile(r"(?<!^)\d")


class Writing(IntEnum):
    """How a city is written, from whole to shortest."""

    WHOLE = 0
    """吾妻郡長野原町, 京都市北区, 府中市."""
    NO_COUNTY = 1
    """長野原町."""
    NO_CITY = 2
    """北区, for a ward of a city."""
    NO_WARD = 3
    """京都市, for a city that has wards."""
    NO_SUFFIX = 4
    """府中, with neither 市 nor 区."""


class City(NamedTuple):
    """A municipality, or a ward of a city that has wards."""

    prefecture: str
    name: str


class NamedCity(NamedTuple):
    """A city that a piece of text may mean."""

    city: int
    writing: Writing


class Area(NamedTuple):
    """What a postal code covers: (part of) a town, or a building in it."""

    postal_code: str
    town: str
    part: str
    building: str


@dataclass(frozen=True, slots=True)
class Names(Generic[Entry]):
    """Names by their folded spelling, to find the longest at a place in a text.

    Attributes
    ----------
    entries
        By folded name.
    lengths
        Lengths of the names that begin with a character, the longest first.
    before_digits
        What stands before a digit inside a name: 北 of 北10条西, and 北10条西 of 北10条西2.
    """

    entries: Mapping[str, Entry]
    lengths: Mapping[str, tuple[int, ...]]
    before_digits: tuple[str, ...]

    @classmethod
    def of(cls, entries: Mapping[str, Entry]) -> Names[Entry]:
        """Index the names."""
        lengths: dict[str, set[int]] = {}
        before: set[str] = set()
        for name in entries:
            lengths.setdefault(name[0], set()).add(len(name))
            if not name.isalpha():
                before.update(name[: digit.start()] for digit in _INNER_DIGIT.finditer(name))
        by_length = {first: tuple(sorted(every, reverse=True)) for first, every in lengths.items()}
        return cls(entries, by_length, tuple(sorted(before)))

    def matches(self, folded: str, start: int) -> Iterator[tuple[int, Entry]]:
        """Yield where the names that stand at `start` end, and their entries, longest first."""
        for length in self.lengths.get(folded[start : start + 1], ()):
            end = start + length
            entry = self.entries.get(folded[start:end])
            # A slice that the end of the text cuts short may be another name.
            if entry is not None and end <= len(folded):
                yield end, entry

    def longest(self, folded: str, start: int) -> tuple[int, Entry] | None:
        """Give the first of :meth:`matches`, or None."""
        for length in self.lengths.get(folded[start : start + 1], ()):
            end = start + length
            entry = self.entries.get(folded[start:end])
            if entry is not None and end <= len(folded):
                return end, entry
        return None


class Gazetteer:
    """Every prefecture, city, town and postal code of Japan. Made once a process, on first use.

    Attributes
    ----------
    cities, numbers
        All cities; a city's place among them is its number.
    anywhere
        Cities by any writing but :attr:`Writing.NO_SUFFIX`.
    within
        The same by prefecture.
    kyoto
        The wards of Kyoto.
    loosely
        Cities without 市 or 区, by prefecture.
    """

    def __init__(self) -> None:
        table = postal_table(readings=False)
        # Plain lists: Arrow's way to numpy imports pandas, which takes longer than all this.
        prefectures, names, self._codes, self._row_towns, self._parts, self._buildings = (
            table[column].to_pylist()
            for column in ("prefecture", "city", "postal_code", "town", "area", "building")
        )
        places = list(zip(prefectures, names, strict=True))
        self.numbers: dict[City, int] = {
            City(*place): number for number, place in enumerate(dict.fromkeys(places))
        }
        # A plain pair is equal to its City, and looked up without making one.
        numbers = cast("dict[tuple[str, str], int]", self.numbers)
        self._row_cities: list[int] = [numbers[place] for place in places]
        of_rows = np.array(self._row_cities)
        self._by_city = np.argsort(of_rows, kind="stable")
        self._starts = np.searchsorted(of_rows[self._by_city], np.arange(len(numbers) + 1))
        self.cities = tuple(self.numbers)
        self.kyoto = frozenset(
            at for at, city in enumerate(self.cities) if city.name.startswith("京都市")
        )
        self._towns: dict[int, Names[tuple[str, ...]]] = {}
        self._areas: dict[int, dict[str, list[Area]]] = {}
        self._town_names: frozenset[str] | None = None
        loose: dict[str, dict[str, list[NamedCity]]] = defaultdict(dict)
        strict: dict[str, dict[str, list[NamedCity]]] = defaultdict(dict)
        for at, place in enumerate(self.cities):
            for written, writing in _writings(place.name):
                keys = loose if writing == Writing.NO_SUFFIX else strict
                for where in (place.prefecture, "") if keys is strict else (place.prefecture,):
                    named = keys[where].setdefault(fold_place(written), [])
                    named.append(NamedCity(at, writing))
        self.anywhere = Names.of(strict.pop(""))
        self.within = {where: Names.of(keys) for where, keys in strict.items()}
        self.loosely = {where: Names.of(keys) for where, keys in loose.items()}

    def areas(self, city: int) -> Mapping[str, Sequence[Area]]:
        """Give the postal codes of a city by town."""
        known = self._areas.get(city)
        if known is None:
            known = self._areas[city] = {}
            for row in self._rows(city):
                area = Area(
                    self._codes[row], self._row_towns[row], self._parts[row], self._buildings[row]
                )
                known.setdefault(area.town, []).append(area)
        return known

    def towns(self, city: int) -> Names[tuple[str, ...]]:
        """Give the towns of a city; an entry holds all whose names fold to the same."""
        known = self._towns.get(city)
        if known is None:
            names = dict.fromkeys(self._row_towns[row] for row in self._rows(city))
            known = self._towns[city] = Names.of(_town_keys([name for name in names if name]))
        return known

    def _rows(self, city: int) -> list[int]:
        rows: list[int] = self._by_city[self._starts[city] : self._starts[city + 1]].tolist()
        return rows

    def town_names(self) -> frozenset[str]:
        """Give the folded names of all towns."""
        if self._town_names is None:
            self._town_names = frozenset(fold_place("\n".join(set(self._row_towns))).split("\n"))
        return self._town_names

    def places_of_code(self, code: str) -> list[tuple[int, str]]:
        """Give the (city, town) that a postal code of 7 digits covers; the town may be empty."""
        start, end = bisect_left(self._codes, code), bisect_right(self._codes, code)
        return [(self._row_cities[row], self._row_towns[row]) for row in range(start, end)]


@cache
def gazetteer() -> Gazetteer:
    """Give the one gazetteer of this process."""
    return Gazetteer()


@cache
def offices() -> Mapping[str, City]:
    """Give the (prefecture, city) of every postal code that an office has for itself."""
    table = office_table()
    columns = (table[name].to_pylist() for name in ("postal_code", "prefecture", "city"))
    return {code: City(prefecture, city) for code, prefecture, city in zip(*columns, strict=True)}


def _writings(name: str) -> Iterator[tuple[str, Writing]]:
    """Yield the ways to write a city.

    >>> [written for written, _ in _writings("吾妻郡長野原町")]
    ['吾妻郡長野原町', '長野原町']
    """
    yield name, Writing.WHOLE
    if name.endswith("区") and (city_end := name.find("市") + 1):
        yield name[city_end:], Writing.NO_CITY
        yield name[:city_end], Writing.NO_WARD
    elif name.endswith(("町", "村")):
        division = max(name.find("郡", 1) + 1, 3 if name.startswith(_ISLANDS) else 0)
        if division:
            yield name[division:], Writing.NO_COUNTY
    if name[-1] in "市区" and len(name) > 2:
        yield name[:-1], Writing.NO_SUFFIX


_ISLANDS: Final = ("三宅島", "八丈島")


def _town_keys(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Index the towns of one city by every folded spelling.

    A spelling that some town really has is never taken by another's variant, and a variant
    that two towns share stands for neither.
    """
    keys: dict[str, tuple[str, ...]] = {}
    # No name has a line feed: all are folded in one go.
    for name, key in zip(names, fold_place("\n".join(names)).split("\n"), strict=bool(names)):
        keys[key] = (*keys.get(key, ()), name)
    variants: dict[str, list[tuple[str, ...]]] = {}
    for key, towns in keys.items():
        for form in _variants(key) if _VARIABLE.search(key) else ():
            variants.setdefault(form, []).append(towns)
    for form, candidates in variants.items():
        if len(candidates) == 1:
            keys.setdefault(form, candidates[0])
    return keys


def _variants(key: str) -> set[str]:
    """Give other spellings of a folded town: its numbers, 々, and small words left out."""
    forms = written_forms(key)
    if "々" in key:
        forms.add(_REPEATED.sub(r"\1\1", key))
    forms |= {form.replace("番丁", "番町") for form in (key, *forms) if "番丁" in form}
    if _LEFT_OUT.search(key):
        short = {_SMALL_WORDS.sub("", key), _INNER_TOWN.sub("", key)}
        forms |= {form for form in short if len(form) > 1 and form != key}
    return forms


_REPEATED: Final = re.compile("(.)々")
_SMALL_WORDS: Final = re.compile("(?<=[\u4e00-\u9fff々])[ノケツ](?=[\u4e00-\u9fff])")
_INNER_TOWN: Final = re.compile("(?<=..)[町村](?=..)")
_LEFT_OUT: Final = re.compile(f"{_SMALL_WORDS.pattern}|{_INNER_TOWN.pattern}")
_VARIABLE: Final = re.compile(f"[0-9々{NUMERALS}]|{_LEFT_OUT.pattern}")
