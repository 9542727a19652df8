"""Truth by pair: which two records somebody has called the same person, or two."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.merge.decisions import SAME, read_decisions
from custseg.errors import InputError
from custseg.jobs.runs import record_names

SIDES = ("left", "right")
Indices = npt.NDArray[np.int64]


def is_of_pairs(truth: pa.Table) -> bool:
    """Whether a table of the truth has a row a pair."""
    columns = set(truth.column_names)
    return "decision" in columns and (
        columns.issuperset(SIDES) or columns.issuperset(f"{side}_key" for side in SIDES)
    )


def judged_pairs(
    truth: pa.Table, records: pa.Table, name: str
) -> tuple[Indices, Indices, npt.NDArray[np.bool_]]:
    """Records of each decided pair, and whether they are one person.

    Parameters
    ----------
    truth
        ``left``, ``right`` (FILE:ROW or the records' own ids) or ``left_key``, ``right_key``
        (as in ``review.csv``), and ``decision``. Pairs of records that are not in the run, and
        pairs without a decision, are left out.
    records
        The records of the run.
    name
        Of the truth, for messages.
    """
    keys = records.column("record_key").combine_chunks()
    if not set(truth.column_names).issuperset(SIDES):
        named = truth
    else:
        ways = [record_names(records)]
        if "record_id" in records.column_names:
            ways.append(records.column("record_id").combine_chunks())
        columns = {}
        for side in SIDES:
            found = [
                pc.index_in(truth.column(side).combine_chunks(), value_set=way) for way in ways
            ]
            columns[f"{side}_key"] = keys.take(pc.coalesce(*found))
        named = pa.table({**columns, "decision": truth.column("decision")})
        named = named.drop_null() if named.num_rows else named
    decided = read_decisions(named)
    left, right = (
        pc.index_in(decided.column(f"{side}_key").combine_chunks(), value_set=keys)
        for side in SIDES
    )
    known = pc.and_(pc.is_valid(left), pc.is_valid(right)).to_numpy(zero_copy_only=False)
    if not known.any():
        raise InputError("evaluate.no_pairs", name=name)
    ends = [side.fill_null(-1).to_numpy().astype(np.int64)[known] for side in (left, right)]
    same = pc.equal(decided.column("decision"), SAME).to_numpy()[known]
    return ends[0], ends[1], same
