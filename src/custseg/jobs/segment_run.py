"""The run of a segmentation: its plan, the run before it, what is made, and its writing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from custseg.engine import Engine
from custseg.jobs.ahead import Ahead
from custseg.jobs.customers import CustomersInput
from custseg.jobs.earlier_run import PastSegments, read_earlier_run
from custseg.jobs.kept import kept_base
from custseg.jobs.segment_base import begin_segments, remember_segments
from custseg.jobs.segment_job import Given, Job, SegmentResult
from custseg.jobs.segment_make import make_segmentation
from custseg.jobs.segment_plan import make_plan, read_model
from custseg.jobs.segment_write import write_folder, write_scores
from custseg.jobs.sources import Inputs
from custseg.segment.maps import BUILT_IN
from custseg.segment.model import SegmentModel
from custseg.segment.run import Plan
from custseg.tables import RunFolder, TableRead


def run_segmentation(
    engine: Engine,
    job: Job,
    orders: Inputs,
    ahead: Ahead,
    given: Given,
    folder: RunFolder | None,
) -> SegmentResult:
    """Make a segmentation, and write it where the job says.

    Raises
    ------
    InputError, UsageError, LimitError
        As :func:`custseg.jobs.segment.segment`.
    """
    plan, saved = _plan(job, given), read_model(given.model)
    before, target = _past(job, given.previous, given.customers), job.folder
    with kept_base(given.base, job.context.command) as kept:

        def find_past(reads: Sequence[TableRead]) -> PastSegments:
            if kept is None:
                return before
            last = begin_segments(kept, job.context, reads, given.customers, target)
            # A chain names its last run, which may be this one, made a second time.
            asked = given.previous is not None and not kept.is_step
            return before if asked or last is None else _past(job, last, given.customers)

        result, reads = make_segmentation(
            engine, job, plan, orders, ahead, given.customers, saved, find_past
        )
        engine.close()
        with job.monitor.stage("write"):
            if kept is not None:
                remember_segments(kept, result.lists)
                kept.prepare(target, job.context.run_id(reads), job.context.began)
            if folder is not None:
                write_folder(job.context, job.monitor, result, reads, folder)
            elif job.output is not None:
                write_scores(
                    job.context, job.monitor, result.scores, reads, job.output, force=job.force
                )
            if kept is not None:
                kept.commit()
    return result


def _plan(job: Job, given: Given) -> Plan:
    """Turn a command and its settings into a plan; say so where codes stay without names."""
    command, chosen = job.context.command, job.settings.segment
    named = command == "segment" or chosen.bins == 5 or chosen.map not in BUILT_IN
    if command == "rfm" and not named and given.model is None:
        job.monitor.warn("segment.warn.no_names", bins=chosen.bins)
    scores = command != "cluster"
    return make_plan(
        job.settings,
        given.cuts,
        scores=scores,
        named=scores and named,
        clusters=command != "rfm",
    )


def _past(
    job: Job, previous: str | Path | SegmentModel | None, customers: CustomersInput
) -> PastSegments:
    run = read_earlier_run(previous, customers) if job.whole else None
    return PastSegments(model=read_model(previous), run=run)
