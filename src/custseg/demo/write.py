"""Made exports as files, with the truth beside them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.demo.model import DemoData, DemoFile
from custseg.messages import LANGUAGES, text
from custseg.tables.files import atomic_file
from custseg.tables.write import write_table

TRUTH_FILE: Final = "truth.csv"
README_FILE: Final = "README.txt"


def write(data: DemoData, folder: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write the exports, ``truth.csv`` and a ``README.txt`` that says they are invented.

    Parameters
    ----------
    folder
        Made where it does not exist.
    force
        Whether files of these names may be replaced.

    Returns
    -------
    tuple of Path
        The exports, in the order of ``data.files``.

    Raises
    ------
    UsageError
        If a file exists, without `force`.
    InputError, LimitError
        If the folder cannot be written, or the disk is full.
    """
    paths = tuple(folder / file.name for file in data.files)
    for file, path in zip(data.files, paths, strict=True):
        _write_bytes(export_bytes(file), path, force=force)
    write_table(_as_text(data.truth), folder / TRUTH_FILE, force=force)
    _write_bytes(_readme(data).encode(), folder / README_FILE, force=force)
    return paths


def export_bytes(file: DemoFile) -> bytes:
    """Give the bytes of one export, with its broken lines in their places."""
    made = BytesIO()
    write_table(file.table, made, encoding=file.encoding)
    content = made.getvalue()
    if not file.broken:
        return content.replace(b"\n", file.line_end.encode())
    # No made cell holds a line end, so that a line is a row, after the header's.
    lines = content.split(b"\n")
    plain = file.encoding.removesuffix("-sig")
    for broken in sorted(file.broken, key=lambda line: line.after)[::-1]:
        lines.insert(broken.after + 1, broken.text.encode(plain))
    return file.line_end.encode().join(lines)


def _write_bytes(content: bytes, path: Path, *, force: bool) -> None:
    with atomic_file(path, force=force) as target:
        target.write(content)


def _as_text(table: pa.Table) -> pa.Table:
    return pa.table({name: pc.cast(table[name], pa.string()) for name in table.column_names})


def _readme(data: DemoData) -> str:
    rows, persons = data.truth.num_rows, len(pc.unique(data.truth["person"]))
    return "\n".join(
        text("demo.readme", language, rows=f"{rows:,}", persons=f"{persons:,}")
        for language in LANGUAGES
    )
