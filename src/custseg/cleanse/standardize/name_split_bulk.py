"""Split a whole column of Japanese names at once, where the split is beyond doubt.

The same rules as :func:`custseg.cleanse.standardize.name_split.split_name`, over arrays. What an
unknown piece may weigh is taken at its greatest, so that a name is settled only where
looking closer could not change its split; the rest is left to the slower function.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.characters import fold_variants_of
from custseg.cleanse.standardize.name_dictionary import Names, family_names, given_names
from custseg.cleanse.standardize.name_split import CLEAR, COMMON_SINGLE, ONLY_FAMILY
from custseg.cleanse.standardize.reading import plain_kana

LONGEST: Final = 6
"""Characters of the longest name that is split here; each costs a pass over the column."""

_TOLD: Final = "^(?P<one>[ァ-ヺー]+)[ \u3000](?P<two>[ァ-ヺー]+)$"

_NEVER: Final = -1e9
"""Log probability of what cannot be; finite, so that differences are numbers."""

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Cuts(NamedTuple):
    """Where names were settled, and their pieces (null elsewhere)."""

    mask: Bools
    family: pa.Array
    given: pa.Array


class _Side(NamedTuple):
    """The known names of one side, in the order of `weights`, and pairs of name and reading."""

    names: pa.Array
    weights: Floats
    bounds: Floats
    read: pa.Array


def cut_names(values: pa.Array, readings: pa.Array | None) -> Cuts:
    """Split names of two to :data:`LONGEST` kanji.

    Parameters
    ----------
    values
        Names of kanji alone; no nulls.
    readings
        The raw reading beside each name, ``""`` for none; None where there is no such column.
    """
    text = fold_variants_of(values)
    size = pc.utf8_length(text).to_numpy(zero_copy_only=False)
    heads = [pc.utf8_slice_codeunits(text, 0, place) for place in range(1, LONGEST)]
    tails = [pc.utf8_slice_codeunits(text, place) for place in range(1, LONGEST)]
    by_weight = _by_weight(text, size, heads, tails)
    if readings is None:
        place = by_weight
    else:
        silent = pc.equal(readings, "").to_numpy(zero_copy_only=False)
        place = np.where(silent, by_weight, _by_reading(size, heads, tails, readings))
    family, given = (pa.nulls(len(values), pa.string()) for _ in range(2))
    for at in range(1, LONGEST):
        here = pa.array(place == at)
        family = pc.if_else(here, pc.utf8_slice_codeunits(values, 0, at), family)
        given = pc.if_else(here, pc.utf8_slice_codeunits(values, at), given)
    return Cuts(place > 0, family, given)


def _by_weight(
    text: pa.Array, size: npt.NDArray[np.int32], heads: list[pa.Array], tails: list[pa.Array]
) -> npt.NDArray[np.int64]:
    """Find the place that outweighs all others whatever those weigh; 0 for none."""
    families, givens = _families(), _givens()
    *firsts, whole = _weights([*heads, text], families)
    seconds = _weights(tails, givens)
    weight = np.full((LONGEST, len(size)), _NEVER)
    known = np.zeros((LONGEST, len(size)), dtype=np.bool_)
    head_known = np.zeros((LONGEST, len(size)), dtype=np.bool_)
    tail_weight = np.full((LONGEST, len(size)), _NEVER)
    for at in range(1, LONGEST):
        first, second = firsts[at - 1], seconds[at - 1]
        left = np.clip(size - at, 1, LONGEST)
        greatest = np.where(np.isnan(first), families.bounds[at - 1], first) + np.where(
            np.isnan(second), givens.bounds[left - 1], second
        )
        inside = size > at
        weight[at] = np.where(inside, greatest, _NEVER)
        head_known[at] = ~np.isnan(first)
        tail_weight[at] = np.nan_to_num(second, nan=_NEVER)
        known[at] = inside & head_known[at] & ~np.isnan(second)
    rows = np.arange(len(size))
    place = np.where(known, weight, _NEVER).argmax(axis=0)
    best = weight[place, rows]
    weight[place, rows] = _NEVER
    alone = np.nan_to_num(whole, nan=_NEVER) + ONLY_FAMILY
    clear = (best - weight.max(axis=0) >= CLEAR) & (best - alone >= CLEAR)
    single = (place >= 3) & (place == size - 1) & (tail_weight[place, rows] < COMMON_SINGLE)
    doubtful = single & head_known[np.maximum(place - 1, 0), rows]
    sure = known[place, rows] & clear & ~doubtful
    return np.where(sure, place, 0)


def _by_reading(
    size: npt.NDArray[np.int32], heads: list[pa.Array], tails: list[pa.Array], readings: pa.Array
) -> npt.NDArray[np.int64]:
    """Find the only place where both pieces are known to read as told; 0 for none, or more."""
    told = pc.extract_regex(readings, _TOLD)
    one, two = (_plain(pc.struct_field(told, part)) for part in ("one", "two"))
    places = np.zeros(len(size), dtype=np.int64)
    count = np.zeros(len(size), dtype=np.int64)
    both = _is_read(heads, one, _families()) & _is_read(tails, two, _givens())
    for at in range(1, LONGEST):
        fits = both[at - 1] & (size > at)
        places[fits] = at
        count += fits
    return np.where(count == 1, places, 0)


def _weights(pieces: list[pa.Array], side: _Side) -> Floats:
    """Give the log probability of known names, a row for each array; not a number for others."""
    # Looked up together: what takes a few rows most time is to hash the known names.
    at = pc.index_in(pa.concat_arrays(pieces), value_set=side.names)
    found: Floats = side.weights[pc.fill_null(at, -1).to_numpy(zero_copy_only=False)]
    return found.reshape(len(pieces), -1)


def _is_read(pieces: list[pa.Array], kana: pa.Array, side: _Side) -> Bools:
    joined = pa.concat_arrays([pc.binary_join_element_wise(each, kana, "\t") for each in pieces])
    read: Bools = pc.is_in(joined, value_set=side.read).to_numpy(zero_copy_only=False)
    return read.reshape(len(pieces), -1)


def _plain(kana: pa.Array) -> pa.Array:
    if not len(kana):
        return kana
    # A line feed stands in no reading: all are folded in one go. "-" is no reading either.
    texts = "\n".join(pc.fill_null(kana, "-").to_pylist())
    return pa.array(plain_kana(texts).split("\n"), pa.string())


@cache
def _families() -> _Side:
    return _side(family_names())


@cache
def _givens() -> _Side:
    return _side(given_names())


def _side(names: Names) -> _Side:
    pairs = [f"{name}\t{kana}" for name, kana in names.read_pairs()]
    return _Side(
        pa.array(list(names.known), pa.string()),
        # The last one is what the place -1 of an unknown name takes.
        np.array([*names.known.values(), np.nan]),
        np.array(names.bounds),
        pa.array(pairs, pa.string()),
    )
