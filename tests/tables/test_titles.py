"""Where a table begins: below titles, and never in its data."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from custseg.errors import InputError
from custseg.tables import read_table

PEOPLE = "id,name,email\n1,Ann,ann@example.com\n2,Bob,bob@example.com\n3,Cid,c@example.com\n"


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        ("", 0),
        ("顧客一覧\n", 1),
        ("顧客一覧\n出力日,2025/12/01\n\n", 3),
        ("顧客一覧,,\n", 1),  # as a spreadsheet writes a title
        (",,\n顧客一覧,,\n", 2),
        ('"顧客\n一覧",,\n', 2),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_titles_above_the_header_are_passed_over(above: str, lines: int, end: str) -> None:
    text = (above + PEOPLE).replace("\n", end)
    read = read_table(io.BytesIO(text.encode()), name="a.csv")
    assert read.table.column_names == ["id", "name", "email"]
    assert read.table["id"].to_pylist() == ["1", "2", "3"]
    assert read.rows.to_pylist() == [1, 2, 3]
    assert [note.params for note in read.notes] == (
        [{"name": "a.csv", "lines": lines}] if lines else []
    )


def test_lines_that_cannot_be_read_are_counted_from_the_top_of_the_file() -> None:
    read = read_table(io.BytesIO(f"List\n\n{PEOPLE}4,Dan\n".encode()), name="a.csv")
    assert read.quarantine["line"].to_pylist() == [7]


def test_titles_above_a_sheet_are_passed_over() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("s")
        sheet.merge_range(1, 0, 1, 2, "顧客一覧 2025年12月")
        for at, cells in enumerate([("id", "name", "spent"), (1, "Ann", 12.5), (2, "Bob", 3)]):
            sheet.write_row(at + 3, 0, cells)
    read = read_table(io.BytesIO(file.getvalue()), name="a.xlsx")
    assert read.table.to_pylist() == [
        {"id": "1", "name": "Ann", "spent": "12.5"},
        {"id": "2", "name": "Bob", "spent": "3"},
    ]
    assert [note.params["lines"] for note in read.notes] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "a,b,,\nc,d,e,f\ng,h,i,j\n",  # two names without a number are no title
        "a,,,\nc,d,e,f\nc,d,e,f\n",  # what comes again is a row
        "a,,,\nc,d,e,1\nc,d,e,2\n",  # so is what holds a number
        "1,,\n2,3,4\n5,6,7\n",
        "a,b\nx,\ny,\n",
        "a\nb\nc\n",
    ],
)
def test_in_doubt_the_first_row_is_the_header(text: str) -> None:
    first = text.split("\n")[0].split(",")
    assert read_table(io.BytesIO(text.encode())).table.column_names[0] == first[0]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("ann@example.com\nbob@example.com\n", 1),
        ("Ann,090-1234-5678\nBob,080-1111-2222\n", 2),
        ("Ann,1980/01/02,x\nBob,1981/12/31,y\n", 2),
    ],
)
def test_a_first_row_of_values_is_refused_without_repeating_it(text: str, column: int) -> None:
    with pytest.raises(InputError) as caught:
        read_table(io.BytesIO(text.encode()), name="a.csv")
    assert (caught.value.key, caught.value.params) == (
        "tables.no_header",
        {"name": "a.csv", "column": column},
    )


@pytest.mark.parametrize("header", ["id,2025/01/01,2025/02/01", "id,2024,2025", "id,1,2"])
def test_days_and_years_may_name_columns(header: str) -> None:
    read = read_table(io.BytesIO(f"{header}\na,100,200\nb,7,8\n".encode()))
    assert read.table.column_names == header.split(",")
