"""Lists of a chain are compared whether they are files of their own or sheets of one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def write_orders(path: Path, prefix: str = "M") -> None:
    """One order each of 500 people, a fifth of them long ago."""
    path.parent.mkdir(exist_ok=True)
    rows = [
        f"{n},{prefix}{n:03},2025-0{1 + n % 5}-{1 + n % 28:02},{1000 + n % 400}" for n in range(500)
    ]
    path.write_text("\n".join(["order_id,customer_id,order_date,amount", *rows]) + "\n", "utf-8")


def found(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "runs" / "last-run.json").read_text("utf-8"))
    return report


@pytest.mark.parametrize("kinds", [("csv", "xlsx"), ("xlsx", "csv"), ("xlsx", "xlsx")])
def test_files_and_sheets_are_the_same_lists(
    tmp_path: Path, run: Run, kinds: tuple[str, str]
) -> None:
    orders = tmp_path / "exports" / "orders.csv"
    write_orders(orders)
    assert run("init", "exports").code == 0
    config = tmp_path / "custseg.toml"
    text = config.read_text("utf-8")
    for day, kind in zip(("2026-01-31", "2026-02-28"), kinds, strict=True):
        config.write_text(f'{text}\n[segment]\nlists = "{kind}"\n', "utf-8")
        ran = run("run", "--day", day, "--full")
        assert ran.code == 0, ran.out + ran.err
    told = found(tmp_path)["run"]
    assert told["list_changes"]
    assert set(told["list_changes"].values()) == {0.0}
    assert "champions.csv" in told["lists"] or "hibernating.csv" in told["lists"]
    assert sum(told["lists"].values()) == 500
    # All are others now.
    write_orders(orders, "N")
    ran = run("run", "--day", "2026-03-31")
    assert (ran.code, "list_change" in ran.err) == (1, True)
