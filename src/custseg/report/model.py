"""The report as data: blocks of typed values and words by key. Renderers make text of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Tone = Literal["plain", "good", "doubtful", "bad", "quiet"]

FigureKind = Literal[
    "count",
    "people",
    "rounded_count",
    "share",
    "rounded_share",
    "points",
    "money",
    "price",
    "rounded_money",
    "days",
    "number",
    "difference",
    "score",
    "bar",
    "bits",
]
"""``people`` is a count of customers, which pages and workbooks mask where it is small;
``rounded_count`` is a count in the unit that suits it; ``share`` and ``bar`` are 0 to 1;
``points`` is a difference of shares, in points of percent; ``money`` is written in a unit where it
stands in a column, ``price`` always in full, and ``rounded_money`` in the unit that suits it;
``difference`` is a number with its sign; ``score`` 0 to 100."""

MONEY: Final[frozenset[FigureKind]] = frozenset({"money", "price", "rounded_money"})
"""Kinds that are amounts of money."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and what it counts; None is shown as a dash.

    `currency` is the ISO code of an amount of money, where it is known. `of` is how many people it
    is of, where it is not told of a small group; `group` names these people, or those that it
    counts, where other numbers could give them away (:mod:`custseg.report.groups`).
    """

    value: float | None
    kind: FigureKind = "count"
    currency: str = ""
    of: int | None = None
    group: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Date:
    """A day (``2026-09-01``) or a month (``2026-09``); any other text stays as it is."""

    iso: str


@dataclass(frozen=True, slots=True)
class RoleName:
    """A role, shown by what a person calls it."""

    role: str


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field that was compared, shown by what a person calls it."""

    field: str


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of something: ``1 row``, ``2 rows``; what is counted as in ``report.count``."""

    value: int
    what: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Several items in one line, with `between` between them."""

    items: tuple[Item, ...]
    between: Item


@dataclass(frozen=True, slots=True)
class Words:
    """A message by its key, with what fills its fields."""

    key: str
    params: Mapping[str, Item] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """A command to copy, as its arguments: quoted where the shell needs it."""

    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Toned:
    """An item that is good, doubtful or bad."""

    item: Item
    tone: Tone


Item = str | Figure | Date | Counted | RoleName | FieldName | Words | Joined | Command | Toned
"""What stands in a cell or fills a field: text as it is, or something to be put into words."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, and whether it keeps to the right like a number.

    `least` is the width, in cells, that it keeps while other columns can still give way. Words
    of a column that `wraps` go on below where they do not fit; in others they are cut short.
    """

    title: Item = ""
    right: bool = False
    least: int = 0
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its title standing over the first column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Item, ...], ...]
    note: Item = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines with a label before each, such as figures, warnings or next steps."""

    rows: tuple[tuple[Item, Item], ...]
    tone: Tone = "plain"


Block = Table | Lines


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its kind (the command), and its blocks in reading order.

    `data` is for programs alone: plain values that stand beside the blocks in JSON.
    """

    kind: str
    blocks: tuple[Block, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
