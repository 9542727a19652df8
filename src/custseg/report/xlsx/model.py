"""A workbook as data: sheets of grids, and native charts that read the cells of their grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from custseg.report.model import Item, Tone

Color = Literal["accent", "other", "quiet"]
SEVERAL: Final[tuple[Color, ...]] = ("accent", "other", "quiet")
"""Colors of series, or of charts, that stand side by side."""

GraphKind = Literal["bar", "column", "stacked", "overlap", "line"]
NumberKind = Literal["change", "points", "rate", "p", "index", "decimals"]
Shading = Literal["amounts", "index"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a form that reports of words do not have.

    ``change`` is a part (0.1 is a tenth more), ``points`` a difference of shares, ``rate`` a
    share that is small or near another, ``p`` a probability, ``index`` 100 for all customers.
    """

    value: float
    kind: NumberKind
    tone: Tone = "plain"


Cell = Item | Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A column of a grid in a chart; `line` draws it as a line over the other columns."""

    column: int
    color: Color = "accent"
    line: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A chart of a grid.

    Attributes
    ----------
    kind
        ``bar`` lies, ``column`` stands, ``stacked`` stands with one series on the other,
        ``overlap`` with the later series before the earlier (a part before its whole).
    title, about
        Above it, and for who cannot see it.
    labels
        Column whose cells name the places.
    series
        What is drawn.
    rows
        How many rows, from the first; None for all.
    first
        The first of them.
    axis
        Title of the axis of places.
    """

    kind: GraphKind
    title: Item
    about: Item
    series: tuple[Series, ...]
    labels: int = 0
    rows: int | None = None
    first: int = 0
    axis: Item = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: every column has a heading.

    Attributes
    ----------
    heads, rows
        All rows are as long as `heads`.
    title, note
        Above, and below.
    shading
        ``amounts`` colors numbers by size, ``index`` by their distance from 100.
    shaded
        The first column that is colored.
    fills
        Color of single cells, by row and column.
    spans
        How many columns of the sheet each column takes; empty for one each.
    mixed
        Whether a column holds numbers of several kinds, so that each has its own format.
    """

    heads: tuple[Item, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: Item = ""
    note: Item = ""
    shading: Shading | None = None
    shaded: int = 1
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)
    graphs: tuple[Graph, ...] = ()
    spans: tuple[int, ...] = ()
    mixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """Sentences with a label before each; `doubtful` ones are to be minded."""

    rows: tuple[tuple[Item, Item], ...]
    title: Item = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A line a sheet after this one: its name, which leads there, and what it shows."""

    title: Item


Part = Grid | Sentences | Contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet.

    Attributes
    ----------
    name
        Of its tab.
    title, about
        Its first two lines.
    parts
        From top to bottom.
    foot
        Its last line.
    widths
        Of its columns, in characters; empty where the cells tell.
    """

    name: Item
    title: Item
    parts: tuple[Part, ...]
    about: Item = ""
    foot: Item = ""
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook: the sheet to read first, and one a subject."""

    title: Item
    sheets: tuple[Sheet, ...]
