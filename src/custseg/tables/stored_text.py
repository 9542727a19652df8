"""Large delimited texts, taken to a Parquet file a piece at a time: memory holds one piece.

Only a text whose every record is sound is taken: valid UTF-8, quotes that are well-formed, as many
fields as the header has, no titles above it. Any other is read as a whole, and what is amiss is
set apart there.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet

from custseg.engine import ParquetScan, ScanPart
from custseg.errors import InputError
from custseg.tables.blocks import parse_blocks
from custseg.tables.content import read_content
from custseg.tables.delimited import Delimited, read_delimited
from custseg.tables.dialect import declared_delimiter, sniff_dialect
from custseg.tables.encoding import is_utf8
from custseg.tables.headerless import SPACES
from custseg.tables.model import QUARANTINE_SCHEMA, ReadOptions, TableRead

Naming = Callable[[Sequence[str], Sequence[pa.ChunkedArray], int], pa.Table]
"""Puts columns under their names: header, columns, number of rows."""

_PIECE: Final = 1 << 24
_BACK: Final = 1_000
"""Lines that are looked at from the end of a piece for one that ends a record."""


class _UnsoundError(Exception):
    """The text has to be read as a whole."""


def store_text(path: Path, name: str, options: ReadOptions, named: Naming) -> TableRead | None:
    """Take a text to ``options.store_in``; None where it is small, or has to be read as a whole."""
    if options.store_in is None or options.columns or options.delimiter == SPACES:
        return None
    try:
        with path.open("rb") as file:
            if file.seek(0, 2) < options.store_bytes or file.tell() > options.max_bytes:
                return None
            file.seek(0)
            return _stored(file, path, name, options, named)
    except (OSError, InputError, _UnsoundError):
        return None


def _stored(
    file: BinaryIO, path: Path, name: str, options: ReadOptions, named: Naming
) -> TableRead:
    digest = hashlib.sha256()
    pieces = _pieces(file, digest.update)
    first = next(pieces, b"")
    text, tables = _tables(first, pieces, name, options, named)
    target = (options.store_in or path.parent) / f"{digest.hexdigest()[:16]}.parquet"
    table = next(tables)
    rows = 0
    try:
        with pa.parquet.ParquetWriter(target, table.schema, compression="lz4") as writer:
            while table is not None:
                writer.write_table(table)
                rows += table.num_rows
                table = next(tables, None)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    names = list(writer.schema.names)
    return TableRead(
        table=pa.table(dict.fromkeys(names, pa.nulls(rows))),
        rows=pa.array([], pa.int64()),
        name=name,
        format="csv",
        encoding=text.encoding,
        delimiter=text.delimiter,
        layout=text.layout,
        quarantine=QUARANTINE_SCHEMA.empty_table(),
        sha256=digest.hexdigest(),
        bytes=path.stat().st_size,
        scan=ParquetScan(
            (ScanPart(target, name, dict(zip(names, names, strict=True))),), writer.schema, rows
        ),
    )


def _tables(
    first: bytes, pieces: Iterator[bytes], name: str, options: ReadOptions, named: Naming
) -> tuple[Delimited, Iterator[pa.Table]]:
    """What the first piece tells of the text, and the table of each piece."""
    content = read_content(io.BytesIO(first), name, options.max_bytes)
    if content.kind != "text" or content.compression or declared_delimiter(first):
        raise _UnsoundError
    text = read_delimited(first, name, replace(options, on_bad_rows="quarantine"))
    sound = text.encoding in ("utf-8", "utf-8-sig") and is_utf8(first) and not text.titles
    header = text.parsed.header
    if not sound or text.parsed.bad or not all(title.strip() for title in header):
        raise _UnsoundError
    table = named(header, text.parsed.columns, len(text.parsed.rows))
    if len({title.casefold() for title in table.column_names}) < len(header):  # SQL takes Id for id
        raise _UnsoundError
    dialect = sniff_dialect(first.removeprefix(b"\xef\xbb\xbf"), options.delimiter)
    line = (dialect.delimiter.join("h" for _ in header) + "\n").encode()

    def rest() -> Iterator[pa.Table]:
        yield table
        for piece in pieces:
            if not is_utf8(piece) or b"\x1b" in piece or b"\x1a" in piece:
                raise _UnsoundError
            parsed = parse_blocks(line + piece, dialect)
            if parsed is None or parsed.bad:
                raise _UnsoundError
            yield pa.table(dict(zip(table.column_names, parsed.columns, strict=True)))

    return text, rest()


def _pieces(file: BinaryIO, seen: Callable[[bytes], None]) -> Iterator[bytes]:
    """Cut a text after records; quotes come in pairs before each cut."""
    held = b""
    while block := file.read(_PIECE):
        seen(block)
        held += block
        end = _last_record(held)
        if end:
            yield held[:end]
            held = held[end:]
        elif len(held) > 4 * _PIECE:
            raise _UnsoundError
    if held:
        yield held


def _last_record(text: bytes) -> int:
    """Where the last whole record of a text ends; 0 where none is found."""
    end = text.rfind(b"\n") + 1
    quotes = text.count(b'"', 0, end)
    for _ in range(_BACK):
        if end == 0 or quotes % 2 == 0:
            return end
        before = text.rfind(b"\n", 0, end - 1) + 1
        quotes -= text.count(b'"', before, end)
        end = before
    return 0
