"""Writing tables as CSV, Parquet and Excel, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from custseg.errors import UsageError
from custseg.hashing import text_buffers
from custseg.tables.encode import Unwritable, can_hold, fit_to_encoding, same_signs
from custseg.tables.files import atomic_file
from custseg.tables.model import Format, codec_name
from custseg.tables.texts import bounded_batches, text_of_batch
from custseg.tables.workbook import write_workbook

_UNICODE: Final = ("utf-8", "utf-8-sig")
_ENCODINGS: Final = (*_UNICODE, "cp932")

# Every delimiter that a reader may look for is quoted, not the comma alone, so that no reader
# takes the file for another kind. A leading space is quoted for the same reason.
_SPECIAL: Final = (b'"', b",", b"\n", b"\r", b";", b"\t", b"|", b"\x1f")
_IS_SPECIAL: Final = np.zeros(256, dtype=np.bool_)
_IS_SPECIAL[np.frombuffer(b"".join(_SPECIAL), dtype=np.uint8)] = True
_NO_QUOTES: Final = pa.csv.WriteOptions(include_header=False, quoting_style="none")
_SIGNS: Final = b'",\n\r'
_STAND_INS: Final = (b"\x01", b"\x02", b"\x03", b"\x04")
_HIDE: Final = bytes.maketrans(_SIGNS, b"".join(_STAND_INS))
_SHOW: Final = bytes.maketrans(b"".join(_STAND_INS), _SIGNS)
_FORMULA: Final = "^[=+\\-@\t\r\n]"
"""What a spreadsheet takes for the beginning of a formula, or strips to find one."""
_GUARDED: Final = "^'[=+\\-@\t\r\n]"
_PLAIN_HEADER: Final = re.compile(r"(?!sep=)[^\",\n\r;\t|\x1f <{\[%][^\",\n\r;\t|\x1f]*")


def write_table(
    table: pa.Table,
    target: Path | BinaryIO,
    *,
    format: Format = "csv",  # noqa: A002
    encoding: str = "utf-8",
    header: bool = True,
    for_people: bool = False,
    force: bool = False,
) -> tuple[Unwritable, ...]:
    """Write a table; give the characters that the encoding cannot hold.

    CSV has commas, quotes where needed (RFC 4180), and LF as line end, which every program
    reads, Excel too; a null is written as nothing. Excel cells that are text stay text:
    nothing becomes a number or a formula. In ``cp932`` a character that it lacks becomes 〓
    and is given back, so that the caller can list it; it never becomes ``?``.

    Parameters
    ----------
    table
        Columns of text; typed columns keep their type in Parquet and Excel.
    target
        A file to make, at once and whole, or a binary stream.
    format
        ``"csv"``, ``"parquet"`` or ``"xlsx"``.
    encoding
        Of CSV: ``"utf-8"``, ``"utf-8-sig"`` or ``"cp932"`` (or its other names).
    header
        Whether a CSV begins with the names of its columns.
    for_people
        Whether the file will be opened in a spreadsheet: text of a CSV that one would take for
        a formula is quoted, with a ``'`` before it. Never for a machine: it would read the ``'``.
    force
        Whether `target` may be replaced.

    Raises
    ------
    UsageError
        If the file exists (without `force`), or the encoding cannot be written.
    LimitError
        If the disk is full, or the table does not fit Excel's bounds.
    """
    codec = codec_name(encoding)
    if codec not in _ENCODINGS:
        raise UsageError("tables.output_encoding", encoding=encoding)
    style = _Style(codec, header, for_people)
    if isinstance(target, Path):
        with atomic_file(target, force=force) as file:
            return _WRITERS[format](table, file, style)
    return _WRITERS[format](table, target, style)


class _Style(NamedTuple):
    """How a table is written; see :func:`write_table`."""

    codec: str
    header: bool
    for_people: bool


_PLAIN: Final = _Style("utf-8", header=True, for_people=False)


def _write_parquet(table: pa.Table, file: BinaryIO, _style: _Style) -> tuple[Unwritable, ...]:
    pa.parquet.write_table(table, file, compression="zstd")
    return ()


def write_parts(
    schema: pa.Schema,
    parts: Iterable[pa.Table],
    file: BinaryIO,
    format: Format,  # noqa: A002
) -> int:
    """Write the parts of a table one after another, in UTF-8; give the number of rows.

    CSV needs only one part in memory at a time.
    """
    if format != "csv":
        parts = [pa.concat_tables([schema.empty_table(), *parts]).unify_dictionaries()]
        _WRITERS[format](parts[0], file, _PLAIN)
        return sum(part.num_rows for part in parts)
    _write_csv(schema.empty_table(), file, _PLAIN)
    rows = 0
    for part in parts:
        _write_lines(part, file, _PLAIN, [])
        rows += part.num_rows
    return rows


def _write_csv(table: pa.Table, file: BinaryIO, style: _Style) -> tuple[Unwritable, ...]:
    codec = style.codec
    missing: list[Unwritable] = []
    header = list(table.column_names)
    if codec not in _UNICODE:
        header = [_fit_cell(title, codec, 0, title, missing) or "" for title in header]
    if style.header:
        cells = [_header_cell(title, for_people=style.for_people) for title in header]
        file.write((",".join(cells) + "\n").encode(codec))
    _write_lines(table, file, style, missing)
    return tuple(missing)


def _write_lines(table: pa.Table, file: BinaryIO, style: _Style, missing: list[Unwritable]) -> None:
    codec = style.codec
    start = 1
    for batch in bounded_batches(table):
        columns = [text_of_batch(column) for column in batch.columns]
        if style.for_people:
            columns = [
                _without_formulas(text) if pa.types.is_string(column.type) else text
                for text, column in zip(columns, batch.columns, strict=True)
            ]
        text = _csv_text(columns, for_people=style.for_people)
        if codec not in _UNICODE:
            lines = same_signs(text.decode())
            if not can_hold(lines, codec):
                columns = [
                    _fit_column(column, codec, start, title, missing)
                    for column, title in zip(columns, table.column_names, strict=True)
                ]
                fitted = _csv_text(columns, for_people=style.for_people)
                lines = same_signs(fitted.decode())
            text = lines.encode(codec)
        file.write(text)
        start += batch.num_rows


def _without_formulas(column: pa.Array) -> pa.Array:
    risky = pc.match_substring_regex(column, _FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def _csv_text(columns: list[pa.Array], *, for_people: bool) -> bytes:
    """Join columns to lines, each with its line end."""
    if not columns or not len(columns[0]):
        return b""
    contents = [_content(column) for column in columns]
    quoted = [
        _quoted(column, for_people=for_people)
        if _has_special(column, content) or (for_people and b"'" in content)
        else None
        for column, content in zip(columns, contents, strict=True)
    ]
    cells = [new or old for new, old in zip(quoted, columns, strict=True)]
    risky = any(quoted) and any(sign in content for content in contents for sign in _STAND_INS)
    if risky or len(cells) == 1:
        return joined_lines(cells)
    # Arrow's writer quotes every text or none. It is shown cells that are quoted already, with
    # other characters in place of the signs, which it would refuse.
    batch = pa.RecordBatch.from_arrays(
        [_translated(new, _HIDE) if new else old for new, old in zip(quoted, columns, strict=True)],
        [str(number) for number in range(len(columns))],
    )
    sink = pa.BufferOutputStream()
    pa.csv.write_csv(batch, sink, _NO_QUOTES)
    text = bytes(sink.getvalue())
    return text.translate(_SHOW) if any(quoted) else text


def joined_lines(cells: list[pa.Array]) -> bytes:
    """Join cells, quoted where needed, to lines: the obvious way."""
    if len(cells) == 1:
        # A line of nothing would be no row.
        lines = pc.if_else(pc.equal(pc.fill_null(cells[0], ""), ""), '""', cells[0])
    else:
        lines = pc.binary_join_element_wise(
            *cells, ",", null_handling="replace", null_replacement=""
        )
    whole = pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines)
    return bytes(pc.binary_join(whole, "\n")[0].as_buffer()) + b"\n"


def _has_special(column: pa.Array, content: bytes) -> bool:
    """Tell whether some cell has to be quoted."""
    if any(character in content for character in _SPECIAL):
        return True
    return b" " in content and bool(pc.any(pc.starts_with(column, " ")).as_py())


def _quoted(column: pa.Array, *, for_people: bool) -> pa.Array:
    """Quote the cells that need it."""
    needed = _need_quotes(column)
    if for_people:
        guarded = pc.fill_null(pc.match_substring_regex(column, _GUARDED), False)
        needed = pc.or_(needed, guarded)
    doubled = pc.replace_substring(column.filter(needed), '"', '""')
    return pc.replace_with_mask(column, needed, pc.binary_join_element_wise('"', doubled, '"', ""))


def _need_quotes(column: pa.Array) -> pa.Array:
    starts, lengths, data = text_buffers(column)
    needed = np.zeros(len(column), dtype=np.bool_)
    filled = np.flatnonzero(lengths)
    needed[filled] = data[starts[filled]] == ord(" ")
    if len(filled):
        begin, end = starts[filled[0]], starts[filled[-1]] + lengths[filled[-1]]
        signs = begin + np.flatnonzero(_IS_SPECIAL[data[begin:end]])
        cells = filled[np.searchsorted(starts[filled], signs, side="right") - 1]
        # An empty cell may have bytes that do not count.
        needed[cells[signs < starts[cells] + lengths[cells]]] = True
    return pa.array(needed)


def _translated(column: pa.Array, table: bytes) -> pa.Array:
    """Exchange single bytes in all cells of a column."""
    column = pa.concat_arrays([column])
    valid, offsets, data = column.buffers()
    return pa.Array.from_buffers(
        pa.string(), len(column), [valid, offsets, pa.py_buffer(data.to_pybytes().translate(table))]
    )


def _content(column: pa.Array) -> bytes:
    """Give the bytes of a string array's cells, end to end."""
    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return b""
    bounds = np.frombuffer(offsets, dtype=np.int32)
    start, end = bounds[column.offset], bounds[column.offset + len(column)]
    return bytes(data.slice(int(start), int(end - start)))


def _header_cell(title: str, *, for_people: bool) -> str:
    if for_people and re.match(_FORMULA, title):
        title = f"'{title}"
    if _PLAIN_HEADER.fullmatch(title):
        return title
    return '"' + title.replace('"', '""') + '"'


def _fit_column(
    column: pa.Array, codec: str, start: int, title: str, missing: list[Unwritable]
) -> pa.Array:
    cells = column.to_pylist()
    return pa.array(
        [_fit_cell(cell, codec, row, title, missing) for row, cell in enumerate(cells, start)],
        pa.string(),
    )


def _fit_cell(
    cell: str | None, codec: str, row: int, title: str, missing: list[Unwritable]
) -> str | None:
    if cell is None:
        return None
    fitted, lost = fit_to_encoding(cell, codec)
    missing.extend(Unwritable(row, title, character) for character in lost)
    return fitted


def _write_excel(table: pa.Table, file: BinaryIO, _style: _Style) -> tuple[Unwritable, ...]:
    write_workbook({"Sheet1": table}, file)
    return ()


_WRITERS: Final = {"csv": _write_csv, "parquet": _write_parquet, "xlsx": _write_excel}
