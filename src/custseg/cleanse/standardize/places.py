"""Addresses in several columns: city, town, block, street and building, each on its own.

Japanese cities and towns are spelled after Japan Post's list where the row makes them certain;
everything else is only brought into one form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from custseg.cleanse.standardize.address_keys import (
    block_key,
    building_key,
    place_key,
    town_key,
)
from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.english_address import looks_english
from custseg.cleanse.standardize.japan_address.block import looks_like_building
from custseg.cleanse.standardize.japan_address.columns import (
    block_behind,
    standardize_city,
    standardize_town,
)
from custseg.cleanse.standardize.japan_address.gazetteer import gazetteer
from custseg.cleanse.standardize.japan_address.place import cities_named
from custseg.cleanse.standardize.japan_address.spelling import fold_place, is_japanese
from custseg.cleanse.standardize.mojibake import LOSSY, repair
from custseg.cleanse.standardize.text import clean, shortcut, status_of
from custseg.fields.roles import Role

_EXCEL_DATE: Final = re.compile(r"(\d{1,2})月(\d{1,2})日")


def standardize_block(value: str, context: Context) -> Cell:
    """Write the number of a block with hyphens: 1丁目2番3号 is 1-2-3.

    Parameters
    ----------
    value
        The cell; a building may follow.
    context
        Not used.

    Notes
    -----
    1月2日 is what a spreadsheet makes of 1-2, and is taken back.
    """
    del context
    text, repaired = clean(value)
    if repaired == LOSSY:
        return Cell(text, status_of(value, text, repaired), repaired)
    if date := _EXCEL_DATE.fullmatch(text):
        return Cell("-".join(date.groups()), Status.CORRECTED, "excel_date")
    written = _block(text)
    if repair(written)[1] is not None:
        # Without its units it would look like a broken encoding.
        written = text
    return Cell(written, status_of(value, written, repaired), repaired)


def _block(text: str) -> str:
    """Write a block until reading it again changes nothing."""
    for _ in range(3):
        written = block_behind(text).strip() or text
        if written == text:
            break
        text = written
    return text


def standardize_place(value: str, context: Context) -> Cell:
    """Bring a street or a building into one form: width and spaces, nothing else.

    Parameters
    ----------
    value
        The cell.
    context
        Not used.
    """
    del context
    text, repaired = clean(value)
    return Cell(text, status_of(value, text, repaired), repaired)


def _share(test: Callable[[str], float]) -> Callable[[Sequence[str]], float]:
    """Make a likeness of a test of one value."""

    def likeness(values: Sequence[str]) -> float:
        return sum(test(clean(value)[0]) for value in values) / len(values)

    return likeness


_WORDS: Final = re.compile(r"[^\W\d_][^\d@]*")
_MAYBE: Final = 0.5
"""What a word in Latin letters says for a place: no list knows it."""


def _like_city(text: str) -> float:
    if is_japanese(text):
        return bool(cities_named(text, ""))
    return _MAYBE if _WORDS.fullmatch(text) else 0


def _like_town(text: str) -> float:
    if not is_japanese(text):
        return _MAYBE if _WORDS.fullmatch(text) else 0
    name = re.split(r"[\d一二三四五六七八九十]+(?:丁目|-|$)", text, maxsplit=1)[0]
    return fold_place(name) in gazetteer().town_names()


_NUMBER: Final = re.compile(r"\d")
_BLOCK: Final = re.compile(r"[\d一二三四五六七八九十百]+(?:[-\u2212\u30fc丁番地目号のノ]|$)")


def _like_block(text: str) -> float:
    """Tell a number, also with its town before it, as forms without a field for the town have."""
    if _BLOCK.match(text) is not None:
        return len(text) <= 40
    return _like_town(text) if is_japanese(text) and _NUMBER.search(text) else 0


def _like_building(text: str) -> float:
    return 1 if looks_like_building(text) else _MAYBE * (len(text) <= 40)


def _like_street(text: str) -> float:
    return 1 if looks_english(text) else _MAYBE * (_WORDS.fullmatch(text) is not None)


CITY: Final = Standardizer(
    cell=standardize_city,
    parts=("prefecture",),
    neighbors=("prefecture", "postal_code"),
    fills=("prefecture",),
    key=place_key,
)
TOWN: Final = Standardizer(
    cell=standardize_town, neighbors=("prefecture", "city", "postal_code"), key=town_key
)
BLOCK: Final = Standardizer(cell=standardize_block, key=block_key)
STREET: Final = Standardizer(cell=standardize_place, shortcut=shortcut, key=place_key)
BUILDING: Final = Standardizer(cell=standardize_place, shortcut=shortcut, key=building_key)

ROLES: Final = (
    Role(
        name="city",
        label={"en": "city", "ja": "市区町村"},
        about=(
            "A city, ward, town or village; Japanese ones with their county, or their city: "
            "吾妻郡長野原町, 京都市北区."
        ),
        headers=(
            *("city", "municipality", "suburb", "locality", "city name", "city/town", "town/city"),
            *("city or town", "post town", "city ward", "shikuchoson", "suburb/town"),
            *(
                "市区町村",
                "市区町村名",
                "市町村",
                "市町村名",
                "市区郡",
                "市区",
                "市",
                "区市町村",
                "市郡区",
            ),
            *(
                "住所(市区町村)",
                "住所_市区町村",
                "郡市区",
                "郡市区町村",
                "市区町村(住所)",
                "都市",
                "市名",
            ),
        ),
        likeness=_share(_like_city),
        standardizer=CITY,
        examples=(
            ("竜ヶ崎市", "龍ケ崎市"),
            ("長野原町", "吾妻郡長野原町"),
            ("ｔｏｋｙｏ", "tokyo"),
            ("New  York", "New York"),
        ),
        telling=0.75,
    ),
    Role(
        name="town",
        label={"en": "town", "ja": "町名"},
        about="The part of a city that Japanese addresses name before the number: 丸の内.",
        headers=(
            *("town", "town area", "neighborhood", "neighbourhood", "district", "chome", "oaza"),
            *(
                "town name",
                "machi",
                "町名",
                "町域",
                "町域名",
                "町名番地",
                "町域・番地",
                "町丁目",
                "町丁",
            ),
            *(
                "大字",
                "大字町名",
                "町字",
                "字",
                "地域名",
                "町名・丁目",
                "町名丁目",
                "町",
                "住所(町名)",
            ),
            *(
                "住所_町域",
                "町名・番地",
                "以降の住所",
                "それ以降の住所",
                "以降住所",
                "住所の続き",
                "住所(町域)",
                "大字・丁目",
            ),
        ),
        likeness=_share(_like_town),
        standardizer=TOWN,
        examples=(("丸の内　", "丸の内"), ("栄町１丁目", "栄町1丁目")),
        telling=0.5,
    ),
    Role(
        name="block",
        label={"en": "block or house number", "ja": "番地"},
        about="The number behind the town: 1-2-3; the town may stand before it.",
        headers=(
            *("block", "street number", "house number", "house no", "street no", "number addition"),
            *("house num", "building number", "lot number", "banchi", "street num", "houseno"),
            *(
                "番地",
                "番地号",
                "丁目番地",
                "丁目番地号",
                "番地・号",
                "地番",
                "番地等",
                "丁番地",
                "住所(番地)",
            ),
            *(
                "番地以降",
                "住所_番地",
                "番地以下",
                "街区",
                "丁目・番地",
                "丁目・番地・号",
                "号",
                "番地番号",
            ),
        ),
        likeness=_share(_like_block),
        standardizer=BLOCK,
        examples=(("1丁目2番3号", "1-2-3"), ("１－２－３", "1-2-3"), ("1月2日", "1-2")),
        telling=0.0,
    ),
    Role(
        name="street",
        label={"en": "street", "ja": "通り"},
        about="A street with or without its number, or Kyoto's way to the house.",
        headers=(
            *(
                "street",
                "street address",
                "street name",
                "street 1",
                "address line 1",
                "addr line1",
            ),
            *("address1", "addr1", "address 1", "address_line1", "street line 1", "road", "addr_1"),
            *("billing street", "mailing street", "通り", "通り名", "ストリート"),
        ),
        likeness=_share(_like_street),
        standardizer=STREET,
        examples=(("123  Main St.", "123 Main St."),),
        telling=0.7,
    ),
    Role(
        name="building",
        label={"en": "building", "ja": "建物名"},
        about="A building, floor and room, or the second line of an address.",
        headers=(
            *("building", "building name"),
            *(
                "address2",
                "addr2",
                "address 2",
                "address line 2",
                "addr line2",
                "street 2",
                "addr_2",
            ),
            *("address3", "address line 3", "street line 2"),
            *(
                "建物",
                "建物名",
                "建物名・部屋番号",
                "建物名部屋番号",
                "マンション名",
                "ビル名",
                "アパート名",
            ),
            *(
                "方書",
                "建物等",
                "部屋番号",
                "号室",
                "マンション・ビル名",
                "住所2",
                "住所3",
                "番地以降建物名",
            ),
            *(
                "住所(建物名)",
                "住所_建物名",
                "建物名等",
                "マンション",
                "アパート・マンション名",
                "ビル・マンション名",
            ),
        ),
        likeness=_share(_like_building),
        standardizer=BUILDING,
        examples=(("丸の内ビル　１２階", "丸の内ビル 12階"),),
        telling=0.4,
    ),
    Role(
        name="unit",
        label={"en": "unit", "ja": "部屋"},
        about="The part of a building in an English address: apartment, suite, flat.",
        headers=(
            *("unit", "unit number", "unit no", "apartment", "apartment number", "apt", "apt no"),
            *("apt number", "suite", "suite number", "flat", "flat number", "room", "room number"),
            *("apt/suite", "apt suite", "ste", "floor"),
        ),
        standardizer=BUILDING,
        examples=(("４Ｂ", "4B"),),
        telling=0.0,
    ),
)
