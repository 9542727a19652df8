"""Writing the run folder of ``clean`` and ``dedupe``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from custseg.jobs.explain import COMPARED_TABLE, MODEL_FILE
from custseg.jobs.monitor import Monitor
from custseg.jobs.past import DECISIONS_TABLE, IDS_TABLE, KEYS_TABLE
from custseg.jobs.runs import (
    RunContext,
    add_people,
    add_quarantine,
    output_format,
    record_names,
    to_text,
)
from custseg.tables import RunFolder, TableRead

if TYPE_CHECKING:
    from custseg.jobs.clean import CleanResult


def write_clean(
    result: CleanResult,
    folder: RunFolder,
    reads: Sequence[TableRead],
    context: RunContext,
    monitor: Monitor,
) -> None:
    """Write every table of a result, then the manifest, and put the run in place."""
    format_ = output_format(context.settings, reads)
    encoding = context.settings.output.encoding
    with monitor.stage("write"):
        people = {"customers": result.golden.customers, "records": result.records}
        add_people(folder, people, format_, encoding, monitor)
        if context.command == "clean":
            folder.add_table("changes", result.changes, format_)
        else:
            folder.add_table(COMPARED_TABLE, result.compared.table, "parquet")
        if context.settings.output.provenance:
            provenance = result.golden.provenance(result.records)
            folder.add_table("provenance", provenance, format_)
        folder.add_table("links", named_links(result), format_)
        folder.add_table("review", result.review, "csv", "utf-8-sig")
        folder.add_table(DECISIONS_TABLE, result.decided)
        folder.add_table("further_values", result.golden.others, format_)
        folder.add_table("quality", result.quality)
        folder.add_table(KEYS_TABLE, result.ids.book.keys, "parquet")
        folder.add_table(IDS_TABLE, result.ids.book.ids, "parquet")
        folder.add_table("id_history", result.ids.history)
        add_quarantine(folder, reads)
        folder.add_text(MODEL_FILE, result.matches.model.to_json())
        folder.add_text("summary.json", to_text(result.summary.to_json()))
    counts = {
        "records": result.records.num_rows,
        "customers": result.golden.customers.num_rows,
        "links": result.matches.links.num_rows,
        "review": result.review.num_rows,
        "changes": result.changes.num_rows,
        "quarantined": sum(read.quarantine.num_rows for read in reads),
    }
    context.publish(folder, reads, counts, monitor)


def named_links(result: CleanResult) -> pa.Table:
    """Give the links with their records as FILE:ROW, as ``explain`` takes them."""
    places = record_names(result.records)
    links = result.matches.links
    return links.set_column(0, "left", places.take(links.column("left"))).set_column(
        1, "right", places.take(links.column("right"))
    )
