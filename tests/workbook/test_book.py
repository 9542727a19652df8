"""The workbook of a run: numbers as numbers, native charts, the same bytes, totals only."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.csv as csv
import pytest
from python_calamine import CalamineWorkbook

from custseg.jobs.html import html_of, segments_in
from custseg.jobs.xlsx import xlsx_of

Read = Callable[[bytes], dict[str, Any]]
Cells = Callable[[str], tuple[str, list[tuple[int, int]]]]
EACH_RUN = pytest.mark.parametrize("name", ["clean", "segment"])
EACH_LANGUAGE = pytest.mark.parametrize("language", ["en", "ja"])

SHEETS = {
    "clean": {
        "en": ["Summary", "Data quality", "Matching", "Regions", "Columns", "Files"],
        "ja": ["概要", "データ品質", "名寄せ", "地域別", "標準化した列", "ファイル"],
    },
    "segment": {
        "en": [
            *("Summary", "Segments", "Lists", "Moves", "Who they are", "RFM", "Deciles"),
            *("Months", "Came and went", "Cohorts", "Worth knowing"),
            *("Forecast", "Orders", "Files"),
        ],
        "ja": [
            *("概要", "セグメント", "リスト", "セグメント移動", "顧客像", "RFM", "デシル分析"),
            *("月別", "新規・離反", "コホート", "再購入"),
            *("購入の予測", "注文データ", "ファイル"),
        ],
    },
}
KINDS = {
    "Data quality": [["barChart-bar"]],
    "Matching": [["barChart-col"], ["barChart-col"], ["barChart-bar"]],
    "Regions": [["barChart-bar"]],
    "Segments": [["barChart-bar"], ["barChart-bar"]],
    "Moves": [["barChart-bar"]],
    "RFM": [["barChart-col"]],
    "Deciles": [["barChart-col", "lineChart"]],
    "Months": [["barChart-col"], ["barChart-col"]],
    "Came and went": [["barChart-col"]],
    "Worth knowing": [["barChart-col"], ["barChart-bar"]],
}


@EACH_LANGUAGE
@EACH_RUN
def test_a_sheet_a_subject(name: str, language: str, runs: Path, read: Read) -> None:
    book = read(xlsx_of(runs / name, language, 1))
    known = [each for each in book if each not in ("Clusters", "クラスター")]
    assert known == SHEETS[name][language]
    for title in book:
        assert len(title) <= 31
        assert not set(title) & set("[]:*?/\\")


@EACH_LANGUAGE
@EACH_RUN
def test_every_chart_reads_filled_cells(
    name: str, language: str, runs: Path, read: Read, cells_of: Cells
) -> None:
    book = read(xlsx_of(runs / name, language, 1))
    for sheet in book.values():
        for graph in sheet.graphs:
            assert graph.title
            assert graph.about.startswith(graph.title)
            assert len(graph.about) > len(graph.title) + 5
            assert graph.references
            assert len(graph.labels) == len(graph.references)
            for reference, labels in zip(graph.references, graph.labels, strict=True):
                target, cells = cells_of(reference)
                assert target == sheet.name
                assert all(isinstance(sheet.cells[each], float) for each in cells)
                assert all(each in sheet.cells for each in cells_of(labels)[1])
                assert len(cells_of(labels)[1]) == len(cells)
            drawn = [sheet.cells[at] for each in graph.references for at in cells_of(each)[1]]
            assert graph.cached == pytest.approx(drawn)
    if language == "en":
        kinds = {
            sheet.name: [graph.kinds for graph in sheet.graphs]
            for sheet in book.values()
            if sheet.graphs and sheet.name != "Clusters"
        }
        assert kinds == {key: kinds_ for key, kinds_ in KINDS.items() if key in SHEETS[name]["en"]}


def test_numbers_are_those_of_the_summary(runs: Path, read: Read) -> None:
    summary, _ = segments_in(runs / "segment")
    assert summary.segments is not None
    assert summary.tables is not None
    book = read(xlsx_of(runs / "segment", "en", 1))
    rows = sorted(summary.segments.rows, key=lambda row: -row.money)
    rows = [row for row in rows if row.customers]
    sheet = book["Segments"]
    assert sheet.column("Customers") == [row.customers for row in rows]
    assert sheet.column("Money") == [row.money for row in rows]
    assert sheet.column("Share of money") == pytest.approx([row.money_share for row in rows])
    deciles = book["Deciles"]
    assert deciles.column("Money") == [row.money for row in summary.tables.deciles]
    months = book["Months"]
    assert months.column("Active") == [row.active for row in summary.tables.months][-37:]
    lines = book["Orders"].column("Lines")
    assert sum(lines[:-1]) == lines[-1] == summary.orders.rows
    money = book["Orders"].column("Money")
    assert sum(money[:-1]) == pytest.approx(money[-1])


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [("en", "yyyy\\-mm\\-dd", "yyyy\\-mm"), ("ja", "yyyy/mm/dd", "yyyy/mm")],
)
def test_formats(language: str, day: str, month: str, runs: Path, read: Read) -> None:
    def formats(sheet: Any) -> set[str]:
        return {each.replace("\\", "") for each in sheet.formats.values()}

    book = list(read(xlsx_of(runs / "segment", language, 1)).values())
    orders, months, segments = book[-2], book[7], book[1]
    assert day.replace("\\", "") in formats(orders)
    assert month.replace("\\", "") in formats(months)
    assert {"#,##0", "0.0%"} <= formats(segments)
    assert any("#,##0;-" in each or "#,##0;-#" in each for each in formats(segments))
    first = min(months.cells[at] for at, form in months.formats.items() if form.startswith("yyyy"))
    assert 44_000 < first < 47_000
    for sheet in book:
        assert sheet.fonts == {"Yu Gothic" if language == "ja" else "Calibri"}


@EACH_RUN
def test_set_up_for_reading_and_printing(name: str, runs: Path, read: Read) -> None:
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    for sheet in read(xlsx_of(runs / name, "ja")).values():
        setup = sheet.xml.find(f"{main}pageSetup")
        assert setup.attrib["paperSize"] == "9"
        assert setup.attrib["orientation"] in ("landscape", "portrait")
        assert setup.attrib.get("fitToWidth", "1") == "1"
        assert sheet.xml.find(f"{main}sheetPr/{main}pageSetUpPr").attrib["fitToPage"] == "1"
        footer = sheet.xml.findtext(f"{main}headerFooter/{main}oddFooter")
        assert footer.endswith("&C&A&R&P / &N")
        pane = sheet.xml.find(f".//{main}pane")
        heads = [at for at, value in sheet.cells.items() if value == "割合"]
        if sheet.name in ("リスト", "デシル分析", "月別", "コホート", "地域別", "データ品質"):
            assert pane.attrib["state"] == "frozen"
            assert int(pane.attrib["ySplit"]) >= 3, heads
        assert not list(sheet.xml.iter(f"{main}f"))
        # A column is as wide as its numbers: Excel would show #### otherwise.
        widths = {
            at: float(col.attrib["width"])
            for col in sheet.xml.iter(f"{main}col")
            for at in range(int(col.attrib["min"]) - 1, int(col.attrib["max"]))
        }
        for (_, column), value in sheet.cells.items():
            if isinstance(value, float) and column in widths:
                assert len(f"{value:,.0f}") < widths[column], (sheet.name, value)


@EACH_LANGUAGE
@EACH_RUN
def test_the_same_bytes(name: str, language: str, runs: Path) -> None:
    made = xlsx_of(runs / name, language)
    assert made == xlsx_of(runs / name, language)
    assert len(made) < 300_000


@EACH_RUN
def test_another_reader_reads_the_same(name: str, runs: Path, read: Read) -> None:
    data = xlsx_of(runs / name, "ja")
    book = read(data)
    other = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert other.sheet_names == list(book)
    for title, sheet in book.items():
        theirs = [cell for row in other.get_sheet_by_name(title).to_python() for cell in row]
        numbers = {cell for cell in theirs if isinstance(cell, float)}
        ours = {
            value
            for at, value in sheet.cells.items()
            if isinstance(value, float) and not sheet.formats[at].startswith("yyyy")
        }
        assert ours <= numbers
        assert set(sheet.texts()) <= {str(cell) for cell in theirs}


def test_no_person_stands_in_it(runs: Path, read: Read) -> None:
    told = 0
    books = [read(xlsx_of(runs / name, "ja")) for name in ("clean", "segment")]
    texts = {text for book in books for sheet in book.values() for text in sheet.texts()}
    joined = "\n".join(texts)
    customers = csv.read_csv(runs / "clean" / "customers.csv")
    for column in ("customer_id", "email", "phone", "family_kana"):
        for value in customers.column(column).drop_null().unique().to_pylist()[:300]:
            if len(str(value)) > 3:
                told += 1
                assert str(value) not in texts
                if column != "family_kana":
                    assert str(value) not in joined
    assert told > 300


def test_small_groups_are_masked_as_on_the_page(runs: Path, read: Read) -> None:
    open_, masked = (read(xlsx_of(runs / "segment", "en", mask)) for mask in (1, 10_000))
    assert "Deciles" in open_
    assert "Deciles" not in masked
    assert 'id="pareto-title"' not in html_of(runs / "segment", "en", 10_000)
    for title in ("Segments", "RFM", "Moves", "Cohorts", "Who they are"):
        numbers = [each for each in masked[title].cells.values() if isinstance(each, float)]
        assert len([x for x in open_[title].cells.values() if isinstance(x, float)]) > 10
        if title == "Cohorts":  # its months are dates
            numbers = [x for x in numbers if not 40_000 < x < 50_000]
        assert numbers == [], title
        assert not masked[title].graphs
    segments = masked["Segments"]
    assert set(segments.column("Customers")) == {"<10000"}
    # The page and the workbook hide the same groups.
    for mask in (5, 20, 60):
        page = html_of(runs / "segment", "en", mask)
        table = page.partition('<h2 id="s-segments">')[2].partition("</section>")[0]
        cells = read(xlsx_of(runs / "segment", "en", mask))["Segments"].column("Customers")
        assert table.count(f"&lt;{mask}<") == cells.count(f"<{mask}")
        assert cells.count(f"<{mask}") > 0 or mask == 5


def test_the_first_sheet_is_in_the_order_of_the_page(runs: Path, read: Read) -> None:
    for name in ("clean", "segment"):
        page = html_of(runs / name, "en")
        titles = re.findall(r'<h2 id="s-[a-z_]+">([^<]+)<', page.partition(">In pictures<")[0])
        sheet = read(xlsx_of(runs / name, "en"))["Summary"]
        rows = {
            value: row for (row, at), value in sorted(sheet.cells.items(), reverse=True) if at == 0
        }
        shown = [title for title in titles if title in rows]
        assert len(shown) >= 2
        assert [rows[each] for each in shown] == sorted(rows[each] for each in shown)
