"""Cells of standardized tables that their encoding does not give back, kept for ``undo``.

In cp932 𠮷 becomes 〓, and 〜 the sign that Windows has for it. What a cell was, if standardizing
left it alone, would stand nowhere: here it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.tables import RunFolder
from custseg.tables.encode import written_otherwise
from custseg.tables.model import codec_name
from custseg.tables.texts import bounded_batches

ORIGINALS: Final = "originals"
"""The table of a run that holds them."""

_SCHEMA: Final = pa.schema(
    [("table", pa.string()), ("place", pa.int64()), ("column", pa.string()), ("value", pa.string())]
)


def add_originals(folder: RunFolder, tables: Mapping[str, pa.Table], encoding: str) -> None:
    """Keep the cells of tables that an encoding writes otherwise; no file for none."""
    codec = codec_name(encoding)
    if codec in ("utf-8", "utf-8-sig"):
        return
    found = [each for name, table in tables.items() for each in _of_table(name, table, codec)]
    if found:
        folder.add_table(ORIGINALS, pa.concat_tables(found), "parquet")


def _of_table(name: str, table: pa.Table, codec: str) -> Iterable[pa.Table]:
    start = 0
    for batch in bounded_batches(table):
        for title, column in zip(batch.schema.names, batch.columns, strict=True):
            places = pc.indices_nonzero(written_otherwise(column, codec)).cast(pa.int64())
            if len(places):
                values = column.take(places)
                cells = (
                    pa.repeat(pa.scalar(name), len(places)),
                    pc.add(places, start),
                    pa.repeat(pa.scalar(title), len(places)),
                    values,
                )
                yield pa.table(list(cells), schema=_SCHEMA)
        start += batch.num_rows


def put_back(table: pa.Table, originals: pa.Table, name: str) -> pa.Table:
    """Give the cells of one table back that its encoding did not hold."""
    mine = originals.filter(pc.equal(originals.column("table"), name))
    for title in pc.unique(mine.column("column")).to_pylist():
        at = table.schema.get_field_index(title)
        if at < 0:
            continue
        cells = mine.filter(pc.equal(mine.column("column"), title)).combine_chunks()
        places = cells.column("place").cast(pa.int64())
        where = pc.index_in(pa.array(range(table.num_rows)), places.combine_chunks())
        values = cells.column("value").combine_chunks().take(where)
        current = table.column(at).combine_chunks()
        table = table.set_column(at, title, pc.if_else(pc.is_valid(where), values, current))
    return table
