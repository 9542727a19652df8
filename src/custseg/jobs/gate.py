"""The consent gate at the edge: reads ledgers and lists of opt-outs, decides who may be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from custseg.audience.consent import Permissions, permissions
from custseg.audience.ledger import CHANNELS, EVENTS, Ledger, read_ledger, read_suppression
from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import InputError
from custseg.jobs.consent_files import ConsentFiles
from custseg.jobs.customers import People
from custseg.jobs.monitor import Monitor
from custseg.segment.contacts import CHANNELS as CONTACT_CHANNELS
from custseg.segment.contacts import Contacts, read_contacts
from custseg.tables import ReadOptions, TableRead, read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The events of all files.

    Attributes
    ----------
    events
        By :data:`custseg.audience.ledger.EVENTS`.
    reads
        The files as they were read.
    suppressions
        Rows of each list of opt-outs, by its name.
    known
        Whether a ledger was given.
    """

    events: pa.Table
    reads: tuple[TableRead, ...]
    suppressions: Mapping[str, int]
    known: bool

    @property
    def suppressed(self) -> int:
        """Rows of all lists of opt-outs."""
        return sum(self.suppressions.values())


def read_consent_files(
    files: ConsentFiles, as_of: date, settings: Settings, engine: Engine, monitor: Monitor
) -> Heard:
    """Read ledgers and lists of opt-outs. A row that cannot be read stops the run.

    Raises
    ------
    InputError
        If a file is missing, empty, unreadable or without the columns it needs.
    """
    country = settings.standardize.country or "JP"
    ledgers: list[Ledger] = []
    reads = []
    suppressions: dict[str, int] = {}
    for path in files.consent:
        read = _read(path, settings)
        ledgers.append(read_ledger(read.table, read.name, as_of, country, engine))
        reads.append(read)
    for path in files.suppress:
        read = _read(path, settings, list_without_header=True)
        if not read.table.num_rows and read.table.num_columns > 1:
            raise InputError("tables.header_only", name=read.name)
        found = read_suppression(read.table, read.name, country, engine)
        if not found.events.num_rows:
            raise InputError("audience.suppression_empty", name=read.name)
        ledgers.append(found)
        suppressions[read.name] = suppressions.get(read.name, 0) + read.table.num_rows
        reads.append(read)
    for read, ledger in zip(reads, ledgers, strict=True):
        for what, rows in ledger.odd.items():
            _warn(monitor, what, read.name, rows)
    events = pa.concat_tables([EVENTS.empty_table(), *(each.events for each in ledgers)])
    return Heard(
        events=events, reads=tuple(reads), suppressions=suppressions, known=bool(files.consent)
    )


def decide(
    customers: pa.Table,
    records: pa.Table | None,
    heard: Heard,
    settings: Settings,
    engine: Engine,
    monitor: Monitor,
    channels: Sequence[str] = CHANNELS,
) -> Permissions:
    """Let customers through the gate, or not."""
    found = permissions(
        customers,
        records,
        heard.events,
        country=settings.standardize.country or "JP",
        engine=engine,
        channels=channels,
        known=heard.known,
    )
    if found.unknown_words:
        monitor.warn("audience.warn.unknown_words", cells=found.unknown_words)
    return found


def permitted_contacts(
    people: People | None,
    files: ConsentFiles,
    as_of: date,
    settings: Settings,
    engine: Engine,
    monitor: Monitor,
) -> tuple[Contacts | None, tuple[TableRead, ...]]:
    """Let the contact columns of customers through the gate; None for customers nobody gave.

    What was read for it stands beside them.
    """
    if people is None:
        return None, ()
    heard = read_consent_files(files, as_of, settings, engine, monitor)
    permitted = decide(
        people.table, people.records, heard, settings, engine, monitor, CONTACT_CHANNELS
    )
    contacts = read_contacts(people.table, permitted)
    if not permitted.known and contacts.silent.any():
        monitor.warn("segment.warn.no_consent")
    return contacts, heard.reads


def _read(path: str | Path, settings: Settings, *, list_without_header: bool = False) -> TableRead:
    options = ReadOptions(
        encoding=settings.input.encoding,
        delimiter=settings.input.delimiter,
        on_bad_rows="fail",
        allow_empty=True,
        list_without_header=list_without_header,
    )
    return read_table(Path(path), options)


def _warn(monitor: Monitor, what: str, name: str, rows: int) -> None:
    if what == "unknown_status":
        monitor.warn("audience.warn.unknown_status", name=name, rows=rows)
    elif what == "unknown_channel":
        monitor.warn("audience.warn.unknown_channel", name=name, rows=rows)
    elif what == "undated":
        monitor.warn("audience.warn.undated", name=name, rows=rows)
    else:
        monitor.warn("audience.warn.no_identifier", name=name, rows=rows)
