"""``custseg assess`` and ``custseg plan``, and the quality in the report of ``clean``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from custseg.jobs.assess import assess

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


def test_births_after_the_day_of_the_assessment_are_found(run: Run, tmp_path: Path) -> None:
    text = "氏名,生年月日\n山田太郎,2031-01-01\n佐藤花子,1980-05-05\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    found = "gives an age that cannot be"
    assert found not in " ".join(run("assess", "a.csv", "--as-of", "2031-01-01").out.split())
    assert found in " ".join(run("assess", "a.csv", "--as-of", "2026-06-30").out.split())


def test_namesakes_of_one_postal_code_are_no_repetition(run: Run, tmp_path: Path) -> None:
    rows = [("a", "090-1234-5678"), ("b", "080-8765-4321")]
    lines = [f"鈴木一郎,100-0005,{name}@example.com,{phone}" for name, phone in rows]
    (tmp_path / "a.csv").write_text("\n".join(["氏名,郵便番号,メール,電話番号", *lines, ""]))
    assert "the same as in another row" not in run("assess", "a.csv").out
    (tmp_path / "b.csv").write_text(
        "\n".join(["氏名,郵便番号,メール,電話番号", *lines, lines[0], ""])
    )
    assert "the same as in another row" in run("assess", "b.csv").out


def test_clean_begins_with_the_score_that_assess_gives(run: Run, tmp_path: Path) -> None:
    rows = [
        f"{n},山田{'太一二三'[n % 4]}郎,p{n}@x.jp,20{n % 20 + 5:02}-01-{n % 28 + 1:02}"
        for n in range(40)
    ]
    rows += ["41,佐藤花子,taro@@x.jp,2024-01-05", "42,佐藤花子,,2024-01-05"]
    text = "\n".join(["id,氏名,メール,更新日", *rows, ""])
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert run("clean", "a.csv", "-o", "run").code == 0
    before = json.loads((tmp_path / "run" / "summary.json").read_text())["quality"]["before"]
    assert assess(["a.csv"]).assessments[0].quality.score == before
    for file in (STORE,):
        assert run("clean", file, "-o", "run2").code == 0
        before = json.loads((tmp_path / "run2" / "summary.json").read_text())["quality"]["before"]
        assert assess([file]).assessments[0].quality.score == before


def test_findings_for_programs_have_code_columns_and_count(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "氏名,電話番号\n山田太郎,000-0000-0000\n株式会社山田,03-1234-5678\n", encoding="utf-8"
    )
    data = json.loads(run("assess", "a.csv", "--format", "json").out)
    (assessed,) = data["assessments"]
    found = {(each["code"], *each["columns"]): each["rows"] for each in assessed["findings"]}
    assert found["placeholder", "電話番号"] == 1
    assert found["companies", "氏名"] == 1
    assert assessed["source"] == "a.csv"
    assert assessed["quality"]["score"] is not None
