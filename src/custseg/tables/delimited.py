"""Delimited text: encoding, dialect, rows, and the rows that cannot be read."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from custseg.errors import InputError
from custseg.tables.blocks import parse_blocks
from custseg.tables.dialect import NO_DELIMITER, declared_delimiter, sniff_dialect
from custseg.tables.encoding import detect_encoding, to_utf8
from custseg.tables.headerless import SPACES, lined_up, tabs_for_spaces, with_header
from custseg.tables.layout import Layout, layout_of
from custseg.tables.model import ReadOptions
from custseg.tables.parsed import BadRow, Parsed, columns_of, damage, fit_to_header
from custseg.tables.patched import parse_patched
from custseg.tables.records import Dialect, Record, records
from custseg.tables.rows import parse_rows
from custseg.tables.titles import LOOKED_AT, header_at

_CHUNK_ROWS: Final = 1 << 13
_BINARY_SAMPLE: Final = 1 << 16
_CONTROL: Final = bytes(sorted(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a\x1b")))
_MAX_CONTROL_SHARE: Final = 0.05
_HARMLESS_CONTROLS: Final = 32
_NOT_BLANK: Final = re.compile(rb"[^\r\n]")
_LINE_END: Final = re.compile(rb"\r\n|\n|\r")
_TITLE_BYTES: Final = 1 << 18
"""Bytes from the start on in which titles are looked for."""


class Delimited(NamedTuple):
    """A text as read; `titles` are the lines above its header, passed over."""

    parsed: Parsed
    encoding: str
    delimiter: str
    titles: int
    layout: Layout


def read_delimited(data: bytes, name: str, options: ReadOptions) -> Delimited:
    """Read CSV, TSV and their kin.

    Raises
    ------
    InputError
        If it is not text, its header cannot be read, or it has no header.
    """
    encoding = options.encoding or detect_encoding(data)
    text = to_utf8(data, encoding).removesuffix(b"\x1a")
    if _is_binary(text):
        raise InputError("tables.binary", name=name)
    first_line = 1
    delimiter = options.delimiter
    if declared := declared_delimiter(text):
        delimiter = delimiter or declared[0]
        text = text[declared[1] :]
        first_line = 2
    if not _NOT_BLANK.search(text):
        raise InputError("tables.empty", name=name)
    if options.rows_as is not None and not options.columns:
        made = parse_rows(text, delimiter, first_line, options.rows_as, name)
        if made is not None:
            parsed, dialect = made
            shown = _shown(dialect, spaces=delimiter == SPACES)
            return Delimited(parsed, encoding, shown, 0, layout_of(text, dialect))
    spaces = delimiter == SPACES
    dialect = sniff_dialect(text, None if spaces else delimiter)
    if spaces or (dialect.delimiter == NO_DELIMITER and not delimiter and lined_up(text)):
        text, dialect, spaces = tabs_for_spaces(text), Dialect("\t", False), True
    if options.columns:
        return _named(text, dialect, first_line, encoding, name, options, spaces=spaces)
    titles = _title_lines(text, dialect)
    if titles:
        *_, last = islice(_LINE_END.finditer(text), titles)
        text = text[last.end() :]
        first_line += titles
    _check_header(text, dialect, first_line, name)
    parsed = _parsed(text, dialect, first_line)
    layout = layout_of(text, dialect)
    return Delimited(parsed, encoding, _shown(dialect, spaces=spaces), titles, layout)


def _named(
    text: bytes,
    dialect: Dialect,
    first_line: int,
    encoding: str,
    name: str,
    options: ReadOptions,
    *,
    spaces: bool,
) -> Delimited:
    """Read a text whose columns the user named: its first line is the first row."""
    layout = layout_of(text, dialect)
    named = with_header(text, dialect, options.columns, name)
    parsed = _parsed(named, dialect, first_line - (named is not text))
    return Delimited(parsed, encoding, _shown(dialect, spaces=spaces), 0, layout)


def _parsed(text: bytes, dialect: Dialect, first_line: int) -> Parsed:
    return (
        parse_blocks(text, dialect, first_line)
        or parse_patched(text, dialect, first_line)
        or parse_records(text, dialect, first_line)
    )


def _shown(dialect: Dialect, *, spaces: bool) -> str:
    if spaces:
        return SPACES
    return "" if dialect.delimiter == NO_DELIMITER else dialect.delimiter


def _is_binary(text: bytes) -> bool:
    sample = text[:_BINARY_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return controls > max(_HARMLESS_CONTROLS, _MAX_CONTROL_SHARE * len(sample))


def _title_lines(text: bytes, dialect: Dialect) -> int:
    """Count the lines above the header."""
    first = list(islice(records(text[:_TITLE_BYTES], dialect), LOOKED_AT))
    return first[header_at([record.fields for record in first])].line - 1


def _check_header(text: bytes, dialect: Dialect, first_line: int, name: str) -> None:
    header = next(records(text, dialect, first_line))
    if header.problem:
        raise InputError("tables.header_quote", name=name, line=header.line)
    if damage(header.text):
        raise InputError("tables.header_undecodable", name=name, line=header.line)


def parse_records(text: bytes, dialect: Dialect, first_line: int = 1) -> Parsed:
    """Cut a UTF-8 text into columns, record by record; any quoting."""
    stream = records(text, dialect, first_line)
    header = next(stream).fields
    width = len(header)
    chunks: list[list[pa.Array]] = []
    rows: list[int] = []
    bad: list[BadRow] = []
    numbered = enumerate(stream, start=1)
    while batch := list(islice(numbered, _CHUNK_ROWS)):
        good: list[list[str]] = []
        for number, record in batch:
            fields, problem = _checked(record, width)
            if problem:
                bad.append(BadRow(record.line, problem, record.text))
            else:
                good.append(fields)
                rows.append(number)
        chunks.append(columns_of(good, width))
    columns = [
        pa.chunked_array([chunk[index] for chunk in chunks], pa.string()) for index in range(width)
    ]
    return Parsed(header, columns, pa.array(np.array(rows, dtype=np.int64)), bad)


def _checked(record: Record, width: int) -> tuple[list[str], str]:
    fields, problem = fit_to_header(record.fields, width)
    return fields, record.problem or damage(record.text) or problem
