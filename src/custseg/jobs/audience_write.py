"""Writing the lists: machine files to the letter, and what the next run compares with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.delta import Delta
from custseg.audience.platforms.engine import Rows
from custseg.audience.platforms.model import Platform
from custseg.audience.summary import PlatformFile
from custseg.jobs.audience_past import STATE
from custseg.jobs.runs import to_text
from custseg.tables import RunFolder

if TYPE_CHECKING:
    from custseg.jobs.audience import AudienceResult


@dataclass(frozen=True, slots=True)
class Made:
    """One list for one platform.

    Attributes
    ----------
    file
        Name of the list's folder.
    rows
        All of it.
    delta
        Against the last time; None where there was none.
    summary
        Its numbers.
    """

    file: str
    rows: Rows
    delta: Delta | None
    summary: PlatformFile


def write_audience(
    result: AudienceResult,
    platforms: Mapping[str, Platform],
    folder: RunFolder,
) -> dict[str, int]:
    """Write every file of a run but the manifest; give its counts."""
    files = []
    for made in result.made:
        platform = platforms[made.summary.platform]
        place = f"lists/{made.file}/{platform.name}"
        parts = _write_list(folder, place, made, platform)
        if platform.opt_outs:
            folder.add_table(f"{place}/opt_outs", pa.table({platform.opt_outs: result.opt_outs}))
        state = made.rows.table.add_column(0, "customer_id", made.rows.customer_id)
        folder.add_table(f"{STATE}/{made.file}.{platform.name}", state, "parquet")
        files.append(replace(made.summary, parts=parts))
    folder.add_table("rejects", _all_rejects(result))
    folder.add_table("assignments", result.assignments)
    summary = replace(result.summary, files=tuple(files))
    folder.add_text("summary.json", to_text(summary.to_json()))
    return {
        "customers": summary.customers,
        "lists": len(summary.lists),
        "rows": sum(each.rows for each in files),
        "added": sum(each.added for each in files),
        "removed": sum(each.removed for each in files),
        "held_out": summary.held_out,
    }


def _write_list(folder: RunFolder, place: str, made: Made, platform: Platform) -> int:
    """Write ``full``, ``added``, ``kept`` and ``removed``; give the parts of ``full``."""
    table = made.rows.table
    parts = _write(folder, f"{place}/full", table, platform)
    if made.delta is None:
        added, kept, removed = table, table.slice(0, 0), table.slice(0, 0)
    else:
        added = table.filter(pa.array(made.delta.added))
        kept = table.filter(pa.array(~made.delta.added))
        removed = made.delta.removed
    _write(folder, f"{place}/added", added, platform)
    _write(folder, f"{place}/kept", kept, platform)
    _write(folder, f"{place}/removed", removed, platform)
    return parts


def _write(folder: RunFolder, name: str, table: pa.Table, platform: Platform) -> int:
    parts = 0
    for suffix, columns in _files(table, platform):
        cut = list(_parts(columns, platform))
        parts = max(parts, len(cut))
        for number, part in enumerate(cut, start=1):
            numbered = f"{name}{suffix}-{number}" if len(cut) > 1 else f"{name}{suffix}"
            folder.add_table(numbered, part, header=platform.header)
    return parts


def _files(table: pa.Table, platform: Platform) -> Iterator[tuple[str, pa.Table]]:
    """Give the file as it is, or a file a kind of identifier where the platform wants that."""
    if not platform.one_column_a_file:
        yield "", table
        return
    for column in platform.columns:
        if column.identifier and column.name in table.column_names:
            values = table[column.name].combine_chunks().drop_null().unique()
            yield f"-{column.name}", pa.table({column.name: values})


def _parts(table: pa.Table, platform: Platform) -> Iterator[pa.Table]:
    """Cut a table that is too large for one file, by its rows and by its bytes."""
    most = platform.most_rows or len(table)
    if platform.most_bytes and len(table):
        longest = sum(_longest(column) + 3 for column in table.columns)
        head = sum(len(name.encode()) + 3 for name in table.column_names)
        most = min(most, max(1, (platform.most_bytes - head) // longest))
    for start in range(0, max(len(table), 1), max(most, 1)):
        yield table.slice(start, max(most, 1))


def _longest(column: pa.ChunkedArray) -> int:
    values = column.unique()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary
    return pc.max(pc.binary_length(values)).as_py() or 0


def _all_rejects(result: AudienceResult) -> pa.Table:
    parts = []
    for made in result.made:
        found = made.rows.rejects
        names = pa.array([made.summary.list] * len(found), pa.string())
        platforms = pa.array([made.summary.platform] * len(found), pa.string())
        parts.append(found.add_column(0, "list", names).add_column(1, "platform", platforms))
    return pa.concat_tables(parts)
