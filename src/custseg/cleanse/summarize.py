"""From the results of a run to the numbers of its report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match import Matches, weights_of_fields
from custseg.cleanse.match.decided import SURE
from custseg.cleanse.standardize.table import StandardizedTable
from custseg.cleanse.summary import (
    BlockingSummary,
    ColumnSummary,
    FieldWeight,
    MatchingSummary,
    WeightSummary,
    ZoneSummary,
)

MOST_REGIONS: Final = 60
"""Prefectures or states that are counted one by one."""

CERTAIN: Final = 0.99
"""Probability from which a link is called certain."""

_CHANGED: Final = ("standardized", "corrected")
_DOUBTFUL: Final = ("suggested", "ambiguous", "invalid")


def summarize_columns(results: Iterable[StandardizedTable]) -> tuple[ColumnSummary, ...]:
    """Sum up what standardizing did, by source and column."""
    return tuple(each for result in results for each in _columns_of(result))


def _columns_of(result: StandardizedTable) -> Iterator[ColumnSummary]:
    cells: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in result.quality.to_pylist():
        by_status = cells.setdefault((row["source"], row["column"], row["role"]), {})
        by_status[row["status"]] = by_status.get(row["status"], 0) + row["cells"]
    for (source, column, role), by_status in cells.items():
        yield ColumnSummary(
            source=source,
            column=column,
            role=role,
            changed=_share(by_status, _CHANGED),
            doubtful=_share(by_status, _DOUBTFUL),
            empty=_share(by_status, ("missing",)),
            parsed=_parsed(result, column) if role == "address" else None,
        )


def _parsed(result: StandardizedTable, column: str) -> float | None:
    """Share of filled addresses that were understood down to the block (or the street)."""
    deepest = [name for name, role in result.roles.items() if role in ("block", "street")]
    filled = pc.is_valid(result.table.column(column))
    count = pc.sum(filled).as_py()
    if not deepest or not count:
        return None
    understood = pc.is_valid(result.table.column(deepest[0]))
    for name in deepest[1:]:
        understood = pc.or_(understood, pc.is_valid(result.table.column(name)))
    share: float = pc.sum(pc.and_(filled, understood)).as_py() / count
    return share


def _share(by_status: Mapping[str, int], statuses: Sequence[str]) -> float:
    total = sum(by_status.values())
    return sum(by_status.get(status, 0) for status in statuses) / total if total else 0.0


def summarize_matching(
    matches: Matches,
    *,
    sure: float,
    review: float,
    review_pairs: int,
    households: int | None,
) -> MatchingSummary:
    """Count records, customers and links by zone of certainty.

    `sure` and `review` are the least probabilities of a link to trust and of a pair to review, of
    which `review_pairs` are asked; `households` is how many there are, None where unknown.
    """
    _, sizes = np.unique(matches.clusters, return_counts=True)
    links = matches.links
    return MatchingSummary(
        records=len(matches.clusters),
        customers=len(sizes),
        customers_with_several=int((sizes > 1).sum()),
        compared_pairs=matches.plan.pairs,
        household_pairs_kept_apart=matches.household_pairs_kept_apart,
        zones=_zones(links, sure, review, review_pairs),
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
        weights=tuple(
            FieldWeight(field=field, same=round(same, 2), different=round(different, 2))
            for field, (same, different) in weights_of_fields(matches.model).items()
        ),
        households=households,
        strengths=_strengths(links),
    )


def summarize_regions(customers: pa.Table) -> dict[str, int]:
    """Count customers by prefecture or state, the most first; empty where none is known."""
    if "prefecture" not in customers.column_names:
        return {}
    counted = customers.column("prefecture").drop_null().value_counts().to_pylist()
    pairs = sorted((-each["counts"], each["values"]) for each in counted)
    return {name: -count for count, name in pairs[:MOST_REGIONS]}


def _strengths(links: pa.Table) -> tuple[WeightSummary, ...]:
    # What a person decided has no strength: its weight stands for "whatever the model says".
    links = links.filter(pc.less(pc.abs(links.column("weight")), SURE))
    low = np.floor(links.column("weight").to_numpy()).astype(np.int64)
    matched = pc.equal(links.column("decision"), "match").to_numpy()
    values, place = np.unique(low, return_inverse=True)
    pairs = np.bincount(place, minlength=len(values))
    joined = np.bincount(place, matched, minlength=len(values)).astype(np.int64)
    rows = zip(values.tolist(), pairs.tolist(), joined.tolist(), strict=True)
    return tuple(WeightSummary(low=a, pairs=b, matches=c) for a, b, c in rows)


def _zones(
    links: pa.Table, sure: float, review: float, review_pairs: int
) -> tuple[ZoneSummary, ...]:
    matched = pc.equal(links.column("decision"), "match")
    beyond = pc.greater_equal(links.column("probability"), CERTAIN)
    certain = pc.sum(pc.and_(matched, beyond)).as_py() or 0
    joined = pc.sum(matched).as_py() or 0
    return (
        ZoneSummary(zone="certain", links=certain, probability=CERTAIN),
        ZoneSummary(zone="likely", links=joined - certain, probability=sure),
        ZoneSummary(zone="review", links=review_pairs, probability=review),
    )
