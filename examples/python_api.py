"""From exports to a mailing list in Python, without a notebook.

python examples/python_api.py                     # reads examples/japanese
python examples/python_api.py exports lists       # your own, and where to write
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import custseg


def main(exports: Path, output: Path) -> pd.DataFrame:
    """Clean the exports, segment the customers; give the best ones with their addresses."""
    members = sorted(exports.glob("*_members.csv"))
    cleaned = custseg.clean(members, output / "clean", force=True)
    customers = cleaned.customers()
    print(f"{cleaned.records.num_rows} records are {len(customers)} customers")

    # The orders carry the numbers of the exports; the run of `clean` knows whose they are.
    segmented = custseg.segment(
        exports / "orders.csv", output / "clean", output / "segments", force=True
    )
    scores = segmented.frame()
    print(scores.groupby("segment")["monetary"].agg(["size", "sum"]).to_string())

    best = scores[scores["segment"].isin(["champions", "loyal"])]
    contacts = customers[["customer_id", "email"]].dropna()
    best = best[["customer_id", "segment", "monetary"]].merge(contacts, on="customer_id")
    return best.sort_values(["monetary", "customer_id"], ascending=[False, True])


if __name__ == "__main__":
    here = Path(__file__).parent
    given = [Path(argument) for argument in sys.argv[1:]]
    made = main(*(given or (here / "japanese", Path("custseg-example"))))
    print(made.head(10).to_string(index=False))
