"""Native charts: they read the cells of their grid, and say in words what they show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Final

from custseg.report.html.palette import LIGHT, mixed
from custseg.report.html.speaker import Speaker
from custseg.report.model import MONEY, Figure, Words
from custseg.report.xlsx.model import Graph, Grid, Number, Series
from custseg.report.xlsx.numbers import bare, column_format
from custseg.report.xlsx.style import FONTS, harmless

WIDTH: Final = 580
_HEIGHT: Final = 320
_BAR: Final = 26
_LEAST_BARS: Final = 200
_MOST_BARS: Final = 1_300
_FEW_LABELS: Final = 16
_MILLIONS, _THOUSANDS = 1e7, 1e4
_KINDS: Final = {
    "bar": {"type": "bar"},
    "column": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "overlap": {"type": "column"},
    "line": {"type": "line"},
}
_COLORS: Final = {
    "accent": LIGHT["accent"],
    "other": mixed(LIGHT["other"], LIGHT["card"], 0.8),
    "quiet": mixed(LIGHT["quiet"], LIGHT["card"], 0.6),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a grid stands: its sheet, the row of its headings, its first column."""

    sheet: str
    head: int
    left: int = 0


def rows_of(graph: Graph, grid: Grid) -> range:
    """Give the rows of the grid that are drawn."""
    end = len(grid.rows) if graph.rows is None else graph.first + graph.rows
    return range(graph.first, end)


def drawable(grid: Grid) -> Grid:
    """Leave out charts without a number to draw: all of them may be masked."""
    graphs = tuple(
        graph
        for graph in grid.graphs
        if any(_values(grid, rows_of(graph, grid), each.column) for each in graph.series)
    )
    return replace(grid, graphs=graphs)


def height_of(graph: Graph, grid: Grid) -> int:
    """Give a chart's height in pixels."""
    if graph.kind != "bar":
        return _HEIGHT
    bars = len(rows_of(graph, grid)) * (1 + 0.5 * (len(graph.series) - 1))
    return int(min(max(90 + bars * _BAR, _LEAST_BARS), _MOST_BARS))


def make_graph(workbook: Any, graph: Graph, grid: Grid, place: Place, speaker: Speaker) -> Any:
    """Make a chart of a grid that has been written."""
    rows = rows_of(graph, grid)
    font = {"name": FONTS[speaker.language], "size": 9, "color": LIGHT["ink"]}
    chart = workbook.add_chart(dict(_KINDS[graph.kind]))
    lines = workbook.add_chart({"type": "line"}) if any(s.line for s in graph.series) else None
    for series in graph.series:
        target = lines if series.line and lines is not None else chart
        target.add_series(_series(series, graph, grid, place, rows, font, speaker))
    if lines is not None:
        chart.combine(lines)
    said = harmless(speaker.say(graph.title))
    title_font = font | {"size": 11, "bold": True}
    chart.set_title({"name": said, "name_font": title_font, "overlay": False})
    chart.set_size({"width": WIDTH, "height": height_of(graph, grid)})
    chart.set_chartarea({"border": {"color": LIGHT["line"]}})
    if len(graph.series) > 1:
        chart.set_legend({"position": "top", "font": font})
    else:
        chart.set_legend({"none": True})
    _axes(chart, graph, grid, rows, font, speaker)
    return chart


def _series(
    series: Series,
    graph: Graph,
    grid: Grid,
    place: Place,
    rows: range,
    font: dict[str, Any],
    speaker: Speaker,
) -> dict[str, Any]:
    top, end = place.head + 1 + rows.start, place.head + rows.stop
    color = _COLORS[series.color]
    column = place.left + series.column
    labels = place.left + graph.labels
    made: dict[str, Any] = {
        "name": [place.sheet, place.head, column],
        "categories": [place.sheet, top, labels, end, labels],
        "values": [place.sheet, top, column, end, column],
    }
    if series.line or graph.kind == "line":
        dash = {"dash_type": "dash"} if series.dashed else {}
        return made | {"line": {"color": color, "width": 2.0, **dash}}
    made |= {"fill": {"color": color}, "border": {"none": True}, "gap": 45}
    if graph.kind == "overlap":
        made["overlap"] = 100
    elif graph.kind == "stacked":
        made |= {"overlap": 100, "gap": 12}
    elif len(graph.series) > 1:
        made["overlap"] = 0
    if graph.kind == "bar" or (len(rows) <= _FEW_LABELS and len(graph.series) == 1):
        values = _values(grid, rows, series.column)
        made["data_labels"] = {
            "value": True,
            "font": font,
            "num_format": _axis_format(values, speaker),
        }
    return made


def _axes(
    chart: Any, graph: Graph, grid: Grid, rows: range, font: dict[str, Any], speaker: Speaker
) -> None:
    values = [each for series in graph.series for each in _values(grid, rows, series.column)]
    first = [grid.rows[at][graph.labels] for at in rows]
    places: dict[str, Any] = {
        "num_font": font,
        "text_axis": True,
        "num_format": column_format(first, speaker),
        "line": {"color": LIGHT["quiet"]},
        "major_tick_mark": "none",
    }
    if len(rows) > _FEW_LABELS and graph.kind != "bar":
        places["interval_unit"] = ceil(len(rows) / _FEW_LABELS)
    if graph.axis:
        plain = font | {"bold": False, "color": LIGHT["quiet"]}
        places |= {"name": harmless(speaker.say(graph.axis)), "name_font": plain}
    amounts: dict[str, Any] = {
        "num_font": font,
        "num_format": _axis_format(values, speaker),
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": LIGHT["line"], "width": 0.75}},
        "major_tick_mark": "none",
    }
    if all((each.value or 0.0) >= 0 for each in values):
        amounts["min"] = 0
    else:
        places["label_position"] = "low"
    if (
        values
        and values[0].kind in ("share", "rounded_share")
        and any(series.line for series in graph.series)
    ):
        amounts["max"] = 1
    if graph.kind == "bar":
        amounts |= {"visible": False, "major_gridlines": {"visible": False}}
        chart.set_y_axis(places | {"reverse": True})
        chart.set_x_axis(amounts)
    else:
        chart.set_x_axis(places)
        chart.set_y_axis(amounts)


def _values(grid: Grid, rows: range, column: int) -> list[Figure | Number]:
    cells = (bare(grid.rows[at][column]) for at in rows)
    return [each for each in cells if isinstance(each, Figure | Number)]


def _axis_format(values: list[Figure | Number], speaker: Speaker) -> str:
    """Give the format of an axis: large amounts of money in thousands or millions."""
    plain = column_format(values, speaker)
    largest = max((abs(each.value or 0.0) for each in values), default=0.0)
    kind = values[0].kind if values else "count"
    if kind in ("share", "rounded_share"):
        return "0%"
    if kind not in MONEY or largest < _THOUSANDS:
        return plain
    whole = plain.partition(";")[0].replace(".00", "")
    unit = "millions" if largest >= _MILLIONS else "thousands"
    commas = ",," if unit == "millions" else ","
    yen = unit if speaker.currency != "JPY" or speaker.language != "ja" else f"{unit}_yen"
    if yen.endswith("_yen"):
        whole = whole.replace('"¥"', "")
    return f'{whole}{commas}"{speaker.say(Words(f"xlsx.unit.{yen}"))}"'
