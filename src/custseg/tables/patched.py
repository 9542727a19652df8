"""The fast reader where a few rows have mistaken quotes: around them, not instead of them.

One unclosed quote must not make a million rows slow. The text is cut at the records whose
quotes are not well-formed; they go to :mod:`custseg.tables.records` one by one, what lies
between to :mod:`custseg.tables.blocks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.tables.blocks import first_mistake, parse_blocks
from custseg.tables.parsed import BadRow, Parsed, columns_of, damage, fit_to_header
from custseg.tables.records import Dialect, records

_MOST_PATCHES: Final = 100
_LF, _CR = b"\n"[0], b"\r"[0]
_WINDOW: Final = 1 << 16
_NOT_BLANK: Final = re.compile(rb"[^\r\n]")


@dataclass(slots=True)
class _Pieces:
    """What was read so far, in the order of the text."""

    header: list[str]
    columns: dict[int, list[pa.Array]] = field(default_factory=dict)
    rows: list[npt.NDArray[np.int64]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    count: int = 0

    def take(self, part: Parsed) -> None:
        """Add rows that the fast reader read."""
        for index, column in enumerate(part.columns):
            self.columns.setdefault(index, []).extend(column.chunks)
        self.rows.append(part.rows.to_numpy() + self.count)
        self.bad += part.bad
        self.count += len(part.rows) + len(part.bad)

    def take_one(self, fields: list[str], problem: str, line: int, text: str) -> None:
        """Add one row that the obvious reader read."""
        self.count += 1
        fields, misfit = fit_to_header(fields, len(self.header))
        problem = problem or damage(text) or misfit
        if problem:
            self.bad.append(BadRow(line, problem, text))
            return
        for index, column in enumerate(columns_of([fields], len(self.header))):
            self.columns.setdefault(index, []).append(column)
        self.rows.append(np.array([self.count], dtype=np.int64))

    def parsed(self) -> Parsed:
        """Give all of it."""
        columns = [
            pa.chunked_array(self.columns.get(index, []), pa.string())
            for index in range(len(self.header))
        ]
        rows = np.concatenate([np.empty(0, np.int64), *self.rows])
        return Parsed(self.header, columns, pa.array(rows), self.bad)


def parse_patched(data: bytes, dialect: Dialect, first_line: int = 1) -> Parsed | None:
    """Cut a UTF-8 text into columns; None where too many records have mistaken quotes.

    Parameters
    ----------
    data
        Valid UTF-8, any line ends, at least one record.
    dialect
        How fields are cut.
    first_line
        Number of the text's first line in its file.
    """
    if dialect.spaced or not dialect.delimiter.isascii():
        return None
    pieces: _Pieces | None = None
    begin, line = 0, first_line
    for _ in range(_MOST_PATCHES):
        stop = first_mistake(data, begin, dialect)
        part = _between(data[begin : len(data) if stop is None else stop], pieces, line, dialect)
        if part is None:
            return None
        if pieces is None:
            pieces = _Pieces(part.header)
        pieces.take(part)
        if stop is None:
            return pieces.parsed()
        line += _lines_in(data, begin, stop)
        begin = _one(data, stop, line, dialect, pieces)
        line += _lines_in(data, stop, begin)
    return None


def _between(data: bytes, pieces: _Pieces | None, line: int, dialect: Dialect) -> Parsed | None:
    """Read rows without mistakes; the first piece brings the header."""
    if pieces is None:
        return parse_blocks(data, dialect, line) if _NOT_BLANK.search(data) else None
    header = dialect.delimiter.join(["x"] * len(pieces.header)).encode() + b"\n"
    return parse_blocks(header + data, dialect, line - 1)


def _one(data: bytes, start: int, line: int, dialect: Dialect, pieces: _Pieces) -> int:
    """Read the record at `start`; give where the next line begins."""
    # Whole lines, so that no character is cut; more of them only where the quote may close later.
    stop = data.find(b"\n", start + _WINDOW) + 1 or len(data)
    record = next(records(data[start:stop], dialect, line))
    if record.problem and stop < len(data):
        record = next(records(data[start:], dialect, line))
    end = start + len(record.text.encode())
    pieces.take_one(record.fields, record.problem, record.line, record.text)
    end += data[end : end + 1] == b"\r"
    return end + (data[end : end + 1] == b"\n")


def _lines_in(data: bytes, start: int, stop: int) -> int:
    """Count line ends: LF, CR LF, and CR alone."""
    if data.find(b"\r", start, stop) < 0:
        return data.count(b"\n", start, stop)
    part = np.frombuffer(data, dtype=np.uint8)[start:stop]
    returns = np.flatnonzero(part == _CR)
    after = part[np.minimum(returns + 1, max(len(part) - 1, 0))]
    return int((part == _LF).sum() + (after != _LF).sum())
