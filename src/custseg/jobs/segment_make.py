"""The making of a segmentation: from what was read to scores, lists and the summary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from custseg.engine import Engine, give_back_memory
from custseg.errors import InputError
from custseg.jobs.ahead import Ahead
from custseg.jobs.cluster_table import cluster_table, features_of_table, refuse_table
from custseg.jobs.customers import CustomersInput, read_people
from custseg.jobs.earlier_run import PastSegments, known_since
from custseg.jobs.events import columns_of_events
from custseg.jobs.gate import permitted_contacts
from custseg.jobs.monitor import Monitor
from custseg.jobs.orders import read_order_lines
from custseg.jobs.runs import summarize_inputs, summarize_warnings
from custseg.jobs.segment_job import Job, SegmentResult
from custseg.jobs.segment_lists import (
    check_columns,
    check_names,
    list_of_lookalikes,
    lists_of_rules,
    lists_of_segments,
)
from custseg.jobs.segment_orders import add_up, warn_of_repeats
from custseg.jobs.segment_plan import (
    forecast_settings,
    given_goals,
    migration_date,
    reference_date,
)
from custseg.jobs.segment_profile import cluster_features, profile_customers
from custseg.jobs.sources import Inputs
from custseg.segment.analyses import Analyses, AnalysisSettings, EarlierRun, analyze
from custseg.segment.cpm import describe_cpm
from custseg.segment.describe import describe_orders
from custseg.segment.forecast import forecast
from custseg.segment.model import SegmentModel
from custseg.segment.orders import Orders
from custseg.segment.overview import (
    describe_forecast,
    describe_tables,
    everything,
    with_forecast,
)
from custseg.segment.rules import check_rules
from custseg.segment.run import Plan, Segmentation, segment_customers
from custseg.segment.summary import ForecastSummary, SegmentSummary, TablesSummary
from custseg.tables import TableRead


def make_segmentation(
    engine: Engine,
    job: Job,
    plan: Plan,
    orders: Inputs,
    ahead: Ahead,
    customers: CustomersInput,
    saved: SegmentModel | None,
    find_past: Callable[[Sequence[TableRead]], PastSegments],
) -> tuple[SegmentResult, Sequence[TableRead]]:
    """Read, segment and describe; give the result and everything that was read.

    Parameters
    ----------
    plan
        What to make.
    ahead
        What is known of the orders already.
    saved
        A model to score with; None fits one.
    find_past
        Gives the run before, from what this one read.
    """
    monitor, settings = job.monitor, job.settings
    as_of = reference_date(settings)
    mentioned = check_rules(settings.rules) if job.whole else frozenset()
    elsewhere = columns_of_events(job.events, settings)
    given = read_order_lines(engine, orders, settings, monitor, elsewhere=elsewhere, ahead=ahead)
    if job.context.command == "cluster" and customers is None and plan.clusters is not None:
        if names := features_of_table(given, saved, settings):
            previous = find_past(given.reads).model
            chosen = replace(plan.clusters, features=names)
            return cluster_table(engine, job, orders, given, chosen, saved, previous)
        refuse_table(engine, given, settings)
    given.check()
    people = read_people(customers, settings, engine, monitor)
    if job.whole:
        features = cluster_features(plan, saved)
        events = job.events is not None
        check_names(
            engine, settings.rules, mentioned, given.columns, people, features, events=events
        )
    with monitor.stage("orders"):
        given, found, repeats = add_up(engine, given, people, settings, monitor, ledger=job.whole)
    engine.rest()
    _warn_of_late_day(monitor, found, settings.segment.period)
    told = profile_customers(
        engine,
        found,
        people,
        plan,
        saved,
        whole=job.whole,
        events=job.events,
        settings=settings,
        monitor=monitor,
    )
    plan, profile = told.plan, told.table
    if profile is not None:
        found = found.kept_as_timelines()
    engine.rest()
    past = find_past((*given.reads, *told.reads))
    earlier = known_since(past.run, people)
    with monitor.stage("segment"):
        made = segment_customers(
            found,
            plan,
            saved=saved,
            previous=past.model.clusters if past.model else None,
            profile=profile,
        )
    warn_of_repeats(repeats.result(), len(given.reads), monitor)
    give_back_memory()
    for warning in made.warnings:
        monitor.warn(warning.key, **warning.params)
    if job.whole:
        check_columns(settings.rules, found.as_of, made.scores, profile, people)
    more = _more(job, found, made) if job.whole else _More()
    give_back_memory()
    known = everything(made.scores, profile, people.table if people else None)
    analyses = _analyses(job, found, made, known, plan, saved, earlier)
    give_back_memory()
    with monitor.stage("lists"):
        day = as_of or job.context.started.date()
        contacts, heard = permitted_contacts(people, job.consent, day, settings, engine, monitor)
        wanted = settings.rules if job.whole else {}
        rules, by_rule = lists_of_rules(
            engine, made, known, contacts, wanted, settings.actions, found.as_of, monitor
        )
        lists = (
            *lists_of_segments(made, contacts, settings, monitor),
            *by_rule,
            *list_of_lookalikes(made, contacts, analyses),
        )
    summary = SegmentSummary(
        command=job.context.command,
        inputs=summarize_inputs(given.reads),
        orders=describe_orders(
            found,
            made.customers,
            as_of_given=as_of is not None,
            roles=given.roles,
            currency=(settings.segment.currency or "").upper(),
        ),
        rfm=made.rfm,
        segments=made.segments,
        clusters=made.clusters,
        tables=more.tables,
        forecast=more.forecast,
        kpis=analyses.kpis if analyses else None,
        migration=analyses.migration if analyses else None,
        layers=analyses.layers if analyses else None,
        personas=analyses.personas if analyses else None,
        events=told.events,
        lookalikes=analyses.lookalikes if analyses else None,
        rules=rules,
        lists=tuple(item.summary for item in lists),
        warnings=summarize_warnings(monitor),
        model=saved.as_of if saved else "",
    )
    result = SegmentResult(
        scores=made.scores,
        profile=profile if job.whole else None,
        model=made.model,
        lists=lists,
        summary=summary,
        folder=job.folder,
    )
    return result, (*given.reads, *told.reads, *heard)


def _warn_of_late_day(monitor: Monitor, found: Orders, period: int) -> None:
    """Say where no order falls in the whole period before the reference date."""
    _, last = found.days
    if last is not None and (days := (found.as_of - last).days) > period:
        monitor.warn(
            "segment.warn.late_day",
            days=days,
            last=last.isoformat(),
            as_of=found.as_of.isoformat(),
            period=period,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _More:
    tables: TablesSummary | None = None
    forecast: ForecastSummary | None = None


def _more(job: Job, found: Orders, made: Segmentation) -> _More:
    """Make the tables, and the forecast, whose columns join the scores."""
    with job.monitor.stage("tables"):
        period, bounds = job.settings.segment.period, job.settings.cpm
        portfolio = describe_cpm(
            made.scores,
            money=bounds.money,
            short=bounds.short,
            long=bounds.long,
            lapsed=bounds.lapsed or period,
        )
        tables = describe_tables(found, made.customers, lapsed=period, portfolio=portfolio)
    with job.monitor.stage("forecast"):
        try:
            ahead = forecast(found.timelines, found.as_of, forecast_settings(job.settings))
        except InputError as error:
            if error.key != "segment.few_repeaters":
                raise
            job.monitor.warn("segment.warn.no_forecast", **error.params)
            return _More(tables=tables)
        made.scores = with_forecast(made.scores, ahead)
        described = describe_forecast(ahead)
    if described.adds_nothing:
        job.monitor.warn("segment.warn.forecast")
    return _More(tables=tables, forecast=described)


def _analyses(
    job: Job,
    found: Orders,
    made: Segmentation,
    known: pa.Table,
    plan: Plan,
    saved: SegmentModel | None,
    earlier: EarlierRun | None,
) -> Analyses | None:
    """Make key figures, migration, problem layers and personas; the whole job alone has them."""
    if not job.whole:
        return None
    chosen = job.settings.segment
    with job.monitor.stage("analyses"):
        return analyze(
            found,
            made,
            known,
            AnalysisSettings(
                period=chosen.period,
                compare=chosen.compare,
                goals=given_goals(job.settings),
                attributes=chosen.attributes,
                since=migration_date(job.settings),
                rfm=plan.rfm,
                model=saved.rfm if saved else None,
                lookalikes=chosen.lookalikes,
            ),
            earlier,
        )
