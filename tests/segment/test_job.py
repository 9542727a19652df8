from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custseg.config import Settings
from custseg.config.schema import GoalsSettings, SegmentSettings
from custseg.errors import InputError, UsageError
from custseg.fields.recognize import recognize
from custseg.jobs.days import read_day
from custseg.jobs.monitor import Monitor
from custseg.jobs.segment import SegmentResult, cluster, rfm, segment
from custseg.jobs.segment_plan import parse_cuts
from custseg.segment.summary import SegmentSummary
from custseg.tables import Manifest, RunFolder, read_table, write_table
from custseg.tables.texts import column_as_text

TWO = Settings(segment=SegmentSettings(clusters="2"))
"""Two clusters, so that none have to be tried."""

HEADER = "注文番号,会員番号,注文日,商品名,数量,金額"


def orders_csv(customers: int = 60) -> str:
    """Orders of a Japanese shop: customer i has i % 4 + 1 orders."""
    rows = [HEADER]
    for who in range(customers):
        for number in range(who % 4 + 1):
            day = f"令和6年{number + 1}月{who % 27 + 1}日"
            rows.append(f'{1000 + who * 10 + number},M{who:03},{day},茶,1,"{who * 50 + 500:,}円"')
    return "\n".join(rows) + "\n"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(orders_csv(), encoding="cp932")
    return path


@pytest.fixture
def clean_run(tmp_path: Path) -> Path:
    """What a clean run leaves: two records of one customer, one who declined."""
    folder = tmp_path / "clean"
    ids = [f"G{who:03}" for who in range(50)]
    customers = pa.table(
        {
            "customer_id": ids,
            "person_name": [f"客{who}" for who in range(50)],
            "consent": ["false" if who == 0 else "true" for who in range(50)],
        }
    )
    records = pa.table(
        {
            "source": ["a.csv"] * 51,
            "row": [str(n) for n in range(1, 52)],
            "record_id": [f"M{who:03}" for who in range(51)],
            "customer_id": [*ids, "G049"],
        }
    )
    with RunFolder(folder) as run:
        run.add_table("customers", customers)
        run.add_table("records", records)
        run.publish(Manifest(command="clean", version="0", run_id="0"))
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def test_the_run_folder_holds_scores_lists_model_and_summary(
    orders: Path, clean_run: Path, tmp_path: Path
) -> None:
    monitor = Monitor()
    result = segment(orders, clean_run, tmp_path / "run", settings=TWO, monitor=monitor)
    files = tree(tmp_path / "run")
    assert {"scores.csv", "profile.csv", "model.json", "summary.json"} < files.keys()
    summary = SegmentSummary.from_json(json.loads(files["summary.json"]))
    assert summary == result.summary
    assert {f"segments/{item.file}.csv" for item in summary.lists} < files.keys()
    assert sum(item.customers + item.declined for item in summary.lists) == 59
    assert sum(item.declined for item in summary.lists) == 1
    names = read_table(tmp_path / "run" / "segments" / f"{summary.lists[0].file}.csv").table
    assert "person_name" in names.column_names
    assert (summary.orders.unknown_customers, summary.orders.customers) == (9, 59)
    assert [notice.key for notice in monitor.warnings] == [
        "segment.warn.unknown",
        "segment.warn.small",
        "segment.warn.forecast",
    ]


def test_the_same_twice_gives_the_same_bytes_and_rows_in_any_order_the_same_scores(
    orders: Path, tmp_path: Path
) -> None:
    segment(orders, output=tmp_path / "one", settings=TWO)
    segment(orders, output=tmp_path / "two", settings=TWO)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    header, *rows = orders.read_text(encoding="cp932").splitlines()
    shuffled = tmp_path / "shuffled.csv"
    np.random.default_rng(3).shuffle(rows)
    shuffled.write_text("\n".join([header, *rows]), encoding="cp932")
    segment(shuffled, output=tmp_path / "three", settings=TWO)
    one, three = tree(tmp_path / "one"), tree(tmp_path / "three")
    assert one["scores.csv"] == three["scores.csv"]
    assert one["model.json"] == three["model.json"]


