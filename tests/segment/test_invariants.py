"""What must change nothing, and what must add up, with events and an earlier run too."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.jobs.segment import SegmentResult, segment
from custseg.segment.summary import SegmentSummary

SETTINGS = Settings(
    segment=SegmentSettings(clusters="2", lookalikes=50, attributes=("first_channel",)),
    rules={"heard": "contacts > 0"},
)

WITHOUT_EVENTS = replace(SETTINGS, rules={})


def order_rows() -> list[tuple[str, str, str, str, str]]:
    rng = np.random.default_rng(11)
    rows = []
    for who in range(1_200):
        for number in range(1 + rng.poisson(1.5 + 3 * (who % 4 == 0))):
            day = np.datetime64("2024-01-01") + int(rng.integers(0, 360))
            channel = "Web" if who % 3 else "shop"
            rows.append((f"{who}-{number}", f"M{who:04}", str(day), str(who % 50 + 5), channel))
    return rows


def event_rows() -> list[tuple[str, str, str, str]]:
    return [
        (f"M{n % 300:04}", f"2024-{n % 11 + 1:02}-{n % 27 + 1:02}", ("苦情", "質問")[n % 2], state)
        for n, state in enumerate(["完了", "対応中"] * 200)
    ]


ORDER_NAMES = ("order_id", "customer_id", "order_date", "amount", "channel")
EVENT_NAMES = ("customer_id", "event_date", "event_type", "event_status")


def csv(path: Path, names: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    path.write_text("\n".join(",".join(row) for row in [names, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


@pytest.fixture(scope="module")
def earlier(folder: Path) -> Path:
    rows = [row for row in order_rows() if row[2] < "2024-09-01"]
    segment(
        csv(folder / "summer.csv", ORDER_NAMES, rows),
        output=folder / "summer",
        settings=WITHOUT_EVENTS,
    )
    return folder / "summer"


@pytest.fixture(scope="module")
def whole(folder: Path, earlier: Path) -> SegmentResult:
    return segment(
        csv(folder / "orders.csv", ORDER_NAMES, order_rows()),
        settings=SETTINGS,
        previous=earlier,
        events=csv(folder / "events.csv", EVENT_NAMES, event_rows()),
    )


def told(summary: SegmentSummary) -> dict[str, object]:
    """A summary without the names and numbers of its inputs."""
    data = summary.to_json()
    data["orders"] |= {"rows": 0, "money": 0.0, "excluded": ()}
    for part in (data, data["events"]):
        part.pop("inputs", None)
        part.pop("rows", None)
        part.pop("excluded", None)
    data["warnings"] = ()
    return data


def same(found: SegmentResult, whole: SegmentResult) -> None:
    assert found.scores.equals(whole.scores)
    assert found.profile == whole.profile
    assert told(found.summary) == told(whole.summary)
    assert [each.table for each in found.lists] == [each.table for each in whole.lists]


def test_every_part_is_there(whole: SegmentResult) -> None:
    summary = whole.summary
    assert all((summary.kpis, summary.migration, summary.layers, summary.personas))
    assert all((summary.events, summary.lookalikes, summary.tables, summary.rules))
    assert SegmentSummary.from_json(summary.to_json()) == summary


def test_the_order_of_rows_changes_nothing(
    folder: Path, earlier: Path, whole: SegmentResult
) -> None:
    rng = np.random.default_rng(5)
    orders, events = order_rows(), event_rows()
    rng.shuffle(orders)
    rng.shuffle(events)
    found = segment(
        csv(folder / "shuffled.csv", ORDER_NAMES, [tuple(row) for row in orders]),
        settings=SETTINGS,
        previous=earlier,
        events=csv(folder / "shuffled_events.csv", EVENT_NAMES, [tuple(row) for row in events]),
    )
    same(found, whole)


def test_loading_twice_changes_nothing(folder: Path, earlier: Path, whole: SegmentResult) -> None:
    orders, events = order_rows(), event_rows()
    again = csv(folder / "again.csv", ORDER_NAMES, orders)
    reversed_ = csv(folder / "reversed.csv", ORDER_NAMES, orders[::-1])
    heard = csv(folder / "heard.csv", EVENT_NAMES, events)
    heard_back = csv(folder / "heard_back.csv", EVENT_NAMES, events[::-1])
    found = segment(
        [again, reversed_], settings=SETTINGS, previous=earlier, events=[heard, heard_back]
    )
    same(found, whole)
    assert {each.reason for each in found.summary.orders.excluded} == {"repeated"}


def test_typed_days_change_nothing(earlier: Path, whole: SegmentResult) -> None:
    def typed(names: tuple[str, ...], rows: list[tuple[str, ...]], day: str) -> pa.Table:
        columns: dict[str, list[object]] = {
            name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)
        }
        columns[day] = [datetime.fromisoformat(str(each)) for each in columns[day]]
        return pa.table(columns)

    found = segment(
        {"orders": typed(ORDER_NAMES, order_rows(), "order_date")},
        settings=SETTINGS,
        previous=earlier,
        events={"events": typed(EVENT_NAMES, event_rows(), "event_date")},
    )
    same(found, whole)


def test_the_saved_model_gives_the_same_labels(folder: Path, whole: SegmentResult) -> None:
    again = segment(folder / "orders.csv", settings=WITHOUT_EVENTS, model=whole.model)
    for column in ("rfm", "segment", "cluster", "cluster_name"):
        assert again.scores[column] == whole.scores[column]


def test_money_and_people_add_up(whole: SegmentResult) -> None:
    summary = whole.summary
    orders = summary.orders
    left = sum(each.money for each in orders.excluded)
    assert orders.money == pytest.approx(orders.money_used + left)
    assert summary.segments is not None
    assert sum(row.money for row in summary.segments.rows) == pytest.approx(orders.money_used)
    assert sum(row.customers for row in summary.segments.rows) == orders.customers
    assert summary.migration is not None
    table = summary.migration.table
    assert summary.migration.between == "runs"
    moved = sum(map(sum, table.money)) + sum(table.new_money)
    assert moved == pytest.approx(orders.money_used)
    people = sum(map(sum, table.customers)) + sum(table.new_customers)
    assert people == orders.customers
    assert summary.tables is not None
    assert summary.tables.nlr is not None
    months = summary.tables.nlr.rows
    by_month = sum(row.new_money + row.returned_money + row.retained_money for row in months)
    assert by_month == pytest.approx(orders.money_used)
    assert summary.tables.cpm is not None
    stages = sum(row.active_money + row.lapsed_money for row in summary.tables.cpm.rows)
    assert stages == pytest.approx(orders.money_used)
    assert summary.personas is not None
    for each in summary.personas.tables:
        assert sum(map(sum, each.customers)) + each.unknown == orders.customers
    assert summary.events is not None
    assert summary.events.rows == summary.events.used + sum(
        each.rows for each in summary.events.excluded
    )


@pytest.mark.parametrize(
    "rows",
    [
        [("1", "a", "2024-01-01", "5", "Web")],
        [("1", "a", "2024-01-01", "5", "Web"), ("2", "a", "2024-03-01", "5", "Web")],
        [(str(n), "a", f"2024-01-{n % 27 + 1:02}", "5", "Web") for n in range(200)],
        [(str(n), f"c{n}", "2024-01-01", "5", "Web") for n in range(200)],
        [(str(n), f"c{n % 40}", f"{2000 + n % 24}-01-01", "5", "") for n in range(200)],
    ],
    ids=["one order", "one customer", "one customer often", "one day", "decades"],
)
def test_little_data_breaks_nothing(
    rows: list[tuple[str, ...]], tmp_path: Path, earlier: Path
) -> None:
    plain = Settings(segment=SegmentSettings(clusters="none", lookalikes=10))
    orders = csv(tmp_path / "orders.csv", ORDER_NAMES, rows)
    events = csv(tmp_path / "events.csv", EVENT_NAMES, [("a", "2024-01-01", "苦情", "")])
    for previous in (None, earlier):
        found = segment(
            orders, output=tmp_path / "run", settings=plain, events=events, previous=previous,
            force=True,
        )  # fmt: skip
        from custseg.jobs.report import report

        assert report(tmp_path / "run").blocks
        assert found.summary.kpis is not None
