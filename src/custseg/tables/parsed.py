"""What both readers of delimited text give, and the problems a row can have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import pyarrow as pa

from custseg.tables.encoding import MARK
from custseg.tables.records import UNTERMINATED_QUOTE

TOO_FEW_FIELDS: Final = "too_few_fields"
TOO_MANY_FIELDS: Final = "too_many_fields"
UNDECODABLE: Final = "undecodable"
NUL: Final = "nul"

PROBLEMS: Final = (TOO_FEW_FIELDS, TOO_MANY_FIELDS, UNTERMINATED_QUOTE, UNDECODABLE, NUL)
"""Codes of what makes a row unreadable; words under ``tables.bad_row.CODE``."""


class BadRow(NamedTuple):
    """A row that could not be read."""

    line: int
    problem: str
    text: str


class Parsed(NamedTuple):
    """A text cut into columns.

    Attributes
    ----------
    header
        The fields of the first record, as they stand.
    columns
        One a header field; chunked arrays of strings, empty as null.
    rows
        Number of each kept row among the records after the header, from 1.
    bad
        The other records, in the order of their lines.
    """

    header: list[str]
    columns: list[pa.ChunkedArray]
    rows: pa.Array
    bad: list[BadRow]


def fit_to_header(fields: list[str], width: int) -> tuple[list[str], str]:
    """Check a record's number of fields; give its fields and its problem, ``""`` for none.

    Empty fields past the header's last are the work of programs that end every line with a
    delimiter, and carry nothing.
    """
    if len(fields) > width and not any(fields[width:]):
        return fields[:width], ""
    if len(fields) == width:
        return fields, ""
    return fields, TOO_FEW_FIELDS if len(fields) < width else TOO_MANY_FIELDS


def damage(text: str) -> str:
    """Name what makes the characters of a record unusable, ``""`` for nothing."""
    return UNDECODABLE if MARK in text else NUL if "\0" in text else ""


def columns_of(rows: Sequence[Sequence[str]], width: int) -> list[pa.Array]:
    """Turn rows of fields into columns, empty as null."""
    if not rows:
        return [pa.array([], pa.string()) for _ in range(width)]
    return [
        pa.array([cell or None for cell in column], pa.string())
        for column in zip(*rows, strict=True)
    ]
