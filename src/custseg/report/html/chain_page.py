"""The page of a whole run: what its steps found, and what is to be minded of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from custseg.audience.summary import AudienceSummary
from custseg.chain.facts import ChainFacts
from custseg.cleanse.summary import CleanSummary, WarningSummary
from custseg.report.chain import failed_gates
from custseg.report.common import RunFacts, warnings
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
from custseg.segment.summary import SegmentSummary

_FIRST: Final = ("changed", "look", "do", "quality", "mind")
"""What stands on the first screen, in this order; all else follows it."""

_MORE: Final = ("left_off", "near", "matched", "lists")
"""What follows, the widest last."""


def chain_page(
    people: tuple[CleanSummary, RunFacts] | None,
    segments: tuple[SegmentSummary, RunFacts] | None,
    lists: AudienceSummary | None,
    name: str,
    speaker: Speaker,
    facts: ChainFacts | None = None,
) -> Page:
    """Build the page of a whole run: the segmentation's, with its lists and its customers' quality.

    `name` is the run's, which begins with its day; `facts` tell of its gates and warnings.
    """
    pages = []
    if segments is not None:
        pages.append(segment_page(*segments, speaker))
    if lists is not None:
        pages.append(audience_page(lists))
    if people is not None:
        pages.append(clean_page(*people, speaker))
    head = pages[0]
    shown = [each for page in pages for each in page.first]
    if facts is not None:
        summaries = (people and people[0], segments and segments[0], lists)
        said = [each for summary in summaries if summary is not None for each in summary.warnings]
        shown = [*_to_mind(facts, said), *shown]
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
        blocks = (*known.blocks, *each.blocks) if known else each.blocks
        found[each.name] = replace(each, blocks=blocks)
    return tuple(found.values())
