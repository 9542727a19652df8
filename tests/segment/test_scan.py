"""Orders in Parquet files that stay on disk give what reading them gives, to the last byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from custseg.config import Settings
from custseg.config.schema import RunSettings, SegmentSettings
from custseg.engine import Engine, PutAway
from custseg.errors import InputError, LimitError
from custseg.jobs import ahead
from custseg.jobs import orders as orders_job
from custseg.jobs.monitor import Monitor
from custseg.jobs.orders import read_order_lines
from custseg.jobs.segment import SegmentResult, rfm, segment
from custseg.segment import ledger
from custseg.tables import ReadOptions, read_table

START = np.datetime64("2024-01-01T00:00:00", "us").item()


def made(rows: int = 4_000, seed: int = 3) -> pa.Table:
    """Lines with all that is left out: no customer, no day, returns, prices of nothing."""
    rng = np.random.default_rng(seed)
    order = rng.integers(0, rows // 2, rows)
    who = order * 7 % 300
    days = [START + timedelta(days=int(each) % 360, seconds=int(each)) for each in order]
    return pa.table(
        {
            "order_id": order,
            "customer_id": pa.array(who, mask=who % 29 == 0),
            "order_date": pa.array(days, mask=order % 31 == 0),
            "quantity": rng.integers(-1, 5, rows),
            "unit_price": pa.array(
                [Decimal(int(each)).scaleb(-2) for each in rng.integers(0, 5_000, rows)],
                pa.decimal128(10, 2),
            ),
            "category": np.array(["tea", "", "  ", "コーヒー"])[rng.integers(0, 4, rows)],
            "channel": pa.array(np.array(["web", "shop"])[order % 2]).dictionary_encode(),
        }
    )


def write(table: pa.Table, path: Path) -> Path:
    pq.write_table(table, path, row_group_size=500)
    return path


@pytest.fixture
def scanning(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    def use(scan: bool) -> None:
        for module in (orders_job, ahead):
            monkeypatch.setattr(module, "SCAN_ROWS", 1 if scan else 1 << 60)

    return use


def both(
    scanning: Callable[[bool], None], job: Callable[[], SegmentResult]
) -> tuple[SegmentResult, SegmentResult]:
    scanning(True)
    scanned = job()
    scanning(False)
    return scanned, job()


def same(scanned: SegmentResult, read: SegmentResult) -> None:
    assert scanned.scores.equals(read.scores)
    assert scanned.summary == read.summary
    assert (scanned.profile is None) == (read.profile is None)
    assert read.profile is None or read.profile.equals(scanned.profile)
    for one, other in zip(scanned.lists, read.lists, strict=True):
        assert one.table.equals(other.table)


def stays(path: Path | list[Path], scan: bool = True) -> None:
    with Engine(threads=1) as engine:
        given = read_order_lines(engine, path, Settings(), Monitor())
    assert isinstance(given.lines, pa.Table) is not scan


def as_text(table: pa.Table, *names: str) -> pa.Table:
    for name in names:
        cells = pa.array([None if v is None else f"{v}" for v in table[name].to_pylist()])
        table = table.set_column(table.column_names.index(name), name, cells)
    return table


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table,
        lambda table: as_text(table, "customer_id", "order_id"),
        lambda table: as_text(table, "order_date", "unit_price"),
        lambda table: table.drop_columns(["order_id"]),
        lambda table: table.set_column(
            4, "unit_price", pa.array([*np.arange(len(table) - 2) / 8, np.nan, None])
        ),
        lambda table: table.set_column(
            2,
            "order_date",
            pa.array(
                [datetime(2024, 5, 1, 20, tzinfo=UTC)] * len(table),
                pa.timestamp("ns", "Asia/Tokyo"),
            ),
        ),
    ],
    ids=["typed", "ids of text", "days and money of text", "no order ids", "floats", "a zone"],
)
def test_a_file_that_stays_on_disk_gives_what_reading_it_gives(
    tmp_path: Path,
    scanning: Callable[[bool], None],
    change: Callable[[pa.Table], pa.Table],
) -> None:
    path = write(change(made()), tmp_path / "orders.parquet")
    scanning(True)
    stays(path)
    same(*both(scanning, lambda: rfm(path)))


def test_the_whole_segmentation_is_the_same(
    tmp_path: Path, scanning: Callable[[bool], None]
) -> None:
    path = write(made(), tmp_path / "orders.parquet")
    settings = Settings(segment=SegmentSettings(clusters="2"))
    same(*both(scanning, lambda: segment(path, settings=settings)))


def test_several_files_follow_one_another_and_repeated_orders_count_once(
    tmp_path: Path, scanning: Callable[[bool], None]
) -> None:
    table = made()
    paths = [
        write(table.slice(0, 2_500), tmp_path / "one.parquet"),
        write(table.slice(2_500).drop_columns(["channel"]), tmp_path / "two.parquet"),
    ]
    scanning(True)
    stays(paths)
    scanned, read = both(scanning, lambda: rfm(paths))
    same(scanned, read)
    mixed = [paths[0], write(as_text(table.slice(2_500), "customer_id"), tmp_path / "3.parquet")]
    scanning(True)
    stays(mixed, scan=False)
    same(*both(scanning, lambda: rfm(mixed)))


def test_the_order_of_rows_changes_nothing(
    tmp_path: Path, scanning: Callable[[bool], None]
) -> None:
    table = made()
    shuffled = table.take(np.random.default_rng(1).permutation(len(table)))
    paths = [
        write(each, tmp_path / f"{number}.parquet") for number, each in enumerate([table, shuffled])
    ]
    scanning(True)
    first, second = (rfm(path) for path in paths)
    assert first.scores.equals(second.scores)
    first, second = (
        replace(each, summary=replace(each.summary, inputs=())) for each in (first, second)
    )
    assert first.summary == second.summary


def test_the_real_file_is_the_same(shared_data: Path, scanning: Callable[[bool], None]) -> None:
    path = shared_data / "segment" / "online_retail.parquet"
    scanned, read = both(
        scanning,
        lambda: rfm(
            path,
            settings=Settings(roles={"cid": "customer_id", "q": "quantity", "p": "unit_price"}),
        ),
    )
    same(scanned, read)
    assert scanned.summary.orders.customers == 4_338
    assert scanned.summary.orders.money_used == pytest.approx(8_911_407.904, abs=5e-4)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    rows = 2_000_000
    number = np.arange(rows)
    order = number // 2 * 7_919 % (rows // 2)
    table = pa.table(
        {
            "order_id": order,
            "customer_id": order % 200_000,
            "order_date": pa.array((order % 700 + 19_000).astype("datetime64[D]")),
            "amount": number % 977 + 1,
        }
    )
    pq.write_table(table, tmp_path / "orders.parquet")
    return tmp_path / "orders.parquet"


TIGHT = RunSettings(threads=2, memory_limit="75MB")


def test_spilling_changes_nothing_and_leaves_nothing(
    tmp_path: Path, large: Path, scanning: Callable[[bool], None]
) -> None:
    scanning(True)
    out = tmp_path / "out"
    for name, run in (("free", RunSettings(threads=1)), ("tight", TIGHT)):
        rfm(large, output=out / name, settings=Settings(run=run))
    assert sorted(each.name for each in out.iterdir()) == ["free", "tight"]
    files = [each.relative_to(out / "free") for each in (out / "free").rglob("*") if each.is_file()]
    assert Path("scores.parquet") in files
    for name in files:
        if name.name != "manifest.json":
            assert (out / "free" / name).read_bytes() == (out / "tight" / name).read_bytes()


def test_the_limit_of_that_test_does_need_the_disk(
    tmp_path: Path,
    large: Path,
    scanning: Callable[[bool], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It spills into the run's own hidden folder, and without room there it ends."""
    scanning(True)
    connect = Engine._connect
    folders = []

    def without_room(engine: Engine) -> object:
        connection = connect(engine)
        folders.append(engine._spill_folder)
        connection.execute("SET max_temp_directory_size = '1MB'")
        return connection

    monkeypatch.setattr(Engine, "_connect", without_room)
    with pytest.raises(LimitError) as caught:
        rfm(large, output=tmp_path / "run", settings=Settings(run=TIGHT))
    assert caught.value.key == "engine.memory"
    (folder,) = folders
    assert folder is not None
    assert folder.parent.name.startswith(".run.")
    assert [each.name for each in tmp_path.iterdir()] == ["orders.parquet"]


