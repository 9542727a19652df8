"""Marks of cancelled orders, and amounts refunded under the same headers."""

from __future__ import annotations

import pyarrow as pa
import pytest

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.fields import recognize
from custseg.jobs.monitor import Monitor
from custseg.jobs.segment import rfm
from custseg.messages import text

BASE = {
    "order_id": [f"A-{n}" for n in range(12)],
    "customer_id": [f"C{n % 5}" for n in range(12)],
    "order_date": [f"2025-01-{n + 1:02}" for n in range(12)],
    "amount": [str(1000 + n) for n in range(12)],
}


def orders(header: str, cells: list[object], **more: list[object]) -> pa.Table:
    cells = (cells * 12)[:12]
    return pa.table({**BASE, header: cells, **more})


def role_of(table: pa.Table, header: str) -> tuple[str | None, str]:
    (found,) = (each for each in recognize(table, kind="orders") if each.column == header)
    return found.role, found.reason.key


@pytest.mark.parametrize("header", ["refunded", "返金", "returned", "返品", "cancelled", "status"])
@pytest.mark.parametrize(
    "cells",
    [
        ["0", "1"],
        ["", "1"],
        ["0.0", "1.0"],
        ["0", "-1"],
        [0, 1],
        [0.0, None, 1.0],
        [True, False],
        ["yes", "no"],
        ["", "返品済み"],
        ["", "2025-01-05"],
        ["", "20250105", "20250207"],
        ["", "2025/1/5 10:00"],
        ["paid", "refunded", "partially_refunded"],
        ["paid", "cancelled", "500"],
    ],
)
def test_a_mark_is_yes_or_no_a_state_or_a_day(header: str, cells: list[object]) -> None:
    assert role_of(orders(header, cells), header)[0] == "cancelled"


@pytest.mark.parametrize("header", ["refunded", "返金", "returned", "返品"])
@pytest.mark.parametrize(
    "cells",
    [
        ["0.00", "1.00"],
        ["", "500"],
        ["0", "1", "500"],
        ["0", "0", "0", "0", "0", "0", "0", "1980"],
        ["¥500", "", "¥1,980"],
        ["５００", "", "1"],
        [0, 1, 2],
        [0.0, 19.8],
        ["500", "20250101", "1980"],
    ],
)
def test_amounts_are_no_mark(header: str, cells: list[object]) -> None:
    assert role_of(orders(header, cells), header)[0] == "refund"


@pytest.mark.parametrize(
    "header", ["返金額", "返品金額", "refund", "refund_amount", "Refunded Amount", "返品数"]
)
@pytest.mark.parametrize("cells", [["0", "500"], ["0.00"], ["", "1"], [0, 30]])
def test_a_header_may_say_that_it_is_of_amounts(header: str, cells: list[object]) -> None:
    """Also where nothing says better what the amount of a line is."""
    table = orders(header, cells)
    assert role_of(table, header)[0] == "refund"
    priced = table.drop_columns(["amount"]).append_column("unit_price", pa.array(["5"] * 12))
    assert role_of(priced, header)[0] == "refund"


@pytest.mark.parametrize("cells", [["1", "2", "3"], ["10", "20"], [5, 0, 1, 7]])
def test_codes_that_nobody_knows_are_no_mark(cells: list[object]) -> None:
    """Nor are they numbers of orders, where there are none."""
    table = orders("order_status", cells)
    for each in (table, table.drop_columns(["order_id"])):
        assert role_of(each, "order_status") == (None, "fields.reason.denied")


def test_several_columns_of_refunds_leave_the_mark_to_what_is_one() -> None:
    table = orders("返金", ["", "500"], 返品数=["0", "2"] * 6, ステータス=["完了", "返品"] * 6)
    roles = {each.column: each.role for each in recognize(table, kind="orders")}
    assert roles["返金"] == roles["返品数"] == "refund"
    assert roles["ステータス"] == "cancelled"


def run(table: pa.Table, **roles: str) -> tuple[int, list[tuple[str, object]]]:
    monitor = Monitor()
    settings = Settings(segment=SegmentSettings(clusters="none"), roles=roles)
    found = rfm({"orders": table}, settings=settings, monitor=monitor)
    left = {each.reason: each.rows for each in found.summary.orders.excluded}
    told = [
        (each.key, dict(each.params)["column"])
        for each in monitor.warnings
        if each.key in ("segment.warn.refunds", "segment.warn.no_mark")
    ]
    return left.get("cancelled", 0), told


@pytest.mark.parametrize(
    ("header", "cells", "cancelled", "told"),
    [
        ("refunded", ["0", "1", "500"], 0, "segment.warn.refunds"),
        ("refunded", ["", "1.00", "0.00"], 0, "segment.warn.refunds"),
        ("返金額", ["", "20250101"], 0, "segment.warn.refunds"),
        ("返金額", ["0", "", "0.00"], 0, ""),
        ("refunded", [0.0, None, 1.0], 4, ""),
        ("refunded", ["0", "1"], 6, ""),
        ("キャンセル日", ["", "20250101"], 6, ""),
        ("キャンセル日", [None, 20250101], 6, ""),
        ("キャンセル日", ["", "2025年1月5日"], 6, ""),
        ("order_status", ["1", "2", "3"], 0, "segment.warn.no_mark"),
    ],
)
def test_what_is_left_out_and_what_is_told(
    header: str, cells: list[object], cancelled: int, told: str
) -> None:
    assert run(orders(header, cells)) == (cancelled, [(told, header)] if told else [])


def test_codes_beside_a_mark_are_not_worth_a_word() -> None:
    table = orders("cancelled", ["0", "1"], order_status=["1", "2"] * 6)
    assert run(table) == (6, [])


def test_a_role_that_is_given_stands() -> None:
    assert run(orders("order_status", ["1", "2", "3"]), order_status="cancelled") == (4, [])
    assert run(orders("x", ["1", "0"]), x="refund") == (0, [("segment.warn.refunds", "x")])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_warnings_name_the_column(language: str) -> None:
    assert "返金額" in text("segment.warn.refunds", language, column="返金額")
    assert "状態" in text("segment.warn.no_mark", language, column="状態")
