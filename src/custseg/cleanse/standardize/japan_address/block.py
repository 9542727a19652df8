"""What follows the town: the number of the block, and the building.

The block is written with hyphens (1丁目2番3号 is 1-2-3), and keeps a 小字 or another name before
its number. No character but separators and units is lost: what is not block is building.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from custseg.cleanse.standardize.japan_address.numerals import NUMERALS, number_of
from custseg.cleanse.standardize.japan_address.spelling import HYPHENS


class Rest(NamedTuple):
    """Block and building; each empty where there is none."""

    block: str
    building: str


_HYPHEN: Final = f"[{HYPHENS}]"
_OF: Final = "[のノ之]"

_CHOME: Final = "(?:丁目|丁(?![目場]))"
_LOT: Final = "(?:番地|番(?![地町丁館街組通]))"
_HOUSE: Final = "号(?![室棟館線店地車通沢]|[^\\W\\d]?室)"
_ROOM: Final = "号?[室棟館]|[階FＦ](?![A-Za-z])|番[館街]|[世戸]帯"

_NUMBER: Final = rf"\d++(?!{_ROOM})"
_JOINT: Final = (
    "(?:"
    rf"{_CHOME} *(?:{_OF}|{_HYPHEN})? *"
    # 1番地 101 is a room; 1番地 2 is not.
    rf"|{_LOT}(?: *(?:{_OF}|{_HYPHEN}) *| +(?=\d{{1,2}}(?!\d)|\d+{_HOUSE})|)"
    rf"|{_HOUSE}(?: *(?:{_OF}|{_HYPHEN}) *|(?=\d+番))"
    rf"| *{_HYPHEN} *|{_OF}|・"
    ")"
)
_CHAIN: Final = re.compile(
    rf"({_NUMBER}(?:{_JOINT}{_NUMBER})*+)({_CHOME}|{_LOT}|{_HOUSE})?((?:地先|先|地内)(?= |$))?"
)
_PLAIN: Final = re.compile(r"\d+(?:-\d+)*")
_JOINTS: Final = re.compile(_JOINT)
_USUAL: Final = re.compile(
    r"(?:([0-9]++)丁目)?([0-9]++)(?:番地?([0-9]++)号?|番地?|((?:-[0-9]++)*+))"
    "(?: (?![のノ之])([\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fffA-Za-z].*))?"
)
"""The usual rest, read at once: 4丁目3-46, 4丁目3番46号, 3-46 コーポ山田203号室."""

_FURTHER: Final = re.compile(
    r"(?:地割|号?線|区|条|組|林?班)?[東西南北中上下]?(?=\d)|(?:地割|号?線|区|条|組|林?班)(?= |$)"
)
"""From one number to the next inside a block: 2地割70, 3丁目中5, 東1線北12."""

_LETTER: Final = re.compile(rf"({_OF}|{_HYPHEN})?([A-Za-zァ-ヴ甲乙丙丁])(?= |$)")

_NUMERAL: Final = f"[{NUMERALS}]"
_UNITS: Final = f"{_CHOME}|{_LOT}|{_HOUSE}|地割"
# A kanji or ツ behind a numeral makes it part of a name: 三井ビル, 三ツ星荘.
_NO_KANJI: Final = "[ (#A-Zァ-チテ-ヴ]"
_CHINESE: Final = re.compile(
    rf"(?<!{_NUMERAL})(?:"
    rf"(?:\d++|{_NUMERAL}++)(?={_UNITS}|(?:{_HYPHEN}|{_OF})(?:\d|{_NUMERAL}))"
    # Shorter ones at the end are rather names: 三五十, 八百.
    rf"|{_NUMERAL}{{4,}}+(?= |$)"
    rf")(?:{_JOINT}(?:{_NUMBER}|{_NUMERAL}++(?={_UNITS}|{_HYPHEN}|{_OF}|{_NO_KANJI}|$)))*"
)
"""A chain of numbers of which some are Chinese, and stand where only a number can."""

_NUMERALS: Final = re.compile(f"{_NUMERAL}+")

_SECTION: Final = re.compile("大?字|小字")
_BUILDING: Final = re.compile(
    "ビル|マンション|アパート|ハイツ|コーポ|ハイム|メゾン|タワー|レジデンス|パレス|プラザ|号室|団地|住宅|社宅|宿舎"
    "|ヒルズ|ガーデン|コート|ハウス|テラス|ホテル|センター|病院|学校|大学|会館|会社|事業所|㈱|[(]株[)]|[(]有[)]|気付"
    "|[A-Za-z]{2}|[A-Za-z]棟|[ァ-ヴー]{4}|[#(「『]"
)
_BUILDING_END: Final = re.compile("(?:荘|寮|館|棟|様|方|内|階|[A-Za-z])(?: |$)")

_LEAD: Final = f" ,、.{HYPHENS}"


def split_rest(rest: str) -> Rest:
    """Split what follows the town.

    >>> split_rest("1丁目2番3号丸の内ビル12階")
    Rest(block='1-2-3', building='丸の内ビル12階')
    """
    if not rest:
        return Rest("", "")
    usual = _USUAL.fullmatch(rest)
    if usual:
        chome, lot, house, more, building = usual.groups()
        block = f"{chome}-{lot}" if chome else lot
        block += f"-{house}" if house else more or ""
        return Rest(block, building or "")
    return read_rest(rest)


def read_rest(rest: str) -> Rest:
    """Split what follows the town, however it is written: :func:`split_rest` without its start."""
    rest = rest.lstrip(_LEAD)
    if not rest:
        return Rest("", "")
    chain = _CHAIN.match(rest)
    if chain is None:
        return _named(rest)
    end = chain.end()
    if end < len(rest) and rest[end] in NUMERALS and (chinese := _CHINESE.match(rest)):
        arabic = _arabic(rest, chinese)
        if arabic != rest:
            return read_rest(arabic)
    return _after(rest, chain)


def block_start(rest: str) -> int:
    """Give the place where a number begins that can only be that of a block, else the end."""
    arabic = _FIRST.search(rest)
    end = arabic.start() if arabic else len(rest)
    chinese = _CHINESE.search(rest, 0, len(rest))
    return min(end, chinese.start()) if chinese else end


_FIRST: Final = re.compile(r"\d")


def looks_like_building(text: str) -> bool:
    """Whether a text without a number in front is a building, or someone's care of."""
    return _BUILDING.search(text) is not None or _BUILDING_END.search(text) is not None


