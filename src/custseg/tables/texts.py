"""Typed columns as text: what a person would have typed, nothing lost and nothing added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as types

_EXACT_INTEGERS: Final = 2.0**53
_PLAIN_PLACES: Final = 6
"""Most decimal places with which Arrow writes any decimal without an exponent."""
_BATCH_ROWS: Final = 1 << 16
_BATCH_BYTES: Final = 1 << 26


class NotTextError(ValueError):
    """A column of a type that has no plain text: lists, structures, raw bytes."""


def column_as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Turn a column of any plain type into strings, empty as null.

    Numbers are written in full, without exponent; a whole number that was stored as a
    floating one (an id beside empty cells) loses its ``.0``. Times of day are left out where
    every one of them is midnight.

    Raises
    ------
    NotTextError
        If the type is nested, or bytes that are not UTF-8.
    """
    kind = column.type
    if types.is_dictionary(kind):
        return column_as_text(column.cast(kind.value_type))
    if types.is_null(kind):
        return pa.chunked_array([pa.nulls(len(column), pa.string())])
    if types.is_floating(kind):
        return _floats(column)
    if types.is_decimal(kind) and 0 <= kind.scale <= _PLAIN_PLACES:
        return column.cast(pa.string())
    if types.is_decimal(kind):
        return _per_value(column, lambda value: format(value, "f"))
    if types.is_timestamp(kind):
        return _timestamps(column)
    if types.is_date(kind) or types.is_boolean(kind) or types.is_integer(kind):
        return column.cast(pa.string())
    if types.is_time(kind):
        return _without_empty_fraction(column.cast(pa.string()))
    if _is_string_like(kind):
        return _strings(column)
    raise NotTextError(str(kind))


def has_text(column: pa.ChunkedArray) -> bool:
    """Whether :func:`column_as_text` has a text for the values of a column."""
    try:
        column_as_text(column)
    except NotTextError:
        return False
    return True


def text_or_nothing(column: pa.ChunkedArray, *, keep: bool) -> pa.ChunkedArray:
    """Give :func:`column_as_text`; where there is none, nothing if the column is kept besides.

    Raises
    ------
    NotTextError
        If there is none, and the column is not kept.
    """
    try:
        return column_as_text(column)
    except NotTextError:
        if not keep:
            raise
        return pa.chunked_array([pa.nulls(len(column), pa.string())])


def bounded_batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    """Cut a table into batches of bounded rows and bytes, to be written one after another."""
    per_row = max(1, table.nbytes // max(1, table.num_rows))
    rows = max(1, min(_BATCH_ROWS, _BATCH_BYTES // per_row))
    return iter(table.to_batches(max_chunksize=rows))


def text_of_batch(column: pa.Array) -> pa.Array:
    """Give :func:`column_as_text` of one batch, in one piece."""
    if pa.types.is_string(column.type):
        return column
    text = column_as_text(pa.chunked_array([column]))
    return text.combine_chunks() if text.num_chunks != 1 else text.chunk(0)


def _is_string_like(kind: pa.DataType) -> bool:
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_string_view(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_binary_view(kind)
        or types.is_fixed_size_binary(kind)
    )


def _strings(column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        text = column.cast(pa.string())
        text.validate(full=True)
    except pa.ArrowInvalid as error:
        raise NotTextError(str(column.type)) from error
    empty = pc.equal(text, "")
    # A copy of the column only where there is something to change.
    return pc.if_else(empty, None, text) if pc.any(empty).as_py() else text


def _floats(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if types.is_float16(column.type):
        column = column.cast(pa.float32())
    column = pc.if_else(pc.is_nan(column), None, column)
    # Shortest text of its own width: 2.55 stored as float32 is 2.55, not 2.549999952.
    text = column.cast(pa.string())
    wide = column.cast(pa.float64())
    whole = pc.and_(
        pc.equal(pc.trunc(wide), wide), pc.less(pc.abs(wide), pa.scalar(_EXACT_INTEGERS))
    )
    integers = pc.if_else(whole, wide, 0.0).cast(pa.int64()).cast(pa.string())
    text = pc.if_else(whole, integers, text)
    exponent = pc.match_substring(text, "e")
    if pc.any(exponent).as_py():
        plain = _per_value(text, _without_exponent)
        text = pc.if_else(exponent, plain, text)
    return text


def _per_value(column: pa.ChunkedArray, write: Callable[[Any], str | None]) -> pa.ChunkedArray:
    """Write each distinct value once."""
    encoded = column.combine_chunks().dictionary_encode()
    words = pa.array([write(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([words.take(encoded.indices)])


def _without_exponent(number: str | None) -> str | None:
    return None if number is None else format(Decimal(number), "f")


def _timestamps(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.type.tz is not None:
        column = pc.local_timestamp(column)
    days = pc.floor_temporal(column, unit="day")
    if pc.all(pc.equal(days, column), min_count=0).as_py():
        return column.cast(pa.date32(), safe=False).cast(pa.string())
    return _without_empty_fraction(column.cast(pa.string()))


def _without_empty_fraction(text: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring_regex(text, r"(:\d\d(?:\.\d*?[1-9])?)\.?0*$", r"\1")
