"""The colors of a page, by day and by night, told apart also by who sees fewer colors.

Blue and orange stay different under every common deficiency of color vision; good and bad are
never told by color alone (an arrow or a word stands beside).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LIGHT: Final[Mapping[str, str]] = {
    "page": "#f6f5f2",
    "card": "#ffffff",
    "ink": "#1d2430",
    "quiet": "#5a6472",
    "line": "#dcdad4",
    "shade": "#c4c1b8",
    "accent": "#1f5fa8",
    "other": "#b4530a",
    "good": "#1b6e3c",
    "doubtful": "#8a5300",
    "bad": "#b3261e",
}

DARK: Final[Mapping[str, str]] = {
    "page": "#14181f",
    "card": "#1d232d",
    "ink": "#e9ecf1",
    "quiet": "#a5b0c0",
    "line": "#384252",
    "shade": "#5a687e",
    "accent": "#7db4f2",
    "other": "#f2a65e",
    "good": "#7fd19b",
    "doubtful": "#f0c274",
    "bad": "#ff9d94",
}

GROUNDS: Final = ("page", "card")
WRITTEN: Final = ("ink", "quiet", "good", "doubtful", "bad", "accent", "other")
"""Colors that words are written in, on either ground."""

LEAST: Final = 0.06
FULL: Final = 0.47
"""How much color a cell of a map gets; the page's ink is read on all of it, day and night."""


def luminance(color: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1 (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colors, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(over: str, under: str, share: float) -> str:
    """Give what is seen where `over` covers `under` with an opacity of `share`."""
    pairs = [(int(over[at : at + 2], 16), int(under[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def styles() -> str:
    """Give both palettes as CSS variables."""
    light = _variables(LIGHT)
    dark = _variables(DARK)
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{@media not print{{:root{{{dark}}}}}}}"
    )


def _variables(colors: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{color};" for name, color in colors.items())
