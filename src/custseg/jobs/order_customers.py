"""Customers of orders, where the ids of the orders are not quite those of the clean run."""

from __future__ import annotations

import pyarrow as pa

from custseg.engine import Engine
from custseg.jobs.customers import People
from custseg.jobs.monitor import Monitor
from custseg.jobs.orders import OrderLines
from custseg.segment.columns import customer
from custseg.segment.identity import restored_zeros


def ids_of_orders(
    engine: Engine, given: OrderLines, people: People | None, monitor: Monitor
) -> pa.Table | None:
    """Give ids of orders by customer, with those whose leading zeros a spreadsheet dropped.

    None where no customers are given.
    """
    if people is None:
        return None
    ids = people.ids
    if "customer_id" not in given.columns:
        return ids
    column = given.columns["customer_id"]
    own = customer(column, given.lines.schema.field(column).type)
    query = ["SELECT DISTINCT", own, "AS id FROM lines WHERE", own, "IS NOT NULL"]
    written = engine.sql(" ".join(query), lines=given.lines)["id"]
    found = restored_zeros(ids, people.ambiguous, written)
    if not found.num_rows:
        return ids
    monitor.warn("segment.warn.zeros", ids=found.num_rows)
    return pa.concat_tables([ids, found], promote_options="permissive")
