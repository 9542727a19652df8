"""Columns of text, drawn and joined a whole column at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Writer = Callable[[Ints], pa.Array]
"""Writes the cells of the given rows."""


def draw(
    rng: np.random.Generator, weights: Sequence[float] | npt.NDArray[np.float64], count: int
) -> Ints:
    """Draw `count` positions of `weights`, each as often as its weight says."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    found: Ints = np.searchsorted(bounds, rng.random(count) * bounds[-1], side="right")
    return found


def chance(rng: np.random.Generator, count: int, share: float) -> Mask:
    """Draw `count` flags of which about `share` are true."""
    hit: Mask = rng.random(count) < share
    return hit


def words(values: Sequence[str]) -> pa.Array:
    """Make a column of text."""
    return pa.array(values, pa.string())


def picked(rng: np.random.Generator, values: Sequence[str], count: int) -> pa.Array:
    """Draw `count` of the `values`, each as often as the others."""
    return words(values).take(pa.array(rng.integers(0, len(values), count)))


def take(values: pa.Array, index: Ints) -> pa.Array:
    """Take cells by position."""
    return values.take(pa.array(index))


def join(*parts: pa.Array | str, sep: str = "") -> pa.Array:
    """Join columns and constants cell by cell; an empty cell counts as empty text."""
    return pc.binary_join_element_wise(*parts, sep, null_handling="replace", null_replacement="")


def digits(numbers: Ints, width: int = 1) -> pa.Array:
    """Write whole numbers with at least `width` digits."""
    return pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")


def mixed(codes: Ints, *writers: Writer) -> pa.Array:
    """Write each row with the writer its code names; only its own rows are given to a writer."""
    rows = [np.flatnonzero(codes == code) for code in range(len(writers))]
    cells = pa.concat_arrays([write(index) for write, index in zip(writers, rows, strict=True)])
    back = np.empty(len(codes), dtype=np.int64)
    back[np.concatenate(rows)] = np.arange(len(codes))
    return take(cells, back)


def where(mask: Mask, then: pa.Array | str | None, otherwise: pa.Array) -> pa.Array:
    """Take `then` where `mask` is true; None empties the cell."""
    value = pa.scalar(then, pa.string()) if then is None or isinstance(then, str) else then
    return pc.if_else(pa.array(mask), value, otherwise)


def edited(
    column: pa.Array, mask: Mask, edit: Callable[[str, float], str], rng: np.random.Generator
) -> pa.Array:
    """Rewrite the non-empty cells under `mask` one by one.

    Parameters
    ----------
    edit
        Takes the cell and a number from 0 to 1 on which its choice may depend.
    """
    hit = mask & np.asarray(column.is_valid())
    cells = column.filter(pa.array(hit)).to_pylist()
    new = [edit(cell, chosen) for cell, chosen in zip(cells, rng.random(len(cells)), strict=True)]
    return pc.replace_with_mask(column, pa.array(hit), words(new))


def filled(column: pa.Array) -> Mask:
    """Tell which cells hold something."""
    return np.asarray(pc.fill_null(pc.greater(pc.utf8_length(column), 0), False))
