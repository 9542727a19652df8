"""The fast reader of delimited text: structure by numpy, cells by Arrow.

It takes well-formed quoting only (every quote opens a field, closes one, or is doubled), which
is what programs write. Then the records' bounds follow from counting quotes, so that a row
that has the wrong number of fields, or damaged characters, is set apart with its line without
reading anything twice. Other texts go to :mod:`custseg.tables.records`; both must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from custseg.tables.encoding import MARK_UTF8
from custseg.tables.parsed import BadRow, Parsed, columns_of, damage, fit_to_header
from custseg.tables.records import MAX_RECORD_CHARACTERS, Dialect, records

_MIN_BLOCK: Final = 1 << 20
_MAX_BLOCK: Final = 1 << 30
_FEW: Final = 20
"""Rows with a wrong number of fields that are looked for one by one."""
_QUOTE, _LF, _CR = b'"'[0], b"\n"[0], b"\r"[0]

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the records of a text stand: bounds without line ends, and first lines."""

    quotes: Positions
    starts: Positions
    ends: Positions
    lines: Positions
    runs_over_lines: bool


def parse_blocks(data: bytes, dialect: Dialect, first_line: int = 1) -> Parsed | None:
    """Cut a UTF-8 text into columns; None where only the obvious reader can.

    Parameters
    ----------
    data
        Valid UTF-8, any line ends, at least one record.
    dialect
        How fields are cut.
    first_line
        Number of the text's first line in its file.
    """
    if not dialect.delimiter.isascii():
        return None
    layout = _layout(data, dialect, first_line)
    if layout is None or (dialect.spaced and layout.quotes.size):
        return None
    header = next(records(data[: layout.ends[0]], dialect)).fields
    lengths = layout.ends[1:] - layout.starts[1:]
    longest = int(lengths.max(initial=0))
    if longest > min(MAX_RECORD_CHARACTERS, _MAX_BLOCK // 2):
        return None
    if not lengths.size:
        empty = [pa.chunked_array([column]) for column in columns_of([], len(header))]
        return Parsed(header, empty, pa.array([], pa.int64()), [])
    return _read(data, dialect, layout, header, longest)


def _layout(data: bytes, dialect: Dialect, first_line: int) -> _Layout | None:
    array = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(array == _QUOTE)
    if quotes.size and not _is_well_formed(array, quotes, dialect):
        return None
    line_ends = np.flatnonzero(array == _LF)
    if b"\r" in data:
        returns = np.flatnonzero(array == _CR)
        alone = returns[array[np.minimum(returns + 1, len(array) - 1)] != _LF]
        line_ends = np.sort(np.concatenate([line_ends, alone]))
    if not line_ends.size or line_ends[-1] != len(array) - 1:
        line_ends = np.append(line_ends, len(array))
    # A line end after an even number of quotes stands outside them and ends a record.
    closing = np.searchsorted(quotes, line_ends) % 2 == 0
    ends = line_ends[closing]
    starts = np.concatenate([[0], ends[:-1] + 1])
    numbers = np.flatnonzero(closing)
    lines = np.concatenate([[0], numbers[:-1] + 1]) + first_line
    before = np.maximum(ends - 1, 0)
    ends = ends - ((array[before] == _CR) & (ends > starts) & (ends < len(array)))
    filled = ends > starts
    return _Layout(
        quotes, starts[filled], ends[filled], lines[filled], bool(len(closing) > closing.sum())
    )


def _is_well_formed(array: npt.NDArray[np.uint8], quotes: Positions, dialect: Dialect) -> bool:
    """Tell whether each quote opens a field, closes one, or is one of two inside."""
    return quotes.size % 2 == 0 and bool(_sound_pairs(array, quotes, dialect).all())


def _sound_pairs(
    array: npt.NDArray[np.uint8], quotes: Positions, dialect: Dialect
) -> npt.NDArray[np.bool_]:
    """Tell of each pair of quotes whether it opens and closes a field, or is one of two inside."""
    outside = np.zeros(256, dtype=np.bool_)
    outside[[_LF, _CR, ord(dialect.delimiter)]] = True
    pairs = quotes.size // 2
    opening, closing = quotes[0 : 2 * pairs : 2], quotes[1 : 2 * pairs : 2]
    if not pairs:
        return np.empty(0, dtype=np.bool_)
    doubled = closing[:-1] + 1 == opening[1:]
    begins = outside[array[np.maximum(opening - 1, 0)]]
    begins[0] |= opening[0] == 0
    begins[1:] |= doubled
    finishes = outside[array[np.minimum(closing + 1, len(array) - 1)]]
    finishes[-1] |= closing[-1] == len(array) - 1
    finishes[:-1] |= doubled
    return begins & finishes


def first_mistake(data: bytes, begin: int, dialect: Dialect) -> int | None:
    """Give the start of the first record, from `begin` on, whose quotes are not well-formed.

    None where all are. `begin` is the start of a record.
    """
    array = np.frombuffer(data, dtype=np.uint8)[begin:]
    quotes = np.flatnonzero(array == _QUOTE)
    unsound = np.flatnonzero(~_sound_pairs(array, quotes, dialect))
    if unsound.size:
        first = int(quotes[2 * unsound[0]])
    elif quotes.size % 2:
        first = int(quotes[-1])
    else:
        return None
    # The quotes before it come in pairs: a line end after an even number of them ends a record.
    before = quotes[: np.searchsorted(quotes, first)]
    ends = np.flatnonzero((array[:first] == _LF) | (array[:first] == _CR))[::-1]
    for end in ends:
        if np.searchsorted(before, end) % 2 == 0:
            return begin + int(end) + 1
    return begin


def _read(
    data: bytes, dialect: Dialect, layout: _Layout, header: list[str], longest: int
) -> Parsed | None:
    width = len(header)
    start = int(layout.starts[1])
    ragged: list[str] = []

    def skip(row: pa.csv.InvalidRow) -> str:
        ragged.append(row.text)
        return "skip"

    names = [str(number) for number in range(width)]
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(pa.py_buffer(data)[start:]),
            read_options=pa.csv.ReadOptions(
                column_names=names, block_size=max(_MIN_BLOCK, 2 * longest + 2)
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char='"' if layout.quotes.size else False,
                newlines_in_values=layout.runs_over_lines,
                invalid_row_handler=skip,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                check_utf8=False,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    total = len(layout.starts) - 1
    if table.num_rows + len(ragged) != total:
        return None
    columns = _without_spaces(table.columns) if dialect.spaced else table.columns
    rows = np.arange(1, total + 1)
    unfit = _rows_of(data, layout, ragged)
    if len(unfit) != len(ragged):
        unfit = _unfit_rows(data, dialect, layout, width)
    if len(unfit) != len(ragged):
        return None
    rows = np.delete(rows, unfit - 1)
    damaged = _damaged_rows(data, layout)
    return _set_apart(data, dialect, layout, header, (columns, rows), unfit, damaged)


def _without_spaces(columns: list[pa.ChunkedArray]) -> list[pa.ChunkedArray]:
    trimmed = (pc.utf8_ltrim(column, " ") for column in columns)
    return [pc.if_else(pc.equal(column, ""), None, column) for column in trimmed]


def _rows_of(data: bytes, layout: _Layout, texts: list[str]) -> Positions:
    """Numbers of the rows that are a few texts; none where there are more than a few."""
    found: list[int] = []
    if len(texts) > _FEW:
        return np.array(found, dtype=np.int64)
    for text in {text.encode() for text in texts if text}:
        at = data.find(text)
        while at >= 0:
            row = int(np.searchsorted(layout.starts, at, side="right")) - 1
            if row > 0 and layout.starts[row] == at and layout.ends[row] == at + len(text):
                found.append(row)
            at = data.find(text, at + 1)
    return np.array(sorted(found), dtype=np.int64)


def _unfit_rows(data: bytes, dialect: Dialect, layout: _Layout, width: int) -> Positions:
    """Numbers of the rows that have not `width` fields, by counting delimiters."""
    array = np.frombuffer(data, dtype=np.uint8)
    delimiters = np.flatnonzero(array == ord(dialect.delimiter))
    if layout.quotes.size:
        delimiters = delimiters[np.searchsorted(layout.quotes, delimiters) % 2 == 0]
    first = np.searchsorted(delimiters, layout.starts[1:])
    last = np.searchsorted(delimiters, layout.ends[1:])
    return np.flatnonzero(last - first + 1 != width) + 1


def _damaged_rows(data: bytes, layout: _Layout) -> Positions:
    """Numbers of the rows that hold undecodable bytes or NUL."""
    found: list[int] = []
    for wanted in (MARK_UTF8, b"\0"):
        at = data.find(wanted)
        while at >= 0:
            row = int(np.searchsorted(layout.starts, at, side="right")) - 1
            if row > 0:
                found.append(row)
            at = data.find(wanted, int(layout.ends[row]))
    return np.unique(np.array(found, dtype=np.int64))


def _set_apart(
    data: bytes,
    dialect: Dialect,
    layout: _Layout,
    header: list[str],
    read: tuple[list[pa.ChunkedArray], Positions],
    unfit: Positions,
    damaged: Positions,
) -> Parsed:
    columns, rows = read
    width = len(header)
    mended: dict[int, list[str]] = {}
    bad: list[BadRow] = []
    for row in np.union1d(unfit, damaged).tolist():
        text = data[layout.starts[row] : layout.ends[row]].decode()
        fields, problem = fit_to_header(next(records(text.encode(), dialect)).fields, width)
        problem = damage(text) or problem
        if problem:
            bad.append(BadRow(int(layout.lines[row]), problem, text))
        else:
            mended[row] = fields
    if damaged.size:
        keep = ~np.isin(rows, damaged)
        columns, rows = [column.filter(pa.array(keep)) for column in columns], rows[keep]
    if mended:
        extra = columns_of(list(mended.values()), width)
        rows = np.concatenate([rows, np.array(list(mended), dtype=np.int64)])
        order = pa.array(np.argsort(rows))
        columns = [
            pa.chunked_array([*column.chunks, more]).take(order)
            for column, more in zip(columns, extra, strict=True)
        ]
        rows = np.sort(rows)
    return Parsed(header, columns, pa.array(rows), bad)
