"""What a segmentation shows beside the segments: concentration, second orders, forecast, rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from custseg.report.common import RunFacts
from custseg.report.forecast import forecast_lines
from custseg.report.model import Block, Column, Date, Figure, Item, Joined, Lines, Table, Words
from custseg.segment.cpm import STAGES, CpmSummary
from custseg.segment.summary import ForecastSummary, ListSummary, RulesSummary, TablesSummary

_TOP_DECILES: Final = 2
_SECOND_WITHIN: Final = 90

_RULES_SHOWN: Final = 20
"""Segments by rule that a terminal shows; every one stands in ``summary.json``."""

_PAIRS_SHOWN: Final = 3


def insights(tables: TablesSummary | None, forecast: ForecastSummary | None) -> list[Block]:
    """Give a line each on who spends, who comes back, and what is to be expected."""
    rows: list[tuple[Item, Item]] = []
    if tables is not None:
        rows += _concentration(tables)
        rows += _second_order(tables)
        rows += _came_and_went(tables)
        rows += _portfolio(tables)
    if forecast is not None:
        rows += forecast_lines(forecast)
    return [Lines(tuple(rows))] if rows else []


def _concentration(tables: TablesSummary) -> list[tuple[Item, Item]]:
    if len(tables.deciles) <= _TOP_DECILES:
        return []
    top = tables.deciles[_TOP_DECILES - 1].cumulative_share
    line = Words(
        "report.concentration_line",
        {"share": Figure(top, "share"), "gini": f"{tables.gini:.2f}"},
    )
    shares = tuple(Figure(row.money_share, "rounded_share") for row in tables.deciles)
    classes = tuple(
        Words(
            "report.abc_class",
            {
                "name": row.name,
                "customers": Figure(row.customers, "people", group=("abc", row.name)),
            },
        )
        for row in tables.abc
    )
    return [
        (Words("report.concentration"), line),
        (Words("report.deciles"), Joined(shares, " · ")),
        (Words("report.abc"), Words("report.abc_line", {"classes": Joined(classes, " · ")})),
    ]


def _second_order(tables: TablesSummary) -> list[tuple[Item, Item]]:
    repeat = tables.repeat
    said: list[Item] = []
    if found := [row for row in repeat.second if row.days <= _SECOND_WITHIN]:
        line: dict[str, Item] = {
            "days": Figure(found[-1].days),
            "share": Figure(found[-1].share, "share"),
            "naive": Figure(found[-1].naive, "share"),
        }
        said.append(Words("report.second_line", line))
    if repeat.interval_median is not None:
        reached: dict[str, Item] = {
            "reached": Joined(
                tuple(
                    Figure(people, "people", group=("reached", str(times)))
                    for times, people in enumerate(repeat.reached, 1)
                ),
                " → ",
            ),
            "median": Figure(repeat.interval_median, "number"),
            "mean": Figure(repeat.interval_mean, "number"),
        }
        said.append(Words("report.reached_line", reached))
    return [(Words("report.second") if n == 0 else "", item) for n, item in enumerate(said)]


def _came_and_went(tables: TablesSummary) -> list[tuple[Item, Item]]:
    """The last whole month, where new can be told from returned."""
    if tables.nlr is None:
        return []
    whole = [row for row in tables.nlr.rows if not row.partial and not row.early]
    if not whole:
        return []
    row = whole[-1]
    line = Words(
        "report.nlr_line",
        {
            "month": Date(row.month),
            "new": Figure(row.new, "people", group=("came", row.month, "new")),
            "retained": Figure(row.retained, "people", group=("came", row.month, "retained")),
            "returned": Figure(row.returned, "people", group=("came", row.month, "returned")),
            "lapsed": Figure(row.lapsed, "people"),
            "money": Figure(row.lapsed_money, "rounded_money", of=row.lapsed),
        },
    )
    return [(Words("report.nlr"), line)]


def _portfolio(tables: TablesSummary) -> list[tuple[Item, Item]]:
    """Each stage of the customer portfolio: active and lapsed customers."""
    if tables.cpm is None:
        return []
    stages = tuple(
        Words(
            "report.cpm_stage",
            {
                "stage": Words(f"segment.cpm.{row.stage}"),
                "active": Figure(row.active, "people", group=("stage", row.stage, "active")),
                "lapsed": Figure(row.lapsed, "people", group=("stage", row.stage, "lapsed")),
            },
        )
        for row in tables.cpm.rows
    )
    line = Words("report.cpm_line", {"stages": Joined(stages, " · ")})
    return [(Words("report.cpm"), line), ("", _bounds(tables.cpm))]


def _bounds(cpm: CpmSummary) -> Item:
    """Where each stage begins and ends."""
    names: dict[str, Item] = {stage: Words(f"segment.cpm.{stage}") for stage in STAGES}
    bounds: dict[str, Item] = {
        "money": Figure(cpm.money, "money"),
        "short": Figure(cpm.short),
        "long": Figure(cpm.long),
        "lapsed": Figure(cpm.lapsed),
    }
    return Words("report.cpm_bounds", names | bounds)


def rules_found(rules: RulesSummary, lists: Sequence[ListSummary], facts: RunFacts) -> list[Block]:
    """Give the first segments by rule, how many more there are, and who is in two of them."""
    shown = rules_table(replace(rules, rows=rules.rows[:_RULES_SHOWN]), lists, facts)
    lines: list[tuple[Item, Item]] = []
    if (more := len(rules.rows) - _RULES_SHOWN) > 0:
        params: dict[str, Item] = {"count": Figure(more), "place": f"{facts.inside}summary.json"}
        lines.append(("", Words("report.more_rules", params)))
    pairs = _most_in_common(rules)
    lines += [
        (Words("report.rules_overlap") if number == 0 else "", item)
        for number, item in enumerate(pairs)
    ]
    return [shown, Lines(tuple(lines))] if lines else [shown]


def _most_in_common(rules: RulesSummary) -> list[Item]:
    """Say which pairs of rules have most of the smaller one's customers in common."""
    found = [
        (both / min(one.customers, other.customers), both, one.name, other.name)
        for at, (one, counts) in enumerate(zip(rules.rows, rules.overlaps, strict=True))
        for other, both in zip(rules.rows[at + 1 :], counts[at + 1 :], strict=True)
        if both
    ]
    found.sort(key=lambda each: (-each[0], -each[1]))
    said: list[Item] = [
        Words(
            "report.rules_overlap_pair",
            {
                "one": one,
                "other": other,
                "customers": Figure(both, "people"),
                "share": Figure(share, "rounded_share"),
            },
        )
        for share, both, one, other in found[:_PAIRS_SHOWN]
    ]
    if more := len(found) - len(said):
        said.append(Words("report.and_more", {"count": Figure(more)}))
    return said


def rules_table(rules: RulesSummary, lists: Sequence[ListSummary], facts: RunFacts) -> Table:
    """Give the segments by rule, with their conditions and where their lists are.

    How many are on the list stands there where some declined contact.
    """
    files = {row.file for row in rules.rows}
    listed = {each.file: each for each in lists if each.file in files}
    on_list = any(each.declined for each in listed.values())

    def on(file: str) -> tuple[Item, ...]:
        if not on_list:
            return ()
        found = listed.get(file)
        return (Figure(found.customers, "people", group=("list", file)) if found else "",)

    return Table(
        columns=(
            Column(Words("report.rule")),
            Column(Words("report.customers"), right=True),
            Column(right=True),
            *((Column(Words("report.on_list"), right=True),) if on_list else ()),
            Column(Words("report.money"), right=True),
            Column(Words("report.condition")),
        ),
        rows=tuple(
            (
                row.name,
                Figure(row.customers, "people", group=("rule", row.name)),
                Figure(row.share, "rounded_share"),
                *on(row.file),
                Figure(row.money, "money"),
                row.where,
            )
            for row in rules.rows
        ),
        note=Words("report.rules_note", {"place": facts.lists("segments/rules/")}),
    )
