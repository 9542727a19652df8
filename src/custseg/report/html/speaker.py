"""Numbers and words of one page, in its reader's language and in the currency of its orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from custseg.report.model import (
    MONEY,
    Counted,
    Figure,
    FigureKind,
    Item,
    Joined,
    Table,
    Toned,
    Words,
)
from custseg.report.suppression import Group
from custseg.report.words import say

WITHHELD: Final = "–"
"""Stands for a number that is hidden because a small group could be computed from it."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says items.

    Attributes
    ----------
    language
        Of the page.
    currency
        Of its money; empty where unknown.
    mask_below
        Groups of fewer people are not told apart: neither their number nor their money.
    withheld
        Larger ones that would give such a group away; they are not told either.
    """

    language: str
    currency: str = ""
    mask_below: int = 10
    withheld: frozenset[Group] = frozenset()

    def say(self, item: Item) -> str:
        """Give an item as text."""
        return say(self.dressed(item), self.language)

    def dressed(self, item: Item) -> Item:
        """Give an item whose money knows its currency, and whose small groups are masked."""
        if isinstance(item, Figure) and item.kind == "people":
            return self._people(item)
        if isinstance(item, Figure) and item.of is not None and self.secret(item.of, item.group):
            return WITHHELD
        if isinstance(item, Counted) and item.what == "customer" and self.hidden(item.value):
            return Words("report.count.customer.many", {"count": self.people(item.value)})
        if isinstance(item, Figure) and item.kind in MONEY:
            return replace(item, currency=self.currency)
        if isinstance(item, Toned):
            return replace(item, item=self.dressed(item.item))
        if isinstance(item, Joined):
            return replace(item, items=tuple(self.dressed(each) for each in item.items))
        if isinstance(item, Words):
            return replace(item, params={k: self.dressed(v) for k, v in item.params.items()})
        return item

    def figure(self, value: float | None, kind: FigureKind = "count") -> str:
        """Give a number as text."""
        return self.say(Figure(value, kind))

    def _people(self, item: Figure) -> Item:
        """Give a number of people as it is, or masked."""
        if item.value is not None and self.secret(round(item.value), item.group):
            return self.people(round(item.value), item.group)
        return Figure(item.value)

    def people(self, count: int, group: Group = (), kind: FigureKind = "count") -> str:
        """Give a number of people; a group too small to be told apart as ``<10``.

        `group` names it, where others could give it away.
        """
        if self.hidden(count):
            return f"<{self.mask_below}"
        return WITHHELD if group in self.withheld else self.figure(count, kind)

    def few(self, count: int, group: Group = ()) -> str:
        """Give a number of people for where there is little room: ``12.3K``, ``1.2万``."""
        return self.people(count, group, "rounded_count")

    def secret(self, count: int, group: Group) -> bool:
        """Tell whether a group is too small to be told apart, or would give one away."""
        return self.hidden(count) or group in self.withheld

    def hidden(self, count: int) -> bool:
        """Tell whether a group is too small to be told apart."""
        return 0 < count < self.mask_below

    def cell(self, count: int, group: Group, kind: FigureKind = "count") -> str:
        """Give a cell of a table of people, nothing where nobody is."""
        return self.people(count, group, kind) if count or group in self.withheld else ""

    def listed(self, items: Sequence[Item]) -> str:
        """Give items in one line."""
        return self.say(Joined(tuple(items), Words("report.list_separator")))


def masked(
    table: Table, sizes: Sequence[int], speaker: Speaker, groups: Sequence[Group] = ()
) -> Table:
    """Take the numbers out of rows of groups that are not to be told.

    `sizes` are the customers of each row, which stand in its second cell; `groups` name them.
    """

    def without(row: tuple[Item, ...], size: int, group: Group) -> tuple[Item, ...]:
        if not speaker.secret(size, group):
            return row
        words = ("" if isinstance(item, Figure) else item for item in row[2:])
        return (row[0], speaker.people(size, group), *words)

    named = groups or [()] * len(sizes)
    rows = tuple(without(*each) for each in zip(table.rows, sizes, named, strict=True))
    return replace(table, rows=rows)
