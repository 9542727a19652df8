"""Choose one record a customer for a group of columns: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import group_starts
from custseg.cleanse.merge.codes import Bools, Ints, order_by
from custseg.cleanse.merge.rules import GoldenRules, Rule
from custseg.hashing import UInts


@dataclass(frozen=True)
class Members:
    """Records by customer, and what rules need to know of each record.

    Attributes
    ----------
    customer
        Number of each record's customer, 0 … customers - 1.
    customers
        How many there are.
    source_rank, age
        Place of a record's source among the trusted ones, and of its last change, the newest
        first; the smaller the better.
    tie
        A number of each record that rows and their order do not change.
    """

    customer: Ints
    customers: int
    source_rank: Ints
    age: Ints
    tie: UInts

    @cached_property
    def sizes(self) -> Ints:
        """Records of each customer."""
        return np.bincount(self.customer, minlength=self.customers)

    @cached_property
    def several(self) -> Ints:
        """Records of customers who have more than one: by customer, the preferred one first."""
        rows = np.flatnonzero(self.sizes[self.customer] > 1)
        keys = (self.customer[rows], self.source_rank[rows], self.age[rows], self.tie[rows])
        return rows[order_by(*keys)]

    @cached_property
    def alone(self) -> Ints:
        """Records of customers who have no other."""
        return np.flatnonzero(self.sizes[self.customer] == 1)


def members(
    records: pa.Table, customer: Ints, updated: str | None, keys: UInts, rules: GoldenRules
) -> Members:
    """Gather what rules need to know of each record; `updated` names its column of dates."""
    priority = {name: rank for rank, name in enumerate(rules.source_priority)}
    source = records.column("source").combine_chunks().dictionary_encode()
    ranks = [priority.get(name, len(priority)) for name in source.dictionary.to_pylist()]
    age = np.zeros(records.num_rows, dtype=np.int64)
    if updated is not None:
        age = -text_ranks(records.column(updated))
    return Members(
        customer=customer,
        customers=int(customer.max(initial=-1)) + 1,
        source_rank=np.array(ranks, dtype=np.int64)[source.indices.to_numpy()],
        age=age,
        tie=keys[:, 0],
    )


def text_ranks(column: pa.ChunkedArray | pa.Array) -> Ints:
    """Rank texts in their order, from 0; -1 for a null."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = whole.dictionary_encode()
    rank = np.empty(len(coded.dictionary) + 1, dtype=np.int64)
    rank[pc.sort_indices(coded.dictionary).to_numpy()] = np.arange(len(coded.dictionary))
    rank[-1] = -1
    ranks: Ints = rank[codes_of(coded)]
    return ranks


def codes_of(coded: pa.DictionaryArray) -> Ints:
    """Give the codes of a dictionary array, -1 for a null."""
    codes: Ints = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


@dataclass(frozen=True, slots=True)
class Cells:
    """A column, and its cells in records of customers who have several.

    Attributes
    ----------
    column
        By record.
    values, codes
        In the order of :attr:`Members.several`; codes number different values, -1 for a null.
    """

    column: pa.ChunkedArray
    values: pa.Array
    codes: Ints


def cells_of(column: pa.ChunkedArray, every: Members) -> Cells:
    """Gather the cells of a column that may differ within a customer."""
    values = column.take(pa.array(every.several)).combine_chunks()
    return Cells(column, values, codes_of(values.dictionary_encode()))


def choose(
    columns: Sequence[Cells],
    every: Members,
    rules: Sequence[Rule],
    allowed: Bools | None = None,
) -> Ints:
    """Choose each customer's record for columns that belong together.

    Parameters
    ----------
    columns
        The columns.
    every
        The records' customers.
    rules
        In the order in which they count; then the smallest text.
    allowed
        Which of :attr:`Members.several` may be chosen; None for all.

    Returns
    -------
    Record of each customer, -1 where none of the columns is filled.
    """
    picked = np.full(every.customers, -1, dtype=np.int64)
    alone = every.alone[_any_filled([each.column for each in columns])[every.alone]]
    picked[every.customer[alone]] = alone
    codes = _combined(columns)
    may = codes > 0 if allowed is None else (codes > 0) & allowed
    at = np.flatnonzero(may)
    if not len(at):
        return picked
    rows, codes = every.several[at], codes[at]
    customer = every.customer[rows]
    starts = group_starts(customer)
    picked[customer[starts]] = rows[starts]
    lengths = np.diff(np.append(starts, len(rows)))
    # Only where a customer's values differ is there anything to choose.
    differ = np.maximum.reduceat(codes, starts) != np.minimum.reduceat(codes, starts)
    still = np.flatnonzero(np.repeat(differ, lengths))
    if len(still):
        places = pa.array(at[still])
        values = [each.values.take(places) for each in columns]
        best = _preferred(rows[still], codes[still], values, every, rules)
        picked[every.customer[best]] = best
    return picked


