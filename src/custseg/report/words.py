"""Items of a report as text in one language: words, numbers, bars."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import NamedTuple

from custseg.fields.guess import field_label, role_label
from custseg.messages import text
from custseg.report.model import (
    MONEY,
    Command,
    Counted,
    Date,
    FieldName,
    Figure,
    FigureKind,
    Item,
    Joined,
    RoleName,
    Toned,
    Words,
)

BAR_WIDTH = 20
"""Cells of a full bar."""

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_UNITS = {
    "en": ((1e9, "B"), (1e6, "M")),
    "ja": ((1e8, "億"), (1e4, "万")),
}
_COUNT_UNITS = {
    "en": ((1e6, "M"), (1e3, "K")),
    "ja": ((1e8, "億"), (1e4, "万")),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?")
_IN_FULL = 10_000
"""A count is written in full where it is smaller."""

CURRENCY_SIGNS = {
    "JPY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "CNY": "CN¥",
    "KRW": "₩",
    "INR": "₹",
}
WITHOUT_CENTS = frozenset({"JPY", "KRW"})
_WORTH_A_UNIT = 10
"""A column is written in a unit where its largest amount has at least so many of it …"""

_ENOUGH_DIGITS = 1000
"""… and without decimals where it has so many."""


class Scale(NamedTuple):
    """How amounts of money are written: in which unit, called what, with how many decimals."""

    unit: float
    name: str
    digits: int


def say(item: Item, language: str, scale: Scale | None = None) -> str:
    """Give an item as text; money in `scale`, so that a column has one unit."""
    if isinstance(item, str):
        return item
    if isinstance(item, Command):
        return shlex.join(item.arguments)
    if isinstance(item, Toned):
        return say(item.item, language, scale)
    if isinstance(item, Figure):
        return figure(item, language, scale)
    if isinstance(item, Date):
        return date(item.iso, language)
    return _in_words(item, language)


def _in_words(item: Counted | RoleName | FieldName | Words | Joined, language: str) -> str:
    if isinstance(item, RoleName):
        return role_label(item.role, language)
    if isinstance(item, FieldName):
        return field_label(item.field, language)
    if isinstance(item, Joined):
        return say(item.between, language).join(say(each, language) for each in item.items)
    if isinstance(item, Counted):
        number = "one" if item.value == 1 else "many"
        return text(f"report.count.{item.what}.{number}", language, count=f"{item.value:,}")
    params = {name: say(value, language) for name, value in item.params.items()}
    return text(item.key, language, **params)


def figure(number: Figure, language: str, scale: Scale | None = None) -> str:
    """Give a number in the reader's way: ``51,204``, ``6.1 %``, ``512.1 M`` or ``5.1億``."""
    value = number.value
    if value is None:
        return "–"
    if number.kind == "bar":
        return bar(value)
    if number.kind in ("share", "rounded_share"):
        space = " " if language == "en" else ""
        digits = 1 if number.kind == "share" else 0
        return f"{100 * value:.{digits}f}{space}%"
    if number.kind in MONEY:
        own = _scale_for(number.kind, value, language, scale)
        return money(value, language, own, number.currency)
    if number.kind == "points":
        return _signed(f"{100 * value:+.1f}{'pt' if language == 'ja' else ' pt'}")
    if number.kind == "difference":
        return _signed(f"{value:+,.0f}")
    if number.kind in ("count", "people"):
        return f"{value:,.0f}"
    if number.kind == "rounded_count":
        return _rounded(value, language)
    if number.kind == "score":
        return f"{value:.0f}"
    if number.kind == "bits":
        return f"{value:+.1f}"
    if number.kind == "days":
        return text("report.days", language, days=f"{value:,.0f}")
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def date(iso: str, language: str) -> str:
    """Give a day or a month in the reader's way: ``1 Sep 2026``, ``2026年9月``."""
    found = _DATE.fullmatch(iso)
    if found is None:
        return iso
    year, month, day = found[1], int(found[2]), found[3]
    if language == "ja":
        return f"{year}年{month}月" + (f"{int(day)}日" if day else "")
    return (f"{int(day)} " if day else "") + f"{_MONTHS[month - 1]} {year}"


def _rounded(value: float, language: str) -> str:
    """Give a count with three digits at most: ``12.3K``, ``1.2万``; a small one in full."""
    if abs(value) < _IN_FULL:
        return f"{value:,.0f}"
    for unit, name in _COUNT_UNITS[language]:
        if abs(value) >= unit:
            worth = value / unit
            return f"{worth:.{0 if abs(worth) >= 100 else 1}f}".removesuffix(".0") + name
    return f"{value:,.0f}"


def _scale_for(kind: FigureKind, value: float, language: str, column: Scale | None) -> Scale | None:
    """Give the scale of an amount: its column's, none, or its own."""
    if kind == "money":
        return column
    return money_scale([value], language) if kind == "rounded_money" else None


def money(value: float, language: str, scale: Scale | None = None, currency: str = "") -> str:
    """Give an amount of money: in the scale of its column, else in full."""
    scale = scale or Scale(1, "", _digits(value))
    whole = scale.unit == 1 and currency in WITHOUT_CENTS
    space = " " if scale.name and language == "en" else ""
    amount = f"{abs(value) / scale.unit:,.{0 if whole else scale.digits}f}{space}{scale.name}"
    sign = "−" if value < 0 else ""
    if currency == "JPY" and language == "ja":
        return f"{sign}{amount}円"
    return f"{sign}{CURRENCY_SIGNS.get(currency, f'{currency} ' if currency else '')}{amount}"


def _signed(text_of_number: str) -> str:
    return text_of_number.replace("-", "−")


def money_scale(values: Iterable[float], language: str) -> Scale:
    """Give the one scale that suits several amounts, by the largest of them.

    Millions in English; 万 in Japanese, and 億 only where 万 would need too many digits.
    """
    largest = max((abs(value) for value in values), default=0.0)
    for unit, name in _UNITS[language]:
        worth = _WORTH_A_UNIT * (_WORTH_A_UNIT if name == "億" else 1)
        if largest >= worth * unit:
            return Scale(unit, name, 0 if largest >= _ENOUGH_DIGITS * unit else 1)
    return Scale(1, "", _digits(largest))


def _digits(value: float) -> int:
    return 0 if abs(value) >= _ENOUGH_DIGITS else 2


def bar(share: float, width: int = BAR_WIDTH) -> str:
    """Draw a share from 0 to 1 with block characters; more than nothing is never blank."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    if share > 0:
        eighths = max(eighths, 1)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")
