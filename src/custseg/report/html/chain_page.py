"""The page of a whole run: what its steps found, and what is to be minded of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from custseg.audience.summary import AudienceSummary
from custseg.chain.facts import ChainFacts
from custseg.cleanse.summary import CleanSummary, WarningSummary
from custseg.report.chain import failed_gates
from custseg.report.common import RunFacts, warnings
from custseg.report.html.basket_page import basket_page
from custseg.report.html.model import Page, Section
from custseg.report.html.page import (
    audience_page,
    clean_page,
    foot,
    section,
    segment_page,
    unlabelled,
)
from custseg.report.html.speaker import Speaker
from custseg.report.model import Block, Date, Item, Joined, Lines, Words
from custseg.segment.basket_summary import BasketSummary
from custseg.segment.summary import SegmentSummary

_FIRST: Final = ("changed", "look", "do", "quality", "mind")
"""What stands on the first screen, in this order; all else follows it."""

BASKETS: Final = "basket/"
"""Where the files of that step are, for who opens the page of the whole run."""

_MORE: Final = (
    *("actions", "left_off", "near", "matched", "offers", "next_offers", "together", "next"),
    "lists",
)
"""What follows, the widest last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainParts:
    """What the steps of a run found; None for a step it did not take.

    `facts` tell of its gates and warnings.
    """

    people: tuple[CleanSummary, RunFacts] | None = None
    segments: tuple[SegmentSummary, RunFacts] | None = None
    baskets: BasketSummary | None = None
    lists: AudienceSummary | None = None
    facts: ChainFacts | None = None

    @property
    def warnings(self) -> list[WarningSummary]:
        """What the steps warned of."""
        summaries = (
            self.people and self.people[0],
            self.segments and self.segments[0],
            self.baskets,
            self.lists,
        )
        return [each for summary in summaries if summary is not None for each in summary.warnings]


def chain_page(parts: ChainParts, name: str, speaker: Speaker) -> Page:
    """Build the page of a whole run: the segmentation's, with its lists and its customers' quality.

    `name` is the run's, which begins with its day.
    """
    pages = []
    if parts.segments is not None:
        pages.append(segment_page(*parts.segments, speaker))
    if parts.baskets is not None:
        pages.append(basket_page(parts.baskets, speaker, BASKETS))
    if parts.lists is not None:
        pages.append(audience_page(parts.lists))
    if parts.people is not None:
        pages.append(clean_page(*parts.people, speaker))
    head = pages[0]
    shown = [each for page in pages for each in page.first]
    if parts.facts is not None:
        shown = [*_to_mind(parts.facts, parts.warnings), *shown]
    joined = _joined([*shown, *(each for page in pages for each in page.more)])
    return Page(
        title=Words("html.run_title", {"name": _run_name(name)}),
        lead=head.lead,
        cards=head.cards,
        span=head.span,
        first=_ordered((each for each in joined if each.name in _FIRST), _FIRST),
        more=_ordered((each for each in joined if each.name not in _FIRST), _MORE),
        pictures=tuple(chart for page in pages for chart in page.pictures),
        details=_joined(each for page in pages for each in page.details),
        foot=foot(speaker),
    )


def _to_mind(facts: ChainFacts, said: Sequence[WarningSummary]) -> list[Section]:
    """Say which gates failed without stopping the run, and warn of what no step `said`."""
    rows: list[tuple[Item, Item]] = [("", each) for each in failed_gates(facts)]
    blocks: list[Block] = [Lines(tuple(rows), tone="doubtful")] if rows else []
    own = [each for each in facts.warnings if each not in said]
    return section("mind", [*blocks, *unlabelled(warnings(own))], "doubtful")


def _run_name(name: str) -> Item:
    """Give a run's name, its day in the reader's way: ``1 Sep 2026``, ``1 Sep 2026 (2)``."""
    day, _, number = name.partition(".")
    return Joined((Date(day), f" ({number})"), "") if number else Date(day)


def _ordered(sections: Iterable[Section], names: Sequence[str]) -> tuple[Section, ...]:
    """Give sections in the order of `names`; what is not named comes first."""
    places = {name: place for place, name in enumerate(names)}
    return tuple(sorted(sections, key=lambda each: places.get(each.name, -1)))


def _joined(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Put sections of the same name into one."""
    found: dict[str, Section] = {}
    for each in sections:
        known = found.get(each.name)
        blocks = _told_once(known.blocks, each.blocks) if known else each.blocks
        found[each.name] = replace(each, blocks=blocks)
    return tuple(found.values())


def _told_once(told: Sequence[Block], more: Sequence[Block]) -> tuple[Block, ...]:
    """Add blocks without the lines that stand there: two steps warn of the same orders."""
    known = [row for block in told if isinstance(block, Lines) for row in block.rows]
    added: list[Block] = list(told)
    for block in more:
        if not isinstance(block, Lines):
            added.append(block)
        elif rows := tuple(row for row in block.rows if row not in known):
            added.append(replace(block, rows=rows))
    return tuple(added)
