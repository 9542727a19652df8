"""Take a person out of a table or a text: their rows, and what other rows say of them."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.privacy.person import Person
from custseg.tables.texts import NotTextError, column_as_text

_IDS: Final = ("customer_id", "old", "new", "successor")
_KEYS: Final = ("record_key", "left_key", "right_key")
_WORDS: Final = ("xl/sharedStrings", "xl/charts/", "xl/drawings/")
"""Parts of a workbook that hold words."""

_FREE_TEXT: Final = "text"
"""The column of unreadable rows, which may hold anything."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Erased:
    """A table without somebody.

    Attributes
    ----------
    table
        What is left of it.
    rows
        How many rows went.
    cells
        In how many cells of other rows something of theirs was blanked.
    """

    table: pa.Table
    rows: int
    cells: int

    @property
    def changed(self) -> bool:
        """Whether anything of theirs was there."""
        return bool(self.rows or self.cells)


def their_rows(table: pa.Table, person: Person) -> Mask:
    """Tell which rows of a table are about a person."""
    found = np.zeros(table.num_rows, dtype=np.bool_)
    for columns, values in ((_IDS, person.ids), (_KEYS, person.keys)):
        for name in columns:
            if name in table.column_names:
                found |= _is_in(table[name], values)
    if {"source", "row"} <= set(table.column_names):
        places = {f"{source}:{row}" for source, row in person.places}
        rows = table["row"].cast(pa.string())
        here = pc.binary_join_element_wise(table["source"].cast(pa.string()), rows, ":")
        found |= _is_in(here, places)
    if {"left", "right"} <= set(table.column_names):
        places = {f"{source}:{row}" for source, row in person.places}
        for name in ("left", "right"):
            found |= _is_in(table[name], places)
    return found


def erase_table(table: pa.Table, person: Person) -> Erased:
    """Take out a person's rows, and blank their addresses where other rows mention them."""
    gone = their_rows(table, person)
    left = table.filter(pa.array(~gone)) if gone.any() else table
    cells = 0
    for place, name in enumerate(left.column_names):
        column = left[name]
        hit = _mentions(_texts(column), person.pattern(names=name == _FREE_TEXT))
        if hit.any():
            cells += int(hit.sum())
            blank = pa.scalar("" if name == _FREE_TEXT else None, column.type)
            left = left.set_column(place, name, pc.if_else(pa.array(hit), blank, column))
    return Erased(left, int(gone.sum()), cells)


def erase_lines(data: bytes, person: Person) -> tuple[bytes, int]:
    """Take a person's lines out of a platform's file (with or without a header); count them.

    Every other line stays byte for byte.
    """
    cells = person.cells()
    kept, gone = [], 0
    for line in io.StringIO(data.decode(), newline="").readlines():
        found = next(csv.reader([line]), [])
        if tuple(found) in person.lines or any(cell in cells for cell in found):
            gone += 1
        else:
            kept.append(line)
    return ("".join(kept).encode() if gone else data), gone


def erase_text(text: str, person: Person) -> tuple[str, int]:
    """Blank a person's addresses in a text; count them."""
    pattern = person.pattern()
    found = pa.array([text])
    if not pattern or not pc.match_substring_regex(found, pattern)[0].as_py():
        return text, 0
    count = pc.count_substring_regex(found, pattern)[0].as_py()
    return pc.replace_substring_regex(found, pattern, "")[0].as_py(), count


def erase_workbook(data: bytes, person: Person) -> tuple[bytes, int]:
    """Blank a person's addresses in the words of a workbook; count them.

    Its numbers and charts stay as they are.
    """
    made, gone = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.startswith(_WORDS):
                text, found = erase_text(content.decode(), person)
                content, gone = text.encode(), gone + found
            new.writestr(part, content)
    return (made.getvalue(), gone) if gone else (data, 0)


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give cells of any type as texts to look for somebody in."""
    if pa.types.is_string(column.type):
        return column
    try:
        return column_as_text(column)
    except NotTextError:
        cells = [None if cell is None else repr(cell) for cell in column.to_pylist()]
        return pa.chunked_array([pa.array(cells, pa.string())])


def _mentions(column: pa.ChunkedArray, pattern: str) -> Mask:
    if not pattern:
        return np.zeros(len(column), dtype=np.bool_)
    encoded = column.combine_chunks().dictionary_encode()
    hit = pc.match_substring_regex(encoded.dictionary, pattern)
    codes = pc.fill_null(encoded.indices, len(hit)).to_numpy(zero_copy_only=False)
    mask: Mask = np.append(hit.to_numpy(zero_copy_only=False), False).astype(np.bool_)[codes]
    return mask


def _is_in(column: pa.ChunkedArray, values: frozenset[str] | set[str]) -> Mask:
    known = pa.array(sorted(values), pa.string())
    mask: Mask = np.asarray(pc.is_in(column.cast(pa.string()), value_set=known))
    return mask
