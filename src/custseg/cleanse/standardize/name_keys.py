"""Match keys of names: what two writings of one name have in common."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from custseg.cleanse.standardize.characters import fold_confused, fold_variants
from custseg.cleanse.standardize.reading import katakana, reading_key

_REPEATED: Final = re.compile("(.)々")
_ASCII_LETTERS: Final = re.compile("[^0-9a-z]+")


def name_key(name: str) -> str:
    """Key of a name under which its writings are equal: strong evidence for one person.

    Case, accents, width, spaces and marks make no difference, nor do old forms of
    characters, 々 and the character it repeats, hiragana and katakana.

    >>> name_key("佐佐木 髙子") == name_key("佐々木高子")
    True
    >>> name_key("O'Connor"), name_key("van der Berg")
    ('oconnor', 'vanderberg')
    """
    if name.isascii():
        return _ASCII_LETTERS.sub("", name.lower())
    folded = fold_variants(unicodedata.normalize("NFC", name))
    if "々" in folded:
        folded = _REPEATED.sub(r"\1\1", folded)
    kept = "".join(character for character in folded if character.isalnum() or character == "ー")
    return katakana(_without_accents(kept.casefold())).replace("ヶ", "ケ")


def name_weak_key(name: str) -> str:
    """Key under which names that are often confused are equal: weak evidence only.

    Characters taken for each other (斉藤, 斎藤); in kana and in Latin letters that can be
    Japanese, everything that sounds alike (Sato, Satoh, サトウ).
    """
    return reading_key(name) or fold_confused(name_key(name))


def _without_accents(text: str) -> str:
    """Take accents off Latin, Greek and Cyrillic letters, not the voicing off kana."""
    if text.isascii():
        return text
    bare = (
        unicodedata.normalize("NFD", character)[0] if character < "\u0600" else character
        for character in text
    )
    return "".join(bare)
