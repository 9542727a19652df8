"""What a reader of a page or workbook can add up: which groups of people make up which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from custseg.audience.summary import AudienceSummary
from custseg.report.cohorts import told_cohorts
from custseg.report.suppression import Group, Sum, withheld
from custseg.segment.migration import Migration
from custseg.segment.personas import PersonasSummary
from custseg.segment.summary import (
    ClustersSummary,
    ForecastSummary,
    ListSummary,
    MeasureSummary,
    RfmSummary,
    SegmentSummary,
    TablesSummary,
)


def withheld_groups(
    least: int,
    *,
    segments: SegmentSummary | None = None,
    lists: AudienceSummary | None = None,
    regions: Mapping[str, int] | None = None,
) -> frozenset[Group]:
    """Give the groups whose number a page, or workbook, of these must not tell."""
    told = _Told(least)
    if segments is not None:
        _add_segmentation(told, segments)
    if lists is not None:
        _add_target_lists(told, lists)
    if regions:
        told.whole({("region", name): count for name, count in regions.items()})
    found = withheld(told.counts, told.sums, least)
    # A change gives the size before away where the size after is told.
    return found | {("net", each[1]) for each in found if each[0] in ("before", "after")}


class _Told:
    """Groups with their people, and what they add up to."""

    def __init__(self, least: int) -> None:
        self.least = least
        self.counts: dict[Group, int] = {}
        self.sums: list[Sum] = []

    def whole(self, parts: Mapping[Group, int]) -> None:
        """Add groups that make up all there are."""
        self.counts |= parts
        self.sums.append(Sum(tuple(parts)))

    def sum(self, parts: Iterable[Group], total: Group) -> None:
        """Add that groups make up another one, where they do."""
        found = tuple(parts)
        known = total in self.counts and all(each in self.counts for each in found)
        if known and found and sum(self.counts[each] for each in found) == self.counts[total]:
            self.sums.append(Sum(found, total))


def _add_segmentation(told: _Told, summary: SegmentSummary) -> None:
    if summary.segments is not None:
        told.whole({("segment", row.name): row.customers for row in summary.segments.rows})
        files = {row.file: ("segment", row.name) for row in summary.segments.rows}
        of_segments = _add_lists(told, files, summary.lists)
        if of_segments:
            told.sums.append(Sum(of_segments))
    if summary.rules is not None:
        told.counts |= {("rule", row.name): row.customers for row in summary.rules.rows}
        _add_lists(
            told, {row.file: ("rule", row.name) for row in summary.rules.rows}, summary.lists
        )
    if summary.rfm is not None:
        _add_scores(told, summary.rfm)
    if summary.clusters is not None:
        _add_clusters(told, summary.clusters)
    if summary.personas is not None:
        _add_personas(told, summary.personas)
    if summary.migration is not None:
        _add_moves(told, summary.migration.table)
    if summary.tables is not None:
        _add_tables(told, summary.tables)
    if summary.forecast is not None:
        _add_check(told, summary.forecast)


def _add_lists(
    told: _Told, groups: Mapping[str, Group], lists: Iterable[ListSummary]
) -> tuple[Group, ...]:
    """Who is on the list of a group, and who declined, are the group; give those who declined.

    `groups` go by the file of their list.
    """
    declined: list[Group] = []
    for each in lists:
        if each.file in groups:
            on, off = ("list", each.file), ("declined", each.file)
            told.counts |= {on: each.customers, off: each.declined}
            told.sum((on, off), groups[each.file])
            declined.append(off)
    return tuple(declined)


def _add_scores(told: _Told, rfm: RfmSummary) -> None:
    for each in rfm.measures:
        told.whole(dict(zip(score_groups(each), each.scores, strict=True)))
    told.counts |= {
        ("rf", str(r), str(f)): people
        for r, line in enumerate(rfm.customers, 1)
        for f, people in enumerate(line, 1)
    }
    scores = [str(score) for score in range(1, rfm.bins + 1)]
    for score in scores:
        told.sum((("rf", score, f) for f in scores), ("score", "recency_days", score))
        told.sum((("rf", r, score) for r in scores), ("score", "frequency", score))
    told.sums.append(Sum(tuple(group for group in told.counts if group[0] == "rf")))


def score_groups(measure: MeasureSummary) -> list[Group]:
    """Name the customers of each score of a measure."""
    return [("score", measure.name, str(score)) for score in range(1, len(measure.scores) + 1)]


def _add_clusters(told: _Told, clusters: ClustersSummary) -> None:
    numbers = [str(row.number) for row in clusters.rows]
    told.whole({("cluster", str(row.number)): row.customers for row in clusters.rows})
    for name, line in zip(clusters.segments, clusters.cross, strict=bool(clusters.cross)):
        told.counts |= {
            ("cross", name, at): people for at, people in zip(numbers, line, strict=True)
        }
        told.sum((("cross", name, at) for at in numbers), ("segment", name))
    for at in numbers:
        told.sum((("cross", name, at) for name in clusters.segments), ("cluster", at))


def _add_personas(told: _Told, personas: PersonasSummary) -> None:
    """A segment is all its levels where everybody's is known; nothing tells all of a level."""
    for table in personas.tables:
        levels = [str(at) for at in range(len(table.levels))]
        told.counts |= {
            ("level", table.attribute, level, name): people
            for level, line in zip(levels, table.customers, strict=True)
            for name, people in zip(personas.segments, line, strict=True)
        }
        for name in personas.segments:
            told.sum((("level", table.attribute, at, name) for at in levels), ("segment", name))


