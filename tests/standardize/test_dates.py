"""Dates: eras, orders proven by the column, spreadsheets' numbers, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.cleanse.standardize.base import Cell, Context, Status
from custseg.cleanse.standardize.date import (
    birth_shortcut,
    shortcut,
    standardize_birth_date,
    standardize_date,
    standardize_timestamp,
    survey,
)
from custseg.cleanse.standardize.eras import HEISEI, MEIJI, REIWA, SHOWA, TAISHO
from custseg.cleanse.standardize.table import standardize_table
from custseg.engine import Engine

CONTEXT = Context()

DATES = (
    ("昭和五十五年三月一日", "1980-03-01", None),
    ("二〇二四年三月一日", "2024-03-01", None),
    ("㍻元年1月8日", "1989-01-08", None),
    ("昭和55年(1980年)3月1日", "1980-03-01", None),
    ("1980年（昭和55年）3月1日", "1980-03-01", None),
    ("1980年（昭和54年）3月1日", None, "not_a_date"),
    ("S550301", "1980-03-01", None),
    ("3550301", "1980-03-01", "era_code"),
    ("昭和55年3月1日生", "1980-03-01", None),
    ("M45.7.30", "1912-07-30", None),
    ("T1.7.30", "1912-07-30", None),
    ("明治5年1月1日", None, "lunar_calendar"),
    ("昭和100年1月1日", "2025-01-01", "era_overflow"),
    ("令和元年4月30日", "2019-04-30", "before_era_start"),
    ("令和0年1月1日", None, "no_such_date"),
    ("2024/3/1(金) 12:30", "2024-03-01", None),
    ("2024年3月1日 午後3時20分", "2024-03-01", None),
    ("20240301T123000Z", "2024-03-01", None),
    ("19800301.0", "1980-03-01", "decimal_removed"),
    ("1st of March 1980", "1980-03-01", None),
    ("01MAR1980", "1980-03-01", None),
    ("Sat Mar  1 00:00:00 JST 1980", "1980-03-01", None),
    ("1. März 1980", "1980-03-01", None),
    ("1er février 1980", "1980-02-01", None),
    ("1 de marzo de 1980", "1980-03-01", None),
    ("01.03.1980", "1980-03-01", None),
    ("13/01/1980", "1980-01-13", None),
    ("05/05/1980", "1980-05-05", None),
    ("13011980", "1980-01-13", None),
    ("01031980", None, "day_month_order"),
    ("1609459200", "2021-01-01", "unix_time"),
    ("29281.5", "1980-03-01", "excel_serial"),
    ("1980", None, "incomplete"),
    ("1980年3月", None, "incomplete"),
    ("Mar-80", None, "incomplete"),
    ("800301", None, "two_digit_year"),
    ("12/25/99", "1999-12-25", "two_digit_year"),
    ("80/3/1", "1980-03-01", "two_digit_year"),
    ("55/3/1", None, "two_digit_year"),
    ("24/05/01", None, "day_month_order"),
    ("2024-13-01", None, "no_such_date"),
    ("2023/02/29 10:00", None, "no_such_date"),
    ("1980-03-01 25:00", None, "not_a_date"),
    ("1980-03-01x", None, "not_a_date"),
    ("山田", None, "not_a_date"),
)


@pytest.mark.parametrize(("raw", "value", "reason"), DATES)
def test_reading(raw: str, value: str | None, reason: str | None) -> None:
    cell = standardize_date(raw, CONTEXT)
    assert (cell.value, cell.reason) == (value, reason)


@pytest.mark.parametrize("raw", ["0000-00-00", "00000000", "0001-01-01 00:00:00", "1900/1/0"])
def test_dates_of_nothing(raw: str) -> None:
    assert standardize_date(raw, CONTEXT) == Cell(None, Status.MISSING)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2024/3/1 8:05", "2024-03-01T08:05:00"),
        ("2024-03-01T12:30:00.250+0900", "2024-03-01T12:30:00.25+09:00"),
        ("2024/3/1 3:20 PM", "2024-03-01T15:20:00"),
        ("2024/3/1 12:05 AM", "2024-03-01T00:05:00"),
        ("20240301123000", "2024-03-01T12:30:00"),
        ("2024/3/1", "2024-03-01"),
    ],
)
def test_a_timestamp_keeps_its_time(raw: str, value: str) -> None:
    assert standardize_timestamp(raw, CONTEXT).value == value
    assert standardize_timestamp(value, CONTEXT) == Cell(value)


@pytest.mark.parametrize(
    ("raw", "as_of", "value", "reason"),
    [
        ("2027-01-01", "2026-06-30", None, "in_the_future"),
        ("2027-01-01", "", "2027-01-01", None),
        ("12/25/80", "2026-06-30", "1980-12-25", "two_digit_year"),
        ("12/25/24", "2026-06-30", None, "two_digit_year"),
        ("12/25/28", "2026-06-30", "1928-12-25", "two_digit_year"),
        ("12/25/28", "", None, "two_digit_year"),
        ("1900-01-01", "2026-06-30", "1900-01-01", "placeholder"),
    ],
)
def test_births(raw: str, as_of: str, value: str | None, reason: str | None) -> None:
    cell = standardize_birth_date(raw, Context(as_of=as_of))
    assert (cell.value, cell.reason) == (value, reason)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/01/1980", "25/12/1980"], "dmy"),
        (["03/01/1980", "12/25/1980"], "mdy"),
        (["03/01/1980", "25/12/1980", "12/25/1980"], ""),
        (["03/01/1980", "05/05/1980"], ""),
        (["24/05/01", "99/12/31"], "ymd"),
        (["01/05/24", "12/31/99"], "mdy"),
        (["1980/13/01", "1980-01-31"], ""),
        ([], ""),
    ],
)
def test_the_column_proves_the_order(cells: list[str], order: str) -> None:
    assert survey(cells, CONTEXT).date_order == order


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def test_a_proven_order_reads_the_whole_column(engine: Engine) -> None:
    table = pa.table({"d": ["03/01/1980", "12/25/1980", "1/2/2010 8:26"]})
    done = standardize_table(table, {"d": "order_date"}, CONTEXT, engine, source="f")
    assert done.table.column("d").to_pylist() == ["1980-03-01", "1980-12-25", "2010-01-02"]
    doubtful = standardize_table(table.slice(0, 1), {"d": "date"}, CONTEXT, engine, source="f")
    assert doubtful.changes.to_pylist()[0]["status"] == "ambiguous"


DAYS = st.dates(date(1873, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_every_day_in_every_writing(day: date) -> None:
    iso = day.isoformat()
    era = next(era for era in (REIWA, HEISEI, SHOWA, TAISHO, MEIJI) if era.first <= iso <= era.last)
    name = {REIWA: "令和", HEISEI: "平成", SHOWA: "昭和", TAISHO: "大正", MEIJI: "明治"}[era]
    year = day.year - era.base
    for raw in (
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日",
        f"{day:%d %B %Y}",
        f"{day:%b} {day.day}, {day.year}",
        f"{iso} 23:59:59",
        iso,
    ):
        assert standardize_date(raw, CONTEXT).value == iso


@given(st.integers(10_000, 73_050))
def test_serials_count_days(serial: int) -> None:
    day = date(1899, 12, 30) + timedelta(days=serial)
    assert standardize_date(str(serial), CONTEXT) == Cell(
        day.isoformat(), Status.CORRECTED, "excel_serial"
    )


@given(
    st.lists(
        st.one_of(
            st.from_regex(
                r"[12][0-9]{3}[-/][0-9]{1,2}[-/][0-9]{1,2}( [0-9]{1,2}:[0-9]{2})?", fullmatch=True
            ),
            DAYS.map(date.isoformat),
            st.from_regex(r"[0-9]{1,2}/[0-9]{1,2}/[0-2][0-9]{3}", fullmatch=True),
            st.from_regex(
                r"(jan|Feb|MAR|April|May|Juni|set|aout|Sat|Sept)[a-c]? [0-9]{1,2},? [12][0-9]{3}",
                fullmatch=True,
            ),
            st.from_regex(
                r"[0-9]{1,2} (December|oct|Mon|Nov|av[a-s]+) [12][0-9]{3}", fullmatch=True
            ),
        ),
        min_size=1,
    ),
    st.sampled_from(["", "dmy", "mdy", "ymd"]),
)
def test_the_shortcuts_are_the_cell_functions(values: list[str], order: str) -> None:
    context = Context(as_of="2026-06-30", date_order=order)
    for fast, slow in ((shortcut, standardize_date), (birth_shortcut, standardize_birth_date)):
        settled = fast(pa.array(values), context)
        for at in settled.mask.nonzero()[0].tolist():
            cell = slow(values[at], context)
            assert (cell.value, cell.status) == (settled.value[at].as_py(), settled.status[at])
            assert cell.reason is None


def test_the_shortcut_settles_what_most_files_write() -> None:
    values = pa.array(["1980-03-01", "1980/3/1", "Mar 1, 1980", "1 March 1980", "3/1/1980"])
    settled = shortcut(values, Context(date_order="mdy"))
    assert settled.mask.all()
    assert settled.value.to_pylist() == ["1980-03-01"] * 5
    assert not shortcut(pa.array(["3/1/1980", "Febr 1, 1980"]), Context()).mask.any()
