"""First X, then Y: counted one by one, and against chance, activity and season."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.segment import first_purchases, next_counts
from custseg.segment.next_purchase import NextPurchases, next_purchases, read_firsts
from custseg.segment.orders import Orders
from custseg.segment.products import read_products

START = date(2024, 1, 1)
BANDS = (0, 1, 2, 3, 4, 6, 9, 15, 30, 60)


def firsts_of(rows: list[tuple[str, int, int]]) -> pa.Table:
    """Make first purchases of (customer, item, day)."""
    first: dict[tuple[str, int], int] = {}
    for who, item, day in rows:
        first[who, item] = min(day, first.get((who, item), day))
    return pa.table(
        {
            "customer_id": pa.array([who for who, _ in first], pa.string()),
            "item": pa.array([item for _, item in first], pa.int32()),
            "day": pa.array([START + timedelta(day) for day in first.values()], pa.date32()),
        }
    )


def one_by_one(table: pa.Table, days: int) -> dict[tuple[int, int], tuple[int, int, float, float]]:
    """Count as the module's words say: who did, who could have, expected, median of the days."""
    bought: dict[str, dict[int, date]] = {}
    for row in table.to_pylist():
        bought.setdefault(row["customer_id"], {})[row["item"]] = row["day"]
    end = max(day for each in bought.values() for day in each.values())
    cases = []  # (customer, X, Y, stratum, days until Y or None)
    items = sorted({item for each in bought.values() for item in each})
    for who, each in bought.items():
        for x, day in each.items():
            if day > end - timedelta(days):
                continue
            until = day + timedelta(days)
            more = sum(day < other <= until for other in each.values())
            stratum = (day.year, day.month, sum(low <= more for low in BANDS))
            for y in items:
                if y == x or (y in each and each[y] <= day):
                    continue
                then = (each[y] - day).days if y in each and each[y] <= until else None
                cases.append((who, x, y, stratum, then))
    found = {}
    for x in items:
        for y in items:
            own = [case for case in cases if case[1] == x and case[2] == y]
            after = [case[4] for case in own if case[4] is not None]
            if not after:
                continue
            expected = 0.0
            for case in own:
                others = [c for c in cases if c[2] == y and c[1] != x and c[3] == case[3]]
                if others:
                    expected += sum(c[4] is not None for c in others) / len(others)
            found[x, y] = (len(after), len(own), expected, float(np.median(after)))
    return found


def as_dict(found: NextPurchases) -> dict[tuple[int, int], tuple[int, int, float, float]]:
    columns = (found.customers, found.at_risk, found.expected, found.median_days)
    pairs = zip(found.first.tolist(), found.then.tolist(), strict=True)
    values = zip(*(column.tolist() for column in columns), strict=True)
    return dict(zip(pairs, values, strict=True))


@given(
    st.lists(
        st.tuples(st.sampled_from("pqrst"), st.integers(0, 3), st.integers(0, 120)),
        min_size=2,
        max_size=18,
    ),
    st.integers(1, 3),
    st.sampled_from([1, 30, 400]),
)
@pytest.mark.parametrize("small", [False, True], ids=["at once", "in small steps"])
def test_against_counting_one_by_one(
    small: bool, rows: list[tuple[str, int, int]], least: int, days: int
) -> None:
    table = firsts_of(rows)
    plain = {pair: each for pair, each in one_by_one(table, days).items() if each[0] >= least}
    shuffled = table.take(list(reversed(range(len(table)))))
    with pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr(first_purchases, "_PAIRS", 3)
            patch.setattr(next_counts, "_CELLS", 7)
        mined = as_dict(next_purchases(table, 4, days=days, least=least))
        again = as_dict(next_purchases(shuffled, 4, days=days, least=least))
    assert mined.keys() == plain.keys()
    for pair, counted in plain.items():
        assert mined[pair] == pytest.approx(counted)
    assert again == mined


