"""Standardize a whole table: the columns that have a role, the others untouched.

Each column is done once a distinct value, and what became of the values is spread over the
rows again with array operations: no loop runs over rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Context, Standardizer, Status
from custseg.cleanse.standardize.distinct import Distinct, Outcome, distinct, settle
from custseg.engine import Engine
from custseg.fields.registry import roles as registered_roles

CODE: Final = pa.dictionary(pa.int16(), pa.string())
"""Type of the columns of `changes` that repeat a few words over many rows."""

CHANGES: Final = pa.schema(
    [
        ("source", CODE),
        ("row", pa.int64()),
        ("column", CODE),
        ("before", pa.string()),
        ("after", pa.string()),
        ("status", CODE),
        ("reason", CODE),
        ("suggestion", pa.string()),
    ]
)

QUALITY: Final = pa.schema(
    [
        ("source", pa.string()),
        ("column", pa.string()),
        ("role", pa.string()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("cells", pa.int64()),
    ]
)

_STATUSES: Final = tuple(status.name.lower() for status in Status)

_OF_THE_WHOLE_ROW: Final = frozenset({"country"})
"""Neighbors that speak for every column of the row, not for the one beside them alone."""


@dataclass(slots=True)
class _Column:
    """A column at work: its cells by row, and what is known of them."""

    name: str
    role: str
    standardizer: Standardizer
    before: pa.ChunkedArray
    after: pa.Array | pa.ChunkedArray
    status: npt.NDArray[np.int8]
    reason: npt.NDArray[np.int16]
    reasons: list[str | None]
    suggestion: pa.Array | None
    added: dict[str, pa.Array] = field(default_factory=dict)
    also: list[pa.Array] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StandardizedTable:
    """A table with standard values, and what was done to get there.

    Attributes
    ----------
    table
        Every column of the input in its order, then the added ones.
    quality
        Cells (schema :data:`QUALITY`) by column, status and reason; those of a column add up
        to the rows of the table. A null reason is a status without one.
    roles
        Role of every output column that has one.
    """

    table: pa.Table
    quality: pa.Table
    roles: dict[str, str]
    _columns: Sequence[_Column] | None
    _source: str
    _rows: pa.Array

    @property
    def changes(self) -> pa.Table:
        """One row (schema :data:`CHANGES`) a cell that changed or is in doubt.

        By column, then row. A valid cell that stayed as it was has none, nor has an empty one.
        """
        return pa.concat_tables([CHANGES.empty_table(), *self.changes_by_column()])

    def changes_by_column(self) -> Iterator[pa.Table]:
        """List the changes a column at a time: all together are larger than the table."""
        if self._columns is None:
            raise ValueError("the changes were let go of")
        return (_changes(column, self._source, self._rows) for column in self._columns)

    def without_changes(self) -> StandardizedTable:
        """Give the table alone, without the cells as they were, of which changes are listed."""
        return replace(self, _columns=None)

    def keep(self, rows: npt.NDArray[np.bool_]) -> StandardizedTable:
        """Give the table as if only these of its rows had been in the input."""
        mask = pa.array(rows)
        columns = [
            replace(
                column,
                before=column.before.filter(mask),
                after=column.after.filter(mask),
                status=column.status[rows],
                reason=column.reason[rows],
                suggestion=(None if column.suggestion is None else column.suggestion.filter(mask)),
            )
            for column in self._columns or ()
        ]
        return replace(
            self,
            table=self.table.filter(mask),
            quality=_quality(columns, self._source),
            _columns=columns,
            _rows=self._rows.filter(mask),
        )


def standardize_table(
    table: pa.Table,
    roles: Mapping[str, str],
    context: Context,
    engine: Engine,
    *,
    source: str,
    rows: pa.Array | None = None,
) -> StandardizedTable:
    """Standardize every column that has a role with a standardizer.

    Parameters
    ----------
    table
        Columns of text; null is an empty cell.
    roles
        Role by column, of columns of `table` and roles of the registry. A role may name a
        channel after a colon (``"consent:email"``).
    context
        What cells cannot say of themselves.
    engine
        Runs the cell functions.
    source
        Name of the input in `changes` and `quality`.
    rows
        Row numbers of the table's rows in the source; None counts from 1.

    Notes
    -----
    Parts of a value become columns named by their role after the last column, unless the
    table has a column of that role, and unless no row has the part. Further values found in
    one cell become columns ``NAME_2``, ``NAME_3``. Of several columns with one role, the
    second gives its parts to ``ROLE_2``.
    """
    numbers = pa.array(np.arange(1, table.num_rows + 1)) if rows is None else rows
    columns = list(_columns(table, roles, context, engine))
    _fill(columns)
    added, added_roles = _added(table, columns, roles)
    given = dict(zip(table.column_names, table.columns, strict=True))
    standard = {column.name: column.after for column in columns}
    for column in columns:
        # The table has what it needs of these; the rest is not to be kept for the changes.
        column.added, column.also = {}, []
    return StandardizedTable(
        table=pa.table({**given, **standard, **added}),
        quality=_quality(columns, source),
        roles={**roles, **added_roles},
        _columns=columns,
        _source=source,
        _rows=numbers,
    )


def base_role(role: str) -> str:
    """Give a role's name without its channel: ``"consent"`` of ``"consent:email"``."""
    return role.partition(":")[0]


