"""Texts without a header, and texts whose columns stand apart by runs of spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from custseg.errors import InputError
from custseg.tables.records import Dialect, records

SPACES: Final = " "
"""Stands for runs of spaces, as programs write that line columns up."""

_EDGES: Final = re.compile(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)")
_GAPS: Final = re.compile(rb"[ \t]+")
_WIDE: Final = re.compile(rb"^[ ]|[ ]{2,}")
_LOOKED_AT: Final = 200
_SAMPLE: Final = 1 << 18
_LEAST_COLUMNS: Final = 3


def lined_up(text: bytes) -> bool:
    """Tell whether a text is a table whose columns stand apart by spaces alone.

    Every line has as many words, three at least, and spaces that no sentence has: two in a row,
    or one at the start.
    """
    lines = [line for line in text[:_SAMPLE].splitlines() if line.strip()]
    if len(text) > _SAMPLE:
        lines = lines[:-1]
    lines = lines[:_LOOKED_AT]
    words = {len(line.split()) for line in lines}
    wide = all(_WIDE.search(line.rstrip()) for line in lines)
    return len(lines) > 1 and len(words) == 1 and min(words) >= _LEAST_COLUMNS and wide


def tabs_for_spaces(text: bytes) -> bytes:
    """Put a tab where columns stand apart by spaces."""
    return _GAPS.sub(b"\t", _EDGES.sub(b"", text))


def with_header(text: bytes, dialect: Dialect, columns: Sequence[str], name: str) -> bytes:
    """Put the names of columns above a text that has none; one that begins with them stays.

    Raises
    ------
    InputError
        If there are more or fewer names than columns.
    """
    first = next(islice(records(text[:_SAMPLE], dialect), 1)).fields
    check_number(columns, len(first), name)
    if [field.strip() for field in first] == list(columns):
        return text
    quoted = ('"' + column.replace('"', '""') + '"' for column in columns)
    return dialect.delimiter.join(quoted).encode() + b"\n" + text


def check_number(columns: Sequence[str], found: int, name: str) -> None:
    """Refuse names that are not as many as the columns.

    Raises
    ------
    InputError
        If they are not.
    """
    if len(columns) != found:
        raise InputError("tables.columns_number", name=name, given=len(columns), found=found)
