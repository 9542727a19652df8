"""The base: what is written is read, runs take each other's place, nothing half-done stays."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from custseg.base import (
    Base,
    NewList,
    RunEntry,
    SentFile,
    previous_file,
    previous_list,
    suppression_sizes,
    write_lists,
    write_suppressions,
)
from custseg.base.schema import TABLES
from custseg.errors import CustsegError, ExitCode, LockedError


def entry(run_id: str) -> RunEntry:
    return RunEntry(run_id=run_id, command="audience", version="0", folder="", started="")


def ids(*names: str) -> pa.Table:
    return pa.table({"customer_id": pa.array(names, pa.string())})


def meta(**keys: str) -> SentFile:
    """Make a file whose rows are `customer=key`."""
    rows = {
        "customer_id": list(keys),
        "key": list(keys.values()),
        "cells": [[key, "jp"] for key in keys.values()],
    }
    return SentFile(platform="meta", columns=("email", "country"), rows=pa.table(rows))


def record(path: Path, run_id: str, file: SentFile) -> None:
    with Base(path, "audience") as base:
        base.begin(entry(run_id))
        vip = NewList(ids(*file.rows["customer_id"].to_pylist()), [file])
        write_lists(base, "audience", {"vip": vip})
        base.commit()


def before(path: Path, run_id: str = "") -> tuple[list[str], list[str]] | None:
    """Give members and keys that a run of this id would compare with."""
    with Base(path, "audience") as base:
        if run_id:
            base.begin(entry(run_id))
        state = previous_list(base, "audience", "vip")
        if state is None:
            return None
        file = previous_file(base, "audience", "vip", "meta")
        keys = file.rows["key"].to_pylist() if file else []
        return state.members["customer_id"].to_pylist(), keys


def test_a_list_is_told_as_the_run_before_left_it(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    assert before(path) is None
    record(path, "day1", meta(A="a", B="b", C="c"))
    record(path, "day2", meta(A="a", D="d"))
    assert before(path) == (["A", "D"], ["a", "d"])
    assert before(path, "day3") == (["A", "D"], ["a", "d"])


def test_the_same_run_again_compares_with_what_was_before_it(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    record(path, "day1", meta(A="a", B="b", C="c"))
    for _ in range(3):
        record(path, "day2", meta(A="a", D="d"))
        assert before(path, "day2") == (["A", "B", "C"], ["a", "b", "c"])
    assert before(path, "day3") == (["A", "D"], ["a", "d"])


def test_a_member_that_comes_back_was_away(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    for day, file in enumerate([meta(A="a"), meta(B="b"), meta(A="a")]):
        record(path, f"day{day}", file)
    with duckdb.connect(path, read_only=True) as client:
        spans = client.execute(
            "SELECT customer_id, since, until FROM memberships JOIN customers USING (customer) "
            "ORDER BY ALL"
        ).fetchall()
    assert spans == [("A", 1, 2), ("A", 3, None), ("B", 2, 3)]


def test_a_file_is_repeated_exactly_as_it_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    file = meta(A="k1", B="k0")
    record(path, "day1", file)
    with Base(path, "audience") as base:
        sent = previous_file(base, "audience", "vip", "meta")
    assert sent is not None
    assert sent.columns == ("email", "country")
    assert sent.header
    assert sent.rows.to_pylist() == sorted(file.rows.to_pylist(), key=lambda row: row["key"])


def test_a_row_that_stays_belongs_to_whoever_carries_it_now(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    record(path, "day1", meta(A="a", B="b"))
    record(path, "day2", meta(A="b"))
    with duckdb.connect(path, read_only=True) as client:
        rows = client.execute(
            'SELECT "key", customer_id, since, until FROM deliveries '
            "JOIN customers USING (customer) ORDER BY ALL"
        ).fetchall()
    assert rows == [("a", "A", 1, 2), ("b", "A", 1, None)]


def test_two_rows_of_one_key_are_an_error(tmp_path: Path) -> None:
    with Base(tmp_path / "base.duckdb", "audience") as base:
        base.begin(entry("day1"))
        with pytest.raises(ValueError, match="one key"):
            write_lists(base, "audience", {"vip": NewList(ids("A", "B"), [meta(A="a", B="a")])})


def test_without_commit_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    record(path, "day1", meta(A="a"))
    bytes_before = path.read_bytes()
    with Base(path, "audience") as base:
        base.begin(entry("day2"))
        write_lists(base, "audience", {"vip": NewList(ids("B"), [meta(B="b")])})
        base.prepare()
    assert path.read_bytes() == bytes_before
    assert [each.name for each in tmp_path.iterdir()] == ["base.duckdb"]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    record(path, "day1", meta(A="a"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_run_is_told_who_is_at_work(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    with Base(path, "audience"):
        with pytest.raises(LockedError) as caught, Base(path, "clean"):
            pass
        assert caught.value.exit_code == ExitCode.LOCKED == 5
        assert caught.value.params["command"] == "audience"
        assert int(str(caught.value.params["pid"])) > 0
        assert str(caught.value.params["since"]).endswith("UTC")
    with Base(path, "clean"):
        pass


def test_the_database_keeps_keys(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    record(path, "day1", meta(A="a"))
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    with duckdb.connect(copy) as client:
        with pytest.raises(duckdb.ConstraintException):
            client.execute("DELETE FROM customers")
        with pytest.raises(duckdb.ConstraintException):
            client.execute("INSERT INTO memberships VALUES (99, 1, 77, 1, NULL)")
        kinds = client.execute(
            "SELECT table_name, list(DISTINCT constraint_type) FROM duckdb_constraints() "
            "GROUP BY table_name"
        ).fetchall()
    assert all("PRIMARY KEY" in found for _, found in kinds)
    assert {name for name, _ in kinds} == set(TABLES)


def test_the_same_runs_make_the_same_contents(tmp_path: Path) -> None:
    digests = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.duckdb"
        record(path, "day1", meta(A="a", B="b"))
        record(path, "day2", meta(**dict(reversed({"B": "b", "C": "c"}.items()))))
        with duckdb.connect(path, read_only=True) as client:
            rows = [client.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]
        digests.append(hashlib.sha256(repr(rows).encode()).hexdigest())
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("content", "key"),
    [(b"not a database", "base.damaged"), (b"", "base.damaged"), (None, "base.not_a_base")],
)
def test_what_is_no_base_is_left_alone(tmp_path: Path, content: bytes | None, key: str) -> None:
    path = tmp_path / "base.duckdb"
    if content is None:
        duckdb.connect(path).close()
    else:
        path.write_bytes(content)
    kept = path.read_bytes()
    with pytest.raises(CustsegError) as caught, Base(path, "clean"):
        pass
    assert caught.value.key == key
    assert path.read_bytes() == kept


def test_sizes_of_files_of_opt_outs_are_those_of_another_run(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    for run_id, size in (("day1", 10), ("day2", 12)):
        with Base(path, "audience") as base:
            base.begin(entry(run_id))
            write_suppressions(base, {"optouts.csv": size})
            base.commit()
    with Base(path, "audience") as base:
        base.begin(entry("day2"))
        assert suppression_sizes(base) == {"optouts.csv": 10}
        base.begin(entry("day3"))
        assert suppression_sizes(base) == {"optouts.csv": 12}