def test_steps_and_ranges_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    table = firsts_of(made(np.random.default_rng(7), linked=True))
    whole = next_purchases(table, 20, days=60, least=5)
    monkeypatch.setattr(first_purchases, "_PAIRS", 100)
    monkeypatch.setattr(next_counts, "_CELLS", 3_000)
    pieces = next_purchases(table, 20, days=60, least=5)
    assert len(whole.first) > 100
    for name in ("first", "then", "customers", "at_risk", "expected", "median_days", "p"):
        assert getattr(whole, name).tolist() == getattr(pieces, name).tolist()


def test_what_is_rare_still_counts_as_activity() -> None:
    """Strata are made of all first purchases; only pairs need customers enough."""
    rows = [(f"c{who}", item, day) for who in range(8) for item, day in ((0, 0), (1, 20))]
    rows += [(f"c{who}", 10 + who, 10) for who in range(4)] + [("d", 2, 200)]
    table = firsts_of(rows)
    found = as_dict(next_purchases(table, 20, days=30, least=8))
    plain = one_by_one(table, 30)
    assert found == {(0, 1): pytest.approx(plain[0, 1])}


def made(rng: np.random.Generator, *, linked: bool) -> list[tuple[str, int, int]]:
    """Customers buy at random; where linked, half of those who bought 0 buy 1 a month later."""
    rows = []
    for who in range(1_500):
        rows += [
            (f"c{who}", int(rng.integers(0, 20)), int(rng.integers(0, 365)))
            for _ in range(int(rng.integers(1, 8)))
        ]
        if linked and rng.random() < 0.3:
            day = int(rng.integers(0, 250))
            rows.append((f"c{who}", 0, day))
            if rng.random() < 0.5:
                rows.append((f"c{who}", 1, day + 30))
    return rows


def test_what_follows_is_found_and_chance_is_not() -> None:
    rng = np.random.default_rng(8)
    found = next_purchases(firsts_of(made(rng, linked=True)), 20, days=60, least=20)
    findings = np.flatnonzero(found.findings)
    pairs = list(zip(found.first[findings].tolist(), found.then[findings].tolist(), strict=True))
    assert pairs == [(0, 1)]
    assert found.low[findings[0]] > 2
    assert found.median_days[findings[0]] == 30
    for _ in range(5):
        none = next_purchases(firsts_of(made(rng, linked=False)), 20, days=60, least=10)
        assert not none.findings.any()


def test_season_and_activity_are_no_findings() -> None:
    """What is sold in autumn alone follows on all of summer; who buys a lot buys everything."""
    rng = np.random.default_rng(9)
    rows = []
    for who in range(2_000):
        many = who % 4 == 0
        for _ in range(int(rng.integers(8, 15)) if many else 2):
            day = int(rng.integers(0, 365))
            summer, autumn = 150 < day < 240, 240 <= day < 330
            low, high = (0, 8) if summer else (8, 16) if autumn else (16, 24)
            item = int(rng.integers(low, high))
            rows.append((f"c{who}", 24 if many and rng.random() < 0.2 else item, day))
    found = next_purchases(firsts_of(rows), 25, days=90, least=20)
    assert len(found.first) > 100
    assert (found.confidence > 0.05).any()
    assert found.findings.sum() <= 2


def test_next_purchases_of_online_retail(engine: Engine, retail: Orders) -> None:
    products = read_products(engine, retail.stage, "product")
    firsts = read_firsts(engine, retail.stage, products)
    found = next_purchases(firsts, len(products.labels), days=90, least=30)
    assert 300 < len(found.first) < 400
    assert 20 < found.findings.sum() < 80
    best = int(np.flatnonzero(found.findings)[0])
    assert products.labels[found.then[best]] == "PINK REGENCY TEACUP AND SAUCER"
    assert (found.customers <= found.at_risk).all()
    assert ((found.low <= found.ratio) & (found.ratio <= found.high)).all()
