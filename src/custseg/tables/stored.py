"""Large Parquet files that stay on disk: what they hold is told by their footer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet

from custseg.engine import ParquetScan, ScanPart
from custseg.hashing import sha256_of
from custseg.tables.model import QUARANTINE_SCHEMA, ReadOptions, TableRead
from custseg.tables.parquet import check_size, keeps_type

_MAGIC: Final = b"PAR1"


def scan_parquet(path: Path, name: str, options: ReadOptions) -> TableRead | None:
    """Look at a Parquet file without reading its rows; None where it has to be read.

    As :func:`scan_of`, but the file's hash is taken, too, if ``options.sha256`` does not know it.
    """
    scan = scan_of(path, name, options)
    if scan is None:
        return None
    try:
        digest, size = (options.sha256 or sha256_of)(path), path.stat().st_size
    except OSError:
        return None
    return TableRead(
        table=pa.table(dict.fromkeys(scan.schema.names, pa.nulls(scan.num_rows))),
        rows=pa.array([], pa.int64()),
        name=name,
        format="parquet",
        quarantine=QUARANTINE_SCHEMA.empty_table(),
        sha256=digest,
        bytes=size,
        scan=scan,
    )


def scan_of(path: Path, name: str, options: ReadOptions) -> ParquetScan | None:
    """Give a Parquet file as a scan, by its footer alone; None where it has to be read.

    It has to where it is small or damaged, or a column is of a kind, or has a name, that reading
    would change. Columns of numbers, days and truth values keep their type, as with
    ``options.typed``; the others are text.

    Raises
    ------
    LimitError
        If it would unpack past the bounds.
    """
    try:
        with path.open("rb") as stored:
            if stored.read(len(_MAGIC)) != _MAGIC:
                return None
            size = stored.seek(0, os.SEEK_END)
            file = pa.parquet.ParquetFile(stored)
            metadata, schema = file.metadata, file.schema_arrow
    except (OSError, ValueError, pa.ArrowException):
        return None
    kinds = [_plain(field.type) for field in schema]
    names = list(schema.names)
    if options.scan_rows is None or metadata.num_rows < options.scan_rows or None in kinds:
        return None
    if any(not title or title != title.strip("\ufeff\u3000 \t\r\n") for title in names):
        return None
    if len({title.casefold() for title in names}) < len(names):  # SQL takes Id for id
        return None
    check_size(metadata, size, name, options.max_bytes)
    return ParquetScan(
        (ScanPart(path, name, dict(zip(names, names, strict=True))),),
        pa.schema(list(zip(names, kinds, strict=True))),
        metadata.num_rows,
        _filled(metadata),
    )


def _filled(metadata: pa.parquet.FileMetaData) -> frozenset[str]:
    """Columns without a null, by the statistics of every group of rows."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    return frozenset(
        metadata.schema.column(place).path
        for place in range(metadata.num_columns)
        if all(
            (told := group.column(place).statistics) is not None
            and told.has_null_count
            and not told.null_count
            for group in groups
        )
    )


def _plain(kind: pa.DataType) -> pa.DataType | None:
    """Give the type of a column as a scan has it; None for what a read would have to change."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_decimal256(kind) or not keeps_type(kind):
        return None
    return kind
