"""The reports of ``custseg measure``."""

from __future__ import annotations

from collections.abc import Sequence

from custseg.measure.effect import Effect
from custseg.measure.sample_size import SampleSize
from custseg.measure.summary import MeasureSummary
from custseg.report.common import RunFacts, closing, warnings
from custseg.report.model import (
    Block,
    Column,
    Date,
    Figure,
    Item,
    Joined,
    Lines,
    Report,
    Table,
    Words,
)

_KNOWN = frozenset({"bought", "orders", "money"})


def measure_report(summary: MeasureSummary, facts: RunFacts | None = None) -> Report:
    """Build the report of what a campaign did, or of channels and campaigns."""
    blocks: list[Block] = [_facts(summary)]
    whole = [each for each in summary.effects if not each.segment]
    parts = [each for each in summary.effects if each.segment]
    if whole:
        key = "measure.effect_note" if summary.random else "measure.comparison_note"
        blocks.append(_effects(whole, summary, Words(key)))
    if parts:
        note = Words(f"measure.correction.{summary.correction}")
        blocks.append(_effects(parts, summary, note))
    if summary.channels:
        blocks.append(_channels(summary))
    if summary.campaigns:
        blocks.append(_campaigns(summary))
    blocks += warnings(summary.warnings)
    if facts is not None:
        blocks.append(closing(facts, "report", facts.folder, "--format", "json"))
    return Report("measure", tuple(blocks))


def _facts(summary: MeasureSummary) -> Lines:
    rows: list[tuple[Item, Item]] = []
    if summary.campaign:
        rows.append((Words("measure.campaign"), summary.campaign))
    if summary.first_day:
        days = Words(
            "measure.days_line", {"first": Date(summary.first_day), "last": Date(summary.last_day)}
        )
        rows.append((Words("measure.days"), days))
    rows += [
        (
            Words("measure.assigned"),
            Words(
                "measure.assigned_line",
                {"group": group_of(arm), "people": Figure(people, "people")},
            ),
        )
        for arm, people in summary.assigned.items()
    ]
    if summary.profit is not None:
        line = Words(
            "measure.profit_line",
            {
                "profit": Figure(summary.profit, "money"),
                "low": Figure(summary.profit_low, "money"),
                "high": Figure(summary.profit_high, "money"),
                "cost": Figure(summary.cost, "money"),
                "margin": Figure(summary.margin, "share"),
            },
        )
        rows.append((Words("measure.profit"), line))
    return Lines(tuple(rows))


def group_of(arm: str) -> Item:
    """Give what to call an arm of a campaign."""
    return Words(f"measure.group.{arm}") if arm in ("treated", "holdout") else arm


def outcome_of(name: str) -> Item:
    """Give what to call what was measured."""
    return Words(f"measure.outcome.{name}") if name in _KNOWN else name


def _effects(found: Sequence[Effect], summary: MeasureSummary, note: Item) -> Table:
    several = any(each.segment for each in found)
    title = "measure.effect" if summary.random else "measure.comparison"
    return Table(
        columns=(
            Column(Words(title), least=9),
            Column(least=13),
            Column(Words("measure.value"), right=True),
            Column(Words("measure.control"), right=True),
            Column(Words("measure.difference"), right=True),
            Column(Words("measure.interval"), right=True),
            Column(Words("measure.p"), right=True),
            Column(Words("measure.extra"), right=True),
        ),
        rows=tuple(
            (
                each.segment if several else group_of(each.arm),
                outcome_of(each.outcome),
                _value(each.treated_value, each),
                _value(each.control_value, each),
                _value(each.difference, each),
                Joined((_value(each.low, each), _value(each.high, each)), " … "),
                _p(each.p_adjusted),
                Figure(each.extra, "number"),
            )
            for each in found
        ),
        note=note,
    )


def _value(value: float | None, effect: Effect) -> Item:
    if value is None or not effect.share:
        return Figure(value, "number")
    return f"{100 * value:.2f} %"


def _p(value: float | None) -> Item:
    if value is None:
        return Figure(None)
    return "< .0001" if value < 0.0001 else f"{value:.4f}".lstrip("0")


def _channels(summary: MeasureSummary) -> Table:
    return Table(
        columns=(
            Column(Words("measure.channel")),
            Column(Words("measure.first"), right=True),
            Column(Words("measure.last"), right=True),
            Column(Words("measure.first_money"), right=True),
            Column(Words("report.orders"), right=True),
            Column(Words("report.money"), right=True),
        ),
        rows=tuple(
            (
                each.channel or Words("measure.none"),
                Figure(each.first, "people"),
                Figure(each.last, "people"),
                Figure(each.first_money, "money", of=each.first),
                Figure(each.orders),
                Figure(each.money, "money"),
            )
            for each in summary.channels
        ),
        note=Words("measure.channels_note"),
    )


def _campaigns(summary: MeasureSummary) -> Table:
    return Table(
        columns=(
            Column(Words("measure.campaigns")),
            Column(Words("report.customers"), right=True),
            Column(Words("report.orders"), right=True),
            Column(Words("report.money"), right=True),
            Column(right=True),
            Column(Words("measure.new"), right=True),
            Column(Words("measure.later"), right=True),
        ),
        rows=tuple(
            (
                each.campaign or Words("measure.none"),
                Figure(each.customers, "people"),
                Figure(each.orders, of=each.customers),
                Figure(each.money, "money", of=each.customers),
                Figure(each.share, "share", of=each.customers),
                Figure(each.new_customers, "people"),
                Figure(each.later_money, "money", of=each.new_customers),
            )
            for each in summary.campaigns
        ),
        note=Words("measure.campaigns_note"),
    )


def plan_report(found: SampleSize) -> Report:
    """Build the report of a planned test."""
    from_to = Words(
        "measure.plan_line",
        {
            "rate": Figure(found.rate, "share"),
            "expected": Figure(found.expected, "share"),
            "alpha": f"{found.alpha:g}",
            "power": f"{found.power:g}",
        },
    )
    rows: tuple[tuple[Item, Item], ...] = (
        (Words("measure.plan"), from_to),
        (Words("measure.plan_cohen"), Figure(found.cohen)),
        (Words("measure.plan_pooled"), Figure(found.pooled)),
    )
    return Report("measure plan", (Lines(rows),))