def test_loading_a_file_twice_changes_nothing(orders: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    again.write_bytes(orders.read_bytes())
    once = rfm(orders).scores
    monitor = Monitor()
    assert rfm([orders, again], monitor=monitor).scores.equals(once)
    assert "segment.warn.same_file" in [notice.key for notice in monitor.warnings]
    reordered = tmp_path / "reordered.csv"
    header, *rows = orders.read_text(encoding="cp932").splitlines()
    reordered.write_text("\n".join([header, *reversed(rows)]), encoding="cp932")
    both = rfm([orders, reordered])
    assert both.scores.equals(once)
    assert {item.reason for item in both.summary.orders.excluded} == {"repeated"}


def test_a_saved_model_scores_the_same_orders_alike(orders: Path, tmp_path: Path) -> None:
    first = segment(orders, output=tmp_path / "run", settings=TWO)
    for model in (tmp_path / "run", tmp_path / "run" / "model.json", first.model):
        again = segment(orders, model=model)
        assert again.scores.equals(first.scores)
        assert again.summary.model == "2024-04-26"


def test_frames_in_and_frames_out() -> None:
    frame = pd.DataFrame(
        {
            "order_id": ["1", "2", "3"],
            "customer_id": ["a", "a", "b"],
            "order_date": ["2024-01-01", "2024-02-01", "2024-02-02"],
            "amount": ["10", "20", "5"],
        }
    )
    found = rfm({"orders": frame}).frame()
    assert found["customer_id"].tolist() == ["a", "b"]
    assert found["recency_days"].tolist() == [2, 1]
    assert found["monetary"].tolist() == [30.0, 5.0]
    assert found["monetary"].dtype == "float64"
    assert found["last_order"].max() == pd.Timestamp("2024-02-02")


def test_scores_go_to_one_table_where_the_output_names_one(orders: Path, tmp_path: Path) -> None:
    result = cluster(orders, output=tmp_path / "clusters.csv", settings=TWO)
    assert result.folder is None
    written = read_table(tmp_path / "clusters.csv").table
    assert "cluster" in written.column_names
    assert "r" not in written.column_names


def test_clusters_keep_their_numbers_on_a_refit(orders: Path) -> None:
    first = cluster(orders, settings=TWO)
    again = cluster(orders, settings=TWO, previous=first.model)
    assert first.model.clusters is not None
    assert again.model.clusters is not None
    assert again.model.clusters.names == first.model.clusters.names


def test_other_bins_leave_codes_unnamed_in_rfm_and_are_refused_in_segment(orders: Path) -> None:
    three = Settings(segment=SegmentSettings(bins=3))
    assert rfm(orders, settings=three).summary.segments is None
    with pytest.raises(UsageError) as caught:
        segment(orders, settings=three)
    assert caught.value.key == "segment.map_bins"


def test_the_users_map_and_actions_stand(orders: Path) -> None:
    mine = Settings(
        segment=SegmentSettings(bins=2, map="mine"),
        maps={"mine": {"2.": "近い", "..": "遠い"}},
        actions={"近い": "電話"},
    )
    rows: SegmentResult = rfm(orders, settings=mine)
    assert rows.summary.segments is not None
    assert [(row.name, row.file, row.action) for row in rows.summary.segments.rows] == [
        ("近い", "近い", "電話"),
        ("遠い", "遠い", ""),
    ]


def test_fixed_cuts_from_the_command_line(orders: Path) -> None:
    cuts = parse_cuts(["r=30,60,90,120", "frequency = 1,2,3,4", "M=1000,2000,3000,4000"])
    result = rfm(orders, cuts=cuts)
    assert result.summary.rfm is not None
    assert result.summary.rfm.method == "fixed"
    assert result.summary.rfm.measures[0].cuts == (30, 60, 90, 120)


@pytest.mark.parametrize("text", ["r", "r=", "r=a,b", "x=1,2", "=1"])
def test_cuts_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_cuts([text])


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        (SegmentSettings(map="nowhere"), "segment.map_unknown"),
        (SegmentSettings(clusters="many"), "segment.k_text"),
        (SegmentSettings(as_of="tomorrow"), "segment.as_of"),
        (SegmentSettings(as_of="2025/13/01"), "segment.as_of"),
        (SegmentSettings(as_of="01/02/2025"), "segment.as_of"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(
    orders: Path, chosen: SegmentSettings, key: str
) -> None:
    with pytest.raises(UsageError) as caught:
        segment(orders, settings=Settings(segment=chosen))
    assert caught.value.key == key


@pytest.mark.parametrize("text", ["2026-01-05", "2026/1/5", "2026/01/05", " 2026.1.5 "])
def test_a_day_may_be_written_as_spreadsheets_show_it(text: str) -> None:
    assert read_day(text) == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("none.json", None, "segment.model_missing"),
        ("bad.json", "no json", "segment.model_unreadable"),
        ("other.json", "{}", "segment.model_unreadable"),
    ],
)
def test_models_that_cannot_be_used_are_refused(
    orders: Path, tmp_path: Path, name: str, content: str | None, key: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError) as caught:
        segment(orders, model=tmp_path / name)
    assert caught.value.key == key


def test_orders_without_one_usable_row_leave_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"{HEADER}\n1,,2024-01-01,茶,1,500\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        segment(path, output=tmp_path / "run")
    assert caught.value.key == "segment.none_used.no_customer"
    assert [each.name for each in tmp_path.iterdir()] == ["orders.csv"]


