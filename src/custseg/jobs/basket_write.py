"""Writing what is bought together: the folder of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from custseg.jobs.html import REPORT, html_of_baskets
from custseg.jobs.monitor import Monitor
from custseg.jobs.runs import (
    RunContext,
    add_quarantine,
    add_unwritable,
    output_format,
    summarize_warnings,
    to_text,
    warn_replaced,
)
from custseg.tables import RunFolder, TableRead, Unwritable

if TYPE_CHECKING:
    from custseg.jobs.basket import BasketResult


def write_basket(
    context: RunContext,
    monitor: Monitor,
    result: BasketResult,
    reads: Sequence[TableRead],
    folder: RunFolder,
) -> None:
    """Write rules, groups, next purchases, lists and summary, and put the run in place."""
    output = context.settings.output
    own = output_format(context.settings, reads)
    tables = {"rules": result.rules, "itemsets": result.itemsets}
    if result.next is not None:
        tables["next"] = result.next
    lists = {f"lists/{each.summary.file}": each.table for each in result.lists}
    missing: list[tuple[str, Unwritable]] = []
    for name, table in {**tables, **lists}.items():
        format_ = "csv" if name in lists else own
        lost = folder.add_table(name, table, format_, output.encoding, for_people=True)
        missing += [(name, each) for each in lost]
    add_unwritable(folder, missing)
    warn_replaced(monitor, missing)
    summary = replace(result.summary, warnings=summarize_warnings(monitor))
    add_quarantine(folder, reads)
    folder.add_text("summary.json", to_text(summary.to_json()))
    page = html_of_baskets(summary, output.lang or "en", output.mask_below)
    folder.add_text(REPORT, page)
    together = summary.together
    counts = {
        "rows": summary.orders.rows,
        "baskets": together.baskets,
        "products": together.items,
        "rules": together.rules,
        "findings": together.findings,
    }
    context.publish(folder, reads, counts, monitor)
