from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from custseg.engine import Engine
from custseg.segment.orders import Orders, read_orders
from custseg.segment.profile import age_bands, customer_profile, with_attributes

HEADER = (
    "customer_id order_id order_date amount category channel campaign discount cost product_name"
)
ROWS = [
    ("ann", "1", "2024-01-01", "100", "tea", "shop", None, "10", "40", "green"),
    ("ann", "1", "2024-01-01", "50", "cake", "shop", None, None, "20", "roll"),
    ("ann", "2", "2024-01-11", "30", "cake", "web", "spring", "0", "10", "roll"),
    ("ann", "3", "2024-01-31", "70", "cake", "web", None, "0", "30", "roll"),
    ("bob", "4", "2024-02-04", "5", "tea", None, None, "-5", None, "green"),
]  # fmt: skip


@pytest.fixture(scope="module")
def profile(engine: Engine) -> pa.Table:
    names = HEADER.split()
    lines = pa.table(
        {name: list(column) for name, column in zip(names, zip(*ROWS, strict=True), strict=True)}
    )
    return customer_profile(engine, read_orders(engine, lines, {name: name for name in names}))


def test_one_customer_by_hand(profile: pa.Table) -> None:
    ann = profile.to_pylist()[0]
    assert ann == {
        "customer_id": "ann",
        "first_order": date(2024, 1, 1),
        "second_order": date(2024, 1, 11),
        "last_order": date(2024, 1, 31),
        "frequency": 3,
        "monetary": Decimal(250),
        "average_order": pytest.approx(250 / 3),
        "discount_rate": round(10 / 260, 6),
        "margin": Decimal(150),
        "margin_rate": pytest.approx(150 / 250),
        "first_channel": "shop",
        "last_channel": "web",
        "first_campaign": None,
        "last_campaign": None,
        "days_to_second": 10,
        "recency_days": 5,
        "interval_days": 15.0,
        "lateness": round(5 / 15, 6),
        "preferred_channel": "web",
        "preferred_campaign": "spring",
        "favorite_category": "cake",
        "favorite_category_share": pytest.approx(150 / 250),
        "last_category": "cake",
        "favorite_product": "roll",
        "favorite_product_share": pytest.approx(150 / 250),
    }


def test_what_the_orders_cannot_tell_is_empty(profile: pa.Table) -> None:
    bob = profile.to_pylist()[1]
    empty = {name for name, value in bob.items() if value is None}
    assert empty == {
        *("second_order", "days_to_second", "interval_days", "lateness", "margin", "margin_rate"),
        *("first_channel", "last_channel", "preferred_channel"),
        *("first_campaign", "last_campaign", "preferred_campaign"),
    }
    assert bob["discount_rate"] == pytest.approx(0.5)


def test_the_last_category_is_that_of_most_money_on_the_last_day_alone(engine: Engine) -> None:
    rows = [
        ("ann", "1", "2024-01-01", "900", "tea"),
        ("ann", "2", "2024-02-01", "10", "tea"),
        ("ann", "3", "2024-02-01", "30", "cake"),
        ("ann", "3", "2024-02-01", "25", "tea"),
        ("bob", "4", "2024-02-01", "10", "cake"),
        ("bob", "5", "2024-03-01", "10", None),
        ("cid", "6", "2024-03-01", "10", "tea"),
        ("cid", "7", "2024-03-01", "10", "cake"),
    ]
    names = ["customer_id", "order_id", "order_date", "amount", "category"]
    columns = zip(*rows, strict=True)
    for order in (1, -1):
        lines = pa.table(
            {n: list(column)[::order] for n, column in zip(names, columns, strict=True)}
        )
        columns = zip(*rows, strict=True)
        orders = read_orders(engine, lines, {name: name for name in names})
        found = customer_profile(engine, orders)["last_category"].to_pylist()
        assert found == ["tea", None, "cake"]


def test_online_retail_profile_agrees_with_the_orders(engine: Engine, retail: Orders) -> None:
    table = customer_profile(engine, retail)
    assert table.num_rows == 4_338
    assert pc.sum(table["monetary"]).as_py() == retail.money_used
    assert pc.sum(pc.is_valid(table["second_order"])).as_py() == 2_790
    assert "favorite_category" not in table.column_names
    assert pc.min(table["favorite_product_share"]).as_py() > 0


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2004-06-16", "<20"),
        ("2004-06-15", "20-29"),
        ("1994-06-16", "20-29"),
        ("1994-06-15", "30-39"),
        ("1944-01-31", "80+"),
        ("2024-06-16", None),
        ("about 1980", None),
        ("1980-13-01", None),
        (None, None),
    ],
)
def test_age_bands_change_on_the_birthday(born: str | None, band: str | None) -> None:
    column = pa.chunked_array([pa.array([born], pa.string())])
    assert age_bands(column, date(2024, 6, 15)).to_pylist() == [band]


def test_attributes_come_from_the_customers(profile: pa.Table) -> None:
    customers = pa.table(
        {
            "customer_id": ["bob", "cy"],
            "gender": ["male", "female"],
            "birth_date": ["1990-05-05", None],
            "points": ["1", "2"],
        }
    )
    joined = with_attributes(profile, customers, date(2024, 2, 5))
    assert joined["gender"].to_pylist() == [None, "male"]
    assert joined["age_band"].to_pylist() == [None, "30-39"]
    assert "points" not in joined.column_names


def test_margin_is_that_of_the_lines_whose_cost_is_known(engine: Engine) -> None:
    lines = pa.table(
        {
            "customer_id": ["ann"] * 3,
            "order_id": ["1", "1", "2"],
            "order_date": ["2024-01-01", "2024-01-01", "2024-01-05"],
            "amount": ["100", "50", "30"],
            "cost": ["40", None, None],
        }
    )
    orders = read_orders(engine, lines, {name: name for name in lines.column_names})
    (row,) = customer_profile(engine, orders).select(["margin", "margin_rate"]).to_pylist()
    assert row == {"margin": Decimal(60), "margin_rate": pytest.approx(0.6)}