def _add_moves(told: _Told, table: Migration) -> None:
    names = table.segments
    for name, line, gone in zip(names, table.customers, table.gone_customers, strict=True):
        told.counts |= {("move", name, to): people for to, people in zip(names, line, strict=True)}
        told.counts |= {("gone", name): gone, ("before", name): sum(line) + gone}
    for name, new in zip(names, table.new_customers, strict=True):
        now = new + sum(told.counts["move", each, name] for each in names)
        told.counts |= {("new", name): new, ("after", name): now}
    told.counts |= {
        ("newcomers",): sum(table.new_customers),
        ("left",): sum(table.gone_customers),
    }
    for name in names:
        told.sum((*(("move", name, to) for to in names), ("gone", name)), ("before", name))
        told.sum((*(("move", each, name) for each in names), ("new", name)), ("after", name))
        told.sum((("after", name),), ("segment", name))
    told.sum((("new", name) for name in names), ("newcomers",))
    told.sum((("gone", name) for name in names), ("left",))
    told.sums.append(Sum((*(("before", name) for name in names), ("newcomers",))))
    told.sums.append(Sum((*(("after", name) for name in names), ("left",))))


def _add_tables(told: _Told, tables: TablesSummary) -> None:
    told.whole({("abc", row.name): row.customers for row in tables.abc})
    _add_reached(told, tables.repeat.reached)
    for month in tables.months:
        told.counts |= {("active", month.month): month.active, ("first", month.month): month.new}
    for cohort in told_cohorts(tables.cohorts, told.least):
        told.counts[cohort.group] = cohort.customers[0] or 0
        told.sum((("first", month) for month in cohort.months), cohort.group)
    for row in tables.nlr.rows if tables.nlr is not None else ():
        if row.early:  # not told
            continue
        parts = {"new": row.new, "retained": row.retained, "returned": row.returned}
        told.counts |= {("came", row.month, name): people for name, people in parts.items()}
        told.sum((("came", row.month, name) for name in parts), ("active", row.month))
        told.sum((("came", row.month, "new"),), ("first", row.month))
    if tables.cpm is not None:
        stages: dict[Group, int] = {}
        for each in tables.cpm.rows:
            stages["stage", each.stage, "active"] = each.active
            stages["stage", each.stage, "lapsed"] = each.lapsed
        told.whole(stages)


def _add_reached(told: _Told, reached: Sequence[int]) -> None:
    """Who ordered so often, or more: those with exactly so many orders are the difference."""
    for times, (people, more) in enumerate(pairwise(reached), 1):
        at, after, only = (
            ("reached", str(times)),
            ("reached", str(times + 1)),
            ("only", str(times)),
        )
        told.counts |= {at: people, after: more, only: people - more}
        told.sum((only, after), at)


def _add_check(told: _Told, forecast: ForecastSummary) -> None:
    """Both tables of the check are of the same customers."""
    if (holdout := forecast.holdout) is not None:
        told.whole({("back", str(row.x)): row.customers for row in holdout.rows})
        told.whole({("chance", str(at)): n.customers for at, n in enumerate(holdout.reliability)})


def _add_target_lists(told: _Told, summary: AudienceSummary) -> None:
    for each in summary.lists:
        told.counts["members", each.name] = each.members
    for file in summary.files:
        name = (file.list, file.platform)
        told.counts |= {
            ("rows", *name): file.rows,
            ("added", *name): file.added,
            ("kept", *name): file.kept,
            ("removed", *name): file.removed,
        }
        told.sum((("added", *name), ("kept", *name)), ("rows", *name))
        out: dict[Group, int] = {
            ("out", *name, reason): count for reason, count in file.left_out.items()
        }
        told.counts |= out
        told.sum((("rows", *name), *out), ("members", file.list))
