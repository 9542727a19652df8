"""Tables as sheets: text stays text, numbers and days are such, and they come back as they were."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pyarrow as pa

from custseg.tables.excel import read_excel, read_workbook
from custseg.tables.workbook import write_workbook

DAY, MOMENT = 14, 22
TABLE = pa.table(
    {
        "customer_id": ["007", "0123456789012345678"],
        "postal_code": ["001-0010", "060-0001"],
        "birth_date": ["2001-02-03", "1899-12-31"],
        "last_order": pa.array([date(2025, 12, 21), None]),
        "seen": pa.array(["2025-01-01T03:04:05", "2025-01-02T00:00:00"]).cast(pa.timestamp("us")),
        "founded": pa.array([date(1899, 12, 31), date(2025, 1, 1)]),
        "never": pa.array([None, None], pa.date32()),
        "orders": pa.array([3, 4]),
    }
)


def made(table: pa.Table) -> bytes:
    file = io.BytesIO()
    write_workbook({"s": table}, file)
    return file.getvalue()


def test_days_are_days_in_the_readers_own_way() -> None:
    with zipfile.ZipFile(io.BytesIO(made(TABLE))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    looks = re.findall(r'<xf numFmtId="(\d+)"', styles[styles.index("<cellXfs") :])
    cells = dict(re.findall(r'<c r="([A-Z]+2)"([^/]*?)>', sheet))
    for column, form in (("D", DAY), ("E", MOMENT)):
        assert looks[int(re.search(r's="(\d+)"', cells[f"{column}2"])[1])] == str(form)  # type: ignore[index]
        assert 't="' not in cells[f"{column}2"]
    # Ids, postal codes, and days that came as text or that Excel does not have.
    for column in "ABCF":
        assert 't="' in cells[f"{column}2"]
    assert '<col min="4" max="4" width="1' in sheet


def test_they_come_back() -> None:
    back = read_workbook(made(TABLE), "book.xlsx")["s"]
    assert back["last_order"].to_pylist() == TABLE["last_order"].to_pylist()
    assert back["seen"].to_pylist() == TABLE["seen"].to_pylist()
    assert back["founded"].to_pylist() == ["1899-12-31", "2025-01-01"]
    assert back["customer_id"].to_pylist() == TABLE["customer_id"].to_pylist()
    assert back["orders"].to_pylist() == [3, 4]
    # What is written again after somebody was forgotten.
    assert read_workbook(made(back), "book.xlsx")["s"].equals(back)


def test_as_an_input_they_are_text_as_in_a_csv() -> None:
    columns = read_excel(made(TABLE), "book.xlsx", None, 1 << 30).columns
    assert columns[3].to_pylist() == ["2025-12-21", None]
    assert columns[1].to_pylist() == ["001-0010", "060-0001"]
