"""Prefectures of Japan, and the states and provinces of other countries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.country import country_code
from custseg.cleanse.standardize.japan_address.gazetteer import PREFECTURES
from custseg.cleanse.standardize.japan_address.spelling import fold_place
from custseg.cleanse.standardize.reading import kana_weak_key, katakana, reading_key
from custseg.cleanse.standardize.regions import REGIONS, region_code
from custseg.cleanse.standardize.text import clean, status_of
from custseg.fields.roles import Role
from custseg.resources.postal import postal_table

_LATIN_END: Final = re.compile(r"[\s-]*(?:to|fu|ken|prefecture|pref|metropolis)\.?$", re.IGNORECASE)
_KANA_END: Final = re.compile("(?<=.)(?:ト|フ|ケン)$")
_CODE: Final = re.compile(r"(?:JP-)?0?(\d{1,2})(?:\.0)?", re.IGNORECASE)


def standardize_prefecture(value: str, context: Context, country: str = "") -> Cell:
    """Name a prefecture (東京, 13 and Tokyo are 東京都), or abbreviate a state.

    Parameters
    ----------
    value
        The cell.
    context
        Its country is that of rows that name none.
    country
        The country cell of the row.
    """
    where = (country and country_code(country)) or context.country
    text, reason = clean(value)
    name = prefecture_name(text) if where == "JP" or not text.isascii() else ""
    name = name or region_code(text, where)
    if name:
        return Cell(name, status_of(value, name, reason), reason)
    if where != "JP" or any(region_code(text, other) for other in REGIONS):
        return Cell(text, status_of(value, text, reason), reason)
    inside = prefecture_at_start(text)
    if inside:
        return Cell(value, Status.SUGGESTED, "more_than_prefecture", suggestion=inside)
    return Cell(value, Status.INVALID, reason or "not_found")


@lru_cache(maxsize=4096)
def prefecture_name(text: str) -> str:
    """Give the name of a prefecture of Japan written in any way, or "" for none.

    >>> prefecture_name("東京"), prefecture_name("Tōkyō-to"), prefecture_name("07")
    ('東京都', '東京都', '福島県')
    """
    text = text.strip()
    if code := _CODE.fullmatch(text):
        at = int(code[1])
        return PREFECTURES[at - 1] if 1 <= at <= len(PREFECTURES) else ""
    return _names().get(fold_place(text)) or _by_reading(text)


def prefecture_at_start(text: str) -> str:
    """Give the prefecture whose whole name begins a text, or "" for none."""
    folded = fold_place(text)
    return next((name for name in PREFECTURES if folded.startswith(fold_place(name))), "")


@cache
def _names() -> Mapping[str, str]:
    """Prefectures by folded name, with and without 都, 府 or 県."""
    short = {fold_place(name[:-1]): name for name in PREFECTURES if name != "北海道"}
    return short | {fold_place(name): name for name in PREFECTURES}


def _by_reading(text: str) -> str:
    """Read a name in kana or Latin letters: トウキョウト, Tōkyō, Tokyo-to."""
    plain = _KANA_END.sub("", katakana(_LATIN_END.sub("", text)))
    for written in dict.fromkeys((text, plain)):
        key = reading_key(written)
        if key and (name := _readings().get(key)):
            return name
    return ""


@cache
def _readings() -> Mapping[str, str]:
    table = postal_table()
    pairs = zip(table["prefecture_kana"].to_pylist(), table["prefecture"].to_pylist(), strict=True)
    readings: dict[str, str] = {}
    for kana, name in dict.fromkeys(pairs):
        readings[kana_weak_key(kana if name == "北海道" else _KANA_END.sub("", kana))] = name
    return readings


def likeness(values: Sequence[str]) -> float:
    """Share of values that name a prefecture or a state; numbers prove nothing."""
    known = 0
    for value in values:
        text = clean(value)[0]
        if not text[:1].isdigit():
            known += bool(prefecture_name(text)) or any(
                region_code(text, country) for country in REGIONS
            )
    return known / len(values)


PREFECTURE: Final = Standardizer(cell=standardize_prefecture, neighbors=("country",))

ROLES: Final = (
    Role(
        name="prefecture",
        label={"en": "prefecture or state", "ja": "都道府県"},
        about=(
            "A prefecture of Japan, written 東京都, or a state or province, abbreviated where "
            "its country does so in addresses (NY, ON, NSW)."
        ),
        headers=(
            *("prefecture", "pref", "prefectures", "todofuken", "state", "province", "region"),
            *("state province", "state/province", "state or province", "county", "state code"),
            *("province code", "prefecture code", "state name", "county/state", "area state"),
            *(
                "都道府県",
                "都道府県名",
                "都道府県コード",
                "県",
                "県名",
                "府県",
                "府県名",
                "県コード",
                "州",
            ),
            *(
                "住所(都道府県)",
                "住所_都道府県",
                "都道府県(住所)",
                "居住地(都道府県)",
                "居住県",
                "州・県",
            ),
        ),
        likeness=likeness,
        standardizer=PREFECTURE,
        examples=(("東京", "東京都"), ("13", "東京都"), ("Tokyo", "東京都"), ("京都", "京都府")),
        telling=0.8,
    ),
    Role(
        name="state",
        label={"en": "state of an address", "ja": "住所の州"},
        about=(
            "The state that a whole address in English names, split off as a column. A column of "
            "states of its own has the role prefecture."
        ),
        likeness=likeness,
        standardizer=PREFECTURE,
        examples=(("CA", "CA"),),
        telling=0.0,
    ),
)
