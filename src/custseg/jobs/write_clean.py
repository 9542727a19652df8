"""Writing the run folder of ``clean`` and ``dedupe``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from custseg.engine import Engine, give_back_memory
from custseg.jobs.changes import Changes
from custseg.jobs.html import REPORT, facts_so_far, html_of_people
from custseg.jobs.monitor import Monitor
from custseg.jobs.past import (
    COMPARED_TABLE,
    DECISIONS_TABLE,
    IDS_TABLE,
    KEYS_TABLE,
    MODEL_FILE,
)
from custseg.jobs.runs import (
    WORKBOOK,
    RunContext,
    output_format,
    record_names,
    summarize_warnings,
    tell_unwritable,
    to_text,
)
from custseg.tables import RunFolder, TableRead
from custseg.tables.encode import Unwritable

if TYPE_CHECKING:
    from custseg.jobs.clean import CleanResult


class CleanWriter:
    """Writes the tables of a run: some while others are still being made.

    Parameters
    ----------
    folder, output
        Where to, and what will be its name.
    reads
        The inputs.
    context
        What is known of the run.
    engine
        Its threads write.
    """

    def __init__(
        self,
        folder: RunFolder,
        output: Path,
        reads: Sequence[TableRead],
        context: RunContext,
        engine: Engine,
    ) -> None:
        self._folder = folder
        self._output = output.resolve()
        self._reads = reads
        self._context = context
        self._engine = engine
        self._format = output_format(context.settings, reads)
        self._changes: Future[int] | None = None
        self._changed = 0
        self._records: Future[None] | None = None
        self._lost: dict[str, Sequence[Unwritable]] = {}

    def begin(self, changes: Changes) -> None:
        """Begin to write what standardizing did, which is the larger part of a run."""
        if self._context.command == "clean":
            write = partial(changes.write, self._folder, self._output, self._format)
            self._changes = self._engine.behind(write)

    def begin_records(self, made: Future[pa.Table]) -> None:
        """Begin to write the records, while their customers are put together."""
        self._records = self._engine.beside(lambda: self._add_people("records", made.result()))

    def write(self, result: CleanResult, monitor: Monitor) -> None:
        """Write every other table."""
        give_back_memory()
        with monitor.stage("write"):
            self._engine.map_threads(lambda write: write(), self._writes(result))
            if self._records is not None:
                self._records.result()
            tell_unwritable(self._folder, dict(sorted(self._lost.items())), monitor)
            self._changed = self._changes.result() if self._changes else 0
            output = self._context.settings.output
            # With what was found while writing: characters that an encoding lacks.
            summary = replace(result.summary, warnings=summarize_warnings(monitor))
            page = html_of_people(
                summary, facts_so_far(self._folder), output.lang or "en", output.mask_below
            )
            for name, text in (
                (MODEL_FILE, result.matches.model.to_json()),
                ("summary.json", to_text(summary.to_json())),
                (REPORT, page),
            ):
                self._folder.add_text(name, text)
            if output.workbook:
                from custseg.jobs.xlsx import xlsx_of_people

                facts, language = facts_so_far(self._folder), output.lang or "en"
                workbook = xlsx_of_people(summary, facts, language, output.mask_below)
                self._folder.add_bytes(WORKBOOK, workbook)

    def publish(self, result: CleanResult, monitor: Monitor) -> None:
        """Write the manifest, and put the run in place."""
        counts = {
            "records": result.records.num_rows,
            "customers": result.golden.customers.num_rows,
            "links": result.matches.links.num_rows,
            "review": result.review.num_rows,
            "changes": self._changed,
            "quarantined": result.quarantine.num_rows,
            "forgotten": result.forgotten,
        }
        self._context.publish(self._folder, self._reads, counts, monitor)

    def _add_people(self, name: str, table: pa.Table) -> None:
        """Write a table for people, in the encoding the user wants."""
        encoding = self._context.settings.output.encoding
        self._lost[name] = self._folder.add_table(name, table, self._format, encoding)

    def _writes(self, result: CleanResult) -> list[Callable[[], object]]:
        """Give what writes each table, the longest first."""
        output, add = self._context.settings.output, self._folder.add_table
        book = result.ids.book
        writes: list[Callable[[], object]] = [
            partial(self._add_people, "customers", result.golden.customers),
        ]
        if self._context.command != "clean":
            writes.append(partial(add, COMPARED_TABLE, result.compared.table, "parquet"))
        if output.provenance:
            writes.append(
                lambda: add("provenance", result.golden.provenance(result.records), self._format)
            )
        return [
            *writes,
            lambda: add("links", named_links(result), self._format),
            partial(add, "further_values", result.golden.others, self._format),
            partial(add, KEYS_TABLE, book.keys, "parquet"),
            partial(add, IDS_TABLE, book.ids, "parquet"),
            partial(add, "review", result.review, "csv", "utf-8-sig"),
            partial(add, DECISIONS_TABLE, result.decided),
            partial(add, "quality", result.quality),
            partial(add, "id_history", result.ids.history),
            partial(add, "quarantine", result.quarantine),
        ]


def named_links(result: CleanResult) -> pa.Table:
    """Give the links with their records as FILE:ROW, as ``explain`` takes them."""
    places = record_names(result.records)
    links = result.matches.links
    return links.set_column(0, "left", places.take(links.column("left"))).set_column(
        1, "right", places.take(links.column("right"))
    )
