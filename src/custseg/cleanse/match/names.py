"""What of a name identifies: without titles, suffixes, initials in the middle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from custseg.cleanse.standardize.western_name import SUFFIXES, TITLES


def bare_given(name: str) -> str:
    """Give a given name without titles and initials of middle names.

    Of a whole name with a comma (``Smith, John``) it is the part behind the comma.
    """
    words = name.rpartition(",")[2].split()
    words = _without_titles(words)
    while len(words) > 1 and len(words[-1].strip(".")) == 1 and words[-1].isascii():
        words.pop()
    return " ".join(words)


def bare_family(name: str) -> str:
    """Give a family name without titles and suffixes."""
    words = _without_titles(name.replace(",", " ").split())
    while len(words) > 1 and _bare(words[-1]) in SUFFIXES:
        words.pop()
    return " ".join(words)


def before_comma(name: str) -> str:
    """Give what stands before the first comma; ``""`` without one."""
    head, comma, _ = name.partition(",")
    return head if comma else ""


def whole_family(name: str) -> str:
    """Give the family name of a whole name: first in ideographs or kana, else last."""
    head = before_comma(name)
    if head:
        return head
    words = bare_family(name).split()
    if not words:
        return ""
    return words[0] if name[:1] >= "\u2e80" else words[-1]


def whole_given(name: str) -> str:
    """Give the given name of a whole name."""
    if before_comma(name):
        return bare_given(name)
    words = bare_family(name).split()
    if len(words) < 2:
        return ""
    return words[-1] if name[:1] >= "\u2e80" else words[0]


def _without_titles(words: list[str]) -> list[str]:
    start = 0
    while start + 1 < len(words) and _bare(words[start]) in TITLES:
        start += 1
    return words[start:]


def _bare(word: str) -> str:
    return word.strip(".").lower()


BARE: Final[dict[str, Callable[[str], str]]] = {
    "given_name": bare_given,
    "family_name": bare_family,
}
"""What to take of a name before it is folded, by role."""
