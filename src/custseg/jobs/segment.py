"""The jobs of ``custseg rfm``, ``cluster`` and ``segment``: orders in, segments and lists out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from custseg.config import Settings
from custseg.jobs.customers import CustomersInput
from custseg.jobs.earlier_run import PastSegments, read_earlier_run
from custseg.jobs.gate import ConsentFiles
from custseg.jobs.kept import BaseGiven, kept_base
from custseg.jobs.monitor import Monitor
from custseg.jobs.runs import RunContext
from custseg.jobs.segment_base import begin_segments, remember_segments
from custseg.jobs.segment_make import Job, SegmentResult, make_segmentation
from custseg.jobs.segment_plan import make_plan, parse_cuts, read_model
from custseg.jobs.segment_write import write_folder, write_scores
from custseg.jobs.sources import Inputs
from custseg.segment.maps import BUILT_IN
from custseg.segment.model import SegmentModel
from custseg.segment.run import Plan
from custseg.tables import RunFolder, TableRead

__all__ = ["SegmentResult", "cluster", "parse_cuts", "rfm", "segment"]


def segment(
    orders: Inputs,
    customers: CustomersInput = None,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    model: str | Path | SegmentModel | None = None,
    previous: str | Path | SegmentModel | None = None,
    cuts: Mapping[str, Sequence[float]] | None = None,
    consent: ConsentFiles | None = None,
    events: Inputs | None = None,
    base: BaseGiven = None,
    force: bool = False,
    monitor: Monitor | None = None,
) -> SegmentResult:
    """Score, name and cluster customers, and write one list a segment.

    Parameters
    ----------
    orders
        Files, globs, ``"-"``, or frames by name.
    customers
        A run folder of ``clean``, whose customers the orders are assigned to; or a table of
        customers with a column ``customer_id``. None makes lists without contact columns.
    output
        A folder for the run. None writes nothing.
    settings, origins
        Settings, and where each came from.
    model
        ``model.json`` (or the folder it stands in) to score with; nothing is fitted.
    previous
        An earlier run: its clusters keep their numbers and names, and what changed since is
        told. A ``model.json`` alone keeps the clusters.
    cuts
        Fixed cuts by measure (see :func:`parse_cuts`).
    consent
        Ledgers and lists of opt-outs, beside the consents that customers carry themselves.
    events
        Inquiries, visits and other contacts of customers, as `orders`: they join the profile.
    base
        A base (``base.duckdb``), which knows the run before where no `previous` is given, and
        remembers who is in which segment.
    force
        Whether an older run at `output` may be replaced.
    monitor
        Is told of stages and warnings.

    Raises
    ------
    InputError, UsageError, LimitError
        If an input cannot be read or used, a setting does not fit, or the output cannot be
        written.
    """
    job = _job("segment", settings, origins, output, force, monitor)
    job = replace(job, consent=consent or ConsentFiles(), events=events)
    plan = make_plan(job.settings, cuts, scores=True, named=True, clusters=True)
    return _run(job, plan, orders, customers, model, previous, base)


def rfm(
    orders: Inputs,
    customers: CustomersInput = None,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    model: str | Path | SegmentModel | None = None,
    cuts: Mapping[str, Sequence[float]] | None = None,
    force: bool = False,
    monitor: Monitor | None = None,
) -> SegmentResult:
    """Score customers by recency, frequency and monetary value; parameters as :func:`segment`.

    `output` may be ``"-"`` or a file such as ``scores.csv`` for the scores alone. With other
    than five bins, the built-in maps do not apply, and codes stay without names unless the
    settings name a map.
    """
    job = _job("rfm", settings, origins, output, force, monitor)
    named = job.settings.segment.bins == 5 or job.settings.segment.map not in BUILT_IN
    if not named and model is None:
        job.monitor.warn("segment.warn.no_names", bins=job.settings.segment.bins)
    plan = make_plan(job.settings, cuts, scores=True, named=named, clusters=False)
    return _run(job, plan, orders, customers, model, None)


def cluster(
    orders: Inputs,
    customers: CustomersInput = None,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    model: str | Path | SegmentModel | None = None,
    previous: str | Path | SegmentModel | None = None,
    force: bool = False,
    monitor: Monitor | None = None,
) -> SegmentResult:
    """Cluster customers with k-means; parameters as :func:`segment`.

    `output` may be ``"-"`` or a file such as ``clusters.csv`` for the clusters alone.
    """
    job = _job("cluster", settings, origins, output, force, monitor)
    plan = make_plan(job.settings, None, scores=False, named=False, clusters=True)
    return _run(job, plan, orders, customers, model, previous)


def _job(
    command: str,
    settings: Settings | None,
    origins: Mapping[str, str],
    output: str | Path | None,
    force: bool,
    monitor: Monitor | None,
) -> Job:
    context = RunContext(command=command, settings=settings or Settings(), origins=origins)
    return Job(context=context, monitor=monitor or Monitor(), output=output, force=force)


def _run(
    job: Job,
    plan: Plan,
    orders: Inputs,
    customers: CustomersInput,
    model: str | Path | SegmentModel | None,
    previous: str | Path | SegmentModel | None,
    base: BaseGiven = None,
) -> SegmentResult:
    saved = read_model(model)
    given = _past(job, previous, customers)
    target = job.folder
    with ExitStack() as stack:
        # Entered first: a folder that cannot be used is said before any work is done.
        folder = stack.enter_context(RunFolder(target, force=job.force)) if target else None
        if folder is not None:
            job = replace(job, scratch=folder.scratch)
        kept = stack.enter_context(kept_base(base, job.context.command))

        def find_past(reads: Sequence[TableRead]) -> PastSegments:
            if kept is None:
                return given
            before = begin_segments(kept, job.context, reads, customers, target)
            # A chain names its last run, which may be this one, made a second time.
            asked = previous is not None and not kept.is_step
            return given if asked or before is None else _past(job, before, customers)

        result, reads = make_segmentation(job, plan, orders, customers, saved, find_past)
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


def _past(
    job: Job, previous: str | Path | SegmentModel | None, customers: CustomersInput
) -> PastSegments:
    run = read_earlier_run(previous, customers) if job.whole else None
    return PastSegments(model=read_model(previous), run=run)
