"""What the cells of a column look like: a sample that no order of rows changes, and counts."""

from __future__ import annotations

import heapq
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.nulls import is_null_marker
from custseg.hashing import row_hashes, scattered, text_buffers
from custseg.tables.texts import column_as_text

SAMPLE_ROWS: Final = 20_000
SAMPLE_VALUES: Final = 200
_TELLING_COLUMNS: Final = 4
CELLS_LOOKED_AT: Final = 100_000
"""Bound on sampled values over all columns, so that 10,000 columns end in reasonable time."""

LONGEST: Final = 200
"""Characters of a value that are looked at: no role needs more to be told."""

_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True)
class Profile:
    """What was seen of one column.

    Attributes
    ----------
    column
        The whole column, of any plain type.
    rows, filled, distinct
        Sampled rows, those with a value, and different values among them.
    values
        Some different values, the same whatever the order of the rows; none means "nothing".
    """

    column: pa.ChunkedArray
    rows: int
    filled: int
    distinct: int
    values: tuple[str, ...]

    @cached_property
    def _texts(self) -> pa.ChunkedArray:
        return _as_text(self.column)

    @cached_property
    def unique(self) -> bool:
        """Whether every row of the whole column has a value and none stands twice."""
        if self.filled < self.rows or self.distinct < self.rows or not self.rows:
            return False
        if self.column.null_count:
            return False
        hashes = np.sort(row_hashes({"": self._texts}, len(self.column))[:, 0])
        return bool((hashes[1:] != hashes[:-1]).all())

    @cached_property
    def repeated_share(self) -> float:
        """Share of the whole column's filled cells whose value stands in another row too."""
        counts = pc.value_counts(self._texts.drop_null()).field("counts").to_numpy()
        return float(counts[counts > 1].sum() / counts.sum()) if len(counts) else 0.0

    @property
    def one_word(self) -> bool:
        """Whether the values are single short words, as numbers of records are."""
        words = sum(len(value) <= 40 and not _SPACE.search(value) for value in self.values)
        return bool(self.values) and words >= 0.9 * len(self.values)

    @property
    def like_codes(self) -> bool:
        """Whether the values are single short words with a digit in them."""
        with_digits = sum(bool(_DIGIT.search(value)) for value in self.values)
        return self.one_word and with_digits >= 0.9 * len(self.values)

    @property
    def like_attribute(self) -> bool:
        """Whether the values look like a trait of a person: filled, repeated, words not numbers."""
        if self.distinct < 2 or self.filled < 0.2 * self.rows:
            return False
        with_digits = sum(bool(_DIGIT.search(value)) for value in self.values)
        length = sum(map(len, self.values)) / max(len(self.values), 1)
        return (
            2 * self.distinct <= self.filled
            and with_digits <= 0.1 * len(self.values)
            and length <= 40
        )


def profiles(table: pa.Table) -> Mapping[str, Profile]:
    """Look at every column of a table, by name; cells that are not text are looked at as text."""
    sample = _taken(table, rows) if (rows := sampled_rows(table)) is not None else table
    size = max(10, min(SAMPLE_VALUES, CELLS_LOOKED_AT // max(table.num_columns, 1)))
    return {
        name: _profile(table.column(name), sample.column(name), size) for name in table.column_names
    }


def _taken(table: pa.Table, rows: npt.NDArray[np.int64]) -> pa.Table:
    """Take rows, in order, a chunk at a time: a whole column may hold more than fits one array."""
    parts, first = [], 0
    for batch in table.to_batches():
        here = rows[(rows >= first) & (rows < first + batch.num_rows)]
        parts.append(batch.take(pa.array(here - first)))
        first += batch.num_rows
    return pa.Table.from_batches(parts, table.schema)


def _profile(whole: pa.ChunkedArray, sample: pa.ChunkedArray, size: int) -> Profile:
    filled = _as_text(sample).drop_null()
    distinct = filled.unique()
    values = {value[:LONGEST] for value in distinct.to_pylist()}
    return Profile(
        column=whole,
        rows=len(sample),
        filled=len(filled),
        distinct=len(distinct),
        values=tuple(
            value for value in spread_values(values, 2 * size) if not is_null_marker(value)
        )[:size],
    )


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if pa.types.is_string(column.type) else column_as_text(column)


def spread_values(values: Iterable[str], size: int) -> tuple[str, ...]:
    """Choose up to `size` different values by their checksum, not by where they stand."""
    return tuple(
        heapq.nsmallest(size, values, key=lambda value: (zlib.crc32(value.encode()), value))
    )


def sampled_rows(table: pa.Table) -> npt.NDArray[np.int64] | None:
    """Choose rows by what they hold, so that no order of rows or columns changes the choice.

    Returns
    -------
    Positions of about :data:`SAMPLE_ROWS` rows, or None for all rows of a small table.
    """
    if table.num_rows <= 2 * SAMPLE_ROWS:
        return None
    total = np.zeros(table.num_rows, dtype=np.uint64)
    # A sum leaves no trace of the order of the columns.
    for name in _telling(table):
        seed = np.uint64(zlib.crc32(name.encode()))
        total += scattered(_glimpses(table.column(name)) + seed)
    total = scattered(total)
    bound = np.partition(total, SAMPLE_ROWS)[SAMPLE_ROWS]
    return np.flatnonzero(total <= bound)[: 2 * SAMPLE_ROWS]


def _telling(table: pa.Table) -> list[str]:
    """Choose the columns that tell rows apart: those with most text.

    Beside numbers and days, which cost nothing to look at, one column of text is enough.
    """
    sizes = {name: table.column(name).nbytes for name in table.column_names}
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    texts = [name for name in ranked if pa.types.is_string(table.schema.field(name).type)]
    numbers = [name for name in ranked if name not in texts]
    return [*numbers, *texts[:1]] if len(numbers) > 1 else ranked[:_TELLING_COLUMNS]


def _glimpses(column: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """Give eight bytes of every cell, evenly spread over it, mixed with its length."""
    if not pa.types.is_string(column.type):
        return _number_glimpses(column)
    packed = [_chunk_glimpses(chunk) for chunk in column.chunks]
    return np.concatenate(packed) if packed else np.zeros(0, dtype=np.uint64)


def _number_glimpses(column: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """Give the eight bytes that a number, a day or a truth value is made of."""
    kind = column.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        column = column.cast(pa.int32() if pa.types.is_date32(kind) else pa.int64())
    elif pa.types.is_decimal(kind):
        column = column.cast(pa.float64())
    elif not (pa.types.is_integer(kind) or pa.types.is_float64(kind) or pa.types.is_boolean(kind)):
        return _glimpses(column_as_text(column))
    plain = pc.fill_null(column, 0 if not pa.types.is_boolean(kind) else False).to_numpy()
    eight = plain if plain.dtype == np.float64 else plain.astype(np.int64)
    return scattered(np.ascontiguousarray(eight).view(np.uint64))


def _chunk_glimpses(chunk: pa.Array) -> npt.NDArray[np.uint64]:
    starts, lengths, data = text_buffers(chunk)
    packed = np.zeros(len(chunk), dtype=np.uint64)
    if len(data):
        for eighth in range(8):
            byte = data[np.minimum(starts + (lengths * eighth >> 3), len(data) - 1)]
            packed = packed * np.uint64(256) + np.where(lengths, byte, 0).astype(np.uint64)
    return scattered(packed) + lengths.astype(np.uint64)
