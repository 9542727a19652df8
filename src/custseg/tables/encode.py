"""Text into encodings that do not hold every character, without a silent ``?``."""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

import pyarrow as pa

GETA: Final = "〓"
"""What Japanese printers set where they lack a character."""

# The same signs under two code points each: the ones of the standard, and the ones Windows
# uses for the same bytes. Writing the other is no loss.
_WINDOWS_SIGNS: Final = (
    ("〜", "～"),
    ("−", "－"),
    ("‖", "∥"),
    ("—", "―"),
    ("¢", "￠"),
    ("£", "￡"),
    ("¬", "￢"),
    ("¦", "￤"),
    ("\u00a0", " "),
)


class Unwritable(NamedTuple):
    """A character that the encoding lacks: its table row (1-based, 0 the header) and column."""

    row: int
    column: str
    character: str


def fit_to_encoding(text: str, encoding: str) -> tuple[str, str]:
    """Make a text fit an encoding; give it, and the characters that had to be replaced.

    Composed forms and Windows' code points of the same signs are no replacement. What is
    left over becomes ``〓``, or ``_`` where the encoding lacks that too.
    """
    text = same_signs(text)
    if can_hold(text, encoding):
        return text, ""
    text = unicodedata.normalize("NFC", text)
    placeholder = GETA if can_hold(GETA, encoding) else "_"
    missing = "".join(sorted({each for each in text if not can_hold(each, encoding)}))
    return text.translate(dict.fromkeys(map(ord, missing), placeholder)), missing


def same_signs(text: str) -> str:
    """Write signs that Unicode holds twice with the code points of Windows."""
    for sign, written in _WINDOWS_SIGNS:
        text = text.replace(sign, written)
    return text


def written_otherwise(column: pa.Array, encoding: str) -> pa.Array:
    """Tell which cells an encoding does not give back as they are; nulls come back."""
    every = "\x1f".join(column.fill_null("").to_pylist())
    if _comes_back(every, encoding):
        return pa.array([False]).take(pa.array([0] * len(column)))
    return pa.array([not _comes_back(each, encoding) for each in every.split("\x1f")])


def _comes_back(text: str, encoding: str) -> bool:
    return text.encode(encoding, "replace").decode(encoding) == text


def can_hold(text: str, encoding: str) -> bool:
    """Tell whether the encoding has every character of `text`."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
