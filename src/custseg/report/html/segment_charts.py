"""The pictures of a segmentation, from the numbers of its summary."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

from custseg.report.html.charts.bars import columns_of_scores
from custseg.report.html.charts.flow import flow
from custseg.report.html.charts.heat import heat_map
from custseg.report.html.charts.lines import share_curve, stacked_columns
from custseg.report.html.charts.treemap import Tile, treemap
from custseg.report.html.model import Chart
from custseg.report.html.speaker import Speaker
from custseg.report.model import Column, Figure, Item, Joined, Table, Words
from custseg.report.segment_names import dimension_name, level_name, name_of
from custseg.segment.migration import MigrationSummary
from custseg.segment.periods import CohortRow
from custseg.segment.personas import PersonaTable
from custseg.segment.summary import (
    ClusterRow,
    ClustersSummary,
    RfmSummary,
    SegmentsSummary,
    SegmentSummary,
    TablesSummary,
)

_COHORT_MONTHS = 13
_TOP_SHARE = 0.2
_MOST_LEVELS = 10
_NARROW_LEVELS = 5


def segment_charts(summary: SegmentSummary, speaker: Speaker) -> Iterator[Chart]:
    """Draw what the summary has numbers for."""
    if summary.segments is not None:
        yield _treemap(summary.segments, speaker)
    if summary.rfm is not None:
        yield from _rfm(summary.rfm, speaker)
    if summary.tables is not None:
        if not any(speaker.hidden(row.customers) for row in summary.tables.deciles):
            yield _pareto(summary.tables, speaker)
        yield _months(summary.tables, speaker)
        if summary.tables.cohorts:
            yield _cohorts(summary.tables.cohorts, speaker)
    if summary.migration is not None:
        yield _flow(summary.migration, speaker)
    if summary.clusters is not None:
        yield _profiles(summary.clusters, speaker)
    if summary.personas is not None and summary.segments is not None:
        names = tuple(summary.personas.segments)
        for table in summary.personas.tables:
            yield _persona(table, names, speaker)


def _treemap(segments: SegmentsSummary, speaker: Speaker) -> Chart:
    rows = sorted(segments.rows, key=lambda row: -row.money)
    tiles = [
        Tile(
            row.money,
            speaker.say(name_of(row.name)),
            f"{speaker.figure(row.money_share, 'rounded_share')} · {speaker.people(row.customers)}",
        )
        for row in rows
        if not speaker.hidden(row.customers)
    ]
    title = Words("chart.treemap")
    about = Words("chart.treemap_about")
    return Chart(
        title=title,
        about=about,
        svg=treemap(tiles, name="treemap", title=speaker.say(title), about=speaker.say(about)),
        numbers=Table(
            columns=(
                Column(Words("report.segment")),
                Column(Words("report.customers"), right=True),
                Column(Words("report.money"), right=True),
            ),
            rows=tuple(
                (
                    name_of(row.name),
                    speaker.people(row.customers),
                    "" if speaker.hidden(row.customers) else Figure(row.money, "money"),
                )
                for row in rows
            ),
        ),
    )


def _rfm(rfm: RfmSummary, speaker: Speaker) -> Iterator[Chart]:
    bins = range(rfm.bins, 0, -1)
    rows = [f"R{score}" for score in bins]
    columns = [f"F{score}" for score in range(1, rfm.bins + 1)]
    grid = [rfm.customers[score - 1] for score in bins]
    money = [rfm.money[score - 1] for score in bins]
    title, about = Words("chart.rfm_people"), Words("chart.rfm_about")
    shown = [[speaker.people(n) if n else "" for n in line] for line in grid]
    yield Chart(
        title=title,
        about=about,
        svg=heat_map(
            [[float(n) if n else None for n in line] for line in grid],
            shown,
            rows,
            columns,
            name="rfm-people",
            title=speaker.say(title),
            about=speaker.say(about),
            row=44,
        ),
    )
    title = Words("chart.rfm_money")
    total = sum(map(sum, money)) or 1.0
    told = [[not speaker.hidden(n) and n > 0 for n in line] for line in grid]
    yield Chart(
        title=title,
        about=about,
        svg=heat_map(
            [
                [value if tell else None for value, tell in zip(line, tells, strict=True)]
                for line, tells in zip(money, told, strict=True)
            ],
            [
                [
                    speaker.figure(value / total, "share") if tell else ""
                    for value, tell in zip(line, tells, strict=True)
                ]
                for line, tells in zip(money, told, strict=True)
            ],
            rows,
            columns,
            name="rfm-money",
            title=speaker.say(title),
            about=speaker.say(about),
            row=44,
        ),
    )
    if any(each.scores for each in rfm.measures):
        title, about = Words("chart.scores"), Words("chart.scores_about")
        groups = [
            (speaker.say(Words(f"segment.measure.{each.name}")), each.scores)
            for each in rfm.measures
        ]
        yield Chart(
            title=title,
            about=about,
            svg=columns_of_scores(
                groups, name="scores", title=speaker.say(title), about=speaker.say(about)
            ),
        )


def _pareto(tables: TablesSummary, speaker: Speaker) -> Chart:
    total = sum(row.customers for row in tables.deciles) or 1
    points, people = [], 0
    for row in tables.deciles:
        people += row.customers
        points.append((people / total, row.cumulative_share))
    near = min(points, key=lambda point: abs(point[0] - _TOP_SHARE))
    params: dict[str, Item] = {
        "people": Figure(near[0], "rounded_share"),
        "money": Figure(near[1], "rounded_share"),
    }
    title, about = Words("chart.pareto"), Words("chart.pareto_about", params)
    return Chart(
        title=title,
        about=about,
        svg=share_curve(
            points,
            marked=(*near, speaker.say(Words("chart.pareto_mark", params))),
            x_title=speaker.say(Words("chart.pareto_axis")),
            name="pareto",
            title=speaker.say(title),
            about=speaker.say(about),
        ),
        numbers=Table(
            columns=(
                Column(Words("chart.decile"), right=True),
                Column(Words("report.customers"), right=True),
                Column(Words("report.money"), right=True),
                Column(Words("chart.share"), right=True),
                Column(Words("chart.cumulative"), right=True),
            ),
            rows=tuple(
                (
                    Figure(row.decile),
                    Figure(row.customers),
                    Figure(row.money, "money"),
                    Figure(row.money_share, "share"),
                    Figure(row.cumulative_share, "share"),
                )
                for row in tables.deciles
            ),
        ),
    )


def _months(tables: TablesSummary, speaker: Speaker) -> Chart:
    months = tables.months[-25:]
    title, about = Words("chart.months"), Words("chart.months_about")
    said = [
        speaker.say(
            Words(
                "chart.month_tip",
                {
                    "month": row.month,
                    "active": speaker.people(row.active),
                    "new": speaker.people(row.new),
                    "money": Figure(_told(row.active, row.money, speaker), "rounded_money"),
                },
            )
        )
        for row in months
    ]
    return Chart(
        title=title,
        about=about,
        svg=stacked_columns(
            [row.month[2:] for row in months],
            [row.active - row.new for row in months],
            [row.new for row in months],
            legend=(
                speaker.say(Words("chart.returning")),
                speaker.say(Words("chart.new")),
            ),
            faint=[row.partial for row in months],
            tips=said,
            name="months",
            title=speaker.say(title),
            about=speaker.say(about),
        ),
        numbers=Table(
            columns=(
                Column(Words("chart.month")),
                Column(Words("chart.active"), right=True),
                Column(Words("chart.new"), right=True),
                Column(Words("report.orders"), right=True),
                Column(Words("report.money"), right=True),
            ),
            rows=tuple(
                (
                    Joined((row.month, Words("chart.partial")), " ") if row.partial else row.month,
                    speaker.people(row.active),
                    speaker.people(row.new),
                    Figure(_told(row.active, row.orders, speaker)),
                    Figure(_told(row.active, row.money, speaker), "money"),
                )
                for row in months
            ),
        ),
    )


def _told(people: int, value: float, speaker: Speaker) -> float | None:
    return None if speaker.hidden(people) else value


def _cohorts(cohorts: tuple[CohortRow, ...], speaker: Speaker) -> Chart:
    shown = cohorts[-_COHORT_MONTHS:]
    months = range(min(max(len(row.customers) for row in shown), _COHORT_MONTHS))

    def cell(row: CohortRow, month: int) -> int | None:
        return row.customers[month] if month < len(row.customers) else None

    def share(row: CohortRow, month: int) -> float | None:
        first, now = row.customers[0], cell(row, month)
        if not first or now is None or not month or speaker.hidden(first):
            return None
        return now / first

    def words(row: CohortRow, month: int) -> str:
        found = share(row, month)
        return "" if found is None else f"{100 * found:.0f}"

    title, about = Words("chart.cohorts"), Words("chart.cohorts_about")
    return Chart(
        title=title,
        about=about,
        svg=heat_map(
            [[share(row, month) for month in months if month] for row in shown],
            [[words(row, month) for month in months if month] for row in shown],
            [f"{row.month} ({speaker.people(row.customers[0] or 0)})" for row in shown],
            [f"+{month}" for month in months if month],
            name="cohorts",
            title=speaker.say(title),
            about=speaker.say(about),
            row=26,
        ),
        wide=len(shown) > 8,
    )


def _flow(changed: MigrationSummary, speaker: Speaker) -> Chart:
    table = changed.table
    names = [speaker.say(name_of(each)) for each in table.segments]
    moved = {
        (a, b): people
        for a, line in enumerate(table.customers)
        for b, people in enumerate(line)
        if people and not speaker.hidden(people)
    }
    new = len(names)
    moved |= {
        (new, b): people
        for b, people in enumerate(table.new_customers)
        if people and not speaker.hidden(people)
    }
    came = speaker.say(Words("chart.newcomers"))
    title = Words("chart.flow")
    about = Words("chart.flow_about", {"first": changed.first_day, "last": changed.last_day})
    return Chart(
        title=title,
        about=about,
        svg=flow(
            [*names, came],
            names,
            moved,
            heads=(changed.first_day, changed.last_day),
            name="flow",
            title=speaker.say(title),
            about=speaker.say(about),
        ),
        numbers=Table(
            columns=(Column(), *(Column(name_of(each), right=True) for each in table.segments)),
            rows=tuple(
                (name, *(speaker.people(n) if n else "" for n in line))
                for name, line in zip(
                    [*names, came], [*table.customers, table.new_customers], strict=True
                )
            ),
        ),
        wide=True,
    )


def _profiles(clusters: ClustersSummary, speaker: Speaker) -> Chart:
    features = clusters.features
    titles = [
        speaker.say(Words(f"segment.measure.{each}"))
        if each in ("recency_days", "frequency", "monetary")
        else each
        for each in features
    ]
    values: list[list[float | None]] = []
    shown: list[list[str]] = []
    for row in clusters.rows:
        values.append([_signed_index(row.indexes.get(each)) for each in features])
        shown.append(
            [
                speaker.figure(
                    row.medians.get(each), "rounded_money" if each == "monetary" else "number"
                )
                for each in features
            ]
        )
    title, about = Words("chart.profiles"), Words("chart.profiles_about")
    return Chart(
        title=title,
        about=about,
        svg=heat_map(
            values,
            shown,
            [_cluster(row, speaker) for row in clusters.rows],
            titles,
            name="profiles",
            title=speaker.say(title),
            about=speaker.say(about),
            row=36,
        ),
    )


def _cluster(row: ClusterRow, speaker: Speaker) -> str:
    return f"{row.number} · {speaker.figure(row.share, 'rounded_share')}"


def _signed_index(index: float | None) -> float:
    """Give how far a median is from that of all, in doublings; 3 at most."""
    if index is None or index <= 0:
        return 0.0
    return max(min(log2(index / 100), 3.0), -3.0)


def _persona(table: PersonaTable, segments: tuple[str, ...], speaker: Speaker) -> Chart:
    """Draw how much more (or less) often each group is in a segment than by chance."""
    kept = _largest(table, speaker)
    levels = [
        speaker.say(level_name(table.attribute, table.levels[at], alone=False)) for at in kept
    ]

    def value(at: int, place: int) -> float | None:
        people = table.customers[at][place]
        if not people or speaker.hidden(people):
            return None
        return _signed_index(100 * table.ratios[at][place]) if table.stands_out[at][place] else 0.0

    def shown(at: int, place: int) -> str:
        people = table.customers[at][place]
        return speaker.people(people) if people else ""

    places = range(len(segments))
    title = Words("chart.personas", {"attribute": dimension_name(table.attribute)})
    about = Words("chart.personas_about")
    return Chart(
        title=title,
        about=about,
        svg=heat_map(
            [[value(at, place) for at in kept] for place in places],
            [[shown(at, place) for at in kept] for place in places],
            [speaker.say(name_of(each)) for each in segments],
            levels,
            name=f"personas-{table.attribute.replace('_', '-')}",
            title=speaker.say(title),
            about=speaker.say(about),
            row=26,
        ),
        wide=len(kept) > _NARROW_LEVELS,
    )


def _largest(table: PersonaTable, speaker: Speaker) -> list[int]:
    """Give the levels that are large enough to be told, in order; the largest where many are."""
    sizes = [sum(line) for line in table.customers]
    told = [at for at, size in enumerate(sizes) if size >= speaker.mask_below]
    told.sort(key=lambda at: (-sizes[at], at))
    return sorted(told[:_MOST_LEVELS])
