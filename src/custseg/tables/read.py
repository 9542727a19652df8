"""Reading a table of any supported kind, whole and as text."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np
import pyarrow as pa

from custseg.errors import InputError, LimitError
from custseg.tables.content import Content, Kind, read_content
from custseg.tables.delimited import read_delimited
from custseg.tables.excel import read_excel
from custseg.tables.inputs import STANDARD_INPUT_NAME
from custseg.tables.model import QUARANTINE_SCHEMA, Note, ReadOptions, TableRead
from custseg.tables.parquet import read_parquet
from custseg.tables.parsed import UNDECODABLE, BadRow
from custseg.tables.stored import scan_parquet
from custseg.tables.stored_text import store_text
from custseg.tables.texts import NotTextError, text_or_nothing
from custseg.tables.titles import data_in_header

if TYPE_CHECKING:
    import pandas as pd

_EXTENSIONS: Final = {
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".txt": "text",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
_COMPRESSION_EXTENSIONS: Final = (".gz", ".zst", ".zstd")
_MAX_BAD_SHARE: Final = 0.5

TITLE: Final = b"custseg.title"
"""Where a column of :attr:`TableRead.given` has its own name, if it is read under another."""


def read_table(
    source: Path | str | BinaryIO, options: ReadOptions | None = None, name: str | None = None
) -> TableRead:
    """Read a table: CSV and its kin, Parquet or Excel, also gzip- or zstd-compressed.

    The kind is told by content, not by extension. Every column is text; header names are
    stripped of surrounding spaces, and a column without a name is called ``column_N`` (one
    without any value either is left out).

    Parameters
    ----------
    source
        A path, or a binary stream.
    options
        What the user knows better than the content says.
    name
        What to call the input; by default the file's name.

    Raises
    ------
    InputError
        If it cannot be read, or is not a table.
    LimitError
        If it is larger than memory or the bounds allow.
    """
    options = options or ReadOptions()
    source = Path(source) if isinstance(source, str) else source
    if name is None:
        name = source.name if isinstance(source, Path) else STANDARD_INPUT_NAME
    if options.scan_rows is not None and isinstance(source, Path):
        stored = scan_parquet(source, name, options)
        if stored is not None:
            return replace(stored, notes=_notes("parquet", name))

        def named(
            header: Sequence[str], columns: Sequence[pa.ChunkedArray], count: int
        ) -> pa.Table:
            return _table(header, columns, count, name, options)

        stored = store_text(source, name, options, named)
        if stored is not None:
            return replace(stored, notes=_notes("text", name))
    content = read_content(source, name, options.max_bytes)
    try:
        return _READERS[content.kind](content, name, options)
    except MemoryError as error:
        raise LimitError("tables.memory", name=name) from error


def read_frame(frame: pd.DataFrame | pa.Table, name: str, *, keep: bool = False) -> TableRead:
    """Take a pandas frame, whose index is left out, or an Arrow table as a table of text.

    Parameters
    ----------
    keep
        Whether the columns stay beside their text, as :class:`ReadOptions` says.

    Raises
    ------
    InputError
        If two columns have the same name, or one holds values without plain text.
    """
    if isinstance(frame, pa.Table):
        header, kinds = list(frame.column_names), frame.schema.types
    else:
        header, kinds = [str(column) for column in frame.columns], list(frame.dtypes)
    given, columns = [], []
    for position, title in enumerate(header):
        try:
            given.append(_column(frame, position))
            columns.append(text_or_nothing(given[-1], keep=keep))
        except (NotTextError, pa.ArrowException) as error:
            kind = str(kinds[position])
            raise InputError("tables.not_text", name=name, column=title, type=kind) from error
    count = len(frame)
    options = ReadOptions(allow_empty=True)
    table = _table(header, columns, count, name, options)
    digest = hashlib.sha256()
    for column in table.columns:
        digest.update(repr(column.to_pylist()).encode())
    return TableRead(
        table=table,
        rows=pa.array(np.arange(1, count + 1)),
        name=name,
        format="pandas",
        quarantine=_quarantine([], name),
        sha256=digest.hexdigest(),
        bytes=table.nbytes,
        given=_given(pa.table(given, names=header), columns) if keep else None,
    )


def _column(frame: pd.DataFrame | pa.Table, position: int) -> pa.ChunkedArray:
    if isinstance(frame, pa.Table):
        return frame.column(position)
    return pa.chunked_array([pa.Array.from_pandas(frame.iloc[:, position])])


def _read_text(content: Content, name: str, options: ReadOptions) -> TableRead:
    text = read_delimited(content.data, name, options)
    parsed = text.parsed
    _check_bad_rows(parsed.bad, len(parsed.rows), len(parsed.header), name, options)
    return TableRead(
        table=_table(parsed.header, parsed.columns, len(parsed.rows), name, options),
        rows=parsed.rows,
        name=name,
        format="csv",
        compression=content.compression,
        encoding=text.encoding,
        delimiter=text.delimiter,
        layout=text.layout,
        quarantine=_quarantine(parsed.bad, name),
        sha256=content.sha256,
        bytes=content.stored,
        notes=_notes(content.kind, name, text.titles),
    )


def _read_parquet(content: Content, name: str, options: ReadOptions) -> TableRead:
    given, columns = read_parquet(
        content.data, name, options.max_bytes, typed=options.typed, keep=options.keep
    )
    count = given.num_rows
    return TableRead(
        table=_table(given.column_names, columns, count, name, options),
        rows=pa.array(np.arange(1, count + 1)),
        name=name,
        format="parquet",
        compression=content.compression,
        quarantine=_quarantine([], name),
        sha256=content.sha256,
        bytes=content.stored,
        notes=_notes(content.kind, name),
        given=_given(given, columns) if options.keep else None,
    )


def _given(given: pa.Table, columns: Sequence[pa.ChunkedArray]) -> pa.Table:
    """Give columns under the names that they have as text; one that was another keeps it."""
    names = _names(given.column_names, columns)
    places = [place for place, name in enumerate(names) if name is not None]
    fields = []
    for place in places:
        old = given.schema.field(place)
        metadata = dict(old.metadata or {})
        if old.name != names[place]:
            metadata[TITLE] = old.name.encode()
        fields.append(old.with_name(names[place]).with_metadata(metadata))
    schema = pa.schema(fields, given.schema.metadata)
    return pa.table([given.column(place) for place in places], schema=schema)


def _read_excel(content: Content, name: str, options: ReadOptions) -> TableRead:
    sheet = read_excel(
        content.data, name, options.sheet, options.max_bytes, options.columns, options.rows_as
    )
    if not len(sheet.rows) and sheet.others and not options.allow_empty:
        others = ", ".join(sheet.others)
        raise InputError("tables.sheet_header_only", name=name, sheet=sheet.name, sheets=others)
    return TableRead(
        table=_table(sheet.header, sheet.columns, len(sheet.rows), name, options),
        rows=sheet.rows,
        name=name,
        format="xlsx",
        compression=content.compression,
        sheet=sheet.name,
        quarantine=_quarantine([], name),
        sha256=content.sha256,
        bytes=content.stored,
        notes=_notes(content.kind, name, sheet.titles),
    )


_READERS: Final = {"text": _read_text, "parquet": _read_parquet, "xlsx": _read_excel}


def _table(
    header: Sequence[str],
    columns: Sequence[pa.ChunkedArray],
    count: int,
    name: str,
    options: ReadOptions,
) -> pa.Table:
    if not header:
        raise InputError("tables.empty", name=name)
    if not count and not options.allow_empty:
        raise InputError("tables.header_only", name=name)
    stripped = _stripped(header)
    if not (options.columns or (options.list_without_header and len(header) == 1)):
        place = data_in_header(stripped, columns)
        if place is not None:
            raise InputError("tables.no_header", name=name, column=place + 1)
    repeated = [title for title, times in Counter(stripped).items() if title and times > 1]
    if repeated:
        raise InputError("tables.duplicate_columns", name=name, columns=", ".join(repeated))
    named = zip(_names(header, columns), columns, strict=True)
    return pa.table({title: column for title, column in named if title is not None})


def _stripped(header: Sequence[str]) -> list[str]:
    return [title.strip().strip("\ufeff\u3000").strip() for title in header]


def _names(header: Sequence[str], columns: Sequence[pa.ChunkedArray]) -> list[str | None]:
    """Name columns that have none; None for one without any value either."""
    stripped = _stripped(header)
    taken = set(stripped)
    names: list[str | None] = []
    for number, (title, column) in enumerate(zip(stripped, columns, strict=True), start=1):
        if not title and column.null_count == len(column):
            names.append(None)
            continue
        while not title or (title in taken and title in names):
            title = f"column_{number}" if not title else f"{title}_"
        names.append(title)
    return names


def _check_bad_rows(
    bad: Sequence[BadRow], kept: int, width: int, name: str, options: ReadOptions
) -> None:
    if not bad:
        return
    first = bad[0]
    found = {
        "name": name,
        "line": first.line,
        "count": len(bad),
        "total": len(bad) + kept,
        "columns": width,
    }
    if len(bad) > _MAX_BAD_SHARE * (len(bad) + kept):
        undecodable = sum(row.problem == UNDECODABLE for row in bad)
        why = "undecodable" if 2 * undecodable > len(bad) else "ragged"
        raise InputError(f"tables.mostly_{why}", **found)
    if options.on_bad_rows == "fail":
        raise InputError(f"tables.bad_row.{first.problem}", **found)


def _quarantine(bad: Sequence[BadRow], name: str) -> pa.Table:
    return pa.table(
        {
            "source": [name] * len(bad),
            "line": [row.line for row in bad],
            "problem": [row.problem for row in bad],
            "text": [row.text.replace("\ufdd0", "\ufffd") for row in bad],
        },
        schema=QUARANTINE_SCHEMA,
    )


def _notes(kind: Kind, name: str, titles: int = 0) -> tuple[Note, ...]:
    notes = []
    if titles:
        notes.append(Note("tables.note.titles", {"name": name, "lines": titles}))
    path = Path(name.lower())
    if path.suffix in _COMPRESSION_EXTENSIONS:
        path = path.with_suffix("")
    expected = _EXTENSIONS.get(path.suffix)
    if expected is not None and expected != kind:
        what = {"text": "CSV", "parquet": "Parquet", "xlsx": "Excel"}[kind]
        notes.append(Note("tables.note.wrong_extension", {"name": name, "what": what}))
    return tuple(notes)
