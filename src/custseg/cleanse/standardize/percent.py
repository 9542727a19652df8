"""Shares and rates: 12.5 %, 3割5分, 0.125 all become 0.125."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from custseg.cleanse.standardize.amount import plain, read_number, survey
from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.numerals import EXACT
from custseg.cleanse.standardize.text import fold
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

_SIGN: Final = re.compile(
    r"(?P<number>.*\d.*?) ?(?P<unit>%|‰|percent|pct|per cent|パーセント|プロ)(?:引き?|オフ|off)?",
    re.IGNORECASE | re.ASCII,
)
_PARTS_OF_TEN: Final = re.compile(
    r"(?:(\d{1,2}(?:\.\d+)?)割)?(?:(\d(?:\.\d+)?)分)?(?:(\d(?:\.\d+)?)厘)?(?:引き?|打|増し?)?",
    re.ASCII,
)
_LONGEST: Final = 40


def standardize_percent(value: str, context: Context) -> Cell:
    """Read a share; the value is the ratio, as exact decimal text.

    A bare number is a ratio already. One above 1 is more likely to mean percent: it stays,
    and the ratio is proposed.
    """
    text = fold(value)
    if len(text) > _LONGEST:
        return Cell(None, Status.INVALID, "not_a_number")
    ratio = _ratio(text, context)
    if ratio is not None:
        return Cell(ratio, Status.VALID if ratio == value else Status.STANDARDIZED)
    number, problem = read_number(text, context.decimal_mark)
    if number is None or number.currency or len(number.text) > _LONGEST:
        return Cell(None, Status.INVALID, problem or "not_a_number")
    if abs(Decimal(number.text)) > 1:
        proposed = _scaled(number.text, -2)
        return Cell(number.text, Status.SUGGESTED, "percent_or_ratio", suggestion=proposed)
    return Cell(number.text, Status.VALID if number.text == value else Status.STANDARDIZED)


def _ratio(text: str, context: Context) -> str | None:
    """Read a number with a sign of percent, or in tenths (割), hundredths (分), and so on."""
    signed = _SIGN.fullmatch(text)
    if signed:
        number, _ = read_number(signed["number"], context.decimal_mark)
        if number is None or number.currency:
            return None
        return _scaled(number.text, -3 if signed["unit"] == "‰" else -2)
    tenths = _PARTS_OF_TEN.fullmatch(text)
    if tenths and any(tenths.groups()):
        pieces = zip(tenths.groups(), (-1, -2, -3), strict=True)
        ratio = sum((EXACT.scaleb(Decimal(piece), by) for piece, by in pieces if piece), Decimal(0))
        return plain(ratio)
    return None


def _scaled(number: str, places: int) -> str:
    return plain(EXACT.scaleb(Decimal(number), places))


def likeness(values: Sequence[str]) -> float:
    """Share of values that carry a sign of percent."""
    return sum(_ratio(fold(value), Context()) is not None for value in values) / len(values)


PERCENT: Final = Standardizer(cell=standardize_percent, survey=survey)

ROLES: Final = (
    Role(
        name="percent",
        label={"en": "percentage", "ja": "割合"},
        about="A share or rate, written as a ratio: 12.5 % is 0.125.",
        headers=words(
            """
            percent percentage pct ratio rate share discount_rate tax_rate discount_percent
            discount_pct conversion_rate margin_rate open_rate click_rate 割合 比率 率 パーセント
            割引率 値引率 税率 消費税率 達成率 粗利率 利益率 構成比 還元率 ポイント還元率 付与率
            開封率 クリック率 転換率 掛率 掛け率
            """
        ),
        header_patterns=(r"(percent|pct)$",),
        likeness=likeness,
        standardizer=PERCENT,
        tables=frozenset({"people", "orders"}),
        examples=(("１２．５％", "0.125"), ("3割5分", "0.35"), ("0.125", "0.125")),
        telling=0.6,
        several=True,
    ),
)
