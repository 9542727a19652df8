"""Items of a report as text in one language: words, numbers, bars."""

from __future__ import annotations

from custseg.fields.guess import role_label
from custseg.messages import text
from custseg.report.model import Figure, Item, RoleName, Toned, Words

BAR_WIDTH = 20
"""Cells of a full bar."""

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_SHORT_UNITS = {
    "en": ((1e9, "B"), (1e6, "M")),
    "ja": ((1e8, "億"), (1e4, "万")),
}


def say(item: Item, language: str) -> str:
    """Give an item as text."""
    if isinstance(item, str):
        return item
    if isinstance(item, Toned):
        return say(item.item, language)
    if isinstance(item, RoleName):
        return role_label(item.role, language)
    if isinstance(item, Words):
        params = {name: say(value, language) for name, value in item.params.items()}
        return text(item.key, language, **params)
    return figure(item, language)


def figure(number: Figure, language: str) -> str:
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
    if number.kind == "money":
        return money(value, language)
    if number.kind == "count":
        return f"{value:,.0f}"
    if number.kind == "score":
        return f"{value:.0f}"
    if number.kind == "bits":
        return f"{value:+.1f}"
    if number.kind == "days":
        return text("report.days", language, days=f"{value:,.0f}")
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def money(value: float, language: str) -> str:
    """Give an amount of money, large ones in millions (English) or 万 and 億 (Japanese)."""
    for unit, name in _SHORT_UNITS[language]:
        if abs(value) >= 10 * unit or (abs(value) >= unit and unit >= 1e8):
            space = " " if language == "en" else ""
            return f"{value / unit:,.1f}{space}{name}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"


def bar(share: float, width: int = BAR_WIDTH) -> str:
    """Draw a share from 0 to 1 with block characters; more than nothing is never blank."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    if share > 0:
        eighths = max(eighths, 1)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")
