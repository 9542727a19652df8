"""Pictures of where the money comes from: which segments, and how few of the customers."""

from __future__ import annotations

from custseg.report.html.charts.lines import share_curve
from custseg.report.html.charts.treemap import Tile, treemap
from custseg.report.html.model import Chart
from custseg.report.html.speaker import Speaker
from custseg.report.model import Column, Figure, Item, Table, Words
from custseg.report.segment_names import name_of
from custseg.segment.summary import SegmentsSummary, TablesSummary

_TOP_SHARE = 0.2


def treemap_chart(segments: SegmentsSummary, speaker: Speaker) -> Chart:
    """Draw the segments by their money."""
    rows = sorted(segments.rows, key=lambda row: -row.money)
    tiles = [
        Tile(
            row.money,
            speaker.say(name_of(row.name)),
            speaker.say(
                Words(
                    "chart.share_and_people",
                    {
                        "share": Figure(row.money_share, "rounded_share"),
                        "people": speaker.few(row.customers),
                    },
                )
            ),
        )
        for row in rows
        if not speaker.secret(row.customers, ("segment", row.name))
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
                    speaker.people(row.customers, ("segment", row.name)),
                    ""
                    if speaker.secret(row.customers, ("segment", row.name))
                    else Figure(row.money, "money"),
                )
                for row in rows
            ),
        ),
    )


def pareto_chart(tables: TablesSummary, speaker: Speaker) -> Chart:
    """Draw what share of the money what share of the customers brings."""
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
