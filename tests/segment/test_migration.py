from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.engine import Engine
from custseg.jobs.segment import segment
from custseg.segment.maps import DEFAULT, segment_map
from custseg.segment.migration import (
    NOWHERE,
    MigrationSummary,
    Standing,
    earlier_standing,
    migration,
    moves,
    spent_in_year,
    standing,
    worths,
)
from custseg.segment.orders import Orders
from custseg.segment.rfm import RfmSettings
from custseg.tables import Manifest, RunFolder, write_table


def test_migration_of_online_retail(engine: Engine, retail: Orders) -> None:
    map_ = segment_map(DEFAULT.items())
    settings = RfmSettings(method="rank-first")
    before, after = (
        standing(retail.timelines, retail.customers["customer_id"], day, map_, settings)
        for day in (date(2011, 9, 10), date(2011, 12, 10))
    )
    found = migration(before, after, map_.names)
    assert (len(before.places), len(after.places), sum(found.new_customers)) == (3_370, 4_338, 968)
    moved = {
        name: dict(zip(map_.names, row, strict=True))
        for name, row in zip(map_.names, found.customers, strict=True)
    }
    champions = {name: n for name, n in moved["champions"].items() if n}
    assert champions == {"champions": 236, "loyal": 177, "at_risk": 67, "cant_lose": 20}
    assert sum(moved["hibernating"].values()) == 899
    assert moved["hibernating"]["hibernating"] == 605
    money = np.sum(found.money) + np.sum(found.new_money)
    assert money == pytest.approx(float(retail.money_used))
    assert set(found.gone_customers) == {0}


def test_customers_who_went_between_two_runs_are_counted() -> None:
    before = Standing(np.array([NOWHERE, 0]), np.array([0, 1]), np.array([1.0, 2.0]))
    after = Standing(np.array([0, 1]), np.array([0, 1]), np.array([3.0, 4.0]))
    found = migration(before, after, ("x", "y"))
    assert found.customers == ((0, 0), (1, 0))
    assert found.money == ((0.0, 0.0), (3.0, 0.0))
    assert (found.new_customers, found.new_money) == ((0, 1), (0.0, 4.0))
    assert found.gone_customers == (1, 0)


RETAIL_ROLES = {
    "cid": "customer_id",
    "InvoiceNo": "order_id",
    "ts": "order_date",
    "q": "quantity",
    "p": "unit_price",
}


def test_the_job_tells_what_changed_on_online_retail_between_two_days(shared_data: Path) -> None:
    settings = Settings(
        roles=RETAIL_ROLES,
        segment=SegmentSettings(
            method="rank-first", clusters="none", migration_from="2011-09-10", as_of="2011-12-10"
        ),
    )
    found = segment(shared_data / "segment" / "online_retail.parquet", settings=settings)
    changed = found.summary.migration
    assert changed is not None
    assert (changed.first_day, changed.last_day) == ("2011-09-10", "2011-12-10")
    place = changed.table.segments.index
    champions = changed.table.customers[place("champions")]
    assert [champions[place(name)] for name in ("champions", "loyal", "at_risk", "cant_lose")] == [
        *(236, 177, 67, 20)
    ]
    assert sum(champions) == 500
    assert changed.table.customers[place("hibernating")][place("hibernating")] == 605
    assert sum(changed.table.new_customers) == 968
    (down,) = [row for row in changed.moves if (row.before, row.after) == ("champions", "at_risk")]
    assert (down.customers, down.direction) == (67, "down")
    money = np.sum(changed.table.money) + np.sum(changed.table.new_money)
    assert money == pytest.approx(8_911_407.904)


