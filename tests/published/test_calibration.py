"""Whether the chance to buy within 90 days came true: told on a day, looked up 90 days later.

The bounds are what was measured (docs/segmentation.md has the table), not what anyone promised.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

Make = Callable[..., Any]


def gap(made: Any, days: dict[str, set[date]], told: date) -> float:
    """Mean distance, over tenths of the customers by chance, of chance and share that bought."""
    until = told + timedelta(days=90)
    rows = sorted(made.table("scores"), key=lambda row: float(row["buys_within"]))
    chance = np.array([float(row["buys_within"]) for row in rows])
    bought = np.array(
        [any(told < day <= until for day in days[str(row["customer_id"])]) for row in rows]
    )
    parts = np.array_split(np.arange(len(rows)), 10)
    return float(np.mean([abs(chance[part].mean() - bought[part].mean()) for part in parts]))


@pytest.mark.parametrize(
    ("told", "most"),
    [("1997-07-03", 0.031), ("1997-10-01", 0.025), ("1998-01-01", 0.028), ("1998-04-01", 0.031)],
)
def test_on_cdnow(make: Make, cdnow_file: Path, told: str, most: float) -> None:
    days: dict[str, set[date]] = {}
    for line in cdnow_file.read_text().splitlines()[1:]:
        who, day, _ = line.split(",")
        days.setdefault(who, set()).add(date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}"))
    made = make(
        *("segment", "--orders", cdnow_file, "--free-orders", "--k", "none", "--as-of", told)
    )
    assert made.summary["forecast"]["calibrated"]
    assert gap(made, days, date.fromisoformat(told)) <= most


@pytest.mark.parametrize(
    ("told", "most"), [("2011-06-01", 0.057), ("2011-08-01", 0.029), ("2011-09-10", 0.113)]
)
def test_on_online_retail(
    make: Make, retail_file: Path, retail_roles: list[str], told: str, most: float
) -> None:
    lines = pq.read_table(retail_file, columns=["InvoiceNo", "q", "ts", "p", "cid"]).to_pylist()
    days: dict[str, set[date]] = {}
    for line in lines:
        used = line["cid"] is not None and line["q"] > 0 and line["p"] > 0
        if used and not line["InvoiceNo"].startswith("C"):
            days.setdefault(str(line["cid"]), set()).add(line["ts"].date())
    made = make(
        *("segment", "--orders", retail_file, *retail_roles, "--k", "none", "--as-of", told)
    )
    assert made.summary["forecast"]["calibrated"]
    assert gap(made, days, date.fromisoformat(told)) <= most
