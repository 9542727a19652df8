"""From files of events to the columns they add to the profile."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from custseg.config import Settings
from custseg.engine import Engine
from custseg.fields.registry import roles as known_roles
from custseg.jobs.monitor import Monitor
from custseg.jobs.orders import columns_by_role, read_distinct_inputs, standard_readers
from custseg.jobs.sources import Inputs, recognize_sources
from custseg.segment.events import ROLES, EventsSummary, customer_events
from custseg.tables import TableRead


def read_events(
    engine: Engine,
    events: Inputs,
    customers: pa.Array,
    ids: pa.Table | None,
    as_of: date,
    settings: Settings,
    monitor: Monitor,
) -> tuple[pa.Table, EventsSummary, tuple[TableRead, ...]]:
    """Read events, recognize their columns, and sum them up by customer.

    A file without any event is no error: there are days without an inquiry.

    Raises
    ------
    InputError, UsageError
        If an input cannot be read, or lacks customers or days.
    """
    reads = read_distinct_inputs(events, settings, monitor, allow_empty=True)
    wanted = {column: role for column, role in settings.roles.items() if _of_events(role)}
    sources = recognize_sources(reads, wanted, "events", monitor)
    tables = [columns_by_role(source, ROLES) for source in sources]
    with monitor.stage("events"):
        table, summary = customer_events(
            engine,
            pa.concat_tables([each for each, _ in tables], promote_options="permissive"),
            customers,
            as_of,
            ids=ids,
            reader=standard_readers(engine, settings).get("date"),
            roles={role: column for _, names in reversed(tables) for role, column in names.items()},
        )
    if not summary.rows:
        monitor.warn("segment.warn.no_events")
    if summary.unknown_states:
        monitor.warn("segment.warn.event_states", states=summary.unknown_states)
    return table, summary, tuple(reads)


def columns_of_events(events: Inputs | None, settings: Settings) -> frozenset[str]:
    """Columns of the events, where the user says which column tells the customer.

    That role is one of orders too, which would refuse a column that they do not have.
    """
    if events is None or "customer_id" not in settings.roles.values():
        return frozenset()
    reads = read_distinct_inputs(events, settings, Monitor(), allow_empty=True)
    return frozenset(column for read in reads for column in read.table.column_names)


def _of_events(role: str) -> bool:
    """Tell whether a role that the user gave may be meant for a table of events."""
    found = known_roles().get(role)
    return role == "customer_id" or (found is not None and "events" in found.tables)
