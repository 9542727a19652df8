"""Writing tables as the sheets of an Excel workbook, the same bytes every time."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from custseg.errors import LimitError
from custseg.tables.texts import bounded_batches, text_of_batch

_EXCEL_ROWS: Final = 1_048_576
SHEET_ROWS: Final = _EXCEL_ROWS - 1
"""Rows that a sheet holds below its header."""

_EXCEL_COLUMNS: Final = 16_384
_EXCEL_CELL: Final = 32_767
_SHEET_NAME: Final = 31
_SHEET_SIGNS: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SHORT_DAY: Final = 14
_SHORT_MOMENT: Final = 22
"""Numbers of Excel's own formats, which it writes in the way of who opens the file."""

_DAY_WIDTH: Final = 11
_MOMENT_WIDTH: Final = 17
_FIRST_DAY: Final = datetime(1900, 3, 1)  # noqa: DTZ001  before it, Excel counts a day too many
EXCEL_EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001


def write_workbook(sheets: Mapping[str, pa.Table], file: BinaryIO) -> None:
    """Write tables as the sheets of one Excel file; text stays text, numbers and days are such.

    Parameters
    ----------
    sheets
        Name of the sheet → table; names as :func:`sheet_names` gives them.

    Raises
    ------
    LimitError
        If a table does not fit Excel's bounds.
    """
    import xlsxwriter

    for table in sheets.values():
        if table.num_rows >= _EXCEL_ROWS or table.num_columns > _EXCEL_COLUMNS:
            raise LimitError(
                "tables.excel_size",
                rows=_EXCEL_ROWS - 1,
                columns=_EXCEL_COLUMNS,
                has=table.num_rows,
            )
    made = io.BytesIO()
    with (
        tempfile.TemporaryDirectory(dir=_folder_of(file)) as scratch,
        xlsxwriter.Workbook(
            made,
            {
                "constant_memory": True,
                "tmpdir": scratch,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        ) as workbook,
    ):
        workbook.set_properties({"created": EXCEL_EPOCH})
        looks = _Looks(
            head=workbook.add_format({"bold": True}),
            day=workbook.add_format({"num_format": _SHORT_DAY}),
            moment=workbook.add_format({"num_format": _SHORT_MOMENT}),
        )
        for name, table in sheets.items():
            _write_sheet(workbook.add_worksheet(name), table, looks)
    file.write(made.getbuffer())


class _Looks(NamedTuple):
    """How a heading, a day, and a day with its time look."""

    head: Any
    day: Any
    moment: Any


def _write_sheet(sheet: Any, table: pa.Table, looks: _Looks) -> None:
    sheet.freeze_panes(1, 0)
    for column, kind in enumerate(table.schema.types):
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            sheet.set_column(
                column, column, _DAY_WIDTH if pa.types.is_date(kind) else _MOMENT_WIDTH
            )
    for column, title in enumerate(table.column_names):
        sheet.write_string(0, column, title, looks.head)
    number = 1
    for batch in bounded_batches(table):
        columns = [_excel_cells(column) for column in batch.columns]
        for cells in zip(*columns, strict=True):
            _write_excel_row(sheet, number, cells, table.column_names, looks)
            number += 1


def sheet_names(names: Iterable[str]) -> dict[str, str]:
    """Give each name one that Excel takes for a sheet: 31 characters, no signs, each once."""
    given: dict[str, str] = {}
    taken = {"history"}
    for name in names:
        plain = _SHEET_SIGNS.sub("_", name).strip("'")[:_SHEET_NAME] or "_"
        chosen, number = plain, 2
        while chosen.casefold() in taken:
            end = f"_{number}"
            chosen, number = plain[: _SHEET_NAME - len(end)] + end, number + 1
        taken.add(chosen.casefold())
        given[name] = chosen
    return given


def _folder_of(file: BinaryIO) -> str | None:
    """Give the folder a file is built in, so that scratch files go away with it."""
    name = getattr(file, "name", None)
    folder = os.path.dirname(name) if isinstance(name, str) else ""  # noqa: PTH120
    return folder if os.path.isabs(folder) else None  # noqa: PTH117


def _excel_cells(column: pa.Array) -> list[Any]:
    kind = column.type
    if pa.types.is_decimal(kind):  # or nobody could add them up
        column = column.cast(pa.float64())
    elif pa.types.is_floating(kind):  # Excel has no infinity
        column = pc.if_else(pc.is_finite(column), column, None)
    elif _is_day(column):
        whole = pa.types.is_date(kind)
        column = column.cast(pa.date32() if whole else pa.timestamp("us"), safe=False)
    elif not (pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
        column = text_of_batch(column)
    cells: list[Any] = column.to_pylist()
    return cells


def _is_day(column: pa.Array) -> bool:
    """Tell whether a column is of days, or times, that Excel has: it has no zones, nor 1899."""
    kind = column.type
    if not (pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None)):
        return False
    first = pc.min(column.cast(pa.timestamp("us"), safe=False))
    return not first.is_valid or first.as_py() >= _FIRST_DAY


def _write_excel_row(
    sheet: Any, number: int, cells: tuple[Any, ...], titles: list[str], looks: _Looks
) -> None:
    for position, cell in enumerate(cells):
        if isinstance(cell, str):
            if len(cell) > _EXCEL_CELL:
                raise LimitError(
                    "tables.excel_cell", column=titles[position], row=number, limit=_EXCEL_CELL
                )
            if cell:
                sheet.write_string(number, position, cell)
        elif isinstance(cell, date):
            look = looks.moment if isinstance(cell, datetime) else looks.day
            sheet.write_datetime(number, position, cell, look)
        elif cell is not None:
            sheet.write(number, position, cell)
