"""The quality of a table before anything is changed: a score, findings, possible uses."""

from __future__ import annotations

import pyarrow as pa

from custseg.cleanse.assess.checks import measure
from custseg.cleanse.assess.findings import findings
from custseg.cleanse.assess.model import (
    Assessment,
    ColumnQuality,
    Finding,
    QualityScore,
    Support,
)
from custseg.cleanse.assess.score import quality_score, score_of
from custseg.cleanse.assess.support import support
from custseg.cleanse.standardize.table import StandardizedTable
from custseg.engine import Engine

__all__ = [
    "Assessment",
    "ColumnQuality",
    "Finding",
    "QualityScore",
    "Support",
    "assess",
    "quality_score",
]


def assess(
    before: pa.Table,
    standardized: StandardizedTable,
    engine: Engine,
    *,
    source: str,
    as_of: str = "",
) -> Assessment:
    """Judge a table as it was read.

    Parameters
    ----------
    before
        The table as it was read.
    standardized
        What standardizing makes of it: how its cells are judged.
    engine
        Counts.
    source
        Name of the input.
    as_of
        ISO date of the assessment; ``""`` leaves out what needs one (ages, staleness).
    """
    table, roles, quality = standardized.table, standardized.roles, standardized.quality
    measures = measure(table, roles, quality, engine, as_of=as_of)
    return Assessment(
        source=source,
        rows=before.num_rows,
        columns=before.num_columns,
        quality=score_of(quality, measures),
        findings=findings(before, table, roles, quality, measures, engine),
        support=support(table, roles),
    )
