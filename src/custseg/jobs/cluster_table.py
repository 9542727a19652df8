"""The job of ``custseg cluster`` on a table of customers: clusters of columns of their own."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import InputError
from custseg.jobs.monitor import Monitor
from custseg.jobs.orders import OrderLines, read_distinct_inputs, standard_readers
from custseg.jobs.runs import summarize_inputs, summarize_warnings
from custseg.jobs.segment_job import Job, SegmentResult
from custseg.jobs.segment_plan import feature_names
from custseg.jobs.sources import Inputs
from custseg.segment.attributes import number_columns, read_customer_table
from custseg.segment.clustering import cluster_customers
from custseg.segment.clusters import ClusterSettings
from custseg.segment.model import SegmentModel
from custseg.segment.rfm import MEASURES
from custseg.segment.summary import SegmentSummary
from custseg.tables import TableRead
from custseg.tables.texts import column_as_text


def features_of_table(
    given: OrderLines, saved: SegmentModel | None, settings: Settings
) -> tuple[str, ...]:
    """Give the features, where they are columns of what was read, and not made of orders.

    Recency, frequency and money are made of orders wherever orders are given.
    """
    columns = [set(read.table.column_names) for read in given.reads]
    if saved is not None and saved.clusters is not None:
        names = tuple(saved.clusters.scale.names)
    else:
        names = feature_names(settings.segment.features, set.intersection(*columns))
    there = all(set(names) <= each for each in columns)
    of_orders = given.complete and not set(names).isdisjoint(MEASURES)
    return names if there and not of_orders else ()


def refuse_table(engine: Engine, given: OrderLines, settings: Settings) -> None:
    """Refuse a table that is none of orders, and name the columns that clusters could be made of.

    Raises
    ------
    InputError
        If a column of a needed role is missing.
    """
    try:
        given.check()
    except InputError as error:
        read = standard_readers(engine, settings)["number"]
        some = given.reads[0].table.slice(0, 1000)
        taken = {given.roles.get("customer_id")}
        numbers = [name for name in number_columns(some, read) if name not in taken]
        if not numbers:
            raise
        named = ",".join(numbers)
        raise InputError("segment.cluster_of_what", features=named, **error.params) from error


def cluster_table(
    engine: Engine,
    job: Job,
    orders: Inputs,
    given: OrderLines,
    plan: ClusterSettings,
    saved: SegmentModel | None,
    previous: SegmentModel | None,
) -> tuple[SegmentResult, Sequence[TableRead]]:
    """Cluster the customers of a table by the features of the plan, which are columns of it."""
    monitor, settings, names = job.monitor, job.settings, plan.features
    reads = given.reads
    if any(read.scan is not None for read in reads):
        # Of large files that stay on disk only some rows were looked at.
        reads = tuple(read_distinct_inputs(orders, settings, Monitor(), typed=True))
    read = standard_readers(engine, settings)["number"]
    with monitor.stage("segment"):
        id_column = given.roles.get("customer_id", "")
        table = _joined(reads, [*([id_column] if id_column else []), *names])
        ids = column_as_text(table[id_column]) if id_column else None
        people = read_customer_table(table, ids, id_column, names, read)
        for name, count in people.summary.missing.items():
            monitor.warn("segment.warn.feature_missing", feature=name, customers=count)
        if not id_column:
            monitor.warn("segment.warn.rows_numbered")
        made = cluster_customers(
            people.values,
            plan,
            saved=saved.clusters if saved else None,
            previous=previous.clusters if previous else None,
            monetary=None,
        )
    for warning in made.warnings:
        monitor.warn(warning.key, **warning.params)
    scores = people.table
    for name, column in made.columns().items():
        scores = scores.append_column(name, column)
    result = SegmentResult(
        scores=scores,
        profile=None,
        model=SegmentModel(as_of="", clusters=made.model),
        lists=(),
        summary=SegmentSummary(
            command=job.context.command,
            inputs=summarize_inputs(reads),
            attributes=people.summary,
            clusters=made.summary,
            warnings=summarize_warnings(monitor),
        ),
        folder=job.folder,
    )
    return result, reads


def _joined(reads: Sequence[TableRead], names: Sequence[str]) -> pa.Table:
    """Put the columns of all files below each other; a column of several types is text.

    Raises
    ------
    InputError
        If a file lacks one of them.
    """
    columns = {}
    for name in names:
        for read in reads:
            if name not in read.table.column_names:
                raise InputError("segment.column_missing", name=read.name, column=name)
        parts = [read.table[name] for read in reads]
        if len({part.type for part in parts}) > 1:
            parts = [column_as_text(part) for part in parts]
        chunks = [chunk for part in parts for chunk in part.chunks]
        columns[name] = pa.chunked_array(chunks, parts[0].type)
    return pa.table(columns)
