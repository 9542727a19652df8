"""The jobs of ``custseg rfm``, ``cluster`` and ``segment``: orders in, segments and lists out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import InputError, UsageError
from custseg.jobs.monitor import Monitor
from custseg.jobs.orders import read_order_lines, standard_readers
from custseg.jobs.runs import (
    RunContext,
    add_quarantine,
    output_format,
    summarize_inputs,
    summarize_warnings,
    to_text,
    warn_unwritable,
)
from custseg.jobs.sources import Inputs
from custseg.segment.clusters import ClusterSettings
from custseg.segment.contacts import ContactList, Contacts, contact_lists, read_contacts
from custseg.segment.describe import describe_orders
from custseg.segment.identity import customer_map
from custseg.segment.lines import LineSettings
from custseg.segment.maps import BUILT_IN, SegmentMap, segment_map
from custseg.segment.model import SegmentModel
from custseg.segment.orders import Orders, read_orders
from custseg.segment.rfm import MEASURES, RfmSettings
from custseg.segment.run import Plan, Segmentation, segment_customers
from custseg.segment.summary import SegmentSummary
from custseg.tables import RunFolder, TableRead, atomic_file, read_manifest, read_table, write_table
from custseg.tables.model import Format

if TYPE_CHECKING:
    import pandas as pd

MODEL: Final = "model.json"
_TABLES: Final[Mapping[str, Format]] = {".csv": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}
_SHORT: Final = {"r": "recency_days", "f": "frequency", "m": "monetary"}


@dataclass(frozen=True, slots=True)
class SegmentResult:
    """Scores, model and lists.

    Attributes
    ----------
    scores
        A customer a row, sorted by ``customer_id``.
    model
        What scores other customers the same way.
    lists
        The customers of each segment with their contact columns; empty without segments.
    summary
        Everything the report shows.
    folder
        The run folder written; None for none.
    """

    scores: pa.Table
    model: SegmentModel
    lists: tuple[ContactList, ...]
    summary: SegmentSummary
    folder: Path | None

    def frame(self) -> pd.DataFrame:
        """Give the scores as a pandas frame."""
        frame: pd.DataFrame = self.scores.to_pandas()
        return frame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What the three jobs have in common."""

    context: RunContext
    monitor: Monitor
    output: str | Path | None
    force: bool

    @property
    def settings(self) -> Settings:
        return self.context.settings


