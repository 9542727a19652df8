"""What every job that writes a run folder shares: its manifest, its words for settings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

import custseg
from custseg.cleanse.summary import InputSummary, WarningSummary
from custseg.config import Settings
from custseg.config.load import keys
from custseg.config.schema import FREE_TABLES
from custseg.jobs.monitor import Monitor, peak_memory
from custseg.tables import InputRecord, Manifest, RunFolder, TableRead, Unwritable, run_id
from custseg.tables.model import Format

FILE_FORMATS: Final[Mapping[str, Format]] = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
"""Endings of an output that mean one table in one file, not a run folder."""

WORKBOOK: Final = "report.xlsx"
"""The report of a run as a workbook, where it is asked for."""

SHOWN_PLACES: Final = 5
"""Places named in a warning."""

_WITHOUT_EFFECT: Final = frozenset({"run.threads", "run.memory_limit", "output.lang"})
"""Settings that change how a run is done, never what comes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What is known of a run before it starts.

    Attributes
    ----------
    command
        Name of the command.
    settings, origins
        The settings, and where each came from (absent: the default, or the caller).
    started
        When it started.
    """

    command: str
    settings: Settings
    origins: Mapping[str, str] = field(default_factory=dict)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def began(self) -> str:
        """When it started, as the manifest says: two runs within a second are told apart."""
        return self.started.isoformat(timespec="milliseconds")

    def config(self) -> dict[str, Any]:
        """Every setting by name, with its value and origin."""
        origin = self.origins.get
        config = {
            name: {
                "value": getattr(getattr(self.settings, key.section), key.attribute),
                "origin": origin(name, "default"),
            }
            for name, key in keys().items()
        }
        for table in FREE_TABLES:
            for name, value in getattr(self.settings, table).items():
                dotted = f"{table}.{name}"
                config[dotted] = {"value": value, "origin": origin(dotted, "given")}
        return config

    def run_id(self, reads: Iterable[TableRead]) -> str:
        """Give the name of the run: the same for the same command, settings and inputs."""
        effective = {
            name: entry["value"]
            for name, entry in self.config().items()
            if name not in _WITHOUT_EFFECT
        }
        inputs = tuple(InputRecord.of(read) for read in reads)
        return run_id(self.command, custseg.__version__, effective, inputs)

    def publish(
        self,
        folder: RunFolder,
        reads: Iterable[TableRead],
        counts: Mapping[str, int | float],
        monitor: Monitor,
    ) -> Manifest:
        """Write the manifest and put the run in place."""
        reads = tuple(reads)
        manifest = Manifest(
            command=self.command,
            version=custseg.__version__,
            run_id=self.run_id(reads),
            config=self.config(),
            inputs=tuple(InputRecord.of(read) for read in reads),
            counts=dict(counts),
            warnings=tuple(
                {"key": notice.key, "params": dict(notice.params)} for notice in monitor.warnings
            ),
            started=self.began,
            seconds={stage: round(seconds, 3) for stage, seconds in monitor.seconds.items()},
            peak_memory=peak_memory(),
        )
        folder.publish(manifest)
        return manifest


def file_format(output: str | Path) -> Format | None:
    """Give the format of an output that is one file; None for a folder or standard output."""
    return FILE_FORMATS.get(Path(output).suffix.lower())


def output_format(settings: Settings, reads: Iterable[TableRead]) -> Format:
    """Give the format of the tables written: as set, else the inputs' own where they agree.

    Excel in gives CSV out: a customer list soon outgrows a sheet.
    """
    if settings.output.format is not None:
        return settings.output.format
    return "parquet" if {read.format for read in reads} == {"parquet"} else "csv"


def summarize_inputs(reads: Iterable[TableRead]) -> tuple[InputSummary, ...]:
    """Give what the report says of the inputs."""
    return tuple(
        InputSummary(
            name=read.name,
            format=read.format,
            encoding=read.encoding or None,
            rows=read.table.num_rows,
            columns=read.table.num_columns,
            quarantined=read.quarantine.num_rows,
        )
        for read in reads
    )


def summarize_warnings(monitor: Monitor) -> tuple[WarningSummary, ...]:
    """Give the warnings of a job as plain data."""
    return tuple(
        WarningSummary(key=notice.key, params=dict(notice.params)) for notice in monitor.warnings
    )


def stems(names: Iterable[str]) -> dict[str, str]:
    """Give each source a file name without endings, all of them different."""
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        flat = name.replace("/", "_").replace("\\", "_")
        short = flat.split(".", 1)[0] or flat
        stem = short if short not in taken else flat
        taken.add(stem)
        chosen[name] = stem
    return chosen


def add_quarantine(folder: RunFolder, reads: Iterable[TableRead]) -> None:
    """Write ``quarantine.csv``, the rows that could not be read."""
    folder.add_table("quarantine", pa.concat_tables([read.quarantine for read in reads]))


def add_people(
    folder: RunFolder,
    tables: Mapping[str, pa.Table],
    format_: Format,
    encoding: str,
    monitor: Monitor,
) -> None:
    """Write tables for people, in the encoding the user wants.

    What that encoding cannot hold is never replaced in silence: see :func:`tell_unwritable`.
    """
    lost = {
        name: folder.add_table(name, table, format_, encoding) for name, table in tables.items()
    }
    tell_unwritable(folder, lost, monitor)


def tell_unwritable(
    folder: RunFolder, lost: Mapping[str, Sequence[Unwritable]], monitor: Monitor
) -> None:
    """Warn of what an encoding could not hold, by table, and list it in ``unwritable.csv``."""
    for name, found in lost.items():
        warn_unwritable(monitor, name, found)
    add_unwritable(folder, [(name, each) for name, found in lost.items() for each in found])


def add_unwritable(folder: RunFolder, lost: Sequence[tuple[str, Unwritable]]) -> None:
    """List what an encoding could not hold, by table, in ``unwritable.csv``; nothing for none."""
    if lost:
        listed = {
            "table": [name for name, _ in lost],
            "row": [each.row for _, each in lost],
            "column": [each.column for _, each in lost],
            "character": [each.character for _, each in lost],
        }
        folder.add_table("unwritable", pa.table(listed))


def warn_unwritable(monitor: Monitor, name: str, lost: Sequence[Unwritable]) -> None:
    """Warn of characters that the encoding asked for cannot hold, with their places."""
    if lost:
        places = ", ".join(f"{each.column}:{each.row}" for each in lost[:SHOWN_PLACES])
        monitor.warn("runs.unwritable", name=name, count=len(lost), places=places)


def warn_replaced(monitor: Monitor, lost: Sequence[tuple[str, Unwritable]]) -> None:
    """Warn once of all characters that the files of a run could not hold; nothing for none."""
    if lost:
        files = len({name for name, _ in lost})
        monitor.warn("runs.replaced", count=len(lost), files=files)


def to_text(data: Mapping[str, Any]) -> str:
    """Give plain data as the text of a JSON file."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def record_names(records: pa.Table) -> pa.Array:
    """Give each record as FILE:ROW."""
    rows = records.column("row").cast(pa.string())
    return pc.binary_join_element_wise(records.column("source"), rows, ":").combine_chunks()
