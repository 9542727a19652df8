"""A base of an older version becomes one of this version, with all that it held."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from custseg.base import Base, previous_list
from custseg.base.schema import MIGRATIONS, TABLES, VERSION, create
from custseg.errors import InputError

ADDED = {2: ["tombstones"]}
"""Tables that a version brought."""


def make(path: Path, version: int) -> None:
    """Make a base as that version of custseg left it: one run, one list of one customer."""
    later = {name for reached, names in ADDED.items() if reached > version for name in names}
    with duckdb.connect(path) as client:
        for table in TABLES:
            if table not in later:
                client.execute(create(table))
        client.execute("INSERT INTO meta VALUES (?, 'old')", [version])
        client.execute("INSERT INTO runs VALUES (1, 'day1', 'audience', 'old', '', '', '{}')")
        client.execute("INSERT INTO customers VALUES (1, 'A', 0, 'active', NULL, NULL)")
        client.execute("INSERT INTO lists VALUES (1, 'audience', 'vip')")
        client.execute("INSERT INTO list_runs VALUES (1, 1, 1)")
        client.execute("INSERT INTO memberships VALUES (1, 1, 1, 1, NULL)")


def shape(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(path, read_only=True) as client:
        columns = client.execute(
            "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        keys = client.execute(
            "SELECT table_name, constraint_type, constraint_text FROM duckdb_constraints() "
            "ORDER BY ALL"
        ).fetchall()
    return [*columns, *keys]


@pytest.mark.parametrize("version", range(1, VERSION))
def test_an_older_base_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    old, new = tmp_path / "old.duckdb", tmp_path / "new.duckdb"
    make(old, version)
    with Base(old, "test") as base:
        state = previous_list(base, "audience", "vip")
        assert state is not None
        assert state.members["customer_id"].to_pylist() == ["A"]
        base.commit()
    with Base(new, "test") as base:
        base.commit()
    assert shape(old) == shape(new)
    with duckdb.connect(old, read_only=True) as client:
        assert client.execute("SELECT schema_version FROM meta").fetchall() == [(VERSION,)]
        assert client.execute("SELECT run_id FROM runs").fetchall() == [("day1",)]


@pytest.mark.parametrize("version", range(1, VERSION))
def test_reading_an_older_base_leaves_it_as_it_was(tmp_path: Path, version: int) -> None:
    path = tmp_path / "base.duckdb"
    make(path, version)
    kept = path.read_bytes()
    with Base(path, "test") as base:
        assert base.sql("SELECT * FROM {tombstones}").num_rows == 0
    assert path.read_bytes() == kept


def test_every_version_is_reached_by_a_step() -> None:
    assert set(MIGRATIONS) == set(range(2, VERSION + 1))


def test_a_base_of_a_newer_custseg_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    make(path, VERSION)
    with duckdb.connect(path) as client:
        client.execute("UPDATE meta SET schema_version = ?", [VERSION + 1])
    with pytest.raises(InputError) as caught, Base(path, "test"):
        pass
    assert caught.value.key == "base.newer"