def _columns(
    table: pa.Table, roles: Mapping[str, str], context: Context, engine: Engine
) -> Iterator[_Column]:
    known = registered_roles()
    by_role = _by_role(table, roles)
    for name in table.column_names:
        role = roles.get(name)
        standardizer = known[base_role(role)].standardizer if role else None
        if role is None or standardizer is None:
            continue
        place = by_role[base_role(role)].index(name)
        neighbors = [
            table.column(beside) if (beside := _beside(by_role, neighbor, place)) else None
            for neighbor in standardizer.neighbors
        ]
        found = distinct(table.column(name), neighbors)
        outcome = settle(found, standardizer, context, engine)
        yield _spread(name, role, standardizer, table.column(name), found, outcome)


def _by_role(table: pa.Table, roles: Mapping[str, str]) -> dict[str, list[str]]:
    by_role: dict[str, list[str]] = {}
    for name in table.column_names:
        if name in roles:
            by_role.setdefault(base_role(roles[name]), []).append(name)
    return by_role


def _beside(by_role: Mapping[str, Sequence[str]], role: str, place: int) -> str | None:
    """Give the column of `role` that belongs to the `place`-th column of another role."""
    columns = by_role.get(role, ())
    if role in _OF_THE_WHOLE_ROW and columns:
        return columns[0]
    return columns[place] if place < len(columns) else None


def _spread(
    name: str,
    role: str,
    standardizer: Standardizer,
    before: pa.ChunkedArray,
    found: Distinct,
    outcome: Outcome,
) -> _Column:
    """Give the outcome of distinct values to the rows."""
    values, codes, known = found.values, found.codes, len(found.values)
    empty = codes < 0
    places = pa.array(codes, mask=empty)

    def by_row(array: pa.Array) -> pa.Array:
        if array.null_count == len(array):
            return pa.nulls(len(codes), array.type)
        return array.take(places)

    # A last entry for empty cells: code -1 takes it.
    reason = outcome.reason.dictionary_encode()
    reason_codes = pc.fill_null(reason.indices, len(reason.dictionary)).to_numpy(
        zero_copy_only=False
    )
    reasons = [*reason.dictionary.to_pylist(), None]
    return _Column(
        name=name,
        role=role,
        standardizer=standardizer,
        before=before,
        # Where nothing changed, one array serves for both.
        after=before if outcome.value.equals(values) else by_row(outcome.value),
        status=np.append(outcome.status, np.int8(Status.MISSING))[codes],
        reason=np.append(reason_codes, len(reasons) - 1).astype(np.int16)[codes],
        reasons=reasons,
        suggestion=by_row(outcome.suggestion) if outcome.suggestion.null_count < known else None,
        added={
            part: by_row(array)
            for part, array in zip(standardizer.parts, outcome.parts, strict=True)
            if array.null_count < len(array)
        },
        also=[by_row(array) for array in _further(outcome.also)],
    )


def _further(also: pa.Array) -> Iterator[pa.Array]:
    """Give the second, third … values of each cell as arrays of their own."""
    longest = pc.max(pc.list_value_length(also)).as_py() or 0
    lists = pc.if_else(pc.is_valid(also), also, pa.scalar([], also.type))
    for place in range(longest):
        piece = pc.list_slice(lists, place, place + 1, return_fixed_size_list=True)
        yield pc.list_flatten(piece) if len(piece) else pa.nulls(0, pa.string())


