"""What the amounts of orders are: in which currency, and of a line or of the whole order."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.segment import rfm
from custseg.segment.currencies import header_currency
from custseg.segment.orders import read_orders


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["金額（円）"], "JPY"),
        (["売上金額(税込・円)"], "JPY"),
        (["金額(\\)"], "JPY"),
        (["amount_usd"], "USD"),
        (["Price ($)", "Amount [USD]"], "USD"),
        (["Price ($)", "Amount (€)"], ""),
        (["元値", "amount"], ""),
    ],
)
def test_the_end_of_a_columns_name_tells_the_currency(columns: list[str], expected: str) -> None:
    assert header_currency(columns) == expected


def test_signs_and_columns_of_currency_tell_it(engine: Engine) -> None:
    lines = pa.table({"who": ["a", "b"], "day": ["2024-01-01"] * 2, "money": ["1,200円", "￥5"]})
    columns = {"customer_id": "who", "order_date": "day", "amount": "money"}
    readers = {"number": lambda texts: [text.strip("￥円").replace(",", "") for text in texts]}
    assert read_orders(engine, lines, columns, readers=readers).stage.currency == "JPY"
    coded = lines.set_column(2, "money", [["1", "2"]]).append_column("code", [["gbp", "GBP"]])
    found = read_orders(engine, coded, {**columns, "currency": "code"})
    assert found.stage.currency == "GBP"


def test_yen_signs_of_shift_jis_are_no_backslashes(tmp_path: Path) -> None:
    # Excel writes the sign as the byte 5C, which every reader of cp932 takes for a backslash.
    written = '注文番号,会員番号,注文日,金額\n1,a,2025/1/2,"\\1,200"\n2,b,2025/1/3,\\800\n'
    path = tmp_path / "orders.csv"
    path.write_bytes(written.encode("cp932"))
    orders = rfm(path).summary.orders
    assert (orders.money_used, orders.currency, orders.excluded) == (2_000, "JPY", ())


def test_lines_are_added_up_where_the_amount_is_the_total_of_the_order() -> None:
    lines = [
        (str(order), f"c{order % 40}", "2024-01-05", "30", str(10 * place), str(3 - place))
        for order in range(400)
        for place in (1, 2)
    ]
    names = ["order_id", "customer_id", "order_date", "amount", "unit_price", "quantity"]
    table = pa.table(dict(zip(names, map(list, zip(*lines, strict=True)), strict=True)))
    found = rfm({"orders": table}).summary
    assert {each.key for each in found.warnings} >= {"segment.warn.lines_for_totals"}
    assert found.orders.money_used == 400 * (10 * 2 + 20 * 1)
    assert "amount" not in found.orders.roles
    told = rfm({"orders": table}, settings=Settings(roles={"amount": "amount"})).summary
    assert told.orders.money_used == 400 * 2 * 30
    assert {each.key for each in told.warnings} >= {"segment.warn.order_totals"}


@pytest.mark.parametrize(("amounts", "warned"), [(("30", "30"), True), (("10", "20"), False)])
def test_a_total_repeated_on_every_line_is_told(amounts: tuple[str, str], warned: bool) -> None:
    lines = [
        (str(order), f"c{order % 40}", "2024-01-05", amount, f"p{order + place}")
        for order in range(400)
        for place, amount in enumerate(amounts)
    ]
    names = ["order_id", "customer_id", "order_date", "amount", "product_id"]
    table = pa.table(dict(zip(names, map(list, zip(*lines, strict=True)), strict=True)))
    found = rfm({"orders": table})
    keys = {each.key for each in found.summary.warnings}
    assert ("segment.warn.order_totals" in keys) is warned


@pytest.mark.parametrize(
    ("quantity", "price", "expected"),
    [
        ("1000000", "1000000.50", Decimal(1000000500000)),
        ("0.005", "3.3333", Decimal("0.0167")),
        ("100000", "99999999999.9999", None),
    ],
)
def test_a_quantity_in_the_millions_at_a_price_in_the_millions_is_exact(
    engine: Engine, quantity: str, price: str, expected: Decimal | None
) -> None:
    """The product of both in 64 bits would end the run; past what money holds it is none."""
    lines = pa.table(
        {
            "customer_id": ["a", "b"],
            "order_date": ["2024-01-01"] * 2,
            "quantity": ["2", quantity],
            "unit_price": ["1.50", price],
        }
    )
    found = read_orders(engine, lines, {name: name for name in lines.column_names})
    assert found.money_used == 3 + (expected or 0)
    assert [each.reason for each in found.excluded] == ([] if expected else ["no_amount"])
