"""Money as whole ten-thousandths, exact: from decimals, and back to these and to floats."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.segment.columns import PLACES
from custseg.segment.grouped import Ints, Mask, summable

UNIT: Final = 10**PLACES
"""What one of the money is counted in."""

_BITS: Final = 63
_ALL_DIGITS: Final = Context(prec=38)
_EXACT_FLOAT: Final = 2**53
_INT64: Final = 2**63


def units(column: pa.ChunkedArray) -> tuple[Ints, Mask]:
    """Give decimals of :data:`PLACES` places as whole units, 0 for null, and where none is null."""
    some = column.null_count > 0
    valid = np.asarray(column.is_valid()) if some else np.ones(len(column), bool)
    found = np.empty(len(column), np.int64)
    start, fits = 0, True
    for chunk in column.chunks:
        if len(chunk):
            stop = start + len(chunk)
            lower, upper = _words(chunk)
            found[start:stop] = lower
            fits = fits and not np.any((upper != lower >> _BITS) & valid[start:stop])
            start = stop
    if not fits:
        whole = [
            0 if each is None else int(_ALL_DIGITS.scaleb(each, PLACES))
            for each in column.to_pylist()
        ]
        return np.array(whole, dtype=object), valid
    if some:
        found[~valid] = 0
    return summable(found), valid


def _words(decimals: pa.Array) -> npt.NDArray[np.int64]:
    """The lower and the upper halves of decimals of 128 bits, as they stand in memory."""
    words = np.frombuffer(decimals.buffers()[1], np.int64).reshape(-1, 2)
    return words[decimals.offset : decimals.offset + len(decimals)].T


def decimals(values: Ints, valid: Mask | None = None, places: int = PLACES) -> pa.ChunkedArray:
    """Give whole units of so many places as decimals, null where they are not `valid`."""
    kind = pa.decimal128(38, places)
    if values.dtype == object:
        whole = [_ALL_DIGITS.scaleb(Decimal(int(each)), -places) for each in values]
        return pa.chunked_array([pa.array(whole, kind, mask=None if valid is None else ~valid)])
    words = np.empty((len(values), 2), "<i8")
    words[:, 0] = values
    words[:, 1] = values >> _BITS
    bits = None if valid is None else pa.array(valid).buffers()[1]
    found = pa.Array.from_buffers(kind, len(values), [bits, pa.py_buffer(words)])
    return pa.chunked_array([found])


def floats(values: Ints) -> npt.NDArray[np.float64]:
    """Give whole units as floats, rounded as DuckDB rounds decimals."""
    if values.dtype == object:
        return np.array([int(each) / UNIT for each in values], dtype=np.float64)
    near = values / UNIT
    far = np.abs(values) > _EXACT_FLOAT
    if far.any():
        whole = np.where(values < 0, -(-values // UNIT), values // UNIT)
        near[far] = (whole + (values - whole * UNIT) / UNIT)[far]
    return np.asarray(near, dtype=np.float64)


def total_floats(totals: Ints) -> npt.NDArray[np.float64]:
    """Give :func:`custseg.segment.grouped.totals` as floats, as :func:`floats` gives the others."""
    fits = all(abs(each) < _INT64 for each in totals)
    return floats(totals.astype(np.int64) if fits else totals)
