"""The report of a run as an Excel workbook, built from the run's folder."""

from __future__ import annotations

from pathlib import Path

from custseg.audience.summary import AudienceSummary
from custseg.cleanse.summary import CleanSummary
from custseg.errors import InputError
from custseg.jobs.html import (
    CLEANED,
    SEGMENTED,
    parts_in,
    people_in,
    segments_in,
    speaker_for,
    speaker_of_run,
)
from custseg.jobs.report import report
from custseg.jobs.stored import read_summary
from custseg.measure.summary import MeasureSummary
from custseg.report.common import RunFacts
from custseg.report.html.speaker import Speaker
from custseg.report.xlsx.books import (
    audience_book,
    basket_book,
    chain_book,
    clean_book,
    measure_book,
    segment_book,
)
from custseg.report.xlsx.write import write_book
from custseg.segment.basket_summary import BasketSummary
from custseg.segment.summary import SegmentSummary
from custseg.tables import read_manifest


def xlsx_of(run: str | Path, language: str, mask_below: int = 10) -> bytes:
    """Give the workbook of a run of any command that has a report.

    Raises
    ------
    InputError
        If the folder is no run, or one without a report.
    """
    folder = Path(run)
    command = read_manifest(folder).command
    if command == "run":
        return xlsx_of_parts(folder, folder.resolve().name, language, mask_below)
    if command in CLEANED:
        return xlsx_of_people(*people_in(folder), language, mask_below)
    if command in SEGMENTED:
        return xlsx_of_segments(*segments_in(folder), language, mask_below)
    speaker = Speaker(language, mask_below=mask_below)
    if command == "audience":
        found = read_summary(folder, AudienceSummary)
        return write_book(audience_book(found), speaker_for(language, mask_below, lists=found))
    if command == "measure":
        measured = read_summary(folder, MeasureSummary)
        return write_book(measure_book(report(run), measured, speaker), speaker)
    if command == "basket":
        baskets = read_summary(folder, BasketSummary)
        speaker = Speaker(language, baskets.orders.currency, mask_below)
        return write_book(basket_book(baskets, speaker), speaker)
    raise InputError("report.unknown_run", path=str(run), command=command)


def xlsx_of_people(summary: CleanSummary, facts: RunFacts, language: str, mask_below: int) -> bytes:
    """Give the workbook of a cleansing run."""
    speaker = speaker_for(language, mask_below, people=summary)
    return write_book(clean_book(summary, facts, speaker), speaker)


def xlsx_of_segments(
    summary: SegmentSummary, facts: RunFacts, language: str, mask_below: int
) -> bytes:
    """Give the workbook of a segmentation."""
    speaker = speaker_for(language, mask_below, segments=summary)
    return write_book(segment_book(summary, facts, speaker), speaker)


def xlsx_of_parts(folder: Path, name: str, language: str, mask_below: int) -> bytes:
    """Give the one workbook of a run of the chain, whose steps stand in `folder`."""
    parts = parts_in(folder)
    speaker = speaker_of_run(parts, language, mask_below)
    return write_book(chain_book(parts, name, speaker), speaker)
