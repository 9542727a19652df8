"""Lists that people open: safe in a spreadsheet, and nothing lost without being listed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def segment(run: Run, *more: object) -> None:
    names = ["=cmd()", "髙橋 𠮷子", "+81", "@home"]
    people = [f"C{n},{names[n % 4]},p{n}@x.jp,090-1234-56{n:02},true,true" for n in range(40)]
    Path("customers.csv").write_text(
        "\n".join(["customer_id,person_name,email,phone,consent_email,consent_sms", *people]),
        encoding="utf-8",
    )
    orders = [f"{n},C{n % 40},2026-01-{n % 28 + 1:02},{100 + n}" for n in range(90)]
    Path("orders.csv").write_text(
        "\n".join(["order_id,customer_id,order_date,amount", *orders]), encoding="utf-8"
    )
    ran = run(
        *("segment", "--customers", "customers.csv", "--orders", "orders.csv"),
        *("--k", "none", "-o", "seg", "--force", *more),
    )
    assert ran.code == 0, ran.err


def cells(encoding: str) -> list[dict[str, str]]:
    found = []
    for path in Path("seg/segments").glob("*.csv"):
        with path.open(encoding=encoding, newline="") as file:
            found += list(csv.DictReader(file))
    return found


def test_formulas_are_text_in_lists_and_stay_as_they_are_in_scores(run: Run) -> None:
    segment(run)
    names = {row["person_name"] for row in cells("utf-8")}
    assert names == {"'=cmd()", "髙橋 𠮷子", "'+81", "'@home"}
    assert "'" not in Path("seg/scores.csv").read_text(encoding="utf-8")


def test_for_excel_the_lists_begin_with_a_mark(run: Run) -> None:
    segment(run, "--for", "excel")
    for path in Path("seg/segments").glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_in_cp932_what_it_lacks_is_listed(run: Run) -> None:
    segment(run, "--output-encoding", "cp932")
    assert not any("?" in row["person_name"] for row in cells("cp932"))
    with Path("seg/unwritable.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert {row["character"] for row in listed} == {"𠮷"}
    # A name is listed where it stands, and where it was taken apart.
    assert Counter(row["column"] for row in listed) == {"person_name": 10, "given_name": 10}
    assert all(row["table"].startswith("segments/") for row in listed)
