"""Words that are safe to show on a terminal, whatever the names in them."""

from __future__ import annotations

import unicodedata
from typing import Final

_STEERING: Final = ("Cc", "Cf", "Zl", "Zp")


def printable(words: str) -> str:
    """Put a space for what would break a line or steer the terminal; names come from files."""
    return "".join(
        " " if unicodedata.category(character) in _STEERING else character for character in words
    )
