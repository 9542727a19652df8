"""Sheets of target lists and of measured campaigns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from custseg.audience.summary import AudienceSummary
from custseg.measure.effect import Effect
from custseg.measure.summary import MeasureSummary
from custseg.report.audience import lists_made, members_left_out
from custseg.report.html.speaker import Speaker
from custseg.report.measure import group_of, outcome_of
from custseg.report.model import Date, Figure, Item, Words
from custseg.report.xlsx.front import grid_of
from custseg.report.xlsx.masks import people, told
from custseg.report.xlsx.model import Cell, Graph, Grid, Number, Part, Series, Sheet
from custseg.report.xlsx.people import files_read


def audience_sheets(summary: AudienceSummary) -> Iterator[Sheet]:
    """Give the lists by platform, who was left out and why, and which lists overlap."""
    parts: list[Part] = [_files(summary)]
    if left_out := members_left_out(summary):
        parts.append(
            Grid(
                title=Words("audience.report.left_out"),
                heads=(
                    Words("audience.report.list"),
                    Words("audience.report.platform"),
                    Words("audience.report.customers"),
                    Words("xlsx.reason"),
                ),
                rows=left_out.rows,
            )
        )
    yield Sheet(
        name=Words("xlsx.sheet.audience"),
        title=Words("html.audience_title"),
        about=Words("xlsx.audience_about", {"day": Date(summary.as_of)}),
        parts=tuple(parts),
    )
    if overlaps := [each for each in summary.overlaps if each.customers]:
        ranked = sorted(overlaps, key=lambda each: (-each.jaccard, each.left, each.right))
        grid = Grid(
            heads=(
                Words("audience.report.list"),
                Words("xlsx.other_list"),
                Words("audience.report.customers"),
                Words("audience.report.jaccard"),
            ),
            rows=tuple(
                (
                    each.left,
                    each.right,
                    Figure(each.customers, "people"),
                    Figure(each.jaccard, "share"),
                )
                for each in ranked
            ),
        )
        yield Sheet(
            name=Words("xlsx.sheet.overlaps"),
            title=Words("audience.report.overlap"),
            about=Words("xlsx.overlaps_about"),
            parts=(grid,),
        )


def _files(summary: AudienceSummary) -> Grid:
    graph = Graph(
        kind="bar",
        title=Words("xlsx.audience_rows"),
        about=Words("xlsx.audience_rows"),
        series=(Series(column=3),),
    )
    return replace(
        grid_of(lists_made(summary)), title=Words("html.audience_title"), graphs=(graph,)
    )


def measure_sheets(summary: MeasureSummary, speaker: Speaker) -> Iterator[Sheet]:
    """Give what a campaign did, whole and by segment, and how channels and campaigns compare."""
    whole = [each for each in summary.effects if not each.segment]
    parts = [each for each in summary.effects if each.segment]
    if whole:
        key = "measure.effect_note" if summary.random else "measure.comparison_note"
        yield _effects(whole, summary, Words("xlsx.sheet.effect"), Words(key), speaker)
    if parts:
        note = Words(f"measure.correction.{summary.correction}")
        yield _effects(parts, summary, Words("xlsx.sheet.by_segment"), note, speaker)
    if summary.channels:
        yield _channels(summary, speaker)
    if summary.campaigns:
        yield _campaigns(summary, speaker)
    yield files_read(summary.inputs)


def _effects(
    found: Sequence[Effect], summary: MeasureSummary, name: Item, note: Item, speaker: Speaker
) -> Sheet:
    key = "measure.effect" if summary.random else "measure.comparison"
    return Sheet(
        name=name,
        title=Words(key),
        about=note,
        parts=(
            Grid(
                heads=(
                    Words("xlsx.group"),
                    Words("xlsx.outcome"),
                    Words("xlsx.people_treated"),
                    Words("xlsx.people_control"),
                    Words("measure.value"),
                    Words("measure.control"),
                    Words("measure.difference"),
                    Words("xlsx.from"),
                    Words("xlsx.to"),
                    Words("measure.p"),
                    Words("measure.extra"),
                ),
                rows=tuple(_effect(each, speaker) for each in found),
                mixed=True,
            ),
        ),
    )


def _effect(each: Effect, speaker: Speaker) -> tuple[Cell, ...]:
    small = speaker.hidden(each.treated) or speaker.hidden(each.control)

    def value(number: float | None) -> Cell:
        if number is None or small:
            return ""
        return Number(number, "rate" if each.share else "decimals")

    return (
        each.segment or group_of(each.arm),
        outcome_of(each.outcome),
        people(each.treated, speaker),
        people(each.control, speaker),
        value(each.treated_value),
        value(each.control_value),
        value(each.difference),
        value(each.low),
        value(each.high),
        "" if each.p_adjusted is None or small else Number(each.p_adjusted, "p"),
        "" if small else Figure(each.extra, "number"),
    )


def _channels(summary: MeasureSummary, speaker: Speaker) -> Sheet:
    graph = Graph(
        kind="bar",
        title=Words("xlsx.money_by_channel"),
        about=Words("measure.channels_note"),
        series=(Series(column=5),),
    )
    grid = Grid(
        heads=(
            Words("measure.channel"),
            Words("measure.first"),
            Words("measure.last"),
            Words("measure.first_money"),
            Words("report.orders"),
            Words("report.money"),
        ),
        rows=tuple(
            (
                each.channel or Words("measure.none"),
                people(each.first, speaker),
                people(each.last, speaker),
                told(each.first, each.first_money, "money", speaker),
                Figure(each.orders),
                Figure(each.money, "money"),
            )
            for each in summary.channels
        ),
        note=Words("measure.channels_note"),
        graphs=(graph,),
    )
    title = Words("xlsx.sheet.channels")
    return Sheet(name=title, title=title, about=Words("measure.channels_note"), parts=(grid,))


def _campaigns(summary: MeasureSummary, speaker: Speaker) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for each in summary.campaigns:
        size = each.customers
        rows.append(
            (
                each.campaign or Words("measure.none"),
                people(size, speaker),
                told(size, each.orders, "count", speaker),
                told(size, each.money, "money", speaker),
                told(size, each.share, "share", speaker),
                people(each.new_customers, speaker),
                told(each.new_customers, each.later_money, "money", speaker),
            )
        )
    graph = Graph(
        kind="bar",
        title=Words("xlsx.money_by_campaign"),
        about=Words("measure.campaigns_note"),
        series=(Series(column=3),),
    )
    grid = Grid(
        heads=(
            Words("measure.campaigns"),
            Words("report.customers"),
            Words("report.orders"),
            Words("report.money"),
            Words("xlsx.share_of_money"),
            Words("measure.new"),
            Words("measure.later"),
        ),
        rows=tuple(rows),
        graphs=(graph,),
    )
    title = Words("xlsx.sheet.campaigns")
    return Sheet(name=title, title=title, about=Words("measure.campaigns_note"), parts=(grid,))
