"""Sheets of a segmentation that tell of groups: segments, who they are, lists, rules, clusters."""

from __future__ import annotations

from collections.abc import Sequence

from custseg.report.common import RunFacts
from custseg.report.html.palette import FULL, LIGHT, mixed
from custseg.report.html.speaker import Speaker
from custseg.report.model import Figure, FigureKind, Item, Joined, Words
from custseg.report.segment_names import (
    KNOWN_SEGMENTS,
    dimension_name,
    feature_name,
    level_name,
    name_of,
    trait_name,
)
from custseg.report.suppression import Group
from custseg.report.xlsx.masks import cell, people, told, told_first
from custseg.report.xlsx.model import (
    Cell,
    Graph,
    Grid,
    Number,
    Part,
    Series,
    Sheet,
)
from custseg.segment.personas import PersonasSummary, PersonaTable
from custseg.segment.summary import (
    ClusterRow,
    ClustersSummary,
    ListSummary,
    RuleRow,
    RulesSummary,
    SegmentRow,
    SegmentsSummary,
)

_MEASURES = ("recency_days", "frequency", "monetary")
_MEDIAN_KINDS: dict[str, FigureKind] = {
    "recency_days": "days",
    "monetary": "money",
}
_MOST_LEVELS = 15
_SMALL_MARK = "*"


def segments_sheet(segments: SegmentsSummary, speaker: Speaker) -> Sheet:
    """Give the named segments, the most money first, and their money and people as bars."""
    rows, shown = told_first(
        (
            (row.customers, ("segment", row.name), _segment(row, speaker))
            for row in sorted(segments.rows, key=lambda row: -row.money)
            if row.customers
        ),
        speaker,
    )
    money = Graph(
        kind="bar",
        title=Words("chart.treemap"),
        about=Words("xlsx.segments_money_about"),
        series=(Series(column=3),),
        rows=shown,
    )
    shares = Graph(
        kind="bar",
        title=Words("xlsx.segments_shares"),
        about=Words("xlsx.segments_shares_about"),
        series=(Series(column=2, color="other"), Series(column=4)),
        rows=shown,
    )
    grid = Grid(
        heads=(
            Words("report.segment"),
            Words("report.customers"),
            Words("xlsx.share_of_customers"),
            Words("report.money"),
            Words("xlsx.share_of_money"),
            Words("xlsx.median_recency"),
            Words("xlsx.median_orders"),
            Words("xlsx.median_money"),
            Words("xlsx.action"),
        ),
        rows=rows,
        note=Words("xlsx.small_note") if any(row.small for row in segments.rows) else "",
        graphs=(money, shares) if shown else (),
    )
    return Sheet(
        name=Words("xlsx.sheet.segments"),
        title=Words("html.section.segments"),
        about=Words("xlsx.segments_about"),
        parts=(grid,),
    )


def _segment(row: SegmentRow, speaker: Speaker) -> tuple[Cell, ...]:
    size, group = row.customers, ("segment", row.name)
    action: Item = row.action
    if not action and row.name in KNOWN_SEGMENTS:
        action = Words(f"segment.action.{row.name}")
    return (
        Joined((name_of(row.name), _SMALL_MARK), " ") if row.small else name_of(row.name),
        people(size, speaker, group),
        told(size, row.share, "share", speaker, group),
        told(size, row.money, "money", speaker, group),
        told(size, row.money_share, "share", speaker, group),
        told(size, row.recency_days, "days", speaker, group),
        told(size, row.frequency, "number", speaker, group),
        told(size, row.monetary, "money", speaker, group),
        action,
    )


def lists_sheet(lists: Sequence[ListSummary], facts: RunFacts) -> Sheet:
    """Give the lists: which file, how many are on it, and who was left off."""
    grid = Grid(
        heads=(
            Words("report.segment"),
            Words("xlsx.list"),
            Words("xlsx.on_list"),
            Words("xlsx.declined"),
            Words("xlsx.blanked"),
            Words("xlsx.silent"),
        ),
        rows=tuple(
            (
                name_of(each.segment),
                facts.list_file(each.file),
                Figure(each.customers, "people", group=("list", each.file)),
                Figure(each.declined, "people", group=("declined", each.file)),
                Figure(each.blanked, "people"),
                Figure(each.silent, "people"),
            )
            for each in lists
        ),
    )
    return Sheet(
        name=Words("xlsx.sheet.lists"),
        title=Words("xlsx.lists"),
        about=Words("xlsx.lists_about"),
        parts=(grid,),
    )


