"""Standardize a whole table: the columns that have a role, the others untouched.

Each column is done once a distinct value, and what became of the values is spread over the
rows again with array operations: no loop runs over rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Context, Status
from custseg.cleanse.standardize.columns import Column, base_role, standardized_columns
from custseg.cleanse.standardize.fill import ALSO_IN, fill
from custseg.engine import Engine

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
    _columns: Sequence[Column] | None
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
    columns = standardized_columns(table, roles, context, engine)
    fill(columns, context, engine)
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


def _added(
    table: pa.Table, columns: Sequence[Column], roles: Mapping[str, str]
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

    parts = _parts_by_place(columns)
    for column in columns:
        for part in column.standardizer.parts:
            if part in parts and not {part, ALSO_IN.get(part)} & present:
                for number, array in enumerate(parts.pop(part), start=1):
                    add(part, number, part, array)
        for place, array in enumerate(column.also, start=2):
            add(column.name, place, column.role, array)
    return arrays, added_roles


def _parts_by_place(columns: Sequence[Column]) -> dict[str, list[pa.Array]]:
    """Give each part of the first column of a role, of its second …; the last has some.

    One that nothing has, before one that has some, is a column without a value: the place of a
    column says what it belongs to.
    """
    places: dict[str, int] = {}
    found: dict[str, dict[int, pa.Array]] = {}
    for column in columns:
        role = base_role(column.role)
        place = places[role] = places.get(role, -1) + 1
        for part, array in column.added.items():
            there = found.setdefault(part, {})
            there[place] = pc.coalesce(there[place], array) if place in there else array
    return {
        part: [
            there.get(place, pa.nulls(len(columns[0].status), pa.string()))
            for place in range(max(there) + 1)
        ]
        for part, there in found.items()
    }


def _changes(column: Column, source: str, numbers: pa.Array) -> pa.Table:
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


def _quality(columns: Sequence[Column], source: str) -> pa.Table:
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
