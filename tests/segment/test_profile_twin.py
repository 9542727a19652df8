"""The profile against plain Python that goes from customer to customer, and order to order."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.engine import Engine, engine
from custseg.segment import likes, profile
from custseg.segment.orders import read_orders
from custseg.segment.profile import customer_profile

START = date(2024, 1, 1)
WORDS = ("channel", "campaign", "store")
NAMES = (
    *("customer_id", "order_id", "order_date", "amount", "discount", "cost"),
    *("category", "product_name", *WORDS),
)

MAYBE = st.sampled_from(["a", "b", "c", None])
LINE = st.tuples(
    st.sampled_from(["ann", "bob", "cid"]),
    st.integers(0, 6),
    st.integers(1, 90),
    st.none() | st.integers(0, 20),
    st.none() | st.integers(0, 120),
    *[MAYBE] * 5,
)
"""Customer, order, amount, discount, cost; category, product, channel, campaign, store."""


def day_of(customer: str, order: int) -> date:
    """Orders 0 and 3 of a customer are of one day."""
    return START + timedelta(days=(order % 3) * 11 + order // 3 * (order % 3) * 7 + len(customer))


def most(counts: Counter[str]) -> str | None:
    """The one with most; of several the first by name."""
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def plain(lines: list[dict[str, Any]], as_of: date) -> dict[str, Any]:
    """The profile of one customer."""
    orders: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        orders[line["order_id"]].append(line)
    whole = sorted(
        (rows[0]["order_date"], number, sum(row["amount"] for row in rows))
        for number, rows in orders.items()
    )
    days = sorted({day for day, _, _ in whole})
    gaps = [(later - sooner).days for sooner, later in pairwise(days)]
    money = sum(row["amount"] for row in lines)
    found: dict[str, Any] = {
        "first_order": days[0],
        "second_order": days[1] if gaps else None,
        "last_order": days[-1],
        "frequency": len(orders),
        "monetary": money,
        "average_order": money / len(orders),
        "days_to_second": gaps[0] if gaps else None,
        "recency_days": (as_of - days[-1]).days,
        "interval_days": median(gaps) if gaps else None,
        "lateness": (as_of - days[-1]).days / median(gaps) if gaps else None,
    }
    discounts = [row["discount"] for row in lines if row["discount"] is not None]
    found["discount_rate"] = sum(discounts) / (money + sum(discounts)) if discounts else None
    costed = [row for row in lines if row["cost"] is not None]
    margin = sum(row["amount"] - row["cost"] for row in costed)
    found["margin"] = margin if costed else None
    found["margin_rate"] = margin / sum(row["amount"] for row in costed) if costed else None
    for role in WORDS:
        words = [
            min((row[role] for row in orders[number] if row[role]), default=None)
            for _, number, _ in whole
        ]
        found[f"first_{role}"], found[f"last_{role}"] = words[0], words[-1]
        found[f"preferred_{role}"] = most(Counter(word for word in words if word))
    for role, name in (("category", "category"), ("product", "product_name")):
        spent: Counter[str] = Counter()
        last: Counter[str] = Counter()
        for row in lines:
            if row[name]:
                spent[row[name]] += row["amount"]
                last[row[name]] += row["amount"] if row["order_date"] == days[-1] else 0
        found[f"favorite_{role}"] = best = most(spent)
        found[f"favorite_{role}_share"] = spent[best] / sum(spent.values()) if best else None
        if role == "category":
            found["last_category"] = most(+last)
    return found


@pytest.mark.parametrize("some", [2, 2**17], ids=["a customer at a time", "all at once"])
@given(drawn=st.lists(LINE, min_size=1, max_size=40))
def test_every_column_of_every_customer(drawn: list[tuple[Any, ...]], some: int) -> None:
    rows = [
        dict(
            zip(
                NAMES,
                (who, f"{who}{order}", day_of(who, order), *more),
                strict=True,
            )
        )
        for who, order, *more in drawn
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profile, "_ORDERS", some)
        patch.setattr(likes, "_LINES", some)
        check(rows)


@pytest.mark.parametrize("dear", [2_386, 214_748, 300_000, 1_000_000_000_000])
def test_money_that_outgrows_what_it_began_with(dear: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is held in as few bits as the first lines need; later batches of lines need more."""
    monkeypatch.setattr(engine, "_BATCH", 1_024)
    words = ("a", "b", "c")
    rows = [
        dict(
            zip(
                NAMES,
                (
                    f"c{number % 50}",
                    f"o{number // 3}.{number % 50}",
                    START + timedelta(days=number // 3 % 300),
                    (number % 90 + 1) * (dear if number > 4_000 else 1),
                    None,
                    number % 7,
                    *(words[number // each % 3] for each in (1, 5, 11, 13, 17)),
                ),
                strict=True,
            )
        )
        for number in range(6_000)
    ]
    check(rows)


def check(rows: list[dict[str, Any]]) -> None:
    """Compare the profile of some lines with plain Python's."""
    lines = pa.table(
        {
            name: pa.array(
                [None if row[name] is None else str(row[name]) for row in rows], pa.string()
            )
            for name in NAMES
        }
    )
    with Engine(threads=1) as running:
        orders = read_orders(running, lines, {name: name for name in NAMES})
        found = {row["customer_id"]: row for row in customer_profile(running, orders).to_pylist()}
        as_of = orders.as_of
    by_customer: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_customer[row["customer_id"]].append(row)
    assert found.keys() == by_customer.keys()
    for who, own in by_customer.items():
        expected = plain(own, as_of)
        for name, value in expected.items():
            got = found[who].get(name)
            if isinstance(value, float):
                assert got == pytest.approx(value, abs=6e-7), name
            else:
                assert got == value, name
