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
from custseg.audience.consent import Permissions
from custseg.audience.delta import compare
from custseg.audience.ledger import CHANNELS
from custseg.audience.lists import Chosen, ListRules, choose, holdout, overlaps
from custseg.audience.platforms.engine import Rows, identifiers, platform_rows
from custseg.audience.platforms.model import Platform
from custseg.audience.reach import fields_for
from custseg.audience.summary import AudienceSummary, PlatformFile, TargetList
from custseg.base import Base, RunEntry
from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import InputError, LimitError, UsageError
from custseg.jobs.audience_base import merged_customers, past_of_base, remember
from custseg.jobs.audience_members import (
    columns_asked,
    default_lists,
    members,
    read_known,
    wanted_list,
)
from custseg.jobs.audience_past import Past, as_input, country_of, read_past, successors
from custseg.jobs.audience_write import Made, write_audience
from custseg.jobs.customers import CustomersInput, People, read_people
from custseg.jobs.gate import ConsentFiles, Heard, decide, read_consent_files
from custseg.jobs.monitor import Monitor
from custseg.jobs.platforms import find_platforms
from custseg.jobs.runs import RunContext, summarize_inputs, summarize_warnings
from custseg.privacy.sensitive import sensitive_columns
from custseg.segment.maps import slugs
from custseg.tables import RunFolder, TableRead

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What a run is asked to do."""

    context: RunContext
    monitor: Monitor
    engine: Engine
    as_of: date
    platforms: Mapping[str, Platform]
    base: Base | None
    previous: str | Path | None

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
    base: str | Path | None = None,
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
        The base that remembers what was sent, in place of `previous`.
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
    if previous is not None and base is not None:
        raise UsageError("audience.previous_and_base")
    given = consent or ConsentFiles()
    with ExitStack() as stack:
        # Entered first: what cannot be used is said before any work is done.
        folder = stack.enter_context(RunFolder(Path(output), force=force)) if output else None
        opened = stack.enter_context(Base(base, command="audience")) if base else None
        engine = stack.enter_context(Engine(chosen.run.threads, chosen.run.memory_limit))
        job = _job(context, monitor, engine, platforms, opened, previous)
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
    base: Base | None,
    previous: str | Path | None,
) -> _Job:
    text = context.settings.audience.as_of
    try:
        as_of = date.fromisoformat(text) if text else context.started.date()
    except ValueError as error:
        raise UsageError("segment.as_of", text=text) from error
    return _Job(
        context=context,
        monitor=monitor,
        engine=engine,
        as_of=as_of,
        platforms=platforms,
        base=base,
        previous=previous,
    )


def _read(
    job: _Job,
    customers: CustomersInput,
    segments: str | Path | None,
    lists: Sequence[str],
    consent: ConsentFiles,
) -> tuple[_Job, _Read]:
    """Read everything; give the job with its settings as they are settled by that."""
    people = read_people(customers, job.monitor)
    if people is None:
        raise UsageError("audience.no_customers")
    with job.monitor.stage("consent"):
        heard = read_consent_files(consent, job.as_of, job.settings, job.engine, job.monitor)
    with job.monitor.stage("lists"):
        known = read_known(people.table, segments)
        asked = _asked(lists, job.settings, known)
    _spare_sensitive(job, asked, known)
    inputs = [*heard.reads, as_input(customers, "customers")]
    if segments is not None:
        inputs.append(as_input(segments, "segments"))
    inputs += [as_input(platform, name) for name, platform in job.platforms.items()]
    merged = {**successors(customers), **(merged_customers(job.base) if job.base else {})}
    read = _Read(people, heard, known, asked, tuple(inputs), merged)
    # The run is told from others by what it does: with its lists, its platforms and its day.
    chosen = replace(
        job.settings.audience,
        as_of=job.as_of.isoformat(),
        platforms=tuple(job.platforms),
    )
    settings = replace(job.settings, audience=chosen, lists=asked)
    return replace(job, context=replace(job.context, settings=settings)), read


def _spare_sensitive(job: _Job, asked: Mapping[str, str], known: pa.Table) -> None:
    """Keep what needs special care (health, creed, …) out of files for advertising.

    Neither may it stand in one, nor may it choose who does: to be on such a list would tell.

    Raises
    ------
    UsageError
        If a platform's rules, or a list's, name such a column.
    """
    ads = [each for each in job.platforms.values() if each.channel == "ads"]
    if not ads:
        return
    used = {column.source: each.name for each in ads for column in each.columns}
    used |= columns_asked(asked, known, job.as_of)
    for column in sensitive_columns(used):
        raise UsageError("audience.sensitive", column=column, name=used[column])


def _publish(job: _Job, read: _Read, result: AudienceResult, folder: RunFolder | None) -> None:
    """Write the run, then let the base know: both are complete, or neither is there."""
    counts = write_audience(result, job.platforms, folder) if folder else {}
    if job.base is not None:
        remember(job.base, result, job.platforms, read.heard, job.engine)
        job.base.prepare()
    if folder is not None:
        job.context.publish(folder, read.inputs, counts, job.monitor)
    if job.base is not None:
        job.base.commit()


def _past(job: _Job, read: _Read) -> Past:
    if job.base is None:
        return read_past(job.previous)
    entry = RunEntry(
        run_id=job.context.run_id(read.inputs),
        command=job.context.command,
        version=custseg.__version__,
        started=job.context.started.isoformat(timespec="seconds"),
    )
    job.base.begin(entry)
    return past_of_base(job.base, read.asked, job.platforms)


def _make(job: _Job, read: _Read) -> AudienceResult:
    settings, monitor, engine = job.settings, job.monitor, job.engine
    people, heard, known, asked = read.people, read.heard, read.known, read.asked
    past = _past(job, read)
    _trust(heard, past, settings)
    with monitor.stage("consent"):
        permitted = decide(
            people.table, people.records, heard, settings, engine, monitor, _channels(job)
        )
    with monitor.stage("lists"):
        inside = members(asked, known, job.as_of, engine)
        rules = _rules(job, people.table)
        order = _best_first(known)
        households = _column(known, "household_id")
        chosen = {
            channel: choose(inside, permitted.reasons[channel], households, order, rules)
            for channel in {each.channel for each in job.platforms.values()}
        }
    with monitor.stage("platforms"):
        files = slugs(asked)
        made = tuple(
            _compared(
                job,
                _platform_list(job, name, files[name], platform, chosen, people, permitted),
                past,
                read.merged,
            )
            for name in asked
            for platform in job.platforms.values()
        )
    groups = _assignments(people.table, inside, chosen)
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
    return AudienceResult(made, groups, _refused_addresses(people, permitted), summary)


def _trust(heard: Heard, past: Past, settings: Settings) -> None:
    """Stop where a list of opt-outs is gone, or has lost more than it should.

    Raises
    ------
    InputError, LimitError
    """
    if past.suppressed and not heard.suppressed:
        raise InputError("audience.suppression_missing", rows=past.suppressed)
    least = past.suppressed * (1 - settings.audience.max_shrink)
    if heard.suppressed < least:
        raise LimitError(
            "audience.suppression_shrunk",
            before=past.suppressed,
            now=heard.suppressed,
            most=f"{settings.audience.max_shrink:.0%}",
        )


def _channels(job: _Job) -> list[str]:
    """Channels that have to be known: a file for e-mail may also hold phones and addresses."""
    wanted = {each.channel for each in job.platforms.values()}
    if wanted == {"ads"}:
        return ["ads"]
    return [channel for channel in CHANNELS if channel != "ads" or "ads" in wanted]


def _asked(lists: Sequence[str], settings: Settings, known: pa.Table) -> dict[str, str]:
    if lists:
        return dict(wanted_list(text, settings.rules, settings.lists) for text in lists)
    return dict(settings.lists) or default_lists(known)


def _rules(job: _Job, customers: pa.Table) -> ListRules:
    chosen = job.settings.audience
    held_out = np.zeros(len(customers), dtype=bool)
    if chosen.holdout:
        if not chosen.campaign or not chosen.key:
            raise UsageError("audience.holdout_needs")
        names = customers["customer_id"].to_pylist()
        held_out = holdout(names, _key(chosen.key), chosen.campaign, chosen.holdout)
    return ListRules(
        priority=chosen.priority,
        one_per_household=chosen.one_per_household,
        held_out=held_out,
    )


def _key(path: str) -> bytes:
    try:
        key = Path(path).read_bytes().strip()
    except OSError as error:
        raise InputError("audience.key_missing", path=path) from error
    if len(key) < 16:
        raise InputError("audience.key_short", path=path)
    return key


def _best_first(known: pa.Table) -> npt.NDArray[np.int64]:
    keys = [("customer_id", "ascending")]
    if "monetary" in known.column_names:
        keys.insert(0, ("monetary", "descending"))
    order: npt.NDArray[np.int64] = pc.sort_indices(known, keys).to_numpy().astype(np.int64)
    return order


def _column(known: pa.Table, name: str) -> pa.Array | None:
    return known[name].combine_chunks() if name in known.column_names else None


def _platform_list(
    job: _Job,
    name: str,
    file: str,
    platform: Platform,
    chosen: Mapping[str, Mapping[str, Chosen]],
    people: People,
    permitted: Permissions,
) -> Made:
    """Write one list as one platform wants it; not yet compared.

    Raises
    ------
    LimitError
        If it is too small for the platform.
    """
    of_list = chosen[platform.channel][name]
    kept = pa.array(np.flatnonzero(of_list.kept))
    country = job.settings.standardize.country or "JP"
    fields = fields_for(platform.channel, people.table, permitted).take(kept)
    rows = platform_rows(platform, fields, country, job.engine)
    count = len(rows.table)
    if count < platform.least:
        raise LimitError(
            "audience.too_small",
            list=name,
            platform=platform.label,
            rows=count,
            least=platform.least,
            left_out=len(of_list.reasons) - of_list.reasons.null_count,
        )
    without = _without(rows)
    left_out = {**of_list.counts(), **without}
    return Made(
        file=file,
        rows=rows,
        delta=None,
        summary=PlatformFile(
            list=name,
            platform=platform.name,
            version=platform.version,
            customers=count,
            rows=count,
            added=count,
            kept=0,
            removed=0,
            left_out=dict(sorted(left_out.items())),
            rejects=_rejected_values(rows),
        ),
    )


def _without(rows: Rows) -> dict[str, int]:
    whole = rows.rejects.filter(pc.equal(rows.rejects["column"], ""))
    found = whole["reason"].value_counts().to_pylist()
    return {each["values"]: each["counts"] for each in found}


def _rejected_values(rows: Rows) -> dict[str, int]:
    cells = rows.rejects.filter(pc.not_equal(rows.rejects["column"], ""))
    found = cells["column"].value_counts().to_pylist()
    return {each["values"]: each["counts"] for each in sorted(found, key=lambda e: e["values"])}


def _compared(job: _Job, made: Made, past: Past, merged: Mapping[str, str]) -> Made:
    """Compare a list with the last time it was sent.

    Raises
    ------
    LimitError
        If it changed more than it may.
    """
    which = (made.summary.list, made.summary.platform)
    before = past.sent.get(which)
    if before is None:
        return made
    platform = job.platforms[which[1]]
    delta = compare(before, made.rows.customer_id, made.rows.table, identifiers(platform), merged)
    most = job.settings.audience.max_change
    if delta.change > most:
        raise LimitError(
            "audience.changed",
            list=which[0],
            platform=platform.label,
            added=delta.customers_added,
            removed=delta.customers_removed,
            before=delta.customers_before,
            most=f"{most:.0%}",
        )
    added = int(delta.added.sum())
    summary = replace(
        made.summary,
        added=added,
        kept=made.summary.rows - added,
        removed=len(delta.removed),
    )
    return replace(made, delta=delta, summary=summary)


def _assignments(
    customers: pa.Table,
    inside: Mapping[str, Mask],
    chosen: Mapping[str, Mapping[str, Chosen]],
) -> pa.Table:
    """Give who would have been reached by any channel, treated or held out."""
    parts = []
    for name in inside:
        treated = np.zeros(len(customers), dtype=bool)
        held = np.zeros(len(customers), dtype=bool)
        for of_channel in chosen.values():
            treated |= of_channel[name].kept
            reasons = of_channel[name].reasons
            held |= np.asarray(pc.fill_null(pc.equal(reasons, "holdout"), False))
        both = np.flatnonzero(treated | held)
        parts.append(
            pa.table(
                {
                    "customer_id": customers["customer_id"].take(pa.array(both)),
                    "list": pa.array([name] * len(both), pa.string()),
                    "group": pa.array(
                        np.where(held[both], "holdout", "treated").tolist(), pa.string()
                    ),
                }
            )
        )
    return pa.concat_tables(parts).sort_by([("list", "ascending"), ("customer_id", "ascending")])


def _refused_addresses(people: People, permitted: Permissions) -> pa.Array:
    """Give the e-mail addresses that were refused: tools for mailing must know them."""
    parts = []
    for (channel, name), marks in permitted.columns.items():
        if channel == "email":
            parts.append(people.table[name].filter(pa.array(marks < 0)).combine_chunks())
    if not parts:
        return pa.array([], pa.string())
    return pa.concat_arrays(parts).drop_null().unique().sort()
