"""Measure matching against its peers: ``python benchmarks/matching.py [DATA ...] [--tool ...]``.

One table: data set × tool × F1, precision, recall, time, memory, each measured in a process of
its own, one after another. Peers come with the extra ``bench`` and are skipped where they are
not installed. The peers get what custseg's matching gets: standardized columns.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from custseg.cleanse.match import evaluate, match_records
from custseg.engine import Engine

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = Path(os.environ.get("CUSTSEG_DATA", ROOT.parent / "shared" / "data")) / "people"
Labels = npt.NDArray[np.int64]
Data = tuple[pd.DataFrame, dict[str, str], npt.NDArray[np.object_]]

FEBRL_ROLES = {
    "given_name": "given_name",
    "surname": "family_name",
    "street_number": "street_number",
    "address_1": "street",
    "address_2": "building",
    "suburb": "city",
    "postcode": "postal_code",
    "state": "prefecture",
    "date_of_birth": "birth_date",
    "soc_sec_id": "identifier",
}
HISTORICAL_ROLES = {
    "first_name": "given_name",
    "surname": "family_name",
    "dob": "birth_date",
    "birth_place": "attribute",
    "postcode_fake": "postal_code",
    "gender": "gender",
    "occupation": "attribute",
}


def febrl(*files: str) -> Data:
    frames = [
        pd.read_csv(
            PEOPLE / f"{file}.csv", dtype=str, skipinitialspace=True, keep_default_na=False
        ).assign(source=file)
        for file in files
    ]
    frame = pd.concat(frames, ignore_index=True)
    truth = frame["rec_id"].str.split("-").str[1].to_numpy()
    return frame.drop(columns="rec_id"), FEBRL_ROLES, truth


def historical() -> Data:
    frame = pq.read_table(PEOPLE / "historical_25k.parquet").to_pandas().fillna("")
    return frame, HISTORICAL_ROLES, frame["cluster"].to_numpy()


DATA: dict[str, Callable[[], Data]] = {
    "febrl3": lambda: febrl("febrl3"),
    "febrl4": lambda: febrl("febrl4a", "febrl4b"),
    "historical_25k": historical,
}


def run_custseg(frame: pd.DataFrame, roles: dict[str, str]) -> Labels:
    """Give custseg the columns and their roles; nothing else is set."""
    table = pa.table(
        {column: pa.array([value or None for value in frame[column]]) for column in frame}
    )
    with Engine() as engine:
        return match_records(table, roles, engine=engine).clusters


def run_splink(frame: pd.DataFrame, roles: dict[str, str]) -> Labels:
    """Run Splink with an expert's settings: custom levels, term frequencies, ten rules."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    by_role = {role: column for column, role in roles.items()}
    given, family, birth = (by_role[r] for r in ("given_name", "family_name", "birth_date"))
    postal = by_role["postal_code"]
    table = frame.replace("", None).assign(unique_id=np.arange(len(frame)))
    comparisons = [
        cl.ForenameSurnameComparison(given, family, jaro_winkler_thresholds=[0.92, 0.82]),
        cl.DamerauLevenshteinAtThresholds(birth, [1, 2]),
        cl.DamerauLevenshteinAtThresholds(postal, [1, 2]),
    ]
    rules = [
        block_on(birth, f"substr({family}, 1, 3)"),
        block_on(birth, f"substr({given}, 1, 3)"),
        block_on(given, family),
        block_on(f"substr({given}, 1, 1)", family, postal),
        block_on(given, postal),
        block_on(postal, birth),
    ]
    if "soc_sec_id" in frame:
        comparisons += [
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.75]),
            cl.JaroWinklerAtThresholds("suburb", [0.9]),
            cl.ExactMatch("street_number"),
        ]
        rules += [
            block_on("soc_sec_id"),
            block_on("address_1", "street_number"),
            block_on(family, "suburb"),
            block_on(given, "suburb"),
        ]
        threshold = 0.5
    else:
        comparisons += [
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ]
        rules += [
            block_on(family, "birth_place"),
            block_on(given, "birth_place"),
            block_on(birth, "birth_place"),
            block_on(family, "occupation"),
        ]
        threshold = 0.999
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(DuckDBAPI().register(table), settings)
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on(birth, family, given)], 0.7)
    train.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    train.estimate_parameters_using_expectation_maximisation(block_on(birth))
    train.estimate_parameters_using_expectation_maximisation(block_on(given, family))
    pairs = linker.inference.predict(threshold_match_probability=min(threshold, 0.5))
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold)
    clusters = found.as_pandas_dataframe().sort_values("unique_id")["cluster_id"]
    labels: Labels = pd.factorize(clusters)[0].astype(np.int64)
    return labels


