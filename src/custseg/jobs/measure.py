"""The jobs of ``custseg measure``: did a campaign do anything, and which channels bring people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.summary import AudienceSummary
from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import InputError, UsageError
from custseg.jobs.audit import note
from custseg.jobs.customers import CustomersInput, read_people
from custseg.jobs.kept import open_base
from custseg.jobs.monitor import Monitor
from custseg.jobs.order_customers import ids_of_orders
from custseg.jobs.orders import read_order_lines, standard_readers
from custseg.jobs.runs import RunContext, summarize_inputs, summarize_warnings, to_text
from custseg.jobs.sources import Inputs, read_inputs
from custseg.jobs.stored import read_stored, read_summary
from custseg.measure.effect import Correction, Effect, Floats, effects
from custseg.measure.summary import MeasureSummary
from custseg.measure.touches import campaigns, channels
from custseg.segment.lines import LineSettings
from custseg.segment.orders import Orders, read_orders
from custseg.tables import RunFolder, TableRead, read_manifest

HOLDOUT = "holdout"
_LEAST_ARM = 10
"""People that share a value before it is shown as one of the arms there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What turns extra money into profit: the campaign's cost, and the part of money kept."""

    cost: float | None = None
    margin: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    settings: Settings
    origins: Mapping[str, str]
    monitor: Monitor
    context: RunContext = field(init=False)

    def __post_init__(self) -> None:
        context = RunContext(command="measure", settings=self.settings, origins=self.origins)
        object.__setattr__(self, "context", context)

    def written(
        self,
        summary: MeasureSummary,
        reads: Sequence[TableRead],
        output: str | Path | None,
        *,
        force: bool,
    ) -> MeasureSummary:
        """Write the run where it is wanted."""
        summary = replace(
            summary,
            inputs=summarize_inputs(reads),
            warnings=summarize_warnings(self.monitor),
        )
        if output is None:
            return summary
        with RunFolder(Path(output), force=force) as folder:
            for name, rows in (
                ("effects", summary.effects),
                ("channels", summary.channels),
                ("campaigns", summary.campaigns),
            ):
                if rows:
                    folder.add_table(name, pa.Table.from_pylist([asdict(row) for row in rows]))
            folder.add_text("summary.json", to_text(summary.to_json()))
            self.context.publish(folder, reads, dict(summary.assigned), self.monitor)
        return summary


def measure_table(
    table: Inputs,
    output: str | Path | None = None,
    *,
    group: str,
    control: str,
    outcomes: Sequence[str],
    segment: str | None = None,
    random: bool = False,
    correction: Correction = "holm",
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    force: bool = False,
    monitor: Monitor | None = None,
) -> MeasureSummary:
    """Measure a campaign from a table with a row a person.

    Parameters
    ----------
    table
        One table.
    group, control
        Column of the arms, and the arm that was left alone.
    outcomes
        Columns of numbers, such as ``visit`` (0 or 1) and ``spend``.
    segment
        Column of segments to compare one by one.
    random
        Whether chance alone decided who was in which arm.

    Raises
    ------
    InputError, UsageError
        If a column is missing or no number, or nobody is in the control arm.
    """
    job = _job(settings, origins, monitor)
    reads = read_inputs(table, job.settings, job.monitor)
    if len(reads) != 1:
        raise UsageError("measure.one_table")
    (read,) = reads
    groups = _texts(read, group)
    if control not in groups:
        # A value that few have may name somebody: it is no arm of a test, either.
        arms = sorted(name for name, size in Counter(groups).items() if size >= _LEAST_ARM)
        known = ", ".join(arms) or "–"
        raise UsageError("measure.no_control", control=control, column=group, known=known)
    with job.monitor.stage("measure"):
        found = effects(
            groups,
            control,
            {name: _numbers(read, name) for name in outcomes},
            None if segment is None else _texts(read, segment),
            correction,
        )
    summary = MeasureSummary(
        inputs=(),
        random=random,
        control=control,
        assigned=_assigned(groups),
        effects=tuple(found),
        correction=correction if segment else "",
    )
    return job.written(summary, reads, output, force=force)


