"""The outcome for the distinct values of one column: nulls, shortcut, then cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import (
    Cell,
    CellFunction,
    Context,
    Settled,
    Standardizer,
    Status,
)
from custseg.cleanse.standardize.nulls import null_mask
from custseg.engine import Engine

_WORTH_WORKERS: Final = 20_000
"""Cells below which starting worker processes costs more than the work."""

_LARGEST_BATCH: Final = 50_000

_TEXTS: Final = pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct cells of a column, or distinct tuples of a cell and its neighbors.

    Attributes
    ----------
    values
        Strings without nulls.
    neighbors
        Strings as long as `values`; ``""`` where there is none.
    codes
        For each row its place in `values`; -1 for a null cell.
    """

    values: pa.Array
    neighbors: tuple[pa.Array, ...]
    codes: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of distinct cells; every member has their length.

    Attributes
    ----------
    value, reason, suggestion, also
        Arrays of strings (`also`: of lists of strings) with nulls.
    status
        Codes of :class:`Status`.
    parts
        One array of strings for each part of the standardizer.
    """

    value: pa.Array
    status: npt.NDArray[np.int8]
    reason: pa.Array
    suggestion: pa.Array
    also: pa.Array
    parts: tuple[pa.Array, ...]


def distinct(column: pa.ChunkedArray, neighbors: Sequence[pa.ChunkedArray | None]) -> Distinct:
    """Find the distinct cells of a column, together with those of its neighbors.

    Parameters
    ----------
    column
        Strings.
    neighbors
        Columns of the same length, in the standardizer's order; None for one the table lacks.
    """
    values, codes = _encoded(column)
    parts = [(codes, values)]
    present = [at for at, neighbor in enumerate(neighbors) if neighbor is not None]
    filled = codes >= 0
    combined = codes[filled]
    for at in present:
        beside, beside_codes = _encoded(pc.fill_null(neighbors[at], ""))
        parts.append((beside_codes, beside))
        combined = combined * max(len(beside), 1) + beside_codes[filled]
        # Numbered anew after each column, so that the product never leaves 64 bits.
        _, combined = np.unique(combined, return_inverse=True)
    if not present:
        blank = pa.array([""]).take(pa.array(np.zeros(len(values), dtype=np.int8)))
        return Distinct(values, (blank,) * len(neighbors), codes)
    _, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
    tuple_codes = np.full(len(codes), -1, dtype=np.int64)
    tuple_codes[filled] = inverse
    taken = [source.take(pa.array(code[filled][first])) for code, source in parts]
    blank = pa.array([""]).take(pa.array(np.zeros(len(first), dtype=np.int8)))
    beside_values = [blank] * len(neighbors)
    for at, array in zip(present, taken[1:], strict=True):
        beside_values[at] = array
    return Distinct(taken[0], tuple(beside_values), tuple_codes)


def settle(
    found: Distinct, standardizer: Standardizer, context: Context, engine: Engine
) -> Outcome:
    """Standardize distinct cells: empty ones, then the common forms at once, then the rest."""
    too_long = _too_long(found.values, standardizer.longest)
    if too_long.any() or any(
        _too_long(each, standardizer.longest).any() for each in found.neighbors
    ):
        return _beside_too_long(found, too_long, standardizer, context, engine)
    return _settle(found, standardizer, context, engine)


def _too_long(values: pa.Array, longest: int | None) -> npt.NDArray[np.bool_]:
    if longest is None or not len(values):
        return np.zeros(len(values), dtype=np.bool_)
    long = pc.greater(pc.utf8_length(values), longest)
    return np.asarray(long.to_numpy(zero_copy_only=False))


def _beside_too_long(
    found: Distinct,
    too_long: npt.NDArray[np.bool_],
    standardizer: Standardizer,
    context: Context,
    engine: Engine,
) -> Outcome:
    """Settle what is short enough to read; cells that are not stay as they are."""
    readable = pa.array(~too_long)
    neighbors = tuple(
        pc.if_else(pa.array(_too_long(each, standardizer.longest)), "", each)
        for each in found.neighbors
    )
    short = Distinct(pc.if_else(readable, found.values, ""), neighbors, found.codes)
    outcome = _settle(short, standardizer, context, engine)
    return replace(
        outcome,
        value=pc.if_else(readable, outcome.value, found.values),
        status=np.where(too_long, np.int8(Status.INVALID), outcome.status).astype(np.int8),
        reason=pc.if_else(readable, outcome.reason, "too_long"),
    )


def _settle(
    found: Distinct, standardizer: Standardizer, context: Context, engine: Engine
) -> Outcome:
    null = null_mask(found.values, markers=standardizer.null_markers)
    if standardizer.survey is not None:
        meant = found.values.filter(pa.array(~null)).unique()
        context = standardizer.survey(meant.to_pylist(), context)
    settled = _at_once(found, ~null, standardizer, context)
    open_cells = ~null & ~settled.mask
    rest = np.flatnonzero(open_cells)
    cells = _each(found, rest, standardizer, context, engine)
    status = np.where(settled.mask, settled.status, Status.MISSING).astype(np.int8)
    status[rest] = cells.column("status").combine_chunks().to_numpy()
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
    return Outcome(
        value=joined("value", settled.value),
        status=status,
        reason=joined("reason", settled.reason),
        suggestion=joined("suggestion"),
        also=joined("also"),
        parts=tuple(joined(f"part_{at}", parts[at]) for at in range(len(standardizer.parts))),
    )


def _at_once(
    found: Distinct, open_cells: npt.NDArray[np.bool_], standardizer: Standardizer, context: Context
) -> Settled:
    """Run the shortcut; what it did not settle is null in every array."""
    count = len(found.values)
    if standardizer.shortcut is None or not open_cells.any():
        nothing = np.zeros(count, dtype=np.bool_)
        return Settled(nothing, pa.nulls(count, pa.string()), nothing.astype(np.int8))
    settled = standardizer.shortcut(found.values, context, *found.neighbors)
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


def _encoded(column: pa.ChunkedArray) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    encoded = column.combine_chunks().dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return encoded.dictionary, codes.astype(np.int64)


def _each(
    found: Distinct,
    rest: npt.NDArray[np.int64],
    standardizer: Standardizer,
    context: Context,
    engine: Engine,
) -> pa.Table:
    """Call the cell function on the cells at `rest`; one row each, in their order."""
    places = pa.array(rest)
    inputs = [array.take(places) for array in (found.values, *found.neighbors)]
    share = ceil(len(rest) / (4 * engine.threads))
    size = max(1, min(_LARGEST_BATCH, share))
    run = partial(_run, cell=standardizer.cell, context=context, parts=len(standardizer.parts))
    batches = [
        tuple(array.slice(start, size) for array in inputs) for start in range(0, len(rest), size)
    ]
    done = engine.map_batches(run, batches, parallel=len(rest) >= _WORTH_WORKERS)
    return pa.Table.from_batches(done, schema=_schema(len(standardizer.parts)))


def _run(
    inputs: tuple[pa.Array, ...], *, cell: CellFunction, context: Context, parts: int
) -> pa.RecordBatch:
    columns = (array.to_pylist() for array in inputs)
    outcomes: list[Cell] = [
        cell(value, context, *neighbors) for value, *neighbors in zip(*columns, strict=True)
    ]
    schema = _schema(parts)
    arrays = [
        pa.array([outcome.value for outcome in outcomes], pa.string()),
        pa.array([outcome.status for outcome in outcomes], pa.int8()),
        pa.array([outcome.reason for outcome in outcomes], pa.string()),
        pa.array([outcome.suggestion for outcome in outcomes], pa.string()),
        pa.array([outcome.also or None for outcome in outcomes], _TEXTS),
        *(
            pa.array([_part(outcome, at) for outcome in outcomes], pa.string())
            for at in range(parts)
        ),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _part(outcome: Cell, at: int) -> str | None:
    return outcome.parts[at] if at < len(outcome.parts) else None


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
