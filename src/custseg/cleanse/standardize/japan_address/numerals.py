"""Chinese numerals, and the ways a number is written inside the name of a place."""

from __future__ import annotations

import re
from typing import Final

from custseg.cleanse.standardize.numerals import japanese_number

DIGITS: Final = "〇一二三四五六七八九"
NUMERALS: Final = f"{DIGITS}零十百千万"
"""What numbers of blocks and towns are written with."""


def number_of(numeral: str) -> int | None:
    """Read a numeral written with units (二十三) or by digits (二三); None if it is neither.

    >>> number_of("二十三"), number_of("二三"), number_of("三五十")
    (23, 23, None)
    """
    number = japanese_number(numeral)
    return None if number is None else int(number)


def numeral_of(number: int) -> str:
    """Write a number below 10,000 with units.

    >>> numeral_of(23), numeral_of(110)
    ('二十三', '百十')
    """
    text = ""
    for sign, unit in (("千", 1000), ("百", 100), ("十", 10)):
        count, number = divmod(number, unit)
        if count:
            text += ("" if count == 1 else DIGITS[count]) + sign
    return text + (DIGITS[number] if number else "")


_NUMERAL_RUN: Final = re.compile(f"[{NUMERALS}]+")
_ARABIC_RUN: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(f"[0-9{NUMERALS}]")
_BETWEEN: Final = re.compile(r"(?<=[東西南北]\d)(\d?)条(?=[東西南北])")
_COUNTED: Final = re.compile(r"\d(?:条|番|丁|線|号|区|[ノ東西南北]|町内|$)")


def written_forms(name: str) -> set[str]:
    """Give other spellings of the numbers in a folded place name.

    >>> sorted(written_forms("北十条西"))
    ['北10条西', '北10西', '北一〇条西']
    """
    forms: set[str] = set()
    if _NUMBER.search(name) is None:
        return forms
    arabic = _NUMERAL_RUN.sub(_as_arabic, name)
    if arabic != name and len(name) > 2 and _COUNTED.search(arabic):
        forms.add(arabic)
        forms.add(_NUMERAL_RUN.sub(_as_digits, name))
    if any(character.isdigit() for character in name):
        forms.add(_ARABIC_RUN.sub(lambda run: numeral_of(int(run[0])), name))
    if "条" in name:
        shorter = {form: _BETWEEN.sub(r"\1", form) for form in (arabic, name)}
        forms |= {short for form, short in shorter.items() if short != form}
    return forms - {name}


def _as_arabic(run: re.Match[str]) -> str:
    number = number_of(run[0])
    return run[0] if number is None else str(number)


def _as_digits(run: re.Match[str]) -> str:
    number = number_of(run[0])
    return run[0] if number is None else "".join(DIGITS[int(digit)] for digit in str(number))
