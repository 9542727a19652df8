from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.segment.kpis import KpiSummary, describe_kpis
from custseg.segment.orders import Orders, read_orders
from custseg.segment.windows import Window, activity, periods


def orders_of(engine: Engine, rows: list[tuple[str, str, int]]) -> Orders:
    lines = pa.table(
        {
            "who": [who for who, _, _ in rows],
            "day": [day for _, day, _ in rows],
            "money": [str(money) for _, _, money in rows],
        }
    )
    return read_orders(
        engine, lines, {"customer_id": "who", "order_date": "day", "amount": "money"}
    )


def kpis(engine: Engine, orders: Orders, days: int, **goals: float) -> KpiSummary:
    found = activity(orders.timelines, periods(orders.since, orders.as_of, days))
    return describe_kpis(found, goals)


def values(found: KpiSummary) -> dict[str, float | None]:
    return {row.name: row.value for row in found.rows}


def test_a_period_over_all_of_online_retail_gives_the_published_figures(
    engine: Engine, retail: Orders
) -> None:
    found = kpis(engine, retail, 374)
    assert (found.first_day, found.last_day) == ("2010-12-01", "2011-12-09")
    now = values(found)
    assert now["customers"] == 4_338
    assert now["orders"] == 18_532
    assert now["money"] == pytest.approx(8_911_407.904)
    assert now["average_order"] == pytest.approx(480.866, abs=5e-4)
    assert now["repeat_rate"] == pytest.approx(0.655832, abs=5e-7)
    assert now["new_customers"] is None
    assert now["retention"] is None
    assert found.previous_first_day == ""


def test_a_period_of_online_retail_and_the_one_before(engine: Engine, retail: Orders) -> None:
    """The months of §6 hold September, October and November: 299 + 358 + 323 new customers."""
    found = activity(retail.timelines, periods(retail.since, date(2011, 12, 1), 91))
    now, before = describe_kpis(found, {"repeat_rate": 0.4}).rows, found.periods
    assert (before.now.first, before.then.first) == (date(2011, 9, 1), date(2011, 6, 2))
    by_name = {row.name: row for row in now}
    assert by_name["new_customers"].value == 299 + 358 + 323
    assert by_name["repeat_rate"].met is True
    assert by_name["customers"].met is None


ROWS = [
    ("a", "2024-01-01", 10),
    ("a", "2024-02-20", 30),
    ("b", "2024-02-21", 10),
    ("b", "2024-03-10", 10),
    ("b", "2024-03-11", 10),
    ("c", "2024-03-31", 40),
]


def test_every_figure_by_hand(engine: Engine) -> None:
    """31-day periods before 2024-04-01: March; 30 January to 29 February; 30 December …"""
    orders = orders_of(engine, ROWS)
    found = kpis(engine, orders, 31, average_order=25, new_customers=1)
    assert values(found) == {
        "customers": 2,
        "orders": 3,
        "money": 60,
        "average_order": 20,
        "repeat_rate": 0.5,
        "new_customers": 1,
        "f2_conversion": None,
        "retention": 0.5,
    }
    assert {row.name: row.previous for row in found.rows}["repeat_rate"] == 0
    assert {row.name: row.met for row in found.rows if row.goal} == {
        "average_order": False,
        "new_customers": True,
    }


def test_figures_of_an_earlier_run_stand_beside_those_of_the_same_length(engine: Engine) -> None:
    orders = orders_of(engine, ROWS)
    found = activity(orders.timelines, periods(orders.since, orders.as_of, 31))
    earlier = kpis(engine, orders_of(engine, ROWS[:5]), 31)
    after = describe_kpis(found, {}, earlier)
    assert after.last_run == "2024-03-12"
    assert {row.name: row.last_run for row in after.rows}["orders"] == 4
    other = kpis(engine, orders, 40)
    assert describe_kpis(found, {}, other).last_run == ""


def test_a_year_earlier_has_the_same_weekdays(engine: Engine) -> None:
    orders = orders_of(engine, ROWS)
    found = periods(orders.since, date(2024, 4, 1), 31, "year")
    assert found.then == Window(date(2023, 3, 3), date(2023, 4, 2))
    assert found.then.first.weekday() == found.now.first.weekday()
    assert not found.observed(found.then)


def test_one_order_gives_figures_and_nothing_to_compare(engine: Engine) -> None:
    found = kpis(engine, orders_of(engine, ROWS[:1]), 90)
    assert values(found)["customers"] == 1
    assert all(row.previous is None for row in found.rows)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 200), st.integers(1, 50)),
        min_size=1,
        max_size=30,
    )
)
def test_activity_against_counting_by_hand(rows: list[tuple[str, int, int]]) -> None:
    day = np.datetime64("2024-01-01")
    with Engine(threads=1) as engine:
        orders = orders_of(engine, [(who, str(day + at), money) for who, at, money in rows])
        found = activity(orders.timelines, periods(orders.since, orders.as_of, 40))
    who = sorted({row[0] for row in rows})
    for done, window in ((found.now, found.periods.now), (found.then_eve, found.periods.then.eve)):
        inside = [row for row in rows if window.first <= (day + row[1]).item() <= window.last]
        assert done.orders.tolist() == [sum(1 for row in inside if row[0] == w) for w in who]
        assert done.money.tolist() == [sum(row[2] for row in inside if row[0] == w) for w in who]
    for place, name in enumerate(who):
        days = sorted({row[1] for row in rows if row[0] == name})
        assert np.isnan(found.wait[place]) == (len(days) == 1)
        if len(days) > 1:
            assert found.wait[place] == days[1] - days[0]
