"""What the generator gives: files to write, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Kind = Literal["japanese", "english"]
Content = Literal["customers", "orders"]


class BrokenLine(NamedTuple):
    """A line that no reader can take for a row, after so many readable rows."""

    after: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFile:
    """A file to write.

    Attributes
    ----------
    name
        The file's name.
    content
        What its rows are.
    table
        The readable rows, all text; null is an empty cell.
    encoding
        ``"cp932"``, ``"utf-8-sig"`` or ``"utf-8"``.
    line_end
        What ends a line.
    broken
        Lines that cannot be read, in their order.
    """

    name: str
    content: Content
    table: pa.Table
    encoding: str
    line_end: str = "\n"
    broken: tuple[BrokenLine, ...] = ()

    def row_numbers(self) -> npt.NDArray[np.int64]:
        """Number of each row of `table` in the file, from 1; broken lines count as well."""
        rows = np.arange(self.table.num_rows)
        before = np.sort([line.after for line in self.broken])
        return rows + 1 + np.searchsorted(before, rows, side="right")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoData:
    """Made exports with everything known about them.

    Attributes
    ----------
    kind
        ``"japanese"`` or ``"english"``.
    files
        The exports: customer files first, then orders.
    truth
        Columns ``source`` (file name), ``row`` (from 1, the header not
        counted, broken lines counted), ``person``,
        ``household``; one row a readable row of the customer files, in their order. Persons
        and households are numbered; a number means nothing but "the same one".
    """

    kind: Kind
    files: tuple[DemoFile, ...]
    truth: pa.Table

    def of(self, content: Content) -> tuple[DemoFile, ...]:
        """The files that hold one kind of row."""
        return tuple(file for file in self.files if file.content == content)
