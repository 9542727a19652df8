"""Measure `custseg audience make`: a million customers to a Google and a Meta file.

    python benchmarks/audience.py                      # 1,000,000 customers
    python benchmarks/audience.py --rows 100000
    python benchmarks/audience.py --base               # with a base, and a second run on it

The customers are made up, each with an address, a phone number, a name and consents; they come
as one Parquet file with a ledger of consents beside it. Says seconds by the clock, seconds of
the processors, and the peak memory of the command.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CUSTSEG = Path(sys.executable).with_name("custseg")


def make(folder: Path, rows: int) -> None:
    numbers = np.arange(rows)
    rng = np.random.default_rng(1)
    families = np.array(["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村"])
    givens = np.array([f"花子{n}" for n in range(500)])
    cities = np.array([f"千代田区{n}" for n in range(1000)])
    addresses = [f"user.{n}+news@{'gmail.com' if n % 3 else 'example.jp'}" for n in numbers]
    customers = {
        "customer_id": [f"C{n:09}" for n in numbers],
        "email": addresses,
        "phone": [f"+8190{n % 100_000_000:08}" for n in numbers],
        "family_name": families[rng.integers(0, len(families), rows)],
        "given_name": givens[rng.integers(0, len(givens), rows)],
        "postal_code": [f"{n % 1000:03}-{n % 9000:04}" for n in numbers],
        "prefecture": np.array(["東京都"])[numbers * 0],
        "city": cities[rng.integers(0, len(cities), rows)],
        "gender": np.array(["female", "male"])[numbers % 2],
        "birth_date": [f"{1940 + n % 60}-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in numbers],
        "consent_ads": np.array(["true", "true", "false"])[numbers % 3],
    }
    pq.write_table(pa.table(customers), folder / "customers.parquet")
    said = numbers[: rows // 10]
    ledger = {
        "identifier": [addresses[n] for n in said],
        "channel": ["ads"] * len(said),
        "status": ["withdrawn" if n % 2 else "granted" for n in said],
        "at": [f"2026-0{n % 6 + 1}-01" for n in said],
    }
    pq.write_table(pa.table(ledger), folder / "ledger.parquet")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--base", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make(folder, chosen.rows)
        base = ("--base", folder / "base.duckdb") if chosen.base else ()
        for day in ("2026-06-30", "2026-07-01")[: 1 + chosen.base]:
            print(f"{chosen.rows:,} customers, {measured(folder, day, *base)}", flush=True)


def measured(folder: Path, day: str, *more: str | Path) -> str:
    command: list[str | Path] = [
        *(CUSTSEG, "audience", "make", "--customers", folder / "customers.parquet"),
        *("--consent", folder / "ledger.parquet", "--as-of", day),
        *("--platform", "google", "--platform", "meta", "-o", folder / f"aud-{day}", "--quiet"),
        *more,
    ]
    start = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, "CUSTSEG_LANG": "en"})
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(status)
    manifest = json.loads((folder / f"aud-{day}" / "manifest.json").read_text())
    stages = ", ".join(f"{name} {took:.1f}" for name, took in manifest["seconds"].items())
    return (
        f"{manifest['counts']['rows']:,} rows written: {seconds:.1f} s, "
        f"{used.ru_utime + used.ru_stime:.1f} s of processors, "
        f"{used.ru_maxrss / 1e6:.2f} GB; {stages}"
    )


if __name__ == "__main__":
    main()
