"""Reading back what an earlier run wrote."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from custseg.errors import InputError
from custseg.tables import FORMATS, ReadOptions, TableRead, read_table
from custseg.tables.encoding import is_utf8


def find_stored(folder: Path, name: str) -> Path | None:
    """Give the file of the table `name` in a run, whatever its format; None for none."""
    candidates = (folder / f"{name}.{format_}" for format_ in FORMATS)
    return next((path for path in candidates if path.is_file()), None)


def read_stored(folder: Path, name: str, *, keep: bool = False) -> pa.Table:
    """Read the table `name` of a run as text; where `keep`, what has no text is empty.

    Raises
    ------
    InputError
        If the run has no such table, or it cannot be read.
    """
    path = find_stored(folder, name)
    if path is None:
        raise InputError("runs.no_table", path=str(folder), name=name)
    return read_run_table(path, keep=keep).table


def read_run_table(path: Path, *, keep: bool = False) -> TableRead:
    """Read a table that custseg wrote as text; where `keep`, what has no text is empty.

    CSV is in UTF-8, or in cp932 where the user asked for it: nothing is guessed.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    csv = path.suffix == ".csv"
    options = ReadOptions(
        encoding=_encoding(path) if csv else None,
        delimiter="," if csv else None,
        on_bad_rows="fail",
        allow_empty=True,
        keep=keep,
    )
    return read_table(path, options)


def _encoding(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        return "utf-8"  # the reader will say why
    if not is_utf8(data):
        return "cp932"
    return "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"


def read_stored_json(folder: Path, name: str) -> dict[str, Any]:
    """Read a JSON file of a run.

    Raises
    ------
    InputError
        If the run has no such file, or it is damaged.
    """
    path = folder / name
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError("runs.no_table", path=str(folder), name=name) from error
    except (OSError, ValueError) as error:
        raise InputError("runs.damaged", path=str(path)) from error
    return data


Kept = TypeVar("Kept", covariant=True)


class Summary(Protocol[Kept]):
    """A class of summaries that can be read back from plain data."""

    def from_json(self, data: Mapping[str, Any], /) -> Kept:
        """Take plain data."""
        ...


def read_summary(folder: Path, kind: Summary[Kept]) -> Kept:
    """Read the ``summary.json`` of a run as what its command wrote.

    Raises
    ------
    InputError
        If there is none, it is damaged, or another version of custseg wrote it otherwise.
    """
    data = read_stored_json(folder, "summary.json")
    try:
        return kind.from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError("runs.other_version", path=str(folder / "summary.json")) from error
