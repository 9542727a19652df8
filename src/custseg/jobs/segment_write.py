"""Writing a segmentation: one table, or the folder of a run."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from custseg.engine import available_processors
from custseg.jobs.html import REPORT, facts_so_far, html_of_segments
from custseg.jobs.list_sheets import WORKBOOK as LISTS
from custseg.jobs.list_sheets import sheets_of
from custseg.jobs.monitor import Monitor
from custseg.jobs.runs import (
    WORKBOOK,
    RunContext,
    add_quarantine,
    add_unwritable,
    file_format,
    output_format,
    summarize_warnings,
    to_text,
    warn_replaced,
    warn_unwritable,
)
from custseg.jobs.segment_plan import MODEL
from custseg.report.columns_told import columns_told
from custseg.segment.contacts import ContactList
from custseg.tables import RunFolder, TableRead, Unwritable, atomic_file, write_table
from custseg.tables.model import Format
from custseg.tables.workbook import SHEET_ROWS

if TYPE_CHECKING:
    from custseg.jobs.segment import SegmentResult
    from custseg.segment.summary import SegmentSummary

COLUMNS: Final = "columns"
"""The table of what the columns of the others mean."""


def write_scores(
    context: RunContext,
    monitor: Monitor,
    scores: pa.Table,
    reads: Sequence[TableRead],
    output: str | Path,
    *,
    force: bool,
) -> None:
    """Write the scores alone, to a file or to standard output."""
    format_ = file_format(output) or output_format(context.settings, reads)
    with atomic_file(str(output), force=force) as file:
        lost = write_table(scores, file, format=format_, encoding=context.settings.output.encoding)
    warn_unwritable(monitor, "scores", lost)


def _sheets(lists: Sequence[ContactList], monitor: Monitor) -> dict[str, pa.Table]:
    """Give a sheet a list; one that is too long for Excel goes on in further sheets."""
    named = sheets_of({each.summary.file: each.table.num_rows for each in lists}, SHEET_ROWS)
    sheets: dict[str, pa.Table] = {}
    for each in lists:
        own = named[each.summary.file]
        for number, name in enumerate(own):
            sheets[name] = each.table.slice(number * SHEET_ROWS, SHEET_ROWS)
        if len(own) > 1:
            monitor.warn("segment.warn.sheets", name=own[0], others=", ".join(own[1:]))
    return sheets


def write_folder(
    context: RunContext,
    monitor: Monitor,
    result: SegmentResult,
    reads: Sequence[TableRead],
    folder: RunFolder,
) -> None:
    """Write scores, profile, lists, model and summary, and put the run in place."""
    encoding = context.settings.output.encoding
    own = output_format(context.settings, reads)
    tables: dict[str, pa.Table | ContactList] = {"scores": result.scores}
    if result.profile is not None:
        tables["profile"] = result.profile
    if context.settings.segment.lists == "xlsx":
        folder.add_workbook(LISTS, _sheets(result.lists, monitor))
    else:
        for item in result.lists:
            tables[f"segments/{item.summary.file}"] = item

    def write(name: str) -> tuple[Unwritable, ...]:
        found = tables[name]
        if isinstance(found, pa.Table):
            return folder.add_table(name, found, own, encoding)
        return folder.add_table(name, found.table, "csv", encoding, for_people=True)

    threads = context.settings.run.threads or available_processors()
    with ThreadPoolExecutor(threads) as pool:
        # The largest first, so that none is left to be written alone at the end.
        begun = {
            name: pool.submit(write, name)
            for name in sorted(tables, key=lambda name: -len(tables[name]))
        }
    missing: list[tuple[str, Unwritable]] = []
    told = folder.add_table(COLUMNS, _columns(context, result, own), "csv", encoding)
    missing += [(COLUMNS, each) for each in told]
    for name in tables:
        missing += [(name, each) for each in begun[name].result()]
    add_unwritable(folder, missing)
    warn_replaced(monitor, missing)
    # What was found wrong in writing is told with all else.
    summary = replace(result.summary, warnings=summarize_warnings(monitor))
    add_quarantine(folder, reads)
    folder.add_text(MODEL, to_text(result.model.to_dict()))
    folder.add_text("summary.json", to_text(summary.to_json()))
    output = context.settings.output
    page = html_of_segments(summary, facts_so_far(folder), output.lang or "en", output.mask_below)
    folder.add_text(REPORT, page)
    if output.workbook:
        from custseg.jobs.xlsx import xlsx_of_segments

        facts, language = facts_so_far(folder), output.lang or "en"
        workbook = xlsx_of_segments(summary, facts, language, output.mask_below)
        folder.add_bytes(WORKBOOK, workbook)
    context.publish(folder, reads, _counts(summary), monitor)


def _columns(context: RunContext, result: SegmentResult, own: Format) -> pa.Table:
    """Say what the columns of the tables mean."""
    lists = [name for each in result.lists for name in each.columns]
    book = context.settings.segment.lists == "xlsx"
    tables = {f"scores.{own}": result.scores.column_names}
    if result.profile is not None:
        tables[f"profile.{own}"] = result.profile.column_names
    if lists:
        tables[f"{LISTS}.xlsx" if book else "segments/*.csv"] = list(dict.fromkeys(lists))
    scores = result.summary.rfm
    return columns_told(
        tables,
        best=scores.best if scores else None,
        horizon=context.settings.segment.horizon,
        language=context.settings.output.lang or "en",
    )


def _counts(summary: SegmentSummary) -> dict[str, int]:
    if (orders := summary.orders) is not None:
        return {"rows": orders.rows, "orders": orders.orders, "customers": orders.customers}
    table = summary.attributes
    return {"rows": table.rows, "customers": table.customers} if table else {}
