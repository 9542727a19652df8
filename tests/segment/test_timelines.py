"""What is made from the orders of customers, beside queries that ask the same of a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.segment import ledger
from custseg.segment.history import later_purchases, purchase_history
from custseg.segment.lookalikes import beginnings
from custseg.segment.maps import DEFAULT, segment_map
from custseg.segment.migration import spent_in_year, standing
from custseg.segment.nlr import nlr
from custseg.segment.orders import Orders, read_orders
from custseg.segment.periods import cohorts, months
from custseg.segment.repeat import repeat_summary
from custseg.segment.timelines import Months, Timelines
from custseg.segment.windows import activity, periods

COLUMNS = {"customer_id": "who", "order_id": "n", "order_date": "at", "amount": "money"}
BEGIN = np.datetime64("2023-11-05T00:00:00")
DAY = date(2024, 3, 9)

rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "ｄ", "e5"]),
        st.integers(0, 12),
        st.integers(0, 500 * 24),
        st.integers(1, 10**12),
    ),
    min_size=1,
    max_size=40,
)


def orders_of(engine: Engine, given_: list[tuple[str, int, int, int]]) -> Orders:
    lines = pa.table(
        {
            "who": [who for who, *_ in given_],
            "n": [f"{who}{number}" for who, number, *_ in given_],
            "at": [str(BEGIN + np.timedelta64(hours, "h")) for _, _, hours, _ in given_],
            "money": [f"{money // 10**4}.{money % 10**4:04}" for *_, money in given_],
        }
    )
    return read_orders(engine, lines, COLUMNS)


@given(rows)
def test_months_and_cohorts_are_those_of_queries(given_: list[tuple[str, int, int, int]]) -> None:
    with Engine(threads=1) as engine:
        orders = orders_of(engine, given_)
        firsts = (
            "WITH firsts AS (SELECT *, MIN(order_date) OVER (PARTITION BY customer_id) AS first"
            " FROM orders) SELECT strftime(first, '%Y-%m') AS cohort,"
            " strftime(order_date, '%Y-%m') AS month, COUNT(DISTINCT customer_id) AS customers,"
            " COUNT(*) AS orders, CAST(SUM(amount) AS DOUBLE) AS money FROM firsts GROUP BY 1, 2"
        )
        cells = engine.sql(firsts, orders=orders.table).to_pylist()
        by_month = {row.month: row for row in months(orders.timelines, orders.as_of)}
        found = {row.month: row for row in cohorts(orders.timelines, orders.as_of)}
    for month, row in by_month.items():
        own = [cell for cell in cells if cell["month"] == month]
        assert row.active == sum(cell["customers"] for cell in own)
        assert row.orders == sum(cell["orders"] for cell in own)
        assert row.new == sum(cell["customers"] for cell in own if cell["cohort"] == month)
        assert row.money == pytest.approx(sum(cell["money"] for cell in own), abs=1e-4)
    assert found.keys() == {cell["cohort"] for cell in cells}
    names = list(by_month)
    for cell in cells:
        later = names.index(cell["month"]) - names.index(cell["cohort"])
        assert found[cell["cohort"]].customers[later] == cell["customers"]
        assert found[cell["cohort"]].money[later] == round(cell["money"], 4)


@given(rows)
def test_histories_are_those_of_queries(given_: list[tuple[str, int, int, int]]) -> None:
    with Engine(threads=1) as engine:
        orders = orders_of(engine, given_)
        names = orders.customers["customer_id"].to_pylist()
        query = (
            f"WITH days AS (SELECT customer_id, order_date AS day, SUM(amount) AS money FROM orders"
            f" WHERE order_date <= DATE '{DAY}' GROUP BY ALL), firsts AS (SELECT *, MIN(day) OVER"
            " (PARTITION BY customer_id) AS first FROM days) SELECT customer_id, COUNT(*) - 1 AS x,"
            " CAST(MAX(day) - MIN(day) AS BIGINT) AS last,"
            f" CAST(DATE '{DAY}' - MIN(day) AS BIGINT) AS age, CAST(SUM(money) FILTER (day > first)"
            " AS DOUBLE) / COUNT(*) FILTER (day > first) AS mean FROM firsts"
            " GROUP BY customer_id ORDER BY customer_id"
        )
        table = engine.sql(query, orders=orders.table).to_pylist()
        until = DAY + timedelta(60)
        query = (
            "SELECT customer_id, COUNT(DISTINCT order_date) AS n, MIN(order_date) AS day,"
            " CAST(SUM(amount) AS DOUBLE) AS money"
            f" FROM orders WHERE order_date > DATE '{DAY}' AND order_date <= DATE '{until}'"
            " GROUP BY ALL"
        )
        after = {
            row["customer_id"]: (row["n"], (row["day"] - DAY).days, row["money"])
            for row in engine.sql(query, orders=orders.table).to_pylist()
        }
        history = purchase_history(orders.timelines, DAY)
        later = later_purchases(orders.timelines, history, DAY, until)
    assert [names[each] for each in history.who] == [row["customer_id"] for row in table]
    for name in ("x", "last", "age"):
        assert getattr(history, name).tolist() == [row[name] for row in table]
    for mean, row in zip(history.mean_value.tolist(), table, strict=True):
        assert (np.isnan(mean) and row["mean"] is None) or mean == row["mean"]
    expected = [after.get(row["customer_id"], (0, np.inf, 0.0)) for row in table]
    columns = (later.purchases.tolist(), later.wait.tolist(), later.money.tolist())
    assert list(zip(*columns, strict=True)) == expected


@given(rows)
def test_values_at_a_day_are_those_of_queries(given_: list[tuple[str, int, int, int]]) -> None:
    with Engine(threads=1) as engine:
        orders = orders_of(engine, given_)
        names = orders.customers["customer_id"]
        now, year_ago = f"DATE '{DAY}'", f"DATE '{DAY - timedelta(365)}'"
        query = (
            f"SELECT customer_id, CAST(SUM(amount) FILTER (order_date <= {now}) AS DOUBLE) AS money"
            f", CAST(SUM(amount) FILTER (order_date <= {now} AND order_date > {year_ago})"
            " AS DOUBLE) AS year FROM orders GROUP BY ALL ORDER BY customer_id"
        )
        table = engine.sql(query, orders=orders.table).to_pylist()
        map_ = segment_map(DEFAULT.items())
        found = standing(orders.timelines, names, DAY, map_)
        spent = spent_in_year(orders.timelines, DAY)
    there = [place for place, row in enumerate(table) if row["money"] is not None]
    assert found.places.tolist() == there
    assert found.money.tolist() == [table[place]["money"] for place in there]
    assert spent.tolist() == [row["year"] or 0.0 for row in table]


@given(rows)
def test_intervals_are_those_of_queries(given_: list[tuple[str, int, int, int]]) -> None:
    with Engine(threads=1) as engine:
        orders = orders_of(engine, given_)
        query = (
            "SELECT epoch_us(ordered_at) - lag(epoch_us(ordered_at)) OVER (PARTITION BY"
            " customer_id ORDER BY ordered_at, order_id) AS step FROM orders"
        )
        steps = engine.sql(query, orders=orders.table)["step"].drop_null().to_pylist()
        found = repeat_summary(orders.timelines, orders.as_of)
    days = [step / 86_400_000_000 for step in steps]
    if days:
        assert found.interval_mean == pytest.approx(np.mean(days), rel=1e-12, abs=1e-12)
        assert found.interval_median == pytest.approx(np.median(days), rel=1e-12, abs=1e-12)
    else:
        assert (found.interval_mean, found.interval_median) == (None, None)


ASKED: list[Callable[[Orders], object]] = [
    lambda orders: months(orders.timelines, orders.as_of),
    lambda orders: cohorts(orders.timelines, orders.as_of),
    lambda orders: repeat_summary(orders.timelines, orders.as_of),
    lambda orders: nlr(orders.timelines, orders.as_of, 30),
    lambda orders: orders.timelines.span,
    lambda orders: repr(activity(orders.timelines, periods(orders.since, orders.as_of, 40))),
    lambda orders: repr(purchase_history(orders.timelines, DAY)),
    lambda orders: repr(beginnings(orders.timelines, orders.customers)),
    lambda orders: repr(spent_in_year(orders.timelines, DAY)),
]


@pytest.mark.parametrize("huge", [False, True])
def test_portions_on_disk_give_what_all_orders_in_memory_give(
    huge: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums that do not fit into 64 bits too."""
    rng = np.random.default_rng(5)
    given_ = [
        (f"c{who}", int(n), int(hours), int(money) * (10**5 if huge else 1))
        for who, n, hours, money in zip(
            rng.integers(0, 60, 900),
            rng.integers(0, 9, 900),
            rng.integers(0, 9_000, 900),
            rng.integers(1, 10**13, 900),
            strict=True,
        )
    ]
    with Engine(threads=1) as engine:
        whole = orders_of(engine, given_)
        whole.keep(Timelines.of(next(whole.portions())))
        monkeypatch.setattr(ledger, "_BYTES", engine.memory // 1_000)
        apart = orders_of(engine, given_)
        assert len(list(apart.timelines)) > 1
        assert [ask(apart) for ask in ASKED] == [ask(whole) for ask in ASKED]


def test_months_have_names_and_days_belong_to_them() -> None:
    named = Months((date(2023, 11, 30), date(2024, 2, 29)))
    assert named.count == 4
    assert [named.name(month) for month in range(4)] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    days = np.array(["2023-11-30", "2023-12-01", "2024-02-29"], dtype="datetime64[D]")
    assert named.of(days.astype(np.int32)).tolist() == [0, 1, 3]
