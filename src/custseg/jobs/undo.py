"""The job of ``custseg undo``: the original values of a standardized table."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.undo import undo as put_back
from custseg.errors import InputError
from custseg.jobs.monitor import Monitor
from custseg.jobs.runs import file_format, stems
from custseg.jobs.standardize import TABLES
from custseg.jobs.stored import read_stored
from custseg.tables import atomic_file, read_manifest, write_table


def undo(
    run: str | Path,
    output: str | Path,
    *,
    source: str | None = None,
    encoding: str = "utf-8",
    force: bool = False,
    monitor: Monitor | None = None,
) -> None:
    """Write a standardized table with the original values of every changed cell.

    Parameters
    ----------
    run
        Folder of a ``custseg standardize`` run.
    output
        File to write, or ``"-"``. Its ending names the format; CSV where it names none.
    source
        Which input, where the run had several.
    encoding
        Encoding of a CSV file.

    Raises
    ------
    InputError
        If the run is no run of ``standardize``, or `source` is needed and names no input.
    """
    folder = Path(run)
    monitor = monitor or Monitor()
    manifest = read_manifest(folder)
    if manifest.command != "standardize":
        raise InputError("undo.not_standardized", path=str(folder), command=manifest.command)
    names = stems(each.name for each in manifest.inputs)
    if source is None and len(names) == 1:
        (source,) = names
    if source not in names:
        raise InputError("undo.which_source", path=str(folder), sources=", ".join(names))
    with monitor.stage("read"):
        table = read_stored(folder, f"{TABLES}/{names[source]}")
        changes = read_stored(folder, "changes")
        rows = read_stored(folder, "rows")
    own = rows.filter(pc.equal(rows.column("source"), source)).column("row").cast(pa.int64())
    given = next(each.columns for each in manifest.inputs if each.name == source)
    restored = put_back(
        table.select(range(given)), changes, source=source, rows=own.combine_chunks()
    )
    format_ = file_format(output) or "csv"
    with monitor.stage("write"), atomic_file(output, force=force) as file:
        write_table(restored, file, format=format_, encoding=encoding)
