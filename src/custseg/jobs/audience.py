"""The job of ``custseg audience make``: segments in, files for platforms out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

import custseg
from custseg.audience.ledger import CHANNELS
from custseg.audience.lists import choose, overlaps
from custseg.audience.platforms.model import Platform
from custseg.audience.summary import AudienceSummary, TargetList
from custseg.base import RunEntry
from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import UsageError
from custseg.jobs.audience_base import merged_customers, past_of_base, remember
from custseg.jobs.audience_checks import list_rules, spare_sensitive, trust
from custseg.jobs.audience_files import assignments, compared, platform_list, refused_addresses
from custseg.jobs.audience_members import (
    Named,
    default_lists,
    members,
    read_known,
    rules_of_run,
    segments_of,
    wanted_list,
)
from custseg.jobs.audience_past import Past, as_input, country_of, read_past, successors
from custseg.jobs.audience_write import Made, write_audience
from custseg.jobs.consent_files import ConsentFiles
from custseg.jobs.customers import CustomersInput, People, read_people
from custseg.jobs.days import read_day
from custseg.jobs.gate import Heard, decide, read_consent_files
from custseg.jobs.kept import BaseGiven, Kept, kept_base
from custseg.jobs.monitor import Monitor
from custseg.jobs.platforms import find_platforms
from custseg.jobs.runs import RunContext, summarize_inputs, summarize_warnings
from custseg.segment.maps import slugs
from custseg.tables import RunFolder, TableRead

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, repr=False)
class AudienceResult:
    """What was made.

    Attributes
    ----------
    made
        Every list for every platform, in the order of the lists and then of the platforms.
    assignments
        Who was treated and who held out, by list: ``customer_id``, ``list``, ``group``.
    opt_outs
        E-mail addresses of customers that were refused, for tools that must know them.
    summary
        Everything the report shows.
    """

    made: tuple[Made, ...]
    assignments: pa.Table
    opt_outs: pa.Array
    summary: AudienceSummary

    def __repr__(self) -> str:
        return f"AudienceResult({len(self.made)} files)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What a run is asked to do."""

    context: RunContext
    monitor: Monitor
    engine: Engine
    as_of: date
    platforms: Mapping[str, Platform]
    kept: Kept | None
    previous: str | Path | None
    output: str | Path | None

    @property
    def settings(self) -> Settings:
        return self.context.settings


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read: customers, what they said, all that is known, and the lists asked for."""

    people: People
    heard: Heard
    known: pa.Table
    asked: Mapping[str, str]
    inputs: tuple[TableRead, ...]
    merged: Mapping[str, str]


def audience(
    customers: CustomersInput,
    segments: str | Path | None = None,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    lists: Sequence[str] = (),
    platform_files: Sequence[str | Path] = (),
    consent: ConsentFiles | None = None,
    previous: str | Path | None = None,
    base: BaseGiven = None,
    force: bool = False,
    monitor: Monitor | None = None,
) -> AudienceResult:
    """Make target lists of customers for platforms, as far as they permitted it.

    Parameters
    ----------
    customers
        A run folder of ``clean``, or a table with a column ``customer_id``.
    segments
        A run folder of ``segment``, ``rfm`` or ``cluster``; None where lists need no scores.
    output
        Folder for the run. None writes nothing.
    settings, origins
        Settings, and where each came from.
    lists
        ``NAME`` or ``NAME=WHAT`` (see :func:`custseg.jobs.audience_members.members`), the list
        of the highest priority first; else those of the settings, else each named segment.
    platform_files
        Rules of platforms of the user's own.
    consent
        Ledgers and lists of opt-outs.
    previous
        Folder of the last run, to compare with.
    base
        The base that remembers what was sent, in place of `previous`. A chain gives both, for
        lists that its base does not know yet.
    force
        Whether an older run at `output` may be replaced.
    monitor
        Is told of stages and warnings.

    Raises
    ------
    InputError, UsageError, LimitError
        If an input cannot be read or trusted, a setting does not fit, a list is too small for
        its platform or changed too much, or the output cannot be written. Nothing is written then.
    """
    chosen = settings or Settings()
    found = country_of(customers)
    if chosen.standardize.country is None and found is not None:
        chosen = replace(chosen, standardize=replace(chosen.standardize, country=found))
    context = RunContext(command="audience", settings=chosen, origins=origins)
    monitor = monitor or Monitor()
    platforms = find_platforms(chosen.audience.platforms, platform_files)
    if not platforms:
        raise UsageError("audience.no_platform")
    if previous is not None and isinstance(base, str | Path):
        raise UsageError("audience.previous_and_base")
    given = consent or ConsentFiles()
    with ExitStack() as stack:
        # Entered first: what cannot be used is said before any work is done.
        folder = stack.enter_context(RunFolder(Path(output), force=force)) if output else None
        kept = stack.enter_context(kept_base(base, "audience"))
        engine = stack.enter_context(Engine(chosen.run.threads, chosen.run.memory_limit))
        job = _job(context, monitor, engine, platforms, kept, previous, output)
        job, read = _read(job, customers, segments, lists, given)
        result = _make(job, read)
        with monitor.stage("write"):
            _publish(job, read, result, folder)
    return result


def _job(
    context: RunContext,
    monitor: Monitor,
    engine: Engine,
    platforms: Mapping[str, Platform],
    kept: Kept | None,
    previous: str | Path | None,
    output: str | Path | None,
) -> _Job:
    text = context.settings.audience.as_of
    as_of = read_day(text) if text else context.started.date()
    return _Job(
        context=context,
        monitor=monitor,
        engine=engine,
        as_of=as_of,
        platforms=platforms,
        kept=kept,
        previous=previous,
        output=output,
    )


def _read(
    job: _Job,
    customers: CustomersInput,
    segments: str | Path | None,
    lists: Sequence[str],
    consent: ConsentFiles,
) -> tuple[_Job, _Read]:
    """Read everything; give the job with its settings as they are settled by that."""
    people = read_people(customers, job.settings, job.engine, job.monitor)
    if people is None:
        raise UsageError("audience.no_customers")
    with job.monitor.stage("consent"):
        heard = read_consent_files(consent, job.as_of, job.settings, job.engine, job.monitor)
    with job.monitor.stage("lists"):
        known = read_known(people.table, segments)
        asked = _asked(lists, job.settings, known, segments)
    spare_sensitive(job.platforms.values(), asked, known, job.as_of)
    inputs = [*heard.reads, as_input(customers, "customers")]
    if segments is not None:
        inputs.append(as_input(segments, "segments"))
    inputs += [as_input(platform, name) for name, platform in job.platforms.items()]
    merged = {**successors(customers), **(merged_customers(job.kept.base) if job.kept else {})}
    read = _Read(people, heard, known, asked, tuple(inputs), merged)
    # The run is told from others by what it does: with its lists, its platforms and its day.
    chosen = replace(
        job.settings.audience,
        as_of=job.as_of.isoformat(),
        platforms=tuple(job.platforms),
    )
    settings = replace(job.settings, audience=chosen, lists=asked)
    return replace(job, context=replace(job.context, settings=settings)), read


def _publish(job: _Job, read: _Read, result: AudienceResult, folder: RunFolder | None) -> None:
    """Write the run, then let the base know: both are complete, or neither is there."""
    counts = write_audience(result, job.platforms, folder) if folder else {}
    if job.kept is not None:
        country = job.settings.standardize.country or "JP"
        remember(job.kept, result, job.platforms, read.heard, country, job.engine)
        job.kept.prepare(job.output, job.context.run_id(read.inputs), job.context.began)
    if folder is not None:
        job.context.publish(folder, read.inputs, counts, job.monitor)
    if job.kept is not None:
        job.kept.commit()


def _past(job: _Job, read: _Read) -> Past:
    if job.kept is None:
        return read_past(job.previous)
    entry = RunEntry(
        run_id=job.context.run_id(read.inputs),
        command=job.context.command,
        version=custseg.__version__,
        started=job.context.began,
    )
    job.kept.begin(entry, job.output)
    past = past_of_base(job.kept.base, read.asked, job.platforms, job.engine)
    return past if past.known else read_past(job.previous)


def _make(job: _Job, read: _Read) -> AudienceResult:
    settings, monitor, engine = job.settings, job.monitor, job.engine
    people, heard, known, asked = read.people, read.heard, read.known, read.asked
    past = _past(job, read)
    trust(heard, past, settings)
    with monitor.stage("consent"):
        permitted = decide(
            people.table, people.records, heard, settings, engine, monitor, _channels(job)
        )
    with monitor.stage("lists"):
        inside = members(asked, known, job.as_of, engine)
        rules = list_rules(settings.audience, people.table)
        order = _best_first(known)
        households = _column(known, "household_id")
        chosen = {
            channel: choose(inside, permitted.reasons[channel], households, order, rules)
            for channel in {each.channel for each in job.platforms.values()}
        }
    with monitor.stage("platforms"):
        files = slugs(asked)
        made = tuple(
            compared(
                platform_list(
                    name,
                    files[name],
                    platform,
                    chosen,
                    people,
                    permitted,
                    country=settings.standardize.country or "JP",
                    engine=engine,
                ),
                platform,
                past,
                read.merged,
                settings.audience.max_change,
            )
            for name in asked
            for platform in job.platforms.values()
        )
    groups = assignments(people.table, inside, chosen)
    summary = AudienceSummary(
        as_of=job.as_of.isoformat(),
        inputs=summarize_inputs(heard.reads),
        customers=len(people.table),
        lists=tuple(
            TargetList(name=name, file=files[name], wanted=asked[name], members=int(mask.sum()))
            for name, mask in inside.items()
        ),
        files=tuple(each.summary for each in made),
        overlaps=overlaps(inside),
        suppressed=heard.suppressed,
        compared=past.known,
        campaign=settings.audience.campaign or "",
        holdout=settings.audience.holdout,
        held_out=pc.sum(pc.equal(groups["group"], "holdout")).as_py() or 0,
        warnings=summarize_warnings(monitor),
    )
    return AudienceResult(made, groups, refused_addresses(people, permitted), summary)


def _channels(job: _Job) -> list[str]:
    """Channels that have to be known: a file for e-mail may also hold phones and addresses."""
    wanted = {each.channel for each in job.platforms.values()}
    if wanted == {"ads"}:
        return ["ads"]
    return [channel for channel in CHANNELS if channel != "ads" or "ads" in wanted]


def _asked(
    lists: Sequence[str], settings: Settings, known: pa.Table, segments: str | Path | None
) -> dict[str, str]:
    if lists:
        named = Named(settings.lists, settings.rules, rules_of_run(segments), segments_of(known))
        return dict(wanted_list(text, named) for text in lists)
    return dict(settings.lists) or default_lists(known)


def _best_first(known: pa.Table) -> npt.NDArray[np.int64]:
    keys = [("customer_id", "ascending")]
    if "monetary" in known.column_names:
        keys.insert(0, ("monetary", "descending"))
    order: npt.NDArray[np.int64] = pc.sort_indices(known, keys).to_numpy().astype(np.int64)
    return order


def _column(known: pa.Table, name: str) -> pa.Array | None:
    return known[name].combine_chunks() if name in known.column_names else None
