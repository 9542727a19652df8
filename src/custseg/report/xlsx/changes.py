"""Sheets of what changed: key figures, groups that fell, moves between segments; orders read."""

from __future__ import annotations

from collections.abc import Sequence

from custseg.report.html.speaker import Speaker
from custseg.report.model import Date, Figure, FigureKind, Item, Words
from custseg.report.segment_changes import move_groups, move_table, sizes_of
from custseg.report.segment_names import group_name, name_of
from custseg.report.suppression import Group
from custseg.report.xlsx.masks import cell, people, told, told_first
from custseg.report.xlsx.model import Cell, Graph, Grid, Number, Part, Series, Sheet
from custseg.segment.migration import Migration, MigrationSummary, MoveRow
from custseg.segment.problem_layers import LayerRow, LayersSummary
from custseg.segment.summary import OrdersSummary

_VALUES: dict[str, FigureKind] = {
    "repeat_rate": "share",
    "average_order": "price",
    "new_customers": "people",
}


def layers_sheet(layers: LayersSummary, speaker: Speaker) -> Sheet:
    """Give the groups that fell beyond chance, the most money at stake first, and all of them."""
    graph = Graph(
        kind="bar",
        title=Words("xlsx.at_stake"),
        about=Words("xlsx.layers_about"),
        series=(Series(column=8),),
    )
    grid = Grid(
        heads=(
            Words("xlsx.group"),
            Words("report.kpi"),
            Words("xlsx.before"),
            Words("report.kpi_now"),
            Words("report.customers"),
            Words("measure.difference"),
            Words("xlsx.from"),
            Words("xlsx.to"),
            Words("xlsx.at_stake"),
        ),
        rows=tuple(_layer(row, speaker) for row in layers.rows),
        note=Words("xlsx.layers_tested", {"tested": Figure(layers.tested)}),
        graphs=(graph,),
    )
    return Sheet(
        name=Words("xlsx.sheet.layers"),
        title=Words("html.section.look"),
        about=Words("xlsx.layers_about"),
        parts=(grid,),
    )


def _layer(row: LayerRow, speaker: Speaker) -> tuple[Cell, ...]:
    kind = _VALUES[row.measure]
    size = min(row.people_before, row.people_now)

    def change(value: float) -> Cell:
        if speaker.hidden(size):
            return ""
        return Number(value, "points") if kind == "share" else Number(value, "decimals")

    return (
        group_name(row.group),
        Words(f"segment.kpi.{row.measure}"),
        told(row.people_before, row.before, kind, speaker),
        told(row.people_now, row.now, kind, speaker),
        people(row.people_now, speaker),
        change(row.now - row.before),
        change(row.low),
        change(row.high),
        told(size, row.money, "money", speaker),
    )


def moves_sheet(changed: MigrationSummary, speaker: Speaker) -> Sheet:
    """Give who moved where: the matrix, sizes on both days, and the moves by money."""
    parts: list[Part] = [_matrix(changed, speaker), _sizes(changed, speaker)]
    moves = [
        row
        for row in changed.moves
        if not speaker.secret(row.customers, ("move", row.before, row.after))
    ]
    if moves:
        parts.append(_moves(moves))
    return Sheet(
        name=Words("xlsx.sheet.moves"),
        title=Words("chart.flow"),
        about=Words("xlsx.moves_about", _days(changed)),
        parts=tuple(parts),
    )


def _days(changed: MigrationSummary) -> dict[str, Item]:
    return {"first": Date(changed.first_day), "last": Date(changed.last_day)}


def _matrix(changed: MigrationSummary, speaker: Speaker) -> Grid:
    table = changed.table
    names: list[Item] = [name_of(each) for each in table.segments]
    gone = any(table.gone_customers)
    heads = [Words("xlsx.from_to"), *names, *((Words("xlsx.gone"),) if gone else ())]
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            *(
                cell(count, speaker, group)
                for count, group in list(zip(line, groups, strict=True))[: len(heads) - 1]
            ),
        )
        for name, line, groups in zip(
            [*names, Words("chart.newcomers")], move_table(table), move_groups(table), strict=True
        )
    ]
    return Grid(title=Words("xlsx.matrix"), heads=tuple(heads), rows=tuple(rows), shading="amounts")


