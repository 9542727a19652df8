"""Sheets of a segmentation that tell of buying: scores, deciles, months, cohorts, repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from custseg.report.cohorts import Cohort, cohorts_about, told_cohorts
from custseg.report.forecast import forecast_blocks
from custseg.report.groups import score_groups
from custseg.report.html.speaker import Speaker
from custseg.report.insights import insights
from custseg.report.model import Date, Figure, Item, Lines, Words
from custseg.report.segment import cuts_used
from custseg.report.xlsx.front import grid_of
from custseg.report.xlsx.masks import cell, people, told
from custseg.report.xlsx.model import (
    SEVERAL,
    Cell,
    Graph,
    Grid,
    Part,
    Sentences,
    Series,
    Sheet,
)
from custseg.segment.concentration import DecileRow
from custseg.segment.cpm import CpmSummary
from custseg.segment.nlr import NlrSummary
from custseg.segment.periods import CohortRow, MonthRow
from custseg.segment.repeat import RepeatSummary
from custseg.segment.summary import ForecastSummary, MeasureSummary, RfmSummary, TablesSummary

_COHORTS = 25
_COHORT_MONTHS = 13
_MOST_MONTHS = 37


def buying_sheets(
    rfm: RfmSummary | None,
    tables: TablesSummary | None,
    forecast: ForecastSummary | None,
    speaker: Speaker,
) -> Iterator[Sheet]:
    """Give a sheet for each subject there are numbers for."""
    if rfm is not None:
        yield rfm_sheet(rfm, speaker)
    if tables is not None:
        if not any(speaker.hidden(row.customers) for row in tables.deciles):
            yield deciles_sheet(tables.deciles)
        yield months_sheet(tables.months, speaker)
        if tables.nlr is not None and any(not row.early for row in tables.nlr.rows):
            yield came_and_went_sheet(tables.nlr, speaker)
        if tables.cohorts:
            yield cohorts_sheet(tables.cohorts, speaker)
    if tables is not None:
        yield insights_sheet(tables, speaker)
    if forecast is not None:
        yield forecast_sheet(forecast, speaker)


def rfm_sheet(rfm: RfmSummary, speaker: Speaker) -> Sheet:
    """Give customers and money by recency and frequency, and how the scores are spread."""
    scores = range(rfm.bins, 0, -1)
    heads: tuple[Item, ...] = (
        Words("xlsx.rfm_corner"),
        *(f"F{score}" for score in range(1, rfm.bins + 1)),
    )
    total = sum(map(sum, rfm.money)) or 1.0
    counts: list[tuple[Cell, ...]] = []
    shares: list[tuple[Cell, ...]] = []
    for r in scores:
        people_, money = rfm.customers[r - 1], rfm.money[r - 1]
        groups = [("rf", str(r), str(f)) for f in range(1, rfm.bins + 1)]
        found = list(zip(people_, money, groups, strict=True))
        counts.append((f"R{r}", *(cell(n, speaker, group) for n, _, group in found)))
        shares.append(
            (
                f"R{r}",
                *(
                    told(n, value / total, "share", speaker, group) if n else ""
                    for n, value, group in found
                ),
            )
        )
    parts: list[Part] = [
        Grid(title=Words("chart.rfm_people"), heads=heads, rows=tuple(counts), shading="amounts"),
        Grid(title=Words("xlsx.rfm_money"), heads=heads, rows=tuple(shares), shading="amounts"),
    ]
    if scored := [each for each in rfm.measures if each.scores]:
        parts.append(_scores(scored, speaker))
    cuts = cuts_used(rfm)
    if cuts.rows:
        parts.append(_unlabelled(cuts, Words("report.cuts")))
    return Sheet(
        name=Words("xlsx.sheet.rfm"),
        title=Words("xlsx.rfm"),
        about=Words("chart.rfm_about"),
        parts=tuple(parts),
    )


def _unlabelled(lines: Lines, title: Item) -> Sentences:
    return Sentences(title=title, rows=tuple(("", item) for _, item in lines.rows))


def _scores(measures: Sequence[MeasureSummary], speaker: Speaker) -> Grid:
    """Give customers by score; measures may have different numbers of scores."""
    most = max(len(each.scores) for each in measures)
    rows: list[tuple[Cell, ...]] = []
    for at in range(most):
        counts: list[Item] = [
            people(each.scores[at], speaker, score_groups(each)[at])
            if at < len(each.scores)
            else ""
            for each in measures
        ]
        rows.append((f"{at + 1}", *counts))
    graph = Graph(
        kind="column",
        title=Words("chart.scores"),
        about=Words("chart.scores_about"),
        series=tuple(
            Series(column=at, color=SEVERAL[(at - 1) % len(SEVERAL)])
            for at in range(1, len(measures) + 1)
        ),
        axis=Words("xlsx.score"),
    )
    return Grid(
        title=Words("chart.scores"),
        heads=(Words("xlsx.score"), *(Words(f"segment.measure.{m.name}") for m in measures)),
        rows=tuple(rows),
        graphs=(graph,),
    )


def deciles_sheet(deciles: Sequence[DecileRow]) -> Sheet:
    """Give what each tenth of the customers brings, the best first, as a Pareto chart."""
    total = sum(row.customers for row in deciles) or 1
    rows: list[tuple[Cell, ...]] = []
    so_far = 0
    for row in deciles:
        so_far += row.customers
        rows.append(
            (
                f"{row.decile}",
                Figure(row.customers),
                Figure(row.orders),
                Figure(row.money, "money"),
                Figure(row.money_share, "share"),
                Figure(row.cumulative_share, "share"),
                Figure(so_far / total, "share"),
            )
        )
    graph = Graph(
        kind="column",
        title=Words("chart.pareto"),
        about=Words("xlsx.pareto_about"),
        series=(
            Series(column=4),
            Series(column=5, color="other", line=True),
            Series(column=6, color="quiet", line=True, dashed=True),
        ),
        axis=Words("xlsx.decile_axis"),
    )
    grid = Grid(
        heads=(
            Words("chart.decile"),
            Words("report.customers"),
            Words("report.orders"),
            Words("report.money"),
            Words("xlsx.share_of_money"),
            Words("xlsx.cumulative_money"),
            Words("xlsx.cumulative_customers"),
        ),
        rows=tuple(rows),
        graphs=(graph,),
    )
    return Sheet(
        name=Words("xlsx.sheet.deciles"),
        title=Words("chart.pareto"),
        about=Words("xlsx.pareto_about"),
        parts=(grid,),
    )


def months_sheet(months: Sequence[MonthRow], speaker: Speaker) -> Sheet:
    """Give who bought in each month, for the first time or again, and for how much."""
    shown = months[-_MOST_MONTHS:]
    partial = any(row.partial for row in shown)
    active = Graph(
        kind="overlap",
        title=Words("chart.months"),
        about=Words("xlsx.months_about"),
        series=(Series(column=1), Series(column=2, color="other")),
    )
    money = Graph(
        kind="column",
        title=Words("xlsx.money_by_month"),
        about=Words("xlsx.money_by_month"),
        series=(Series(column=4),),
    )
    heads: tuple[Item, ...] = (
        Words("chart.month"),
        Words("chart.active"),
        Words("chart.new"),
        Words("report.orders"),
        Words("report.money"),
    )
    grid = Grid(
        heads=(*heads, Words("xlsx.note")) if partial else heads,
        rows=tuple(
            (
                Date(row.month),
                people(row.active, speaker, ("active", row.month)),
                people(row.new, speaker, ("first", row.month)),
                told(row.active, row.orders, "count", speaker, ("active", row.month)),
                told(row.active, row.money, "money", speaker, ("active", row.month)),
                *(((Words("chart.partial") if row.partial else ""),) if partial else ()),
            )
            for row in shown
        ),
        graphs=(active, money),
    )
    return Sheet(
        name=Words("xlsx.sheet.months"),
        title=Words("chart.months"),
        about=Words("xlsx.months_about"),
        parts=(grid,),
    )


def came_and_went_sheet(nlr: NlrSummary, speaker: Speaker) -> Sheet:
    """Give new, retained, returned and lapsed customers by month; months too early are left out."""
    rows = [row for row in nlr.rows[-_MOST_MONTHS:] if not row.early]
    graph = Graph(
        kind="stacked",
        title=Words("xlsx.came_and_went"),
        about=Words("xlsx.came_and_went_about", {"days": Figure(nlr.days)}),
        series=(
            Series(column=2),
            Series(column=1, color="other"),
            Series(column=3, color="quiet"),
        ),
    )
    grid = Grid(
        heads=(
            Words("chart.month"),
            Words("xlsx.new"),
            Words("xlsx.retained"),
            Words("xlsx.returned"),
            Words("xlsx.lapsed"),
            Words("xlsx.lapsed_money"),
        ),
        rows=tuple(
            (
                Date(row.month),
                people(row.new, speaker, ("came", row.month, "new")),
                people(row.retained, speaker, ("came", row.month, "retained")),
                people(row.returned, speaker, ("came", row.month, "returned")),
                people(row.lapsed, speaker),
                told(row.lapsed, row.lapsed_money, "money", speaker),
            )
            for row in rows
        ),
        graphs=(graph,),
    )
    return Sheet(
        name=Words("xlsx.sheet.came_and_went"),
        title=Words("xlsx.came_and_went"),
        about=Words("xlsx.came_and_went_about", {"days": Figure(nlr.days)}),
        parts=(grid,),
    )


def cohorts_sheet(cohorts: Sequence[CohortRow], speaker: Speaker) -> Sheet:
    """Give, of the customers who began in a month, the share who came back in each after it."""
    shown = told_cohorts(cohorts, speaker.mask_below)[-_COHORTS:]
    months = range(1, min(max(len(row.customers) for row in shown), _COHORT_MONTHS))
    grid = Grid(
        heads=(
            Words("xlsx.first_month"),
            Words("report.customers"),
            *(f"+{month}" for month in months),
        ),
        rows=tuple(
            (
                row.label,
                people(row.customers[0] or 0, speaker, row.group),
                *(_came_back(row, month, speaker) for month in months),
            )
            for row in shown
        ),
        shading="amounts",
        shaded=2,
    )
    return Sheet(
        name=Words("xlsx.sheet.cohorts"),
        title=Words("chart.cohorts"),
        about=cohorts_about(shown),
        parts=(grid,),
    )


def _came_back(row: Cohort, month: int, speaker: Speaker) -> Item:
    first = row.customers[0] or 0
    now = row.customers[month] if month < len(row.customers) else None
    if not first or now is None:
        return ""
    if speaker.hidden(now) and not speaker.hidden(first):
        return speaker.people(now)
    return told(first, now / first, "share", speaker)


def insights_sheet(tables: TablesSummary, speaker: Speaker) -> Sheet:
    """Give the sentences of the page, and the tables that they are taken from."""
    parts: list[Part] = [
        Sentences(rows=block.rows) for block in insights(tables, None) if isinstance(block, Lines)
    ]
    parts += _repeats(tables.repeat)
    if tables.cpm is not None:
        parts.append(_portfolio(tables.cpm, speaker))
    return Sheet(
        name=Words("xlsx.sheet.insights"),
        title=Words("html.section.insights"),
        parts=tuple(parts),
    )


def forecast_sheet(forecast: ForecastSummary, speaker: Speaker) -> Sheet:
    """Give the purchases to be expected, and the tables of how good such forecasts were."""
    parts: list[Part] = [
        Sentences(rows=block.rows) if isinstance(block, Lines) else grid_of(block)
        for block in forecast_blocks(forecast, speaker)
    ]
    return Sheet(
        name=Words("xlsx.sheet.forecast"),
        title=Words("html.section.forecast"),
        parts=tuple(parts),
    )


def _repeats(repeat: RepeatSummary) -> Iterator[Grid]:
    if not repeat.second:
        return
    graph = Graph(
        kind="column",
        title=Words("xlsx.second"),
        about=Words("xlsx.second_about"),
        series=(Series(column=1),),
        axis=Words("xlsx.within_days"),
    )
    yield Grid(
        title=Words("xlsx.second"),
        heads=(
            Words("xlsx.within_days"),
            Words("xlsx.bought_again"),
            Words("xlsx.naive_share"),
            Words("xlsx.observed"),
        ),
        rows=tuple(
            (
                f"{row.days}",
                Figure(row.share, "share"),
                Figure(row.naive, "share"),
                Figure(row.waiting, "people"),
            )
            for row in repeat.second
        ),
        note=Words("xlsx.second_about"),
        graphs=(graph,),
    )


def _portfolio(cpm: CpmSummary, speaker: Speaker) -> Grid:
    graph = Graph(
        kind="bar",
        title=Words("xlsx.portfolio"),
        about=Words("xlsx.portfolio_about"),
        series=(Series(column=1), Series(column=2, color="quiet")),
    )
    return Grid(
        title=Words("xlsx.portfolio"),
        heads=(
            Words("xlsx.stage"),
            Words("xlsx.active"),
            Words("xlsx.lapsed"),
            Words("xlsx.active_money"),
            Words("xlsx.lapsed_so_far"),
        ),
        rows=tuple(
            (
                Words(f"segment.cpm.{row.stage}"),
                people(row.active, speaker, ("stage", row.stage, "active")),
                people(row.lapsed, speaker, ("stage", row.stage, "lapsed")),
                told(
                    row.active, row.active_money, "money", speaker, ("stage", row.stage, "active")
                ),
                told(
                    row.lapsed, row.lapsed_money, "money", speaker, ("stage", row.stage, "lapsed")
                ),
            )
            for row in cpm.rows
        ),
        note=Words("xlsx.portfolio_about"),
        graphs=(graph,),
    )
