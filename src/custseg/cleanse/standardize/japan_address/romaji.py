"""Japanese addresses in Latin letters: 1-2-3 Marunouchi, Chiyoda-ku, Tokyo 100-0005, Japan.

The text stays as it is written; only its parts are named in Japanese, where the readings of the
postal data make them certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from custseg.cleanse.standardize.japan_address.block import split_rest
from custseg.cleanse.standardize.japan_address.codes import agrees, code_of
from custseg.cleanse.standardize.japan_address.gazetteer import City, gazetteer
from custseg.cleanse.standardize.japan_address.parse import Address
from custseg.cleanse.standardize.prefecture import prefecture_name
from custseg.cleanse.standardize.reading import kana_weak_key, reading_key
from custseg.resources.postal import postal_table


class _Readings(NamedTuple):
    """Cities of a prefecture, and their towns, by weak key of their reading; None for several."""

    cities: Mapping[str, int | None]
    towns: Mapping[int, Mapping[str, str | None]]


_JAPAN: Final = re.compile(r"[ ,]*\bjapan\.?$", re.IGNORECASE)
_CODE: Final = re.compile(r"(?:〒|\bJP-?)? ?(?<!\d)(\d{3})-?(\d{4})(?![\d-])")
_NUMBER: Final = re.compile(
    r"\b(\d+)(?:[- ]?ch[oō]u?me)?((?:[- ]+\d+(?:[- ]?(?:ban(?:chi)?|go))?)*)\b", re.IGNORECASE
)
_KIND: Final = re.compile(r"(?<=[a-z])[- ]?(?:ku|shi|gun|machi|cho|mura|son|city|ward|town)$")
_KANA_KIND: Final = re.compile("(?<=..)(?:マチ|チョウ|ムラ|ソン|シ|ク)$")
_SEPARATORS: Final = re.compile(r"[\s'’.-]+")


def parse_romaji(text: str) -> Address | None:
    """Take a Japanese address in Latin letters apart; None where its city is not certain.

    >>> parse_romaji("1-2-3 Marunouchi, Chiyoda-ku, Tokyo 100-0005, Japan")[:4]
    ('東京都', '千代田区', '丸の内', '1-2-3')
    """
    rest = _JAPAN.sub("", text)
    code = ""
    if found := _CODE.search(rest):
        code = found[1] + found[2]
        rest = f"{rest[: found.start()]},{rest[found.end() :]}"
    pieces = [piece.strip() for piece in rest.split(",") if piece.strip()]
    region = next((piece for piece in reversed(pieces) if _prefecture(piece)), "")
    if not region or len(pieces) < 2:
        return None
    pieces.remove(region)
    prefecture = _prefecture(region)
    readings = _readings(prefecture)
    city, pieces = _city(pieces, region, readings)
    if city is None:
        return None
    town, block, building = _town(pieces, readings.towns.get(city, {}))
    name = gazetteer().cities[city].name
    address = Address(
        prefecture, name, town, block, building, certain=True, town_known=bool(town), number=city
    )
    if code and not agrees(code, address):
        return address._replace(postal_code=code, reason="postal_conflict")
    return address._replace(postal_code=code or code_of(address))


def _prefecture(piece: str) -> str:
    return "" if piece[:1].isdigit() else prefecture_name(piece)


def _city(pieces: list[str], region: str, readings: _Readings) -> tuple[int | None, list[str]]:
    """Find the city in the last pieces, or in a ward and its city; give what stands before.

    Osaka behind Kita-ku is the city, whatever else it is.
    """
    behind = [*pieces[1:], region]
    for at in range(len(pieces) - 1, -1, -1):
        ward = _key(pieces[at], bare=False)
        for key in (_key(behind[at], bare=True) + ward, ward):
            city = readings.cities.get(key)
            if city is not None:
                return city, pieces[:at]
    return None, pieces


def _key(piece: str, *, bare: bool) -> str:
    """Weak key of a piece's reading; `bare` without what kind of place it is."""
    word = piece.casefold()
    if bare or word.endswith(("city", "ward", "town")):
        word = _KIND.sub("", word)
    return reading_key(_SEPARATORS.sub("", word)) or "?"


def _town(pieces: Iterable[str], towns: Mapping[str, str | None]) -> tuple[str, str, str]:
    """Find the town and the number; everything else is building."""
    town = block = ""
    others = []
    for piece in pieces:
        number = _NUMBER.search(piece)
        words = _NUMBER.sub(" ", piece, count=1).strip(" -") if number else piece
        found = towns.get(_key(words, bare=False)) if words and not town else None
        if number and not block and (found or not words):
            block = split_rest("-".join(re.findall(r"\d+", number[0]))).block
        elif not found:
            others.append(piece)
        town = town or found or ""
    return town, block, ", ".join(others)


@cache
def _readings(prefecture: str) -> _Readings:
    table = postal_table().select(["prefecture", "city", "town", "city_kana", "town_kana"])
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    here = sorted({row[1:] for row in rows if row[0] == prefecture})
    cities: dict[str, int | None] = {}
    towns: dict[int, dict[str, str | None]] = {}
    kana_of = {name: kana for name, _, kana, _ in here}
    for name, kana in kana_of.items():
        number = gazetteer().numbers[City(prefecture, name)]
        for key in _city_keys(name, kana, kana_of):
            cities[key] = None if cities.get(key, number) != number else number
    for name, town, _, kana in here:
        known = towns.setdefault(gazetteer().numbers[City(prefecture, name)], {})
        key = kana_weak_key(kana)
        if town:
            known[key] = None if known.get(key, town) != town else town
    return _Readings(cities, towns)


def _city_keys(name: str, kana: str, kana_of: Mapping[str, str]) -> set[str]:
    """Keys of a city with and without county, city and kind."""
    forms = {kana, _KANA_KIND.sub("", kana)}
    if name.endswith("区") and "市" in name:
        city = name[: name.find("市") + 1]
        wards = [other for each, other in kana_of.items() if each.startswith(city)]
        city_kana = _shared_start(wards).rpartition("シ")[0]
        ward = kana.removeprefix(city_kana + "シ")
        forms |= {ward, city_kana + ward}
    elif "郡" in name and not name.endswith("市"):
        _, _, without = kana.partition("グン")
        forms |= {without, _KANA_KIND.sub("", without)}
    return {kana_weak_key(form) for form in forms if form}


def _shared_start(texts: list[str]) -> str:
    """Give what all texts begin with."""
    first, last = min(texts), max(texts)
    pairs = zip(first, last, strict=False)
    return first[: next((at for at, (one, other) in enumerate(pairs) if one != other), len(first))]
