"""The words and signs of a rule, as people type them: on a Japanese keyboard too.

Outside of quotes a character of full width means what its narrow one does (``ｒ＞＝４`` is
``r>=4``), ``≧ ≦ ≠`` are ``>= <= !=``, and curly quotes are straight ones. Within quotes nothing is
changed: there the customers' own data is meant.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final, NamedTuple

from custseg.errors import UsageError

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<number>[-－−]?(?:\d+[.．]\d+|[.．]\d+|\d+)(?![\w.．]))
    | '(?P<text>(?:[^']|'')*)'
    | [‘’＇](?P<curly>[^‘’＇]*)[‘’＇]
    | "(?P<quoted>(?:[^"]|"")+)"
    | [“”＂](?P<wide>[^“”＂]+)[“”＂]
    | 「(?P<corner>[^「」]+)」
    | (?P<sign>[<＜][=＝]|[>＞][=＝]|[<＜][>＞]|[!！][=＝]|[=＝]{2}|[=＝<＜>＞()（）,，、≧≦≠≥≤])
    | (?P<word>[^\W\d]\w*)
    )""",
    re.VERBOSE,
)
_PLAIN: Final = frozenset({"number", "sign", "word"})
_KINDS: Final = {"curly": "text", "wide": "quoted", "corner": "quoted"}
_SIGNS: Final = {"≧": ">=", "≥": ">=", "≦": "<=", "≤": "<=", "≠": "!=", "、": ","}
_QUOTES: Final = frozenset("'‘’＇\"“”＂「」")
_SHOWN: Final = 20
_DAY: Final = re.compile(r"([12]\d{3})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_LITERAL: Final = re.compile(r"['‘’＇\"“”＂「][^'‘’＇\"“”＂」]*['‘’＇\"“”＂」]?")


class Token(NamedTuple):
    """A word, sign, number, text, or quoted name, and where it begins (from 1)."""

    kind: str
    text: str
    place: int


def read_tokens(name: str, text: str) -> list[Token]:
    """Split the rule of the segment `name`.

    Raises
    ------
    UsageError
        If a quote is not closed, a number has signs or words in it, or a character means nothing
        in a rule.
    """
    tokens = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            place = end - len(text[place:end].lstrip())
            sign = text[place]
            key = "quote" if sign in _QUOTES else "number" if sign.isdigit() else "unreadable"
            raise UsageError(f"segment.rule_{key}", name=name, place=place + 1, sign=sign)
        kind = match.lastgroup or ""
        content = match[kind]
        if kind in ("number", "sign"):
            content = _SIGNS.get(content, unicodedata.normalize("NFKC", content))
            content = content.replace("−", "-")
        elif kind == "text":
            content = content.replace("''", "'")
        elif kind == "quoted":
            content = content.replace('""', '"')
        # The place of what is quoted is that of its quote.
        begins = match.start(kind) + (kind in _PLAIN)
        tokens.append(Token(_KINDS.get(kind, kind), content, begins))
        place = match.end()
    return tokens


def near(text: str, place: int) -> str:
    """Give what stands at a place of a rule, without what it holds in quotes."""
    shown = _LITERAL.sub("'…'", text[place - 1 :]).strip()
    return f"{shown[:_SHOWN]}…" if len(shown) > _SHOWN else shown


def day_of(text: str) -> date | None:
    """Read a day: 2025-03-01, 2025/3/1, 2025年3月1日, however wide its digits are."""
    found = _DAY.fullmatch(narrow(text).strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def narrow(word: str) -> str:
    """Give a word as it is typed on a narrow keyboard."""
    return unicodedata.normalize("NFKC", word)
