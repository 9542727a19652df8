"""The changed cells of a run: listed from its tables, or read back once they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from custseg.cleanse.standardize.table import CHANGES, StandardizedTable
from custseg.jobs.stored import read_stored
from custseg.tables import RunFolder
from custseg.tables.model import Format

CHANGES_TABLE: Final = "changes"


class Changes:
    """What standardizing changed, of all the inputs of a run.

    A table of a million rows may have five million changes, and to list them takes the cells
    as they were. Neither is kept once the changes are in the run's folder.

    Parameters
    ----------
    standardized
        The inputs' tables.
    """

    def __init__(self, standardized: Sequence[StandardizedTable]) -> None:
        self._standardized = tuple(standardized)
        self._run: Path | None = None

    def table(self) -> pa.Table:
        """List every change (schema :data:`CHANGES`).

        Raises
        ------
        InputError
            If they were written, and the run's folder is gone since.
        """
        if self._run is None:
            parts = [CHANGES.empty_table(), *self._by_column()]
            return pa.concat_tables(parts).unify_dictionaries()
        stored = read_stored(self._run, CHANGES_TABLE).select(CHANGES.names)
        return stored.cast(CHANGES)

    def write(self, folder: RunFolder, run: Path, format_: Format) -> int:
        """Write them into the folder of what will be the run at `run`; give their number."""
        rows = folder.add_parts(CHANGES_TABLE, CHANGES, self._by_column(), format_)
        self._run, self._standardized = run, ()
        return rows

    def _by_column(self) -> Iterator[pa.Table]:
        return (part for each in self._standardized for part in each.changes_by_column())
