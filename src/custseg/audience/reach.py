"""The columns by which customers are reached, with what is not permitted left empty."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.consent import Permissions, base_name
from custseg.audience.ledger import KIND_OF
from custseg.segment.contacts import contact_columns, read_contacts

_POOLED: Final = ("email", "phone")

_OTHER_ADDRESSES: Final = frozenset({"line_user_id", "line_id", "x_handle"})
"""Columns that reach a person by a channel of their own."""


def fields_for(channel: str, customers: pa.Table, permitted: Permissions) -> pa.Table:
    """Give customers with one address of each kind, as a file for `channel` may hold them.

    A file of the ``ads`` channel is asked for as a whole: who permits it permits each value.
    In any other file each column needs a consent of its own.
    """
    if channel == "ads":
        return _first_of_each(customers)
    gated = read_contacts(customers, permitted).table
    columns = dict(zip(customers.column_names, customers.columns, strict=True))
    nothing = pa.chunked_array([pa.nulls(len(customers), pa.string())])
    for name in contact_columns(customers):
        columns[name] = gated[name] if name in gated.column_names else nothing
    for name in columns.keys() & _OTHER_ADDRESSES:
        columns[name] = nothing
    table = _first_of_each(pa.table(columns))
    kind = KIND_OF.get(channel)
    if kind is None:
        return table
    address = pa.chunked_array([permitted.addresses[channel]])
    source = {"line": "line_user_id"}.get(kind, kind)
    if source in table.column_names:
        return table.set_column(table.column_names.index(source), source, address)
    return table.append_column(source, address)


def _first_of_each(table: pa.Table) -> pa.Table:
    """Put the first further value where a customer's own column is empty."""
    columns = dict(zip(table.column_names, table.columns, strict=True))
    for kind in _POOLED:
        names = [name for name in columns if base_name(name) == kind]
        if names:
            columns[kind] = pc.coalesce(*(columns[name] for name in names))
    return pa.table(columns)
