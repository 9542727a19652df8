"""Roles that header and type are enough for are those that the cells would have told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from custseg.fields import recognize, role_map
from custseg.fields.by_type import roles_by_type

DAY = pa.array([date(2024, 1, 31), date(2025, 2, 1)])
MOMENT = DAY.cast(pa.timestamp("us"))
WHOLE = pa.array([12, 3])
MONEY = pa.array([Decimal("9.50"), Decimal("12.00")])
BROKEN = pa.array([9.5, 12.0])
WORDS = pa.array(["a1", "b2"])

SURE: list[tuple[dict[str, pa.Array], dict[str, str]]] = [
    (
        {"order_id": WHOLE, "customer_id": WHOLE, "ordered_at": MOMENT, "unit_price": MONEY},
        {
            "order_id": "order_id",
            "customer_id": "customer_id",
            "ordered_at": "order_date",
            "unit_price": "unit_price",
        },
    ),
    (
        {"顧客番号": WHOLE, "注文日": DAY, "金額": BROKEN, "数量": WHOLE, "原価": WHOLE},
        {
            "顧客番号": "customer_id",
            "注文日": "order_date",
            "金額": "amount",
            "数量": "quantity",
            "原価": "cost",
        },
    ),
    (
        {"CustomerID": BROKEN, "InvoiceDate": MOMENT},
        {
            "CustomerID": "customer_id",
            "InvoiceDate": "order_date",
        },
    ),
]


@pytest.mark.parametrize(("columns", "expected"), SURE)
def test_header_and_type_tell(columns: dict[str, pa.Array], expected: dict[str, str]) -> None:
    table = pa.table(columns)
    assert roles_by_type(table.schema) == expected
    told = role_map(recognize(table, kind="orders"))
    assert {name: told[name] for name in expected} == expected


@pytest.mark.parametrize(
    "columns",
    [
        {"customer_id": WORDS, "order_date": WORDS, "amount": WORDS},
        {"order_date": WHOLE, "amount": DAY, "customer_id": MOMENT},
        {"v1": WHOLE, "計": WHOLE, "day": DAY, "date": DAY, "cid": WHOLE},
        {"amount": MONEY, "金額": MONEY},
        {"price": MONEY, "単価": WORDS},
        {"shipping amount": MONEY, "order_id 2": WHOLE},
        {"phone": WHOLE, "postal_code": WHOLE, "birth_date": DAY},
    ],
    ids=[
        "text",
        "wrong types",
        "unsure words",
        "twice",
        "twice, once as text",
        "of others",
        "of people",
    ],
)
def test_any_doubt_is_left_to_the_cells(columns: dict[str, Any]) -> None:
    assert roles_by_type(pa.table(columns).schema) == {}


def test_a_price_that_is_given_makes_a_sum_no_amount() -> None:
    table = pa.table({"price": ["5", "7"], "quantity": ["1", "2"], "計": ["5", "14"]})
    known = role_map(recognize(table, kind="orders"))
    given = role_map(recognize(table, kind="orders", overrides={"price": "unit_price"}))
    assert known == given == {"price": "unit_price", "quantity": "quantity"}
