"""The first sheet: what the page shows first, in the same order, as cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from custseg.report.html.model import Page, Section
from custseg.report.model import (
    Block,
    Figure,
    FigureKind,
    Item,
    Joined,
    Lines,
    Table,
    Tone,
    Toned,
    Words,
)
from custseg.report.segment_changes import kpi_definitions
from custseg.report.xlsx.model import Cell, Contents, Grid, Number, Part, Sentences, Sheet
from custseg.segment.kpis import KpiRow, KpiSummary

WIDTHS: Final = (26.0, 18.0, 18.0, 18.0, 22.0, 26.0, 22.0)
_KINDS: Final[dict[str, FigureKind]] = {"share": "share", "money": "price", "count": "people"}
_ACTION: Final = ("segment", "action", "file", "customers")


def front_sheet(page: Page, kpis: KpiSummary | None = None) -> Sheet:
    """Build the first sheet from a page; with key figures, these in numbers beside their goals."""
    parts: list[Part] = [_cards(page, kpis)] if page.cards else []
    for section in (*page.first, *page.more):
        parts += _section(section)
    if kpis is not None:
        parts += _definitions(kpis)
    return Sheet(
        name=Words("xlsx.sheet.summary"),
        title=page.title,
        about=Joined(page.lead, " · "),
        parts=(*parts, Contents(title=Words("xlsx.contents"))),
        foot=page.foot,
        widths=WIDTHS,
    )


def _cards(page: Page, kpis: KpiSummary | None) -> Grid:
    rows = {f"segment.kpi.{row.name}": row for row in kpis.rows} if kpis else {}
    known = [rows[key] for card in page.cards if (key := _key(card.label)) in rows]
    if kpis is not None and known:
        return _kpis(known, kpis, page.span)
    return Grid(
        title=Words("html.first"),
        heads=(Words("xlsx.figure"), Words("report.kpi_now"), Words("xlsx.note")),
        rows=tuple((each.label, each.value, Joined(each.notes, " · ")) for each in page.cards),
        spans=(1, 1, 4),
        mixed=True,
    )


def _key(item: Item) -> str:
    return item.key if isinstance(item, Words) else ""


def _kpis(rows: Iterable[KpiRow], kpis: KpiSummary, span: Item) -> Grid:
    """Key figures beside their goals, and beside the last run or the period before."""
    found = list(rows)
    goals = any(row.goal is not None for row in found)
    heads: list[Item] = [
        Words("report.kpi"),
        Words("report.kpi_now"),
        Words("xlsx.before"),
        Words("xlsx.change"),
    ]
    if goals:
        heads += [Words("report.kpi_goal"), Words("xlsx.reached")]
    return Grid(
        title=Words("html.first"),
        heads=(*heads, Words("xlsx.compared_with")),
        rows=tuple(_kpi(row, goals=goals, last_run=bool(kpis.last_run)) for row in found),
        note=span,
        mixed=True,
    )


def _definitions(kpis: KpiSummary) -> list[Part]:
    return [
        Sentences(title=Words("report.kpi_about"), rows=tuple(("", item) for _, item in block.rows))
        for block in kpi_definitions(kpis)
    ]


def _kpi(row: KpiRow, *, goals: bool, last_run: bool) -> tuple[Cell, ...]:
    kind = _KINDS[row.unit]
    earlier = last_run and row.last_run is not None
    before = row.last_run if earlier else row.previous
    which: Item = ""
    if before is not None:
        which = Words("html.before.last_run" if earlier else "html.before.previous")
    goal: tuple[Cell, ...] = ()
    if goals:
        goal = ("" if row.goal is None else Figure(row.goal, kind), _reached(row))
    return (
        Words(f"segment.kpi.{row.name}"),
        Figure(row.value, kind),
        "" if before is None else Figure(before, kind),
        _change(row, before),
        *goal,
        which,
    )


def _reached(row: KpiRow) -> Item:
    if row.met is None:
        return ""
    if row.met:
        return Toned(Words("xlsx.goal_reached"), "good")
    return Toned(Words("xlsx.goal_missed"), "bad")


def _change(row: KpiRow, before: float | None) -> Cell:
    """Give the change: of shares in points, of all else in percent."""
    if row.value is None or before is None:
        return ""
    share = row.unit == "share"
    if not share and not before:
        return ""
    change = row.value - before if share else row.value / before - 1
    tone: Tone = "good" if change > 0 else "bad" if change < 0 else "plain"
    return Number(change, "points" if share else "change", tone)


def _section(section: Section) -> list[Part]:
    parts: list[Part] = []
    rows: list[tuple[Item, Item]] = []
    for block in section.blocks:
        if isinstance(block, Lines) and (acts := _actions(block)) is not None:
            parts.append(acts)
        elif isinstance(block, Table) and all(each.title for each in block.columns):
            parts.append(grid_of(block))
        else:
            rows += _lines(block)
    if rows:
        parts.insert(0, Sentences(rows=tuple(rows), doubtful=section.tone == "doubtful"))
    head, *rest = parts
    return [replace(head, title=section.title), *rest]


def grid_of(table: Table) -> Grid:
    """Give a table of a report whose columns all have headings."""
    heads = tuple(each.title for each in table.columns)
    return Grid(heads=heads, rows=table.rows, note=table.note)


def _actions(lines: Lines) -> Grid | None:
    """Give what to do as a table, where the lines say what to do."""
    found = [item for _, item in lines.rows if isinstance(item, Words)]
    if not found or any(item.key != "report.do_line" for item in found):
        return None
    return Grid(
        heads=(
            Words("report.segment"),
            Words("xlsx.action"),
            Words("xlsx.list"),
            Words("xlsx.on_list"),
        ),
        rows=tuple(tuple(item.params[name] for name in _ACTION) for item in found),
        spans=(1, 4, 1, 1),
    )


def _lines(block: Block) -> list[tuple[Item, Item]]:
    """Give a block as sentences with labels; the drawn bars of a table say nothing new."""
    if isinstance(block, Lines):
        return list(block.rows)
    return [
        (row[0], Joined(tuple(each for each in row[1:] if _says(each)), "  ·  "))
        for row in block.rows
    ]


def _says(item: Item) -> bool:
    return bool(item) and not (isinstance(item, Figure) and item.kind == "bar")
