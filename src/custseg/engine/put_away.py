"""Tables that wait on disk until they are asked for again: what memory is too small for."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class PutAway:
    """A table in a file of its own, as it is in memory."""

    path: Path

    @classmethod
    def write(cls, table: pa.Table, path: Path) -> Self:
        """Write a table; nobody else may read it."""
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        return cls(path)

    def table(self) -> pa.Table:
        """Read it."""
        with pa.OSFile(str(self.path)) as file:
            return pa.ipc.open_file(file).read_all()

    def mapped(self) -> pa.Table:
        """Give it without reading it: what is looked at comes into memory.

        It stays what it is when the file goes, but for systems that keep such files from going:
        there it is read.
        """
        if sys.platform == "win32":
            return self.table()
        with pa.memory_map(str(self.path)) as file:
            return pa.ipc.open_file(file).read_all()
