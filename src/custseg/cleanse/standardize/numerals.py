"""Japanese numerals, alone or mixed with digits: 二千二十四, 二〇二四, 壱萬, 1億2000万, 3.5万."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Final

_DIGITS: Final = {digit: place for place, digit in enumerate("〇一二三四五六七八九")}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
_LARGE: Final = {"万": 10**4, "億": 10**8, "兆": 10**12}

_PLAIN: Final = str.maketrans(
    "零壱壹弌弐貳貮弍参參弎肆伍陸漆柒質捌玖拾佰陌阡仟萬",
    "〇一一一二二二二三三三四五六七七七八九十百百千千万",
)

_NUMBER: Final = r"(?:\d+(?:\.\d+)?|[〇一二三四五六七八九]+)"
_TERM: Final = re.compile(rf"({_NUMBER})?([十百千])")
_LAST: Final = re.compile(_NUMBER)

EXACT: Final = Context(prec=120)
"""Arithmetic that rounds nothing a cell can hold."""

NUMERAL_CHARACTERS: Final = "〇零一二三四五六七八九十百千万億兆壱壹弐貳参參肆伍陸漆捌玖拾佰阡萬廿卅"
"""Characters that a numeral may be made of, digits aside."""


def japanese_number(text: str) -> Decimal | None:
    """Read a numeral of Japanese characters and ASCII digits exactly.

    Parameters
    ----------
    text
        Without spaces, separators and signs. A lone run of digit characters is positional
        (二〇二四); units need descending order, as they are written.

    Returns
    -------
    decimal.Decimal or None
        None for what is no numeral (三五十).
    """
    rest = text.translate(_PLAIN).replace("廿", "二十").replace("卅", "三十")
    if not rest or len(rest) > 40:
        return None
    total = Decimal(0)
    bound = None
    for unit, factor in reversed(_LARGE.items()):
        head, found, tail = rest.partition(unit)
        if not found:
            continue
        section = _section(head)
        if section is None or head == "":
            return None
        total = EXACT.add(total, EXACT.multiply(section, Decimal(factor)))
        rest, bound = tail, factor
    if rest:
        section = _section(rest)
        if section is None or (bound is not None and section >= bound):
            return None
        total = EXACT.add(total, section)
    return total


def _section(text: str) -> Decimal | None:
    """Read what stands before 万, 億, or at the end: 二千二十四, 1234, 3.5, 二〇二四."""
    total = Decimal(0)
    bound = 10**4
    at = 0
    while term := _TERM.match(text, at):
        number, unit = term.groups()
        factor = _SMALL[unit]
        if factor >= bound or (number and not _may_count(number)):
            return None
        total = EXACT.add(total, EXACT.multiply(_plain(number or "1"), Decimal(factor)))
        bound, at = factor, term.end()
    if at == len(text):
        return total if at else None
    last = _LAST.fullmatch(text, at)
    if last is None or (at and not _fits(last[0], bound)):
        return None
    return EXACT.add(total, _plain(last[0]))


def _may_count(number: str) -> bool:
    """Whether a number may stand before 十, 百 or 千: 12百万 is written, 三五十 is not."""
    return number.isascii() or len(number) == 1


def _fits(number: str, bound: int) -> bool:
    return _plain(number) < bound and (number.isascii() or len(number) == 1)


def _plain(number: str) -> Decimal:
    if number.isascii():
        return Decimal(number)
    return Decimal("".join(str(_DIGITS[digit]) for digit in number))
