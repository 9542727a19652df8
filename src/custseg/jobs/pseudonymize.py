"""The job of ``custseg pseudonymize``: the tables of a run, without names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.config import Settings
from custseg.errors import InputError, LimitError
from custseg.jobs.audit import note
from custseg.jobs.keys import needed_key
from custseg.jobs.monitor import Monitor
from custseg.jobs.run_files import read_any
from custseg.jobs.runs import RunContext
from custseg.jobs.segment_plan import reference_date
from custseg.jobs.stored import find_stored
from custseg.privacy.pseudonyms import QUASI, anonymity, pseudonymize
from custseg.tables import RunFolder, read_manifest

TABLES: Final = ("customers", "scores", "profile")
"""Tables of a row a customer, of the runs that have them."""

K: Final = 5
"""Size below which a group is called small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PseudonymResult:
    """What was written.

    Attributes
    ----------
    rows
        Table → rows.
    removed
        Why → columns that were removed.
    columns
        By which people may look alike.
    k
        Size of the smallest group in what was written.
    least
        Size below which a group is small.
    groups
        How many small groups there were.
    small
        Rows in them.
    suppressed
        Whether these were left out.
    """

    rows: Mapping[str, int]
    removed: Mapping[str, tuple[str, ...]]
    columns: tuple[str, ...]
    k: int
    least: int
    groups: int
    small: int
    suppressed: bool


def pseudonymize_run(
    run: str | Path,
    output: str | Path,
    *,
    k: int | None = None,
    base: str | Path | None = None,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    force: bool = False,
    monitor: Monitor | None = None,
) -> PseudonymResult:
    """Write the customers, scores and profiles of a run by pseudonym.

    Parameters
    ----------
    run
        Folder of a clean or segment run.
    output
        Folder to write.
    k
        People in groups smaller than this are left out of every table; None leaves nobody out,
        and lists groups smaller than 5.
    base
        The base whose audit log is told.
    settings, origins
        Settings, and where each came from; ``segment.as_of`` is the day ages are counted by.
    force
        Whether an older run at `output` may be replaced.

    Raises
    ------
    InputError
        If the run has none of these tables.
    UsageError
        If there is no key.
    LimitError
        If nobody would be left.
    """
    chosen, monitor = settings or Settings(), monitor or Monitor()
    context = RunContext(command="pseudonymize", settings=chosen, origins=origins)
    folder = Path(run)
    manifest = read_manifest(folder)
    found = {name: path for name in TABLES if (path := find_stored(folder, name)) is not None}
    if not found:
        raise InputError("privacy.no_people", path=str(run), command=manifest.command)
    key = needed_key()
    as_of = reference_date(chosen) or context.started.date()
    with RunFolder(Path(output), force=force) as target:
        stored = {name: read_any(path) for name, path in found.items()}
        made = {name: pseudonymize(each.table, key, as_of) for name, each in stored.items()}
        together = _together({name: each.table for name, each in made.items()})
        checked = anonymity(together, k or K)
        gone = together["customer_id"].filter(pa.array(checked.small))
        tables = {name: each.table for name, each in made.items()}
        left = together
        if k is not None and checked.small.any():
            tables = {name: _without(table, gone) for name, table in tables.items()}
            left = _without(together, gone)
            if not left.num_rows:
                raise LimitError("privacy.nobody_left", k=k)
        for name, table in tables.items():
            form = stored[name]
            target.add_table(name, table, form.format, form.encoding)
        target.add_table("small_groups", checked.groups)
        result = PseudonymResult(
            rows={name: table.num_rows for name, table in tables.items()},
            removed={
                why: tuple(dict.fromkeys(c for each in made.values() for c in getattr(each, why)))
                for why in ("direct", "sensitive", "identifying")
            },
            columns=checked.columns,
            k=anonymity(left, k or K).k,
            least=k or K,
            groups=checked.groups.num_rows,
            small=int(checked.small.sum()),
            suppressed=k is not None,
        )
        counts = {"customers": left.num_rows, "k": result.k, "suppressed": len(gone) if k else 0}
        context.publish(target, (), counts, monitor)
    if base is not None:
        note(base, "pseudonymize", counts, manifest.run_id)
    return result


def _together(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Join what the tables say of each customer, as somebody with all of them could."""
    first, *others = tables.values()
    for other in others:
        fresh = [n for n in other.column_names if n in QUASI and n not in first.column_names]
        if fresh:
            first = first.join(other.select(["customer_id", *fresh]), "customer_id")
    return first


def _without(table: pa.Table, gone: pa.ChunkedArray) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table["customer_id"], value_set=gone)))
