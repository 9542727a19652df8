"""Match keys of addresses and their parts: what is written differently and means the same.

They fold standard values; an address is not taken apart again.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from custseg.cleanse.standardize.english_words import UNITS, abbreviations, expanded
from custseg.cleanse.standardize.japan_address.block import block_start, split_rest
from custseg.cleanse.standardize.japan_address.spelling import HYPHENS, fold_place

_LATIN: Final = re.compile(r"[\x00-\u024f\u1e00-\u206f]*")
_WORD: Final = re.compile(r"[^\W_]+|#")
_SECTION: Final = re.compile("^(?:大字|字)|(?<=[市区町村])(?:大字|字)|大字")
_INNER_SECTION: Final = re.compile("小?字(?=.*[0-9])|^大?字")
_ROOM: Final = re.compile("(?<=[0-9A-Z])(?:号室|号|室|番)")
_FLOOR: Final = re.compile("(?<=[0-9])階")
_BETWEEN_NUMBERS: Final = re.compile(f"(?<=[0-9])[{HYPHENS}](?=[0-9])")
_SIGNS: Final = re.compile(r"[^\w|]+|_")


def address_key(value: str) -> str:
    """Key of a whole address.

    >>> address_key("東京都千代田区丸の内1-2-3 三番町ビル501号室")
    '東京都千代田区丸ノ内1|2|3三番町ビル501'
    """
    if _LATIN.fullmatch(value):
        return latin_key(value)
    return _folded(_SECTION.sub("", value))


def town_key(value: str) -> str:
    """Key of a town, without the number that may follow it.

    >>> town_key("大字丸ノ内一丁目") == town_key("丸の内")
    True
    """
    if _LATIN.fullmatch(value):
        return latin_key(value)
    name = _SECTION.sub("", value)
    return _folded(name[: block_start(name)] or name)


def place_key(value: str) -> str:
    """Key of the name of a city or a street.

    >>> place_key("龍ケ崎市") == place_key("竜ヶ崎市")
    True
    """
    return latin_key(value) if _LATIN.fullmatch(value) else _folded(value)


def block_key(value: str) -> str:
    """Key of the number of a block.

    >>> block_key("1丁目2番3号"), block_key("字平山14番地1")
    ('1|2|3', '平山14|1')
    """
    block, building = split_rest(value)
    block = _INNER_SECTION.sub("", block).replace("丁目", "-").strip("-")
    return _folded(f"{block} {building}" if building else block)


def building_key(value: str) -> str:
    """Key of a building, a floor and a room.

    >>> building_key("ノースゲートビル 15階") == building_key("ノースゲートビル15F")
    True
    """
    return latin_key(value) if _LATIN.fullmatch(value) else _folded(value)


def latin_key(value: str) -> str:
    """Key of an address in Latin letters: capitals, and one abbreviation for every word.

    >>> latin_key("123 North Main Street, Apartment 4B") == latin_key("123 N. Main St #4B")
    True
    """
    short = abbreviations()
    words = (short.get(word, word) for word in _WORD.findall(value.upper()))
    return " ".join("#" if word in _unit_words() else word for word in words)


@cache
def _unit_words() -> frozenset[str]:
    return frozenset(expanded(UNITS).values()) | {"#", "NO"}


def _folded(value: str) -> str:
    """Fold spelling, floors and rooms; numbers stay apart by a stroke, all else joins."""
    text = _BETWEEN_NUMBERS.sub("|", value)
    text = _FLOOR.sub("F", _ROOM.sub("", fold_place(text)))
    return _SIGNS.sub("", text)
