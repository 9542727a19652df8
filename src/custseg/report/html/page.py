"""Pages: what a manager sees first, the pictures, and the tables behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from custseg.audience.summary import AudienceSummary
from custseg.cleanse.summary import CleanSummary
from custseg.report.actions import all_actions, first_actions, of_segments
from custseg.report.audience import facts_used, lists_made, lists_shared, members_left_out
from custseg.report.clean import (
    columns_standardized,
    evidence,
    inputs_read,
    matched,
    quality_line,
)
from custseg.report.clusters import clusters_found, numbers_tried, segments_in_clusters
from custseg.report.common import RunFacts, warnings
from custseg.report.forecast import forecast_blocks
from custseg.report.html.clean_charts import clean_charts
from custseg.report.html.model import Card, Page, Section
from custseg.report.html.segment_charts import segment_charts
from custseg.report.html.speaker import Speaker, masked
from custseg.report.insights import insights, rules_table
from custseg.report.model import (
    Block,
    Counted,
    Date,
    Figure,
    FigureKind,
    Item,
    Joined,
    Lines,
    Report,
    Table,
    Tone,
    Toned,
    Words,
)
from custseg.report.segment import (
    cuts_used,
    left_off,
    orders_span,
    segments_table,
    what_was_read,
)
from custseg.report.segment_changes import (
    kpi_definitions,
    kpi_table,
    look_here,
    lookalikes,
    what_changed,
    who_they_are,
)
from custseg.report.segment_events import contacts
from custseg.segment.kpis import KpiRow, KpiSummary
from custseg.segment.summary import SegmentSummary

_KINDS: Final[dict[str, FigureKind]] = {"share": "share", "money": "price", "count": "people"}
_CARDS: Final = (
    *("money", "customers", "average_order", "repeat_rate", "new_customers", "f2_conversion"),
    "retention",
)


def segment_page(summary: SegmentSummary, facts: RunFacts, speaker: Speaker) -> Page:
    """Build the page of a segmentation."""
    facts = facts.of_lists(each.file for each in summary.lists)
    cards = _kpi_cards(summary.kpis) if summary.kpis is not None else _order_cards(summary)
    return Page(
        title=Words("html.segment_title"),
        lead=_segment_lead(summary),
        cards=tuple(cards),
        span=_span(summary.kpis) if summary.kpis is not None else "",
        first=tuple(_segment_first(summary, facts, speaker)),
        more=tuple(_segment_more(summary, facts)),
        pictures=tuple(segment_charts(summary, speaker)),
        details=tuple(_segment_details(summary, facts, speaker)),
        foot=foot(speaker),
    )


def _segment_lead(summary: SegmentSummary) -> tuple[Item, ...]:
    if (orders := summary.orders) is not None:
        return (
            orders_span(orders),
            Counted(orders.customers, "customer"),
            Counted(orders.orders, "order"),
            Figure(orders.money_used, "rounded_money"),
        )
    return (Counted(summary.attributes.customers, "customer"),) if summary.attributes else ()


def clean_page(summary: CleanSummary, facts: RunFacts, speaker: Speaker) -> Page:
    """Build the page of a cleansing run."""
    return Page(
        title=Words("html.clean_title"),
        lead=tuple(Joined((each.name, Counted(each.rows, "row")), " ") for each in summary.inputs),
        cards=tuple(_clean_cards(summary)),
        first=tuple(_clean_first(summary, facts)),
        pictures=tuple(clean_charts(summary, speaker)),
        details=tuple(_clean_details(summary, facts)),
        foot=foot(speaker),
    )


def audience_page(summary: AudienceSummary) -> Page:
    """Build the page of target lists."""
    more = (members_left_out(summary), lists_shared(summary))
    first = section("lists", [lists_made(summary)])
    first += section("mind", unlabelled(warnings(summary.warnings)), "doubtful")
    return Page(
        title=Words("html.audience_title"),
        lead=(Date(summary.as_of), Counted(summary.customers, "customer")),
        first=tuple(first),
        details=tuple(section("sent", [facts_used(summary), *(each for each in more if each)])),
        foot=Words("html.foot_plain"),
    )


def plain_page(title: Item, report: Report) -> Page:
    """Build a page of a report that has no pictures: its blocks, without the closing lines."""
    blocks = report.blocks[:-1]
    return Page(
        title=title,
        lead=(),
        first=tuple(section("report", blocks)),
        foot=Words("html.foot_plain"),
    )


def _span(kpis: KpiSummary) -> Item:
    days: dict[str, Item] = {
        "first": Date(kpis.first_day),
        "last": Date(kpis.last_day),
        "days": Figure(kpis.days),
    }
    return Words("report.kpi_note", days)


def foot(speaker: Speaker) -> Item:
    """Give the last line of a page: who made it, and how small groups are shown."""
    return Words("html.foot", {"mask": Figure(speaker.mask_below)})


def section(name: str, blocks: Iterable[Block], tone: Tone = "plain") -> list[Section]:
    """Give a section of some blocks; none where there are none."""
    found = tuple(blocks)
    title = Words(f"html.section.{name}")
    return [Section(name=name, title=title, blocks=found, tone=tone)] if found else []


def _segment_first(summary: SegmentSummary, facts: RunFacts, speaker: Speaker) -> list[Section]:
    found: list[Section] = []
    if (changed := summary.migration) is not None:
        found += section("changed", unlabelled(what_changed(changed, speaker.secret)))
    if summary.layers is not None:
        found += section("look", unlabelled(look_here(summary.layers)))
    found += section("do", unlabelled(first_actions(summary, facts)))
    return found + section("mind", unlabelled(warnings(summary.warnings)), "doubtful")


def _segment_more(summary: SegmentSummary, facts: RunFacts) -> list[Section]:
    if summary.segments is None:
        return []
    found: list[Section] = []
    if summary.events is not None:
        found += section("contacts", unlabelled(contacts(summary.events)))
    if (near := summary.lookalikes) is not None:
        found += section("near", unlabelled(lookalikes(near, facts.list_file(near.file))))
    lists = of_segments(summary.lists, summary.segments)
    return found + section("left_off", unlabelled(left_off(lists)))


def _segment_details(summary: SegmentSummary, facts: RunFacts, speaker: Speaker) -> list[Section]:
    found: list[Section] = []
    if summary.segments is not None:
        rows = sorted(summary.segments.rows, key=lambda row: -row.money)
        sizes = [row.customers for row in rows if row.customers]
        table = segments_table(summary.segments, summary.lists, facts)
        groups = [("segment", row.name) for row in rows if row.customers]
        found += section("segments", [masked(table, sizes, speaker, groups)])
    found += section("actions", all_actions(summary, facts))
    if summary.kpis is not None:
        kpis = [*kpi_table(summary.kpis), *unlabelled(kpi_definitions(summary.kpis))]
        found += section("kpis", kpis)
    if summary.personas is not None and summary.segments is not None:
        found += section("who", unlabelled(who_they_are(summary.personas, summary.segments)))
    if summary.rules is not None and summary.rules.rows:
        sizes = [row.customers for row in summary.rules.rows]
        groups = [("rule", row.name) for row in summary.rules.rows]
        by_rule = rules_table(summary.rules, summary.lists, facts)
        found += section("rules", [masked(by_rule, sizes, speaker, groups)])
    if summary.clusters is not None:
        sizes = [row.customers for row in summary.clusters.rows]
        groups = [("cluster", str(row.number)) for row in summary.clusters.rows]
        found += section(
            "clusters",
            (
                masked(block, sizes, speaker, groups) if isinstance(block, Table) else block
                for block in clusters_found(summary.clusters)
            ),
        )
        found += section("numbers_tried", numbers_tried(summary.clusters))
        found += section("segments_in_clusters", segments_in_clusters(summary.clusters))
    found += section("insights", insights(summary.tables, None))
    if summary.forecast is not None:
        found += section("forecast", unlabelled(forecast_blocks(summary.forecast, speaker)))
    reading = what_was_read(summary, brief=True)
    if summary.rfm is not None:
        reading.append(cuts_used(summary.rfm))
    return found + section("orders", reading)


def _clean_first(summary: CleanSummary, facts: RunFacts) -> list[Section]:
    found: list[Section] = []
    if summary.matching is not None:
        found += section("matched", unlabelled(matched(summary.matching, facts)))
    if summary.quality is not None:
        found += section("quality", unlabelled([quality_line(summary.quality)]))
    return found + section("mind", unlabelled(warnings(summary.warnings)), "doubtful")


def _clean_details(summary: CleanSummary, facts: RunFacts) -> list[Section]:
    found = section("inputs", [inputs_read(summary)])
    if summary.columns and summary.command != "dedupe":
        found += section("columns", [columns_standardized(summary, facts)])
    if summary.matching is not None:
        found += section("evidence", evidence(summary.matching))
    return found


def unlabelled(blocks: Iterable[Block]) -> list[Block]:
    """Leave out the first label of lines: the section's title says it."""
    return [
        replace(block, rows=tuple(("", item) for _, item in block.rows))
        if isinstance(block, Lines)
        else block
        for block in blocks
    ]