def measure_campaign(
    audience: str | Path,
    orders: Inputs,
    customers: CustomersInput = None,
    output: str | Path | None = None,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    correction: Correction = "holm",
    costs: Costs | None = None,
    base: str | Path | None = None,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    force: bool = False,
    monitor: Monitor | None = None,
) -> MeasureSummary:
    """Measure the campaign of an audience run by the orders that followed.

    Everyone treated and everyone held out is counted, with or without an order.

    Parameters
    ----------
    audience
        Folder of ``audience make``; its lists are the segments.
    orders
        Orders; those outside the days are left out.
    customers
        The clean run that the audience was made of.
    first_day, last_day
        Days of the orders that count: else from the day after the audience's to the last order.
    costs
        To give profit too.
    base
        The base whose audit log is told who was counted, in numbers.

    Raises
    ------
    InputError, UsageError
        If the folder is no audience run, or no order falls into the days.
    """
    with open_base(base, "measure", must_exist=True) if base else nullcontext():
        job = _job(settings, origins, monitor)
        summary, reads = _of_campaign(
            job, audience, orders, customers, first_day, last_day, correction
        )
        summary = job.written(_with_profit(summary, costs or Costs()), reads, output, force=force)
        if base:
            note(base, "measure", summary.assigned, job.context.run_id(reads))
    return summary


def _of_campaign(
    job: _Job,
    audience: str | Path,
    orders: Inputs,
    customers: CustomersInput,
    first_day: date | None,
    last_day: date | None,
    correction: Correction,
) -> tuple[MeasureSummary, Sequence[TableRead]]:
    folder = Path(audience)
    command = read_manifest(folder).command
    if command != "audience":
        raise InputError("audience.not_an_audience", path=str(audience), command=command)
    made = read_summary(folder, AudienceSummary)
    assigned = read_stored(folder, "assignments")
    first = first_day or date.fromisoformat(made.as_of) + timedelta(days=1)
    with Engine(job.settings.run.threads, job.settings.run.memory_limit) as engine:
        reads, found = _orders(job, engine, orders, customers)
        last = last_day or pc.max(found.table["order_date"]).as_py()
        day = found.table["order_date"]
        within = found.table.filter(
            pc.and_(pc.greater_equal(day, pa.scalar(first)), pc.less_equal(day, pa.scalar(last)))
        )
        if not len(within):
            raise InputError("measure.no_orders", first=first, last=last)
        with job.monitor.stage("measure"):
            outcomes = _outcomes(assigned, within)
            groups = assigned["group"].to_pylist()
            random = HOLDOUT in groups
            control = HOLDOUT if random else ""
            compared = _compared(assigned, outcomes, correction) if random else []
            rows = channels(engine, within), campaigns(engine, within)
    if not random:
        job.monitor.warn("measure.warn.no_holdout")
    summary = MeasureSummary(
        inputs=(),
        random=random,
        control=control,
        assigned=_assigned_once(assigned),
        effects=tuple(compared),
        correction=correction if any(each.segment for each in compared) else "",
        campaign=made.campaign,
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        channels=rows[0],
        campaigns=rows[1],
    )
    return summary, reads


def measure_channels(
    orders: Inputs,
    customers: CustomersInput = None,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    force: bool = False,
    monitor: Monitor | None = None,
) -> MeasureSummary:
    """Compare channels by the first and last orders made there, and campaigns by their part.

    Raises
    ------
    InputError, UsageError
        If the orders cannot be read, or have neither channel nor campaign.
    """
    job = _job(settings, origins, monitor)
    with Engine(job.settings.run.threads, job.settings.run.memory_limit) as engine:
        reads, found = _orders(job, engine, orders, customers)
        with job.monitor.stage("measure"):
            rows = channels(engine, found.table), campaigns(engine, found.table)
    if not any(rows):
        raise InputError("measure.no_channels")
    days = pc.min_max(found.table["order_date"]).as_py()
    summary = MeasureSummary(
        inputs=(),
        assigned={},
        first_day=days["min"].isoformat(),
        last_day=days["max"].isoformat(),
        channels=rows[0],
        campaigns=rows[1],
    )
    return job.written(summary, reads, output, force=force)


