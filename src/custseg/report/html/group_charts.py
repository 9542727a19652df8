"""Pictures of who is in which group: what sets clusters apart, and who stands out in a segment."""

from __future__ import annotations

from collections.abc import Mapping
from math import log2
from typing import Final

from custseg.report.html.charts.heat import heat_map
from custseg.report.html.charts.japan import TILES, short_name
from custseg.report.html.model import Chart
from custseg.report.html.speaker import Speaker
from custseg.report.model import FigureKind, Words
from custseg.report.segment_names import dimension_name, feature_name, level_name, name_of
from custseg.report.suppression import Group
from custseg.segment.personas import PersonaTable
from custseg.segment.summary import ClusterRow, ClustersSummary

SMALL: Final = "*"
"""Stands beside what stands out, but is of too few customers for a finding."""

_MOST_LEVELS = 10
_KINDS: Final[Mapping[str, FigureKind]] = {
    "recency_days": "count",
    "frequency": "number",
    "monetary": "rounded_money",
}
"""Measures with words of their own, and how they are written."""


def profiles_chart(clusters: ClustersSummary, speaker: Speaker) -> Chart:
    """Draw the medians of each cluster, colored by how far they are from those of all."""
    features = clusters.features
    titles = [_measure(each, speaker) for each in features]
    values: list[list[float | None]] = []
    shown: list[list[str]] = []
    for row in clusters.rows:
        values.append([_signed_index(row.indexes.get(each)) for each in features])
        shown.append(
            [speaker.figure(row.medians.get(each), _KINDS.get(each, "number")) for each in features]
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


def _measure(feature: str, speaker: Speaker) -> str:
    known = feature in _KINDS
    return speaker.say(Words(f"chart.measure.{feature}") if known else feature_name(feature))


def persona_chart(table: PersonaTable, segments: tuple[str, ...], speaker: Speaker) -> Chart:
    """Draw how much more (or less) often each group is in a segment than by chance."""
    kept = _largest(table, speaker)
    levels = [
        short_name(level)
        if (level := table.levels[at]) in TILES
        else speaker.say(level_name(table.attribute, level, alone=False))
        for at in kept
    ]

    def group(at: int, place: int) -> Group:
        return ("level", table.attribute, str(at), segments[place])

    def value(at: int, place: int) -> float | None:
        count = table.customers[at][place]
        if not count or speaker.secret(count, group(at, place)):
            return None
        return _signed_index(100 * table.ratios[at][place]) if table.stands_out[at][place] else 0.0

    def shown(at: int, place: int) -> str:
        said = speaker.cell(table.customers[at][place], group(at, place), "rounded_count")
        return f"{said}{SMALL}" if value(at, place) and table.small[at][place] else said

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
    )


def _largest(table: PersonaTable, speaker: Speaker) -> list[int]:
    """Give the levels that are large enough to be told, in order; the largest where many are."""
    sizes = [sum(line) for line in table.customers]
    told = [at for at, size in enumerate(sizes) if size >= speaker.mask_below]
    told.sort(key=lambda at: (-sizes[at], at))
    return sorted(told[:_MOST_LEVELS])
