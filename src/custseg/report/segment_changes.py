"""What happened to the customers: key figures, what changed, and where to look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from custseg.report.model import (
    Block,
    Column,
    Date,
    Figure,
    FigureKind,
    Item,
    Joined,
    Lines,
    Table,
    Toned,
    Words,
)
from custseg.report.segment_names import group_name, level_name, name_of
from custseg.report.suppression import Group
from custseg.segment.kpis import KpiRow, KpiSummary
from custseg.segment.lookalikes import LookalikesSummary
from custseg.segment.migration import Migration, MigrationSummary, MoveRow
from custseg.segment.personas import PersonasSummary, PersonaTable
from custseg.segment.problem_layers import LayerRow, LayersSummary
from custseg.segment.summary import SegmentsSummary

Secret = Callable[[int, Group], bool]
"""Tells whether the number of a group of so many people is not to be told."""

_ALWAYS: Final = ("repeat_rate", "average_order", "new_customers", "f2_conversion", "retention")
"""Key figures shown with or without a goal."""

_SLIPS_SHOWN: Final = 2
_SOURCES_SHOWN: Final = 2
_LAYERS_SHOWN: Final = 3
_PERSONAS_SHOWN: Final = 2
_TRAITS_SHOWN: Final = 3
_TELLING_RATIO: Final = 1.1
"""Least ratio of a trait that is shown: what is certain need not be much."""


_KINDS: Final[dict[str, FigureKind]] = {"share": "share", "money": "price", "count": "people"}

_LAYER_KINDS: Final[dict[str, tuple[FigureKind, FigureKind]]] = {
    "repeat_rate": ("share", "points"),
    "average_order": ("price", "price"),
    "new_customers": ("people", "difference"),
}
"""How a measure and its difference are written."""


def kpi_table(kpis: KpiSummary) -> list[Block]:
    """Key figures: now, goal, before, and whether that is up or down."""
    shown = _shown(kpis)
    if not shown:
        return []
    compared = "report.kpi_last_run" if kpis.last_run else "report.kpi_previous"
    goals = any(row.goal is not None for row in shown)
    note: Item = Words(
        "report.kpi_note",
        {"first": Date(kpis.first_day), "last": Date(kpis.last_day), "days": Figure(kpis.days)},
    )
    if any(row.value is None for row in shown):
        note = Joined((note, Words("report.kpi_unknown")), " · ")
    return [
        Table(
            columns=(
                Column(Words("report.kpi")),
                Column(Words("report.kpi_now"), right=True),
                Column(Words("report.kpi_goal") if goals else "", right=True),
                Column(Words(compared), right=True),
                Column(),
            ),
            rows=tuple(_kpi(row, goals=goals, last_run=bool(kpis.last_run)) for row in shown),
            note=note,
        )
    ]


def _shown(kpis: KpiSummary) -> list[KpiRow]:
    """The key figures to show: those always shown where known, and all that have a goal."""
    places = {name: place for place, name in enumerate(_ALWAYS)}
    rows = [row for row in kpis.rows if row.name in places or row.goal is not None]
    rows.sort(key=lambda row: places.get(row.name, len(places)))
    # A goal is never dropped without a word, though the orders may not reach back to tell.
    return [row for row in rows if row.value is not None or row.goal is not None]


def kpi_definitions(kpis: KpiSummary) -> list[Lines]:
    """What each key figure shown counts, in words."""
    items = [
        Words(
            "report.kpi_definition",
            {
                "name": Words(f"segment.kpi.{row.name}"),
                "about": Words(f"segment.kpi_about.{row.name}", {"days": Figure(kpis.days)}),
            },
        )
        for row in _shown(kpis)
    ]
    return [replace(_labelled("report.kpi_about", items), tone="quiet")] if items else []


def _kpi(row: KpiRow, *, goals: bool, last_run: bool) -> tuple[Item, ...]:
    kind = _KINDS[row.unit]
    value: Item = Figure(row.value, kind)
    if row.met is not None:
        value = Toned(value, "good" if row.met else "bad")
    before = row.last_run if last_run else row.previous
    return (
        Words(f"segment.kpi.{row.name}"),
        value,
        Figure(row.goal, kind) if goals else "",
        Figure(before, kind),
        _arrow(row.value, before),
    )


def _arrow(now: float | None, before: float | None) -> Item:
    if now is None or before is None or now == before:
        return ""
    return Toned("▲", "good") if now > before else Toned("▼", "bad")


def what_changed(changed: MigrationSummary, secret: Secret | None = None) -> list[Block]:
    """Into which segments customers slipped, with what a year of them was worth; and the best.

    Moves that are `secret` are in the sums, but not told by themselves.
    """
    names = [(name, "down") for name in _ranked(changed, "down")[:_SLIPS_SHOWN]]
    names += [(name, "up") for name in _ranked(changed, "up")[:1]]
    items = [_moved(changed, *each, secret or _nothing_secret) for each in names]
    since, day = "report.since_run", changed.first_day
    if changed.between == "days":  # the orders of the earlier day itself were known on it
        since = "report.since_day"
        day = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    items.append(
        Words(
            since,
            {
                "day": Date(day),
                "new": Figure(sum(changed.table.new_customers), "people", group=("newcomers",)),
                "gone": Figure(sum(changed.table.gone_customers), "people", group=("left",)),
            },
        )
    )
    return [_labelled("report.what_changed", items)]


def _ranked(changed: MigrationSummary, direction: str) -> list[str]:
    """Segments that customers moved into, most yearly money first."""
    money: dict[str, float] = {}
    for row in changed.moves:
        if row.direction == direction:
            money[row.after] = money.get(row.after, 0.0) + row.yearly_money
    return sorted(money, key=lambda name: (-money[name], name))


def _nothing_secret(count: int, group: Group) -> bool:
    """Tell a terminal, which only the operator sees, every number."""
    del count, group
    return False


def _moved(changed: MigrationSummary, segment: str, direction: str, secret: Secret) -> Item:
    rows = [row for row in changed.moves if row.after == segment and row.direction == direction]
    told = [row for row in rows if not secret(row.customers, ("move", row.before, row.after))]
    ranked = sorted(rows, key=_by_people)[:_SOURCES_SHOWN]
    sources = [_source(row) for row in ranked if row in told]
    people = sum(row.customers for row in rows)
    # The whole less what is told of the others would be the money of a single secret move.
    money = None if len(rows) - len(told) == 1 else sum(row.yearly_money for row in rows)
    params: dict[str, Item] = {
        "segment": name_of(segment),
        "net": _net(changed, segment),
        "sources": Joined(tuple(sources), Words("report.list_separator"))
        if sources
        else Words("report.small_moves"),
        "money": Figure(money, "rounded_money", of=people),
    }
    return Words("report.slipped" if direction == "down" else "report.climbed", params)


def _by_people(row: MoveRow) -> tuple[int, str]:
    return -row.customers, row.before


def _source(row: MoveRow) -> Item:
    params = {"segment": name_of(row.before), "customers": Figure(row.customers, "people")}
    return Words("report.moved_from", params)


def _net(changed: MigrationSummary, segment: str) -> Figure:
    """By how many customers a segment grew."""
    before, now = sizes_of(changed.table, segment)
    few = min(before or now, now or before)
    return Figure(now - before, "difference", of=few, group=("net", segment))


def sizes_of(table: Migration, segment: str) -> tuple[int, int]:
    """Give how many customers a segment had, and has."""
    groups = move_table(table)
    place = table.segments.index(segment)
    return sum(groups[place]), sum(line[place] for line in groups)


def move_table(table: Migration) -> tuple[tuple[int, ...], ...]:
    """Give who moved where with those who came as the last row, who left as the last column."""
    lines = [
        (*line, gone) for line, gone in zip(table.customers, table.gone_customers, strict=True)
    ]
    return (*lines, (*table.new_customers, 0))


def move_groups(table: Migration) -> tuple[tuple[Group, ...], ...]:
    """Name the people of each cell of :func:`move_table`."""
    names = table.segments
    lines: list[tuple[Group, ...]] = [
        (*(("move", name, to) for to in names), ("gone", name)) for name in names
    ]
    return (*lines, (*(("new", name) for name in names), ()))


def look_here(layers: LayersSummary) -> list[Block]:
    """The groups that fell, most money at stake first."""
    if not layers.tested:
        least = Figure(layers.least_people)
        return [_labelled("report.look_here", [Words("report.layers_small", {"least": least})])]
    if not layers.rows:
        return [
            _labelled(
                "report.look_here", [Words("report.no_layers", {"tested": Figure(layers.tested)})]
            )
        ]
    return [
        _labelled(
            "report.look_here", [_layer(row, layers.days) for row in layers.rows[:_LAYERS_SHOWN]]
        )
    ]


def _layer(row: LayerRow, days: int) -> Item:
    value, change = _LAYER_KINDS[row.measure]
    few = min(row.people_before, row.people_now)
    money: Item = Figure(row.money, "rounded_money", of=few)
    if days:
        money = Words("report.layer_stake", {"money": money, "days": Figure(days)})
    return Words(
        "report.layer",
        {
            "group": group_name(row.group),
            "measure": Words(f"segment.kpi.{row.measure}"),
            "before": Figure(row.before, value, of=row.people_before),
            "now": Figure(row.now, value, of=row.people_now),
            "people": Figure(row.people_now, "people"),
            "low": Figure(row.low, change, of=few),
            "high": Figure(row.high, change, of=few),
            "money": money,
        },
    )


def who_they_are(personas: PersonasSummary, segments: SegmentsSummary) -> list[Block]:
    """What sets the customers of the segments with most money apart."""
    ranked = sorted(segments.rows, key=lambda row: -row.money)
    items = [
        Words(
            "report.persona",
            {
                "segment": name_of(row.name),
                "traits": Joined(tuple(traits), Words("report.list_separator")),
            },
        )
        for row in ranked
        if row.name in personas.segments
        and (traits := _traits(personas, personas.segments.index(row.name)))
    ]
    return [_labelled("report.personas", items[:_PERSONAS_SHOWN])] if items else []


def _traits(personas: PersonasSummary, segment: int) -> list[Item]:
    """The levels that a segment has more of than chance would give, most above it first."""
    found: list[tuple[float, PersonaTable, int]] = [
        (table.ratios[level][segment], table, level)
        for table in personas.tables
        for level, row in enumerate(table.stands_out)
        if row[segment] > 0
        and not table.small[level][segment]
        and table.ratios[level][segment] >= _TELLING_RATIO
    ]
    found.sort(key=lambda each: (-each[0], each[1].attribute, each[2]))
    return [
        Words(
            "report.trait",
            {
                "level": level_name(table.attribute, table.levels[level]),
                "ratio": f"{ratio:.1f}",
            },
        )
        for ratio, table, level in found[:_TRAITS_SHOWN]
    ]


def lookalikes(found: LookalikesSummary, file: str) -> list[Block]:
    """The list of customers like those of the top segment, and whether such a list is worth it."""
    segment = name_of(found.segment)
    items: list[Item] = [
        Words(
            "report.lookalikes_line",
            {
                "customers": Figure(found.customers, "people"),
                "candidates": Figure(found.candidates, "people"),
                "segment": segment,
                "file": file,
            },
        )
    ]
    if (check := found.check) is not None:
        items.append(
            Words(
                "report.lookalikes_check" if check.better else "report.lookalikes_chance",
                {
                    "day": Date(check.day),
                    "became": Figure(check.became, "people"),
                    "picked": Figure(check.picked, "people"),
                    "segment": segment,
                    "share": Figure(check.became / check.picked, "share"),
                    "others_share": Figure(check.others_became / check.others, "share"),
                },
            )
        )
    return [_labelled("report.lookalikes", items)]


def _labelled(label: str, items: Sequence[Item]) -> Lines:
    """Lines of which the first has a label."""
    return Lines(tuple((Words(label) if n == 0 else "", item) for n, item in enumerate(items)))
