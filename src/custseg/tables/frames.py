"""Tables that are in memory already: pandas frames and Arrow tables."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custseg.errors import InputError
from custseg.tables.model import QUARANTINE_SCHEMA, TableRead
from custseg.tables.texts import NotTextError, column_as_text

if TYPE_CHECKING:
    import pandas as pd


def read_frame(frame: pd.DataFrame | pa.Table, name: str) -> TableRead:
    """Take a table in memory as if it had been read from a file.

    Parameters
    ----------
    frame
        A pandas frame, whose index is not used, or an Arrow table. Neither is changed.
    name
        What to call it in ``source`` columns.

    Raises
    ------
    InputError
        If a column is of a type that has no plain text, or two columns share a name.
    """
    if isinstance(frame, pa.Table):
        given = frame
    else:
        titles = [str(title) for title in frame.columns]
        given = pa.Table.from_pandas(frame.set_axis(titles, axis=1), preserve_index=False)
    names = given.column_names
    repeated = sorted({title for title in names if names.count(title) > 1})
    if repeated:
        raise InputError("tables.duplicate_columns", name=name, columns=", ".join(repeated))
    columns = {}
    for title, column in zip(names, given.columns, strict=True):
        try:
            columns[title] = column_as_text(column)
        except NotTextError as error:
            raise InputError(
                "tables.not_text", name=name, column=title, type=str(column.type)
            ) from error
    table = pa.table(columns)
    return TableRead(
        table=table,
        rows=pa.array(np.arange(1, table.num_rows + 1)),
        name=name,
        format="csv",
        quarantine=QUARANTINE_SCHEMA.empty_table(),
        sha256=_digest(table),
        bytes=table.nbytes,
    )


def _digest(table: pa.Table) -> str:
    """SHA-256 of the cells, so that a run on a frame names its input like one on a file."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()
