"""Roles of which a customer may have several values: all phones, all e-mail addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import group_starts
from custseg.cleanse.merge.choose import Members, codes_of, counts
from custseg.cleanse.merge.codes import Bools, Ints, order_by
from custseg.cleanse.merge.rules import Rule


@dataclass(frozen=True, slots=True)
class Pool:
    """The different values of customers, each customer's best first.

    Attributes
    ----------
    customer
        Whose value it is.
    place
        Its place among the customer's values, from 0.
    record, column
        Where it comes from: the record, and which of the pooled columns.
    """

    customer: Ints
    place: Ints
    record: Ints
    column: Ints

    def where(self, mask: Bools) -> Pool:
        """Give some of the values."""
        return Pool(self.customer[mask], self.place[mask], self.record[mask], self.column[mask])


def pool(columns: Sequence[pa.ChunkedArray], every: Members, rules: Sequence[Rule]) -> Pool:
    """Order the different values of each customer in columns of one role.

    Parameters
    ----------
    columns
        Columns of one role, in the order in which they count between equals.
    every
        The records' customers.
    rules
        In the order in which they count; those about single dates or answers do not.
    """
    whole = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    rows = len(columns[0])
    cell = np.flatnonzero(whole.is_valid().to_numpy())
    owner = every.customer[cell % rows]
    # Most customers have one value, which needs no ordering.
    one = np.bincount(owner, minlength=every.customers)[owner] == 1
    simple = cell[one]
    several = _ordered(whole, cell[~one], every, rules, rows)
    return Pool(
        customer=np.append(owner[one], several.customer),
        place=np.append(np.zeros(len(simple), dtype=np.int64), several.place),
        record=np.append(simple % rows, several.record),
        column=np.append(simple // rows, several.column),
    )


def _ordered(
    whole: pa.ChunkedArray, cell: Ints, every: Members, rules: Sequence[Rule], rows: int
) -> Pool:
    values = whole.take(pa.array(cell)).combine_chunks()
    code = codes_of(values.dictionary_encode())
    record, column = cell % rows, cell // rows
    customer = every.customer[record]
    packed = customer * (int(code.max(initial=0)) + 1) + code
    measures: dict[Rule, Ints] = {
        "source_priority": every.source_rank[record],
        "most_recent": every.age[record],
        "most_frequent": -counts(packed),
        "longest": -np.asarray(pc.utf8_length(values), dtype=np.int64),
    }
    ranked = [customer, *(measures[rule] for rule in rules if rule in measures), column]
    order = order_by(*ranked, every.tie[record])
    # The first cell of each value stands for it: keep it, in the order of preference.
    by_value = order[np.argsort(packed[order], kind="stable")]
    leads = np.zeros(len(cell), dtype=np.bool_)
    leads[by_value[group_starts(packed[by_value])]] = True
    first = order[leads[order]]
    starts = group_starts(customer[first])
    sizes = np.diff(np.append(starts, len(first)))
    return Pool(
        customer=customer[first],
        place=np.arange(len(first)) - np.repeat(starts, sizes),
        record=record[first],
        column=column[first],
    )
