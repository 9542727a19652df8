"""A page as data: key figures, sections of blocks and pictures."""

from __future__ import annotations

from dataclasses import dataclass

from custseg.report.model import Block, Item, Table, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A key figure: what it is, its value, and what stands beside it."""

    label: Item
    value: Item
    notes: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture with its title, what it says in a sentence, and its numbers as a table.

    `svg` is drawn for the language of the page.
    """

    title: Item
    about: Item
    svg: str
    numbers: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page; `plain` ones stand side by side where there is room."""

    name: str
    title: Item
    blocks: tuple[Block, ...]
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: `first` stands on the first screen, `more` above `pictures`, `details` below them.

    `span` says of which days the cards are.
    """

    title: Item
    lead: tuple[Item, ...]
    cards: tuple[Card, ...] = ()
    span: Item = ""
    first: tuple[Section, ...] = ()
    more: tuple[Section, ...] = ()
    pictures: tuple[Chart, ...] = ()
    details: tuple[Section, ...] = ()
    foot: Item = ""