def _job(settings: Settings | None, origins: Mapping[str, str], monitor: Monitor | None) -> _Job:
    return _Job(settings=settings or Settings(), origins=origins, monitor=monitor or Monitor())


def _orders(
    job: _Job, engine: Engine, orders: Inputs, customers: CustomersInput
) -> tuple[tuple[TableRead, ...], Orders]:
    given = read_order_lines(engine, orders, job.settings, job.monitor)
    given.check()
    people = read_people(customers, job.settings, engine, job.monitor)
    with job.monitor.stage("orders"):
        found = read_orders(
            engine,
            given.lines,
            given.columns,
            settings=LineSettings(order_key=job.settings.segment.orders_by),
            customers=ids_of_orders(engine, given, people, job.monitor),
            readers=standard_readers(engine, job.settings),
        )
    return given.reads, found


def _outcomes(assigned: pa.Table, orders: pa.Table) -> dict[str, Floats]:
    """Give what everyone assigned did: bought or not, how many orders, how much money."""
    money = orders.set_column(
        orders.column_names.index("amount"), "amount", pc.cast(orders["amount"], pa.float64())
    )
    by_customer = money.group_by("customer_id").aggregate([("amount", "sum"), ("amount", "count")])
    place = pc.index_in(
        assigned["customer_id"], value_set=by_customer["customer_id"].combine_chunks()
    )
    spent = pc.fill_null(by_customer["amount_sum"].take(place), 0.0).to_numpy()
    made = pc.fill_null(by_customer["amount_count"].take(place), 0).to_numpy().astype(np.float64)
    return {"bought": (made > 0).astype(np.float64), "orders": made, "money": spent}


def _compared(
    assigned: pa.Table, outcomes: Mapping[str, Floats], correction: Correction
) -> list[Effect]:
    """Compare all together, each person once, and then list by list."""
    groups, lists = assigned["group"].to_pylist(), assigned["list"].to_pylist()
    people = assigned["customer_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    _, once = np.unique(people, return_index=True)
    together = effects(
        [groups[place] for place in once],
        HOLDOUT,
        {name: values[once] for name, values in outcomes.items()},
    )
    if len(set(lists)) < 2:
        return together
    return together + [
        each for each in effects(groups, HOLDOUT, outcomes, lists, correction) if each.segment
    ]


def _with_profit(summary: MeasureSummary, costs: Costs) -> MeasureSummary:
    """Turn the extra money of everyone treated into profit, with the interval of the money."""
    found: list[Effect] = [
        each for each in summary.effects if each.outcome == "money" and not each.segment
    ]
    if not found or (costs.cost is None and costs.margin is None):
        return summary
    margin, cost = costs.margin if costs.margin is not None else 1.0, costs.cost or 0.0
    values = found[0].extra, found[0].extra_low, found[0].extra_high
    profit, low, high = (None if value is None else value * margin - cost for value in values)
    return replace(
        summary, cost=cost, margin=margin, profit=profit, profit_low=low, profit_high=high
    )


def _assigned(groups: Sequence[str]) -> dict[str, int]:
    return dict(sorted(Counter(groups).items()))


def _assigned_once(assigned: pa.Table) -> dict[str, int]:
    people = assigned.select(["customer_id", "group"]).group_by(["customer_id", "group"])
    return _assigned(people.aggregate([])["group"].to_pylist())


def _texts(read: TableRead, column: str) -> list[str]:
    if column not in read.table.column_names:
        found = ", ".join(read.table.column_names)
        raise UsageError("measure.no_column", name=read.name, column=column, found=found)
    texts: list[str] = pc.fill_null(read.table[column], "").to_pylist()
    return texts


def _numbers(read: TableRead, column: str) -> Floats:
    texts = _texts(read, column)
    values = np.empty(len(texts))
    for place, text in enumerate(texts):
        try:
            values[place] = float(text)
        except ValueError as error:
            row = read.rows[place].as_py()
            raise InputError(
                "measure.not_a_number", name=read.name, column=column, row=row
            ) from error
    if not np.isfinite(values).all():
        row = read.rows[int(np.flatnonzero(~np.isfinite(values))[0])].as_py()
        raise InputError("measure.not_a_number", name=read.name, column=column, row=row)
    return values
