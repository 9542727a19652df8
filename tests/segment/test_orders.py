from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custseg.config import Settings
from custseg.config.schema import StandardizeSettings
from custseg.engine import Engine
from custseg.errors import InputError
from custseg.jobs.orders import standard_readers
from custseg.jobs.segment import rfm
from custseg.segment.lines import LineSettings
from custseg.segment.orders import Orders, read_orders
from custseg.segment.rfm import Customers

COLUMNS = {
    "customer_id": "who",
    "order_id": "order",
    "order_date": "day",
    "quantity": "n",
    "unit_price": "price",
}


def lines(*rows: tuple[str | None, ...], names: str = "who order day n price") -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table(
        {
            name: pa.array(column, pa.string())
            for name, column in zip(names.split(), columns, strict=True)
        }
    )


def excluded(orders: Orders) -> dict[str, tuple[int, Decimal]]:
    return {item.reason: (item.rows, item.money) for item in orders.excluded}


def test_online_retail_is_accounted_for_to_the_last_line(retail: Orders) -> None:
    assert retail.rows_in == 541_909
    assert retail.rows_used == 397_884
    assert retail.money_used == Decimal("8911407.904")
    assert {reason: rows for reason, (rows, _) in excluded(retail).items()} == {
        "no_customer": 135_080,
        "cancelled": 8_905,
        "price": 40,
    }
    assert len(retail.table) == 18_532
    assert len(retail.table["customer_id"].unique()) == 4_338
    assert retail.as_of == date(2011, 12, 10)
    left_out = sum(item.money for item in retail.excluded)
    assert retail.money_in == retail.money_used + left_out


def test_online_retail_money_in_agrees_with_exact_sums_by_hand(
    retail: Orders, retail_lines: pa.Table
) -> None:
    quantities = retail_lines["q"].to_pylist()
    thousandths = np.rint(retail_lines["p"].to_numpy() * 1000).astype(int).tolist()
    by_hand = sum(n * price for n, price in zip(quantities, thousandths, strict=True))
    assert retail.money_in == Decimal(by_hand) / 1000


def test_online_retail_values(retail_customers: Customers) -> None:
    summary = {
        name: (values.mean(), np.median(values), values.min(), values.max())
        for name, values in {
            "recency": retail_customers.recency_days,
            "frequency": retail_customers.frequency,
            "monetary": retail_customers.monetary,
        }.items()
    }
    assert summary["recency"] == pytest.approx((93.0595, 51, 1, 374), abs=5e-5)
    assert summary["frequency"] == pytest.approx((4.2720, 2, 1, 209), abs=5e-5)
    assert summary["monetary"] == pytest.approx((2054.266, 674.485, 3.75, 280_206.02), abs=5e-4)
    once = int((retail_customers.frequency == 1).sum())
    assert once == 1_493
    assert 1 - once / len(retail_customers) == pytest.approx(0.655832, abs=5e-7)
    average = retail_customers.monetary.sum() / retail_customers.frequency.sum()
    assert average == pytest.approx(480.866, abs=5e-4)


def test_each_line_is_left_out_for_one_reason_and_its_money_reported(engine: Engine) -> None:
    orders = read_orders(
        engine,
        lines(
            ("a", "1", "2024-01-01", "2", "10.00"),
            ("a", "1", "2024-01-01", "1", "0.50"),
            (None, None, " ", None, ""),
            (" ", "2", "2024-01-02", "1", "3"),
            ("a", "C3", "2024-01-03", "-1", "4"),
            ("b", "4", "no day", "1", "5"),
            ("b", "5", "2024-03-01", "1", "6"),
            ("b", "6", "2024-01-05", "-2", "7"),
            ("b", "7", "2024-01-06", "1", "cheap"),
            ("b", "8", "2024-01-07", "1", "0"),
        ),
        COLUMNS,
        settings=LineSettings(as_of=date(2024, 2, 1)),
    )
    assert orders.money_used == Decimal("20.5")
    assert orders.table["n_lines"].to_pylist() == [2]
    assert excluded(orders) == {
        "empty": (1, Decimal(0)),
        "no_customer": (1, Decimal(3)),
        "cancelled": (1, Decimal(-4)),
        "undated": (1, Decimal(5)),
        "future": (1, Decimal(6)),
        "quantity": (1, Decimal(-14)),
        "no_amount": (1, Decimal(0)),
        "price": (1, Decimal(0)),
    }
    assert orders.money_in == Decimal("16.5")