def _rule(row: RuleRow, speaker: Speaker) -> tuple[Cell, ...]:
    size, group = row.customers, ("rule", row.name)
    return (
        row.name,
        people(size, speaker, group),
        told(size, row.share, "share", speaker, group),
        told(size, row.money, "money", speaker, group),
        told(size, row.money_share, "share", speaker, group),
        row.where,
        row.action,
    )


def rules_sheet(rules: RulesSummary, speaker: Speaker) -> Sheet:
    """Give the segments by rule, and how many customers each two share."""
    rows, shown = told_first(
        (
            (
                row.customers,
                ("rule", row.name),
                _rule(row, speaker),
            )
            for row in rules.rows
        ),
        speaker,
    )
    graph = Graph(
        kind="bar",
        title=Words("xlsx.rules_money"),
        about=Words("xlsx.rules_money_about"),
        series=(Series(column=3),),
        rows=shown,
    )
    parts: list[Part] = [
        Grid(
            heads=(
                Words("report.rule"),
                Words("report.customers"),
                Words("xlsx.share_of_customers"),
                Words("report.money"),
                Words("xlsx.share_of_money"),
                Words("report.condition"),
                Words("xlsx.action"),
            ),
            rows=rows,
            graphs=(graph,) if shown else (),
        )
    ]
    if len(rules.rows) > 1 and rules.overlaps:
        parts.append(
            Grid(
                title=Words("xlsx.rules_overlap"),
                heads=(Words("report.rule"), *(row.name for row in rules.rows)),
                rows=tuple(
                    (
                        row.name,
                        *(
                            people(count, speaker, ("rule", row.name) if at == place else ())
                            if count
                            else ""
                            for place, count in enumerate(line)
                        ),
                    )
                    for at, (row, line) in enumerate(zip(rules.rows, rules.overlaps, strict=True))
                ),
                shading="amounts",
            )
        )
    return Sheet(
        name=Words("xlsx.sheet.rules"), title=Words("html.section.rules"), parts=tuple(parts)
    )


def clusters_sheet(clusters: ClustersSummary, speaker: Speaker) -> Sheet:
    """Give the clusters, and by what they differ from all customers."""
    rows, shown = told_first(
        (
            (row.customers, _group(row), _cluster(row, clusters.features, speaker))
            for row in clusters.rows
        ),
        speaker,
    )
    spent = any(row.money is not None for row in clusters.rows)
    money = Graph(
        kind="bar",
        title=Words("xlsx.clusters_shares"),
        about=Words("xlsx.clusters_shares_about"),
        series=(Series(column=2, color="other"), Series(column=4)),
        rows=shown,
    )
    parts: list[Part] = [
        Grid(
            title=Words("html.section.clusters"),
            heads=(
                Words("report.cluster"),
                Words("report.customers"),
                Words("xlsx.share_of_customers"),
                *((Words("report.money"), Words("xlsx.share_of_money")) if spent else ()),
                *(_median(each) for each in clusters.features),
                Words("xlsx.stands_out"),
            ),
            rows=rows,
            graphs=(money,) if shown and spent else (),
        )
    ]
    named = [row for row in clusters.rows if not speaker.secret(row.customers, _group(row))]
    if named:
        parts.append(_profiles(named, clusters.features))
    return Sheet(
        name=Words("xlsx.sheet.clusters"),
        title=Words("html.section.clusters"),
        about=Words(
            f"segment.choice.{clusters.reason}",
            {"k": Figure(clusters.k), "knee": Figure(clusters.knee)},
        ),
        parts=tuple(parts),
    )


