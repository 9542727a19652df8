"""Sums, favorites and medians by group over whole columns: one sort of packed integers each.

Groups are whole numbers from 0, such as the place of a customer among all. Money is whole units
(:mod:`custseg.segment.exact_money`), as integers of 64 bits; where these might overflow the same
functions are given Python's own integers, and are exact all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]

Kind = TypeVar("Kind", bound=np.generic)

_KEY_BITS: Final = 63
_SAFE_SUM: Final = 2.0**62
_EXACT_FLOAT: Final = 2**53
_HALF: Final = 26
_LOW: Final = 2**_HALF - 1
_STEP: Final = 2**20
_PIECE: Final = 2**16
"""Rows that are few enough for the processor's own memory."""

_CELLS: Final = 4
"""Cells a row, up to which a table of sums is less work than sorting the rows."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts as numbers.

    Attributes
    ----------
    codes
        For each row its place in `words`; -1 for none.
    words
        The distinct texts, ascending.
    """

    codes: Ints
    words: pa.Array

    @property
    def unsigned(self) -> Ints:
        """The codes with none as the greatest number, and so never the least of several."""
        return self.codes.view(f"u{self.codes.itemsize}")

    def of_unsigned(self, codes: Ints) -> Coded:
        """The same texts for codes that came of :attr:`unsigned`."""
        return Coded(codes.view(f"i{codes.itemsize}"), self.words)

    def take(self, rows: Ints) -> Coded:
        """The same texts of some of the rows."""
        return Coded(picked(self.codes, rows), self.words)

    def texts(self, codes: Ints) -> pa.Array:
        """The texts of some codes."""
        return self.words.take(pa.array(codes, mask=codes < 0))


@dataclass(frozen=True, slots=True)
class Favorites:
    """The most valuable code of each group that has one.

    Attributes
    ----------
    group, code
        The group, ascending, and its favorite: of codes of the same value the first.
    value, total
        What the favorite adds up to, and all codes of the group.
    """

    group: Ints
    code: Ints
    value: Ints
    total: Ints

    def after(self, groups: int) -> Favorites:
        """The same where so many groups stand before these."""
        return Favorites(self.group + groups, self.code, self.value, self.total)

    @classmethod
    def joined(cls, pieces: Sequence[Favorites]) -> Favorites:
        """Those of different groups together."""
        return cls(
            *(
                np.concatenate([getattr(piece, name) for piece in pieces])
                for name in ("group", "code", "value", "total")
            )
        )


def coded(column: pa.ChunkedArray) -> Coded:
    """Give texts as numbers whose order is theirs."""
    encoded = column.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # of no rows
        return Coded(np.empty(0, np.int32), pa.array([], column.type))
    order = pc.sort_indices(encoded.dictionary)
    rank = np.full(len(order) + 1, -1, np.int32)
    rank[order.to_numpy()] = np.arange(len(order))
    places = encoded.indices.fill_null(len(order)).to_numpy()
    return Coded(rank[places], encoded.dictionary.take(order))


def picked(values: npt.NDArray[Kind], places: Ints) -> npt.NDArray[Kind]:
    """Give values at places from 0 that are all there: several times as fast as by index."""
    return values.take(places, mode="wrap")


def small(number: int) -> np.dtype[Any]:
    """The type of integers that holds so many codes, and -1, in least memory."""
    return np.min_scalar_type(-number - 1)


