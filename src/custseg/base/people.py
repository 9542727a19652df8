"""Customers in the base: their ids, records and identifiers, and what became of earlier ids."""

from __future__ import annotations

import json
from typing import Final

import pyarrow as pa

from custseg.base.model import IDENTIFIERS, RunEntry
from custseg.base.store import Base
from custseg.cleanse.merge.decisions import DECISIONS_SCHEMA
from custseg.cleanse.merge.ids import HISTORY_SCHEMA, IDS_SCHEMA, KEYS_SCHEMA, IdBook

PLACES: Final = pa.schema(
    [("record_key", pa.string()), ("source", pa.string()), ("row", pa.int64())]
)
"""Where each record stands in the latest run's inputs."""


def read_book(base: Base) -> IdBook | None:
    """Give the ids as the last run that merged records left them; None where none did.

    Customers that only a list named are none of it: a clean run may give them their ids again.
    """
    keys = base.sql(
        "SELECT record_key, customer_id FROM {records} JOIN {customers} USING (customer) "
        "ORDER BY record_key"
    )
    if not keys.num_rows:
        return None
    ids = base.sql(
        "SELECT customer_id, generation AS since, status, successor FROM {customers} c "
        "WHERE status <> 'active' OR EXISTS "
        "(FROM {records} r WHERE r.customer = c.customer) ORDER BY customer"
    )
    return IdBook(keys.cast(KEYS_SCHEMA), ids.cast(IDS_SCHEMA))


def knows_people(base: Base) -> bool:
    """Tell whether a run that merged records was ever written into the base."""
    return bool(base.sql("SELECT 1 FROM {records} LIMIT 1").num_rows)


def read_decisions(base: Base) -> pa.Table:
    """Give what people decided about pairs of records."""
    return base.sql("SELECT * FROM {decisions} ORDER BY ALL").cast(DECISIONS_SCHEMA)


def last_folder(base: Base, *commands: str) -> str:
    """Give the folder of the last run of one of these commands; empty for none."""
    found = base.sql(
        "SELECT folder FROM {runs} WHERE list_contains(?, command) ORDER BY run DESC LIMIT 1",
        [list(commands)],
    )
    return found["folder"][0].as_py() if found.num_rows else ""


def repeat_run(base: Base, folder: str, started: str, *commands: str) -> None:
    """Let the last run of one of these commands stand again, as it was, in another folder."""
    found = base.sql(
        "SELECT run_id, command, version, counts FROM {runs} WHERE list_contains(?, command) "
        "ORDER BY run DESC LIMIT 1",
        [list(commands)],
    ).to_pylist()
    for each in found:
        counts = json.loads(each.pop("counts"))
        base.begin(RunEntry(**each, counts=counts, folder=folder, started=started))


def write_people(
    base: Base,
    book: IdBook,
    *,
    places: pa.Table,
    identifiers: pa.Table,
    households: pa.Table,
    history: pa.Table,
    decisions: pa.Table,
) -> None:
    """Write what a run that merged records knows of the customers.

    Parameters
    ----------
    book
        Every id and record key ever seen.
    places
        By :data:`PLACES`, the records of this run.
    identifiers
        By :data:`custseg.base.model.IDENTIFIERS`, of the customers of this run; those of
        customers that are absent stay as they are.
    households
        ``customer_id``, ``household_id``.
    history
        What became of ids in this run (:data:`HISTORY_SCHEMA`).
    decisions
        Every decision that holds.
    """
    ids = book.ids.select(IDS_SCHEMA.names).cast(IDS_SCHEMA)
    ids = ids.append_column("place", pa.array(range(ids.num_rows), pa.int64()))
    base.replace("customers", _CUSTOMERS, ids=ids, households=households)
    base.replace("records", _RECORDS, keys=book.keys, places=places, now=_number(base.run))
    base.replace("identifiers", _IDENTIFIERS, found=identifiers.cast(IDENTIFIERS))
    base.replace(
        "id_history",
        "SELECT * FROM {id_history} UNION BY NAME SELECT run, event, "
        "coalesce(old, '') AS old, coalesce(\"new\", '') AS \"new\" "
        "FROM (SELECT * EXCLUDE (run) FROM events), now",
        events=history.cast(HISTORY_SCHEMA),
        now=_number(base.run),
    )
    base.replace("decisions", "SELECT * FROM fresh", fresh=decisions.cast(DECISIONS_SCHEMA))


def _number(run: int) -> pa.Table:
    return pa.table({"run": pa.array([run], pa.int32())})


# Who is known keeps the number; who is new gets the next ones, in the order of the book, which
# decides between two ids that are equally old.
_CUSTOMERS: Final = """
WITH last AS (SELECT coalesce(max(customer), 0) AS number FROM {customers}),
fresh AS (
    SELECT CAST((SELECT number FROM last) + row_number() OVER (ORDER BY place) AS INTEGER)
           AS customer, *
    FROM ids ANTI JOIN {customers} USING (customer_id)
),
every AS (
    SELECT customer, customer_id, since, ids.status, ids.successor
    FROM {customers} JOIN ids USING (customer_id)
    UNION ALL BY NAME SELECT * EXCLUDE (place) FROM fresh
)
SELECT customer, customer_id, CAST(since AS INTEGER) AS generation, status, successor,
       household_id
FROM every LEFT JOIN households USING (customer_id)
UNION ALL BY NAME SELECT * FROM {customers} ANTI JOIN ids USING (customer_id)
"""

_RECORDS: Final = """
SELECT record_key, customer, source, "row", run
FROM keys JOIN {customers} USING (customer_id) LEFT JOIN places USING (record_key), now
"""

_IDENTIFIERS: Final = """
SELECT DISTINCT customer, kind, "value" FROM found JOIN {customers} USING (customer_id)
UNION ALL BY NAME
SELECT customer, kind, "value" FROM {identifiers}
JOIN {customers} USING (customer)
WHERE status = 'absent'
  AND customer_id NOT IN (SELECT customer_id FROM found)
"""
