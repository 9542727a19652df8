"""Say what is not found, and why: ``python benchmarks/errors.py RUN TRUTH``.

RUN is a folder of ``custseg clean``, TRUTH the ``truth.csv`` of ``custseg demo``. Printed are the
share of the pairs of two people of one household that were joined; the wrong pairs, missed and
joined, by what agrees in them; and the twenty worst of each, where the model was surest. No value
of a record is printed.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from custseg.cleanse.match import MatchModel
from custseg.cleanse.match.compare import compare_all
from custseg.cleanse.match.kinds import EQUAL, NEAR
from custseg.cleanse.match.levels import LEVELS
from custseg.cleanse.match.nicknames import variants_of
from custseg.cleanse.match.prepare import prepare
from custseg.cleanse.match.types import Ints, MatchSettings
from custseg.engine import Engine
from custseg.jobs.stored import read_stored, read_stored_json

PLACE: Final = ["source", "row"]
GROUPS: Final = {
    "family_name": "family name",
    "given_name": "given name",
    "birth_date": "birth date",
    "street": "street",
    "area": "area",
    "phone": "phone",
    "email": "e-mail",
    "gender": "gender",
}
"""Fields that are told, in this order; others hardly differ."""


def pairs_within(codes: Ints, apart: Ints) -> Ints:
    """Pairs of records equal in `codes` and not in `apart`, of shape (pairs, 2)."""
    order = np.argsort(codes, kind="stable")
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    found = [np.empty((0, 2), np.int64)]
    for members in np.split(order, ends):
        if len(members) > 1:
            left, right = np.triu_indices(len(members), 1)
            pairs = np.stack([members[left], members[right]], axis=1)
            found.append(pairs[apart[pairs[:, 0]] != apart[pairs[:, 1]]])
    return np.concatenate(found)


def pair_count(frame: pd.DataFrame, columns: list[str]) -> int:
    """Pairs of records that are equal in all the columns."""
    size = frame.groupby(columns, sort=False).size()
    return int((size * (size - 1) // 2).sum())


def describe(words: list[str]) -> str:
    """Say what agrees, what is near, what differs; what is missing in a record is left out."""
    said = {"agree": [], "near": [], "differ": []}  # type: dict[str, list[str]]
    for name, word in zip(GROUPS.values(), words, strict=True):
        if word != "missing":
            said[word].append(name)
    return "; ".join(f"{word}: {', '.join(names)}" for word, names in said.items() if names)


def words_of(name: str, levels: list[str], column: np.ndarray) -> np.ndarray:
    """Put the levels of a field into four words."""
    near = NEAR | {"part", "near", "swapped", "other_number", "same_city"}
    word = [
        "missing"
        if level == "missing"
        else "agree"
        if level in EQUAL and level != "swapped"
        else "near"
        if level in near and not (name in ("street", "area") and level == "similar")
        else "differ"
        for level in levels
    ]
    said: np.ndarray = np.array(word, object)[column]
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("truth", type=Path)
    chosen = parser.parse_args()
    records = read_stored(chosen.run, "records")
    known = pd.read_csv(chosen.truth, dtype=str)
    frame = records.select([*PLACE, "customer_id"]).to_pandas().astype(str)
    frame = frame.merge(known, on=PLACE, how="left", validate="one_to_one")
    person, customer = (
        pd.factorize(frame[name])[0].astype(np.int64) for name in ("person", "customer_id")
    )
    at_home = pair_count(frame, ["household"]) - pair_count(frame, ["household", "person"])
    joined = pair_count(frame, ["household", "customer_id"])
    joined -= pair_count(frame, ["household", "customer_id", "person"])
    print(f"{at_home:,} pairs of two people of one household; joined: {joined:,}", end=" ")
    print(f"({joined / max(at_home, 1):.2%})")
    model = MatchModel.from_json((chosen.run / "match_model.json").read_text(encoding="utf-8"))
    roles = read_stored_json(chosen.run, "summary.json")["record_roles"]
    with Engine() as engine:
        prepared = prepare(
            records.drop_columns(["row", "customer_id", "record_key"]),
            roles,
            np.arange(records.num_rows),
            engine=engine,
            shared_by=MatchSettings().shared_by,
            variants=variants_of,
        )
    at = {field.name: place for place, field in enumerate(prepared.fields)}
    for title, pairs, sign in (
        ("missed", pairs_within(person, customer), 1),
        ("joined", pairs_within(customer, person), -1),
    ):
        levels = compare_all(prepared.fields, pairs[:, 0], pairs[:, 1])
        weight = model.weights(prepared.fields, levels)[0]
        nothing = np.full(len(pairs), "missing", object)
        words = [
            words_of(name, list(LEVELS[prepared.fields[at[name]].kind]), levels[at[name]])
            if name in at
            else nothing
            for name in GROUPS
        ]
        kinds = [describe(list(each)) for each in zip(*words, strict=True)]
        print(f"\n{len(pairs):,} pairs wrongly {title}, the commonest kinds:")
        for kind, count in Counter(kinds).most_common(20):
            print(f"{count:6}  {kind}")
        print(f"\nthe twenty worst wrongly {title}:")
        for place in np.argsort(sign * weight, kind="stable")[:20]:
            print(f"{weight[place]:+7.1f}  {kinds[place]}")


if __name__ == "__main__":
    main()
