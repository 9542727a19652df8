"""The job of ``custseg explain``: the weight of a pair, field by field."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match import Explanation, MatchModel, explain_pair
from custseg.cleanse.summary import CleanSummary
from custseg.engine import Engine
from custseg.errors import InputError, UsageError
from custseg.jobs.monitor import Monitor
from custseg.jobs.stored import find_stored, read_stored, read_summary
from custseg.tables import read_manifest

MODEL_FILE = "match_model.json"
COMPARED_TABLE = "compared"
"""Standard values of the records, where ``records`` holds them as they were given."""


def explain(
    run: str | Path, left: str, right: str, *, monitor: Monitor | None = None
) -> Explanation:
    """Explain why two records of a run were, or were not, joined.

    Parameters
    ----------
    run
        Folder of a ``clean`` or ``dedupe`` run.
    left, right
        Records as ``FILE:ROW``, as they stand in ``links``.

    Raises
    ------
    UsageError, InputError
        If a record is not written so, or is not in the run, or one is given twice.
    """
    folder = Path(run)
    monitor = monitor or Monitor()
    if left == right:
        raise UsageError("explain.one_record", record=left)
    manifest = read_manifest(folder)
    if manifest.command not in ("clean", "dedupe"):
        raise InputError("explain.not_clean", path=str(folder), command=manifest.command)
    with monitor.stage("read"):
        name = COMPARED_TABLE if find_stored(folder, COMPARED_TABLE) else "records"
        records = read_stored(folder, name)
        summary = read_summary(folder, CleanSummary)
        given = records if name == "records" else read_stored(folder, "records")
        model = MatchModel.from_json((folder / MODEL_FILE).read_text(encoding="utf-8"))
    places = [_index(records, each, folder) for each in (left, right)]
    roles = dict(summary.record_roles)
    used = {key.key for key in summary.matching.keys} if summary.matching else None
    with monitor.stage("match"), Engine() as engine:
        explained = explain_pair(records, roles, model, *places, engine=engine, used=used)
    left_id, right_id = given.column("customer_id").take(places).to_pylist()
    return replace(explained, joined=left_id == right_id)


def _index(records: pa.Table, record: str, folder: Path) -> int:
    source, colon, row = record.rpartition(":")
    if not colon or not row.isdecimal():
        raise UsageError("cli.record_form", given=record)
    there = pc.and_(
        pc.equal(records.column("source"), source), pc.equal(records.column("row"), str(int(row)))
    )
    found = pc.indices_nonzero(there)
    if not len(found):
        sources = ", ".join(sorted(pc.unique(records.column("source")).to_pylist()))
        raise InputError("explain.no_record", path=str(folder), record=record, sources=sources)
    index: int = found[0].as_py()
    return index
