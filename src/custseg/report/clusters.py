"""Clusters in the report: what they are, which numbers of them were tried, and who is in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Final

from custseg.report.model import (
    Block,
    Column,
    Figure,
    FigureKind,
    Item,
    Joined,
    Lines,
    Table,
    Toned,
    Words,
)
from custseg.report.segment_names import feature_name, name_of, trait_name
from custseg.segment.summary import DRIFTED, ClusterRow, ClustersSummary, TrialSummary

_CLUSTERS_BESIDE: Final = 4
"""Clusters whose medians stand beside each other on a narrow terminal."""

_KINDS: Final[Mapping[str, FigureKind]] = {"monetary": "rounded_money"}


def clusters_found(clusters: ClustersSummary) -> list[Block]:
    """The clusters, and why there are so many."""
    why = Words(
        f"segment.choice.{clusters.reason}",
        {"k": Figure(clusters.k), "knee": Figure(clusters.knee)},
    )
    spent = any(row.money is not None for row in clusters.rows)
    money = (Column(Words("report.money"), right=True), Column(right=True)) if spent else ()
    table = Table(
        columns=(
            Column(Words("report.cluster")),
            Column(Words("report.customers"), right=True),
            Column(right=True),
            *money,
            Column(wraps=True),
        ),
        rows=tuple(
            (
                f"{row.number}",
                Figure(row.customers, "people"),
                Figure(row.share, "rounded_share"),
                *(
                    (Figure(row.money, "money"), Figure(row.money_share, "rounded_share"))
                    if spent
                    else ()
                ),
                _traits([(trait.feature, trait.direction) for trait in row.traits]),
            )
            for row in clusters.rows
        ),
    )
    lines: list[tuple[Item, Item]] = [(Words("report.clusters_why"), why)]
    if clusters.drift:
        lines.append(("", drift_line(clusters)))
    return [Lines(tuple(lines)), table]


def cluster_medians(clusters: ClustersSummary) -> list[Block]:
    """Medians in original units and their index, a feature a row, some clusters a table."""
    note = Words("report.medians_index_note")
    tables = ceil(len(clusters.rows) / _CLUSTERS_BESIDE)
    beside = ceil(len(clusters.rows) / max(tables, 1))
    starts = range(0, len(clusters.rows), max(beside, 1))
    parts = [clusters.rows[at : at + beside] for at in starts]
    return [
        Table(
            columns=(
                Column(Words("report.medians"), wraps=True),
                *(
                    Column(Words("report.cluster_number", {"number": f"{row.number}"}), right=True)
                    for row in part
                ),
            ),
            rows=tuple(
                (feature_name(feature), *(_median(row, feature) for row in part))
                for feature in clusters.features
            ),
            note=note if part is parts[-1] else "",
        )
        for part in parts
    ]


def _median(row: ClusterRow, feature: str) -> Item:
    """A median, and in brackets its index."""
    median, index = row.medians.get(feature), row.indexes.get(feature)
    kind = _KINDS.get(feature, "number")
    if index is None:
        return Figure(median, kind)
    params: dict[str, Item] = {"median": Figure(median, kind), "index": Figure(round(index))}
    return Words("report.median_index", params)


def drift_line(clusters: ClustersSummary) -> Words:
    """How far each feature has moved from the customers of the saved model."""
    moved = tuple(
        Words(
            "report.drift_of",
            {
                "feature": feature_name(feature),
                "psi": Toned(
                    Figure(round(index, 3), "number"), "bad" if index > DRIFTED else "plain"
                ),
            },
        )
        for feature, index in clusters.drift.items()
    )
    return Words("report.drift", {"features": Joined(moved, " · ")})


def _traits(traits: Sequence[tuple[str, str]]) -> Item:
    if not traits:
        return Words("segment.trait.none")
    first = trait_name(*traits[0])
    if len(traits) == 1:
        return first
    second = trait_name(*traits[1])
    return Words("report.two_traits", {"first": first, "second": second})


def numbers_tried(clusters: ClustersSummary) -> list[Block]:
    """Every number of clusters tried, with what speaks for and against it."""
    if not clusters.trials:
        return []
    return [
        Table(
            columns=(
                Column(Words("report.number_tried"), right=True),
                Column(Words("report.inertia"), right=True),
                Column(Words("report.silhouette"), right=True),
                Column(Words("report.calinski_harabasz"), right=True),
                Column(Words("report.stability"), right=True),
                Column(Words("report.smallest"), right=True),
                Column(wraps=True),
            ),
            rows=tuple(_trial(trial, clusters) for trial in clusters.trials),
            note=Words("report.trials_note"),
        )
    ]


def _trial(trial: TrialSummary, clusters: ClustersSummary) -> tuple[Item, ...]:
    said: list[Item] = []
    if trial.k == clusters.k:
        said.append(Words("report.trial_chosen"))
    if trial.k == clusters.knee:
        said.append(Words("report.trial_knee"))
    if trial.unstable:
        said.append(Toned(Words("report.trial_unstable"), "doubtful"))
    if trial.outliers:
        said.append(Toned(Words("report.trial_outliers"), "doubtful"))
    return (
        Figure(trial.k),
        Figure(trial.inertia, "count"),
        Figure(trial.silhouette, "number"),
        Figure(trial.calinski_harabasz, "count"),
        Figure(trial.stability, "number"),
        Figure(trial.smallest, "share"),
        Joined(tuple(said), Words("report.list_separator")),
    )


def segments_in_clusters(clusters: ClustersSummary) -> list[Block]:
    """Customers by named segment and cluster."""
    if not clusters.cross:
        return []
    rows = [
        (name, line)
        for name, line in zip(clusters.segments, clusters.cross, strict=True)
        if any(line)
    ]
    return [
        Table(
            columns=(
                Column(Words("report.segment")),
                *(
                    Column(Words("report.cluster_number", {"number": f"{row.number}"}), right=True)
                    for row in clusters.rows
                ),
            ),
            rows=tuple(
                (
                    name_of(name),
                    *(
                        Figure(count, "people", group=("cross", name, str(row.number)))
                        for row, count in zip(clusters.rows, line, strict=True)
                    ),
                )
                for name, line in rows
            ),
            note=Words("report.segments_in_clusters_note"),
        )
    ]
