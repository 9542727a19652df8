"""What stands around a phone number in a cell: labels, notes, extensions, a second number."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from custseg.cleanse.standardize.text import fold


class Piece(NamedTuple):
    """One number of a cell as it is written, and its extension (``""`` for none)."""

    number: str
    extension: str = ""


_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−ー─﹣⁃~〜～", "-"))

_LABEL: Final = re.compile(
    r"^(?:☎️?|📞|📱|📠|℡|tel(?:ephone)?|phone|mobile|cell(?:ular)?|home|work|office|fax|[tmphwf](?=[.:])"
    r"|電話(?:番号)?|携帯(?:電話)?(?:番号)?|自宅|会社|勤務先|職場|連絡先|実家|固定|本人|代表|ファックス|直通)"
    r"(?: ?(?:no|number|番号))?[ .:)/]*",
    re.IGNORECASE,
)
_NOTE: Final = re.compile(r"\([^()\d+]*\)|\[[^\[\]\d]*\]|【[^【】]*】")
_BEHIND: Final = re.compile(r"[^\dA-Za-z)]+$")
_EXTENSION: Final = re.compile(
    r"[ ,;(/]*(?:内線(?:番号)?|ext(?:ension|n)?|(?<=[\d) ])x|#)[ .:=#-]*(\d{1,7})\)?$",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(
    r"[/、,;|\n]| (?:or|and|と|または|又は|及び) |または|又は|・|→|⇒", re.IGNORECASE
)
_ABBREVIATED: Final = re.compile(r"[ -]*\d{1,4}")
_FEWEST: Final = 6
"""Digits below which a piece of a cell is no number of its own."""


def pieces(value: str) -> list[Piece]:
    """Take a cell apart into numbers; an empty list where it holds no digits at all."""
    text = _ascii_digits(fold(value.replace("\n", "/")).translate(_DASHES))
    parts = [part for part in _SPLIT.split(text) if any(map(str.isdigit, part))]
    if sum(_count(part) >= _FEWEST for part in parts) < 2 and not _is_abbreviated(parts):
        parts = [text] if parts else []
    found: list[Piece] = []
    for part in parts:
        piece = _piece(part)
        if found and _ABBREVIATED.fullmatch(piece.number):
            piece = Piece(_with_last_digits(found[-1].number, piece.number))
        found.append(piece)
    return found


def _is_abbreviated(parts: list[str]) -> bool:
    """Whether later parts give the last digits alone: 03-1234-5678/5679."""
    return (
        len(parts) > 1
        and _count(parts[0]) >= 9
        and all(_ABBREVIATED.fullmatch(part) for part in parts[1:])
    )


def _with_last_digits(number: str, last: str) -> str:
    digits = re.sub(r"\D", "", last)
    written = list(number)
    places = [at for at, character in enumerate(written) if character.isdigit()]
    for place, digit in zip(places[-len(digits) :], digits, strict=False):
        written[place] = digit
    return "".join(written)


def _piece(text: str) -> Piece:
    text = text.strip(" ・:")
    before = None
    while before != text:
        before, text = text, _NOTE.sub(" ", _LABEL.sub("", text)).strip()
    found = _EXTENSION.search(text)
    if found and _count(text[: found.start()]) >= _FEWEST:
        return Piece(_BEHIND.sub("", text[: found.start()]), found[1])
    return Piece(_BEHIND.sub("", text))


def _count(text: str) -> int:
    return sum(map(str.isdigit, text))


def _ascii_digits(text: str) -> str:
    """Write the decimal digits of every script as 0 … 9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
    )