def test_a_number_with_c_is_no_mark_where_ordinary_orders_have_one_too(engine: Engine) -> None:
    orders = read_orders(
        engine,
        lines(("a", "C1", "2024-01-01", "1", "5"), ("a", "C2", "2024-01-02", "-1", "5")),
        COLUMNS,
    )
    assert excluded(orders) == {"quantity": (1, Decimal(-5))}


@pytest.mark.parametrize(
    "word",
    [
        *("1", "TRUE", "Yes", "キャンセル", "返品", "cancelled", "2024-01-05 10:00"),
        *(
            "注文取消し",
            "キャンセル済み",
            "返品済",
            "返金完了",
            "注文キャンセル",
            "取り消し",
            "取消",
        ),
        *(
            "顧客都合キャンセル",
            "ｷｬﾝｾﾙ",
            "赤伝",
            "Refunded",
            "fully_refunded",
            "cancelled by customer",
        ),
    ],
)
def test_a_cancelled_mark_leaves_a_line_out(engine: Engine, word: str) -> None:
    table = lines(
        ("a", "2024-01-01", "5", word),
        ("b", "2024-01-01", "7", None),
        ("c", "2024-01-01", "8", "0"),
        names="who day money void",
    )
    columns = {
        "customer_id": "who", "order_date": "day", "amount": "money", "cancelled": "void"
    }  # fmt: skip
    orders = read_orders(engine, table, columns)
    assert excluded(orders) == {"cancelled": (1, Decimal(5))}


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-01-02", "2024-01-02T00:00:00"),
        ("2024/1/2", "2024-01-02T00:00:00"),
        ("2024.1.2", "2024-01-02T00:00:00"),
        ("20240102", "2024-01-02T00:00:00"),
        (" 2024-01-02 03:04 ", "2024-01-02T03:04:00"),
        ("2024-01-02T23:04:05+09:00", "2024-01-02T23:04:05"),
        ("2024-01-02T23:04Z", "2024-01-02T23:04:00"),
    ],
)
def test_days_are_read_as_they_are_written(engine: Engine, written: str, moment: str) -> None:
    orders = read_orders(engine, lines(("a", "1", written, "1", "1")), COLUMNS)
    assert [at.isoformat() for at in orders.table["ordered_at"].to_pylist()] == [moment]
    assert orders.as_of == date(2024, 1, 3)


@pytest.mark.parametrize(
    "written", ["25/01/03", "0025-01-03", "9999-12-31", "1899-12-31", "2100-01-01", "12"]
)
def test_days_of_no_possible_business_are_no_days(engine: Engine, written: str) -> None:
    table = lines(("a", "1", written, "1", "1"), ("b", "2", "2024-01-02", "1", "1"))
    orders = read_orders(engine, table, COLUMNS, readers=standard_readers(engine, Settings()))
    assert orders.table["order_id"].to_pylist() == ["2"]
    assert excluded(orders) == {"undated": (1, Decimal(1))}
    assert orders.as_of == date(2024, 1, 3)


@pytest.mark.parametrize(
    ("order", "written", "days"),
    [
        (None, ("03/04/2025", "05/06/2025"), []),
        ("dmy", ("03/04/2025", "05/06/2025"), ["2025-04-03", "2025-06-05"]),
        ("mdy", ("03/04/2025", "05/06/2025"), ["2025-03-04", "2025-05-06"]),
        ("ymd", ("25/03/04", "25/05/06"), ["2025-03-04", "2025-05-06"]),
        (None, ("25/1/3", "25/12/10"), ["2025-01-03", "2025-12-10"]),
        # What a day of the column proves stands above the setting.
        ("mdy", ("03/04/2025", "25/06/2025"), ["2025-04-03", "2025-06-25"]),
    ],
)
def test_the_order_of_day_and_month_is_the_users_where_the_column_does_not_tell(
    order: Literal["dmy", "mdy", "ymd"] | None, written: tuple[str, ...], days: list[str]
) -> None:
    table = pa.table(
        {
            "who": ["a"] * 3,
            "day": [*written, "2025-01-01"],
            "money": ["5", "6", "7"],
        }
    )
    chosen = Settings(
        standardize=StandardizeSettings(date_order=order),
        roles={"who": "customer_id", "day": "order_date", "money": "amount"},
    )
    found = rfm({"orders": table}, settings=chosen)
    assert found.summary.orders.rows_used == 1 + len(days)
    assert found.summary.orders.last_order == max(["2025-01-01", *days])


