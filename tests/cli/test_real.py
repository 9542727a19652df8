"""The commands on real files, against known numbers."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def scores(run: Run, *args: object) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1 of ``custseg evaluate``."""
    ran = run("evaluate", *args, "--format", "json")
    assert ran.code == 0, ran.err
    table = next(block for block in json.loads(ran.out)["blocks"] if "columns" in block)
    _, precision, recall, f1 = table["rows"][0]
    return float(precision), float(recall), float(f1)


def test_febrl3_with_no_configuration(run: Run, shared_data: Path, tmp_path: Path) -> None:
    people = shared_data / "people" / "febrl3.csv"
    assert run("clean", people, "-o", "run").code == 0
    with people.open(encoding="utf-8", newline="") as file:
        ids = [row[0] for row in csv.reader(file)][1:]
    lines = [f"{each},{'-'.join(each.split('-')[:2])}" for each in ids]
    (tmp_path / "truth.csv").write_text("\n".join(["record_id,person", *lines]) + "\n")
    assert scores(run, "run", "--truth", "truth.csv")[2] >= 0.999


@pytest.mark.slow
def test_historical_figures(run: Run, shared_data: Path, tmp_path: Path) -> None:
    people = shared_data / "people" / "historical_25k.parquet"
    ran = run("clean", people, "--role", "cluster=ignore", "-o", "run", "--format", "csv")
    assert ran.code == 0, ran.err
    with (tmp_path / "run" / "records.csv").open(encoding="utf-8", newline="") as file:
        sizes = Counter(row["customer_id"] for row in csv.DictReader(file))
    assert max(sizes.values()) <= 200
    precision, recall, f1 = scores(run, "run", "--truth", people, "--truth-id", "cluster")
    assert f1 >= 0.80
    assert min(precision, recall) >= 0.75


RETAIL_ROLES = (
    "InvoiceNo=order_id",
    "StockCode=product_id",
    "Description=product_name",
    "q=quantity",
    "ts=order_date",
    "p=unit_price",
    "cid=customer_id",
)


@pytest.mark.slow
def test_online_retail(run: Run, shared_data: Path, tmp_path: Path) -> None:
    orders = shared_data / "segment" / "online_retail.parquet"
    roles = [word for role in RETAIL_ROLES for word in ("--role", role)]
    ran = run("segment", "--orders", orders, *roles, "-o", "seg", "--k", "4", "--format", "csv")
    assert ran.code == 0, ran.err
    found = json.loads((tmp_path / "seg" / "summary.json").read_text(encoding="utf-8"))["orders"]
    assert (found["customers"], found["orders"], found["rows"]) == (4338, 18532, 541909)
    assert found["money_used"] == pytest.approx(8911407.904, abs=0.0005)
    assert found["rows_used"] == 397884
    assert found["rows_used"] + sum(each["rows"] for each in found["excluded"]) == 541909
    excluded = sum(each["money"] for each in found["excluded"])
    assert found["money_used"] + excluded == pytest.approx(found["money"], abs=0.005)
    listed = 0
    for path in (tmp_path / "seg" / "segments").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            listed += sum(1 for _ in csv.DictReader(file))
    assert listed == 4338
    for name in ("scores.csv", "model.json", "manifest.json"):
        assert (tmp_path / "seg" / name).is_file()
