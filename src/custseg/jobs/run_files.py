"""The files of finished runs: found, read as what they are, written again in the same form."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from custseg.base import Base
from custseg.errors import InputError
from custseg.jobs.runs import WORKBOOK
from custseg.jobs.stored import read_run_table
from custseg.tables import read_manifest, write_table
from custseg.tables.excel import read_workbook
from custseg.tables.files import private_file
from custseg.tables.manifest import MANIFEST
from custseg.tables.model import Format
from custseg.tables.workbook import write_workbook

TABLE_ENDINGS: Final[Mapping[str, Format]] = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
MACHINE_FOLDERS: Final = ("lists",)
"""Folders whose files are made for platforms: lines to the byte, some without a header."""

FOR_PEOPLE: Final = ("basket",)
"""Commands whose folders of these names hold lists for people instead."""


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table of a run, or the sheets of a workbook by their names, and how it is written."""

    sheets: Mapping[str, pa.Table]
    format: Format
    encoding: str

    @property
    def table(self) -> pa.Table:
        """The table; of a workbook, its first sheet."""
        return next(iter(self.sheets.values()))

    def write(self, sheets: Mapping[str, pa.Table], path: Path) -> None:
        """Write what was read, with other rows, in the same form."""
        with private_file(path) as file:
            if self.format == "xlsx":
                write_workbook(sheets, file)
            else:
                (table,) = sheets.values()
                write_table(table, file, format=self.format, encoding=self.encoding)


def run_folders(given: Iterable[str | Path]) -> list[Path]:
    """Find the run folders named, or standing directly in the folders named; each once.

    Raises
    ------
    InputError
        If a folder is no run and holds none.
    """
    found: dict[Path, None] = {}
    for each in given:
        folder = Path(each).resolve()
        if (folder / MANIFEST).is_file():
            found[folder] = None
            continue
        inside = sorted(
            child.resolve()
            for child in (folder.iterdir() if folder.is_dir() else ())
            if (child / MANIFEST).is_file() and not child.name.startswith(".")
        )
        if not inside:
            raise InputError("tables.not_a_run", path=str(each))
        found.update(dict.fromkeys(inside))
    # What stands inside another run is written anew with it.
    return [each for each in found if not found.keys() & set(each.parents)]


def known_folders(base: Base) -> list[Path]:
    """List the folders of the runs that a base knows and that are still there."""
    found = base.sql("SELECT DISTINCT folder FROM {runs} WHERE folder <> '' ORDER BY folder")
    folders = [Path(each) for each in found["folder"].to_pylist()]
    return [each for each in folders if (each / MANIFEST).is_file()]


def files_of(folder: Path) -> list[Path]:
    """List the files of a run, those of runs inside it too, by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def is_machine_file(folder: Path, path: Path) -> bool:
    """Tell whether a file was written for a platform."""
    inside = any(part in MACHINE_FOLDERS for part in path.relative_to(folder).parts[:-1])
    return inside and read_manifest(folder).command not in FOR_PEOPLE


def is_table(path: Path) -> bool:
    """Tell whether a file holds rows; the workbook of a report holds totals and charts."""
    return path.suffix in TABLE_ENDINGS and path.name != WORKBOOK


def read_any(path: Path) -> StoredTable:
    """Read a table of a run: Parquet and workbooks with their types, CSV as text.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    format_ = TABLE_ENDINGS[path.suffix]
    if format_ == "parquet":
        try:
            return StoredTable({"": pq.read_table(path)}, format_, "utf-8")
        except (pa.ArrowException, OSError) as error:
            raise InputError("runs.damaged", path=str(path)) from error
    if format_ == "xlsx":
        return StoredTable(read_workbook(path.read_bytes(), path.name), format_, "utf-8")
    read = read_run_table(path)
    return StoredTable({"": read.table}, format_, read.encoding or "utf-8")


def copy_private(source: Path, target: Path) -> None:
    """Copy a file; only its owner may read the copy."""
    with source.open("rb") as old, private_file(target) as new:
        shutil.copyfileobj(old, new)


@contextlib.contextmanager
def manifest_data(path: Path) -> Iterator[dict[str, Any]]:
    """Give a manifest's data to change, and write it again at the end."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    yield data
    path.unlink()
    with private_file(path) as file:
        file.write((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
