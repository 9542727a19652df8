"""Columns of which a query needs the distinct values alone, with the place of each row's."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from custseg.engine.scan import ParquetScan, ScanPart
from custseg.errors import InputError


def encoded_columns(
    table: pa.Table | ParquetScan, names: Sequence[str]
) -> dict[str, pa.ChunkedArray]:
    """Give columns of texts or whole numbers as places in one dictionary, in the order of the rows.

    Parquet mostly holds them as such, so that a column takes little more than its places.

    Raises
    ------
    InputError
        If a Parquet file is damaged.
    """
    if not names:
        return {}
    if isinstance(table, ParquetScan):
        table = pa.concat_tables(_read(part, table.schema, names) for part in table.parts)
    return {name: _encoded(table[name]) for name in names}


def _encoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.unify_dictionaries()


def _read(part: ScanPart, schema: pa.Schema, names: Sequence[str]) -> pa.Table:
    """Read columns of one file; one that it lacks is null."""
    from pyarrow import parquet

    there = [part.columns[name] for name in names if name in part.columns]
    try:
        file = parquet.ParquetFile(part.path, read_dictionary=there)
        read = file.read(there)
        columns = {}
        for name in names:
            if name in part.columns:
                column = read[part.columns[name]]
                if not pa.types.is_dictionary(column.type):
                    column = column.dictionary_encode()
                for chunk in column.chunks:
                    chunk.dictionary.validate(full=True)
            else:
                kind = pa.dictionary(pa.int32(), schema.field(name).type)
                column = pa.chunked_array([pa.nulls(file.metadata.num_rows, kind)])
            columns[name] = column
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError("tables.parquet_damaged", name=part.name) from error
    return pa.table(columns)
