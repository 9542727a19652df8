"""The pictures of a segmentation, from the numbers of its summary."""

from __future__ import annotations

from collections.abc import Iterator

from custseg.report.html.group_charts import persona_chart, profiles_chart
from custseg.report.html.model import Chart
from custseg.report.html.money_charts import pareto_chart, treemap_chart
from custseg.report.html.score_charts import rfm_charts
from custseg.report.html.speaker import Speaker
from custseg.report.html.time_charts import cohorts_chart, flow_chart, months_chart
from custseg.segment.summary import SegmentSummary


def segment_charts(summary: SegmentSummary, speaker: Speaker) -> Iterator[Chart]:
    """Draw what the summary has numbers for."""
    if summary.segments is not None:
        yield treemap_chart(summary.segments, speaker)
    if summary.rfm is not None:
        yield from rfm_charts(summary.rfm, speaker)
    if summary.tables is not None:
        if not any(speaker.hidden(row.customers) for row in summary.tables.deciles):
            yield pareto_chart(summary.tables, speaker)
        yield months_chart(summary.tables, speaker)
        if summary.tables.cohorts:
            yield cohorts_chart(summary.tables, speaker)
    if summary.migration is not None:
        yield flow_chart(summary.migration, speaker)
    if summary.clusters is not None:
        yield profiles_chart(summary.clusters, speaker)
    if summary.personas is not None and summary.segments is not None:
        names = tuple(summary.personas.segments)
        for table in summary.personas.tables:
            if any(map(any, table.stands_out)):
                yield persona_chart(table, names, speaker)