def _kpi_cards(kpis: KpiSummary) -> list[Card]:
    known = {r.name: r for r in kpis.rows if r.value is not None or r.goal is not None}
    names: list[str] = [name for name in _CARDS if name in known]
    names += [name for name, row in known.items() if row.goal is not None and name not in names]
    return [_kpi_card(known[name], kpis) for name in names]


def _kpi_card(row: KpiRow, kpis: KpiSummary) -> Card:
    kind: FigureKind = "rounded_money" if row.name == "money" else _KINDS[row.unit]
    before = row.last_run if kpis.last_run and row.last_run is not None else row.previous
    notes: list[Item] = []
    if before is not None and row.value is not None:
        which = "last_run" if kpis.last_run and row.last_run is not None else "previous"
        notes.append(_change(row.value, before, kind, which))
    if row.goal is not None and row.met is None:
        notes.append(Words("html.goal.unknown", {"goal": Figure(row.goal, kind)}))
    elif row.goal is not None:
        goal = {"goal": Figure(row.goal, kind)}
        notes.append(
            Toned(Words("html.goal.met", goal), "good")
            if row.met
            else Toned(Words("html.goal.missed", goal), "bad")
        )
    return Card(
        label=Words(f"segment.kpi.{row.name}"), value=Figure(row.value, kind), notes=tuple(notes)
    )


