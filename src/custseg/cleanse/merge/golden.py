"""Golden records: one row a customer, each value from a record that can be named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import fold, group_starts
from custseg.cleanse.match.types import Codes
from custseg.cleanse.merge.choose import (
    Cells,
    Members,
    cells_of,
    choose,
    codes_of,
    members,
)
from custseg.cleanse.merge.codes import Bools, Ints
from custseg.cleanse.merge.golden_tables import Values, Work, in_columns, listed
from custseg.cleanse.merge.pooled import Pool, pool
from custseg.cleanse.merge.rules import POOLED, TOGETHER, GoldenRules
from custseg.cleanse.standardize.columns import base_role
from custseg.engine import Engine, give_back_memory
from custseg.hashing import UInts

_LEFT_OUT: Final = frozenset({"record_id"})


@dataclass(frozen=True, slots=True)
class Golden:
    """The customers.

    Attributes
    ----------
    customers
        A row a customer, by ``customer_id``: the columns of the records, further values of a
        role as ``phone_2`` …, then ``n_records`` and ``sources``.
    others
        Values (:data:`VALUES_SCHEMA`) of customers' records that stand nowhere in
        `customers`, so that none is lost.
    chosen
        For each column of `customers` the record chosen for each cell, filled or not, -1 for
        none. Columns that are chosen together share one array.
    roles
        Role by column of `customers`.
    """

    customers: pa.Table
    others: pa.Table
    chosen: Mapping[str, Codes]
    roles: Mapping[str, str]

    def origin(self, column: str) -> Codes:
        """Give the record that each value of a column comes from, -1 where there is none."""
        filled = self.customers.column(column).is_valid().to_numpy()
        return np.where(filled, self.chosen[column], np.int32(-1))

    def provenance(self, records: pa.Table) -> pa.Table:
        """List where each value comes from (:data:`VALUES_SCHEMA`).

        Customers of a single record are left out: every value is that record's.
        """
        several = pc.greater(self.customers.column("n_records"), 1).to_numpy()
        names = self.customers.column("customer_id").combine_chunks()
        parts = []
        for column in self.chosen:
            origin = self.origin(column)
            at = np.flatnonzero(several & (origin >= 0))
            value = self.customers.column(column).take(pa.array(at))
            parts.append(Values(column, at, value, origin[at]))
        return listed(parts, names, records)


def golden_records(
    records: pa.Table,
    customer_ids: pa.Array,
    roles: Mapping[str, str],
    keys: UInts,
    rules: GoldenRules | None = None,
    *,
    engine: Engine,
) -> Golden:
    """Merge the records of each customer.

    Parameters
    ----------
    records
        ``source``, ``row`` and columns of standardized text.
    customer_ids
        Each record's customer: text, or coded with every id once.
    roles
        Role by column, for the columns that have one.
    keys
        Fingerprints of the records, shape (records, 2); they break ties.
    rules
        Which value to prefer; None for the defaults.
    engine
        Its threads merge several columns at a time.

    Notes
    -----
    Parts of an address, of a name, of a reading come from one record, never mixed. A reading
    comes from a record of the same family name. The order of the rows does not matter.
    """
    rules = rules or GoldenRules()
    names, customer = _numbered(customer_ids)
    updated = next((c for c, role in sorted(roles.items()) if role == "updated_at"), None)
    every = members(records, customer, updated, keys, rules)
    # What the threads share is made before they start.
    len(every.several), len(every.alone)
    cells = [name for name in records.column_names if name not in ("source", "row")]
    groups = list(_groups(cells, roles))
    readings = [group for group in groups if base_role(roles.get(group[0], "")) in TOGETHER[2]]
    pools = _pools(cells, roles)
    tasks: list[Callable[[], Work]] = [
        # The longest first, so that no thread is left alone with one at the end.
        *(
            partial(_merge_pool, role, columns, records, every, rules)
            for role, columns in pools.items()
        ),
        *(
            partial(_merge, group, records, roles, every, rules)
            for group in groups
            if group not in readings
        ),
    ]
    done = engine.map_threads(_done, tasks)
    work = Work()
    for each in (*done[len(pools) :], *done[: len(pools)]):
        work.take(each)
    for group in readings:
        work.take(_merge(group, records, roles, every, rules, names=work))
    return Golden(
        customers=in_columns(cells, work, names, every, records),
        others=listed(work.others, names, records),
        chosen=work.chosen,
        roles=work.roles,
    )


def _done(task: Callable[[], Work]) -> Work:
    """Do one of many tasks, and leave nothing behind but what it made."""
    work = task()
    give_back_memory()
    return work


def _numbered(customer_ids: pa.Array) -> tuple[pa.Array, Ints]:
    """Give the customers in the order of their ids, and the number of each record's customer."""
    known = isinstance(customer_ids, pa.DictionaryArray)
    coded = customer_ids if known else customer_ids.dictionary_encode()
    names = coded.dictionary
    # New ids come in their order; to see that costs nothing beside sorting them.
    if pc.all(pc.less(names[:-1], names[1:])).as_py() is not False:
        return names, codes_of(coded)
    order = pc.sort_indices(names).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return names.take(pa.array(order)), rank[codes_of(coded)]


