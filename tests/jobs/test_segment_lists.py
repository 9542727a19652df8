"""Lists as sheets of one workbook, many rules at once, and characters that an encoding lacks."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pytest

from custseg.config import Settings
from custseg.config.schema import OutputSettings, SegmentSettings
from custseg.jobs import segment_write
from custseg.jobs.report import report
from custseg.jobs.segment import segment
from custseg.messages import text
from custseg.report.common import RunFacts
from custseg.report.insights import rules_found
from custseg.report.model import Lines, Table
from custseg.segment.summary import RuleRow, RulesSummary
from custseg.tables.excel import read_workbook

LONG = "とても長い名前の条件による顧客セグメント：東京都の優良顧客"


def shop(customers: int = 400) -> tuple[pa.Table, pa.Table]:
    """Orders, and the customers who made them."""
    ids = [f"M{who:03}" for who in range(customers)]
    orders = pa.table(
        {
            "order_id": [str(number) for number in range(3 * customers)],
            "customer_id": [ids[number * 7 % customers] for number in range(3 * customers)],
            "order_date": [f"2025-{1 + number % 9:02}-11" for number in range(3 * customers)],
            "amount": [str(100 + number * 37 % 900) for number in range(3 * customers)],
        }
    )
    names = ["髙橋 一", "𠮷田 二", "佐藤 é", "田中 四"]
    people = pa.table(
        {
            "customer_id": ids,
            "person_name": [names[who % 4] for who in range(customers)],
            "prefecture": ["東京都" if who % 2 else "大阪府" for who in range(customers)],
        }
    )
    return orders, people


def test_sheets_have_names_of_their_own_and_go_on_where_they_are_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment_write, "SHEET_ROWS", 120)
    orders, people = shop()
    rules = {f"{LONG}{n}": "r >= 1" for n in range(2)} | {"a/b": "r >= 5", "A:B": "r < 1"}
    found = segment(
        {"orders": orders},
        people,
        tmp_path / "out",
        settings=Settings(segment=SegmentSettings(lists="xlsx"), rules=rules),
    )
    path = tmp_path / "out" / "segments" / "segments.xlsx"
    sheets = read_workbook(path.read_bytes(), path.name)
    assert all(len(name) <= 31 for name in sheets)
    assert len({name.casefold() for name in sheets}) == len(sheets)
    assert max(table.num_rows for table in sheets.values()) == 120
    assert sum(table.num_rows for table in sheets.values()) == sum(
        each.table.num_rows for each in found.lists
    )
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    told = [each for each in summary["warnings"] if each["key"] == "segment.warn.sheets"]
    assert len(told) == sum(each.table.num_rows > 120 for each in found.lists)
    for each in told:
        parts = [each["params"]["name"], *each["params"]["others"].split(", ")]
        together = pa.concat_tables([sheets[name] for name in parts], promote_options="permissive")
        wanted = [x for x in found.lists if x.table.num_rows == together.num_rows]
        ids = together["customer_id"].to_pylist()
        assert any(ids == x.table["customer_id"].to_pylist() for x in wanted)
    facts = RunFacts(
        folder="out",
        inputs=(),
        seconds=0.0,
        peak_memory=0,
        files=frozenset({"segments/segments.xlsx"}),
    ).of_lists(each.summary.file for each in found.lists)
    for each in found.lists:
        sheet = facts.list_file(each.summary.file).partition(" [")[2].rstrip("]")
        assert sheets[sheet].num_rows == min(each.table.num_rows, 120)


def rules(number: int) -> RulesSummary:
    return RulesSummary(
        rows=tuple(
            RuleRow(
                name=f"rule {n}",
                file=f"rules/rule_{n}",
                where="r >= 1",
                customers=100 + n,
                share=0.1,
                money=1.0,
                money_share=0.1,
            )
            for n in range(number)
        ),
        overlaps=tuple(
            tuple(100 + a if a == b else (50 if abs(a - b) == 1 else 0) for b in range(number))
            for a in range(number)
        ),
    )


FACTS = RunFacts(folder="out", inputs=(), seconds=0.0, peak_memory=0)


def test_many_rules_do_not_flood_the_terminal() -> None:
    table, lines = rules_found(rules(200), (), FACTS)
    assert isinstance(table, Table)
    assert isinstance(lines, Lines)
    assert len(table.rows) == 20
    assert [row[1].key for row in lines.rows] == [  # type: ignore[union-attr]
        "report.more_rules",
        *["report.rules_overlap_pair"] * 3,
        "report.and_more",
    ]


def test_of_the_pairs_those_that_share_most_come_first() -> None:
    _, lines = rules_found(rules(3), (), FACTS)
    assert isinstance(lines, Lines)
    said = [row[1].params for row in lines.rows]  # type: ignore[union-attr]
    assert [(each["one"], each["other"]) for each in said] == [
        ("rule 0", "rule 1"),
        ("rule 1", "rule 2"),
    ]
    (alone,) = rules_found(rules(1), (), FACTS)
    assert isinstance(alone, Table)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_an_encoding_lacks_is_told_once_and_listed(tmp_path: Path, language: str) -> None:
    orders, people = shop()
    settings = Settings(
        output=OutputSettings(encoding="cp932", format="csv"),
        rules={"osaka": "prefecture = '大阪府'"},
    )
    found = segment({"orders": orders}, people, tmp_path / "out", settings=settings)
    out = tmp_path / "out"
    with (out / "unwritable.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert {row["character"] for row in listed} == {"𠮷", "é"}
    wanted = 0
    for each in found.lists:
        lines = (out / f"segments/{each.summary.file}.csv").read_bytes().decode("cp932")
        names = each.table["person_name"].to_pylist()
        # The whole name, and its parts.
        cells = [cell or "" for column in ("person_name", "family_name", "given_name")
                 for cell in each.table[column].to_pylist()]  # fmt: skip
        lacking = sum("𠮷" in cell or "é" in cell for cell in cells)
        wanted += lacking
        assert lines.count("〓") == lacking
        assert "髙橋 一" in lines or "髙橋 一" not in names
    assert len(listed) == wanted
    told = [each for each in report(out).blocks if isinstance(each, Lines)]
    keys = [getattr(row[1], "key", "") for block in told for row in block.rows]
    assert keys.count("runs.replaced") == 1
    assert "〓" in text("runs.replaced", language, count=wanted, files=3)
