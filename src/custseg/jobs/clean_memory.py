"""What ``clean`` and ``dedupe`` take from the base, and leave in it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import custseg
from custseg.audience.identifiers import emails, loosest_emails, phones
from custseg.base import RunEntry
from custseg.base.model import IDENTIFIERS
from custseg.base.people import PLACES, last_folder, read_book, read_decisions, write_people
from custseg.base.tombstones import read_tombstones
from custseg.cleanse.merge.ids import IdBook
from custseg.cleanse.unify import unify
from custseg.engine import Engine
from custseg.errors import InputError, UsageError
from custseg.jobs.kept import BaseGiven, Kept, kept_base
from custseg.jobs.keys import needed_key
from custseg.jobs.monitor import Monitor
from custseg.jobs.runs import RunContext
from custseg.jobs.sources import StandardizedSource
from custseg.jobs.stored import read_stored
from custseg.privacy.evidence import EMAIL, evidence
from custseg.privacy.tombstones import KEY_CHECK, Mask, forgotten, key_check, tombstone
from custseg.tables import TableRead

if TYPE_CHECKING:
    from custseg.jobs.clean import CleanResult

JOBS: Final = ("clean", "dedupe")

_ADDRESS: Final = re.compile(r"[^\s@,;\"'<>＠]+[@＠][^\s@,;\"'<>]+")
_KINDS: Final = {
    "email": "email",
    "phone": "phone",
    "line_user_id": "line",
    "line_id": "line",
    "record_id": "record_id",
    "identifier": "identifier",
}


@contextlib.contextmanager
def memory(given: BaseGiven, command: str) -> Iterator[CleanMemory | None]:
    """Open the base for a run, locked until the end; None without one."""
    with kept_base(given, command) as kept:
        yield None if kept is None else CleanMemory(kept)


class CleanMemory:
    """The base, as a run that merges records sees it."""

    def __init__(self, kept: Kept) -> None:
        self._base, self._kept = kept.base, kept

    @cached_property
    def book(self) -> IdBook | None:
        """The ids of the last run; None where there was none."""
        return read_book(self._base)

    @cached_property
    def decisions(self) -> pa.Table:
        """What people decided in earlier runs."""
        return read_decisions(self._base)

    def records(self) -> pa.Table | None:
        """Give the records of the last run, where its folder is still there."""
        folder = last_folder(self._base, *JOBS)
        if not folder:
            return None
        try:
            return read_stored(Path(folder), "records")
        except InputError:  # moved, or cleared away: the base knows the ids without it
            return None

    def without_mentions(self, reads: Sequence[TableRead]) -> list[TableRead]:
        """Empty cells of text, of whomever, that name the address of somebody who was forgotten.

        Raises
        ------
        UsageError
            As :meth:`leave_out`.
        """
        stones = read_tombstones(self._base)
        if not stones.num_rows:
            return list(reads)
        key = checked_key(stones)
        return [
            replace(
                read,
                table=pa.table(
                    {
                        name: _without_mentions(read.table[name], stones, key)
                        for name in read.table.column_names
                    }
                ),
            )
            for read in reads
        ]

    def leave_out(
        self,
        done: Sequence[StandardizedSource],
        quarantine: pa.Table,
        country: str,
        engine: Engine,
        monitor: Monitor,
    ) -> tuple[tuple[StandardizedSource, ...], pa.Table]:
        """Leave out the rows of people who were forgotten, and what unreadable rows say of them.

        Raises
        ------
        UsageError
            If somebody was forgotten and the key is missing, or is another one.
        """
        stones = read_tombstones(self._base)
        if not stones.num_rows:
            return tuple(done), quarantine
        key = checked_key(stones)
        table = unify([each.as_standard() for each in done]).table
        read = partial(phones, country=country, engine=engine)
        gone = forgotten(evidence(table, read), stones, key, table.num_rows)
        kept, start = [], 0
        for each in done:
            rows = each.result.table.num_rows
            kept.append(_keep(each, ~gone[start : start + rows]))
            start += rows
        if count := int(gone.sum()):
            monitor.warn("privacy.warn.forgotten", rows=count)
        return tuple(kept), without_addresses(quarantine, stones, key)

    def remember(
        self,
        context: RunContext,
        reads: Sequence[TableRead],
        result: CleanResult,
        output: Path | None,
    ) -> None:
        """Write the run into the base to come; nothing is seen of it until :meth:`commit`."""
        base = self._base
        counts = {
            "rows": sum(read.table.num_rows + read.quarantine.num_rows for read in reads),
            "records": result.records.num_rows,
            "customers": result.golden.customers.num_rows,
            "quarantined": result.quarantine.num_rows,
            "forgotten": result.forgotten,
        }
        entry = RunEntry(
            run_id=context.run_id(reads),
            command=context.command,
            version=custseg.__version__,
            started=context.began,
            counts=counts,
        )
        self._kept.begin(entry, output)
        self._kept.tell(context.command, counts)
        customers = result.golden.customers
        shared = [n for n in ("customer_id", "household_id") if n in customers.column_names]
        households = customers.select(shared)
        if "household_id" not in shared:
            nothing = pa.nulls(customers.num_rows, pa.string())
            households = households.append_column("household_id", nothing)
        write_people(
            base,
            result.ids.book,
            places=result.records.select(PLACES.names).cast(PLACES),
            identifiers=identifiers_of(result.records),
            households=households,
            history=result.ids.history,
            decisions=result.decided,
        )
        self._kept.prepare(output, entry.run_id, entry.started)

    def commit(self) -> None:
        """Let the base remember the run, and its audit log."""
        self._kept.commit()


def identifiers_of(records: pa.Table) -> pa.Table:
    """List by what the customers of records can be found (:data:`IDENTIFIERS`), each once."""
    parts = [IDENTIFIERS.empty_table()]
    for name in records.column_names:
        kind = _KINDS.get(re.sub(r"_\d+$", "", name))
        if kind is None:
            continue
        filled = pc.is_valid(records[name])
        value = records[name].filter(filled)
        parts.append(
            pa.table(
                {
                    "customer_id": records["customer_id"].filter(filled),
                    "kind": pa.repeat(pa.scalar(kind), len(value)),
                    "value": value,
                },
                schema=IDENTIFIERS,
            )
        )
    return pa.concat_tables(parts)


def checked_key(stones: pa.Table) -> bytes:
    """Give the key that made the tombstones.

    Raises
    ------
    UsageError
        If there is none, or it is another one: nobody would be known by it.
    """
    key = needed_key()
    checks = stones.filter(pc.equal(stones["kind"], KEY_CHECK))["tombstone"].to_pylist()
    if checks and key_check(key) not in checks:
        raise UsageError("privacy.wrong_key")
    return key


def without_addresses(quarantine: pa.Table, stones: pa.Table, key: bytes) -> pa.Table:
    """Empty the text of unreadable rows that hold an address of somebody who was forgotten."""
    text = quarantine["text"].cast(pa.string())
    hit = pa.array(_name_forgotten(text.to_pylist(), stones, key), pa.bool_())
    place = quarantine.schema.get_field_index("text")
    return quarantine.set_column(place, "text", pc.if_else(hit, "", text))


def _without_mentions(column: pa.ChunkedArray, stones: pa.Table, key: bytes) -> pa.ChunkedArray:
    """Empty the cells that hold such an address among other words; alone, it is the row's own."""
    if not pa.types.is_string(column.type):
        return column
    among = pc.and_(
        pc.match_substring_regex(column, r"[^\s@＠][@＠][^\s@＠]"),
        pc.invert(pc.match_substring_regex(column, rf"^\s*(?:{_ADDRESS.pattern})\s*$")),
    )
    texts = column.filter(among).unique()
    named = _name_forgotten(texts.to_pylist(), stones, key)
    if not any(named):
        return column
    hit = pc.is_in(column, value_set=texts.filter(pa.array(named, pa.bool_())))
    return pc.if_else(hit, None, column)


def _name_forgotten(texts: Sequence[str | None], stones: pa.Table, key: bytes) -> list[bool]:
    """Tell which texts hold an address of somebody who was forgotten."""
    known = set(stones["tombstone"].to_pylist())

    def names(text: str | None) -> bool:
        found = pa.array(_ADDRESS.findall(text or ""), pa.string())
        loose = loosest_emails(emails(found)).to_pylist() if len(found) else []
        return any(tombstone(key, EMAIL, each) in known for each in loose if each)

    return [names(each) for each in texts]


def _keep(source: StandardizedSource, rows: Mask) -> StandardizedSource:
    if rows.all():
        return source
    mask = pa.array(np.asarray(rows))
    read = source.source.read
    read = replace(read, table=read.table.filter(mask), rows=read.rows.filter(mask))
    return StandardizedSource(replace(source.source, read=read), source.result.keep(rows))