def test_key_figures_and_changes_count_the_same_customers_as_new(tmp_path: Path) -> None:
    days = (date(2025, 1, 1) + timedelta(days=each) for each in range(300))
    lines = [f"{day:%j},c{day:%j},{day},100" for day in days]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,customer_id,order_date,amount", *lines, ""]))
    found = segment(path, settings=Settings(segment=SegmentSettings(clusters="none"))).summary
    assert found.migration is not None
    assert found.kpis is not None
    (new,) = [row.value for row in found.kpis.rows if row.name == "new_customers"]
    assert sum(found.migration.table.new_customers) == new == found.kpis.days


def test_two_runs_of_online_retail_show_the_same_as_two_days(
    shared_data: Path, retail_lines: pa.Table, tmp_path: Path
) -> None:
    """The earlier run saw the orders up to 2011-09-10 alone."""
    from datetime import datetime

    import pyarrow.compute as pc

    settings = Settings(
        roles=RETAIL_ROLES,
        segment=SegmentSettings(method="rank-first", clusters="none", as_of="2011-09-10"),
    )
    earlier = retail_lines.filter(pc.less(retail_lines["ts"], datetime(2011, 9, 11)))  # noqa: DTZ001
    write_table(earlier, tmp_path / "earlier.parquet", format="parquet")
    segment(tmp_path / "earlier.parquet", output=tmp_path / "september", settings=settings)
    later = Settings(
        roles=RETAIL_ROLES,
        segment=SegmentSettings(method="rank-first", clusters="none", as_of="2011-12-10"),
    )
    found = segment(
        shared_data / "segment" / "online_retail.parquet",
        settings=later,
        previous=tmp_path / "september",
    )
    changed = found.summary.migration
    assert changed is not None
    assert changed.between == "runs"
    place = changed.table.segments.index
    champions = changed.table.customers[place("champions")]
    assert [champions[place(name)] for name in ("champions", "loyal", "at_risk", "cant_lose")] == [
        *(236, 177, 67, 20)
    ]
    assert sum(changed.table.new_customers) == 968
    assert changed.table.gone_customers == (0,) * len(DEFAULT)
    assert found.summary.kpis is not None
    assert found.summary.kpis.last_run == "2011-09-10"


def test_segments_of_a_map_are_ranked_by_their_codes() -> None:
    worth = worths(segment_map(DEFAULT.items()))
    assert worth["champions"] == 9.5
    assert worth["loyal"] == 8
    assert worth["hibernating"] == 3
    ranked = sorted(worth, key=lambda name: -worth[name])
    assert ranked[:2] == ["champions", "loyal"]
    assert ranked[-1] == "hibernating"


def test_moves_have_a_direction_and_the_money_of_the_year_before() -> None:
    before = Standing(np.array([0, 1, 2]), np.array([1, 1, 0]), np.zeros(3))
    after = Standing(np.array([0, 1, 2, 3]), np.array([0, 1, 1, 1]), np.zeros(4))
    spent = np.array([100.0, 0.0, 7.0, 0.0])
    found = moves(before, after, ("low", "high"), {"low": 3, "high": 9}, spent)
    assert [
        (row.before, row.after, row.customers, row.yearly_money, row.direction) for row in found
    ] == [
        ("high", "low", 1, 100.0, "down"),
        ("low", "high", 1, 7.0, "up"),
    ]
    unknown = moves(before, after, ("low", "high"), {"low": 3}, spent)
    assert {row.direction for row in unknown} == {"level"}


def test_ids_merged_since_are_followed() -> None:
    scores = pa.table(
        {
            "customer_id": ["a", "b", "c"],
            "segment": ["x", "y", "x"],
            "monetary": ["10", "90.5", "1"],
        }
    )
    names = pa.chunked_array([["a", "d"]])
    found, followed = earlier_standing(scores, ("x", "y"), {"b": "a"}, names)
    assert followed == 1
    assert found.places.tolist() == [0, NOWHERE]
    assert found.segments.tolist() == [1, 0]
    assert found.money.tolist() == [100.5, 1]


