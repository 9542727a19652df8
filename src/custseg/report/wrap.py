"""Breaking words into lines by the width of their characters, in cells of a terminal."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

_NEVER_FIRST = "、。，．）」』】・ー％%:：；？！〜"
_NEVER_LAST = "（「『【"
"""What a line may not begin, or end, with: Japanese punctuation, and the sign of ``12 %``."""


def wrapped(words: str, width: int) -> list[str]:
    """Break at spaces where there are some, else between characters (Japanese has no spaces)."""
    lines = [""]
    for piece in _pieces(words):
        if cell_len((lines[-1] + piece).rstrip()) > width and lines[-1]:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
        while cell_len(lines[-1].rstrip()) > width:
            head = set_cell_size(lines[-1], width).rstrip()
            lines.append(lines[-1][len(head) :])
            lines[-2] = head
    return [line.rstrip() for line in lines]


def _pieces(words: str) -> list[str]:
    """Split where a line may break: after a space, and after a wide character."""
    pieces = [""]
    for character in words:
        if pieces[-1] == "" and len(pieces) > 1 and character in _NEVER_FIRST:
            pieces[-2] += character
            continue
        pieces[-1] += character
        if character == " " or (cell_len(character) == 2 and character not in _NEVER_LAST):
            pieces.append("")
    return [piece for piece in pieces if piece]
