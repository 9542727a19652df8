"""``manifest.json``: what made a run, from what, and what came out. Written last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from custseg.errors import InputError
from custseg.tables.layout import Layout
from custseg.tables.model import TableRead

MANIFEST: Final = "manifest.json"
FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRecord:
    """An input of a run: `header` are the names of its columns, `layout` is how it was written."""

    name: str
    format: str
    encoding: str
    rows: int
    columns: int
    quarantined: int
    bytes: int
    sha256: str
    header: tuple[str, ...] = ()
    compression: str = ""
    layout: Layout | None = None

    @classmethod
    def of(cls, read: TableRead) -> Self:
        """Take the facts of a table that was read."""
        return cls(
            name=read.name,
            format=read.format,
            encoding=read.encoding,
            rows=read.table.num_rows,
            columns=read.table.num_columns,
            quarantined=read.quarantine.num_rows,
            bytes=read.bytes,
            sha256=read.sha256,
            header=tuple(read.table.column_names),
            compression=read.compression,
            layout=read.layout,
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Take plain data; an earlier version wrote less of it."""
        layout = data.get("layout")
        header = tuple(data.get("header", ()))
        return cls(**{**data, "header": header, "layout": layout and Layout(**layout)})


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRecord:
    """A file of a run; `rows` is None where it is no table."""

    name: str
    rows: int | None
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The record of a run. Holds counts and names, never a customer's cell.

    Attributes
    ----------
    command, version
        Which command of which custseg made the run.
    run_id
        Same for the same command, version, config and inputs: see :func:`run_id`.
    config
        Every setting by name; the values are plain data (a value and its origin).
    inputs, outputs
        Inputs in the order of reading, outputs by name.
    counts
        Numbers of the run by name.
    warnings
        Message key and parameters of each.
    started
        ISO time of the start; with `seconds` and `peak_memory` the only part that differs
        between two runs of the same on the same.
    seconds
        Wall-clock time by stage.
    peak_memory
        Of the process that made the run, its workers aside, in bytes.
    """

    command: str
    version: str
    run_id: str
    config: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[InputRecord, ...] = ()
    outputs: tuple[OutputRecord, ...] = ()
    counts: Mapping[str, int | float] = field(default_factory=dict)
    warnings: tuple[Mapping[str, Any], ...] = ()
    started: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_memory: int = 0

    def to_json(self) -> str:
        """Give the file's text."""
        data = {"custseg": FORMAT_VERSION, **asdict(self)}
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Take the file's text.

        Raises
        ------
        ValueError, TypeError, KeyError
            If it is not the text of a manifest.
        """
        data = json.loads(text)
        del data["custseg"]
        data["inputs"] = tuple(map(InputRecord.from_data, data["inputs"]))
        data["outputs"] = tuple(OutputRecord(**each) for each in data["outputs"])
        data["warnings"] = tuple(data["warnings"])
        return cls(**data)


def run_id(
    command: str, version: str, config: Mapping[str, Any], inputs: tuple[InputRecord, ...]
) -> str:
    """Give 12 hexadecimal digits that stand for everything a run's result depends on."""
    parts = [command, version, config, [(each.name, each.sha256) for each in inputs]]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_manifest(folder: Path) -> Manifest:
    """Read a run's manifest.

    Raises
    ------
    InputError
        If the folder is missing or no run, the manifest is damaged, or a newer custseg made it.
    """
    path = folder / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError("tables.not_a_run", path=str(folder)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("tables.manifest_damaged", path=str(path)) from error
    try:
        made_by = json.loads(text)["custseg"]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("tables.not_a_run", path=str(folder)) from error
    if not isinstance(made_by, int) or made_by > FORMAT_VERSION:
        raise InputError("tables.manifest_newer", path=str(folder))
    try:
        return Manifest.from_json(text)
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("tables.manifest_damaged", path=str(path)) from error
