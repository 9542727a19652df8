"""A Japanese address, taken apart: prefecture, city, street, town, block, building."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from custseg.cleanse.standardize.japan_address.block import split_rest
from custseg.cleanse.standardize.japan_address.gazetteer import Writing, gazetteer
from custseg.cleanse.standardize.japan_address.place import Evidence, Place, find_place
from custseg.cleanse.standardize.japan_address.spelling import fold_place

_NO_EVIDENCE: Final = Evidence()


class Address(NamedTuple):
    """Parts of an address; a part is empty where there is none.

    Attributes
    ----------
    prefecture, city, town
        In the spelling of the postal data; the city with its county, or its ward.
    block
        1-2-3, with the name of a 小字 before it.
    building
        All that follows the block.
    street
        Kyoto's way to the house: 寺町通御池上る.
    postal_code
        Seven digits that stood before the address.
    reason
        What was completed, or is doubtful; None for nothing.
    certain
        Whether prefecture and city are.
    town_known
        Whether the postal data has the town.
    writing
        How the text names the city; None where the row does.
    names_prefecture
        Whether the text names the prefecture.
    number
        Number of the city in the gazetteer; -1 where it is not certain.
    """

    prefecture: str = ""
    city: str = ""
    town: str = ""
    block: str = ""
    building: str = ""
    street: str = ""
    postal_code: str = ""
    reason: str | None = None
    certain: bool = False
    town_known: bool = False
    writing: Writing | None = None
    names_prefecture: bool = False
    number: int = -1


_POSTAL_CODE: Final = re.compile(
    r"〒? ?(\d{3})[-\u2010-\u2015\u2212\u30fc]?(\d{4})(?!\d)[ ,、]*(?=[^\d-])|〒 *"
)
_MAY_BE_CODE: Final = frozenset("〒0123456789")
_GAP: Final = re.compile(r"(?<=[都道府県市郡区]) +")
_SPACES: Final = re.compile(" +")
_HEAD: Final = re.compile(r"[^\d一二三四五六七八九十]*")


def parse(text: str, evidence: Evidence = _NO_EVIDENCE) -> Address:
    """Take a Japanese address apart.

    Parameters
    ----------
    text
        The address, in one width and without variation selectors.
    evidence
        What else the row knows of the place.

    Examples
    --------
    >>> parse("千代田区丸ノ内1-2-3 丸の内ビル12階")[:5]
    ('東京都', '千代田区', '丸の内', '1-2-3', '丸の内ビル12階')
    """
    code = ""
    if text[:1] in _MAY_BE_CODE and (postal := _POSTAL_CODE.match(text)):
        text = text[postal.end() :]
        code = "".join(part for part in postal.groups() if part)
    if " " in text and _GAP.search(text):
        text = _in_head(text, _GAP)
    place = find_place(text, fold_place(text), evidence)
    if place.city is None or not (place.town.name and place.town.known):
        joined = _in_head(text, _SPACES)
        if joined != text:
            again = find_place(joined, fold_place(joined), evidence)
            if again.city is not None and again.town.name and again.town.known:
                text, place = joined, again
    return taken_apart(text, place, code)


def _in_head(text: str, gap: re.Pattern[str]) -> str:
    """Close gaps before the first number: 京都府 京都市 下京区."""
    head = _HEAD.match(text)
    end = head.end() if head else 0
    return gap.sub("", text[:end]) + text[end:]


def taken_apart(text: str, place: Place, code: str = "") -> Address:
    """Name the parts of an address whose place is found, and what was completed."""
    if place.city is None:
        prefecture, city = place.prefecture, ""
        if place.city_of_wards is not None:
            prefecture, city = gazetteer().cities[place.city_of_wards]
            city = city[: city.find("市") + 1]
        return Address(prefecture, city, postal_code=code, reason=place.doubt)
    prefecture, city = gazetteer().cities[place.city]
    town = place.town
    block, building = split_rest(text[town.end :])
    known = town.known and town.name != ""
    named = place.prefecture != ""
    whole = known and named and place.writing == Writing.WHOLE
    return Address(
        prefecture,
        city,
        town.name,
        block,
        building,
        town.street,
        code,
        None if whole else _reason(place, block),
        True,
        known,
        place.writing,
        named,
        place.city,
    )


def _reason(place: Place, block: str) -> str | None:
    """Name the most telling of what was completed or is missing."""
    if place.former_ward:
        return "ward_changed"
    if place.writing == Writing.NO_WARD:
        return "ward_added"
    if not place.town.known:
        return "town_unknown"
    if place.writing == Writing.NO_COUNTY:
        return "county_added"
    if not place.prefecture:
        return "prefecture_added"
    if place.writing in (Writing.NO_CITY, Writing.NO_SUFFIX):
        return "city_added"
    if not place.town.name and not block:
        return "town_missing"
    return None
