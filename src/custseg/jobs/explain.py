"""The job of ``custseg explain``: the weight of a pair, field by field."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match import (
    Explanation,
    MatchModel,
    MatchSettings,
    Outcome,
    explain_pair,
)
from custseg.cleanse.merge.codes import keys_of
from custseg.cleanse.merge.decisions import decided_pairs, read_decisions
from custseg.cleanse.summary import CleanSummary
from custseg.engine import Engine
from custseg.errors import InputError, UsageError
from custseg.jobs.monitor import Monitor
from custseg.jobs.past import COMPARED_TABLE, DECISIONS_TABLE, MODEL_FILE
from custseg.jobs.runs import record_names
from custseg.jobs.stored import find_stored, read_stored, read_summary
from custseg.tables import read_manifest


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
    customers = pc.dictionary_encode(given.column("customer_id").combine_chunks())
    decided = read_decisions(read_stored(folder, DECISIONS_TABLE))
    outcome = Outcome(
        customers=customers.indices.to_numpy(),
        names=record_names(given),
        decisions=decided_pairs(decided, keys_of(given.column("record_key"))[0]).pairs,
        oversize=any(each["key"] == "match.oversize" for each in manifest.warnings),
    )
    with monitor.stage("match"), Engine() as engine:
        return explain_pair(
            records,
            roles,
            model,
            *places,
            engine=engine,
            settings=MatchSettings(
                join_probability=manifest.config["match.threshold"]["value"],
                link_only=manifest.config["match.link_only"]["value"],
            ),
            used=used,
            outcome=outcome,
        )


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
