"""Fonts, colors and cell formats of a workbook."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from math import ceil
from typing import Any, Final

from custseg.report.html.palette import FULL, LIGHT, mixed
from custseg.report.model import Tone

FONTS: Final[Mapping[str, str]] = {"en": "Calibri", "ja": "Yu Gothic"}
"""Fonts that Excel has on Windows and on a Mac."""

SIZE: Final = 10
HEAD_FILL: Final = mixed(LIGHT["accent"], LIGHT["card"], 0.14)
FULL_ACCENT: Final = mixed(LIGHT["accent"], LIGHT["card"], FULL)
FULL_OTHER: Final = mixed(LIGHT["other"], LIGHT["card"], FULL)

ROW_POINTS: Final = 18
ROW_PIXELS: Final = 24
_CHARACTER_PIXELS: Final = 7
_WHOLE_WORDS: Final = 1.08
"""Lines end before a word that has no more room."""

_MOST_CELL: Final = 32_767

Style = dict[str, Any]

TITLE: Final[Style] = {"bold": True, "font_size": 16, "font_color": LIGHT["accent"]}
HEADING: Final[Style] = {"bold": True, "font_size": 12, "font_color": LIGHT["ink"]}
QUIET: Final[Style] = {"font_color": LIGHT["quiet"], "text_wrap": True, "valign": "top"}
LABEL: Final[Style] = {"font_color": LIGHT["quiet"], "text_wrap": True, "valign": "top"}
SENTENCE: Final[Style] = {"text_wrap": True, "valign": "top"}
LINK: Final[Style] = {"font_color": LIGHT["accent"], "underline": 1, "valign": "top"}
HEAD: Final[Style] = {
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "bg_color": HEAD_FILL,
    "bottom": 1,
    "bottom_color": LIGHT["accent"],
}
BODY: Final[Style] = {"bottom": 4, "bottom_color": LIGHT["line"], "valign": "vcenter"}


def toned(tone: Tone) -> Style:
    """Give the color that a tone has."""
    return {"font_color": LIGHT[tone]} if tone in ("good", "doubtful", "bad", "quiet") else {}


class Formats:
    """The formats of one workbook: each made once, all in its font."""

    def __init__(self, workbook: Any, language: str) -> None:
        self._workbook = workbook
        self._base = {"font_name": FONTS[language], "font_size": SIZE}
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, *styles: Style) -> Any:
        """Give the format of several styles, the later before the earlier."""
        joined: dict[str, Any] = dict(self._base)
        for style in styles:
            joined |= style
        key = tuple(sorted(joined.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(joined)
        return self._made[key]


def cells_wide(words: str) -> int:
    """Give how many characters wide words are; Japanese ones count twice."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in words)


def pixels(width: float) -> int:
    """Give how many pixels wide a column of so many characters is."""
    return int(width * _CHARACTER_PIXELS) + 5


def lines_needed(words: str, width: float) -> int:
    """Give into how many lines words of a cell break, roughly and rather too many."""
    room = max(width - 1, 1)
    return sum(_lines(cells_wide(line), room) for line in words.split("\n"))


def _lines(wide: int, room: float) -> int:
    return 1 if wide <= room else ceil(wide * _WHOLE_WORDS / room)


def capital(words: str) -> str:
    """Give words as they begin a heading."""
    return words[:1].upper() + words[1:]


def harmless(words: str) -> str:
    """Take out what no XML file may hold, and what is more than a cell may."""
    kept = "".join(each for each in words if each in "\n\t" or _is_text(each))
    return kept if len(kept) <= _MOST_CELL else kept[: _MOST_CELL - 1] + "…"


def _is_text(sign: str) -> bool:
    code = ord(sign)
    return code >= 0x20 and not 0xD800 <= code <= 0xDFFF and code & 0xFFFE != 0xFFFE
