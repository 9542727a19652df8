"""Columns of which a query needs the distinct values alone, with the place of each row's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from custseg.engine.scan import ParquetScan, ScanPart
from custseg.errors import InputError


def encoded_columns(
    table: pa.Table | ParquetScan, names: Sequence[str]
) -> dict[str, list[pa.DictionaryArray]]:
    """Give columns of texts or whole numbers as places in dictionaries, in the order of the rows.

    Parquet mostly holds them as such, each group of rows with a dictionary of its own, so that a
    column takes little more than its places.

    Raises
    ------
    InputError
        If a Parquet file is damaged.
    """
    if not isinstance(table, ParquetScan):
        return {name: [_encoded(table[name])] for name in names}
    found: dict[str, list[pa.DictionaryArray]] = {name: [] for name in names}
    for part in table.parts if names else ():
        for piece in _read(part, table.schema, names):
            for name, places in piece.items():
                found[name].append(places)
    return found


def _read(
    part: ScanPart, schema: pa.Schema, names: Sequence[str]
) -> Iterator[dict[str, pa.DictionaryArray]]:
    """Read columns of one file a group of rows at a time; one that it lacks is null."""
    from pyarrow import parquet

    there = {name: part.columns[name] for name in names if name in part.columns}
    nothing = {
        name: pa.dictionary(pa.int8(), schema.field(name).type)
        for name in names
        if name not in there
    }
    try:
        file = parquet.ParquetFile(part.path, read_dictionary=list(there.values()))
        for group in range(file.num_row_groups):
            read = file.read_row_group(group, list(there.values()))
            piece = {name: _small(_encoded(read[column])) for name, column in there.items()}
            rows = file.metadata.row_group(group).num_rows
            yield {**piece, **{name: pa.nulls(rows, kind) for name, kind in nothing.items()}}
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError("tables.parquet_damaged", name=part.name) from error


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    found = column.combine_chunks()
    if isinstance(found, pa.ChunkedArray):  # of no rows
        return pa.DictionaryArray.from_arrays(pa.array([], pa.int8()), pa.array([], column.type))
    return found


def _small(places: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same in the least memory; what is no text in the file is an error here."""
    places.dictionary.validate(full=True)
    number = len(places.dictionary)
    kind = pa.int8() if number < 2**7 else pa.int16() if number < 2**15 else pa.int32()
    return pa.DictionaryArray.from_arrays(places.indices.cast(kind), places.dictionary)
