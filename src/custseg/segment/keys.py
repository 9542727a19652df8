"""Ids as numbers: the distinct ones, and the place of each row's among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.segment.grouped import Ints, Mask, picked, stable_order

Places = npt.NDArray[np.int32]

_NEAR: Final = 8
"""How many times as many places as ids a table of them may have."""

_MOST_PLACES: Final = 2**31

_MOST_DIGITS: Final = 17
"""Digits up to which numbers, filled up to the same length, fit into 64 bits."""


def numbered(keys: pa.ChunkedArray) -> tuple[Ints, int]:
    """Give each key a number from 0, its own among distinct keys, and -1 for none; count them."""
    near = _near(keys)
    if near is not None:
        numbers, _ = near
        return numbers, distinct(numbers)
    known, places = _encoded(keys)
    return places, len(known)


def named(keys: pa.ChunkedArray) -> tuple[pa.Array, Places]:
    """Give the texts of distinct keys, ascending, and the place of each key among them."""
    near = _near(keys)
    if near is not None:
        places, low = near
        present = np.flatnonzero(_there(places))
        known = pa.array(present + low)
    else:
        known, places = _encoded(keys)
        present = np.arange(len(known))
    texts = pc.cast(known, pa.string())
    order = _by_text(known, texts)
    rank = np.empty(present[-1] + 1 if len(present) else 0, np.int32)
    rank[present[order]] = np.arange(len(order), dtype=np.int32)
    return texts.take(pa.array(order)), picked(rank, places)


def picked_keys(keys: pa.ChunkedArray, rows: Ints) -> pa.Array:
    """Give some keys, far fewer than there are: Arrow would copy all of them first."""
    order = np.argsort(rows, kind="stable")
    ascending, pieces, start = rows[order], [], 0
    for chunk in keys.chunks:
        low, high = np.searchsorted(ascending, (start, start + len(chunk)))
        pieces.append(chunk.take(pa.array(ascending[low:high] - start)))
        start += len(chunk)
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return pa.concat_arrays(pieces).take(pa.array(places))


def distinct(numbers: Ints) -> int:
    """Count distinct numbers from 0."""
    return int(np.count_nonzero(_there(numbers)))


def _there(numbers: Ints) -> Mask:
    there = np.zeros(int(numbers.max(initial=-1)) + 1, bool)
    there[numbers] = True
    return there


def _near(keys: pa.ChunkedArray) -> tuple[Places, int] | None:
    """Whole numbers from the least on, and which that is, where they are near one another."""
    if not pa.types.is_integer(keys.type) or not len(keys) or keys.null_count:
        return None
    ends = pc.min_max(keys)
    low, high = ends["min"].as_py(), ends["max"].as_py()
    if high - low >= min(_NEAR * len(keys), _MOST_PLACES) or high >= 2**63:
        return None
    numbers = np.empty(len(keys), np.int32)
    start = 0
    for chunk in keys.chunks:
        own = chunk.to_numpy().astype(np.int64, copy=False)
        np.subtract(own, low, out=numbers[start : start + len(chunk)], casting="unsafe")
        start += len(chunk)
    return numbers, low


def _encoded(keys: pa.ChunkedArray) -> tuple[pa.Array, Places]:
    encoded = keys.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # of no rows
        return pa.array([], keys.type), np.empty(0, np.int32)
    places = encoded.indices.fill_null(-1) if encoded.null_count else encoded.indices
    return encoded.dictionary, places.to_numpy()


def _by_text(keys: pa.Array, texts: pa.Array) -> Ints:
    """The order of distinct keys by their text: 10 comes before 9."""
    if pa.types.is_integer(keys.type) and len(keys):
        numbers = keys.to_numpy()
        low, high = int(numbers.min()), int(numbers.max())
        width = len(str(high))
        if low >= 0 and width <= _MOST_DIGITS:
            powers = 10 ** np.arange(width + 1, dtype=np.int64)
            numbers = numbers.astype(np.int64)
            digits = np.maximum(np.searchsorted(powers, numbers, "right"), 1)
            # Filled up with zeros behind, they are in the order of their texts; 1 before 10.
            return stable_order([numbers * powers[width - digits], digits])
    return np.asarray(pc.sort_indices(texts))


def places_in(words: Sequence[str], column: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """The place among `words` of each cell of a column, all of whose cells are among them."""
    places = pc.index_in(column, value_set=pa.array(words, pa.string()))
    return np.asarray(pc.cast(places, pa.int64()), dtype=np.int64)
