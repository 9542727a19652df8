"""Measure matching against its peers: ``python benchmarks/matching.py [DATA ...] [--tool ...]``.

One table: data set × tool × F1, precision, recall, seconds, processor seconds, memory. Every tool
runs in a process of its own, one after another; peers come with the extra ``bench`` and are
skipped where they are not installed. ``custseg clean`` gets the raw files, and its figures are
those of the whole command; the others get the columns that custseg standardized, and are timed
without that. What takes longer than ``--limit`` seconds is ended and said to be unfinished.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = (
    "febrl3",
    "febrl4",
    "historical_25k",
    "english_100k",
    "japanese_100k",
    "english_1m",
)
TOOLS = {
    "custseg clean": "custseg",
    "custseg, matching alone": "custseg",
    "Splink": "splink",
    "goldenmatch": "goldenmatch",
    "recordlinkage": "recordlinkage",
}
"""Tool to the package it needs."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="*", default=list(DATA), metavar="DATA", help=str(DATA))
    parser.add_argument("--tool", action="append", choices=list(TOOLS))
    parser.add_argument("--limit", type=float, default=600, help="seconds for one tool on one file")
    parser.add_argument("--folder", type=Path, help="keep the prepared data here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        print("| data | tool | F1 | precision | recall | seconds | CPU s | MB |")
        print("|---|---|---|---|---|---|---|---|")
        for data in options.data:
            if not (folder / data / "truth.parquet").exists():
                command = [sys.executable, str(HERE / "matching_data.py"), data, str(folder / data)]
                subprocess.run(command, check=True)
            for tool in options.tool or TOOLS:
                if find_spec(TOOLS[tool]) is not None:
                    _print_rows(folder / data, tool, options.limit)


def _print_rows(folder: Path, tool: str, limit: float) -> None:
    command = [sys.executable, str(HERE / "matching_one.py"), tool, str(folder)]
    data = folder.name
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=limit)
    except subprocess.TimeoutExpired:
        print(f"| {data} | {tool} | not finished in {limit:.0f} s | | | | | |", flush=True)
        return
    line = re.search(r"^RESULT (.*)$", done.stdout, re.MULTILINE)
    if line is None:
        reason = (done.stderr.strip().splitlines() or ["no result"])[-1].split(":")[0]
        print(f"| {data} | {tool} | failed ({reason}) | | | | | |", flush=True)
        return
    found = json.loads(line[1])
    for name, score in found["scores"].items():
        f1, precision, recall = score
        print(
            f"| {data} | {name} | {f1:.4f} | {precision:.4f} | {recall:.4f} "
            f"| {found['seconds']:.1f} | {found['cpu']:.1f} | {found['memory']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
