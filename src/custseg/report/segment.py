"""The report of ``segment``, ``rfm`` and ``cluster``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.report.actions import first_actions, of_segments
from custseg.report.clusters import cluster_medians, clusters_found, numbers_tried
from custseg.report.common import RunFacts, closing, warnings
from custseg.report.currency import in_currency
from custseg.report.insights import insights, rules_found
from custseg.report.model import (
    Block,
    Column,
    Counted,
    Date,
    Figure,
    Item,
    Joined,
    Lines,
    Report,
    Table,
    Toned,
    Words,
)
from custseg.report.scores import score_grid
from custseg.report.segment_changes import (
    kpi_definitions,
    kpi_table,
    look_here,
    lookalikes,
    what_changed,
    who_they_are,
)
from custseg.report.segment_events import contacts
from custseg.report.segment_names import name_of
from custseg.segment.summary import (
    AttributesSummary,
    ListSummary,
    OrdersSummary,
    RfmSummary,
    SegmentRow,
    SegmentsSummary,
    SegmentSummary,
)

_BAR_SHARE: Final = 0.2
"""Part of a full bar that the table has room for."""

_DECLINED_SHOWN: Final = 3
"""Lists whose customers left off are told, those with most."""

_SMALL: Final = "*"
"""Stands beside the name of a segment where one customer weighs 1 % or more."""


def segment_report(summary: SegmentSummary, facts: RunFacts) -> Report:
    """Build the report of a run from its summary."""
    facts = facts.of_lists(each.file for each in summary.lists)
    blocks: list[Block] = what_was_read(summary, brief=summary.kpis is not None)
    if summary.kpis is not None:
        blocks += kpi_table(summary.kpis)
    if summary.segments is not None:
        blocks.append(segments_table(summary.segments, summary.lists, facts))
    blocks += _changes(summary)
    if summary.segments is not None:
        lists = of_segments(summary.lists, summary.segments)
        blocks += first_actions(summary, facts)
        if summary.lookalikes is not None:
            blocks += lookalikes(summary.lookalikes, facts.list_file(summary.lookalikes.file))
        blocks += left_off(lists)
    if summary.rules is not None and summary.rules.rows:
        blocks += rules_found(summary.rules, summary.lists, facts)
    if summary.clusters is not None:
        blocks += clusters_found(summary.clusters)
        if summary.command == "cluster":
            blocks += [*cluster_medians(summary.clusters), *numbers_tried(summary.clusters)]
    blocks += insights(summary.tables, summary.forecast)
    if summary.rfm is not None:
        blocks += [*score_grid(summary.rfm), cuts_used(summary.rfm)]
    if summary.kpis is not None:
        blocks += kpi_definitions(summary.kpis)
    blocks += warnings(summary.warnings)
    blocks.append(closing(facts, "report", facts.folder, "--format", "json"))
    return Report(summary.command, in_currency(blocks, summary.currency))


def what_was_read(summary: SegmentSummary, *, brief: bool) -> list[Block]:
    """What was read and used: orders, or a table of customers; `brief` as for orders."""
    blocks: list[Block] = []
    if summary.orders is not None:
        blocks.append(orders_read(summary.orders, brief=brief))
    if summary.attributes is not None:
        blocks.append(customers_read(summary.attributes))
    return blocks


def customers_read(table: AttributesSummary) -> Lines:
    """How many rows are how many customers, and what is missing of them."""
    params: dict[str, Item] = {
        "rows": Counted(table.rows, "row"),
        "customers": Counted(table.customers, "customer"),
    }
    rows: list[tuple[Item, Item]] = [
        (Words("report.customers_read"), Words("report.customers_line", params))
    ]
    left = [("empty", table.empty), ("no_customer", table.unnamed)]
    for reason, count in left:
        if count:
            words: dict[str, Item] = {
                "reason": Words(f"segment.excluded.{reason}"),
                "rows": Figure(count),
            }
            rows.append((Words("report.left_out"), Words("report.left_out_reason", words)))
    return Lines(tuple(rows))


def _changes(summary: SegmentSummary) -> list[Block]:
    """What changed, where to look, and who the customers are."""
    blocks: list[Block] = []
    if summary.migration is not None:
        blocks += what_changed(summary.migration)
    if summary.layers is not None:
        blocks += look_here(summary.layers)
    if summary.events is not None:
        blocks += contacts(summary.events)
    if summary.personas is not None and summary.segments is not None:
        blocks += who_they_are(summary.personas, summary.segments)
    return blocks


def _money(value: float) -> Figure:
    return Figure(value, "money")


def orders_span(orders: OrdersSummary) -> Words:
    """The days of the first and of the last order."""
    days = {"first": Date(orders.first_order), "last": Date(orders.last_order)}
    return Words("report.orders_span", days)


def orders_read(orders: OrdersSummary, *, brief: bool) -> Lines:
    """What was read and used; `brief` where key figures follow."""
    span = orders_span(orders)
    line = Words(
        "report.orders_line",
        {
            "rows": Counted(orders.rows, "line"),
            "orders": Counted(orders.orders, "order"),
            "money": _money(orders.money_used),
            "customers": Counted(orders.customers, "customer"),
        },
    )
    as_of = "report.as_of_given" if orders.as_of_given else "report.as_of_default"
    rows: list[tuple[Item, Item]] = [(Words("report.orders_read"), span), ("", line)]
    rows += lines_left_out(orders)
    rows.append((Words("report.as_of"), Words(as_of, {"day": Date(orders.as_of)})))
    if not brief:
        rows += [
            (Words("report.repeat_rate"), Figure(orders.repeat_rate, "share")),
            (Words("report.average_order"), _money(orders.average_order)),
        ]
    return Lines(tuple(rows))


def lines_left_out(orders: OrdersSummary) -> list[tuple[Item, Item]]:
    """How many lines and how much money are left out, and why; nothing where none is."""
    if not orders.excluded:
        return []
    reasons = tuple(
        Words(
            "report.left_out_money" if each.money else "report.left_out_reason",
            {
                "reason": Words(f"segment.excluded.{each.reason}"),
                "rows": Figure(each.rows),
                "money": _money(each.money),
            },
        )
        for each in orders.excluded
    )
    line = Words(
        "report.left_out_line",
        {
            "rows": Counted(orders.rows - orders.rows_used, "line"),
            "money": _money(orders.money - orders.money_used),
        },
    )
    rows: list[tuple[Item, Item]] = [
        (Words("report.left_out"), line),
        ("", Joined(reasons, " · ")),
    ]
    if orders.orders_left_out or orders.customers_left_out:
        whole: dict[str, Item] = {
            "orders": Counted(orders.orders_left_out, "order"),
            "customers": Counted(orders.customers_left_out, "customer"),
        }
        rows.append(("", Words("report.left_out_whole", whole)))
    return rows


def cuts_used(rfm: RfmSummary) -> Lines:
    """The cuts of each score; where there are too many to show, where they stand."""
    rows: list[tuple[Item, Item]] = []
    for measure in rfm.measures:
        named: Item = Words(f"segment.measure.{measure.name}")
        line = Words("report.cuts_nested", {"measure": named})
        if measure.cuts:
            cuts = " / ".join(map(_cut, measure.cuts))
            line = Words("report.cuts_line", {"measure": named, "cuts": cuts})
        rows.append(("" if rows else Words("report.cuts"), line))
    if rfm.method == "rank-first":
        rows.append(("", Words("report.cuts_by_rank")))
    rows.append(("", Words("report.scores_best", {"bins": f"{rfm.bins}"})))
    return Lines(tuple(rows), tone="quiet")


def _cut(value: float) -> str:
    """Give a cut in full: to a thousandth, without zeros at its end."""
    text = f"{value:,.3f}"
    return text.rstrip("0").rstrip(".")


def segments_table(
    segments: SegmentsSummary, lists: Sequence[ListSummary], facts: RunFacts
) -> Table:
    """The named segments, the most money first, and where their lists are."""
    most = max((row.money_share for row in segments.rows), default=0.0) or 1.0
    by_money = sorted(segments.rows, key=lambda row: -row.money)
    return Table(
        columns=(
            Column(Words("report.segment")),
            Column(Words("report.customers"), right=True),
            Column(right=True),
            Column(Words("report.money"), right=True),
            Column(right=True),
            Column(),
            Column(Words("report.recency"), right=True),
            Column(Words("report.orders"), right=True),
        ),
        rows=tuple(_segment(row, most) for row in by_money if row.customers),
        note=(
            Words("report.medians_lists_note", {"place": facts.lists("segments/")})
            if lists
            else Words("report.medians_note")
        ),
    )


def _segment(row: SegmentRow, most: float) -> tuple[Item, ...]:
    customers: Item = Figure(row.customers, "people")
    return (
        Joined((name_of(row.name), _SMALL), " ") if row.small else name_of(row.name),
        Toned(customers, "doubtful") if row.small else customers,
        Figure(row.share, "rounded_share"),
        _money(row.money),
        Figure(row.money_share, "rounded_share"),
        Figure(row.money_share / most * _BAR_SHARE, "bar"),
        Figure(row.recency_days, "days"),
        Figure(row.frequency, "number"),
    )


def left_off(lists: Sequence[ListSummary]) -> list[Block]:
    """Say who is not on the lists, or without a channel, because they declined contact."""
    said: list[Item] = []
    declined = sorted((each for each in lists if each.declined), key=lambda each: -each.declined)
    if declined:
        total = Figure(sum(each.declined for each in declined), "people")
        named: list[Item] = [_declined(each) for each in declined[:_DECLINED_SHOWN]]
        if more := len(declined) - len(named):
            named.append(Words("report.and_more", {"count": Figure(more)}))
        parts = Joined(tuple(named), Words("report.list_separator"))
        said.append(Words("report.declined", {"count": total, "lists": parts}))
    if blanked := sum(each.blanked for each in lists):
        said.append(Words("report.blanked", {"count": Figure(blanked, "people")}))
    if silent := sum(each.silent for each in lists):
        said.append(Words("report.silent", {"count": Figure(silent, "people")}))
    rows: tuple[tuple[Item, Item], ...] = tuple(
        (Words("report.left_off") if number == 0 else "", item) for number, item in enumerate(said)
    )
    return [Lines(rows)] if rows else []


def _declined(each: ListSummary) -> Item:
    return Words(
        "report.declined_list",
        {
            "segment": name_of(each.segment),
            "declined": Figure(each.declined, "people", group=("declined", each.file)),
            "customers": Figure(
                each.customers + each.declined, "people", group=("segment", each.segment)
            ),
        },
    )
