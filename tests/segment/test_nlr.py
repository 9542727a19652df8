from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.config import Settings
from custseg.config.schema import CpmSettings, SegmentSettings
from custseg.engine import Engine
from custseg.jobs.segment import segment
from custseg.segment.nlr import NlrRow, nlr
from custseg.segment.orders import Orders, read_orders

DAY = date(2024, 1, 1)


def orders_of(engine: Engine, rows: list[tuple[str, int, int]]) -> Orders:
    lines = pa.table(
        {
            "who": [who for who, _, _ in rows],
            "day": [str(DAY + timedelta(at)) for _, at, _ in rows],
            "money": [str(money) for _, _, money in rows],
        }
    )
    return read_orders(
        engine, lines, {"customer_id": "who", "order_date": "day", "amount": "money"}
    )


def test_each_kind_by_hand(engine: Engine) -> None:
    """Lapsed after 31 days: a (1 January) on 31 January, b (20 January) never until March."""
    orders = orders_of(engine, [("a", 0, 10), ("a", 40, 20), ("b", 19, 5), ("b", 49, 7)])
    rows = nlr(orders.timelines, date(2024, 3, 1), 31).rows
    january, february = rows
    assert (january.new, january.lapsed, january.lapsed_money, january.active) == (2, 1, 10, 1)
    assert (february.new, february.returned, february.returned_money) == (0, 1, 20)
    assert (february.retained, february.retained_money, february.active) == (1, 7, 2)
    assert [(row.partial, row.early) for row in rows] == [(False, True), (False, False)]


def test_months_of_online_retail_agree_with_its_months(engine: Engine, retail: Orders) -> None:
    rows = nlr(retail.timelines, retail.as_of, 90).rows
    assert [row.new for row in rows] == [
        *(885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358, 323, 41)
    ]  # fmt: skip
    assert [row.new + row.returned + row.retained for row in rows] == [
        *(885, 741, 758, 974, 856, 1056, 991, 949, 935, 1266, 1364, 1664, 615)
    ]  # fmt: skip
    money = sum(row.new_money + row.returned_money + row.retained_money for row in rows)
    assert money == pytest.approx(float(retail.money_used))
    # Active at the end = the active of the five stages of CPM at 90 days (§6).
    assert rows[-1].active == 639 + 403 + 1055 + 106 + 672
    assert [row.early for row in rows] == [True] * 3 + [False] * 10
    assert rows[-1].partial


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 250), st.integers(1, 9)),
        min_size=1,
        max_size=25,
    ),
    st.integers(31, 60),
)
def test_against_walking_through_the_days(rows: list[tuple[str, int, int]], days: int) -> None:
    with Engine(threads=1) as engine:
        orders = orders_of(engine, rows)
        found = nlr(orders.timelines, orders.as_of, days).rows
    expected: dict[str, dict[str, int]] = {row.month: {} for row in found}
    active: set[str] = set()
    seen: set[str] = set()
    kinds: dict[tuple[str, str], str] = {}
    last: dict[str, int] = {}
    for at in range((orders.as_of - DAY).days):
        month = f"{DAY + timedelta(at):%Y-%m}"
        for who in sorted({row[0] for row in rows if row[1] == at}):
            kind = "retained" if who in active else "returned" if who in seen else "new"
            if kind != "retained" or (month, who) not in kinds:
                kinds[month, who] = kind
            active.add(who)
            seen.add(who)
            last[who] = at
        for who in sorted(active):
            if at - last[who] == days - 1:
                active.discard(who)
                expected[month]["lapsed"] = expected[month].get("lapsed", 0) + 1
        if month in expected:
            expected[month]["active"] = len(active)
    for (month, _), kind in kinds.items():
        expected[month][kind] = expected[month].get(kind, 0) + 1
    for row in found:
        assert counts(row) == {kind: expected[row.month].get(kind, 0) for kind in counts(row)}, (
            row.month
        )


def counts(row: NlrRow) -> dict[str, int]:
    kinds = ("new", "returned", "retained", "lapsed", "active")
    return {kind: getattr(row, kind) for kind in kinds}


def test_the_job_gives_the_published_portfolio_of_online_retail(shared_data: Path) -> None:
    roles = {"cid": "customer_id", "InvoiceNo": "order_id", "ts": "order_date"}
    roles |= {"q": "quantity", "p": "unit_price"}
    settings = Settings(
        roles=roles, segment=SegmentSettings(clusters="none"), cpm=CpmSettings(money=2_000)
    )
    found = segment(shared_data / "segment" / "online_retail.parquet", settings=settings).summary
    assert found.tables is not None
    assert found.tables.cpm is not None
    assert [(row.active, row.lapsed) for row in found.tables.cpm.rows] == [
        *((639, 854), (403, 248), (1055, 311), (106, 36), (672, 14))
    ]  # fmt: skip
    shares = [100 * row.money_share for row in found.tables.deciles]
    assert shares[:3] == pytest.approx([61.38, 13.24, 8.17], abs=0.005)
