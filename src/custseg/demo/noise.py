"""What spoils cells: typing errors, and words that mean nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.demo.shares import Shares
from custseg.demo.text import chance, filled, picked, where

_ALPHABETS: Final = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン",
    "０１２３４５６７８９",
)
_VOICED: Final = dict(
    zip(
        "カキクケコサシスセソタチツテトハヒフヘホ",
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボ",
        strict=True,
    )
)


def typo(cell: str, chosen: float) -> str:
    """Make one typing error: a character replaced, dropped, doubled, or two exchanged.

    Parameters
    ----------
    chosen
        From 0 to 1; decides place and kind.
    """
    kind, place = divmod(chosen * 4, 1.0)
    at = int(place * len(cell))
    if kind == 0 or len(cell) == 1:
        return cell[:at] + _neighbor(cell[at], place) + cell[at + 1 :]
    if kind == 1:
        return cell[:at] + cell[at + 1 :]
    if kind == 2:
        return cell[: at + 1] + cell[at:]
    at = min(at, len(cell) - 2)
    return cell[:at] + cell[at + 1] + cell[at] + cell[at + 2 :]


def digit_typo(cell: str, chosen: float) -> str:
    """Replace one digit by another, or exchange two; the length stays."""
    places = [at for at, character in enumerate(cell) if character.isdigit()]
    if not places:
        return cell
    at = places[int(chosen * len(places))]
    return cell[:at] + _neighbor(cell[at], chosen) + cell[at + 1 :]


def kana_slip(cell: str, chosen: float) -> str:
    """Change the reading by a voiced mark, as people do who have only heard it."""
    places = [at for at, character in enumerate(cell) if character in _VOICED]
    if not places:
        return typo(cell, chosen)
    at = places[int(chosen * len(places))]
    return cell[:at] + _VOICED[cell[at]] + cell[at + 1 :]


def email_slip(cell: str, chosen: float) -> str:
    """Damage an address so that it is still nobody's: in its local part, or past repair."""
    local, at, domain = cell.partition("@")
    if not at:
        return cell
    kinds = (
        lambda: typo(local, chosen * 5 % 1) + at + domain,
        lambda: local + at + domain.replace(".com", ".con").replace(".jp", ".jpp"),
        lambda: local + at + domain.replace(".", ",", 1),
        lambda: local + "＠" + domain,
        lambda: local + domain,
    )
    return kinds[int(chosen * len(kinds))]()


def wide(cell: str, chosen: float) -> str:
    """Write digits, letters and hyphens with full-width characters."""
    del chosen
    return "".join(
        chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in cell
    )


def emptied(
    rng: np.random.Generator,
    cells: pa.Array,
    missing: float,
    shares: Shares,
    markers: Sequence[str],
) -> pa.Array:
    """Empty a share of the cells; some of the empty ones get a word that means so."""
    count = len(cells)
    cells = where(chance(rng, count, missing), None, cells)
    marked = ~filled(cells) & chance(rng, count, shares.null_marker)
    return where(marked, picked(rng, markers, count), cells)


def thinned(
    rng: np.random.Generator,
    table: pa.Table,
    share: float,
    contacts: Sequence[str],
    others: Sequence[str],
) -> pa.Table:
    """Leave a share of the rows with one way to reach the person.

    Parameters
    ----------
    contacts
        Columns of which one, drawn by row, keeps what it holds.
    others
        Columns that are emptied.
    """
    sparse = chance(rng, table.num_rows, share)
    kept = rng.integers(0, len(contacts), table.num_rows)
    gone = {name: sparse & (kept != number) for number, name in enumerate(contacts)}
    gone |= dict.fromkeys(others, sparse)
    columns = {
        name: where(gone[name], None, column.combine_chunks()) if name in gone else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)


def _neighbor(character: str, chosen: float) -> str:
    for alphabet in _ALPHABETS:
        if (place := alphabet.find(character)) >= 0:
            step = 1 + int(chosen * 97) % (len(alphabet) - 1)
            return alphabet[(place + step) % len(alphabet)]
    return ""