def test_typed_days_of_no_possible_business_are_no_days(engine: Engine) -> None:
    days = pa.array([date(1, 1, 1), date(2024, 1, 2), date(9999, 12, 31)], pa.date32())
    table = pa.table(
        {"who": ["a", "b", "c"], "order": ["1", "2", "3"], "day": days, "n": [1] * 3,
         "price": [5] * 3}
    )  # fmt: skip
    orders = read_orders(engine, table, COLUMNS)
    assert orders.table["order_id"].to_pylist() == ["2"]


@pytest.mark.parametrize(
    "word",
    [
        *("発送済", "paid", "no", "0", "キャンセル不可", "キャンセル申請中", "返品不可"),
        *("partially_refunded", "not cancelled", "returnable", "新規受付", "対応中"),
    ],
)
def test_other_states_of_an_order_count(engine: Engine, word: str) -> None:
    table = lines(("a", "2024-01-01", "5", word), names="who day money state")
    columns = {
        "customer_id": "who", "order_date": "day", "amount": "money", "cancelled": "state"
    }  # fmt: skip
    assert read_orders(engine, table, columns).money_used == Decimal(5)


def test_readers_see_each_odd_value_once(engine: Engine) -> None:
    seen: dict[str, list[str]] = defaultdict(list)

    def days(texts: list[str]) -> list[str | None]:
        seen["date"] += texts
        return ["2024-05-01" if text == "令和6年5月1日" else None for text in texts]

    def numbers(texts: list[str]) -> list[str | None]:
        seen["number"] += texts
        return [text.strip("¥").replace(",", "") for text in texts]

    orders = read_orders(
        engine,
        lines(
            ("a", "1", "令和6年5月1日", "1", "¥1,200"),
            ("b", "2", "令和6年5月1日", "1", "¥1,200"),
            ("b", "3", "2024-05-02", "1", "300"),
            ("b", "4", "?", "1", "300"),
        ),
        COLUMNS,
        readers={"date": days, "number": numbers},
    )
    assert seen == {"date": ["?", "令和6年5月1日"], "number": ["¥1,200"]}
    assert orders.money_used == Decimal(2700)
    assert excluded(orders) == {"undated": (1, Decimal(300))}


def test_text_and_typed_columns_give_the_same_orders(
    engine: Engine, retail_columns: dict[str, str], retail_lines: pa.Table
) -> None:
    typed = retail_lines.slice(0, 20_000)
    text = pa.table(
        {
            "InvoiceNo": typed["InvoiceNo"],
            "StockCode": typed["StockCode"],
            "Description": typed["Description"],
            "q": typed["q"].cast(pa.string()),
            "ts": pc.strftime(typed["ts"], "%Y-%m-%d %H:%M:%S"),
            "p": typed["p"].cast(pa.string()),
            "cid": typed["cid"].cast(pa.string()),
        }
    )
    floating = typed.set_column(6, "cid", typed["cid"].cast(pa.float64()))
    first, second, third = (
        read_orders(engine, table, retail_columns) for table in (typed, text, floating)
    )
    assert first.table.equals(second.table)
    assert first.table.equals(third.table)
    assert first.excluded == second.excluded == third.excluded


def test_the_order_of_the_lines_changes_nothing(
    engine: Engine, retail_columns: dict[str, str], retail_lines: pa.Table
) -> None:
    some = retail_lines.slice(0, 30_000)
    shuffled = some.take(np.random.default_rng(5).permutation(len(some)))
    first, second = (
        read_orders(engine, some, retail_columns),
        read_orders(engine, shuffled, retail_columns),
    )
    assert first.table.equals(second.table)
    assert first.excluded == second.excluded


def test_orders_that_stand_in_two_files_count_once(engine: Engine) -> None:
    names = "who order day n price file"
    table = lines(
        ("a", "1", "2024-01-01", "1", "5", "one.csv"),
        ("a", "1", "2024-01-01", "1", "5", "one.csv"),
        ("a", "1", "2024-01-01", "1", "5", "two.csv"),
        ("a", "1", "2024-01-01", "1", "5", "two.csv"),
        ("b", "1", "2024-01-01", "1", "9", "three.csv"),
        names=names,
    )
    orders = read_orders(engine, table, {**COLUMNS, "source": "file"})
    assert orders.money_used == Decimal(19)
    assert excluded(orders) == {"repeated": (2, Decimal(10))}


