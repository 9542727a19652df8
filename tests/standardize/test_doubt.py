"""A cell in doubt stays as it was, or its column cannot hold it and is empty, as the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.table import standardize_table
from custseg.engine import Engine
from custseg.fields.registry import roles

PAGE = Path(__file__).resolve().parents[2] / "docs" / "quality.md"
CELLS = [
    *("abc", "12/13/14", "03/04/2025", "２０２５－１３－４５", "a@b", "a@@b.com", "test@test.com "),
    *("maybe", "未定？", "３", "1,2,3", "１２３円？", "090-1234-567", "1.23E+11", "99999999999999"),
    *(
        "1980-02-31",
        "S99.1.1",
        "不明？",
        "100-000",
        "〒１２３",
        "å±±ç”°å¤ªé",
        "\ufffd山田",
        "#n/a!",
    ),
    *("ｱｲｳ株式会社", "山田太郎・花子", "Nowhereland", "4000%", "昭和70年1月1日", "2099-01-01", "△"),
    *(
        "ＡＢＣ@ＤＥＦ",
        "0312345678;0398765432",
        "大阪市北区梅出3-1-3",
        "北区1-2",
        "府中市",
        "x" * 2000,
    ),
    *("　ﾅｼ　", "", " ", "N/A", "ｔｏｋｙｏ", "１２３", "Ａ　Ｂ"),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def emptied() -> dict[str, set[str]]:
    """Roles, by what the page says of their cells in doubt: reasons, or none for all of them."""
    text = PAGE.read_text(encoding="utf-8").partition("## Cells in doubt")[2].partition("\n## ")[0]
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 5 and "`" in cells[1]:
            for role in re.findall(r"`(\w+)`", cells[1]):
                found[role] = set(re.findall(r"`(\w+)`", cells[2]))
    return found


@pytest.mark.parametrize("role", [name for name, role in roles().items() if role.standardizer])
def test_a_cell_in_doubt_stays_or_is_emptied_as_the_page_says(role: str, engine: Engine) -> None:
    table = pa.table({"c": CELLS})
    done = standardize_table(table, {"c": role}, Context(as_of="2026-01-01"), engine, source="f")
    page = emptied()
    for row in done.changes.to_pylist():
        assert row["reason"], row
        if row["status"] not in ("suggested", "ambiguous", "invalid"):
            continue
        if row["after"] is None:
            assert role in page, row
            assert not page[role] or row["reason"] in page[role], row
        else:
            assert row["after"] == row["before"]
        assert row["before"] is not None
