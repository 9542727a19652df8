"""Measure `custseg clean` and `custseg segment` by stage, on made data of several sizes.

    python benchmarks/pipeline.py                          # 100,000 and 1,000,000 rows
    python benchmarks/pipeline.py --rows 10000 --kind english --json figures.json

Every step runs in a process of its own, so that its peak memory is its own. Times are set
beside reading the same files with pandas in the same run, which makes machines comparable.
Where Splink is installed (the extra `bench`), it links the standardized rows of the same file.
See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tree import TreeMemory

SIZES: Final = (100_000, 1_000_000)
KINDS: Final = ("japanese", "english")
STEPS: Final = Path(__file__).with_name("steps.py")
CUSTSEG: Final = Path(sys.executable).with_name("custseg")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process took: seconds by the clock and of the processors, and peak memory.

    `peak_bytes` is of all its processes together (:mod:`tree`), `largest_bytes` of the largest.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    largest_bytes: int
    says: str = ""


@dataclass(slots=True)
class Figures:
    """Everything measured on one made data set."""

    kind: str
    rows: int
    order_lines: int = 0
    persons: int = 0
    read: Measured | None = None
    read_orders: Measured | None = None
    clean: Measured | None = None
    clean_stages: dict[str, float] = field(default_factory=dict)
    clean_quality: dict[str, float] = field(default_factory=dict)
    segment: Measured | None = None
    segment_stages: dict[str, float] = field(default_factory=dict)
    splink: Measured | None = None
    splink_quality: dict[str, float] = field(default_factory=dict)


class FailedError(RuntimeError):
    """A measured process did not end well."""


def run(*command: str | Path) -> Measured:
    """Run a command to its end and measure it.

    The parent stays small on purpose: Linux counts the memory of the process that forks
    towards the peak of the one it starts.
    """
    words = [str(word) for word in command]
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    with TreeMemory(process.pid) as memory:
        says = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise FailedError(f"exit {process.returncode}: {' '.join(words)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(
        seconds=time.perf_counter() - start,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=memory.peak or usage.ru_maxrss * unit,
        largest_bytes=usage.ru_maxrss * unit,
        says=says,
    )


def step(name: str, *arguments: str | Path | int) -> tuple[Measured, dict[str, Any]]:
    """Run a step of steps.py; give its cost and the JSON it prints."""
    measured = run(sys.executable, STEPS, name, *map(str, arguments))
    return measured, json.loads(measured.says)


def reading(*paths: Path) -> Measured:
    """Measure reading alone, without starting Python."""
    measured, says = step("read", *paths)
    return replace(measured, seconds=says["seconds"])


def measure(kind: str, rows: int, seed: int, work: Path, with_splink: bool) -> Figures:
    """Make a data set and measure every step on it."""
    figures = Figures(kind=kind, rows=rows)
    data, clean, segments = (work / name for name in ("data", "clean", "segments"))
    _, made = step("make", kind, rows, seed, data)
    figures.order_lines, figures.persons = made["order_lines"], made["persons"]
    customers = [data / name for name in made["customers"]]
    orders = data / made["orders"]
    figures.read = reading(*customers)
    figures.read_orders = reading(orders)
    quiet = ("--quiet", "--isolated")
    figures.clean = run(CUSTSEG, "clean", *customers, "-o", clean, *quiet)
    figures.clean_stages = stages(clean)
    _, figures.clean_quality = step("quality", clean, data / "truth.csv")
    figures.segment = run(
        CUSTSEG, "segment", "--customers", clean, "--orders", orders, "-o", segments, *quiet
    )
    figures.segment_stages = stages(segments)
    if with_splink:
        standard = work / "standard"
        run(CUSTSEG, "standardize", *customers, "-o", standard, *quiet)
        figures.splink, figures.splink_quality = step("splink", standard, data / "truth.csv")
    return figures


def stages(folder: Path) -> dict[str, float]:
    """Give the seconds of each stage from a run's manifest."""
    seconds: dict[str, float] = json.loads((folder / "manifest.json").read_text())["seconds"]
    return seconds


def show(figures: Figures) -> None:
    """Print the table of one data set."""
    print(
        f"\n{figures.kind}: {figures.rows:,} customer rows of {figures.persons:,} persons, "
        f"{figures.order_lines:,} order lines"
    )
    columns = f"{'seconds':>9}{'CPU s':>9}{'peak MB':>9}{'(largest)':>10}"
    print(f"{'':28}{columns}{'rows/s':>11}{'x reading':>11}")
    whole: tuple[tuple[str, Measured | None, Measured | None, int, dict[str, float]], ...] = (
        ("read customers (pandas)", figures.read, figures.read, figures.rows, {}),
        ("custseg clean", figures.clean, figures.read, figures.rows, figures.clean_stages),
        ("Splink on cleaned rows", figures.splink, figures.read, figures.rows, {}),
        ("read orders (pandas)", figures.read_orders, figures.read_orders, figures.order_lines, {}),
        (
            "custseg segment",
            figures.segment,
            figures.read_orders,
            figures.order_lines,
            figures.segment_stages,
        ),
    )
    for name, measured, reading, rows, parts in whole:
        if measured is None or reading is None:
            continue
        print(
            f"{name:28}{measured.seconds:9.2f}{measured.cpu_seconds:9.2f}"
            f"{measured.peak_bytes / 1e6:9.0f}{measured.largest_bytes / 1e6:10.0f}"
            f"{rows / measured.seconds:11,.0f}"
            f"{measured.seconds / reading.seconds:11.1f}"
        )
        for stage, seconds in parts.items():
            print(f"  {stage:26}{seconds:9.2f}")
    for name, quality in (("clean", figures.clean_quality), ("Splink", figures.splink_quality)):
        if quality:
            shown = ", ".join(f"{measure} {value:.4f}" for measure, value in quality.items())
            print(f"{name}: {shown}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--kind", choices=KINDS, nargs="+", default=list(KINDS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument(
        "--splink-rows", type=int, default=100_000, help="most rows for Splink (0: leave it out)"
    )
    chosen = parser.parse_args()
    has_splink = importlib.util.find_spec("splink") is not None
    results = []
    for rows in chosen.rows:
        with_splink = has_splink and rows <= chosen.splink_rows
        for kind in chosen.kind:
            with tempfile.TemporaryDirectory(prefix="custseg-bench-") as work:
                results.append(measure(kind, rows, chosen.seed, Path(work), with_splink))
            show(results[-1])
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(each) for each in results], indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
