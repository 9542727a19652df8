"""How numbers and days stand in cells: as what kind, in which format."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from custseg.report.html.speaker import Speaker
from custseg.report.model import MONEY, Date, Figure, FigureKind, Toned, Words
from custseg.report.words import CURRENCY_SIGNS, WITHOUT_CENTS
from custseg.report.xlsx.model import Cell, Number, NumberKind

GENERAL: Final = "General"

_PLAIN: Final[dict[FigureKind, str]] = {
    "count": "#,##0",
    "people": "#,##0",
    "rounded_count": "#,##0",
    "share": "0.0%",
    "rounded_share": "0.0%",
    "points": "+0.0;-0.0;0.0",
    "number": "#,##0.0",
    "difference": "+#,##0;-#,##0;0",
    "score": "0.0",
    "bits": "+0.0;-0.0;0.0",
    "bar": "0.0%",
}
_OWN: Final[dict[NumberKind, str]] = {
    "change": '"▲ "0.0%;"▼ "0.0%;0.0%',
    "rate": "0.00%",
    "p": "0.0000",
    "index": "0",
    "decimals": "#,##0.00;-#,##0.00",
}
_DAYS: Final = {
    "en": ("yyyy-mm-dd", "yyyy-mm"),
    "ja": ("yyyy/mm/dd", "yyyy/mm"),
}
_CENTS_BELOW: Final = 1000
"""Where the currency is unknown, amounts have decimals in a column of smaller ones."""


def bare(cell: Cell) -> Cell:
    """Give a cell without the tone around it."""
    return cell.item if isinstance(cell, Toned) else cell


def number_of(cell: Figure | Number) -> float | None:
    """Give what stands in the cell."""
    if cell.value is None:
        return None
    return 100 * cell.value if cell.kind == "points" else cell.value


def day_of(cell: Cell) -> date | None:
    """Give the day of a date, or a month's first day; None for what is no date."""
    if not isinstance(cell, Date):
        return None
    try:
        return date.fromisoformat(f"{cell.iso}-01" if _is_month(cell) else cell.iso)
    except ValueError:
        return None


def _is_month(cell: Date) -> bool:
    return len(cell.iso) == len("2026-11")


def column_format(cells: Iterable[Cell], speaker: Speaker) -> str:
    """Give the number format of a column: that of its first number or day."""
    plain = [bare(each) for each in cells]
    for cell in plain:
        if isinstance(cell, Date) and day_of(cell) is not None:
            return _DAYS[speaker.language][_is_month(cell)]
        if isinstance(cell, Number):
            return _own_format(cell.kind, speaker)
        if isinstance(cell, Figure) and cell.value is not None:
            amounts = [abs(each.value or 0.0) for each in plain if isinstance(each, Figure)]
            return number_format(cell.kind, speaker, max(amounts))
    return GENERAL


def number_format(kind: FigureKind, speaker: Speaker, largest: float = 0.0) -> str:
    """Give the number format of a kind of number."""
    if kind in MONEY:
        return _money(speaker.currency, largest)
    if kind == "days":
        before, _, after = speaker.say(Words("report.days", {"days": "\0"})).partition("\0")
        return f"{_quoted(before)}#,##0{_quoted(after)}"
    return _PLAIN[kind]


def _own_format(kind: NumberKind, speaker: Speaker) -> str:
    if kind == "points":
        unit = _quoted(speaker.say(Words("xlsx.unit.points")))
        return f'"▲ "0.0{unit};"▼ "0.0{unit};0.0{unit}'
    return _OWN[kind]


def _money(currency: str, largest: float) -> str:
    """Give the format of amounts: the currency's sign, and its decimals."""
    whole = currency in WITHOUT_CENTS or (not currency and largest >= _CENTS_BELOW)
    sign = CURRENCY_SIGNS.get(currency, f"{currency} " if currency else "")
    plain = f"{_quoted(sign)}#,##0{'' if whole else '.00'}"
    return f"{plain};-{plain}"


def _quoted(text: str) -> str:
    plain = "".join(each for each in text if each not in '"\\')
    return f'"{plain}"' if plain else ""


def is_number(cell: Cell) -> bool:
    """Tell whether a cell holds a number or a day, and no words."""
    plain = bare(cell)
    return isinstance(plain, Figure | Number) or day_of(plain) is not None


def words_of(cell: Cell, speaker: Speaker) -> str:
    """Give what a cell shows, about as the spreadsheet will."""
    plain = bare(cell)
    if isinstance(plain, Date):
        return plain.iso
    if isinstance(plain, Number):
        return f"▲ {100 * plain.value:,.2f} pt"
    if isinstance(plain, Figure) and plain.kind in MONEY and plain.value is not None:
        cents = "" if _money(speaker.currency, abs(plain.value)).count(".") == 0 else ".00"
        return f"{CURRENCY_SIGNS.get(speaker.currency, speaker.currency)}{plain.value:,.0f}{cents}"
    return speaker.say(plain)
