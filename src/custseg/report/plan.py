"""The report of ``plan``: blocking keys, pairs, memory and time."""

from __future__ import annotations

from typing import Final

from custseg.cleanse.match import KeyPlan, Plan
from custseg.report.common import key_name
from custseg.report.model import Column, Counted, Figure, Item, Lines, Report, Table, Words

_SHOWN_BLOCKS: Final = 3


def plan_report(plan: Plan) -> Report:
    """Build the report of a plan."""
    headline = Words(
        "report.plan_line",
        {
            "records": Counted(plan.records, "record"),
            "distinct": Figure(plan.distinct),
            "pairs": Counted(plan.pairs, "pair"),
        },
    )
    cost = Words(
        "report.plan_cost",
        {
            "memory": f"{plan.memory_bytes / 1e6:,.0f} MB",
            "seconds": f"{plan.seconds:,.1f} s",
        },
    )
    rows = [_row(key, used=True) for key in plan.keys]
    rows += [_row(key, used=False) for key in plan.left_out]
    table = Table(
        columns=(
            Column(Words("report.plan_key")),
            Column(Words("report.plan_pairs"), right=True),
            Column(Words("report.plan_largest"), right=True),
            Column(Words("report.plan_skipped"), right=True),
            Column(),
        ),
        rows=tuple(rows),
    )
    lines = Lines(((Words("report.matched_label"), headline), (Words("report.plan_needs"), cost)))
    return Report("plan", (lines, table))


def _row(key: KeyPlan, *, used: bool) -> tuple[Item, ...]:
    return (
        key_name(key.name),
        Figure(key.pairs),
        " ".join(f"{size:,}" for size in key.largest[:_SHOWN_BLOCKS]),
        Figure(key.skipped_records) if key.skipped_records else "",
        "" if used else Words("report.plan_left_out"),
    )