def run_recordlinkage(frame: pd.DataFrame, roles: dict[str, str]) -> Labels:
    """Run recordlinkage's ECM classifier on the union of four blocks."""
    import recordlinkage
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    by_role = {role: column for column, role in roles.items()}
    table = frame.replace("", None)
    index = recordlinkage.Index()
    for role in ("birth_date", "postal_code", "family_name", "given_name"):
        index.block(by_role[role])
    pairs = index.index(table)
    compare = recordlinkage.Compare()
    for role in ("given_name", "family_name"):
        compare.string(by_role[role], by_role[role], method="jarowinkler", threshold=0.85)
    for column, role in roles.items():
        if role not in ("given_name", "family_name"):
            compare.exact(column, column)
    features = compare.compute(pairs, table)
    links = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(features)
    left, right = links.get_level_values(0), links.get_level_values(1)
    graph = coo_array((np.ones(len(links)), (left, right)), shape=(len(table),) * 2)
    labels: Labels = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def run_goldenmatch(frame: pd.DataFrame, roles: dict[str, str]) -> Labels:
    """Run goldenmatch without configuration."""
    from goldenmatch import dedupe_df
    from polars import from_pandas

    kept = frame[list(roles)].replace("", None)
    found = dedupe_df(from_pandas(kept), confidence_required=False)
    labels = np.arange(len(frame))
    for cluster in found.clusters.values():
        members = list(cluster["members"])
        labels[members] = min(members)
    return labels


TOOLS = {
    "custseg": (run_custseg, "custseg"),
    "splink": (run_splink, "splink"),
    "goldenmatch": (run_goldenmatch, "goldenmatch"),
    "recordlinkage": (run_recordlinkage, "recordlinkage"),
}


def one(data: str, tool: str) -> None:
    """Measure one tool on one data set and print a line of JSON."""
    frame, roles, truth = DATA[data]()
    begin = time.perf_counter()
    clusters = TOOLS[tool][0](frame, roles)
    seconds = time.perf_counter() - begin
    score = evaluate(np.asarray(clusters), pa.array(truth)).pairwise
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = [score.f1, score.precision, score.recall, seconds, memory]
    sys.stdout.write("RESULT " + json.dumps(row) + "\n")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="*", default=list(DATA))
    parser.add_argument("--tool", action="append", choices=list(TOOLS))
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.data[0], options.tool[0])
        return
    print("| data | tool | F1 | precision | recall | seconds | MB |")
    print("|---|---|---|---|---|---|---|")
    for data in options.data:
        for tool in options.tool or TOOLS:
            if find_spec(TOOLS[tool][1]) is None:
                continue
            command = [sys.executable, __file__, data, "--tool", tool, "--one"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            line = re.search(r"^RESULT (.*)$", done.stdout, re.MULTILINE)
            if line is None:
                print(f"| {data} | {tool} | failed | | | | |")
                continue
            f1, precision, recall, seconds, memory = json.loads(line[1])
            print(
                f"| {data} | {tool} | {f1:.4f} | {precision:.4f} | {recall:.4f} "
                f"| {seconds:.1f} | {memory:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