def _fill(columns: Sequence[_Column]) -> None:
    """Fill empty cells from certain parts of other columns."""
    places: dict[str, int] = {}
    targets: dict[str, list[_Column]] = {}
    for column in columns:
        targets.setdefault(base_role(column.role), []).append(column)
    for column in columns:
        role = base_role(column.role)
        place = places[role] = places.get(role, -1) + 1
        for part in column.standardizer.fills:
            there = targets.get(part, [])
            if place < len(there) and part in column.added:
                _fill_from(there[place], column.added[part], f"filled_from_{role}")


def _fill_from(target: _Column, part: pa.Array, reason: str) -> None:
    gains = pc.and_(pc.is_valid(part), pa.array(target.status == Status.MISSING))
    mask = gains.to_numpy(zero_copy_only=False)
    if not mask.any():
        return
    target.after = pc.if_else(gains, part, target.after)
    target.reasons.append(reason)
    target.status[mask] = Status.CORRECTED
    target.reason[mask] = len(target.reasons) - 1


def _added(
    table: pa.Table, columns: Sequence[_Column], roles: Mapping[str, str]
) -> tuple[dict[str, pa.Array], dict[str, str]]:
    """Name the columns of parts and further values; give them and their roles."""
    present = {base_role(role) for role in roles.values()}
    taken = set(table.column_names)
    arrays: dict[str, pa.Array] = {}
    added_roles: dict[str, str] = {}

    def add(stem: str, number: int, role: str, array: pa.Array) -> None:
        name = stem if number == 1 else f"{stem}_{number}"
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name)
        arrays[name] = array
        added_roles[name] = role

    for column in columns:
        for part, array in column.added.items():
            if part not in present:
                add(part, 1, part, array)
        for place, array in enumerate(column.also, start=2):
            add(column.name, place, column.role, array)
    return arrays, added_roles


def _changes(column: _Column, source: str, numbers: pa.Array) -> pa.Table:
    """List the cells of a column that changed, or are in doubt."""
    still = pc.and_(pc.is_null(column.before), pc.is_null(column.after))
    listed = (column.status != Status.VALID) & ~still.to_numpy(zero_copy_only=False)
    at = pa.array(np.flatnonzero(listed))
    count = len(at)
    suggested = column.suggestion

    def word(codes: npt.NDArray[np.integer[Any]], words: Sequence[str | None]) -> pa.Array:
        known = pa.array([w for w in words if w is not None], pa.string())
        place = np.cumsum([w is not None for w in words]) - 1
        missing = np.array([w is None for w in words])
        indices = pa.array(place[codes].astype(np.int16), mask=missing[codes])
        return pa.DictionaryArray.from_arrays(indices, known)

    same = np.zeros(count, dtype=np.int8)
    return pa.table(
        [
            word(same, [source]),
            numbers.take(at).cast(pa.int64()),
            word(same, [column.name]),
            column.before.take(at),
            column.after.take(at),
            word(column.status[listed], _STATUSES),
            word(column.reason[listed], column.reasons),
            pa.nulls(count, pa.string()) if suggested is None else suggested.take(at),
        ],
        schema=CHANGES,
    )


def _quality(columns: Sequence[_Column], source: str) -> pa.Table:
    rows = []
    for column in columns:
        key = column.status.astype(np.int64) * len(column.reasons) + column.reason
        counts = np.bincount(key, minlength=len(_STATUSES) * len(column.reasons))
        for at in np.flatnonzero(counts):
            status, reason = divmod(int(at), len(column.reasons))
            rows.append(
                (status, column.reasons[reason] or "", column.name, column.role, int(counts[at]))
            )
    order = {column.name: place for place, column in enumerate(columns)}
    rows.sort(key=lambda row: (order[row[2]], row[0], row[1]))
    return pa.Table.from_pylist(
        [
            {
                "source": source,
                "column": name,
                "role": role,
                "status": _STATUSES[status],
                "reason": reason or None,
                "cells": cells,
            }
            for status, reason, name, role, cells in rows
        ],
        schema=QUALITY,
    )
