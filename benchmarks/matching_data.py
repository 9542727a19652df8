"""Prepare a data set for ``matching.py``: ``python matching_data.py DATA FOLDER``.

It leaves the raw files, ``standard.parquet`` (what custseg standardized, columns by role, in the
order of the rows), ``truth.parquet`` and ``data.json`` (which raw files, and their roles).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from custseg.cleanse.unify import Records, unify
from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.monitor import Monitor
from custseg.jobs.sources import prepare, read_inputs

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = Path(os.environ.get("CUSTSEG_DATA", ROOT.parent / "shared" / "data")) / "people"
SEED = 14
"""Of the made data; nobody looked at it while matching was improved."""
ROWS = {"100k": 100_000, "20k": 20_000, "1m": 1_000_000}
FEBRL = {"febrl3": ("febrl3",), "febrl4": ("febrl4a", "febrl4b")}


def standard(files: Sequence[Path], roles: Mapping[str, str]) -> Records:
    """Read and standardize files as ``custseg clean`` does."""
    settings = Settings(roles=roles)
    with Engine() as engine:
        reads = read_inputs([str(file) for file in files], settings, Monitor())
        done = prepare(reads, "people", settings, engine, Monitor()).done
        return unify([each.as_standard() for each in done])


def made(kind: str, rows: int, folder: Path) -> tuple[list[Path], pd.DataFrame]:
    """Make exports and give the customer files and the person of each row."""
    from custseg.demo import Kind, generate, write

    data = generate(rows, SEED, cast("Kind", kind))
    write(data, folder)
    truth = data.truth.to_pandas()[["source", "row", "person"]].astype(str)
    return [folder / file.name for file in data.of("customers")], truth


def main(data: str, folder: Path) -> None:
    """Prepare one data set."""
    folder.mkdir(parents=True, exist_ok=True)
    roles: dict[str, str] = {}
    kind, _, size = data.partition("_")
    if data in FEBRL:
        files = [PEOPLE / f"{name}.csv" for name in FEBRL[data]]
    elif data == "historical_25k":
        files, roles = [PEOPLE / f"{data}.parquet"], {"cluster": "ignore"}
    else:
        files, truth = made(kind, ROWS[size], folder)
    records = standard(files, roles)
    table = records.table
    if data in FEBRL:
        person = [name.split("-")[1] for name in table["record_id"].to_pylist()]
    elif data == "historical_25k":
        person = table["cluster"].to_pylist()
    else:
        places = table.select(["source", "row"]).to_pandas().astype(str)
        person = places.merge(truth, on=["source", "row"], how="left")["person"].tolist()
    pq.write_table(table, folder / "standard.parquet")
    pq.write_table(
        pa.table({"source": table["source"], "row": table["row"], "person": pa.array(person)}),
        folder / "truth.parquet",
    )
    about = {
        "kind": "febrl" if data in FEBRL else kind,
        "files": [str(file) for file in files],
        "given": roles,
        "roles": dict(records.roles),
    }
    (folder / "data.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
