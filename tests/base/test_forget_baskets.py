"""Forgetting reaches the lists of who bought X and not yet Y, and changes nothing else there."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from custseg.cli.main import app

OTHERS = 200
HERS = ("hanako.sato@example.com", "+819012345678", "09012345678", "佐藤 花子", "花子")
RULES = ("--rule", "緑茶 -> 湯のみ", "--next-lists", "3", "--min-count", "10", "--within", "60")


def write(path: Path, rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def done(*words: str) -> str:
    ran = CliRunner().invoke(app, list(words), env={"CUSTSEG_LANG": "en"})
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Customers who buy tea; half of them buy a pot after a month, she has not yet."""
    monkeypatch.setenv("CUSTSEG_KEY", "a key of the tests, long enough")
    monkeypatch.chdir(tmp_path)
    people: list[tuple[object, ...]] = [
        ("会員番号", "氏名", "メールアドレス", "電話番号", "メルマガ")
    ]
    people.append(("0000", "佐藤 花子", "hanako.sato@example.com", "090-1234-5678", "はい"))
    people += [
        (f"{n:04}", f"客{n:03}", f"kyaku{n:03}@example.com", f"03-{n:04}-1111", "はい")
        for n in range(1, OTHERS)
    ]
    write(tmp_path / "members.csv", people)
    orders: list[tuple[object, ...]] = [("注文番号", "会員番号", "注文日", "商品名", "金額")]
    for n in range(OTHERS):
        day = date(2025, 1, 1) + timedelta(days=n * 7 % 180 if n else 175)
        orders.append((f"{n}-1", f"{n:04}", day, "緑茶", 1000))
        if n % 7 == 3:
            orders.append((f"{n}-1", f"{n:04}", day, "湯のみ", 2000))
        later = day + timedelta(days=20)
        if n % 2 and later < date(2025, 7, 1):
            orders.append((f"{n}-2", f"{n:04}", later, "急須", 5000))
        if n:
            earlier = day - timedelta(days=40 + n % 50)
            orders.append((f"{n}-0", f"{n:04}", earlier, f"菓子{n % 5}", 500))
    write(tmp_path / "orders.csv", orders)
    done("clean", "members.csv", "-o", "run", "--base", "base.duckdb", "--quiet")
    common = ("basket", "orders.csv", "--customers", "run", "--quiet", *RULES)
    done(*common, "-o", "bask")
    done(*common, "-o", "bask_sjis", "--output-encoding", "cp932")
    done(*common, "-o", "bask_parquet", "--format", "parquet")
    done("report", "bask", "--format", "xlsx", "-o", "report.xlsx")
    return tmp_path


def her_id(place: Path) -> str:
    with (place / "run" / "records.csv").open(encoding="utf-8") as file:
        return next(
            row["customer_id"] for row in csv.DictReader(file) if row["record_id"] == "0000"
        )


def forget_her(who: str) -> None:
    words = ("forget", "--base", "base.duckdb", "-o", "removal", "--id", who)
    done(
        *words, *(each for run in ("bask", "bask_sjis", "bask_parquet") for each in ("--run", run))
    )


def lists(place: Path) -> Iterator[tuple[Path, str]]:
    for run, encoding in (("bask", "utf-8"), ("bask_sjis", "cp932"), ("bask_parquet", "utf-8")):
        for path in sorted((place / run / "lists").glob("*.csv")):
            yield path, encoding


def test_nothing_of_her_is_left_and_all_else_is(place: Path) -> None:
    her = her_id(place)
    hers = (*HERS, her)
    before = {path: path.read_text(encoding) for path, encoding in lists(place)}
    named = [path.name for path, text in before.items() if "花子" in text]
    assert [name[:4] for name in named] == ["01_緑", "next"] * 3
    others = {
        path: path.read_bytes()
        for run in ("bask", "bask_sjis", "bask_parquet")
        for path in (place / run).iterdir()
        if path.is_file() and path.name != "manifest.json"
    }
    (place / "members.csv").unlink()
    (place / "orders.csv").unlink()
    forget_her(her)
    for run in ("run", "bask", "bask_sjis", "bask_parquet"):
        for path in (place / run).rglob("*"):
            data = path.read_bytes() if path.is_file() else b""
            for value in hers:
                assert value.encode() not in data, path
                assert value.encode("cp932") not in data, path
    for path, encoding in lists(place):
        kept = [line for line in before[path].splitlines() if "花子" not in line]
        assert path.read_text(encoding).splitlines() == kept
        manifest = json.loads((path.parent.parent / "manifest.json").read_text("utf-8"))
        (told,) = [each for each in manifest["outputs"] if each["name"] == f"lists/{path.name}"]
        assert (told["rows"], told["bytes"]) == (len(kept) - 1, path.stat().st_size)
    for path, data in others.items():
        assert path.read_bytes() == data
    for lang in ("en", "ja"):
        ran = CliRunner().invoke(app, ["report", "bask"], env={"CUSTSEG_LANG": lang})
        assert ran.exit_code == 0
