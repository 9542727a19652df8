"""What to do with the customers of each segment: custseg's own words, or the user's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from custseg.report.common import RunFacts
from custseg.report.model import Block, Column, Figure, Item, Lines, Table, Words
from custseg.report.segment_names import KNOWN_SEGMENTS, name_of
from custseg.segment.summary import ListSummary, SegmentsSummary, SegmentSummary

_ACTED_ON: Final = 3
"""Segments, and segments by rule, with an action on the first screen."""


class _Action(NamedTuple):
    """What to do with a segment, and its list."""

    segment: Item
    action: Item
    found: ListSummary


def of_segments(lists: Sequence[ListSummary], segments: SegmentsSummary) -> list[ListSummary]:
    """Give the lists of the named segments, without those made by rule."""
    files = {row.file for row in segments.rows}
    return [each for each in lists if each.file in files]


def first_actions(summary: SegmentSummary, facts: RunFacts) -> list[Block]:
    """Say what to do with the segments that hold most money, and with those by rule."""
    lines = [
        Words(
            "report.do_line",
            {
                "segment": each.segment,
                "action": each.action,
                "file": facts.list_file(each.found.file),
                "customers": _on_list(each.found),
            },
        )
        for each in (*_of_segments(summary)[:_ACTED_ON], *_of_rules(summary)[:_ACTED_ON])
    ]
    if not lines:
        return []
    return [Lines(tuple((Words("report.do_now") if not n else "", x) for n, x in enumerate(lines)))]


def all_actions(summary: SegmentSummary, facts: RunFacts) -> list[Block]:
    """Say what to do with every segment that has customers and a known action."""
    found = [*_of_segments(summary), *_of_rules(summary)]
    if not found:
        return []
    table = Table(
        columns=(
            Column(Words("report.segment")),
            Column(Words("xlsx.action")),
            Column(Words("xlsx.list")),
            Column(Words("xlsx.on_list"), right=True),
        ),
        rows=tuple(
            (each.segment, each.action, facts.list_file(each.found.file), _on_list(each.found))
            for each in found
        ),
    )
    return [table]


def _on_list(found: ListSummary) -> Figure:
    return Figure(found.customers, "people", group=("list", found.file))


def _of_segments(summary: SegmentSummary) -> list[_Action]:
    """Give the actions of named segments, of most money first."""
    if summary.segments is None:
        return []
    lists = {each.file: each for each in summary.lists}
    return [
        _Action(
            name_of(row.name), row.action or Words(f"segment.action.{row.name}"), lists[row.file]
        )
        for row in sorted(summary.segments.rows, key=lambda row: -row.money)
        if row.customers and row.file in lists and (row.action or row.name in KNOWN_SEGMENTS)
    ]


def _of_rules(summary: SegmentSummary) -> list[_Action]:
    """Give the actions of segments by rule, which are the user's own, in their order."""
    lists = {each.file: each for each in summary.lists}
    rows = summary.rules.rows if summary.rules is not None else ()
    return [
        _Action(row.name, row.action, lists[row.file])
        for row in rows
        if row.action and row.file in lists
    ]
