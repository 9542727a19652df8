"""The job of ``custseg undo``: the original values of a table, written as it was."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.undo import undo as restore
from custseg.errors import InputError
from custseg.jobs.given import give_back, refuse_without_text
from custseg.jobs.monitor import Monitor
from custseg.jobs.originals import ORIGINALS, put_back
from custseg.jobs.runs import file_format, stems, warn_unwritable
from custseg.jobs.standardize import TABLES
from custseg.jobs.stored import find_stored, read_stored
from custseg.tables import InputRecord, atomic_file, read_manifest, write_table
from custseg.tables.layout import Layout, laid_out


def undo(
    run: str | Path,
    output: str | Path,
    *,
    source: str | None = None,
    encoding: str | None = None,
    force: bool = False,
    monitor: Monitor | None = None,
) -> None:
    """Write a standardized table with the original values of every changed cell.

    A CSV of a delimited text is written as that was: encoding with its byte order mark,
    delimiter, quotes and line ends. Where the bytes are others all the same (quotes without a
    rule, blank lines, lines above the header, rows in quarantine, compression), `monitor` is
    told. Parquet of Parquet has the values, the types and the names of the input, not its bytes.

    Parameters
    ----------
    run
        Folder of a ``custseg standardize`` run.
    output
        File to write, or ``"-"``. Its ending names the format; CSV where it names none.
    source
        Which input, where the run had several.
    encoding
        Encoding of a CSV file, with commas and LF; None for one like the input.

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
    given = next(each for each in manifest.inputs if each.name == source)
    with monitor.stage("read"):
        restored = _restored(folder, given, f"{TABLES}/{names[source]}")
    format_ = file_format(output) or "csv"
    if given.format == "parquet":
        whole = give_back(folder, names[source], restored)
        if format_ == "parquet":
            restored = whole
        else:
            refuse_without_text(whole, source)
    with monitor.stage("write"):
        if format_ != "csv" or encoding is not None or given.layout is None:
            with atomic_file(output, force=force) as file:
                lost = write_table(restored, file, format=format_, encoding=encoding or "utf-8")
            warn_unwritable(monitor, str(output), lost)
            if given.format == "xlsx":
                monitor.warn("undo.excel", name=source)
            elif given.format == "parquet" and format_ != "parquet":
                monitor.warn("undo.parquet_as_text", name=source)
            return
        sha256 = _write_as_it_was(restored, output, given.encoding, given.layout, force)
    if given.quarantined:
        monitor.warn("undo.quarantined", name=source, count=given.quarantined)
    elif given.compression:
        monitor.warn("undo.compressed", name=source, compression=given.compression)
    elif sha256 != given.sha256:
        monitor.warn("undo.other_bytes", name=source)


def _restored(folder: Path, given: InputRecord, name: str) -> pa.Table:
    table = read_stored(folder, name, keep=True).select(range(given.columns))
    if find_stored(folder, ORIGINALS) is not None:
        table = put_back(table, read_stored(folder, ORIGINALS), name)
    changes = read_stored(folder, "changes")
    rows = read_stored(folder, "rows")
    own = rows.filter(pc.equal(rows.column("source"), given.name)).column("row").cast(pa.int64())
    return restore(table, changes, source=given.name, rows=own.combine_chunks())


def _write_as_it_was(
    table: pa.Table, output: str | Path, encoding: str, layout: Layout, force: bool
) -> str:
    """Write a table in the layout and the encoding of its input; give the SHA-256 of the bytes."""
    try:
        for _ in laid_out(table, layout, encoding):
            pass
    except UnicodeEncodeError:
        # Windows writes ① in EUC-JP, which has no code for it.
        encoding = "utf-8"
    digest = hashlib.sha256()
    with atomic_file(output, force=force) as file:
        for piece in laid_out(table, layout, encoding):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()
