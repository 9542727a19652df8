"""Columns that are named on the command line, for files without a header."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

ORDERS = "".join(f"{n},c{n % 40},2025-0{1 + n % 9}-11,{100 + n}\n" for n in range(200))
NAMES = "order_id,customer_id,order_date,amount"


def test_every_command_reads_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text(ORDERS)
    (tmp_path / "named.csv").write_text(NAMES + "\n" + ORDERS)
    ran = run("rfm", "o.csv", "-o", "bare.csv")
    assert (ran.code, "--columns" in ran.err) == (3, True)
    assert run("rfm", "o.csv", "-o", "bare.csv", "--columns", NAMES).code == 0
    assert run("rfm", "named.csv", "-o", "named_scores.csv").code == 0
    assert Path("bare.csv").read_bytes() == Path("named_scores.csv").read_bytes()
    several = [part for name in NAMES.split(",") for part in ("--columns", name)]
    assert run("segment", "--orders", "o.csv", "-o", "seg", *several).code == 0
    (tmp_path / "custseg.toml").write_text(f"[input]\ncolumns = {NAMES.split(',')!r}\n")
    ran = run("fields", "o.csv")
    assert (ran.code, "order_date" in ran.out) == (0, True)
    (tmp_path / "people.csv").write_text("田中 一,tanaka@example.com\n佐藤 二,sato@example.com\n")
    ran = run("clean", "people.csv", "-o", "run", "--columns", "氏名,メール", lang="ja")
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(("lang", "said"), [("en", "3 names for 4 columns"), ("ja", "列は 4 個")])
def test_too_few_names(run: Run, tmp_path: Path, lang: str, said: str) -> None:
    (tmp_path / "o.csv").write_text(ORDERS)
    ran = run("rfm", "o.csv", "-o", "-", "--columns", "a,b,c", lang=lang)
    assert (ran.code, said in ran.err) == (3, True)
