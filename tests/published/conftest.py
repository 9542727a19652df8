"""Runs of the commands on the real data sets that numbers are published for, each made once."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from custseg.cli.main import app
from custseg.tables import read_table

RETAIL = (
    *("InvoiceNo=order_id", "StockCode=product_id", "Description=product_name"),
    *("q=quantity", "ts=order_date", "p=unit_price", "cid=customer_id"),
)

R_MAP = {
    "[4-5][4-5][4-5]": "Champions",
    "[2-5][3-5][3-5]": "Loyal",
    "[3-5][1-3][1-3]": "Potential",
    "[4-5]11": "New",
    "[3-4]11": "Promising",
    "[2-3][2-3][2-3]": "Need Attention",
    "[2-3][1-2][1-2]": "About To Sleep",
    "[1-2][2-5][2-5]": "At Risk",
    "1[4-5][4-5]": "Can't Lose",
    "[1-2][1-2][1-2]": "Lost",
}
"""The map of the tests of R's rfm."""

CDNOW = ("--free-orders", "--time-unit", "weeks", "--k", "none")


class Made(NamedTuple):
    """A run: its folder, what the terminal showed (in one line), and its summary."""

    folder: Path
    shown: str
    summary: dict[str, Any]

    def table(self, name: str) -> list[dict[str, Any]]:
        """Rows of one of its tables."""
        (path,) = self.folder.glob(f"{name}.*")
        if path.suffix == ".parquet":
            return list(pq.read_table(path).to_pylist())
        return list(read_table(path).table.to_pylist())

    def json(self, name: str) -> dict[str, Any]:
        """One of its files of plain data."""
        found: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return found


Make = Callable[..., Made]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Run a command into a folder of its own, in English."""

    def made(*args: object, lang: str = "en") -> Made:
        output = tmp_path_factory.mktemp("run") / "out"
        words = [*map(str, args), "-o", str(output)]
        ran = CliRunner().invoke(app, words, env={"CUSTSEG_LANG": lang})
        assert ran.exit_code == 0, ran.output
        run = Made(output, " ".join(ran.output.split()), {})
        return run._replace(summary=run.json("summary.json"))

    return made


@pytest.fixture(scope="session")
def retail_roles() -> list[str]:
    return [word for role in RETAIL for word in ("--role", role)]


@pytest.fixture(scope="session")
def retail_file(shared_data: Path) -> Path:
    return shared_data / "segment" / "online_retail.parquet"


@pytest.fixture(scope="session")
def retail(
    make: Make, retail_file: Path, retail_roles: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Made:
    """The whole of ``segment`` on Online Retail, frequency by rank, k chosen."""
    config = tmp_path_factory.mktemp("config") / "custseg.toml"
    config.write_text("[cpm]\nmoney = 2000\nshort = 90\nlong = 210\nlapsed = 90\n")
    return make(
        *("segment", "--orders", retail_file, *retail_roles, "--config", config),
        *("--method", "rank-first", "--migration-from", "2011-09-10"),
    )


@pytest.fixture(scope="session")
def retail_rfm(make: Make, retail_file: Path, retail_roles: list[str]) -> Made:
    """``rfm`` on Online Retail as it comes."""
    return make("rfm", retail_file, *retail_roles)


@pytest.fixture(scope="session")
def cdnow_file(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of CDNOW as a CSV: it comes without a header, in columns of spaces."""
    lines = (shared_data / "segment" / "CDNOW_sample.txt").read_text().splitlines()
    path = tmp_path_factory.mktemp("cdnow") / "cdnow.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = ([cells[1], cells[2], cells[4]] for cells in map(str.split, lines))
        csv.writer(file).writerows([("customer_id", "order_date", "amount"), *rows])
    return path


@pytest.fixture(scope="session")
def cdnow(make: Make, cdnow_file: Path) -> Made:
    """All of CDNOW's sample, forecasts checked on what came after 1997-09-30."""
    return make("segment", "--orders", cdnow_file, *CDNOW, "--holdout-from", "1997-10-01")


@pytest.fixture(scope="session")
def cdnow_calibration(make: Make, cdnow_file: Path) -> Made:
    """CDNOW's sample up to 1997-09-30, and what BG/NBD expects of the 52 weeks after."""
    day = ("--as-of", "1997-09-30", "--horizon", "364")
    return make("segment", "--orders", cdnow_file, *CDNOW, *day)


@pytest.fixture(scope="session")
def cdnow_pareto(make: Make, cdnow_file: Path) -> Made:
    """The same under Pareto/NBD."""
    day = ("--as-of", "1997-09-30", "--horizon", "364")
    return make("segment", "--orders", cdnow_file, *CDNOW, *day, "--purchase-model", "pareto-nbd")


@pytest.fixture(scope="session")
def r_orders(make: Make, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The orders of R's rfm, scored as R scores them, named by the map of R's tests."""
    config = tmp_path_factory.mktemp("config") / "custseg.toml"
    rows = [f"{json.dumps(codes)} = {json.dumps(name)}" for codes, name in R_MAP.items()]
    config.write_text("\n".join(["[maps.r]", *rows, '"..." = "Others"', ""]), encoding="utf-8")
    return make(
        *("rfm", shared_data / "segment" / "r_rfm_orders.csv", "--config", config),
        *("--method", "r-package", "--map", "r", "--as-of", "2006-12-31"),
    )
