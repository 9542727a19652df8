"""What the report says of clusters: the numbers tried, and the named segments in them."""

from __future__ import annotations

from dataclasses import replace

from custseg.report.clusters import cluster_medians, numbers_tried, segments_in_clusters
from custseg.report.model import Joined, Table, Toned, Words
from custseg.report.words import say
from custseg.segment.summary import ClusterRow, ClustersSummary, TrialSummary


def trial(k: int, *, outliers: bool = False, unstable: bool = False) -> TrialSummary:
    return TrialSummary(
        k=k,
        inertia=100.0 / k,
        silhouette=0.3,
        calinski_harabasz=50.0,
        stability=0.4 if unstable else 0.9,
        smallest=0.004 if outliers else 0.2,
        outliers=outliers,
        unstable=unstable,
    )


def row(number: int) -> ClusterRow:
    return ClusterRow(
        number=number,
        name="average",
        traits=(),
        customers=10,
        share=0.5,
        money=5.0,
        money_share=0.5,
        medians={},
        indexes={},
        small=True,
    )


CLUSTERS = ClustersSummary(
    k=2,
    reason="silhouette",
    knee=3,
    features=("recency_days",),
    transform="log",
    trials=(trial(2), trial(3, unstable=True), trial(4, outliers=True)),
    rows=(row(1), row(2)),
    segments=("champions", "loyal", "new"),
    cross=((8, 2), (0, 0), (2, 8)),
)


def test_every_number_tried_is_shown_with_what_speaks_against_it() -> None:
    (table,) = numbers_tried(CLUSTERS)
    assert isinstance(table, Table)
    verdicts = []
    for cells in table.rows:
        last = cells[-1]
        assert isinstance(last, Joined)
        verdicts.append([(each.item if isinstance(each, Toned) else each) for each in last.items])
    assert verdicts == [
        [Words("report.trial_chosen")],
        [Words("report.trial_knee"), Words("report.trial_unstable")],
        [Words("report.trial_outliers")],
    ]


def test_one_number_alone_is_measured_too() -> None:
    given = ClustersSummary(
        k=2, reason="given", knee=None, features=(), transform="log", trials=(trial(2),), rows=()
    )
    (table,) = numbers_tried(given)
    assert isinstance(table, Table)
    assert len(table.rows) == 1
    assert segments_in_clusters(given) == []
    assert numbers_tried(replace(given, reason="model", trials=())) == []


def told(number: int, median: float | None, index: float | None) -> ClusterRow:
    medians, indexes = {"frequency": median}, {"frequency": index}
    return replace(row(number), money=None, money_share=None, medians=medians, indexes=indexes)


def test_medians_stand_beside_their_index_as_many_as_fit() -> None:
    rows = (told(1, 3.0, 149.6), told(2, 0.0, 0.0), told(3, None, None))
    given = replace(CLUSTERS, features=("frequency",), rows=rows)
    (table,) = cluster_medians(given)
    assert isinstance(table, Table)
    assert [say(each, "en") for each in table.rows[0]] == ["orders", "3 (150)", "0 (0)", "–"]
    many = replace(given, rows=tuple(told(n, 1.0, 100.0) for n in range(1, 6)))
    first, last = cluster_medians(many)
    assert isinstance(first, Table)
    assert isinstance(last, Table)
    assert (len(first.columns), len(last.columns)) == (4, 3)
    assert (first.note, bool(last.note)) == ("", True)
    assert cluster_medians(replace(given, rows=())) == []


def test_segments_without_customers_are_not_crossed_with_clusters() -> None:
    (table,) = segments_in_clusters(CLUSTERS)
    assert isinstance(table, Table)
    told = [[say(each, "en") for each in cells[1:]] for cells in table.rows]
    assert told == [["8", "2"], ["2", "8"]]
