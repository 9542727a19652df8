"""The customers that orders are assigned to: from a clean run, a file, or a frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import pyarrow as pa

from custseg.errors import InputError
from custseg.jobs.monitor import Monitor
from custseg.jobs.stored import read_run_table
from custseg.segment.columns import identifiers
from custseg.segment.identity import customer_map
from custseg.tables import read_frame, read_manifest, read_table

if TYPE_CHECKING:
    import pandas as pd

RECORDS: Final = "n_records"
"""Column of a clean run's customers: how many records each was made of."""

CustomersInput: TypeAlias = "str | Path | pa.Table | pd.DataFrame | None"


@dataclass(frozen=True, slots=True)
class People:
    """Customers as given.

    Attributes
    ----------
    table
        ``customer_id`` and all else that is known of them.
    records
        The records they were made of; None where a table of customers was given.
    ids
        From ids of orders to customers; None where orders carry customer ids themselves.
    ambiguous
        Ids that stand for different customers in different sources, and are not in `ids`.
    """

    table: pa.Table
    records: pa.Table | None
    ids: pa.Table | None
    ambiguous: pa.ChunkedArray | None = None


def read_people(given: CustomersInput, monitor: Monitor) -> People | None:
    """Read customers; None for none.

    Raises
    ------
    InputError
        If the folder is no clean run, or the table has no column ``customer_id``.
    """
    if given is None:
        return None
    with monitor.stage("customers"):
        ids = records = doubtful = None
        if isinstance(given, str | Path) and Path(given).is_dir():
            table, records = _clean_run(Path(given))
            ids, doubtful = customer_map(table, records)
            if len(doubtful):
                monitor.warn("segment.warn.ambiguous_ids", ids=len(doubtful))
        elif isinstance(given, str | Path):
            table = read_table(given).table
        else:
            table = read_frame(given, "customers").table
        if "customer_id" not in table.column_names:
            name = str(given) if isinstance(given, str | Path) else "customers"
            raise InputError("segment.no_customer_id", name=name)
        place = table.column_names.index("customer_id")
        table = table.set_column(place, "customer_id", identifiers(table["customer_id"]))
        return People(table, records, ids, doubtful)


def _clean_run(folder: Path) -> tuple[pa.Table, pa.Table]:
    outputs = {Path(item.name).stem: item.name for item in read_manifest(folder).outputs}
    if not {"customers", "records"} <= outputs.keys():
        raise InputError("segment.not_a_clean_run", path=str(folder))
    customers, records = (
        read_run_table(folder / outputs[name]).table for name in ("customers", "records")
    )
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
