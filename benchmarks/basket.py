"""Measure `custseg basket`: the whole command, and its search for groups against mlxtend's.

    python benchmarks/basket.py                                  # 1,000,000 orders
    python benchmarks/basket.py --orders 100000 --peer PYTHON    # a Python that has mlxtend

Orders are made up: products sell unevenly, baskets hold five on average, and some products go
together. Says seconds of the processors and by the clock. The peer gets the same baskets as a
sparse table, the same support and the same most items, in a process of its own; that both find the
same groups is checked.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CUSTSEG = Path(sys.executable).with_name("custseg")

PEER = """
import json, sys, time
import numpy as np, pandas as pd, pyarrow.parquet as pq
from scipy.sparse import csr_matrix
from mlxtend.frequent_patterns import fpgrowth
path, support, most = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
pairs = pq.read_table(path)
rows, items = (pairs[name].to_numpy() for name in ("order", "item"))
cells = csr_matrix((np.ones(len(rows), dtype=bool), (rows, items)))
table = pd.DataFrame.sparse.from_spmatrix(cells).astype(pd.SparseDtype(bool, False))
start = time.process_time()
found = fpgrowth(table, min_support=support, max_len=most)
print(json.dumps([len(found), time.process_time() - start]))
"""


def make(folder: Path, orders: int, products: int) -> tuple[Path, Path]:
    """Make order lines as a shop exports them, and the same as pairs of numbers."""
    rng = np.random.default_rng(4)
    weights = 1 / np.arange(1, products + 1) ** 0.8
    sizes = 1 + rng.negative_binomial(1.5, 1.5 / 5.5, orders)
    number = np.repeat(np.arange(orders), sizes)
    item = rng.choice(products, len(number), p=weights / weights.sum())
    # Every second product takes the one after it along in three baskets of ten.
    along = (item % 2 == 0) & (rng.random(len(item)) < 0.3) & (item + 1 < products)
    number, item = np.concatenate([number, number[along]]), np.concatenate([item, item[along] + 1])
    pairs = np.unique(number.astype(np.int64) * products + item)
    number, item = pairs // products, pairs % products
    customer = rng.integers(0, max(orders // 5, 1), orders)
    day = np.datetime64("2024-01-01") + rng.integers(0, 365, orders)
    names = pa.array([f"product {n}" for n in range(products)])
    lines = pa.table(
        {
            "order_id": pa.array(number).cast(pa.string()),
            "customer_id": pa.array(customer[number]).cast(pa.string()),
            "order_date": pa.array(day[number]),
            "product_name": names.take(pa.array(item)),
            "amount": pa.array(100 + item),
        }
    )
    pq.write_table(lines, folder / "orders.parquet")
    pq.write_table(pa.table({"order": number, "item": item}), folder / "pairs.parquet")
    return folder / "orders.parquet", folder / "pairs.parquet"


def whole(orders: Path, out: Path, more: list[str]) -> str:
    """Run the command; say what it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command: list[str | Path] = [CUSTSEG, "basket", orders, "-o", out, "--quiet", *more]
    subprocess.run(command, check=True, env={**os.environ, "CUSTSEG_LANG": "en"})
    clock = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    manifest = json.loads((out / "manifest.json").read_text())
    stages = ", ".join(f"{name} {took:.1f}" for name, took in manifest["seconds"].items())
    return (
        f"{seconds:.1f} s of processors, {clock:.1f} s by the clock, "
        f"{manifest['peak_memory'] / 1e6:,.0f} MB; {stages}; {manifest['counts']}"
    )


def search(pairs: Path, support: float, most: int) -> tuple[int, float]:
    """Search for groups as the command does; give their number and seconds of the processors."""
    from custseg.segment.baskets import baskets_of_codes
    from custseg.segment.itemsets import find_groups

    table = pq.read_table(pairs)
    baskets = baskets_of_codes(table["order"].to_numpy(), table["item"].to_numpy())
    start = time.process_time()
    found = find_groups(baskets, support=support, least_count=1, most_items=most)
    return len(found.groups), time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--products", type=int, default=3_000)
    parser.add_argument("--support", type=float, default=0.001)
    parser.add_argument("--peer", help="a Python that has mlxtend")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        orders, pairs = make(folder, chosen.orders, chosen.products)
        lines = pq.read_metadata(orders).num_rows
        print(f"{chosen.orders:,} orders, {lines:,} lines, {chosen.products:,} products")
        print("custseg basket:", whole(orders, folder / "bask", []))
        print("without next purchases:", whole(orders, folder / "bare", ["--within", "0"]))
        groups, seconds = search(pairs, chosen.support, 3)
        print(
            f"search at support {chosen.support}: {groups:,} groups, {seconds:.2f} s of processors"
        )
        if chosen.peer:
            command = [chosen.peer, "-c", PEER, str(pairs), str(chosen.support), "3"]
            environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
            said = subprocess.run(
                command, check=True, capture_output=True, text=True, env=environment
            )
            theirs, took = json.loads(said.stdout)
            print(f"mlxtend fpgrowth: {theirs:,} groups, {took:.2f} s: {took / seconds:.0f} times")
            if theirs != groups:
                sys.exit("not the same groups")


if __name__ == "__main__":
    main()
