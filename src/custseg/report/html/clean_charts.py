"""The pictures of a cleansing run, from the numbers of its summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

from custseg.cleanse.match.types import log_odds
from custseg.cleanse.summary import (
    CleanSummary,
    MatchingSummary,
    QualitySummary,
    WeightSummary,
)
from custseg.report.html.charts.bars import Bar, bars
from custseg.report.html.charts.columns import Bin, Zone, histogram
from custseg.report.html.charts.japan import TILES, map_of_japan
from custseg.report.html.model import Chart
from custseg.report.html.speaker import Speaker
from custseg.report.model import Column, Figure, RoleName, Table, Words

_MOST_REGIONS = 15
_MOST_BINS = 40
_COLORS: Final = {"review": ("other", 1.0), "likely": ("accent", 0.55), "certain": ("accent", 1.0)}
"""Color of each zone of certainty, and how much of it."""


def clean_charts(summary: CleanSummary, speaker: Speaker) -> Iterator[Chart]:
    """Draw what the summary has numbers for."""
    if summary.quality is not None and summary.quality.by_role:
        yield _quality(summary.quality, speaker)
    if summary.matching is not None and summary.matching.strengths and summary.matching.zones:
        yield _weights(summary.matching, speaker)
    if summary.regions:
        yield _regions(summary.regions, speaker)


def _quality(quality: QualitySummary, speaker: Speaker) -> Chart:
    items = sorted(quality.by_role.items(), key=lambda each: each[1][0] - each[1][1])
    title, about = Words("chart.quality"), Words("chart.quality_about")
    drawn = [
        Bar(
            speaker.say(RoleName(role)),
            after,
            f"{speaker.figure(before, 'score')} → {speaker.figure(after, 'score')}",
            before=before,
        )
        for role, (before, after) in items
    ]
    return Chart(
        title=title,
        about=about,
        svg=bars(
            drawn, most=100, name="quality", title=speaker.say(title), about=speaker.say(about)
        ),
    )


def _weights(matching: MatchingSummary, speaker: Speaker) -> Chart:
    found = {each.low: each for each in matching.strengths}
    low, high = min(found), max(found)
    high = min(high, low + _MOST_BINS)
    zones = matching.zones[::-1]
    # Bounds that a user chose may lie beyond what there is, and above those of the next zone.
    bits = (min(max(log_odds(each.probability), low), high + 1) for each in matching.zones)
    starts = list(accumulate(bits, min))[::-1]
    bins = [_bin(at, found.get(at), starts) for at in range(low, high + 1)]
    drawn = [
        Zone(start, speaker.say(Words(f"report.zone.{zone.zone}")), *_COLORS[zone.zone])
        for start, zone in zip(starts, zones, strict=True)
    ]
    title, about = Words("chart.weights"), Words("chart.weights_about")
    return Chart(
        title=title,
        about=about,
        svg=histogram(
            bins,
            drawn,
            axis=speaker.say(Words("chart.bits")),
            counted=speaker.say(Words("chart.pairs")),
            name="weights",
            title=speaker.say(title),
            about=speaker.say(about),
        ),
        numbers=Table(
            columns=(
                Column(Words("chart.bits"), right=True),
                Column(Words("chart.pairs"), right=True),
                Column(Words("chart.joined"), right=True),
            ),
            rows=tuple(
                (f"{each.low:+d}", Figure(each.pairs), Figure(each.matches))
                for each in matching.strengths
            ),
        ),
    )


def _bin(low: int, found: WeightSummary | None, starts: Sequence[float]) -> Bin:
    """Give a bin in the zone of most of its pairs; those joined are in no zone to review."""
    if found is None:
        return Bin(low, 0, 0)
    if found.matches * 2 < found.pairs:
        return Bin(low, found.pairs, 0)
    last = len(starts) - 1
    zone = max((at for at in range(last + 1) if starts[at] <= low + 0.5), default=0)
    return Bin(low, found.pairs, max(zone, min(1, last)))


def _regions(regions: Mapping[str, int], speaker: Speaker) -> Chart:
    title, about = Words("chart.regions"), Words("chart.regions_about")
    told = {
        name: count
        for name, count in regions.items()
        if not speaker.secret(count, ("region", name))
    }
    shown = {name: speaker.few(count, ("region", name)) for name, count in regions.items()}
    head, words = speaker.say(title), speaker.say(about)
    if regions.keys() <= TILES.keys():
        values = {name: float(count) for name, count in told.items()}
        svg = map_of_japan(values, shown, name="regions", title=head, about=words)
    else:
        drawn = [Bar(name, float(told[name]), shown[name]) for name in list(told)[:_MOST_REGIONS]]
        svg = bars(drawn, most=None, name="regions", title=head, about=words)
    return Chart(
        title=title,
        about=about,
        svg=svg,
        numbers=Table(
            columns=(
                Column(RoleName("prefecture")),
                Column(Words("report.customers"), right=True),
            ),
            rows=tuple(
                (name, speaker.people(count, ("region", name))) for name, count in regions.items()
            ),
        ),
    )