def _number_of(column: str, role: str) -> str:
    """Give what tells a second column of a role from the first: ``_2`` of ``city_2``."""
    return column.removeprefix(role.replace(":", "_"))


def _groups(cells: Sequence[str], roles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Give the columns that are merged together, each column once, names before readings."""
    together = {role: place for place, each in enumerate(TOGETHER) for role in each}
    pooled = {role for main, rest in POOLED.items() for role in (main, *rest)}
    found: dict[tuple[int, str], list[str]] = {}
    for column in cells:
        role = roles.get(column, "")
        base = base_role(role)
        if base in pooled or base in _LEFT_OUT:
            continue
        place = together.get(base, len(TOGETHER))
        tail = column if place == len(TOGETHER) else _number_of(column, role)
        found.setdefault((place, tail), []).append(column)
    for key in sorted(found):
        yield tuple(found[key])


def _pools(cells: Sequence[str], roles: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column in cells:
        if (role := roles.get(column, "")) in POOLED:
            found.setdefault(role, []).append(column)
    return found


def _merge(
    group: Sequence[str],
    records: pa.Table,
    roles: Mapping[str, str],
    every: Members,
    rules: GoldenRules,
    names: Work | None = None,
) -> Work:
    """Merge columns that belong together; readings need the names that were chosen before."""
    work = Work()
    picked = np.full(every.customers, -1, dtype=np.int64)
    picked[every.customer[every.alone]] = every.alone
    # Where nobody has two records there is nothing to choose, in however many columns.
    if len(every.several):
        columns = [cells_of(records.column(name), every) for name in group]
        role = base_role(roles.get(group[0], ""))
        allowed = None if names is None else _same_name(records, roles, every, names)
        picked = choose(columns, every, rules.of(role), allowed)
        work.others += [
            _others(name, column, picked, every)
            for name, column in zip(group, columns, strict=True)
        ]
    places = pa.array(picked, mask=picked < 0)
    chosen = picked.astype(np.int32)
    for name in group:
        work.columns[name] = records.column(name).take(places)
        work.chosen[name] = chosen
        if name in roles:
            work.roles[name] = roles[name]
    return work


def _same_name(
    records: pa.Table, roles: Mapping[str, str], every: Members, work: Work
) -> Bools | None:
    """Tell which records have their customer's chosen family name, or none at all.

    The reading of a maiden name does not belong to a married name.
    """
    for role in ("family_name", "person_name"):
        column = next((c for c in work.chosen if roles.get(c) == role), None)
        if column is not None:
            cells = records.column(column).take(pa.array(every.several)).combine_chunks()
            coded = cells.dictionary_encode()
            keys = fold(coded.dictionary, role).dictionary_encode()
            code = np.append(codes_of(keys), -1)[codes_of(coded)]
            customer = every.customer[every.several]
            is_chosen = work.chosen[column][customer] == every.several
            chosen = np.full(every.customers, -1, dtype=np.int64)
            chosen[customer[is_chosen]] = code[is_chosen]
            return np.asarray((code == chosen[customer]) | (code < 0) | (chosen[customer] < 0))
    return None


def _others(name: str, column: Cells, picked: Ints, every: Members) -> Values:
    """List the values of a column that its customers' rows do not show."""
    rows, code = every.several, column.codes
    customer = every.customer[rows]
    shown = np.full(every.customers, -1, dtype=np.int64)
    is_picked = picked[customer] == rows
    shown[customer[is_picked]] = code[is_picked]
    at = np.flatnonzero((code >= 0) & (code != shown[customer]))
    packed = customer[at] * (int(code.max(initial=0)) + 1) + code[at]
    by_value = np.argsort(packed, kind="stable")
    # The preferred record of each value stands for it.
    first = np.sort(at[by_value[group_starts(packed[by_value])]])
    value = pa.chunked_array([column.values.take(pa.array(first))])
    return Values(name, customer[first], value, rows[first])


def _merge_pool(
    role: str,
    columns: Sequence[str],
    records: pa.Table,
    every: Members,
    rules: GoldenRules,
) -> Work:
    work = Work()
    cells = [records.column(name) for name in columns]
    values = pool(cells, every, rules.of(role))
    shown = min(int(values.place.max(initial=0)) + 1, max(rules.further, len(columns)))
    for place in range(shown):
        tail = _free_tail(role, place, columns, records)
        at = values.where(values.place == place)
        _place_values(role + tail, role, cells, at, every, work)
        for partner in POOLED[role]:
            beside = [partner + _number_of(name, role) for name in columns]
            if any(name in records.column_names for name in beside):
                _place_values(
                    partner + tail,
                    partner,
                    [_column_or_nulls(records, n) for n in beside],
                    at,
                    every,
                    work,
                )
    left = values.where(values.place >= shown)
    value = _gathered(cells, left.record, left.column)
    work.others.append(Values(role, left.customer, value, left.record))
    return work


def _place_values(
    name: str,
    role: str,
    cells: Sequence[pa.ChunkedArray],
    at: Pool,
    every: Members,
    work: Work,
) -> None:
    record = np.full(every.customers, -1, dtype=np.int64)
    column = np.zeros(every.customers, dtype=np.int64)
    record[at.customer], column[at.customer] = at.record, at.column
    value = _gathered(cells, record, column)
    work.columns[name] = value
    work.roles[name] = role
    work.chosen[name] = record.astype(np.int32)


def _free_tail(role: str, place: int, columns: Sequence[str], records: pa.Table) -> str:
    """Give the tail of the name of a value: none, ``_2``, ``_3`` …, unless a column has it."""
    if place < len(columns):
        return _number_of(columns[place], role)
    taken = set(records.column_names)
    last = max((int(name.rpartition("_")[2]) for name in columns[1:]), default=1)
    free = [n for n in range(last + 1, last + place + len(taken) + 2) if f"{role}_{n}" not in taken]
    return f"_{free[place - len(columns)]}"


def _column_or_nulls(records: pa.Table, name: str) -> pa.ChunkedArray:
    if name in records.column_names:
        return records.column(name)
    return pa.chunked_array([pa.nulls(records.num_rows, pa.string())])


def _gathered(cells: Sequence[pa.ChunkedArray], record: Ints, column: Ints) -> pa.ChunkedArray:
    """Take one cell a value: of its record, in its column; null where the record is -1."""
    whole = pa.chunked_array([chunk for each in cells for chunk in each.chunks], pa.string())
    return whole.take(pa.array(column * len(cells[0]) + record, mask=record < 0))
