"""The outcome for some cells of one role: empty ones, the common forms at once, then the rest.

Everything here is pure and knows no engine: the same functions run in this process and in
workers, on the whole of a column or on a slice of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.nulls import is_blank, is_null_marker, null_mask
from custseg.cleanse.standardize.plain_reasons import with_plain_reasons

Inputs = tuple[pa.Array, ...]
"""The cells and, in the standardizer's order, their neighbors: strings without nulls."""

_TEXTS: Final = pa.list_(pa.string())


def outcomes(
    inputs: Inputs,
    *,
    standardizer: Standardizer,
    context: Context,
    call: Callable[..., pa.Table],
) -> pa.Table:
    """Standardize cells.

    Parameters
    ----------
    inputs
        Cells and neighbors.
    standardizer, context
        What to do, and what the cells cannot say of themselves.
    call
        :func:`run_cells`, or what shares its work.

    Returns
    -------
    pyarrow.Table
        A row a cell: ``value``, ``status`` (code), ``reason``, ``suggestion``, ``also`` (list),
        ``part_0`` …
    """
    too_long = _too_long(inputs[0], standardizer)
    readable = pa.array(~too_long)
    short = tuple(
        pc.if_else(pa.array(long), "", array) if long.any() else array
        for array, long in ((array, _too_long(array, standardizer)) for array in inputs)
    )
    table = _outcomes(short, standardizer, context, call)
    if not too_long.any():
        return table
    # No value of the role is that long: it stays as it is.
    kept = {
        "value": inputs[0],
        "status": pa.scalar(int(Status.INVALID), pa.int8()),
        "reason": pa.scalar("too_long"),
    }
    for name, value in kept.items():
        at = table.schema.get_field_index(name)
        column = table.column(name).combine_chunks()
        table = table.set_column(at, name, pc.if_else(readable, column, value))
    return table


def run_cells(inputs: Inputs, *, standardizer: Standardizer, context: Context) -> pa.Table:
    """Call the cell function for every cell; the columns of :func:`outcomes`."""
    columns = (array.to_pylist() for array in inputs)
    cell = standardizer.cell
    means_nothing = is_null_marker if standardizer.null_markers else is_blank
    done: list[Cell] = [
        _unless_nothing(value, cell(value, context, *neighbors), means_nothing)
        for value, *neighbors in zip(*columns, strict=True)
    ]
    parts = len(standardizer.parts)
    arrays = [
        pa.array([one.value for one in done], pa.string()),
        pa.array([one.status for one in done], pa.int8()),
        pa.array([one.reason for one in done], pa.string()),
        pa.array([one.suggestion for one in done], pa.string()),
        pa.array([one.also or None for one in done], _TEXTS),
        *(pa.array([_part(one, at) for one in done], pa.string()) for at in range(parts)),
    ]
    return pa.table(arrays, schema=_schema(parts))


def _unless_nothing(given: str, found: Cell, means_nothing: Callable[[str], bool]) -> Cell:
    """Call a cell empty whose standard value, freed of what nobody sees, means an empty cell."""
    value = found.value
    if value is not None and value != given and means_nothing(value):
        return Cell(None, Status.MISSING)
    return found


def _outcomes(
    inputs: Inputs, standardizer: Standardizer, context: Context, call: Callable[..., pa.Table]
) -> pa.Table:
    null = null_mask(inputs[0], markers=standardizer.null_markers)
    settled = _at_once(inputs, ~null, standardizer, context)
    open_cells = ~null & ~settled.mask
    rest = np.flatnonzero(open_cells)
    places = pa.array(rest)
    cells = call(
        tuple(array.take(places) for array in inputs), standardizer=standardizer, context=context
    )
    status = np.where(settled.mask, settled.status, Status.MISSING).astype(np.int8)
    status[rest] = cells.column("status").to_numpy()
    place = np.full(len(null), -1, dtype=np.int64)
    place[rest] = np.arange(len(rest))
    where = pa.array(place, mask=~open_cells)

    def joined(name: str, at_once: pa.Array | None = None) -> pa.Array:
        column = cells.column(name).combine_chunks()
        if column.null_count == len(column):
            spread = pa.nulls(len(null), column.type)
        else:
            spread = column.take(where)
        return spread if at_once is None else pc.coalesce(spread, at_once)

    parts = [*settled.parts, *([None] * len(standardizer.parts))]
    value = _unless_in_doubt(joined("value", settled.value), status, inputs[0])
    arrays = [
        value,
        pa.array(status),
        with_plain_reasons(joined("reason", settled.reason), status, inputs[0], value),
        joined("suggestion"),
        joined("also"),
        *(joined(f"part_{at}", parts[at]) for at in range(len(standardizer.parts))),
    ]
    return pa.table(arrays, schema=_schema(len(standardizer.parts)))


def _unless_in_doubt(values: pa.Array, status: npt.NDArray[np.int8], given: pa.Array) -> pa.Array:
    """Give cells in doubt as they were; one that its column cannot hold stays empty."""
    doubt = (status >= Status.SUGGESTED) & (status <= Status.INVALID)
    if not doubt.any():
        return values
    return pc.if_else(pc.and_(pa.array(doubt), pc.is_valid(values)), given, values)


def _at_once(
    inputs: Inputs, open_cells: npt.NDArray[np.bool_], standardizer: Standardizer, context: Context
) -> Settled:
    """Run the shortcut; what it did not settle is null in every array."""
    count = len(open_cells)
    if standardizer.shortcut is None or not open_cells.any():
        nothing = np.zeros(count, dtype=np.bool_)
        return Settled(nothing, pa.nulls(count, pa.string()), nothing.astype(np.int8))
    values, *neighbors = inputs
    settled = standardizer.shortcut(values, context, *neighbors)
    mask = settled.mask & open_cells
    kept = pa.array(mask)
    none = pa.scalar(None, pa.string())
    return Settled(
        mask,
        pc.if_else(kept, settled.value, none),
        settled.status,
        tuple(pc.if_else(kept, part, none) for part in settled.parts),
        None if settled.reason is None else pc.if_else(kept, settled.reason, none),
    )


def _too_long(values: pa.Array, standardizer: Standardizer) -> npt.NDArray[np.bool_]:
    if standardizer.longest is None or not len(values):
        return np.zeros(len(values), dtype=np.bool_)
    # Few cells have that many bytes; only those are worth counting characters in.
    long = pc.greater(pc.binary_length(values), standardizer.longest)
    if not pc.any(long).as_py():
        return np.zeros(len(values), dtype=np.bool_)
    mask: npt.NDArray[np.bool_] = pc.greater(pc.utf8_length(values), standardizer.longest).to_numpy(
        zero_copy_only=False
    )
    return mask


def _part(cell: Cell, at: int) -> str | None:
    return cell.parts[at] if at < len(cell.parts) else None


def _schema(parts: int) -> pa.Schema:
    return pa.schema(
        [
            ("value", pa.string()),
            ("status", pa.int8()),
            ("reason", pa.string()),
            ("suggestion", pa.string()),
            ("also", _TEXTS),
            *((f"part_{at}", pa.string()) for at in range(parts)),
        ]
    )
