"""Give changed cells their original values back."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def undo(
    table: pa.Table, changes: pa.Table, *, source: str | None = None, rows: pa.Array | None = None
) -> pa.Table:
    """Put the original values of changed cells back.

    Parameters
    ----------
    table
        Standardized rows, in any order that `rows` tells.
    changes
        The changes that made them; at least the columns ``row``, ``column`` and ``before``.
    source
        Takes the changes of this source alone; None takes all.
    rows
        Row numbers of the table's rows, as in `changes`; None counts from 1.

    Returns
    -------
    pyarrow.Table
        The same columns; those that standardizing added stay as they are. Changes of rows or
        columns that the table does not hold are left out.
    """
    if source is not None:
        changes = changes.filter(pc.equal(changes.column("source").cast(pa.string()), source))
    if rows is None:
        rows = pa.array(np.arange(1, table.num_rows + 1))
    changed_columns = changes.column("column").cast(pa.string())
    for name in pc.unique(changed_columns).to_pylist():
        at = table.schema.get_field_index(name)
        if at < 0:
            continue
        mine = changes.filter(pc.equal(changed_columns, name))
        place = pc.index_in(rows.cast(pa.int64()), mine.column("row").cast(pa.int64()))
        changed = pc.is_valid(place)
        before = mine.column("before").combine_chunks().take(place)
        current = table.column(at).combine_chunks()
        table = table.set_column(at, name, pc.if_else(changed, before, current))
    return table
