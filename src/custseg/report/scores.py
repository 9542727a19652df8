"""Customers and money by recency and frequency score, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.report.model import Block, Column, Figure, FigureKind, Item, Table, Words
from custseg.segment.summary import RfmSummary

_BESIDE: Final = 5
"""Scores up to which, and figures of a count up to which, both tables fit beside each other."""

_GAP: Final = 2
_ROOM: Final = 66
"""Cells between two columns, and those that all columns of figures have on a narrow terminal."""


def score_grid(rfm: RfmSummary) -> list[Block]:
    """Give customers and their share of the money by R and F: beside each other where they fit.

    Recency goes down from the best score, as in the picture of the page.
    """
    if not rfm.customers:
        return []
    total = sum(map(sum, rfm.money)) or 1.0
    widest = max(len(f"{count:,}") for line in rfm.customers for count in line)
    in_full = rfm.bins * (widest + _GAP) <= _ROOM
    kind: FigureKind = "people" if in_full else "rounded_count"
    people = _half(
        Words("report.customers"),
        [[Figure(count or None, kind) for count in line] for line in rfm.customers],
    )
    money = _half(
        Words("report.money"),
        [
            [
                Figure(value / total if count else None, "rounded_share")
                for value, count in zip(line, counts, strict=True)
            ]
            for line, counts in zip(rfm.money, rfm.customers, strict=True)
        ],
    )
    note = Words("report.grid_note", {"bins": f"{rfm.bins}"})
    if rfm.bins > _BESIDE or widest > _BESIDE:
        return [people, Table(columns=money.columns, rows=money.rows, note=note)]
    rows = tuple((*left, *right) for left, right in zip(people.rows, money.rows, strict=True))
    return [Table(columns=(*people.columns, *money.columns), rows=rows, note=note)]


def _half(title: Item, cells: Sequence[Sequence[Item]]) -> Table:
    scores = range(1, len(cells) + 1)
    return Table(
        columns=(Column(title), *(Column(f"F{score}", right=True) for score in scores)),
        rows=tuple((f"R{score}", *cells[score - 1]) for score in reversed(scores)),
    )
