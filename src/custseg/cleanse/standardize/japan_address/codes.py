"""Postal code and address checked against each other."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from custseg.cleanse.standardize.japan_address.gazetteer import Area, gazetteer, offices
from custseg.cleanse.standardize.japan_address.parse import Address
from custseg.cleanse.standardize.japan_address.place import cities_of_code
from custseg.cleanse.standardize.japan_address.spelling import fold_place
from custseg.cleanse.standardize.japan_address.town import fold_street


def is_known(code: str) -> bool:
    """Whether Japan Post knows a code of seven digits, an office's own included."""
    return bool(gazetteer().places_of_code(code)) or code in offices()


def agrees(code: str, address: Address) -> bool:
    """Whether a known code may belong to an address whose city is certain.

    Towns are compared where the postal data has both. An office's code is compared by city:
    its address is where its mail goes.
    """
    base = gazetteer()
    city = address.number
    if city not in cities_of_code(code):
        return not is_known(code)
    towns = {town for place, town in base.places_of_code(code) if place == city}
    if not towns or not address.town_known or "" in towns:
        return True
    # A few towns have parts with names of their own: 上八万町, 上八万町西山.
    return any(town.startswith(address.town) or address.town.startswith(town) for town in towns)


def code_of(address: Address) -> str:
    """Give the postal code of an address, or "" where it is not certain.

    Of a town with several codes the one is taken whose part of the town (丁目, 番地, 小字, streets
    in Kyoto, a building's floor) the address names, if every other part can be excluded.
    """
    areas = gazetteer().areas(address.number)
    whole = len(areas) == 1 and "" in areas
    here = areas.get("" if whole else address.town, ())
    if len(here) == 1 and address.town:
        return here[0].postal_code
    if not address.town and not whole:
        # Some cities have a code for numbers behind their own name. The one for all that is not
        # listed is no certainty: which town it is, nobody said.
        here = [area for area in here if area.part] if address.block[:1].isdecimal() else []
    if len(here) < 2:
        return here[0].postal_code if here else ""
    if address.building and (code := _code_of_building(here, address.building)):
        return code
    plain = [area for area in here if not area.building]
    codes = {area.postal_code for area in plain}
    return codes.pop() if len(codes) == 1 else _code_of_part(plain, address)


_FLOOR: Final = re.compile(r"(\d+)(?:階|F)")


def _code_of_building(areas: Sequence[Area], building: str) -> str:
    """Give the code of the floor of a building that has codes of its own."""
    folded = fold_place(building).replace(" ", "")
    own = [area for area in areas if area.building and folded.startswith(_folded(area.building))]
    if not own:
        return ""
    floor = _FLOOR.search(folded, len(own[0].building))
    part = f"{floor[1]}階" if floor else ""
    return next((area.postal_code for area in own if area.part == part), "")


@lru_cache(maxsize=1024)
def _folded(name: str) -> str:
    return fold_place(name)


def _code_of_part(areas: Sequence[Area], address: Address) -> str:
    """Give the one code whose part of the town holds the address."""
    rules = [_rule(area.part) for area in areas]
    numbers = [int(number) for number in _NUMBERS.findall(_chain(address.block))]
    by_chome = any(rule.unit in ("丁目", "of") for rule in rules)
    verdicts = [_holds(rule, address, numbers, by_chome) for rule in rules]
    inside = {area.postal_code for area, holds in zip(areas, verdicts, strict=True) if holds}
    if not inside and None not in verdicts:
        inside = {
            area.postal_code for area, rule in zip(areas, rules, strict=True) if rule.unit == "rest"
        }
    return inside.pop() if len(inside) == 1 else ""


class _Rule(NamedTuple):
    """What part of a town a code covers.

    ``unit`` is 丁目 or 番地 (with `ranges`), ``of`` for something inside the 丁目 of `ranges`,
    ``name`` or ``street`` (with `names`), ``rest`` for what no other code covers, or empty for
    words that are not understood.
    """

    unit: str
    ranges: tuple[tuple[int, int], ...] = ()
    names: tuple[str, ...] = ()


_RANGES: Final = re.compile(r"((?:\d+(?:〜\d+)?(?:丁目|番地?)?、)*\d+(?:〜\d+)?)(丁目|番地?)")
_INSIDE_CHOME: Final = re.compile(r"(\d+)丁目[\d「][^丁]*")
_ONWARD: Final = re.compile(r"(\d+)番地?(?:以降|以上)")
_ITEM: Final = re.compile(r"(\d+)(?:〜(\d+))?")
_NAMES: Final = re.compile(r"[^\d「」〔〕()]+")
_STREET: Final = re.compile("[上下]る|[東西南北]入|通")
_NUMBERS: Final = re.compile(r"\d{1,6}")
_CHAIN: Final = re.compile(r"\d+(?:[-・]\d+)*")


@lru_cache(maxsize=16384)
def _rule(part: str) -> _Rule:
    if found := _ONWARD.fullmatch(part):
        return _Rule("番地", ((int(found[1]), sys.maxsize),))
    if part in ("", "その他"):
        return _Rule("rest")
    if found := _RANGES.fullmatch(part):
        items, unit = found.groups()
        if len(set(re.findall("丁目|番", part))) == 1:
            ranges = tuple((int(first), int(last or first)) for first, last in _ITEM.findall(items))
            return _Rule("番地" if unit[0] == "番" else unit, ranges)
    if found := _INSIDE_CHOME.fullmatch(part):
        return _Rule("of", ((int(found[1]), int(found[1])),))
    if part not in ("丁目", "番地", "大字") and _NAMES.fullmatch(part):
        names = tuple(part.split("、"))
        if _STREET.search(part):
            return _Rule("street", names=tuple(fold_street(name) for name in names))
        return _Rule("name", names=tuple(fold_place(name) for name in names))
    return _Rule("")


def _chain(block: str) -> str:
    found = _CHAIN.search(block)
    return found[0] if found else ""


def _holds(rule: _Rule, address: Address, numbers: list[int], by_chome: bool) -> bool | None:
    """Whether a part of the town holds the address; None where that cannot be said."""
    name = address.block[: address.block.find(_chain(address.block))].removeprefix("字")
    match rule.unit:
        case "rest":
            return False
        case "丁目":
            chome = numbers and (len(numbers) > 1 or address.block.endswith("丁目"))
            return _within(rule, numbers[0]) if chome and not name else None
        case "of":
            chome = len(numbers) > 1 and not name
            return False if chome and not _within(rule, numbers[0]) else None
        case "番地":
            lot = numbers and len(numbers) <= 2 and not by_chome and not name
            return _within(rule, numbers[0]) if lot else None
        case "name":
            return any(fold_place(name).startswith(each) for each in rule.names) if name else None
        case "street":
            return fold_street(address.street) in rule.names if address.street else None
        case _:
            return None


def _within(rule: _Rule, number: int) -> bool:
    return any(first <= number <= last for first, last in rule.ranges)