def _any_filled(columns: Sequence[pa.ChunkedArray]) -> Bools:
    filled = np.zeros(len(columns[0]), dtype=np.bool_)
    for column in columns:
        filled |= pc.is_valid(column).to_numpy()
    return filled


def _combined(columns: Sequence[Cells]) -> Ints:
    """Number the combinations of values; 0 is the one without any."""
    combined = columns[0].codes + 1
    for each in columns[1:]:
        codes = each.codes + 1
        combined = combined * (int(codes.max(initial=0)) + 1) + codes
        # Numbered anew, so that the product never leaves 64 bits; 0 comes first and stays.
        coded = pa.array(np.append(0, combined)).dictionary_encode()
        combined = coded.indices.to_numpy()[1:].astype(np.int64)
    return combined


def _preferred(
    rows: Ints, codes: Ints, values: Sequence[pa.Array], every: Members, rules: Sequence[Rule]
) -> Ints:
    """Give the best row of each customer among rows that are in the order of customers."""
    customer = every.customer[rows]
    filled = np.sum([each.is_valid().to_numpy(zero_copy_only=False) for each in values], axis=0)
    starts = group_starts(customer)
    sizes = np.diff(np.append(starts, len(rows)))
    fullest = np.repeat(np.maximum.reduceat(filled, starts), sizes)
    # A new record with half an address does not push out a whole one.
    measures = [(2 * filled < fullest).astype(np.int64)]
    measures += [_measure(rule, rows, codes, values, filled, every) for rule in rules]
    order = order_by(customer, *measures)
    best = np.empty(len(rows), dtype=np.int64)
    best[order] = np.repeat(order[starts], sizes)
    # Rows as good as the best of their customer: the smallest text decides between them.
    level = np.ones(len(rows), dtype=np.bool_)
    for measure in measures:
        level &= measure == measure[best]
    tied = np.flatnonzero(level)
    text = text_ranks(_joined([each.take(pa.array(tied)) for each in values]))
    last = tied[order_by(customer[tied], text, every.tie[rows[tied]])]
    return rows[last[group_starts(customer[last])]]


def _measure(
    rule: Rule,
    rows: Ints,
    codes: Ints,
    values: Sequence[pa.Array],
    filled: Ints,
    every: Members,
) -> Ints:
    """Measure how good each row is by one rule; less is better."""
    if rule == "source_priority":
        return every.source_rank[rows]
    if rule == "most_recent":
        return every.age[rows]
    if rule == "most_frequent":
        return -counts(every.customer[rows] * (int(codes.max(initial=0)) + 1) + codes)
    if rule == "most_complete":
        return -filled
    if rule == "longest":
        lengths = [pc.fill_null(pc.utf8_length(each), 0) for each in values]
        letters = np.sum([each.to_numpy(zero_copy_only=False) for each in lengths], axis=0)
        return np.asarray(-letters, dtype=np.int64)
    joined = _joined(values)
    if rule == "opt_out":
        granted = pc.not_equal(joined, "false").to_numpy(zero_copy_only=False)
        return np.asarray(granted, dtype=np.int64)
    if rule == "opted_out":
        kept = pc.not_equal(joined, "true").to_numpy(zero_copy_only=False)
        in_doubt = pc.not_equal(joined, "false").to_numpy(zero_copy_only=False)
        return np.asarray(2 * kept - in_doubt.astype(np.int64), dtype=np.int64)
    ranks = text_ranks(joined)
    return ranks if rule == "earliest" else -ranks


def _joined(values: Sequence[pa.Array]) -> pa.Array:
    if len(values) == 1:
        return values[0]
    return pc.binary_join_element_wise(
        *values, "\x1f", null_handling="replace", null_replacement=""
    )


def counts(codes: Ints) -> Ints:
    """Count, for each code, how often it stands in the array."""
    order = np.argsort(codes, kind="stable")
    starts = group_starts(codes[order])
    sizes = np.diff(np.append(starts, len(codes)))
    found = np.empty(len(codes), dtype=np.int64)
    found[order] = np.repeat(sizes, sizes)
    return found
