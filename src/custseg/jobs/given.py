"""Columns of Parquet and of frames as they were: kept beside the standardized text.

Standard values are text. What has no standard form stays what it is, with its type, where the
output can hold it; and ``undo`` finds the columns here that their text does not give back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from custseg.cleanse.standardize.columns import base_role
from custseg.errors import InputError
from custseg.fields.registry import roles as known_roles
from custseg.jobs.stored import find_stored
from custseg.tables import RunFolder, TableRead
from custseg.tables.parquet import keeps_type
from custseg.tables.read import TITLE
from custseg.tables.texts import has_text

GIVEN: Final = "given"
"""Folder of a run that holds them."""


def without_text(read: TableRead) -> list[str]:
    """Name the columns of an input that are no text: lists, structures, raw bytes."""
    return [] if read.given is None else _without_text(read.given)


def is_time(read: TableRead, column: str) -> bool:
    """Whether a column of an input holds days or times as such, not as text."""
    return read.given is not None and pa.types.is_temporal(read.given.schema.field(column).type)


def refuse_without_text(table: pa.Table, name: str) -> None:
    """Refuse a table with a column that only Parquet can hold.

    Raises
    ------
    InputError
        If there is one.
    """
    for column in _without_text(table):
        kind = str(table.schema.field(column).type)
        raise InputError("tables.only_parquet", name=name, column=column, type=kind)


def _without_text(table: pa.Table) -> list[str]:
    return [
        name
        for name, column in zip(table.column_names, table.columns, strict=True)
        if not has_text(column)
    ]


def with_types(table: pa.Table, read: TableRead, roles: Mapping[str, str]) -> pa.Table:
    """Give the columns of a standardized table back that have no standard form, or have it.

    Those are the ones that no role is known of, or none with a form; and numbers, days and truth
    values that standardizing left as they are. What changed is text, as is every text.

    Parameters
    ----------
    table
        Columns of text, those of the input first.
    read
        The input.
    roles
        Role by column.
    """
    if read.given is None:
        return table
    known = known_roles()
    for place, name in enumerate(read.table.column_names):
        role = roles.get(name)
        field = read.given.schema.field(name).remove_metadata()
        formless = role is None or known[base_role(role)].standardizer is None
        if formless or (keeps_type(field.type) and table[name].equals(read.table[name])):
            table = table.set_column(place, field, read.given.column(name))
    return table


def add_given(folder: RunFolder, reads: Iterable[TableRead], names: Mapping[str, str]) -> None:
    """Keep what the text of an input does not say: types, and empty text where others have none.

    Parameters
    ----------
    folder
        The run.
    reads
        The inputs.
    names
        Of the files, by the names of the inputs.
    """
    for read in reads:
        if read.format == "parquet" and read.given is not None:
            places = [
                place
                for place, field in enumerate(read.given.schema)
                if field.metadata or not _is_its_text(read.given.column(place))
            ]
            kept = read.given.select(places).replace_schema_metadata(read.given.schema.metadata)
            if places or kept.schema.metadata:
                folder.add_table(f"{GIVEN}/{names[read.name]}", kept, "parquet")


def give_back(folder: Path, name: str, texts: pa.Table) -> pa.Table:
    """Give the columns of an input their own values, types and names back.

    Raises
    ------
    InputError
        If what was kept is damaged.
    """
    path = find_stored(folder, f"{GIVEN}/{name}")
    if path is None:
        return texts
    try:
        kept = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError("runs.damaged", path=str(path)) from error
    if kept.num_columns and kept.num_rows != texts.num_rows:
        raise InputError("runs.damaged", path=str(path))
    fields, columns = [], []
    for title, column in zip(texts.column_names, texts.columns, strict=True):
        place = kept.schema.get_field_index(title)
        field = pa.field(title, column.type) if place < 0 else kept.schema.field(place)
        metadata = dict(field.metadata or {})
        own = metadata.pop(TITLE, title.encode()).decode()
        fields.append(field.with_name(own).with_metadata(metadata))
        columns.append(column if place < 0 else kept.column(place))
    return pa.table(columns, schema=pa.schema(fields, kept.schema.metadata))


def _is_its_text(column: pa.ChunkedArray) -> bool:
    return bool(
        pa.types.is_string(column.type) and not pc.any(pc.equal(column, ""), min_count=0).as_py()
    )
