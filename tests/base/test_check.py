"""``custseg base check``: what is broken is named, and what is no base is refused in words."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from custseg.base.schema import TABLES, VERSION
from custseg.cli.main import app
from custseg.jobs.base import base_check

MEMBERS = "customer_id,email\n" + "".join(f"C{n},p{n}@x.jp\n" for n in range(4))
EXPORT = "会員番号,氏名,メールアドレス\n" + "".join(
    f"{n:04},苗字{n} 名前{n},p{n}@x.jp\n" for n in range(4)
)
PLATFORM = """
channel = "email"
[[columns]]
name = "email"
from = "email"
steps = ["email"]
identifier = true
"""


def invoke(*words: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in words], env={"CUSTSEG_LANG": "en"})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base after a clean run, and lists of two days."""
    folder = tmp_path_factory.mktemp("base")
    (folder / "members.csv").write_text(EXPORT, encoding="utf-8")
    (folder / "p.toml").write_text(PLATFORM)
    base = folder / "base.duckdb"
    done = invoke("clean", folder / "members.csv", "-o", folder / "run", "--base", base)
    assert done.exit_code == 0, done.stderr
    for day, who in enumerate(["0123", "012"], start=1):
        ledger = folder / "ledger.csv"
        lines = (f"p{n}@x.jp,email,granted,2026-01-01\n" for n in who)
        ledger.write_text("identifier,channel,status,at\n" + "".join(lines))
        done = invoke(
            *("audience", "make", "--customers", folder / "run", "--consent", ledger),
            *("--platform-file", folder / "p.toml", "--list", "all", "--base", base),
            *("-o", folder / f"day{day}"),
        )
        assert done.exit_code == 0, done.stderr
    return base


@pytest.fixture
def loose(made: Path, tmp_path: Path) -> Path:
    """The same base, whose keys the database does not keep."""
    path = tmp_path / "base.duckdb"
    with duckdb.connect(path) as client:
        client.execute(f"ATTACH '{made}' AS old (READ_ONLY)")
        for table in TABLES:
            client.execute(f"CREATE TABLE {table} AS FROM old.{table}")
    return path


def broken(path: Path) -> dict[str, int]:
    """Check; give what is broken, by rule and what it is about."""
    wrong = {
        f"{each.rule} {each.what}".strip(): each.broken for each in base_check(path) if each.broken
    }
    shown = invoke("base", "check", path)
    assert shown.exit_code == (1 if wrong else 0)
    assert ("broken by" in shown.stdout) == bool(wrong)
    return wrong


def test_a_base_that_holds_together(made: Path, loose: Path) -> None:
    assert broken(made) == broken(loose) == {}


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ("DELETE FROM customers WHERE customer = 1", {"reference records.customer"}),
        ("UPDATE memberships SET list = 77", {"reference memberships.list"}),
        (
            "UPDATE deliveries SET customer = 77 WHERE delivery = 1",
            {"reference deliveries.customer"},
        ),
        ("DELETE FROM runs WHERE run = 1", {"reference records.run"}),
        ("UPDATE list_files SET list = 9", {"reference list_files.list"}),
        ("DELETE FROM records WHERE record = 1", {"rows"}),
        ("UPDATE runs SET counts = replace(counts, '\"rows\": 4', '\"rows\": 5')", {"rows"}),
        ("DELETE FROM memberships WHERE membership = 1", {"members"}),
        ("UPDATE list_runs SET members = members + 1", {"members"}),
        ("INSERT INTO memberships FROM memberships", {"unique memberships: list, customer"}),
        ("INSERT INTO customers FROM customers", {"unique customers: customer_id"}),
        ("INSERT INTO deliveries FROM deliveries", {"unique deliveries: list, platform, key"}),
        ("UPDATE customers SET successor = 'nobody', status = 'retired'", {"retired", "owners"}),
        ("UPDATE customers SET status = 'retired'", {"retired"}),
        ("INSERT INTO id_history VALUES (1, 'merged', 'a', 'nobody')", {"history"}),
        ("UPDATE memberships SET until = since", {"spans"}),
        ("UPDATE deliveries SET until = 1", {"spans"}),
    ],
)
def test_what_is_broken_is_named(loose: Path, change: str, rules: set[str]) -> None:
    with duckdb.connect(loose) as client:
        client.execute(change)
    kept = loose.read_bytes()
    assert rules <= set(broken(loose))
    assert loose.read_bytes() == kept


def refused(path: Path, words: str) -> None:
    """Check that every command that opens it says the same, with code 3, and leaves it alone."""
    kept = path.read_bytes() if path.is_file() else None
    for command in (("check",), ("show",)):
        done = invoke("base", *command, path)
        assert (done.exit_code, done.stdout) == (3, ""), (done.stdout, done.stderr)
        assert words in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr
    assert (path.read_bytes() if path.is_file() else None) == kept


def test_there_is_none(tmp_path: Path) -> None:
    refused(tmp_path / "base.duckdb", "There is no base")


@pytest.mark.parametrize("version", [VERSION + 1, 99])
def test_a_newer_version(loose: Path, version: int) -> None:
    with duckdb.connect(loose) as client:
        client.execute("UPDATE meta SET schema_version = ?", [version])
    refused(loose, "newer version of custseg")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE meta SET schema_version = 0",
        "UPDATE meta SET schema_version = -3",
        "DELETE FROM meta",
        "DROP TABLE meta",
        "DROP TABLE memberships",
        "ALTER TABLE customers DROP COLUMN successor",
        "ALTER TABLE runs ALTER COLUMN run TYPE VARCHAR",
    ],
)
def test_a_database_that_is_no_base(loose: Path, change: str) -> None:
    with duckdb.connect(loose) as client:
        client.execute(change)
    refused(loose, "no base of custseg")


@pytest.mark.parametrize("text", [b"", b"id,name\n1,a\n", bytes(9000), b"\x89PNG\r\n" + bytes(500)])
def test_no_duckdb_file(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "base.duckdb"
    path.write_bytes(text)
    refused(path, "damaged, or is no DuckDB file")


@pytest.mark.parametrize("part", [0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_file_cut_short(made: Path, tmp_path: Path, part: float) -> None:
    path = tmp_path / "base.duckdb"
    data = made.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    refused(path, "damaged")


def test_a_changed_byte_is_noticed(made: Path, tmp_path: Path) -> None:
    """The database seals its blocks: wherever a value is written over, the base is refused."""
    path = tmp_path / "base.duckdb"
    data = made.read_bytes()
    place = data.index(b"p3@x.jp")
    path.write_bytes(data[:place] + b"q" + data[place + 1 :])
    refused(path, "damaged")


def test_a_folder(tmp_path: Path) -> None:
    done = invoke("base", "check", tmp_path)
    assert (done.exit_code, "is a folder" in done.stderr) == (2, True)


def test_a_file_that_another_program_left_half_written(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "base.duckdb"
    shutil.copy(made, path)
    path.with_name("base.duckdb.wal").write_bytes(b"x")
    refused(path, "has not finished")