def _after(rest: str, chain: re.Match[str]) -> Rest:
    """Read on behind a chain of numbers."""
    numbers, unit, near = chain.groups()
    block = numbers if _PLAIN.fullmatch(numbers) else _JOINTS.sub(_joint, numbers)
    end = chain.end()
    if end == len(rest) or rest[end] == " ":
        return Rest(_closed(block, unit) + (near or ""), rest[end:].lstrip(_LEAD))
    if near is None and (further := _FURTHER.match(rest, end)) and further[0]:
        kept = f"{unit}{further[0]}" if unit else further[0]
        more = split_rest(rest[further.end() :])
        return Rest(block + kept + more.block, more.building)
    block = _closed(block, unit) + (near or "")
    if letter := _LETTER.match(rest, end):
        joint = "-" if unit or letter[1] else ""
        return Rest(block + joint + letter[2], rest[letter.end() :].lstrip(_LEAD))
    return Rest(block, rest[end:].lstrip(_LEAD))


def _closed(block: str, unit: str | None) -> str:
    """Keep the unit of a 丁目 alone, which numbers no block, and behind the number of a road."""
    if unit is None:
        return block
    keeps = block.isdecimal() if unit[0] == "丁" else "号" in block
    return block + unit if keeps else block


def _joint(found: re.Match[str]) -> str:
    joint = found[0]
    if joint == "・":
        return joint
    # 12号3番地 numbers a road; all others number ever smaller parts of one block.
    return joint if joint == "号" else "-"


def _named(rest: str) -> Rest:
    """Read a rest that begins with a name: of a part of the town, or of a building."""
    start = block_start(rest)
    name = rest[:start]
    section = _SECTION.match(name) is not None
    if start == len(rest):
        is_building = not section and looks_like_building(rest)
        return Rest("", rest) if is_building else Rest(rest.rstrip(), "")
    if not section and _BUILDING.search(name):
        return Rest("", rest)
    chinese = _CHINESE.match(rest, start)
    if chinese and rest[start] in NUMERALS:
        rest = _arabic(rest, chinese)
    chain = _CHAIN.match(rest, start)
    if chain is None:
        return Rest("", rest) if not section else Rest(name.rstrip(_LEAD), rest[start:])
    block, building = _after(rest, chain)
    return Rest(name.rstrip(_LEAD) + block, building)


def _arabic(rest: str, chinese: re.Match[str]) -> str:
    """Write the Chinese numbers of a chain in digits; as it was if one is no number."""
    numbers = {run: number_of(run) for run in _NUMERALS.findall(chinese[0])}
    if None in numbers.values():
        return rest
    digits = _NUMERALS.sub(lambda run: str(numbers[run[0]]), chinese[0])
    return rest[: chinese.start()] + digits + rest[chinese.end() :]