def test_without_order_numbers_each_row_or_each_day_is_an_order(engine: Engine) -> None:
    table = lines(
        ("a", "2024-01-01", "5"),
        ("a", "2024-01-01", "5"),
        ("a", "2024-01-02", "5"),
        names="who day money",
    )
    columns = {"customer_id": "who", "order_date": "day", "amount": "money"}
    rows = read_orders(engine, table, columns)
    days = read_orders(engine, table, columns, settings=LineSettings(order_key="day"))
    assert (len(rows.table), len(days.table)) == (3, 2)
    assert rows.money_used == days.money_used == Decimal(15)


def test_orders_of_customers_outside_the_clean_run_are_kept_and_counted(engine: Engine) -> None:
    table = lines(
        ("1", "10", "2024-01-01", "1", "5"),
        ("2", "11", "2024-01-01", "1", "6"),
        ("9", "12", "2024-01-01", "1", "7"),
    )
    golden = pa.table({"source_id": ["1", "2"], "customer_id": ["G1", "G1"]})
    orders = read_orders(engine, table, COLUMNS, customers=golden)
    assert orders.table["customer_id"].to_pylist() == ["9", "G1", "G1"]
    assert orders.unknown == (1, 1, Decimal(7))


def test_ids_that_a_program_took_for_numbers_are_those_they_were(engine: Engine) -> None:
    table = lines(
        ("123.0", "10.0", "2024-01-01", "1", "5"),
        ("123", "11", "2024-01-02", "1", "6"),
        ("00123", "12", "2024-01-02", "1", "6"),
        ("1.5", "13", "2024-01-02", "1", "6"),
        ("V1.0", "14", "2024-01-02", "1", "6"),
    )
    orders = read_orders(engine, table, COLUMNS)
    assert orders.table["customer_id"].to_pylist() == ["00123", "1.5", "123", "123", "V1.0"]
    assert sorted(orders.table["order_id"].to_pylist()) == ["10", "11", "12", "13", "14"]


@pytest.mark.parametrize(
    ("table", "columns", "key"),
    [
        (lines(("a", "1", "x", "1", "1")), COLUMNS, "segment.no_dates"),
        (lines(("", "1", "2024-01-01", "1", "1")), COLUMNS, "segment.none_used.no_customer"),
        (
            lines(
                ("a", "1", "2024-01-01", "1", "0"),
                ("", "3", "2024-01-01", "1", "5"),
                ("a", "2", "2024-01-01", "1", "-2"),
            ),
            COLUMNS,
            "segment.none_used.price",
        ),
        (lines(("a", "1", "2024-01-01", "1", "1")), {"customer_id": "who"}, "segment.role_missing"),
        (
            lines(("a", "1", "2024-01-01", "1", "¥100"), ("a", "2", "2024-01-01", "1", "$1")),
            COLUMNS,
            "segment.currencies",
        ),
        (
            lines(
                ("a", "1", "2024-01-01", "1", "1", "JPY"),
                ("a", "2", "2024-01-01", "1", "1", "usd"),
                names="who order day n price unit",
            ),
            {**COLUMNS, "currency": "unit"},
            "segment.currencies",
        ),
    ],
)
def test_orders_that_cannot_be_used_are_refused(
    engine: Engine, table: pa.Table, columns: dict[str, str], key: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_orders(engine, table, columns)
    assert caught.value.key == key


CELL = st.sampled_from([None, "a", "b", "C1", "2024-01-01", "2024-01-02", "1", "-2", "0.125", "?"])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), max_size=12))
def test_rows_and_money_are_conserved(engine: Engine, rows: list[tuple[str | None, ...]]) -> None:
    """Against a plain reading of every line."""
    certain = ("z", "9", "2024-01-01", "1", "1")
    table = lines(certain, *rows)
    orders = read_orders(engine, table, COLUMNS)
    money = Decimal(0)
    for *_, n, price in (certain, *rows):
        try:
            line = Decimal(n or "x") * Decimal(price or "x")
            money += line.quantize(Decimal("0.0001"), ROUND_HALF_UP)
        except ArithmeticError:
            continue
    assert (
        orders.rows_in
        == len(rows) + 1
        == orders.rows_used + sum(item.rows for item in orders.excluded)
    )
    assert orders.money_in == money
