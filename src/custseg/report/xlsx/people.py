"""Sheets of a cleansing run: quality, matching, where customers live, columns, files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from custseg.cleanse.summary import (
    BlockingSummary,
    CleanSummary,
    FieldWeight,
    InputSummary,
    MatchingSummary,
    QualitySummary,
    WeightSummary,
)
from custseg.report.common import key_name
from custseg.report.html.speaker import Speaker
from custseg.report.model import FieldName, Figure, Item, RoleName, Words
from custseg.report.xlsx.masks import people, told, told_first
from custseg.report.xlsx.model import Cell, Graph, Grid, Part, Series, Sheet

_AROUND_REVIEW = 3
"""Bins beyond the last with pairs to review that its own chart shows."""
_MOST_BITS = 1_000
"""Between the least and the most weight; beyond, bits without pairs have no row."""


def people_sheets(summary: CleanSummary, speaker: Speaker) -> Iterator[Sheet]:
    """Give a sheet for each subject that the summary has numbers for."""
    if summary.quality is not None and summary.quality.by_role:
        yield _quality(summary.quality)
    if summary.matching is not None:
        yield _matching(summary.matching)
    if summary.regions:
        yield _regions(summary.regions, speaker)
    if summary.columns and summary.command != "dedupe":
        yield _columns(summary)
    yield files_read(summary.inputs)


def _quality(quality: QualitySummary) -> Sheet:
    items = sorted(quality.by_role.items(), key=lambda each: each[1][0] - each[1][1])
    graph = Graph(
        kind="bar",
        title=Words("chart.quality"),
        about=Words("xlsx.quality_about"),
        series=(Series(column=1, color="other"), Series(column=2)),
    )
    grid = Grid(
        heads=(
            Words("report.role"),
            Words("xlsx.score_before"),
            Words("xlsx.score_after"),
            Words("xlsx.change"),
        ),
        rows=tuple(
            (
                RoleName(role),
                Figure(before, "score"),
                Figure(after, "score"),
                Figure(after - before, "difference"),
            )
            for role, (before, after) in items
        ),
        graphs=(graph,),
    )
    return Sheet(
        name=Words("xlsx.sheet.quality"),
        title=Words("chart.quality"),
        about=Words("xlsx.quality_about"),
        parts=(grid,),
    )


def _matching(matching: MatchingSummary) -> Sheet:
    parts: list[Part] = [_zones(matching)]
    if matching.strengths:
        parts.append(_strengths(matching.strengths))
    if matching.weights:
        parts.append(_weights(matching.weights))
    if matching.keys:
        parts.append(_keys(matching.keys))
    return Sheet(
        name=Words("xlsx.sheet.matching"),
        title=Words("html.section.matched"),
        about=Words("xlsx.matching_about"),
        parts=tuple(parts),
    )


def _zones(matching: MatchingSummary) -> Grid:
    rows: list[tuple[Cell, ...]] = [
        (
            Words(f"report.zone.{each.zone}"),
            Figure(each.links),
            Figure(each.probability, "share"),
        )
        for each in matching.zones
    ]
    if matching.household_pairs_kept_apart:
        apart = Words("xlsx.kept_apart")
        rows.append((apart, Figure(matching.household_pairs_kept_apart), ""))
    return Grid(
        title=Words("xlsx.certainty"),
        heads=(Words("xlsx.certainty"), Words("chart.pairs"), Words("xlsx.probability_from")),
        rows=tuple(rows),
    )


def _strengths(found: Sequence[WeightSummary]) -> Grid:
    """Pairs by weight, every bit between the least and the most; the review zone drawn again.

    Summaries of old hold answers of a person as weights of a million bits: they get a row each.
    """
    by_bit = {each.low: (each.pairs, each.matches) for each in found}
    bits: Sequence[int] = range(min(by_bit), max(by_bit) + 1)
    if len(bits) > _MOST_BITS:
        bits = sorted(by_bit)
    rows = []
    for bit in bits:
        pairs, joined = by_bit.get(bit, (0, 0))
        cells = (Figure(bit, "difference"), Figure(pairs), Figure(joined), Figure(pairs - joined))
        rows.append(cells)
    series = (Series(column=2), Series(column=3, color="other"))
    all_pairs = Graph(
        kind="stacked",
        title=Words("chart.weights"),
        about=Words("xlsx.weights_about"),
        series=series,
        axis=Words("chart.bits"),
    )
    graphs = [all_pairs]
    asked = [at for at, row in enumerate(rows) if row[3].value]
    if asked:
        zone = Graph(
            kind="stacked",
            title=Words("xlsx.review_zone"),
            about=Words("xlsx.review_zone_about"),
            series=series,
            axis=Words("chart.bits"),
            rows=min(asked[-1] + 1 + _AROUND_REVIEW, len(rows)),
        )
        graphs.append(zone)
    return Grid(
        title=Words("chart.weights"),
        heads=(
            Words("chart.bits"),
            Words("chart.pairs"),
            Words("chart.joined"),
            Words("report.zone.review"),
        ),
        rows=tuple(rows),
        graphs=tuple(graphs),
    )


def _weights(found: Sequence[FieldWeight]) -> Grid:
    ordered = sorted(found, key=lambda each: (-each.same, each.field))
    graph = Graph(
        kind="bar",
        title=Words("xlsx.evidence"),
        about=Words("xlsx.evidence_about"),
        series=(Series(column=1), Series(column=2, color="other")),
    )
    return Grid(
        title=Words("xlsx.evidence"),
        heads=(Words("report.field"), Words("xlsx.agree_bits"), Words("xlsx.differ_bits")),
        rows=tuple(
            (FieldName(each.field), Figure(each.same, "bits"), Figure(each.different, "bits"))
            for each in ordered
        ),
        note=Words("xlsx.evidence_about"),
        graphs=(graph,),
    )


def _keys(found: Sequence[BlockingSummary]) -> Grid:
    return Grid(
        title=Words("report.keys"),
        heads=(
            Words("xlsx.blocking_key"),
            Words("chart.pairs"),
            Words("xlsx.largest_block"),
            Words("xlsx.skipped_records"),
        ),
        rows=tuple(
            (
                key_name(each.key),
                Figure(each.pairs),
                Figure(each.largest_block),
                Figure(each.skipped_records),
            )
            for each in found
        ),
    )


def _regions(regions: Mapping[str, int], speaker: Speaker) -> Sheet:
    total = sum(regions.values()) or 1
    rows, shown = told_first(
        (
            (
                count,
                ("region", name),
                (
                    name,
                    people(count, speaker, ("region", name)),
                    told(count, count / total, "share", speaker, ("region", name)),
                ),
            )
            for name, count in regions.items()
        ),
        speaker,
    )
    graph = Graph(
        kind="bar",
        title=Words("chart.regions"),
        about=Words("chart.regions_about"),
        series=(Series(column=1),),
        rows=shown,
    )
    grid = Grid(
        heads=(RoleName("prefecture"), Words("report.customers"), Words("chart.share")),
        rows=rows,
        graphs=(graph,) if shown else (),
    )
    return Sheet(
        name=Words("xlsx.sheet.regions"),
        title=Words("chart.regions"),
        about=Words("chart.regions_about"),
        parts=(grid,),
    )


def _columns(summary: CleanSummary) -> Sheet:
    addresses = any(each.parsed is not None for each in summary.columns)
    heads: list[Item] = [
        Words("xlsx.file"),
        Words("report.column"),
        Words("report.role"),
        Words("report.changed"),
        Words("report.doubtful"),
        Words("report.empty"),
    ]
    rows: list[tuple[Cell, ...]] = []
    for each in summary.columns:
        shares = [Figure(value, "share") for value in (each.changed, each.doubtful, each.empty)]
        row: tuple[Cell, ...] = (each.source, each.column, RoleName(each.role), *shares)
        if addresses:
            row = (*row, "" if each.parsed is None else Figure(each.parsed, "share"))
        rows.append(row)
    if addresses:
        heads.append(Words("xlsx.address_understood"))
    return Sheet(
        name=Words("xlsx.sheet.columns"),
        title=Words("html.section.columns"),
        about=Words("xlsx.columns_about"),
        parts=(Grid(heads=tuple(heads), rows=tuple(rows)),),
    )


def files_read(inputs: Sequence[InputSummary]) -> Sheet:
    """Give the sheet of the files that were read."""
    grid = Grid(
        heads=(
            Words("xlsx.file"),
            Words("xlsx.format"),
            Words("xlsx.encoding"),
            Words("html.card.rows"),
            Words("xlsx.columns"),
            Words("xlsx.unreadable"),
        ),
        rows=tuple(
            (
                each.name,
                each.format,
                each.encoding or "",
                Figure(each.rows),
                Figure(each.columns),
                Figure(each.quarantined),
            )
            for each in inputs
        ),
    )
    return Sheet(name=Words("xlsx.sheet.files"), title=Words("html.section.inputs"), parts=(grid,))
