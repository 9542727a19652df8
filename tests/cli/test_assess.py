"""``custseg assess`` and ``custseg plan``, and the quality in the report of ``clean``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

STORE = Path(__file__).resolve().parents[2] / "examples" / "japanese" / "store_members.csv"


def test_assess_changes_nothing_and_names_what_is_wrong(run: Run, tmp_path: Path) -> None:
    before = STORE.read_bytes()
    ran = run("assess", STORE)
    assert ran.code == 0, ran.err
    assert list(tmp_path.iterdir()) == []
    assert STORE.read_bytes() == before
    for words in ("garbled", "(rows: ", "What this data can carry", "29 Dec 2025"):
        assert words in ran.out
    data = json.loads(run("assess", STORE, "--format", "json", lang="ja").out)
    tables = [block for block in data["blocks"] if "columns" in block]
    assert len(tables[0]["rows"]) == 9
    assert all(0 <= row[-1] <= 100 for row in tables[0]["rows"])


def test_as_of_makes_records_stale(run: Run) -> None:
    updated = ("assess", STORE, "--role", "登録日=updated_at")
    assert "not updated" in run(*updated, "--as-of", "2099-01-01").out
    assert "not updated" not in run(*updated, "--as-of", "2012-01-01").out


def test_clean_says_how_much_better_it_is(run: Run, tmp_path: Path) -> None:
    assert run("clean", STORE, "-o", "run").code == 0
    quality = json.loads((tmp_path / "run" / "summary.json").read_text())["quality"]
    assert 0 < quality["before"] < quality["after"] <= 100
    for before, after in quality["by_role"].values():
        assert before <= after


def test_plan_compares_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("plan", STORE)
    assert ran.code == 0, ran.err
    assert "date of birth" in ran.out
    assert list(tmp_path.iterdir()) == []


def test_a_day_that_stands_for_never_is_not_the_day_of_the_run(run: Run, tmp_path: Path) -> None:
    rows = [f"{n},p{n}@x.jp,2025-01-{n % 28 + 1:02}" for n in range(40)]
    (tmp_path / "a.csv").write_text(
        "\n".join(["id,email,updated_at", *rows, "99,p@x.jp,9999-12-31"])
    )
    ran = run("assess", "a.csv")
    assert ran.code == 0, ran.err
    assert "9999" not in ran.out
    assert "28 Jan 2025" in ran.out


def test_a_day_that_is_none_is_wrong_use(run: Run) -> None:
    for day in ("2025-13-01", "yesterday"):
        ran = run("assess", STORE, "--as-of", day)
        assert (ran.code, ran.out) == (2, "")
        assert "YYYY-MM-DD" in ran.err
