"""Pictures of what happens from month to month: who buys, who comes back, who moves where."""

from __future__ import annotations

from custseg.report.cohorts import Cohort, cohorts_about, told_cohorts
from custseg.report.html.charts.flow import End, flow
from custseg.report.html.charts.heat import heat_map
from custseg.report.html.charts.lines import stacked_columns
from custseg.report.html.model import Chart
from custseg.report.html.speaker import Speaker
from custseg.report.model import Column, Date, Figure, Item, Joined, Table, Words
from custseg.report.segment_changes import move_groups, move_table
from custseg.report.segment_names import name_of
from custseg.report.suppression import Group
from custseg.segment.migration import MigrationSummary
from custseg.segment.periods import MonthRow
from custseg.segment.summary import TablesSummary

_COHORT_MONTHS = 13
_MONTHS = 25


def months_chart(tables: TablesSummary, speaker: Speaker) -> Chart:
    """Draw the customers of each month, new ones apart."""
    months = tables.months[-_MONTHS:]
    title, about = Words("chart.months"), Words("chart.months_about")
    drawn = [_drawn(row, speaker) for row in months]
    said = [
        speaker.say(
            Words(
                "chart.month_tip",
                {
                    "month": Date(row.month),
                    "active": speaker.people(row.active, ("active", row.month)),
                    "new": speaker.people(row.new, ("first", row.month)),
                    "money": Figure(_told(row, row.money, speaker), "rounded_money"),
                },
            )
        )
        for row in months
    ]
    return Chart(
        title=title,
        about=about,
        svg=stacked_columns(
            [speaker.say(Date(row.month)) for row in months],
            [active - new for active, new in drawn],
            [new for _, new in drawn],
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
                    _month(row),
                    speaker.people(row.active, ("active", row.month)),
                    speaker.people(row.new, ("first", row.month)),
                    Figure(_told(row, row.orders, speaker)),
                    Figure(_told(row, row.money, speaker), "money"),
                )
                for row in months
            ),
        ),
    )


def _month(row: MonthRow) -> Item:
    month = Date(row.month)
    return Joined((month, Words("chart.partial")), " ") if row.partial else month


def _told(row: MonthRow, value: float, speaker: Speaker) -> float | None:
    return None if speaker.secret(row.active, ("active", row.month)) else value


def _drawn(row: MonthRow, speaker: Speaker) -> tuple[int, int]:
    """Give who is drawn of a month, and how many of them as new: heights tell numbers too."""
    if speaker.secret(row.active, ("active", row.month)):
        return 0, 0
    return row.active, 0 if speaker.secret(row.new, ("first", row.month)) else row.new


def cohorts_chart(tables: TablesSummary, speaker: Speaker) -> Chart:
    """Draw how many of each month's new customers bought again in the months after."""
    shown = told_cohorts(tables.cohorts, speaker.mask_below)[-_COHORT_MONTHS:]
    unfinished = {_place(row.month) for row in tables.months if row.partial}
    months = range(min(max(len(row.customers) for row in shown), _COHORT_MONTHS))

    def cell(row: Cohort, month: int) -> int | None:
        return row.customers[month] if month < len(row.customers) else None

    def share(row: Cohort, month: int) -> float | None:
        first, now = row.customers[0], cell(row, month)
        if not first or now is None or not month or speaker.hidden(now):
            return None
        if speaker.secret(first, row.group):
            return None
        return now / first

    def color(row: Cohort, month: int) -> float | None:
        # A month that is not over would look as if fewer had come back.
        return None if _place(row.months[-1]) + month in unfinished else share(row, month)

    def words(row: Cohort, month: int) -> str:
        found, now = share(row, month), cell(row, month)
        if found is not None:
            return f"{100 * found:.0f}"
        return speaker.people(now) if month and now and speaker.hidden(now) else ""

    title, about = Words("chart.cohorts"), cohorts_about(shown)
    return Chart(
        title=title,
        about=about,
        svg=heat_map(
            [[color(row, month) for month in months if month] for row in shown],
            [[words(row, month) for month in months if month] for row in shown],
            [_cohort(row, speaker) for row in shown],
            [f"+{month}" for month in months if month],
            name="cohorts",
            title=speaker.say(title),
            about=speaker.say(about),
            row=26,
        ),
    )


def _place(month: str) -> int:
    """Number of a month (``2026-09``) on the calendar."""
    year, _, number = month.partition("-")
    return 12 * int(year) + int(number)


def _cohort(row: Cohort, speaker: Speaker) -> str:
    size = speaker.few(row.customers[0] or 0, row.group)
    return f"{speaker.say(row.label)} ({size})"


def flow_chart(changed: MigrationSummary, speaker: Speaker) -> Chart:
    """Draw how many customers went from which segment to which."""
    groups = move_table(changed.table)
    names = [speaker.say(name_of(each)) for each in changed.table.segments]
    before = [*names, speaker.say(Words("chart.newcomers"))]
    after = [*names, speaker.say(Words("chart.gone"))]
    cells = [
        list(zip(line, named, strict=True))
        for line, named in zip(groups, move_groups(changed.table), strict=True)
    ]
    segments = changed.table.segments
    rows = [
        (sum(line), group)
        for line, group in zip(
            groups, [*(("before", n) for n in segments), ("newcomers",)], strict=True
        )
    ]
    columns = [
        (sum(line), group)
        for line, group in zip(
            zip(*groups, strict=True), [*(("after", n) for n in segments), ("left",)], strict=True
        )
    ]
    told = [
        (at, [speaker.cell(*each) for each in line])
        for at, line in enumerate(cells)
        if rows[at][0] or at < len(names)
    ]
    shown = [at for at, (n, _) in enumerate(columns) if n or at < len(names)]
    moved = {
        (a, b): people
        for a, line in enumerate(cells)
        for b, (people, group) in enumerate(line)
        if people and not speaker.secret(people, group)
    }
    title = Words("chart.flow")
    about = Words(
        "chart.flow_about",
        {
            "first": Date(changed.first_day),
            "last": Date(changed.last_day),
            "least": Figure(speaker.mask_below),
        },
    )
    return Chart(
        title=title,
        about=about,
        svg=flow(
            [_end(words, *each, speaker) for words, each in zip(before, rows, strict=True)],
            [_end(words, *each, speaker) for words, each in zip(after, columns, strict=True)],
            moved,
            heads=(speaker.say(Date(changed.first_day)), speaker.say(Date(changed.last_day))),
            name="flow",
            title=speaker.say(title),
            about=speaker.say(about),
        ),
        numbers=Table(
            columns=(
                Column(),
                *(Column(after[at], right=True) for at in shown),
                Column(Words("chart.all"), right=True),
            ),
            rows=(
                *(
                    (before[at], *(line[to] for to in shown), speaker.cell(*rows[at]))
                    for at, line in told
                ),
                (
                    Words("chart.all"),
                    *(speaker.cell(*columns[at]) for at in shown),
                    speaker.cell(sum(n for n, _ in rows), ()),
                ),
            ),
        ),
    )


def _end(words: str, people: int, group: Group, speaker: Speaker) -> End:
    """Give a group of the picture, its number masked where it is small."""
    told = speaker.cell(people, group)
    return End(words, 0 if speaker.secret(people, group) else people, told)