def test_customers_that_are_no_customers_are_refused(orders: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        segment(orders, orders)
    assert caught.value.key == "clean.orders"
    segment(orders, output=tmp_path / "run", settings=TWO)
    with pytest.raises(InputError) as caught:
        segment(orders, tmp_path / "run")
    assert caught.value.key == "segment.not_a_clean_run"


def test_dates_that_many_lines_lack_are_warned_of(tmp_path: Path) -> None:
    days = ["2025-01-05", "03/04/2025", "25/03/04"]
    lines = [f"{number},c{number % 9},{days[number % 3]},10" for number in range(60)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,customer_id,order_date,amount", *lines, ""]))
    warnings = segment(path, settings=TWO).summary.warnings
    (found,) = [each for each in warnings if each.key == "segment.warn.undated"]
    assert found.params["rows"] == 40


def test_a_goal_whose_figure_is_not_known_yet_is_shown_all_the_same(tmp_path: Path) -> None:
    lines = [f"{n},c{n},2025-01-{n % 3 + 1:02},10" for n in range(9)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,customer_id,order_date,amount", *lines, ""]))
    chosen = Settings(
        segment=SegmentSettings(clusters="none"), goals=GoalsSettings(new_customers=1_200)
    )
    found = segment(path, output=tmp_path / "run", settings=chosen).summary
    assert found.kpis is not None
    (row,) = [each for each in found.kpis.rows if each.name == "new_customers"]
    assert (row.value, row.goal, row.met) == (None, 1_200, None)
    page = " ".join((tmp_path / "run" / "report.html").read_text(encoding="utf-8").split())
    assert "goal 1,200; not known yet" in page
    assert "the orders do not reach back far enough to tell" in page


@pytest.mark.parametrize(("as_of", "late"), [("2025-04-03", False), ("2025-04-04", True)])
def test_a_period_without_any_order_is_warned_of(tmp_path: Path, as_of: str, late: bool) -> None:
    lines = [f"{n},c{n},2025-01-{n % 3 + 1:02},10" for n in range(9)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,customer_id,order_date,amount", *lines, ""]))
    chosen = Settings(segment=SegmentSettings(clusters="none", as_of=as_of))
    found = [each for each in segment(path, settings=chosen).summary.warnings
             if each.key == "segment.warn.late_day"]  # fmt: skip
    assert bool(found) == late
    assert all(each.params["days"] == 91 for each in found)


def test_a_file_of_customers_may_have_its_ids_from_a_program_of_tables(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "order_id,customer_id,order_date,amount\n1,7,2025-01-01,100\n2,8,2025-01-02,200\n"
    )
    (tmp_path / "customers.csv").write_text("customer_id,town\n7.0,Oita\n8.0,Nara\n")
    chosen = Settings(segment=SegmentSettings(clusters="none"), rules={"oita": "town = 'Oita'"})
    result = segment(tmp_path / "orders.csv", tmp_path / "customers.csv", settings=chosen)
    assert result.summary.rules is not None
    assert [rule.customers for rule in result.summary.rules.rows] == [1]


def test_segments_by_rule_see_scores_profile_and_customers(
    orders: Path, clean_run: Path, tmp_path: Path
) -> None:
    rules = {
        "reg": "person_name = '客3' or favorite_product = '茶' and r = 5",
        "all": "frequency >= 1",
    }
    chosen = Settings(segment=SegmentSettings(clusters="none"), rules=rules)
    result = segment(orders, clean_run, tmp_path / "run", settings=chosen)
    assert result.summary.rules is not None
    by_name = {row.name: row for row in result.summary.rules.rows}
    fives = int(sum(1 for r in result.scores["r"].to_pylist() if r == 5))
    assert by_name["all"].customers == 59
    assert by_name["reg"].customers in (fives, fives + 1)
    assert by_name["reg"].money < by_name["all"].money
    assert result.summary.rules.overlaps[0][1] == by_name["reg"].customers
    written = read_table(tmp_path / "run" / "segments" / "rules" / "all.csv").table
    assert written.num_rows == 58
    assert "person_name" in written.column_names


def test_clusters_may_be_made_of_the_profile(orders: Path) -> None:
    chosen = Settings(
        segment=SegmentSettings(clusters="2", features=("average_order", "interval_days"))
    )
    found = cluster(orders, settings=chosen)
    assert found.summary.clusters is not None
    assert found.summary.clusters.features == ("average_order", "interval_days")
    unknown = Settings(segment=SegmentSettings(features=("first_order",)))
    with pytest.raises(InputError) as caught:
        cluster(orders, settings=unknown)
    assert caught.value.key == "segment.feature"


def test_the_whole_job_on_online_retail_with_roles_given(shared_data: Path, tmp_path: Path) -> None:
    roles = {"cid": "customer_id", "InvoiceNo": "order_id", "ts": "order_date"}
    roles |= {"q": "quantity", "p": "unit_price", "StockCode": "product_id"}
    chosen = Settings(roles=roles, segment=SegmentSettings(clusters="none"))
    path = shared_data / "segment" / "online_retail.parquet"
    found = segment(path, output=tmp_path / "run", settings=chosen)
    orders = found.summary.orders
    assert (orders.customers, orders.orders) == (4_338, 18_532)
    assert orders.money_used == 8911407.904
    assert orders.rows_used + sum(item.rows for item in orders.excluded) == 541_909
    assert pq.read_table(tmp_path / "run" / "scores.parquet").num_rows == 4_338
    tables, ahead = found.summary.tables, found.summary.forecast
    assert tables is not None
    assert ahead is not None
    assert [row.customers for row in tables.abc] == [688, 1220, 2430]
    assert ahead.degenerate
    assert ahead.adds_nothing
    assert found.scores.num_rows == 4_338
    assert found.scores["expected_purchases"].null_count == 0
    assert found.profile is not None
    assert found.profile["customer_id"].equals(found.scores["customer_id"])
    summary = found.summary
    assert SegmentSummary.from_json(json.loads(json.dumps(summary.to_json()))) == summary


def test_parquet_and_the_same_as_text_give_the_same(
    shared_data: Path, tmp_path: Path, retail_columns: dict[str, str]
) -> None:
    """Typed columns are read as they are; a CSV of them gives the same, and so do both at once."""
    lines = pq.read_table(shared_data / "segment" / "online_retail.parquet").slice(0, 60_000)
    write_table(lines, tmp_path / "typed.parquet", format="parquet")
    write_table(lines, tmp_path / "text.csv")
    half = len(lines) // 2
    write_table(lines.slice(0, half), tmp_path / "first.parquet", format="parquet")
    write_table(lines.slice(half), tmp_path / "second.csv")
    chosen = Settings(
        roles={column: role for role, column in retail_columns.items()},
        segment=SegmentSettings(clusters="none"),
    )
    typed = segment(tmp_path / "typed.parquet", settings=chosen)
    text = segment(tmp_path / "text.csv", settings=chosen)
    both = segment([tmp_path / "first.parquet", tmp_path / "second.csv"], settings=chosen)
    for other in (text, both):
        assert other.scores.equals(typed.scores)
        assert other.profile == typed.profile
        assert other.summary.tables == typed.summary.tables
        assert other.summary.orders == typed.summary.orders


def test_roles_of_typed_columns_are_those_of_their_text(shared_data: Path) -> None:
    lines = pq.read_table(shared_data / "segment" / "online_retail.parquet")
    texts = pa.table({name: column_as_text(lines[name]) for name in lines.column_names})
    for table in (lines, lines.slice(0, 30_000)):
        as_text = texts.slice(0, len(table))
        found, plain = (recognize(each, kind="orders") for each in (table, as_text))
        assert [guess.role for guess in found] == [guess.role for guess in plain]
    order = np.random.default_rng(1).permutation(len(lines))
    assert recognize(lines.take(pa.array(order)), kind="orders") == recognize(lines, kind="orders")


def test_scores_that_no_built_in_map_is_made_for_are_told_to_have_no_names() -> None:
    lines = pa.table(
        {"who": ["a", "b"], "date": ["2024-01-03", "2024-02-03"], "amount": ["500", "700"]}
    )
    chosen = Settings(segment=SegmentSettings(bins=3), roles={"who": "customer_id"})
    found = rfm({"orders": lines}, settings=chosen).summary
    assert found.segments is None
    assert {each.key: each.params for each in found.warnings}["segment.warn.no_names"] == {
        "bins": 3
    }


def test_orders_that_cost_nothing_have_numbers_all_the_same(tmp_path: Path) -> None:
    days = [(number % 130, 1 + number % 9, 1 + number % 28) for number in range(400)]
    lines = [f"c{who},2025-{month:02d}-{day:02d},0" for who, month, day in days]
    orders = tmp_path / "orders.csv"
    orders.write_text("\n".join(["customer_id,order_date,amount", *lines]))
    found = segment(orders, settings=Settings(segment=SegmentSettings(free_orders=True)))
    summary = found.summary
    assert summary.segments is not None
    assert {row.money_share for row in summary.segments.rows} == {0.0}
    assert summary.tables is not None
    assert summary.tables.gini == 0.0
    assert {row.cumulative_share for row in summary.tables.deciles} == {0.0}
    assert summary.forecast is not None
    assert summary.forecast.value == 0.0
    json.dumps(summary.to_json(), allow_nan=False)
