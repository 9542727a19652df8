"""Parquet: columns of any plain type, as text or as they are."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from custseg.errors import InputError, LimitError
from custseg.tables.content import grows_like_a_bomb
from custseg.tables.texts import NotTextError, text_or_nothing


def read_parquet(
    data: bytes, name: str, max_bytes: int, *, typed: bool = False, keep: bool = False
) -> tuple[pa.Table, list[pa.ChunkedArray]]:
    """Read every column; give them as they are, and their texts.

    Parameters
    ----------
    typed
        Whether what is no text stays what it is among the texts.
    keep
        Whether a column without plain text is empty, not an error.

    Raises
    ------
    InputError
        If the file is damaged, or a column has no plain text.
    LimitError
        If it would unpack past the bounds.
    """
    try:
        file = pa.parquet.ParquetFile(pa.BufferReader(data))
        check_size(file.metadata, len(data), name, max_bytes)
        table = file.read()
        table.validate()
    except LimitError:
        raise
    except (pa.ArrowMemoryError, MemoryError) as error:
        raise LimitError("tables.memory", name=name) from error
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise InputError("tables.parquet_damaged", name=name) from error
    return table, [
        _typed(values)
        if typed and keeps_type(values.type)
        else _text(values, column, name, keep=keep)
        for column, values in zip(table.column_names, table.columns, strict=True)
    ]


def keeps_type(kind: pa.DataType) -> bool:
    """Whether a value says the same as its text; a float32 does not: its text is shorter."""
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_float64(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_date(kind)
        or pa.types.is_timestamp(kind)
        or pa.types.is_boolean(kind)
    )


def _typed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a column as it is; no number is nothing."""
    if not pa.types.is_floating(values.type):
        return values
    return pc.if_else(pc.is_nan(values), None, values)


def check_size(metadata: pa.parquet.FileMetaData, stored: int, name: str, max_bytes: int) -> None:
    """Refuse a file that would unpack past the bounds."""
    groups = range(metadata.num_row_groups)
    unpacked = sum(metadata.row_group(group).total_byte_size for group in groups)
    # Repeated values pack a column of a billion rows into bytes; as text each takes some.
    unpacked = max(unpacked, metadata.num_rows * metadata.num_columns)
    if unpacked > max_bytes:
        raise LimitError("tables.too_large", name=name, limit=max_bytes >> 20)
    if grows_like_a_bomb(unpacked, stored):
        raise LimitError("tables.bomb", name=name, ratio=unpacked // stored)


def _text(values: pa.ChunkedArray, column: str, name: str, *, keep: bool) -> pa.ChunkedArray:
    try:
        return text_or_nothing(values, keep=keep)
    except NotTextError as error:
        raise InputError(
            "tables.not_text", name=name, column=column, type=str(values.type)
        ) from error
    except pa.ArrowException as error:
        raise InputError("tables.parquet_damaged", name=name) from error