def stable_order(keys: Sequence[Ints]) -> Ints:
    """Give the rows in the order of some keys, the first key first; equal rows keep their order.

    Keys are whole numbers from 0. As much of them as fits is packed into one integer with the
    number of the row, and sorted as such, which is several times as fast as an indirect sort; the
    rest is looked at only where rows are equal so far.
    """
    rows = len(keys[0])
    row_bits = _bits(rows)
    pieces = _pieces(keys, _KEY_BITS - row_bits)
    if not pieces:
        return np.arange(rows)
    packed, mask = _sorted_rows(pieces[0], row_bits), (1 << row_bits) - 1
    if len(pieces) == 1:
        packed &= mask
        return packed
    order = packed & mask
    packed >>= row_bits
    same = packed[1:] == packed[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    ties = order[tied]
    group = np.cumsum(np.diff(packed[tied], prepend=-1) > 0, dtype=np.int64)
    if len(tied):
        order[tied] = ties[stable_order([group, *(piece[ties] for piece in pieces[1:])])]
    return order


def _sorted_rows(key: Ints, row_bits: int) -> Ints:
    """Sort a key with the number of each row below it; the memory of `key` is used."""
    key <<= row_bits
    for start in range(0, len(key), _PIECE):
        piece = key[start : start + _PIECE]
        piece |= np.arange(start, start + len(piece))
    key.sort()
    return key


def _packed(group: Ints, values: Ints, bits: int) -> Ints:
    """Give groups and values, which have so many `bits`, as one integer each."""
    packed: Ints = group.astype(np.int64)
    packed <<= bits
    packed |= values
    return packed


def _bits(number: int) -> int:
    return max(1, int(number).bit_length())


def _pieces(keys: Sequence[Ints], room: int) -> list[Ints]:
    """Pack keys into as few integers of `room` bits as hold them, all but the last full."""
    pieces: list[Ints] = []
    free = 0
    for key in keys:
        left = int(key.max(initial=0)).bit_length()
        while left:
            if not free:
                pieces.append(np.zeros(len(key), np.int64))
                free = room
            width = min(left, free)
            pieces[-1] <<= width
            for start in range(0, len(key), _PIECE):
                part = key[start : start + _PIECE].astype(np.int64)
                part >>= left - width
                part &= (1 << width) - 1
                pieces[-1][start : start + _PIECE] |= part
            left -= width
            free -= width
    return pieces


def run_starts(*sorted_keys: Ints) -> Ints:
    """Give the first row of each run of equal keys."""
    rows = len(sorted_keys[0])
    if not rows:
        return np.empty(0, np.int64)
    changed = np.zeros(rows, dtype=bool)
    changed[0] = True
    for key in sorted_keys:
        changed[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changed)


def run_lengths(starts: Ints, rows: int) -> Ints:
    """Give the rows of each run."""
    return np.diff(starts, append=rows)


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """Give the numbers of ranges, one range after the other; none is empty."""
    steps = np.ones(int(lengths.sum()), np.int64)
    ends = np.cumsum(lengths)
    if len(ends):
        steps[0] = starts[0]
        steps[ends[:-1]] = starts[1:] - starts[:-1] - lengths[:-1] + 1
    return np.cumsum(steps, out=steps)


def summable(values: Ints) -> Ints:
    """Give the same values, as Python's own integers where sums of theirs might overflow."""
    if values.dtype == object or not len(values):
        return values
    most = max(int(values.max()), -int(values.min()))
    if most * len(values) < _SAFE_SUM or float(np.abs(values.astype(float)).sum()) < _SAFE_SUM:
        return values
    return values.astype(object)


def sums(values: Ints, starts: Ints) -> Ints:
    """Add up runs, exactly."""
    found: Ints = np.add.reduceat(values, starts) if len(starts) else values[:0]
    return found


def totals(group: Ints, values: Ints, groups: int) -> Ints:
    """Add up values by group, whatever the order of the rows, as Python's own integers.

    As floats, in two halves, each of which is exact: several times as fast as to sort.
    """
    found = np.zeros(groups, dtype=object)
    if values.dtype == object:
        np.add.at(found, group, values)
        return found
    for start in range(0, len(group), _STEP):
        own, part = group[start : start + _STEP], values[start : start + _STEP]
        low = np.bincount(own, part & _LOW, groups).astype(np.int64)
        high = np.bincount(own, part >> _HALF, groups).astype(np.int64)
        found += (high.astype(object) << _HALF) + low.astype(object)
    return found


def whole_sum(values: Ints) -> int:
    """Add up whole numbers of 64 bits, whose sum may be larger than that."""
    return (int((values >> _HALF).sum()) << _HALF) + int((values & _LOW).sum())


def favorites(group: Ints, codes: Ints, weights: Ints | None = None) -> Favorites:
    """Find the most valuable code of each group; rows of a code below 0 are not looked at.

    Parameters
    ----------
    weights
        What each row is worth; None counts rows.
    """
    known = codes >= 0
    if not known.all():
        group, codes = group[known], codes[known]
        weights = None if weights is None else weights[known]
    if not len(codes):
        none: Ints = np.empty(0, np.int64)
        return Favorites(none, none, none, none)
    found = _tabled(group, codes, weights)
    return _ranked(group, codes, weights) if found is None else found


def _tabled(group: Ints, codes: Ints, weights: Ints | None) -> Favorites | None:
    """Favorites from a table of groups by codes, where it is small and its sums are exact."""
    width, height = int(codes.max()) + 1, int(group.max()) + 1
    if width * height > _CELLS * len(codes):
        return None
    if weights is not None and not _exact_as_floats(weights):
        return None
    cells = np.bincount(group.astype(np.int64) * width + codes, weights, width * height)
    table = cells.reshape(height, width)
    code = table.argmax(axis=1)
    value = table[np.arange(height), code].astype(np.int64)
    there = np.flatnonzero(value)
    total = table.sum(axis=1).astype(np.int64)
    return Favorites(there, code[there], value[there], total[there])


def _exact_as_floats(weights: Ints) -> bool:
    """Whether all are above 0, and any of their sums is exact as a float."""
    if weights.dtype == object:
        return False
    return bool(weights.min() > 0) and float(weights.sum(dtype=np.float64)) < _EXACT_FLOAT


def _ranked(group: Ints, codes: Ints, weights: Ints | None) -> Favorites:
    """Favorites from the rows sorted by group and code."""
    row_bits, code_bits = _bits(len(codes)), _bits(int(codes.max()))
    if row_bits + code_bits + _bits(int(group.max())) <= _KEY_BITS:
        rows = _sorted_rows(_packed(group, codes, code_bits), row_bits)
        pairs = rows >> row_bits
        starts = run_starts(pairs)
        pairs = pairs[starts]
        group, codes = pairs >> code_bits, pairs & ((1 << code_bits) - 1)
        rows &= (1 << row_bits) - 1
    else:
        rows = stable_order([group, codes])
        group, codes = group[rows], codes[rows]
        starts = run_starts(group, codes)
        group, codes = group[starts], codes[starts]
    values = (
        run_lengths(starts, len(rows)) if weights is None else sums(picked(weights, rows), starts)
    )
    own = run_starts(group)
    most = np.repeat(np.maximum.reduceat(values, own), run_lengths(own, len(group)))
    best = np.flatnonzero(values == most)
    best = best[run_starts(group[best])]
    return Favorites(group[best], codes[best], values[best], sums(values, own))


def medians(group: Ints, values: Ints) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Give the groups, ascending, and the median of each one's values, which are from 0."""
    bits = _bits(int(values.max(initial=0)))
    if bits + _bits(int(group.max(initial=0))) <= _KEY_BITS:
        values = _packed(group, values, bits)
        values.sort()
        group = values >> bits
        values &= (1 << bits) - 1
    else:
        order = stable_order([group, values])
        group, values = group[order], values[order]
    starts = run_starts(group)
    lengths = run_lengths(starts, len(group))
    low = values[starts + (lengths - 1) // 2]
    high = values[starts + lengths // 2]
    return group[starts], low + (high - low) * 0.5


def group_sizes(group: Ints, groups: int) -> Ints:
    """Count the rows of each group, a piece at a time: numpy copies groups of 32 bits."""
    found: Ints = np.zeros(groups, np.int64)
    step = max(_STEP, groups)
    for start in range(0, len(group), step):
        found += np.bincount(group[start : start + step], minlength=groups)
    return found


def dates(days: Ints) -> pa.Array:
    """Days since 1970 as dates."""
    return pa.array(days.astype(np.int32, copy=False)).cast(pa.date32())
