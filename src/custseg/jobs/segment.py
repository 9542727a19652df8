"""The jobs of ``custseg rfm``, ``cluster`` and ``segment``: orders in, segments and lists out.

Light to load: while most of the program is, large files are already looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.ahead import look_ahead
from custseg.jobs.consent_files import ConsentFiles
from custseg.jobs.monitor import Monitor
from custseg.jobs.runs import RunContext
from custseg.jobs.segment_job import Given, Job, SegmentResult
from custseg.tables import RunFolder

if TYPE_CHECKING:
    from custseg.jobs.customers import CustomersInput
    from custseg.jobs.kept import BaseGiven
    from custseg.jobs.sources import Inputs
    from custseg.segment.model import SegmentModel

__all__ = ["SegmentResult", "cluster", "rfm", "segment"]


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
        Fixed cuts by measure (see :func:`custseg.jobs.segment_plan.parse_cuts`).
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
    given = Given(customers=customers, model=model, previous=previous, cuts=cuts, base=base)
    return _run(job, orders, given)


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
    return _run(job, orders, Given(customers=customers, model=model, cuts=cuts))


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
    return _run(job, orders, Given(customers=customers, model=model, previous=previous))


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


def _run(job: Job, orders: Inputs, given: Given) -> SegmentResult:
    """Begin to look at the orders; the rest of the program is loaded meanwhile."""
    run = job.settings.run
    with ExitStack() as stack:
        # Entered first: a folder that cannot be used is said before any work is done.
        folder = stack.enter_context(RunFolder(job.folder, force=job.force)) if job.folder else None
        scratch = folder.scratch if folder else None
        engine = stack.enter_context(Engine(run.threads, run.memory_limit, scratch))
        ahead = look_ahead(engine, orders)
        from custseg.jobs.segment_run import run_segmentation

        return run_segmentation(engine, job, orders, ahead, given, folder)
