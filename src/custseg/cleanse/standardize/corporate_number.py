"""Japanese corporate numbers (法人番号): thirteen digits, the first of which checks the others.

The check digit is 9 minus the remainder by 9 of the digits' sum, every second one from the
right doubled (Ministry of Finance ordinance on corporate numbers, 2014). An invoice
registration number (T and thirteen digits) of a company is its corporate number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.text import fold
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

_LABEL: Final = re.compile(
    r"^(?:法人番号|登録番号|インボイス番号)?[:：]? ?T?(?=\d)", re.IGNORECASE | re.ASCII
)
_BETWEEN: Final = re.compile(r"(?<=\d)[-‐‑‒–—―−ー ](?=\d)", re.ASCII)
_DECIMALS: Final = re.compile(r"\.0+$")


def standardize_corporate_number(value: str, context: Context) -> Cell:
    """Read a corporate number and check it."""
    del context
    text = _BETWEEN.sub("", _LABEL.sub("", fold(value)))
    damaged = _DECIMALS.search(text) is not None
    digits = _DECIMALS.sub("", text)
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", digits, re.IGNORECASE | re.ASCII):
        return Cell(None, Status.INVALID, "excel_precision_lost")
    if not (digits.isascii() and digits.isdigit()):
        return Cell(None, Status.INVALID, "not_a_number")
    if len(digits) != 13:
        return Cell(None, Status.INVALID, "wrong_length")
    if not is_valid(digits):
        return Cell(None, Status.INVALID, "checksum")
    if damaged:
        return Cell(digits, Status.CORRECTED, "decimal_removed")
    return Cell(digits, Status.VALID if digits == value else Status.STANDARDIZED)


def is_valid(digits: str) -> bool:
    """Whether the first of thirteen digits is the check digit of the other twelve."""
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits[1:])))
    return int(digits[0]) == 9 - total % 9


def likeness(values: Sequence[str]) -> float:
    """Share of values that are corporate numbers with a right check digit."""
    return sum(
        standardize_corporate_number(value, Context()).value is not None for value in values
    ) / len(values)


CORPORATE_NUMBER: Final = Standardizer(cell=standardize_corporate_number)

ROLES: Final = (
    Role(
        name="corporate_number",
        label={"en": "corporate number", "ja": "法人番号"},
        about="The thirteen digits by which Japan numbers companies, its check digit verified.",
        headers=words(
            """
            corporate_number corporate_no houjin_bangou hojin_bango invoice_registration_number
            法人番号 会社法人等番号 適格請求書発行事業者登録番号 インボイス登録番号
            インボイス番号 事業者登録番号 T番号
            """
        ),
        likeness=likeness,
        standardizer=CORPORATE_NUMBER,
        examples=(
            ("T7000012050002", "7000012050002"),
            ("7-0000-1205-0002", "7000012050002"),
            ("2835678256246", None),
        ),
        telling=0.9,
    ),
)
