"""Measure how matching alone grows with the number of records.

    python benchmarks/growth.py                            # 100,000, 1,000,000, 5,000,000 rows
    python benchmarks/growth.py --runs run_100k run_1m     # runs of `custseg clean` that exist

Each size is made by the demo's generator and cleaned, unless runs are given; then the records of
the run are matched again, in a process of their own, from memory to memory. The exponent k is
that of seconds = c · records^k between one size and the next. Beside it stands what
`custseg plan` expects of each.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from pipeline import CUSTSEG, run, step

SIZES: Final = (100_000, 1_000_000, 5_000_000)


def cleaned(kind: str, rows: int, seed: int, work: Path) -> Path:
    """Make data and clean them; give the run."""
    _, made = step("make", kind, rows, seed, work / "data")
    files = [work / "data" / name for name in made["customers"]]
    run(CUSTSEG, "clean", *files, "-o", work / "run", "--quiet", "--isolated")
    return work / "run"


def show(measured: list[dict[str, Any]]) -> None:
    """Print a line a size, with the exponents from the size before."""
    print(
        f"{'records':>10}{'pairs':>12}{'seconds':>9}{'CPU s':>8}{'k (CPU)':>9}{'peak MB':>9}"
        f"{'expected: CPU s':>17}{'MB':>7}"
    )
    before = None
    for each in sorted(measured, key=lambda each: int(each["records"])):
        exponent = ""
        if before is not None and each["records"] > before["records"]:
            grown = math.log(each["cpu_seconds"] / before["cpu_seconds"])
            exponent = f"{grown / math.log(each['records'] / before['records']):.2f}"
        print(
            f"{each['records']:10,}{each['pairs']:12,}{each['seconds']:9.1f}"
            f"{each['cpu_seconds']:8.1f}{exponent:>9}{each['peak_bytes'] / 1e6:9.0f}"
            f"{each['expected_seconds']:17.1f}{each['expected_bytes'] / 1e6:7.0f}"
        )
        before = each


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--kind", choices=("english", "japanese"), default="english")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=Path, nargs="+", help="runs of clean to match again")
    chosen = parser.parse_args()
    measured = []
    for each in chosen.runs or chosen.rows:
        with tempfile.TemporaryDirectory(prefix="custseg-bench-") as work:
            folder = (
                each
                if isinstance(each, Path)
                else cleaned(chosen.kind, each, chosen.seed, Path(work))
            )
            cost, says = step("match", folder)
        measured.append({**says, "peak_bytes": cost.peak_bytes})
    show(measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
