"""The columns of a file, without reading all of it."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet

from custseg.tables.model import ReadOptions
from custseg.tables.read import read_table

_HEAD: Final = 1 << 20
"""Bytes of text that are looked at: enough to tell its encoding and delimiter."""

_CODECS: Final = {b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd"}


def read_header(path: Path, options: ReadOptions | None = None) -> tuple[str, ...]:
    """Give the columns that :func:`custseg.tables.read_table` gives a file.

    Raises
    ------
    InputError, LimitError
        If the file cannot be read.
    """
    options = replace(options or ReadOptions(), allow_empty=True, on_bad_rows="quarantine")
    try:
        head = _head(path)
        if head.startswith(b"PAR1"):
            head = _without_rows(path)
    except (OSError, pa.ArrowException):
        head = b""
    enough = len(head) == _HEAD or head.startswith(b"PAR1")
    if not enough or head.startswith(b"PK\x03\x04"):
        # Read whole, a damaged file says what is wrong with it.
        read = read_table(path, options)
    else:
        read = read_table(io.BytesIO(head), options, path.name)
    return tuple(read.table.column_names)


def _without_rows(path: Path) -> bytes:
    """Give a Parquet file as it would be without its rows."""
    sink = io.BytesIO()
    pa.parquet.write_table(pa.parquet.read_schema(path).empty_table(), sink)
    return sink.getvalue()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        start = file.read(2)
    with pa.OSFile(str(path)) as stored:
        if (codec := _CODECS.get(start)) is None:
            return bytes(stored.read(_HEAD))
        with pa.CompressedInputStream(stored, codec) as stream:
            return bytes(stream.read(_HEAD))
