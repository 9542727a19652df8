"""Elements of SVG as text: everything escaped, every number short."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from custseg.report.html.palette import FULL, LEAST

WIDTH: Final = 480.0
"""Width of every picture, in its own units; a page scales it."""

LETTER: Final = 7.0
"""Width of a narrow character at the size of labels; a wide one takes twice that."""

TALL: Final = 12.0

_CAPITAL: Final = 1.25
"""Width of a capital letter, in narrow characters."""

_NEVER_FIRST: Final = "ーっゃゅょッャュョァィゥェォ、。）」"


def number(value: float) -> str:
    """Give a coordinate with one decimal at most."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """Give an element; `content` is SVG, attributes are escaped, ``_`` in a name is ``-``."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}="
        + quoteattr(value if isinstance(value, str) else number(value))
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def label(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    class_: str = "",
    size: float = TALL,
    turned: float = 0.0,
) -> str:
    """Give a text; `y` is its middle, `turned` the degrees it is turned about its anchor."""
    turn = {"transform": f"rotate({number(turned)} {number(x)} {number(y)})"} if turned else {}
    return element(
        "text",
        escape(words),
        x=x,
        y=y + 0.36 * size,
        text_anchor=anchor,
        font_size=size,
        class_=class_ or "ink",
        **turn,
    )


def box(
    x: float, y: float, width: float, height: float, *, words: str = "", **attributes: str | float
) -> str:
    """Give a rectangle, with words under a pointer; one without an area is nothing."""
    if width <= 0 or height <= 0:
        return ""
    inside = tip(words) if words else ""
    return element("rect", inside, x=x, y=y, width=width, height=height, **attributes)


def tip(words: str) -> str:
    """Give the words that show under a pointer."""
    return element("title", escape(words))


def picture(parts: Iterable[str], *, height: float, name: str, title: str, about: str) -> str:
    """Put parts into a picture that a screen reader can tell of; `name` is its id on the page."""
    head = element("title", escape(title), id=f"{name}-title") + element(
        "desc", escape(about), id=f"{name}-desc"
    )
    return element(
        "svg",
        head + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def wide(words: str, size: float = TALL) -> float:
    """Estimate the width of a label."""
    return LETTER * sum(map(_cells, words)) * size / TALL


def _cells(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 2.0
    return _CAPITAL if character.isupper() else 1.0


def cut(words: str, room: float, size: float = TALL) -> str:
    """Shorten a label to the room there is; nothing where not even two characters fit."""
    if wide(words, size) <= room:
        return words
    kept = words
    while kept and wide(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…" if len(kept) > 1 else ""


def wrapped(words: str, room: float, size: float, lines: int) -> list[str]:
    """Give a label in lines, broken between words or between wide characters; the last is cut."""
    whole = _broken(words, room, size, lines, neat=True)
    if whole and wide(whole[-1], size) <= room:
        return whole
    found = _broken(words, room, size, lines, neat=False)
    *above, last = found or [""]
    return [each for each in (*above, cut(last, room, size)) if each]


def whole_lines(words: str, room: float, size: float, lines: int) -> list[str]:
    """Give a label in lines, none of them cut; nothing where there is no room for it."""
    found = wrapped(words, room, size, lines)
    bare = words.replace(" ", "")
    return found if "".join(found).replace(" ", "") == bare else []


def _broken(words: str, room: float, size: float, lines: int, *, neat: bool) -> list[str]:
    """Give lines that fit, but for the last, which takes what is left."""
    found: list[str] = []
    rest = words
    while rest and len(found) < lines - 1 and wide(rest, size) > room:
        at = _break(rest, room, size, neat=neat)
        if not at:
            break
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*found, rest] if rest else found


def _break(words: str, room: float, size: float, *, neat: bool) -> int:
    """Give where the longest first line that fits ends; 0 where there is none.

    A `neat` one ends where a Japanese word may end, and leaves no character alone.
    """
    best = word = 0
    for at in range(1, len(words)):
        if wide(words[:at].rstrip(), size) > room:
            break
        if words[at] == " " or (_is_wide(words[at - 1]) and words[at] not in _NEVER_FIRST):
            alone = neat and len(words) - at == 1
            best = best if alone and best else at
            word = at if _begins_word(words, at) else word
    return word or best if neat else best


def _begins_word(words: str, at: int) -> bool:
    """Tell whether a word may begin there: after a space, or where Japanese changes its letters.

    Not where hiragana follows: it mostly ends the word before.
    """
    kinds = [unicodedata.name(each, "").partition(" ")[0] for each in words[at - 1 : at + 1]]
    if "ー" in words[at - 1 : at + 1]:
        return kinds[1] in ("CJK", "HIRAGANA") and words[at] != "ー"
    return words[at] == " " or (kinds[0] != kinds[1] and kinds[1] in ("CJK", "KATAKANA"))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def shade(share: float) -> float:
    """Give how much color a cell gets for a share (0 to 1) of the largest value."""
    return LEAST + (FULL - LEAST) * float(max(min(share, 1.0), 0.0) ** 0.6)
