"""The customers that orders are assigned to: from a clean run, a file, or a frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.consent import deciding_columns
from custseg.cleanse.unify import Records, unify
from custseg.config import Settings
from custseg.engine import Engine, give_back_memory
from custseg.errors import InputError
from custseg.jobs.kinds import refuse_orders
from custseg.jobs.monitor import Monitor
from custseg.jobs.sources import is_role_of, prepare, recognize_sources
from custseg.jobs.stored import read_run_table
from custseg.segment.columns import identifiers
from custseg.segment.identity import customer_map
from custseg.tables import MANIFEST, TableRead, read_frame, read_manifest, read_table
from custseg.tables.texts import column_as_text

if TYPE_CHECKING:
    import pandas as pd

RECORDS: Final = "n_records"
"""Column of a clean run's customers: how many records each was made of."""

_OWN: Final = ("household_id", RECORDS)
"""Columns of custseg's own that a table of customers may have taken over."""

_RECORD_ID: Final = "record_id"
_NO_RECORDS: Final = pa.table({"customer_id": pa.array([], pa.string())})

CustomersInput: TypeAlias = "str | Path | pa.Table | pd.DataFrame | None"


@dataclass(frozen=True, slots=True)
class People:
    """Customers as given.

    Attributes
    ----------
    table
        ``customer_id`` and all else that is known of them.
    records
        The columns of the records they were made of that decide whom an id means, and who may be
        reached; None where a table of customers was given.
    ids
        From ids of orders to customers.
    ambiguous
        Ids that stand for different customers in different sources, and are not in `ids`.
    """

    table: pa.Table
    records: pa.Table | None
    ids: pa.Table
    ambiguous: pa.ChunkedArray


def read_people(
    given: CustomersInput, settings: Settings, engine: Engine, monitor: Monitor
) -> People | None:
    """Read customers; None for none.

    The columns of a table that is no clean run are recognized, and have standard values.

    Raises
    ------
    InputError
        If the folder is no clean run, or the table has no column of customer ids, or different
        rows of one customer.
    """
    if given is None:
        return None
    with monitor.stage("customers"):
        folder = folder_of_run(given)
        if folder is not None:
            table, records = _clean_run(folder)
        else:
            read = (
                read_table(given)
                if isinstance(given, str | Path)
                else read_frame(given, "customers")
            )
            own = {"customer_id", RECORDS} <= set(read.table.column_names)
            table = read.table if own else _recognized(read, settings, engine, monitor)
            records = None
        place = table.column_names.index("customer_id")
        table = table.set_column(place, "customer_id", identifiers(table["customer_id"]))
        ids, doubtful = customer_map(table, _NO_RECORDS if records is None else records)
        if len(doubtful):
            monitor.warn("segment.warn.ambiguous_ids", ids=len(doubtful))
        return People(table, records, ids, doubtful)


def _recognized(read: TableRead, settings: Settings, engine: Engine, monitor: Monitor) -> pa.Table:
    """Give a table of one's own under the names of its roles, a customer a row."""
    columns = read.table.column_names
    given = {name: role for name, role in settings.roles.items() if name in columns}
    # Roles of orders say nothing here, but for that of the customer.
    given = {
        name: _RECORD_ID if role == "customer_id" else role
        for name, role in given.items()
        if role == "customer_id" or role == "ignore" or is_role_of(role, "people")
    }
    if _RECORD_ID not in given.values() and "customer_id" in columns:
        given.setdefault("customer_id", _RECORD_ID)
    named = replace(settings, roles=given)
    done = prepare([read], "people", named, engine, monitor).done[0]
    own = [name for name in given if given[name] == _RECORD_ID]
    own += [name for name, role in done.source.roles.items() if role == _RECORD_ID]
    if not own:
        # A number that repeats is no number of records, and may be that of customers.
        (source,) = recognize_sources([read], {}, "orders", Monitor())
        own = [name for name, role in source.roles.items() if role == "customer_id"]
    if not own:
        raise InputError("segment.no_customer_id", name=read.name, found=", ".join(columns))
    table = _with_unread(unify([done.as_standard()]), unify([done.source.as_given()]))
    others = [name for name in table.column_names if name not in ("source", "row", _RECORD_ID)]
    ids = identifiers(column_as_text(read.table[own[0]]))
    table = table.select(others).add_column(0, "customer_id", ids)
    table = _a_row_each(table.filter(pc.not_equal(pc.fill_null(ids, ""), "")))
    if (several := table.num_rows - len(table["customer_id"].unique())) > 0:
        refuse_orders([done.source])
        raise InputError("segment.customers_repeat", name=read.name, rows=several)
    return table


def _with_unread(standard: Records, given: Records) -> pa.Table:
    """Keep what cannot be read as it was given: gates and platforms count it, and refuse it."""
    table = standard.table
    for name in given.roles:
        cells = pc.coalesce(table[name], given.table[name])
        table = table.set_column(table.column_names.index(name), name, cells)
    (named,) = given.named.values()
    as_given = {name: column for column, name in named.items() if column in _OWN}
    return table.rename_columns([as_given.get(name, name) for name in table.column_names])


def _a_row_each(table: pa.Table) -> pa.Table:
    """Leave out rows that say the same of a customer as another does."""
    keys = table["customer_id"]
    if len(keys.unique()) == len(keys):
        return table
    return table.group_by(table.column_names, use_threads=False).aggregate([])


def folder_of_run(given: object) -> Path | None:
    """Give the folder meant: also for the customers in it, whose records know the orders' ids."""
    if not isinstance(given, str | Path):
        return None
    path = Path(given)
    if path.is_dir():
        return path
    if path.stem != "customers" or not (path.parent / MANIFEST).is_file():
        return None
    names = {item.name for item in read_manifest(path.parent).outputs}
    whole = path.name in names and any(Path(name).stem == "records" for name in names)
    return path.parent if whole else None


def _clean_run(folder: Path) -> tuple[pa.Table, pa.Table]:
    outputs = {Path(item.name).stem: item.name for item in read_manifest(folder).outputs}
    if not {"customers", "records"} <= outputs.keys():
        raise InputError("segment.not_a_clean_run", path=str(folder))
    # Of the records, many more than customers, only what tells whose they are and what they agreed
    # to is kept.
    records = read_run_table(folder / outputs["records"]).table
    records = records.select(deciding_columns(records))
    give_back_memory()
    customers = read_run_table(folder / outputs["customers"]).table
    return _counted(customers), records


def _counted(customers: pa.Table) -> pa.Table:
    """Give the number of records as the number it was, so that rules can compare it."""
    place = customers.schema.get_field_index(RECORDS)
    if place < 0 or not pa.types.is_string(customers.schema.field(place).type):
        return customers
    try:
        numbers = customers.column(place).cast(pa.int64())
    except pa.ArrowInvalid:  # edited by hand: it stays text
        return customers
    return customers.set_column(place, RECORDS, numbers)
