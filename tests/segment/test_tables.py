from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.segment.concentration import abc_classes, deciles, gini
from custseg.segment.cpm import CpmSettings, cpm
from custseg.segment.orders import Orders, read_orders
from custseg.segment.periods import cohorts, months
from custseg.segment.repeat import kaplan_meier, repeat_summary
from custseg.segment.rfm import Customers


def small_orders(engine: Engine, *rows: tuple[str, str]) -> Orders:
    lines = pa.table(
        {
            "who": [who for who, _ in rows],
            "day": [day for _, day in rows],
            "money": ["1"] * len(rows),
        }
    )
    columns = {"customer_id": "who", "order_date": "day", "amount": "money"}
    return read_orders(engine, lines, columns)


def test_deciles_gini_and_abc_of_online_retail(retail_customers: Customers) -> None:
    rows = deciles(retail_customers)
    assert [row.customers for row in rows] == [434] * 8 + [433] * 2
    shares = [61.38, 13.24, 8.17, 5.52, 3.87, 2.84, 2.02, 1.48, 0.98, 0.52]
    assert [100 * row.money_share for row in rows] == pytest.approx(shares, abs=0.005)
    assert 100 * rows[1].cumulative_share == pytest.approx(74.62, abs=0.005)
    assert gini(retail_customers.monetary) == pytest.approx(0.71514, abs=5e-6)
    assert np.bincount(abc_classes(retail_customers)).tolist() == [688, 1220, 2430]


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=30))
def test_gini_against_all_pairs(money: list[int]) -> None:
    pairs = sum(abs(a - b) for a in money for b in money)
    plain = pairs / (2 * len(money) * sum(money))
    assert gini(np.array(money, dtype=float)) == pytest.approx(plain, abs=1e-12)


def test_months_of_online_retail(engine: Engine, retail: Orders) -> None:
    rows = months(retail.timelines, retail.as_of)
    assert [row.month for row in rows][:2] == ["2010-12", "2011-01"]
    assert [row.active for row in rows] == [
        *(885, 741, 758, 974, 856, 1056, 991, 949, 935, 1266, 1364, 1664, 615)
    ]  # fmt: skip
    assert [row.new for row in rows] == [
        *(885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358, 323, 41)
    ]  # fmt: skip
    assert [row.partial for row in rows] == [False] * 12 + [True]
    assert sum(row.money for row in rows) == pytest.approx(float(retail.money_used))


def test_first_cohort_of_online_retail(engine: Engine, retail: Orders) -> None:
    rows = cohorts(retail.timelines, retail.as_of)
    assert rows[0].customers == (885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235)
    assert rows[1].customers[-1] is None
    assert rows[-1].customers == (41, *[None] * 12)
    assert sum(row.customers[0] or 0 for row in rows) == 4_338


def test_months_without_orders_are_listed_and_a_whole_last_month_is_not_partial(
    engine: Engine,
) -> None:
    orders = small_orders(engine, ("a", "2023-11-30"), ("a", "2024-01-31"))
    assert [
        (row.month, row.active, row.partial) for row in months(orders.timelines, orders.as_of)
    ] == [
        ("2023-11", 1, False),
        ("2023-12", 0, False),
        ("2024-01", 1, False),
    ]
    (row,) = cohorts(orders.timelines, orders.as_of)
    assert row.customers == (1, 0, 1)


def test_second_purchase_of_online_retail(engine: Engine, retail: Orders) -> None:
    found = repeat_summary(retail.timelines, retail.as_of)
    assert [row.share for row in found.second] == pytest.approx(
        [0.19160, 0.35507, 0.45991, 0.65756, 0.84806], abs=5e-6
    )
    assert found.median_days == 104
    assert found.second[0].naive == pytest.approx(0.18718, abs=5e-6)
    assert found.second[-1].naive == pytest.approx(0.64292, abs=5e-6)
    assert found.reached == (4338, 2845, 2010, 1502, 1114, 872)
    assert found.interval_mean == pytest.approx(39.967, abs=5e-4)
    assert found.interval_median == pytest.approx(21.919, abs=5e-4)


def test_without_a_second_purchase_there_is_no_median_and_no_interval(engine: Engine) -> None:
    orders = small_orders(engine, ("a", "2024-01-01"), ("b", "2025-01-09"))
    found = repeat_summary(orders.timelines, orders.as_of)
    assert found.median_days is None
    assert found.interval_mean is None
    assert [row.share for row in found.second] == [0.0] * 5


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=25))
def test_kaplan_meier_against_the_product_by_hand(rows: list[tuple[int, bool]]) -> None:
    times, shares = kaplan_meier(
        np.array([float(t) for t, _ in rows]), np.array([e for _, e in rows])
    )
    survival = 1.0
    expected = []
    for time in sorted({t for t, event in rows if event}):
        at_risk = sum(1 for t, _ in rows if t >= time)
        events = sum(1 for t, event in rows if event and t == time)
        survival *= 1 - events / at_risk
        expected.append((time, 1 - survival))
    assert times.tolist() == [time for time, _ in expected]
    assert shares.tolist() == pytest.approx([share for _, share in expected])


def test_cpm_of_online_retail(engine: Engine, retail: Orders) -> None:
    values = retail.customers
    rows = cpm(values, CpmSettings(money=2_000))
    assert [(row.active, row.lapsed) for row in rows] == [
        (639, 854),
        (403, 248),
        (1055, 311),
        (106, 36),
        (672, 14),
    ]
    money = sum(row.active_money + row.lapsed_money for row in rows)
    assert money == pytest.approx(float(retail.money_used))


@pytest.mark.parametrize(("last", "known"), [("2024-01-20", []), ("2024-03-15", [30, 60])])
def test_nothing_is_said_of_times_that_nobody_was_seen_for(
    engine: Engine, last: str, known: list[int]
) -> None:
    """Without it, a shop of some weeks would have 0 % who come back within a year."""
    orders = small_orders(engine, ("a", "2024-01-01"), ("b", last))
    found = repeat_summary(orders.timelines, orders.as_of)
    assert [row.days for row in found.second] == known