def test_a_damaged_file_is_named(tmp_path: Path, scanning: Callable[[bool], None]) -> None:
    path = write(made(), tmp_path / "orders.parquet")
    content = bytearray(path.read_bytes())
    content[200:4_000] = b"\xff" * 3_800
    path.write_bytes(content)
    scanning(True)
    with pytest.raises(InputError) as caught:
        rfm(path)
    assert caught.value.key == "tables.parquet_damaged"


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (" order_id", pa.array([1])),
        ("ORDER_DATE", pa.array([1])),
        ("list", pa.array([[1]])),
        ("bytes", pa.array([b"a"])),
        ("float", pa.array([1.0], pa.float32())),
    ],
)
def test_what_reading_would_change_is_read(tmp_path: Path, name: str, column: pa.Array) -> None:
    path = tmp_path / "orders.parquet"
    options = ReadOptions(typed=True, scan_rows=1)
    pq.write_table(pa.table({"order_date": [date(2024, 1, 1)]}), path)
    found = read_table(path, options)
    assert found.scan is not None
    assert (found.table.num_rows, found.table.column_names) == (1, ["order_date"])
    table = pa.table({"order_date": [date(2024, 1, 1)], name: column})
    pq.write_table(table, path)
    if name == "list":
        with pytest.raises(InputError) as caught:
            read_table(path, options)
        assert caught.value.key == "tables.not_text"
    else:
        assert read_table(path, options).scan is None


