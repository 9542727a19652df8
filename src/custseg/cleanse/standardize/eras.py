"""Japanese eras from Meiji to Reiwa, and their years as people write them."""

from __future__ import annotations

from typing import Final, NamedTuple


class Era(NamedTuple):
    """An era: the Gregorian year before its first, its first and its last day (ISO)."""

    base: int
    first: str
    last: str


# A day on which one era ended and the next began belongs to both, as it was written in both.
MEIJI: Final = Era(1867, "1868-01-25", "1912-07-30")
TAISHO: Final = Era(1911, "1912-07-30", "1926-12-25")
SHOWA: Final = Era(1925, "1926-12-25", "1989-01-07")
HEISEI: Final = Era(1988, "1989-01-08", "2019-04-30")
REIWA: Final = Era(2018, "2019-05-01", "9999-12-31")

LUNAR_UNTIL: Final = "1872-12-31"
"""Last day before the Gregorian calendar: 明治5年12月2日. Older dates count other months."""

ERAS: Final = {
    **dict.fromkeys(("明治", "明", "M", "m", "㍾"), MEIJI),
    **dict.fromkeys(("大正", "大", "T", "t", "㍽"), TAISHO),
    **dict.fromkeys(("昭和", "昭", "S", "s", "㍼"), SHOWA),
    **dict.fromkeys(("平成", "平", "H", "h", "㍻"), HEISEI),
    **dict.fromkeys(("令和", "令", "R", "r", "㋿"), REIWA),
}

BY_CODE: Final = {"1": MEIJI, "2": TAISHO, "3": SHOWA, "4": HEISEI, "5": REIWA}
"""Eras by the digit that official forms and medical records write before a six-digit date."""


def problem_of(era: Era, iso: str) -> str | None:
    """Tell what is wrong with an era's name for a day.

    Returns
    -------
    str or None
        ``"era_overflow"`` where the era had ended (平成32年), ``"before_era_start"`` where it
        had not begun, ``"lunar_calendar"`` where the day cannot be told.
    """
    if iso <= LUNAR_UNTIL:
        return "lunar_calendar"
    if iso > era.last:
        return "era_overflow"
    return "before_era_start" if iso < era.first else None
