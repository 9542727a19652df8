"""Excel workbooks: one sheet, as text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from custseg.errors import InputError, LimitError
from custseg.tables.content import grows_like_a_bomb
from custseg.tables.headerless import check_number
from custseg.tables.model import RowsAs
from custseg.tables.titles import LOOKED_AT, header_at

MAX_CELLS: Final = 40_000_000
"""Cells between the first and the last used one; the reader holds each, used or not."""

_CHUNK: Final = 1 << 20
_OVERLAP: Final = 200
_ROW: Final = re.compile(rb"""<(?:\w+:)?(?:row|c)\s[^>]*?r=["'](?:[A-Z]{1,3})?(\d{1,9})["']""")
_FAR_COLUMN: Final = re.compile(rb"""<(?:\w+:)?c\s[^>]*?r=["']([A-Z]{2,3})\d""")

Cell = int | float | str | bool | time | date | datetime | timedelta


class Sheet(NamedTuple):
    """A sheet as read: header, columns, the row numbers, its name, the names of the others.

    `titles` are the rows above the header, passed over.
    """

    header: list[str]
    columns: list[pa.ChunkedArray]
    rows: pa.Array
    name: str
    others: list[str]
    titles: int


def read_excel(
    data: bytes,
    name: str,
    sheet: str | None,
    max_bytes: int,
    named: Sequence[str] = (),
    known: RowsAs | None = None,
) -> Sheet:
    """Read a sheet: its first row that is neither blank nor a title is the header.

    Where the columns are `named`, the first row is a row like others, unless it holds the names;
    rows without a header may be `known`.

    Raises
    ------
    InputError
        If the workbook is damaged, or has no such sheet, or the sheet is empty.
    LimitError
        If it would unpack past the bounds.
    """
    _check_size(data, name, max_bytes)
    title, others, grid = _grid(data, name, sheet)
    at = next((index for index, cells in enumerate(grid) if any(map(_filled, cells))), None)
    if at is None:
        raise InputError("tables.sheet_empty", name=name, sheet=title)
    first = [
        ["" if cell == "" else str(cell) for cell in cells] for cells in grid[at : at + LOOKED_AT]
    ]
    if known is not None and not named and known.fit(_without_ends(first)):
        texts = [[cell or "" for cell in _column_text(cells)] for cells in grid[at:]]
        made = known.table(_without_ends(texts), name)
        numbers = pa.array(np.arange(1, len(made) + 1))
        return Sheet(made.column_names, made.columns, numbers, title, others, 0)
    titles = 0 if named else header_at(first)
    at += titles
    if named:
        check_number(named, len(first[0]), name)
        if [cell.strip() for cell in first[0]] != list(named):
            at -= 1
    body = [
        (number, cells)
        for number, cells in enumerate(grid[at + 1 :], 1)
        if any(map(_filled, cells))
    ]
    header = [*named] or (_column_text(grid[at]) if grid[at] else [])
    columns = [_column_text(column) for column in zip(*(cells for _, cells in body), strict=True)]
    columns = columns or [[] for _ in header]
    return Sheet(
        [title or "" for title in header],
        [pa.chunked_array([pa.array(column, pa.string())]) for column in columns],
        pa.array(np.array([number for number, _ in body], dtype=np.int64)),
        title,
        others,
        titles,
    )


def _without_ends(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Give rows without the empty cells at their ends, which all rows of a sheet have alike."""
    return [row[: max((at for at, cell in enumerate(row, 1) if cell), default=0)] for row in rows]


def read_workbook(data: bytes, name: str) -> dict[str, pa.Table]:
    """Read every sheet of a workbook that :func:`custseg.tables.workbook.write_workbook` wrote.

    Numbers and days stay what they are: a column of numbers alone is one of numbers.

    Raises
    ------
    InputError
        If it is damaged.
    """
    title, others, grid = _grid(data, name, None)
    grids = {title: grid, **{each: _grid(data, name, each)[2] for each in others}}
    return {each: _as_table(cells) for each, cells in grids.items()}


def _as_table(grid: list[list[Cell]]) -> pa.Table:
    if not grid:
        return pa.table({})
    columns = zip(*grid[1:], strict=True) if len(grid) > 1 else ([] for _ in grid[0])
    made = [_typed([None if cell == "" else cell for cell in column]) for column in columns]
    return pa.Table.from_arrays(made, names=[str(title) for title in grid[0]])


def _typed(cells: list[Cell | None]) -> pa.Array:
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return pa.array(cells, pa.bool_())
    if kinds and kinds <= {int, float}:
        whole = all(cell is None or float(cell).is_integer() for cell in cells)  # type: ignore[arg-type]
        return pa.array(cells, pa.float64()).cast(pa.int64() if whole else pa.float64())
    if kinds == {date}:
        return pa.array(cells, pa.date32())
    if kinds and kinds <= {date, datetime}:
        moments = [None if cell is None else np.datetime64(cell, "us") for cell in cells]  # type: ignore[call-overload]
        return pa.array(moments, pa.timestamp("us"))
    return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())


def _grid(data: bytes, name: str, sheet: str | None) -> tuple[str, list[str], list[list[Cell]]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            titles = workbook.sheet_names
            if not titles:
                raise InputError("tables.workbook_damaged", name=name)
            title = titles[0] if sheet is None else sheet
            if title not in titles:
                raise InputError(
                    "tables.no_such_sheet", name=name, sheet=title, sheets=", ".join(titles)
                )
            used = workbook.get_sheet_by_name(title)
            others = [other for other in titles if other != title]
            return title, others, used.to_python(skip_empty_area=True)
    except WorksheetNotFound as error:  # a sheet of charts has a name, but no cells
        raise InputError("tables.sheet_empty", name=name, sheet=sheet or "") from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise InputError("tables.workbook_damaged", name=name) from error
    except MemoryError as error:
        raise LimitError("tables.memory", name=name) from error
    except BaseException as error:
        # A failed check inside the reader arrives as an exception of its own kind, which is
        # not an Exception.
        if type(error).__name__ == "PanicException":
            raise InputError("tables.workbook_damaged", name=name) from error
        raise


def _check_size(data: bytes, name: str, max_bytes: int) -> None:
    """Unpack each part without keeping it; sizes that the archive declares may lie."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                member.file_size = max_bytes + 1
                rows = columns = 1
                tail = b""
                with archive.open(member) as part:
                    while chunk := part.read(_CHUNK):
                        unpacked += len(chunk)
                        _refuse(unpacked, len(data), name, max_bytes)
                        if member.filename.startswith("xl/worksheets/"):
                            rows, columns = _extent(tail + chunk, rows, columns)
                            tail = chunk[-_OVERLAP:]
                if rows * columns > MAX_CELLS:
                    raise LimitError("tables.sheet_too_large", name=name, cells=MAX_CELLS)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise InputError("tables.workbook_damaged", name=name) from error
    except (RuntimeError, ValueError) as error:  # encrypted, or an impossible offset
        raise InputError("tables.workbook_damaged", name=name) from error


def _refuse(unpacked: int, packed: int, name: str, max_bytes: int) -> None:
    if unpacked > max_bytes:
        raise LimitError("tables.too_large", name=name, limit=max_bytes >> 20)
    if grows_like_a_bomb(unpacked, packed):
        raise LimitError("tables.bomb", name=name, ratio=unpacked // packed)


def _extent(xml: bytes, rows: int, columns: int) -> tuple[int, int]:
    """Grow the used area by the references in a piece of a sheet."""
    rows = max([rows, *map(int, _ROW.findall(xml))])
    far = set(_FAR_COLUMN.findall(xml))
    return rows, max([columns, 26 if b"<c" in xml else 1, *map(_column_number, far)])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _filled(cell: Cell) -> bool:
    return cell != ""


def _column_text(cells: Sequence[Cell]) -> list[str | None]:
    """Write the cells of a column; dates alone where no cell has a time of day."""
    dates_only = not any(isinstance(cell, datetime) and cell.time() != time() for cell in cells)
    return [_cell_text(cell, dates_only) for cell in cells]


def _cell_text(cell: Cell, dates_only: bool) -> str | None:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, date):
        day = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
        return str(day.date()) if dates_only else day.isoformat(" ")
    return str(cell)


def _number_text(number: float) -> str:
    """Write a number as Excel shows it: whole without point, else 15 significant digits."""
    if float(number).is_integer():
        return str(int(number))
    text = format(number, ".15g")
    return text if "e" not in text else format(number, ".15f").rstrip("0").rstrip(".")
