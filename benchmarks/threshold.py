"""What holds customers together, measured: ``python benchmarks/threshold.py FOLDER ...``.

Each folder is one that ``matching_data.py`` prepared. One row a way of joining: F1, precision,
recall of matching alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow.parquet as pq

from custseg.cleanse.match import MatchSettings, evaluate, match_records
from custseg.engine import Engine

WAYS = {
    "held at .5": MatchSettings(),
    "held at .9": MatchSettings(join_probability=0.9),
    "cut at .9": MatchSettings(cut=3.17),
}


def main(folders: list[str]) -> None:
    """Print the table."""
    print("| data | way | F1 | precision | recall |")
    print("|---|---|---|---|---|")
    for folder in map(Path, folders):
        table = pq.read_table(folder / "standard.parquet").drop_columns(["row"])
        truth = pq.read_table(folder / "truth.parquet")["person"].combine_chunks()
        roles = json.loads((folder / "data.json").read_text(encoding="utf-8"))["roles"]
        for way, settings in WAYS.items():
            with Engine() as engine:
                found = match_records(table, roles, engine=engine, settings=settings)
            score = evaluate(found.clusters, truth).pairwise
            print(
                f"| {folder.name} | {way} "
                f"| {score.f1:.4f} | {score.precision:.4f} | {score.recall:.4f} |",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
