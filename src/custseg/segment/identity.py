"""Whose order it is: from the ids that orders carry to the customers of a clean run."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from custseg.segment.columns import identifiers


def customer_map(customers: pa.Table, records: pa.Table) -> tuple[pa.Table, int]:
    """Map ids of orders to customers.

    An id is known by the record that carries it as its own id, or by being a customer's id
    itself. An id that records of different customers carry (two shops that number alike)
    says nothing, and is left out.

    Parameters
    ----------
    customers
        With ``customer_id``.
    records
        With ``record_id``, where the sources have ids, and ``customer_id``.

    Returns
    -------
    table, ambiguous
        ``source_id`` to ``customer_id``, one row a `source_id`; and how many ids were left out.
    """
    pairs = pa.table(
        {"source_id": customers["customer_id"], "customer_id": customers["customer_id"]}
    )
    if "record_id" in records.column_names:
        own = pa.table(
            {"source_id": identifiers(records["record_id"]),
             "customer_id": records["customer_id"]}
        )  # fmt: skip
        own = own.filter(pc.and_(pc.is_valid(own["source_id"]), pc.is_valid(own["customer_id"])))
        foreign = pairs.filter(
            pc.invert(pc.is_in(pairs["source_id"], value_set=own["source_id"].combine_chunks()))
        )
        pairs = pa.concat_tables([own, foreign])
    counted = pairs.group_by("source_id").aggregate(
        [("customer_id", "count_distinct"), ("customer_id", "min")]
    )
    sure = pc.equal(counted["customer_id_count_distinct"], 1)
    found = counted.filter(sure)
    table = pa.table(
        {"source_id": found["source_id"], "customer_id": found["customer_id_min"]}
    ).sort_by("source_id")
    return table, counted.num_rows - found.num_rows
