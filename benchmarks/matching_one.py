"""Run one tool on one prepared data set: ``python matching_one.py TOOL FOLDER``.

It prints a line of JSON: scores by row of the table, seconds, processor seconds, memory in MB.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAIN = "from custseg.cli.main import main; main()"
Labels = tuple[str, Any]
"""Row of the table, and the cluster label of each record."""


def clean(about: dict[str, Any]) -> Labels:
    """Run ``custseg clean`` on the raw files and read the customers back."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    roles = [part for role in about["given"].items() for part in ("--role", "=".join(role))]
    with tempfile.TemporaryDirectory() as temporary:
        run = Path(temporary) / "run"
        command = [sys.executable, "-c", MAIN, "clean", *about["files"], *roles]
        subprocess.run([*command, "--format", "parquet", "-o", str(run), "--quiet"], check=True)
        records = pq.read_table(run / "records.parquet", columns=["customer_id"])
    labels = pc.dictionary_encode(records["customer_id"]).combine_chunks().indices
    return "custseg clean", labels


def run(tool: str, folder: Path, about: dict[str, Any]) -> Iterator[Labels]:
    """Give what a tool finds; what follows the first is further thresholds of the same run."""
    if tool == "custseg clean":
        yield clean(about)
        return
    if tool == "custseg, matching alone":
        from peer_custseg import clusters
    elif tool == "Splink":
        from peer_splink import clusters
    elif tool == "goldenmatch":
        from peer_goldenmatch import clusters
    else:
        from peer_recordlinkage import clusters
    yield from clusters(folder, about)


def main(tool: str, folder: Path) -> None:
    """Measure, and judge afterwards."""
    about = json.loads((folder / "data.json").read_text(encoding="utf-8"))
    begin, used = time.perf_counter(), _processor_seconds()
    rows = run(tool, folder, about)
    found = [next(rows)]
    seconds, cpu = time.perf_counter() - begin, _processor_seconds() - used
    which = resource.RUSAGE_CHILDREN if tool == "custseg clean" else resource.RUSAGE_SELF
    memory = resource.getrusage(which).ru_maxrss / 1024

    import numpy as np
    import pyarrow.parquet as pq

    from custseg.cleanse.match import evaluate

    truth = pq.read_table(folder / "truth.parquet")["person"].combine_chunks()
    scores = {}
    for name, labels in [*found, *rows]:
        score = evaluate(np.asarray(labels).astype(np.int64), truth).pairwise
        scores[name] = (score.f1, score.precision, score.recall)
    if tool == "Splink":
        best = max(scores, key=lambda name: scores[name][0])
        scores = {
            "Splink (0.95)": scores["0.95"],
            f"Splink, threshold chosen on the truth ({best})": scores[best],
        }
    result = {"scores": scores, "seconds": seconds, "cpu": cpu, "memory": memory}
    print("RESULT " + json.dumps(result))


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