def _change(now: float, before: float, kind: FigureKind, which: str) -> Item:
    params: dict[str, Item] = {
        "before": Figure(before, kind),
        "which": Words(f"html.earlier.{which}"),
    }
    if now > before:
        return Toned(Words("html.change.up", params), "good")
    if now < before:
        return Toned(Words("html.change.down", params), "bad")
    return Words("html.change.same", params)


def _order_cards(summary: SegmentSummary) -> list[Card]:
    orders = summary.orders
    if orders is None:
        return []
    return [
        Card(label=Words("segment.kpi.money"), value=Figure(orders.money_used, "rounded_money")),
        Card(label=Words("segment.kpi.customers"), value=Figure(orders.customers, "people")),
        Card(label=Words("report.repeat_rate"), value=Figure(orders.repeat_rate, "share")),
        Card(label=Words("report.average_order"), value=Figure(orders.average_order, "price")),
    ]


def _clean_cards(summary: CleanSummary) -> list[Card]:
    rows = sum(each.rows for each in summary.inputs)
    cards = [Card(label=Words("html.card.rows"), value=Figure(rows))]
    if (matching := summary.matching) is not None:
        several = matching.customers_with_several / max(matching.customers, 1)
        note = Words("html.card.several", {"share": Figure(several, "share")})
        cards.append(
            Card(label=Words("report.customers"), value=Figure(matching.customers), notes=(note,))
        )
        if matching.households is not None:
            cards.append(
                Card(label=Words("html.card.households"), value=Figure(matching.households))
            )
    if (quality := summary.quality) is not None:
        said = Words("html.card.before", {"before": Figure(quality.before, "score")})
        note_ = Toned(said, "good") if quality.after > quality.before else said
        value = Figure(quality.after, "score")
        cards.append(Card(label=Words("report.quality"), value=value, notes=(note_,)))
    return cards
