"""What became of a list since the last time: added, kept and removed, value by value.

Customers are followed through merges. A value that any row of today still carries is in no
removal, so that nothing is both removed and there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Delta:
    """A list against its last time.

    Attributes
    ----------
    added
        Which of today's rows have an identifier that was not there.
    removed
        Rows as they were sent, without identifiers that are still there.
    customers_before, customers_added, customers_removed
        People, followed through merges.
    """

    added: Mask
    removed: pa.Table
    customers_before: int
    customers_added: int
    customers_removed: int

    @property
    def change(self) -> float:
        """The larger of what came and what went, as a share of what was there."""
        most = max(self.customers_added, self.customers_removed)
        return most / self.customers_before if self.customers_before else 0.0


def compare(
    before: pa.Table,
    customer_id: pa.Array,
    now: pa.Table,
    identifiers: Sequence[str],
    successors: Mapping[str, str],
) -> Delta:
    """Compare today's rows with those last sent.

    Parameters
    ----------
    before
        ``customer_id`` and the columns as they were sent.
    customer_id, now
        Today's rows.
    identifiers
        Columns by which the platform finds people.
    successors
        Merged customer → the one it went into.
    """
    before = before.sort_by("customer_id")
    shared = [name for name in now.column_names if name in before.column_names]
    known = [name for name in identifiers if name in shared]
    was = {name: before[name].combine_chunks().unique() for name in known}
    added = np.zeros(len(now), dtype=bool)
    for name in identifiers:
        column = now[name].combine_chunks()
        fresh = np.asarray(column.is_valid())
        if name in was:
            fresh &= ~np.asarray(pc.is_in(column, value_set=was[name].drop_null()))
        added |= fresh
    columns = {name: before[name].combine_chunks() for name in shared}
    still = np.zeros(len(before), dtype=bool)
    gone = np.zeros(len(before), dtype=bool)
    for name in known:
        here = pc.is_in(columns[name], value_set=now[name].combine_chunks().unique().drop_null())
        stays = np.asarray(here) & np.asarray(columns[name].is_valid())
        still |= stays
        gone |= np.asarray(columns[name].is_valid()) & ~stays
        columns[name] = pc.if_else(pa.array(stays), None, columns[name])
    for name in columns.keys() - set(known):
        # What goes with a person who is still there says nothing of the one who left.
        columns[name] = pc.if_else(pa.array(still), None, columns[name])
    removed = pa.table({name: columns[name] for name in shared}).filter(pa.array(gone))
    people_before = _followed(before["customer_id"].combine_chunks(), successors)
    people_now = customer_id.unique()
    return Delta(
        added=added,
        removed=removed,
        customers_before=len(people_before),
        customers_added=_count_out(people_now, people_before),
        customers_removed=_count_out(people_before, people_now),
    )


def _followed(customers: pa.Array, successors: Mapping[str, str]) -> pa.Array:
    """Give the customers that these have become."""
    if not successors:
        return customers.unique()
    old = pa.array(list(successors))
    place = pc.index_in(customers, value_set=old)
    last = pa.array([_last(name, successors) for name in successors])
    return pc.coalesce(last.take(place), customers).unique()


def _last(customer: str, successors: Mapping[str, str]) -> str:
    seen = set()
    while customer in successors and customer not in seen:
        seen.add(customer)
        customer = successors[customer]
    return customer


def _count_out(some: pa.Array, others: pa.Array) -> int:
    return len(some) - (pc.sum(pc.is_in(some, value_set=others)).as_py() or 0)
