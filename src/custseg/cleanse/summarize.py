"""From the results of a run to the numbers of its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match import Matches
from custseg.cleanse.summary import (
    BlockingSummary,
    ColumnSummary,
    MatchingSummary,
    ZoneSummary,
)

CERTAIN: Final = 0.99
"""Probability from which a link is called certain."""

_CHANGED: Final = ("standardized", "corrected")
_DOUBTFUL: Final = ("suggested", "ambiguous", "invalid")


def summarize_columns(
    quality: pa.Table, parsed: Mapping[tuple[str, str], float]
) -> tuple[ColumnSummary, ...]:
    """Sum up the quality table (:data:`custseg.cleanse.standardize.table.QUALITY`) by column.

    `parsed` gives, for (source, column) of addresses, the share understood down to the block.
    """
    cells: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in quality.to_pylist():
        by_status = cells.setdefault((row["source"], row["column"], row["role"]), {})
        by_status[row["status"]] = by_status.get(row["status"], 0) + row["cells"]
    return tuple(
        ColumnSummary(
            source=source,
            column=column,
            role=role,
            changed=_share(by_status, _CHANGED),
            doubtful=_share(by_status, _DOUBTFUL),
            empty=_share(by_status, ("missing",)),
            parsed=parsed.get((source, column)),
        )
        for (source, column, role), by_status in cells.items()
    )


def _share(by_status: Mapping[str, int], statuses: Sequence[str]) -> float:
    total = sum(by_status.values())
    return sum(by_status.get(status, 0) for status in statuses) / total if total else 0.0


def summarize_matching(
    matches: Matches, threshold: float, review: float, households: int | None
) -> MatchingSummary:
    """Count records, customers and links by zone of certainty."""
    _, sizes = np.unique(matches.clusters, return_counts=True)
    links = matches.links
    return MatchingSummary(
        records=len(matches.clusters),
        customers=len(sizes),
        customers_with_several=int((sizes > 1).sum()),
        compared_pairs=matches.plan.pairs,
        household_pairs_kept_apart=matches.household_pairs_kept_apart,
        zones=_zones(links, threshold, review),
        keys=tuple(
            BlockingSummary(
                key=key.name,
                pairs=key.pairs,
                largest_block=key.largest[0] if key.largest else 0,
                skipped_records=key.skipped_records,
            )
            for key in matches.plan.keys
        ),
        evidence=matches.evidence,
        households=households,
    )


def _zones(links: pa.Table, threshold: float, review: float) -> tuple[ZoneSummary, ...]:
    matched = pc.equal(links.column("decision"), "match")
    sure = pc.greater_equal(links.column("probability"), CERTAIN)
    certain = pc.sum(pc.and_(matched, sure)).as_py() or 0
    joined = pc.sum(matched).as_py() or 0
    return (
        ZoneSummary(zone="certain", links=certain, probability=CERTAIN),
        ZoneSummary(zone="likely", links=joined - certain, probability=threshold),
        ZoneSummary(zone="review", links=links.num_rows - joined, probability=review),
    )
