"""What is found out about files ahead is what reading them finds, and errors are left to it."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custseg.config import Settings
from custseg.engine import Engine, ParquetScan
from custseg.errors import InputError
from custseg.hashing import sha256_of
from custseg.jobs import ahead as ahead_job
from custseg.jobs import orders as orders_job
from custseg.jobs.ahead import NOTHING_AHEAD, SCAN_ROWS, look_ahead
from custseg.jobs.monitor import Monitor
from custseg.jobs.orders import read_order_lines
from custseg.jobs.scanned import sample, text_sample

ROWS = SCAN_ROWS + 1


def lines(rows: int = ROWS) -> pa.Table:
    number = np.arange(rows)
    return pa.table(
        {
            "order_id": number // 2,
            "customer_id": number // 2 % 997,
            "order_date": pa.array((number // 2 % 700 + 19_000).astype("datetime64[D]")),
            "amount": number % 977 + 1,
            "category": pa.array(["tea", "cups"]).take(pa.array(number % 2)),
        }
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    pq.write_table(lines(), tmp_path / "orders.parquet")
    return tmp_path / "orders.parquet"


@pytest.mark.parametrize("threads", [1, 2])
def test_it_is_what_reading_would_find(path: Path, threads: int) -> None:
    with Engine(threads=threads) as engine:
        for given in (path, str(path), [path], [str(path.parent / "*.parquet")]):
            ahead = look_ahead(engine, given)
            # In one thread it would only put off what may be wrong with the settings.
            assert list(ahead.files) == [path] * (threads > 1)
            assert ahead.sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()
            one = read_order_lines(engine, given, Settings(), Monitor(), ahead=ahead)
            other = read_order_lines(engine, given, Settings(), Monitor())
            assert one.roles == other.roles == {name: name for name in lines(0).column_names}
            assert (one.lines, one.reads[0].sha256) == (other.lines, other.reads[0].sha256)


def test_what_is_known_is_not_looked_for_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(threads=2) as engine:
        ahead = look_ahead(engine, path)
        known = ahead.files[path].sha256.result(), ahead.files[path].texts.result()

        def again(*_: Any) -> None:
            raise AssertionError

        for name in ("sha256_of", "text_sample"):
            monkeypatch.setattr(ahead_job, name, again)
        (read,) = read_order_lines(engine, path, Settings(), Monitor(), ahead=ahead).reads
        assert read.sha256 == known[0]
        assert known[1] is not None
        assert known[1].column_names == ["category"]


@pytest.mark.parametrize(
    "given",
    [[], ["-"], ["nowhere.parquet"], lines(3), {"orders": lines(3)}, [lines(3)], 5, None],
    ids=["nothing", "a stream", "missing", "a table", "named", "tables", "a number", "none"],
)
def test_what_is_no_large_file_is_left_to_reading(given: Any) -> None:
    with Engine(threads=2) as engine:
        assert look_ahead(engine, given) == NOTHING_AHEAD


def test_files_that_are_read_whole_are_left_to_reading(tmp_path: Path) -> None:
    small, text = tmp_path / "small.parquet", tmp_path / "orders.csv"
    pq.write_table(lines(100), small)
    text.write_text("customer_id,order_date,amount\n1,2024-01-01,5\n")
    with Engine(threads=2) as engine:
        assert look_ahead(engine, [small, text]) == NOTHING_AHEAD


def test_a_file_that_another_took_the_place_of_is_looked_at_again(path: Path) -> None:
    with Engine(threads=2) as engine:
        ahead = look_ahead(engine, path)
        known = ahead.sha256(path)
        later = path.with_name("later")
        pq.write_table(lines(2 * ROWS).append_column("store", pa.nulls(2 * ROWS)), later)
        later.replace(path)
        given = read_order_lines(engine, path, Settings(), Monitor(), ahead=ahead)
        (read,) = given.reads
        assert given.lines.num_rows == 2 * ROWS
        assert known != read.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        path.unlink()
        with pytest.raises(InputError) as caught:
            read_order_lines(engine, path, Settings(), Monitor(), ahead=ahead)
    assert caught.value.key == "tables.not_found"


def test_a_file_that_changes_while_it_is_looked_at_has_no_sample(path: Path) -> None:
    with Engine(threads=2) as engine:
        scan = read_order_lines(engine, path, Settings(), Monitor()).reads[0].scan
        assert scan is not None
        texts = text_sample(engine, scan)
        assert texts is not None
        assert sample(engine, scan, texts, ["order_id"]) is not None
        assert sample(engine, scan, texts.slice(1), ["order_id"]) is None


def test_an_error_does_not_wait_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def endless(_: Path, stop: threading.Event) -> str:
        begun.set()
        assert stop.wait(60)
        raise CancelledError

    def query(engine: Engine, _: ParquetScan) -> pa.Table:
        return engine.sql("SELECT SUM(hash(range)) FROM range(1_000_000_000)")

    monkeypatch.setattr(ahead_job, "sha256_of", endless)
    monkeypatch.setattr(ahead_job, "text_sample", query)
    pq.write_table(lines(), tmp_path / "orders.parquet")
    with contextlib.suppress(KeyboardInterrupt), Engine(threads=2) as engine:
        (known,) = look_ahead(engine, tmp_path / "orders.parquet").files.values()
        assert begun.wait(60)
        raise KeyboardInterrupt
    assert isinstance(known.sha256.exception(), CancelledError)
    ended = (CancelledError, duckdb.InterruptException)
    assert known.texts.cancelled() or isinstance(known.texts.exception(), ended)


def test_a_hash_that_nobody_waits_for_is_not_finished(tmp_path: Path) -> None:
    path, stop = tmp_path / "file", threading.Event()
    path.write_bytes(b"content")
    assert sha256_of(path, stop) == sha256_of(path) == hashlib.sha256(b"content").hexdigest()
    stop.set()
    with pytest.raises(CancelledError):
        sha256_of(path, stop)


def test_damage_is_said_by_who_reads(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:-3_000] = b"\xff" * (len(content) - 3_100)
    path.write_bytes(content)
    with Engine(threads=2) as engine:
        ahead = look_ahead(engine, path)
        with pytest.raises(InputError) as caught:
            read_order_lines(engine, path, Settings(), Monitor(), ahead=ahead)
    assert caught.value.key == "tables.parquet_damaged"
    assert caught.value.params["name"] == "orders.parquet"


def test_columns_in_doubt_are_looked_at_and_sure_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = lines(3_000).append_column("v1", pa.array(np.arange(3_000)))
    pq.write_table(table, tmp_path / "orders.parquet")
    monkeypatch.setattr(orders_job, "SCAN_ROWS", 1)
    with Engine(threads=1) as engine:
        scan = read_order_lines(engine, tmp_path / "orders.parquet", Settings(), Monitor()).reads[0]
        assert scan.scan is not None
        texts = text_sample(engine, scan.scan)
        assert texts is not None
        seen = sample(engine, scan.scan, texts, {"order_id", "order_date", "amount"})
    assert seen is not None
    assert seen.column_names == table.column_names
    whole = {name: seen[name].null_count < len(seen) for name in seen.column_names}
    assert [name for name, there in whole.items() if not there] == [
        *("order_id", "order_date", "amount")
    ]
    # Rows are the same in both parts.
    assert len(seen["v1"].drop_null()) == len(texts)