def test_money_of_the_year_before_a_day(engine: Engine, retail: Orders) -> None:
    money = spent_in_year(retail.timelines, date(2011, 12, 10))
    in_year = retail.table.filter(
        pa.compute.greater(retail.table["order_date"], date(2010, 12, 10))
    )
    assert money.sum() == pytest.approx(float(pa.compute.sum(in_year["amount"]).as_py()))


HEADER = "order_id,customer_id,order_date,amount"


def _orders(path: Path, months: int) -> Path:
    rows = [
        f"{who}-{month},M{who:03},2024-{month:02}-{who % 27 + 1:02},{who + 5}"
        for who in range(60)
        for month in range(1, months + 1)
        if who % (month + 1) == 0
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def _clean_run(folder: Path, merged: bool) -> Path:
    """A clean run in which M001's customer is, later, also M000's."""
    ids = [f"G{who:03}" for who in range(60)]
    of = ["G000", "G000", *ids[2:]] if merged else ids
    with RunFolder(folder) as run:
        run.add_table("customers", pa.table({"customer_id": sorted(set(of))}))
        run.add_table(
            "records",
            pa.table({"record_id": [f"M{who:03}" for who in range(60)], "customer_id": of}),
        )
        book = {
            "customer_id": ids,
            "since": ["0"] * 60,
            "status": ["active", "retired" if merged else "active", *["active"] * 58],
            "successor": pa.array([None, "G000" if merged else None, *[None] * 58], pa.string()),
        }
        run.add_table("id_book", pa.table(book))
        run.publish(Manifest(command="clean", version="0", run_id="0"))
    return folder


def _changed_since(tmp_path: Path, customers: Path | pa.Table) -> tuple[pa.Table, MigrationSummary]:
    """Scores of a run with some customers, and what changed until M001 was merged into M000."""
    plain = Settings(segment=SegmentSettings(clusters="none"))
    first = segment(_orders(tmp_path / "one.csv", 2), customers, tmp_path / "run1", settings=plain)
    second = segment(
        _orders(tmp_path / "two.csv", 4),
        _clean_run(tmp_path / "clean2", merged=True),
        settings=plain,
        previous=tmp_path / "run1",
    )
    changed = second.summary.migration
    assert changed is not None
    assert sum(changed.table.gone_customers) == 0
    stayed = sum(map(sum, changed.table.customers))
    assert stayed + sum(changed.table.new_customers) == len(second.scores)
    return first.scores, changed


def test_customers_merged_between_two_runs_are_one_in_both(tmp_path: Path) -> None:
    first, changed = _changed_since(tmp_path, _clean_run(tmp_path / "clean1", merged=False))
    there = {*first["customer_id"].to_pylist()}
    assert ("G001" in there) == (changed.followed == 1)


def test_ids_of_orders_that_are_a_customers_since_are_followed(tmp_path: Path) -> None:
    """The first run knew of one customer, and of nobody's number."""
    first, changed = _changed_since(tmp_path, pa.table({"customer_id": ["G000"]}))
    assert "M002" in first["customer_id"].to_pylist()
    assert changed.followed == len(first)


def test_a_run_with_another_map_is_compared_by_the_names_of_both(tmp_path: Path) -> None:
    mine = Settings(
        segment=SegmentSettings(clusters="none", map="mine"),
        maps={"mine": {"[4-5].": "warm", "..": "cold"}},
    )
    orders = _orders(tmp_path / "orders.csv", 4)
    first = segment(orders, output=tmp_path / "run1", settings=mine)
    found = segment(
        orders,
        settings=Settings(segment=SegmentSettings(clusters="none")),
        previous=tmp_path / "run1",
    )
    changed = found.summary.migration
    assert changed is not None
    assert changed.table.segments == (*dict.fromkeys(DEFAULT.values()), "warm", "cold")
    assert sum(map(sum, changed.table.customers)) == len(first.scores)
    assert {row.before for row in changed.moves} <= {"warm", "cold"}
    assert {row.direction for row in changed.moves} <= {"up", "down", "level"}
