"""Values that have a type, from Parquet, Excel and pandas, become the text a person would type."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from custseg.errors import InputError
from custseg.tables import ReadOptions, TableRead, read_frame, read_table
from custseg.tables.texts import column_as_text

NOON = datetime.fromisoformat("2024-05-01 12:30")
DAY = datetime.fromisoformat("2024-05-01")


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        (["x", "", None], pa.string(), ["x", None, None]),
        (["x", ""], pa.large_string(), ["x", None]),
        (["x", "x"], pa.dictionary(pa.int8(), pa.string()), ["x", "x"]),
        ([b"x", b""], pa.binary(), ["x", None]),
        ([17850.0, None, 12345678901.0], pa.float64(), ["17850", None, "12345678901"]),
        (
            [2.55, 0.1, 1e-7, -0.0, 1e20],
            pa.float64(),
            ["2.55", "0.1", "0.0000001", "0", "1" + "0" * 20],
        ),
        ([2.55, float("nan")], pa.float32(), ["2.55", None]),
        ([1, None, -7], pa.int16(), ["1", None, "-7"]),
        ([2**63], pa.uint64(), ["9223372036854775808"]),
        ([Decimal("12.50"), Decimal("0.00")], pa.decimal128(9, 2), ["12.50", "0.00"]),
        ([Decimal("1E-9")], pa.decimal128(12, 9), ["0.000000001"]),
        ([True, False, None], pa.bool_(), ["true", "false", None]),
        ([date(2024, 5, 1), None], pa.date32(), ["2024-05-01", None]),
        ([DAY, None], pa.timestamp("us"), ["2024-05-01", None]),
        ([DAY, NOON], pa.timestamp("ns"), ["2024-05-01 00:00:00", "2024-05-01 12:30:00"]),
        ([NOON.replace(microsecond=250_000)], pa.timestamp("us"), ["2024-05-01 12:30:00.25"]),
        ([DAY.replace(tzinfo=UTC)], pa.timestamp("us", "Asia/Tokyo"), ["2024-05-01 09:00:00"]),
        ([time(9, 5)], pa.time64("us"), ["09:05:00"]),
        ([None, None], pa.null(), [None, None]),
    ],
)
def test_texts(values: list[Any], kind: pa.DataType, texts: list[str | None]) -> None:
    column = pa.chunked_array([pa.array(values, kind)])
    assert column_as_text(column).to_pylist() == texts
    file = io.BytesIO()
    pq.write_table(pa.table({"id": ["1"] * len(values), "c": column}), file)
    names = read_table(io.BytesIO(file.getvalue())).table.column_names
    # A column with a name is kept, also without a value.
    assert names == ["id", "c"]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_numbers_lose_nothing(numbers: list[float]) -> None:
    texts = column_as_text(pa.chunked_array([numbers])).to_pylist()
    assert [float(text) for text in texts] == numbers
    assert not any("e" in text for text in texts)


@pytest.mark.parametrize("values", [[["a"]], [{"a": 1}], [b"\xff\xfe"]])
def test_values_without_plain_text_are_refused_by_column(values: list[Any]) -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"id": ["1"], "本文": values}), file)
    with pytest.raises(InputError) as caught:
        read_table(io.BytesIO(file.getvalue()))
    assert caught.value.key == "tables.not_text"
    assert caught.value.params["column"] == "本文"


def workbook(*rows: list[Any], sheet: str = "顧客") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_numbers": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page = book.add_worksheet(sheet)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    page.write_datetime(row, column, cell, day)
                else:
                    page.write(row, column, cell)
        book.add_worksheet("空")
    return file.getvalue()


def excel(*rows: list[Any], sheet: str | None = None) -> TableRead:
    return read_table(io.BytesIO(workbook(*rows)), ReadOptions(sheet=sheet))


def test_excel_cells() -> None:
    read = excel(
        ["id", "tel", "price", "when", "day", "ok", None],
        [17850, "090-1234-5678", 0.1 + 0.2, NOON, DAY, True],
        [12345678901, "0123", 1e-7, DAY, DAY, False],
        ["007", None, "=A1", None, None, None],
    )
    assert read.sheet == "顧客"
    assert read.table.to_pydict() == {
        "id": ["17850", "12345678901", "007"],
        "tel": ["090-1234-5678", "0123", None],
        "price": ["0.3", "0.0000001", "0"],
        "when": ["2024-05-01 12:30:00", "2024-05-01 00:00:00", None],
        "day": ["2024-05-01", "2024-05-01", None],
        "ok": ["true", "false", None],
    }


def test_rows_of_a_sheet_keep_their_place() -> None:
    read = excel([], [None, "a", "b"], [None, 1, 2], [], [None, 3, None])
    assert read.table.to_pydict() == {"a": ["1", "3"], "b": ["2", None]}
    assert read.rows.to_pylist() == [1, 3]


def test_an_empty_sheet_is_an_error() -> None:
    with pytest.raises(InputError) as caught:
        excel(["a"], [1], sheet="空")
    assert caught.value.key == "tables.sheet_empty"


def test_frames() -> None:
    frame = pd.DataFrame(
        {"id": [1.0, None], "day": pd.to_datetime(["2024-05-01", None]), "name": ["佐藤", ""]},
        index=["x", "y"],
    )
    read = read_frame(frame, "crm")
    assert read.table.to_pydict() == {
        "id": ["1", None],
        "day": ["2024-05-01", None],
        "name": ["佐藤", None],
    }
    assert read.name == "crm"
    assert read.rows.to_pylist() == [1, 2]
    assert read_frame(frame, "crm").sha256 == read.sha256
    assert read_frame(frame.iloc[:1], "crm").sha256 != read.sha256
    with pytest.raises(InputError):
        read_frame(pd.DataFrame({"a": [[1]]}), "crm")


def test_an_arrow_table_in_memory_is_read_as_text() -> None:
    table = pa.table({"number": [1, None], "name": ["a", "NA"]})
    read = read_frame(table, "crm")
    assert read.table.to_pydict() == {"number": ["1", None], "name": ["a", "NA"]}
    assert read.sha256 == read_frame(table.to_pandas(types_mapper=pd.ArrowDtype), "crm").sha256
