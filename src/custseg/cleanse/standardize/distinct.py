"""The distinct cells of one column, and what becomes of them, here or in worker processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Context, Standardizer
from custseg.cleanse.standardize.cells import Inputs, outcomes, run_cells
from custseg.cleanse.standardize.nulls import null_mask
from custseg.engine import Engine

_WORTH_WORKERS: Final = 20_000
"""Cells, one by one, below which starting worker processes costs more than the work."""

_WORTH_SHARING: Final = 200_000
"""Distinct cells from which even the shortcut is shared among the workers."""

_LARGEST_BATCH: Final = 20_000


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
    """Standardize distinct cells, in worker processes where there are enough of them."""
    if standardizer.survey is not None:
        null = null_mask(found.values, markers=standardizer.null_markers)
        meant = found.values.filter(pa.array(~null)).unique()
        context = standardizer.survey(meant.to_pylist(), context)
    inputs = (found.values, *found.neighbors)
    count = len(found.values)
    if count >= _WORTH_SHARING and engine.threads > 1:
        run = partial(outcomes, standardizer=standardizer, context=context, call=run_cells)
        table = pa.concat_tables(engine.map_batches(run, _slices(inputs, engine.threads)))
    else:
        call = partial(_shared_cells, engine=engine)
        table = outcomes(inputs, standardizer=standardizer, context=context, call=call)
    columns = {}
    for name in table.column_names:
        # One after another let go of in pieces: all twice would be the most a run ever holds.
        columns[name] = table.column(name).combine_chunks()
        table = table.drop_columns([name])
    return Outcome(
        value=columns["value"],
        status=columns["status"].to_numpy(zero_copy_only=False),
        reason=columns["reason"],
        suggestion=columns["suggestion"],
        also=columns["also"],
        parts=tuple(columns[f"part_{at}"] for at in range(len(standardizer.parts))),
    )


def _shared_cells(
    inputs: Inputs, *, standardizer: Standardizer, context: Context, engine: Engine
) -> pa.Table:
    """Call the cell function for every cell, in the workers where there are many."""
    count = len(inputs[0])
    run = partial(run_cells, standardizer=standardizer, context=context)
    if count < _WORTH_WORKERS or engine.threads == 1:
        return run(inputs)
    done = engine.map_batches(run, _slices(inputs, engine.threads))
    return pa.concat_tables(done)


def _slices(inputs: Inputs, threads: int) -> list[Inputs]:
    """Cut inputs into even batches, several for each worker, so that none waits long."""
    count = len(inputs[0])
    size = max(1, min(_LARGEST_BATCH, ceil(count / (4 * threads))))
    return [
        tuple(_compact(array.slice(start, size)) for array in inputs)
        for start in range(0, count, size)
    ]


def _compact(piece: pa.Array) -> pa.Array:
    """Copy a slice: pickled as it is, it would take the whole array with it."""
    return pa.concat_arrays([piece, piece.slice(0, 0)])


def _encoded(column: pa.ChunkedArray) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    encoded = column.combine_chunks().dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return encoded.dictionary, codes.astype(np.int64)
