"""``segment --base``: the run before is found, and who is in which segment is remembered."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

Run = Callable[..., Any]


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Orders of forty customers, of whom some come back."""
    path = tmp_path / "orders.csv"
    rows = [
        f"{n},C{n % 40:02},2026-{1 + n % 6:02}-{1 + n % 28:02},{500 + 137 * (n % 23)}"
        for n in range(300)
    ]
    path.write_text("\n".join(["order_id,customer_id,order_date,amount", *rows, ""]))
    return path


def segment(run: Run, output: str, day: str, *more: str) -> Any:
    ran = run(
        *("segment", "--orders", "orders.csv", "-o", output, "--as-of", day),
        *("--base", "base.duckdb", *more),
    )
    assert ran.code == 0, ran.err
    return json.loads(Path(output, "summary.json").read_text("utf-8"))


def members(run_number: int) -> dict[str, set[str]]:
    """Give who was in which segment after a run, as docs/base.md asks for it."""
    found: dict[str, set[str]] = {}
    with duckdb.connect("base.duckdb", read_only=True) as client:
        rows = client.execute(
            "SELECT name, customer_id FROM memberships m JOIN customers USING (customer) "
            "JOIN lists USING (list) WHERE kind = 'segment' "
            "AND m.since <= ? AND (m.until IS NULL OR m.until > ?)",
            [run_number, run_number],
        ).fetchall()
    for name, customer in rows:
        found.setdefault(name, set()).add(customer)
    return found


def scored(folder: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in csv.DictReader(Path(folder, "scores.csv").read_text("utf-8").splitlines()):
        if row["segment"]:
            found.setdefault(row["segment"], set()).add(row["customer_id"])
    return found


def test_memberships_of_every_run(orders: Path, run: Run) -> None:
    segment(run, "s1", "2026-06-30")
    segment(run, "s2", "2026-09-30", "--method", "nested")
    assert scored("s1") != scored("s2")
    assert members(1) == scored("s1")
    assert members(2) == scored("s2")
    assert run("base", "check", "base.duckdb").code == 0
    log = Path("base.audit.jsonl").read_text("utf-8").splitlines()
    entry = json.loads(log[1])
    assert (entry["action"], sum(entry["counts"].values())) == ("segment", 40)


def test_the_run_before_is_found(orders: Path, run: Run) -> None:
    segment(run, "s1", "2026-06-30")
    found = segment(run, "s2", "2026-09-30")
    named = run("segment", "--orders", "orders.csv", "-o", "s3", "--as-of", "2026-09-30",
                "--previous", "s1")  # fmt: skip
    assert named.code == 0, named.err
    by_name = json.loads(Path("s3/summary.json").read_text("utf-8"))
    alone = run("segment", "--orders", "orders.csv", "-o", "s4", "--as-of", "2026-09-30")
    assert alone.code == 0
    without = json.loads(Path("s4/summary.json").read_text("utf-8"))
    assert found == by_name
    assert found != without


def test_the_same_run_again_is_compared_with_the_one_before(orders: Path, run: Run) -> None:
    segment(run, "s1", "2026-06-30")
    second = segment(run, "s2", "2026-09-30")
    assert segment(run, "s2", "2026-09-30", "--force") == second
    assert segment(run, "s3", "2026-09-30") == second
    assert members(4) == scored("s2")


def test_a_folder_that_is_another_run_by_now_is_not_compared(orders: Path, run: Run) -> None:
    segment(run, "s1", "2026-06-30")
    assert run("segment", "--orders", "orders.csv", "-o", "s1", "--as-of", "2026-07-31", "--force")
    found = segment(run, "s2", "2026-09-30")
    alone = run("segment", "--orders", "orders.csv", "-o", "s4", "--as-of", "2026-09-30")
    assert alone.code == 0
    assert found == json.loads(Path("s4/summary.json").read_text("utf-8"))


def test_a_segment_that_nobody_is_in_any_more_is_empty(orders: Path, run: Run) -> None:
    segment(run, "s1", "2026-06-30")
    (Path("custseg.toml")).write_text('[rules]\nnobody = "frequency > 5"\n')
    segment(run, "s2", "2026-06-30")
    assert members(2)["nobody"]
    (Path("custseg.toml")).write_text('[rules]\nnobody = "frequency > 500"\n')
    segment(run, "s3", "2026-06-30")
    assert "nobody" not in members(3)
    assert members(2)["nobody"]
    assert run("base", "check", "base.duckdb").code == 0
