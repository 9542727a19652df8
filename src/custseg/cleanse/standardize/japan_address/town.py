"""The town inside a known city, with Kyoto's streets."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from custseg.cleanse.standardize.japan_address.block import block_start, looks_like_building
from custseg.cleanse.standardize.japan_address.gazetteer import Names, gazetteer
from custseg.cleanse.standardize.japan_address.spelling import fold_place


class Town(NamedTuple):
    """A town found in a text.

    Attributes
    ----------
    name
        In the spelling of the postal data; as written where it is unknown; empty for none.
    end
        Place in the text behind it.
    street
        Kyoto's way to the house: 寺町通御池上る.
    known
        Whether the postal data has it.
    """

    name: str
    end: int
    street: str = ""
    known: bool = True


_SECTION: Final = re.compile(" *(?:大字|字)? *")
_TOWN_ENDS: Final = frozenset("町村")
_MAY_LEAD: Final = frozenset(" 大字")
_UNSAID_TOWN: Final = re.compile(r"(?:[^\d ]*?[町村])(?=[\d ]|$)")
_INSIDE: Final = re.compile("大字|字| ")


def find_town(text: str, folded: str, start: int, city: int) -> Town | None:
    """Find a town of the postal data at a place in a text; None if none stands there.

    Parameters
    ----------
    text, folded
        The address, and its folded spelling (as long).
    start
        Place behind the city.
    city
        Number of the city.
    """
    base = gazetteer()
    names = base.towns(city)
    if city in base.kyoto and (found := _in_kyoto(text, folded, start, names)):
        return found
    begin = start
    if folded[start : start + 1] in _MAY_LEAD and (lead := _SECTION.match(folded, start)):
        begin = lead.end()
    found = _longest(text, folded, begin, names)
    if found is None and begin > start:
        found = _longest(text, folded, start, names)
    if found is None or folded[found.end : found.end + 1] in _MAY_LEAD:
        return _broken(text, folded, begin, names) or found
    return found


def guess_town(text: str, start: int, city: int) -> Town:
    """Take what stands before the number as a town that the postal data does not have."""
    lead = _SECTION.match(text, start)
    begin = lead.end() if lead else start
    name = text[begin : begin + block_start(text[begin:])]
    name = name.partition(" ")[0]
    section = name.find("字", 1)
    name = name[:section] if section > 0 else name
    if not name or looks_like_building(name):
        return Town("", begin if begin == len(text) or text[begin - 1] == " " else start)
    return Town(name, begin + len(name), known=not gazetteer().towns(city).entries)


def _longest(text: str, folded: str, start: int, names: Names[tuple[str, ...]]) -> Town | None:
    """Give the longest town that does not cut a longer, unknown name in two."""
    found = names.longest(folded, start)
    if found is None:
        return None
    end, towns = found
    if end - start > 1 and folded[end : end + 1] not in _TOWN_ENDS:
        return Town(_as_written(text[start:end], towns), end)
    for end, towns in names.matches(folded, start):
        cut = _UNSAID_TOWN.match(folded, end)
        if not cut or (end - start > 1 and len(cut[0]) > 1):
            return Town(_as_written(text[start:end], towns), end)
    return None


def _as_written(written: str, towns: tuple[str, ...]) -> str:
    """Of towns whose names fold to the same, give the one that is written, else the first."""
    return towns[0] if len(towns) == 1 or written not in towns else written


def _broken(text: str, folded: str, start: int, names: Names[tuple[str, ...]]) -> Town | None:
    """Find a town that a space or a 大字 divides: 川中島町大字上氷鉋."""
    window = folded[start : start + 24]
    if _INSIDE.search(window) is None:
        return None
    kept = [start + place for piece in _pieces(window) for place in range(*piece)]
    joined = "".join(folded[place] for place in kept)
    found = _longest("".join(text[place] for place in kept), joined, 0, names)
    return found and found._replace(end=kept[found.end - 1] + 1)


def _pieces(window: str) -> list[tuple[int, int]]:
    pieces, at = [], 0
    for gap in _INSIDE.finditer(window):
        pieces.append((at, gap.start()))
        at = gap.end()
    return [*pieces, (at, len(window))]


_TURN: Final = re.compile(
    r"(?:[上下]ケ?ル|[東西南北]入(?:ル|リ)?)(?:[\d一二三四五六七八九十]+(?:丁目|筋目)(?:[上下]ル|[東西南北]入ル?|[東西南北])?)?"
)
"""In folded spelling: 上る, 下ル, 西入, 東入ル, 上る2丁目."""
_STREET_END: Final = re.compile("通り?|筋|道|突抜")
_NUMBER: Final = re.compile(r"\d(?!\d*(?:丁目|筋目))")
_REPEATED_TOWN: Final = re.compile(r" *[(]([^()]*)[)]")


def _in_kyoto(text: str, folded: str, start: int, names: Names[tuple[str, ...]]) -> Town | None:
    """Find the town behind the streets that lead to it, or before them."""
    number = _NUMBER.search(folded, start)
    limit = number.start() if number else len(folded)
    turns = [turn.end() for turn in _TURN.finditer(folded, start, limit)]
    direct = _longest(text, folded, start, names)
    if not turns and direct:
        return direct
    ends = turns or [end.end() for end in _STREET_END.finditer(folded, start, limit)]
    for end in reversed(ends):
        space = end + (folded[end : end + 1] == " ")
        if found := _longest(text, folded, space, names):
            return found._replace(street=_street(text[start:end]))
    if direct and turns:
        street = text[direct.end : turns[-1]]
        again = _REPEATED_TOWN.match(text, turns[-1])
        repeated = again is not None and fold_place(again[1]) == fold_place(direct.name)
        end = again.end() if again and repeated else turns[-1]
        return direct._replace(street=_street(street), end=end)
    return direct


_UP_DOWN: Final = re.compile("([上下])[がガヶケ]?[るル]")
_INTO: Final = re.compile("([東西南北])入[るルりリ]")


def fold_street(street: str) -> str:
    """Fold the spelling of a way through Kyoto."""
    return fold_place(_street(street)).replace("通リ", "通").replace(" ", "")


def _street(written: str) -> str:
    """Write the turns as the postal data does: 上ル is 上る, 西入ル is 西入."""
    return _INTO.sub(r"\1入", _UP_DOWN.sub(r"\1る", written)).strip()