def test_a_segmentation_that_does_not_fit_into_memory_is_the_same(
    tmp_path: Path, scanning: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanning(True)
    path = write(made(), tmp_path / "orders.parquet")
    settings = Settings(
        segment=SegmentSettings(clusters="2"), run=RunSettings(threads=2, memory_limit="300MB")
    )
    whole = segment(path, output=tmp_path / "whole", settings=settings)
    monkeypatch.setattr(ledger, "_BYTES", 100_000)
    away = []
    put_away = Engine.put_away

    def watched(engine: Engine, table: pa.Table) -> PutAway:
        away.append((table, put_away(engine, table)))
        return away[-1][1]

    monkeypatch.setattr(Engine, "put_away", watched)
    apart = segment(path, output=tmp_path / "apart", settings=settings)
    same(apart, whole)
    orders = [table.num_rows for table, _ in away if "moment" in table.column_names]
    assert len(orders) > 1
    assert sum(orders) == whole.summary.orders.orders
    assert not any(each.path.exists() for _, each in away)
    assert all(each.path.is_relative_to(tmp_path) for _, each in away)


def test_a_text_too_large_for_memory_gives_what_reading_it_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.csv"
    csv.write_csv(made().drop_columns(["category"]), path)
    settings = Settings(segment=SegmentSettings(clusters="2"))
    whole = segment(path, output=tmp_path / "whole", settings=settings)
    stays(path, scan=False)
    monkeypatch.setattr(orders_job, "_TEXT_TAKES", 1 << 60)
    stays(path)
    apart = segment(path, output=tmp_path / "apart", settings=settings)
    same(apart, whole)
    assert {each.name for each in tmp_path.iterdir()} == {"orders.csv", "whole", "apart"}
    names = [each.relative_to(tmp_path / "whole") for each in (tmp_path / "whole").rglob("*.*")]
    assert Path("scores.csv") in names
    for name in names:
        if name.name != "manifest.json":
            one, other = (tmp_path / run / name for run in ("whole", "apart"))
            assert one.read_bytes() == other.read_bytes(), name