def _sizes(changed: MigrationSummary, speaker: Speaker) -> Grid:
    table = changed.table
    rows, shown = told_first(
        ((*_few(table, each), _size(table, each, speaker)) for each in table.segments), speaker
    )
    graph = Graph(
        kind="bar",
        title=Words("xlsx.sizes"),
        about=Words("xlsx.moves_about", _days(changed)),
        series=(Series(column=1, color="quiet"), Series(column=2)),
        rows=shown,
    )
    return Grid(
        title=Words("xlsx.sizes"),
        heads=(
            Words("report.segment"),
            Date(changed.first_day),
            Date(changed.last_day),
            Words("xlsx.change"),
        ),
        rows=rows,
        graphs=(graph,),
    )


def _few(table: Migration, segment: str) -> tuple[int, Group]:
    """Give how many a segment's people were on the day when they were fewer."""
    before, now = sizes_of(table, segment)
    return min(before or now, now or before), ("net", segment)


def _size(table: Migration, segment: str, speaker: Speaker) -> tuple[Cell, ...]:
    before, now = sizes_of(table, segment)
    few, net = _few(table, segment)
    return (
        name_of(segment),
        people(before, speaker, ("before", segment)),
        people(now, speaker, ("after", segment)),
        told(few, now - before, "difference", speaker, net),
    )


def _moves(moves: Sequence[MoveRow]) -> Grid:
    return Grid(
        title=Words("xlsx.moves"),
        heads=(
            Words("xlsx.moved_from"),
            Words("xlsx.moved_to"),
            Words("report.customers"),
            Words("xlsx.yearly_money"),
            Words("xlsx.direction"),
        ),
        rows=tuple(
            (
                name_of(row.before),
                name_of(row.after),
                Figure(row.customers),
                Figure(row.yearly_money, "money"),
                Words(f"xlsx.direction.{row.direction}"),
            )
            for row in moves
        ),
    )


def orders_sheet(orders: OrdersSummary) -> Sheet:
    """Give what became of the order lines: used, and left out by reason; in money too."""
    rows: list[tuple[Cell, ...]] = [
        (Words("xlsx.lines_used"), Figure(orders.rows_used), Figure(orders.money_used, "money"))
    ]
    rows += [
        (
            Words(f"segment.excluded.{each.reason}"),
            Figure(each.rows),
            Figure(each.money, "money"),
        )
        for each in orders.excluded
    ]
    total = (Words("xlsx.total"), Figure(orders.rows), Figure(orders.money, "money"))
    return Sheet(
        name=Words("xlsx.sheet.orders"),
        title=Words("html.section.orders"),
        about=Words("xlsx.orders_about"),
        parts=(
            Grid(
                title=Words("xlsx.order_lines"),
                heads=(Words("xlsx.what"), Words("xlsx.lines"), Words("report.money")),
                rows=(*rows, total),
            ),
            Grid(
                title=Words("xlsx.used"),
                heads=(Words("xlsx.what"), Words("xlsx.value")),
                rows=_facts(orders),
                mixed=True,
            ),
        ),
    )


def _facts(orders: OrdersSummary) -> tuple[tuple[Cell, ...], ...]:
    return (
        (Words("xlsx.first_order"), Date(orders.first_order)),
        (Words("xlsx.last_order"), Date(orders.last_order)),
        (Words("report.as_of"), Date(orders.as_of)),
        (Words("report.orders"), Figure(orders.orders)),
        (Words("report.customers"), Figure(orders.customers, "people")),
        (Words("report.repeat_rate"), Figure(orders.repeat_rate, "share")),
        (Words("report.average_order"), Figure(orders.average_order, "price")),
    )
