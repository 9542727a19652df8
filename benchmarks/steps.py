"""The steps of the benchmark that are Python: make data, read it, judge links, run Splink.

Each is a process of its own: ``python steps.py STEP ARGUMENTS``; it prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pandas as pd

KEYS = ["source", "row"]


def make(kind: str, rows: str, seed: str, folder: str) -> dict[str, Any]:
    """Make a data set."""
    from custseg.demo import Kind, generate, write

    data = generate(int(rows), int(seed), cast("Kind", kind))
    write(data, Path(folder))
    (orders,) = data.of("orders")
    return {
        "customers": [file.name for file in data.of("customers")],
        "orders": orders.name,
        "order_lines": orders.table.num_rows,
        "persons": data.truth["person"].to_pandas().nunique(),
    }


def read(*paths: str) -> dict[str, Any]:
    """Read files as everybody does, everything as text; the start of Python is not counted."""
    start, rows = time.perf_counter(), 0
    for path in paths:
        encoding = "cp932" if Path(path).name.startswith("store") else "utf-8-sig"
        rows += len(pd.read_csv(path, dtype=str, encoding=encoding, on_bad_lines="skip"))
    return {"rows": rows, "seconds": time.perf_counter() - start}


def quality(run: str, truth: str) -> dict[str, Any]:
    """Judge a run's customers by the truth."""
    records = pd.read_csv(Path(run) / "records.csv", dtype=str, usecols=[*KEYS, "customer_id"])
    return judged(records, truth)


def match(run: str) -> dict[str, Any]:
    """Match the standardized records of a run again, from memory to memory."""
    from custseg.cleanse.match import match_records
    from custseg.engine import Engine
    from custseg.jobs.stored import read_stored, read_stored_json

    folder = Path(run)
    roles = read_stored_json(folder, "summary.json")["record_roles"]
    records = read_stored(folder, "records").drop_columns(["row", "customer_id", "record_key"])
    with Engine() as engine:
        start, cpu = time.perf_counter(), time.process_time()
        found = match_records(records, roles, engine=engine)
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    return {
        "records": records.num_rows,
        "pairs": found.plan.pairs,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "expected_seconds": found.plan.seconds,
        "expected_bytes": found.plan.memory_bytes,
    }


def judged(records: pd.DataFrame, truth: str) -> dict[str, Any]:
    """Pairwise precision, recall and F1 of `records` (source, row, customer_id)."""
    known = pd.read_csv(truth, dtype=str)
    both = known.merge(records, on=KEYS, how="left", validate="one_to_one")
    both["customer_id"] = both["customer_id"].fillna("row " + both["source"] + both["row"])

    def pairs(columns: list[str]) -> float:
        sizes = both.groupby(columns, sort=False).size().astype(float)
        return float((sizes * (sizes - 1) / 2).sum())

    right = pairs(["person", "customer_id"])
    precision, recall = right / max(pairs(["customer_id"]), 1.0), right / pairs(["person"])
    both_ways = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / both_ways if both_ways else 0.0,
        "largest customer": float(both.groupby("customer_id").size().max()),
    }


def splink(folder: str, truth: str) -> dict[str, Any]:
    """Link the standardized rows with Splink, set up the way its documentation advises."""
    records = splink_clusters(standardized(Path(folder)))
    return judged(records, truth)


ROLES = {
    "family_name": ("姓", "family_name", "Last Name"),
    "given_name": ("名", "given_name", "First Name"),
    "birth_date": ("生年月日", "Date of Birth"),
    "email": ("メールアドレス", "Email"),
    "phone": ("携帯電話番号", "Mobile", "電話番号", "Phone"),
    "postal_code": ("郵便番号", "ZIP Code"),
    "place": ("town", "番地", "street", "Street", "city"),
}
"""By column for Splink: the columns of the standardized files, the first filled one counts."""


def standardized(folder: Path) -> pd.DataFrame:
    """Put the standardized files of a run under common names."""
    numbers = pd.read_parquet(folder / "rows.parquet").astype(str)
    frames = []
    for path in sorted((folder / "standardized").glob("*.csv")):
        frame = pd.read_csv(path, dtype=str)
        common = numbers[numbers["source"] == path.name].reset_index(drop=True)
        for name, columns in ROLES.items():
            given = [frame[column] for column in columns if column in frame]
            common[name] = pd.concat(given, axis=1).bfill(axis=1).iloc[:, 0] if given else None
        frames.append(common)
    joined = pd.concat(frames, ignore_index=True)
    joined["unique_id"] = joined.index.astype(str)
    return joined


def splink_clusters(frame: pd.DataFrame) -> pd.DataFrame:
    """Estimate, predict and cluster at 0.95."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    blocking = [
        block_on("family_name", "birth_date"),
        block_on("given_name", "birth_date"),
        block_on("phone"),
        block_on("email"),
        block_on("given_name", "postal_code"),
        block_on("family_name", "given_name", "substr(postal_code, 1, 3)"),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("family_name", [0.92, 0.8]).configure(
                term_frequency_adjustments=True
            ),
            cl.JaroWinklerAtThresholds("given_name", [0.92, 0.8]).configure(
                term_frequency_adjustments=True
            ),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.LevenshteinAtThresholds("email", [2]),
            cl.LevenshteinAtThresholds("phone", [1]),
            cl.ExactMatch("postal_code"),
            cl.JaroWinklerAtThresholds("place", [0.9]),
        ],
        blocking_rules_to_generate_predictions=blocking,
    )
    linker = Linker(DuckDBAPI().register(frame), settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("email"), block_on("family_name", "given_name", "birth_date")], recall=0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("family_name", "given_name"), block_on("birth_date"), block_on("email")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, 0.95)
    found = clusters.as_pandas_dataframe()[["unique_id", "cluster_id"]]
    joined = frame[[*KEYS, "unique_id"]].merge(found, on="unique_id")
    return joined.rename(columns={"cluster_id": "customer_id"})[[*KEYS, "customer_id"]]


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "make": make,
    "read": read,
    "quality": quality,
    "match": match,
    "splink": splink,
}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
