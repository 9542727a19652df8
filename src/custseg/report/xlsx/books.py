"""Workbooks of every kind of run: the first sheet from the page, a sheet for each subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from custseg.audience.summary import AudienceSummary
from custseg.cleanse.summary import CleanSummary
from custseg.measure.summary import MeasureSummary
from custseg.report.common import RunFacts
from custseg.report.html.basket_page import basket_page
from custseg.report.html.chain_page import BASKETS, ChainParts, chain_page
from custseg.report.html.page import audience_page, clean_page, plain_page, segment_page
from custseg.report.html.speaker import Speaker
from custseg.report.model import Lines, Report, Words
from custseg.report.xlsx.baskets import basket_sheets
from custseg.report.xlsx.behavior import buying_sheets
from custseg.report.xlsx.changes import layers_sheet, moves_sheet, orders_sheet
from custseg.report.xlsx.front import front_sheet
from custseg.report.xlsx.model import Book, Sheet
from custseg.report.xlsx.others import audience_sheets, measure_sheets
from custseg.report.xlsx.people import files_read, people_sheets
from custseg.report.xlsx.segments import (
    clusters_sheet,
    lists_sheet,
    personas_sheet,
    rules_sheet,
    segments_sheet,
)
from custseg.segment.basket_summary import BasketSummary
from custseg.segment.summary import SegmentSummary


def clean_book(summary: CleanSummary, facts: RunFacts, speaker: Speaker) -> Book:
    """Build the workbook of a cleansing run."""
    front = front_sheet(clean_page(summary, facts, speaker))
    return Book(title=front.title, sheets=(front, *people_sheets(summary, speaker)))


def segment_book(summary: SegmentSummary, facts: RunFacts, speaker: Speaker) -> Book:
    """Build the workbook of a segmentation."""
    front = front_sheet(segment_page(summary, facts, speaker), summary.kpis)
    sheets = (front, *_segment_sheets(summary, facts, speaker), files_read(summary.inputs))
    return Book(title=front.title, sheets=sheets)


def chain_book(parts: ChainParts, name: str, speaker: Speaker) -> Book:
    """Build the workbook of a whole run, its target lists among it."""
    kpis = parts.segments[0].kpis if parts.segments else None
    front = front_sheet(chain_page(parts, name, speaker), kpis)
    sheets = [front]
    if parts.segments is not None:
        sheets += _segment_sheets(*parts.segments, speaker)
    if parts.baskets is not None:
        sheets += basket_sheets(parts.baskets, speaker, BASKETS)
    if parts.lists is not None:
        sheets += audience_sheets(parts.lists)
    if parts.people is not None:
        sheets += people_sheets(parts.people[0], speaker)
    elif parts.segments is not None:
        sheets.append(files_read(parts.segments[0].inputs))
    return Book(title=front.title, sheets=tuple(sheets))


def audience_book(summary: AudienceSummary) -> Book:
    """Build the workbook of target lists."""
    front = front_sheet(audience_page(summary))
    sheets = (front, *audience_sheets(summary), files_read(summary.inputs))
    return Book(title=front.title, sheets=sheets)


def basket_book(summary: BasketSummary, speaker: Speaker) -> Book:
    """Build the workbook of what is bought together and next."""
    front = front_sheet(basket_page(summary, speaker))
    sheets = [front, *basket_sheets(summary, speaker)]
    if summary.orders.first_order and summary.orders.customers:
        sheets.append(orders_sheet(summary.orders))
    sheets.append(files_read(summary.inputs))
    return Book(title=front.title, sheets=tuple(sheets))


def measure_book(report: Report, summary: MeasureSummary, speaker: Speaker) -> Book:
    """Build the workbook of a measured campaign."""
    told = replace(report, blocks=tuple(each for each in report.blocks if isinstance(each, Lines)))
    front = front_sheet(plain_page(Words("html.measure_title"), told))
    return Book(title=front.title, sheets=(front, *measure_sheets(summary, speaker)))


def _segment_sheets(summary: SegmentSummary, facts: RunFacts, speaker: Speaker) -> Iterator[Sheet]:
    facts = facts.of_lists(each.file for each in summary.lists)
    if summary.segments is not None:
        yield segments_sheet(summary.segments, speaker)
    if summary.lists:
        yield lists_sheet(summary.lists, facts)
    if summary.migration is not None:
        yield moves_sheet(summary.migration, speaker)
    if summary.layers is not None and summary.layers.rows:
        yield layers_sheet(summary.layers, speaker)
    if summary.personas is not None and summary.personas.tables:
        yield personas_sheet(summary.personas, speaker)
    yield from buying_sheets(summary.rfm, summary.tables, summary.forecast, speaker)
    if summary.clusters is not None:
        yield clusters_sheet(summary.clusters, speaker)
    if summary.rules is not None and summary.rules.rows:
        yield rules_sheet(summary.rules, speaker)
    if summary.orders is not None:
        yield orders_sheet(summary.orders)
