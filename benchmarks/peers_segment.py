"""Compare segmentation with its peers on real data: ``python benchmarks/peers_segment.py``.

Data come from the folder that ``CUSTSEG_DATA`` names: the sample of CDNOW and UCI Online Retail.
Every tool runs in a process of its own on the same transactions; peers clean nothing, so they get
the lines of Online Retail that custseg uses. Prints what each found, how many customers have the
same score, CPU seconds (without imports) and peak memory. Peers come with the extra
``bench-segment``, here or in the Python that ``--peer`` names; those that are not installed are
left out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from peer_segments import JOBS, MODULES

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("CUSTSEG_DATA", HERE.parent.parent / "shared" / "data")) / "segment"

_CDNOW = """
COPY (SELECT split_part(line, ' ', 2) AS customer_id,
    strptime(split_part(line, ' ', 3), '%Y%m%d') AS day,
    CAST(split_part(line, ' ', 5) AS DOUBLE) AS amount
  FROM (SELECT regexp_replace(trim(column0), ' +', ' ', 'g') AS line
    FROM read_csv('{source}', delim = '|', header = false, columns = {{'column0': 'VARCHAR'}}))
) TO '{target}' (FORMAT parquet)
"""

_RETAIL = """
COPY (SELECT CAST(cid AS VARCHAR) AS customer_id, InvoiceNo AS order_id, ts AS ordered_at,
    date_trunc('day', ts) AS day, CAST(round(q * p, 4) AS DOUBLE) AS amount
  FROM '{source}' WHERE cid IS NOT NULL AND q > 0 AND p > 0 AND InvoiceNo NOT LIKE 'C%'
) TO '{target}' (FORMAT parquet)
"""

RETAIL_ROLES = (
    *("cid=customer_id", "InvoiceNo=order_id", "ts=order_date", "q=quantity", "p=unit_price"),
    *("StockCode=product_id", "Description=product_name"),
)
MAIN = "from custseg.cli.main import main; main()"

ROWS = {
    "cdnow": (
        *("bg_r", "bg_alpha", "bg_a", "bg_b", "bg_ll", "bg_expected", "bg_alive", "bg_alive_once"),
        *("bg_holdout", "pareto_r", "pareto_alpha", "pareto_s", "pareto_beta", "pareto_ll"),
        *("pareto_expected", "pareto_alive", "pareto_alive_once", "gg_p", "gg_q", "gg_v"),
    ),
    "retail": ("bg_r", "bg_alpha", "bg_a", "bg_b", "bg_ll", "gg_p", "gg_q", "gg_v"),
    "rfm": ("customers", "recency", "frequency", "monetary"),
}


def main() -> None:
    """Print a table a task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "tasks", nargs="*", default=list(ROWS), metavar="TASK", help=str(list(ROWS))
    )
    parser.add_argument("--peer", default=sys.executable, help="a Python that has the peers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, query, source in (
            ("cdnow", _CDNOW, "CDNOW_sample.txt"),
            ("retail", _RETAIL, "online_retail.parquet"),
        ):
            duckdb.sql(query.format(source=DATA / source, target=folder / f"{name}.parquet"))
        for task in options.tasks:
            _table(task, folder, options.peer)
            if task == "rfm":
                _scores(folder)
                _commands(folder)


def _table(task: str, folder: Path, peer: str) -> None:
    found: dict[str, dict[str, Any]] = {}
    for tool, jobs in JOBS.items():
        if task in jobs and (said := _run(tool, task, folder, peer)) is not None:
            found[tool] = said
    print(f"\n| {task} | {' | '.join(found)} |")
    print("|---" * (len(found) + 1) + "|")
    for row in ROWS[task]:
        cells = (_cell(said["numbers"].get(row)) for said in found.values())
        print(f"| {row} | {' | '.join(cells)} |")
    seconds = (f"{said['seconds']:.2f}" for said in found.values())
    print(f"| CPU s | {' | '.join(seconds)} |")
    memory = (f"{said['memory']:,.0f}" for said in found.values())
    print(f"| peak MB | {' | '.join(memory)} |")


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.7g}"


def _run(tool: str, task: str, folder: Path, peer: str) -> dict[str, Any] | None:
    """Run one tool; None where it is not installed."""
    own = tool == "custseg"
    python = sys.executable if own else peer
    # A peer's Python sees its own packages alone.
    environment = {k: v for k, v in os.environ.items() if own or k != "PYTHONPATH"}
    package = MODULES[tool][0].partition(".")[0]
    there = f"import importlib.util as u; raise SystemExit(u.find_spec({package!r}) is None)"
    if subprocess.run([python, "-c", there], check=False, env=environment).returncode:
        print(f"{tool}: not installed", file=sys.stderr)
        return None
    # -P: a module of this folder must not stand in for a package of the same name.
    command = [python, "-P", str(HERE / "peer_segments.py"), tool, task, str(folder)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    made: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return made


def _commands(folder: Path) -> None:
    """Measure the whole of two commands, from the raw file to a folder with lists and report."""
    source = str(DATA / "online_retail.parquet")
    roles = [word for role in RETAIL_ROLES for word in ("--role", role)]
    print("\n| whole command, raw file | CPU s | peak MB |\n|---|---|---|")
    for name, given in (("rfm", [source]), ("segment", ["--orders", source])):
        run = folder / name
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-c", MAIN, name, *given, *roles, "-o", str(run), "--quiet"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
        memory = json.loads((run / "manifest.json").read_text())["peak_memory"] / 1e6
        print(f"| custseg {name} | {seconds:.2f} | {memory:,.0f} |")


def _scores(folder: Path) -> None:
    """Say how many customers each peer scores as custseg does."""
    path = folder / "custseg-rfm.parquet"
    ours = pd.read_parquet(path).set_index("customer_id").sort_index()
    print("\n| customers with the same score | R | F | M |\n|---|---|---|---|")
    path = folder / "openretailscience-rfm.parquet"
    if path.exists():
        theirs = pd.read_parquet(path).set_index("customer_id").sort_index()
        for method in ("rank_first", "quantile"):
            same = [
                int((ours[f"{name}_{method}"] == theirs[f"{name}_score"] + 1).sum())
                for name in "rfm"
            ]
            print(f"| openretailscience, {method} | {' | '.join(f'{n:,}' for n in same)} |")
        once = theirs.loc[theirs["frequency"] == 1, "f_score"].value_counts().sort_index()
        print("openretailscience: F of customers with one order:", once.to_dict())
    path = folder / "pymc-marketing-rfm.parquet"
    if path.exists():
        theirs = pd.read_parquet(path).set_index("customer_id").sort_index()
        same = [
            int((ours[f"{name}_quartile"].astype(str) == theirs["rfm_score"].str[place]).sum())
            for place, name in enumerate("rfm")
        ]
        print(f"| pymc-marketing, quartiles | {' | '.join(f'{n:,}' for n in same)} |")
        print("pymc-marketing's segments:", theirs["segment"].value_counts().to_dict())
        equal = int((ours["frequency"] == theirs["frequency"]).sum())
        print("customers with the same frequency:", equal)


if __name__ == "__main__":
    main()