def segment(
    orders: Inputs,
    customers: str | Path | pa.Table | pd.DataFrame | None = None,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    model: str | Path | SegmentModel | None = None,
    previous: str | Path | SegmentModel | None = None,
    cuts: Mapping[str, Sequence[float]] | None = None,
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
        The model whose cluster numbers and names are kept.
    cuts
        Fixed cuts by measure (see :func:`parse_cuts`).
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
    plan = _plan(job.settings, cuts, scores=True, named=True, clusters=True)
    return _run(job, plan, orders, customers, model, previous)


def rfm(
    orders: Inputs,
    customers: str | Path | pa.Table | pd.DataFrame | None = None,
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
    plan = _plan(job.settings, cuts, scores=True, named=named, clusters=False)
    return _run(job, plan, orders, customers, model, None)


def cluster(
    orders: Inputs,
    customers: str | Path | pa.Table | pd.DataFrame | None = None,
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
    plan = _plan(job.settings, None, scores=False, named=False, clusters=True)
    return _run(job, plan, orders, customers, model, previous)


def parse_cuts(texts: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Read fixed cuts such as ``recency_days=30,60,90,180`` (or ``r=30,60,90,180``).

    Raises
    ------
    UsageError
        If one cannot be read.
    """
    cuts = {}
    for text in texts:
        name, equals, numbers = text.partition("=")
        measure = _SHORT.get(name.strip().lower(), name.strip().lower())
        try:
            values = tuple(float(number) for number in numbers.split(","))
        except ValueError:
            values = ()
        if not equals or not values or measure not in MEASURES:
            raise UsageError("segment.cuts_text", text=text)
        cuts[measure] = values
    return cuts


def _job(
    command: str,
    settings: Settings | None,
    origins: Mapping[str, str],
    output: str | Path | None,
    force: bool,
    monitor: Monitor | None,
) -> _Job:
    context = RunContext(command=command, settings=settings or Settings(), origins=origins)
    return _Job(context=context, monitor=monitor or Monitor(), output=output, force=force)


def _plan(
    settings: Settings,
    cuts: Mapping[str, Sequence[float]] | None,
    *,
    scores: bool,
    named: bool,
    clusters: bool,
) -> Plan:
    chosen = settings.segment
    rfm_settings = RfmSettings(
        method="fixed" if cuts else chosen.method, bins=chosen.bins, cuts=cuts
    )
    k = chosen.clusters.strip().lower()
    if not (k in ("auto", "none") or k.isdecimal()):
        raise UsageError("segment.k_text", text=chosen.clusters)
    wanted = clusters and (k != "none" or not scores)
    return Plan(
        rfm=rfm_settings if scores else None,
        map=_map(settings) if named else None,
        map_name=chosen.map if named else "",
        clusters=ClusterSettings(transform=chosen.transform, k=int(k) if k.isdecimal() else None)
        if wanted
        else None,
        clusters_needed=not scores,
        actions=settings.actions,
    )


def _map(settings: Settings) -> SegmentMap:
    name, bins = settings.segment.map, settings.segment.bins
    if name in settings.maps:
        return segment_map(settings.maps[name].items(), bins)
    if name not in BUILT_IN:
        known = ", ".join([*BUILT_IN, *settings.maps])
        raise UsageError("segment.map_unknown", name=name, known=known)
    if bins != 5:
        raise UsageError("segment.map_bins", bins=bins)
    return segment_map(BUILT_IN[name].items(), bins)


def _run(
    job: _Job,
    plan: Plan,
    orders: Inputs,
    customers: str | Path | pa.Table | pd.DataFrame | None,
    model: str | Path | SegmentModel | None,
    previous: str | Path | SegmentModel | None,
) -> SegmentResult:
    saved, before = _model(model), _model(previous)
    target = _folder(job.output)
    with ExitStack() as stack:
        # Entered first: a folder that cannot be used is said before any work is done.
        folder = stack.enter_context(RunFolder(target, force=job.force)) if target else None
        result, reads = _make(job, plan, orders, customers, saved, before)
        with job.monitor.stage("write"):
            if folder is not None:
                _write_folder(job, result, reads, folder)
            elif job.output is not None:
                _write_scores(job, result, reads)
    return result


def _make(
    job: _Job,
    plan: Plan,
    orders: Inputs,
    customers: str | Path | pa.Table | pd.DataFrame | None,
    saved: SegmentModel | None,
    before: SegmentModel | None,
) -> tuple[SegmentResult, Sequence[TableRead]]:
    monitor, settings = job.monitor, job.settings
    as_of = _as_of(settings)
    with Engine(settings.run.threads, settings.run.memory_limit) as engine:
        given = read_order_lines(orders, settings, monitor)
        people, ids = _customers(customers, monitor)
        with monitor.stage("orders"):
            found = read_orders(
                engine,
                given.lines,
                given.columns,
                settings=LineSettings(as_of=as_of, order_key=settings.segment.orders_by),
                customers=ids,
                readers=standard_readers(engine),
            )
        _warn_of_orders(found, given.columns, settings, monitor)
        with monitor.stage("segment"):
            made = segment_customers(
                engine, found, plan, saved=saved, previous=before.clusters if before else None
            )
    for warning in made.warnings:
        monitor.warn(warning.key, **warning.params)
    lists = _lists(made, people)
    summary = SegmentSummary(
        command=job.context.command,
        inputs=summarize_inputs(given.reads),
        orders=describe_orders(
            found, made.customers, as_of_given=as_of is not None, roles=given.roles
        ),
        rfm=made.rfm,
        segments=made.segments,
        clusters=made.clusters,
        lists=tuple(item.summary for item in lists),
        warnings=summarize_warnings(monitor),
        model=saved.as_of if saved else "",
    )
    result = SegmentResult(
        scores=made.scores,
        model=made.model,
        lists=lists,
        summary=summary,
        folder=_folder(job.output),
    )
    return result, given.reads


def _folder(output: str | Path | None) -> Path | None:
    """Give the folder that `output` names; None where it names one table, or nothing."""
    if output is None or output == "-" or Path(output).suffix.lower() in _TABLES:
        return None
    return Path(output)


def _as_of(settings: Settings) -> date | None:
    text = settings.segment.as_of
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("segment.as_of", text=text) from error


def _model(given: str | Path | SegmentModel | None) -> SegmentModel | None:
    if given is None or isinstance(given, SegmentModel):
        return given
    path = Path(given)
    path = path / MODEL if path.is_dir() else path
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("segment.model_missing", path=str(path)) from error
    except ValueError as error:
        raise InputError("segment.model_unreadable", name=str(path)) from error
    return SegmentModel.from_dict(plain, str(path))


def _customers(
    given: str | Path | pa.Table | pd.DataFrame | None, monitor: Monitor
) -> tuple[Contacts | None, pa.Table | None]:
    """Contacts, and the map from the orders' customer ids where a clean run gives one."""
    if given is None:
        return None, None
    with monitor.stage("customers"):
        ids = None
        if isinstance(given, str | Path) and Path(given).is_dir():
            table, records = _clean_run(Path(given))
            ids, doubtful = customer_map(table, records)
            if doubtful:
                monitor.warn("segment.warn.ambiguous_ids", ids=doubtful)
        elif isinstance(given, str | Path):
            table = read_table(given).table
        else:
            table = given if isinstance(given, pa.Table) else pa.Table.from_pandas(given)
        if "customer_id" not in table.column_names:
            raise InputError("segment.no_customer_id", name=str(given))
        return read_contacts(table), ids


def _clean_run(folder: Path) -> tuple[pa.Table, pa.Table]:
    outputs = {Path(item.name).stem: item.name for item in read_manifest(folder).outputs}
    if not {"customers", "records"} <= outputs.keys():
        raise InputError("segment.not_a_clean_run", path=str(folder))
    customers, records = (
        read_table(folder / outputs[name]).table for name in ("customers", "records")
    )
    return customers, records


def _warn_of_orders(
    found: Orders, columns: Mapping[str, str], settings: Settings, monitor: Monitor
) -> None:
    if "order_id" not in columns and settings.segment.orders_by == "row":
        monitor.warn("segment.warn.no_order_id")
    customers, orders, _ = found.unknown
    if orders:
        monitor.warn("segment.warn.unknown", customers=customers, orders=orders)


def _lists(made: Segmentation, people: Contacts | None) -> tuple[ContactList, ...]:
    if made.segments is None:
        return ()
    files = {row.name: row.file for row in made.segments.rows}
    return tuple(contact_lists(made.scores, files, people))


def _write_scores(job: _Job, result: SegmentResult, reads: Sequence[TableRead]) -> None:
    output = str(job.output)
    format_ = _TABLES.get(Path(output).suffix.lower(), output_format(job.settings, reads))
    with atomic_file(output, force=job.force) as file:
        lost = write_table(
            result.scores, file, format=format_, encoding=job.settings.output.encoding
        )
    warn_unwritable(job.monitor, "scores", lost)


def _write_folder(
    job: _Job, result: SegmentResult, reads: Sequence[TableRead], folder: RunFolder
) -> None:
    encoding = job.settings.output.encoding
    tables = {"scores": (result.scores, output_format(job.settings, reads))}
    for item in result.lists:
        tables[f"segments/{item.summary.file}"] = (item.table, "csv")
    for name, (table, format_) in tables.items():
        warn_unwritable(job.monitor, name, folder.add_table(name, table, format_, encoding))
    add_quarantine(folder, reads)
    folder.add_text(MODEL, to_text(result.model.to_dict()))
    folder.add_text("summary.json", to_text(result.summary.to_json()))
    orders = result.summary.orders
    counts = {"rows": orders.rows, "orders": orders.orders, "customers": orders.customers}
    job.context.publish(folder, reads, counts, job.monitor)
