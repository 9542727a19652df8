"""What an encoding cannot hold is said where the user looks, and listed, never lost in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

EXPORT = "氏名,メモ\n山田太郎,𠮷 é\n佐藤花子,なにか\n"


@pytest.fixture(autouse=True)
def export(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(EXPORT, encoding="utf-8")


@pytest.mark.parametrize("command", ["standardize", "clean"])
def test_in_the_report_of_a_run(command: str, run: Run) -> None:
    ran = run(command, "people.csv", "-o", "out", "--output-encoding", "cp932")
    assert ran.code == 0
    assert "2 characters do not exist in this encoding" in " ".join(ran.out.split())
    assert "é" in Path("out/unwritable.csv").read_text(encoding="utf-8")
    again = run("report", "out")
    assert "do not exist in this encoding" in " ".join(again.out.split())


def test_beside_a_table_alone(run: Run) -> None:
    ran = run("standardize", "people.csv", "-o", "out.csv", "--output-encoding", "cp932")
    assert (ran.code, ran.out) == (0, "")
    assert "2 characters do not exist in this encoding" in ran.err
    assert "〓 〓" in Path("out.csv").read_text(encoding="cp932")


def test_standard_output_holds_the_table_alone(run: Run) -> None:
    ran = run("standardize", "people.csv", "-o", "-")
    assert ran.out.splitlines()[0].startswith("氏名,メモ")
    assert ran.err == ""