def _group(row: ClusterRow) -> Group:
    return ("cluster", str(row.number))


def _cluster(row: ClusterRow, features: Sequence[str], speaker: Speaker) -> tuple[Cell, ...]:
    size, group = row.customers, _group(row)
    traits = tuple(trait_name(each.feature, each.direction) for each in row.traits)
    return (
        f"{row.number}",
        people(size, speaker, group),
        told(size, row.share, "share", speaker, group),
        *(
            (
                told(size, row.money, "money", speaker, group),
                told(size, row.money_share, "share", speaker, group),
            )
            if row.money is not None
            else ()
        ),
        *(
            told(size, row.medians.get(each), _MEDIAN_KINDS.get(each, "number"), speaker, group)
            for each in features
        ),
        Joined(traits, Words("report.list_separator")) if traits else Words("segment.trait.none"),
    )


def _feature(name: str) -> Item:
    return Words(f"segment.measure.{name}") if name in _MEASURES else feature_name(name)


def _median(feature: str) -> Item:
    return Words("xlsx.median_of", {"feature": _feature(feature)})


def _profiles(rows: Sequence[ClusterRow], features: Sequence[str]) -> Grid:
    """Give the medians of each cluster as an index; 100 is the median of all customers."""
    graphs = tuple(
        Graph(
            kind="column",
            title=Words("xlsx.profile_of", {"feature": _feature(feature)}),
            about=Words("xlsx.profiles_about"),
            series=(Series(column=at),),
            axis=Words("report.cluster"),
        )
        for at, feature in enumerate(features, start=1)
        if any(row.indexes.get(feature) is not None for row in rows)
    )
    return Grid(
        title=Words("chart.profiles"),
        heads=(Words("report.cluster"), *(_feature(each) for each in features)),
        rows=tuple(
            (
                f"{row.number}",
                *(
                    "" if (index := row.indexes.get(each)) is None else Number(index, "index")
                    for each in features
                ),
            )
            for row in rows
        ),
        note=Words("xlsx.profiles_about"),
        shading="index",
        graphs=graphs,
    )


def personas_sheet(personas: PersonasSummary, speaker: Speaker) -> Sheet:
    """Give who the customers of each segment are, an attribute a table."""
    return Sheet(
        name=Words("xlsx.sheet.personas"),
        title=Words("html.section.who"),
        about=Words("xlsx.personas_about"),
        parts=tuple(_persona(each, personas.segments, speaker) for each in personas.tables),
    )


def _persona(table: PersonaTable, segments: Sequence[str], speaker: Speaker) -> Grid:
    """Give customers by level and segment, colored where chance does not explain them."""
    sizes = [sum(line) for line in table.customers]
    told_ = [at for at, size in enumerate(sizes) if size >= speaker.mask_below]
    told_.sort(key=lambda at: (-sizes[at], at))
    kept = sorted(told_[:_MOST_LEVELS])

    def group(at: int, place: int) -> Group:
        return ("level", table.attribute, str(at), segments[place])

    fills = {
        (row, place + 1): _fill(table.ratios[at][place])
        for row, at in enumerate(kept)
        for place in range(len(segments))
        if table.stands_out[at][place]
        and not speaker.secret(table.customers[at][place], group(at, place))
    }
    return Grid(
        title=Words("chart.personas", {"attribute": dimension_name(table.attribute)}),
        heads=(dimension_name(table.attribute), *(name_of(each) for each in segments)),
        rows=tuple(
            (
                level_name(table.attribute, table.levels[at], alone=False),
                *(
                    cell(count, speaker, group(at, place))
                    for place, count in enumerate(table.customers[at])
                ),
            )
            for at in kept
        ),
        fills=fills,
    )


def _fill(ratio: float) -> str:
    """Give the color of a group that is more, or less, frequent than chance would have it."""
    ratio = max(ratio, 1 / 8)
    away = min(max(ratio, 1 / ratio) - 1, 1.0)
    color = LIGHT["accent"] if ratio > 1 else LIGHT["other"]
    return mixed(color, LIGHT["card"], 0.1 + away * (FULL - 0.1))
