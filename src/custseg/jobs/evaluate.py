"""The job of ``custseg evaluate``: a run against known truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match import Evaluation, evaluate_pairs
from custseg.cleanse.match import evaluate as compare
from custseg.config import Settings
from custseg.errors import InputError
from custseg.jobs.judged_pairs import is_of_pairs, judged_pairs
from custseg.jobs.monitor import Monitor
from custseg.jobs.runs import record_names
from custseg.jobs.sources import read_inputs
from custseg.jobs.stored import find_stored, read_stored

_PLACE: Final = ("source", "row")


def evaluate(
    run: str | Path,
    truth: str | Path,
    *,
    person: str | None = None,
    key: str | None = None,
    settings: Settings | None = None,
    monitor: Monitor | None = None,
) -> Evaluation:
    """Compare the customers of a run with a table of the truth.

    Parameters
    ----------
    run
        Folder of a ``clean`` or ``dedupe`` run.
    truth
        A table with one row a record: columns ``source`` and ``row``, or the record's own id,
        and the person it speaks of. Records it does not name are left out. Or a table with one
        row a pair: ``left`` and ``right`` (FILE:ROW, or the records' own ids) and ``decision``
        (``same``, ``different``), or a ``review.csv`` that somebody has filled in.
    person
        Column that names the person; found where only one can.
    key
        Column that holds the record's own id; else ``record_id``, else the only column whose
        values are record ids of the run.

    Raises
    ------
    InputError
        If the run or the truth cannot be read, or they do not fit together.
    """
    folder = Path(run)
    monitor = monitor or Monitor()
    (read,) = read_inputs(str(truth), settings or Settings(), monitor)
    with monitor.stage("evaluate"):
        records = read_stored(folder, "records")
        coded = records.column("customer_id").combine_chunks().dictionary_encode()
        clusters = coded.indices.to_numpy().astype(np.int64)
        links = _links(folder, records) if find_stored(folder, "links") else None
        if is_of_pairs(read.table):
            left, right, same = judged_pairs(read.table, records, read.name)
            found = evaluate_pairs(clusters, left, right, same, links)
        else:
            people = _people(read.table, records, person, key, read.name)
            found = compare(clusters, people, links)
        return replace(found, names=record_names(records))


def _people(
    truth: pa.Table, records: pa.Table, person: str | None, key: str | None, name: str
) -> pa.Array:
    """Person of each record, null where the truth does not name it."""
    for column in (person, key):
        if column is not None and column not in truth.column_names:
            columns = ", ".join(truth.column_names)
            raise InputError("evaluate.no_column", name=name, column=column, columns=columns)
    if key is None and all(column in truth.column_names for column in _PLACE):
        keys: tuple[str, ...] = _PLACE
        wanted, given = record_names(truth), record_names(records)
    else:
        keys = (key or _key_column(truth, records, name),)
        wanted = truth.column(keys[0]).combine_chunks()
        given = _column(records, "record_id")
    person = person or _person_column(truth, keys, name)
    found = pc.index_in(given, value_set=wanted)
    if found.null_count == len(found):
        raise InputError("evaluate.no_overlap", name=name)
    return truth.column(person).combine_chunks().take(found)


def _column(records: pa.Table, name: str) -> pa.Array:
    if name in records.column_names:
        return records.column(name).combine_chunks()
    return pa.nulls(records.num_rows, pa.string())


def _key_column(truth: pa.Table, records: pa.Table, name: str) -> str:
    if "record_id" in truth.column_names:
        return "record_id"
    known = _column(records, "record_id")
    shares = {
        column: pc.sum(pc.is_in(truth.column(column), value_set=known)).as_py() or 0
        for column in truth.column_names
    }
    best = max(shares, key=lambda column: shares[column])
    if not shares[best]:
        raise InputError("evaluate.no_key", name=name)
    return str(best)


def _person_column(truth: pa.Table, keys: Sequence[str], name: str) -> str:
    left = [column for column in truth.column_names if column not in (*keys, *_PLACE)]
    named = [column for column in left if column.lower() in ("person", "person_id", "cluster")]
    candidates = named or left
    if len(candidates) != 1:
        columns = ", ".join(candidates)
        raise InputError("evaluate.which_person", name=name, columns=columns)
    return str(candidates[0])


def _links(folder: Path, records: pa.Table) -> pa.Table:
    """Links of the run by record index."""
    links = read_stored(folder, "links")
    places = record_names(records)
    return pa.table(
        {
            "left": pc.index_in(links.column("left"), value_set=places).cast(pa.int64()),
            "right": pc.index_in(links.column("right"), value_set=places).cast(pa.int64()),
            "weight": links.column("weight").cast(pa.float64()),
        }
    )
