"""Parquet files that a query reads by itself: only the columns it needs, a piece at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa


def quoted(name: str) -> str:
    """Give a column's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Give a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class ScanPart:
    """One file of a scan.

    Attributes
    ----------
    path
        Where it is.
    name
        What errors, and the column ``source``, call it.
    columns
        Column of the scan → column of the file; a column that is not here is null.
    """

    path: Path
    name: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ParquetScan:
    """A table that stays in its files; :meth:`custseg.engine.Engine.sql` takes it for a table.

    Attributes
    ----------
    parts
        The files, whose rows follow one another.
    schema
        Names and types of the columns, as Arrow calls them. Of floating numbers no number is
        null. A column ``source`` that no part names holds the name of each part.
    num_rows
        Rows of all files.
    filled
        Columns that hold no null, as the files' own statistics say.
    """

    parts: tuple[ScanPart, ...]
    schema: pa.Schema
    num_rows: int
    filled: frozenset[str] = frozenset()

    @property
    def sql(self) -> str:
        """The query that reads the files."""
        return " UNION ALL ".join(self._part(part) for part in self.parts)

    def _part(self, part: ScanPart) -> str:
        cells = [f"{self._cell(part, field)} AS {quoted(field.name)}" for field in self.schema]
        return f"SELECT {', '.join(cells)} FROM read_parquet({literal(_escaped(part.path))})"  # noqa: S608

    def _cell(self, part: ScanPart, field: pa.Field) -> str:
        if field.name not in part.columns:
            return literal(part.name) if field.name == "source" else "NULL"
        column = quoted(part.columns[field.name])
        if pa.types.is_floating(field.type):
            return f"CASE WHEN isnan({column}) THEN NULL ELSE {column} END"
        return column


def _escaped(path: Path) -> str:
    """Give a path in which no sign stands for several files."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path.absolute()))
