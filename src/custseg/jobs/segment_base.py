"""What a base remembers of segmentations: the run before, and who was in which segment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

import custseg
from custseg.base import Base, NewList, RunEntry, write_lists
from custseg.base.model import MEMBERS
from custseg.errors import InputError
from custseg.jobs.audience_past import as_input
from custseg.jobs.customers import CustomersInput
from custseg.jobs.kept import Kept
from custseg.jobs.runs import RunContext
from custseg.segment.contacts import ContactList
from custseg.tables import TableRead, read_manifest

_LOOKED_AT: Final = 50


def begin_segments(
    kept: Kept,
    context: RunContext,
    reads: Sequence[TableRead],
    customers: CustomersInput,
    output: Path | None,
) -> Path | None:
    """Begin a run in the base; give the folder of the run before, where it is still there.

    A run of the same orders, customers and settings is this run again, and not the one before.
    """
    inputs = [*reads, *([] if customers is None else [as_input(customers, "customers")])]
    entry = RunEntry(
        run_id=context.run_id(inputs),
        command=context.command,
        version=custseg.__version__,
        started=context.began,
    )
    before = _folder_before(kept.base, entry)
    kept.begin(entry, output)
    return before


def remember_segments(kept: Kept, lists: Iterable[ContactList]) -> None:
    """Say who is in which segment now; a segment that nobody is in any more is empty."""
    members = {each.summary.file: each.members for each in lists}
    names = {each.summary.file: each.summary.segment for each in lists}
    # A segment and a rule may have one name; their files have not.
    chosen = {
        file: name if list(names.values()).count(name) == 1 else file
        for file, name in names.items()
    }
    base = kept.base
    known = base.sql("SELECT name FROM {lists} WHERE kind = 'segment'")["name"].to_pylist()
    nobody = MEMBERS.empty_table()
    tables = dict.fromkeys(known, nobody)
    tables |= {chosen[file]: pa.table({"customer_id": ids.sort()}) for file, ids in members.items()}
    write_lists(base, "segment", {name: NewList(tables[name]) for name in sorted(tables)})
    counts = {name: table.num_rows for name, table in sorted(tables.items())}
    base.count(counts)
    kept.tell("segment", counts)


def _folder_before(base: Base, entry: RunEntry) -> Path | None:
    """Find the last run of another id whose folder is as it left it."""
    runs = base.sql(
        "SELECT folder, started FROM {runs} WHERE command = ? AND run_id <> ? AND folder <> '' "
        "ORDER BY run DESC LIMIT ?",
        [entry.command, entry.run_id, _LOOKED_AT],
    )
    for run in runs.to_pylist():
        folder = Path(run["folder"])
        try:
            manifest = read_manifest(folder)
        except InputError:  # moved, or cleared away
            continue
        if (manifest.command, manifest.started) == (entry.command, run["started"]):
            return folder
    return None
