"""The report of a run as one HTML file, built from the run's folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from custseg.audience.summary import AudienceSummary
from custseg.cleanse.summary import CleanSummary
from custseg.errors import InputError
from custseg.jobs.chain_place import facts_of
from custseg.jobs.report import report, run_facts
from custseg.jobs.stored import read_summary
from custseg.report.common import RunFacts
from custseg.report.groups import withheld_groups
from custseg.report.html.basket_page import basket_page
from custseg.report.html.chain_page import ChainParts, chain_page
from custseg.report.html.page import (
    audience_page,
    clean_page,
    plain_page,
    segment_page,
)
from custseg.report.html.render import render_page
from custseg.report.html.speaker import Speaker
from custseg.report.model import Words
from custseg.segment.basket_summary import BasketSummary
from custseg.segment.summary import SegmentSummary
from custseg.tables import RunFolder, read_manifest

_Summary = TypeVar("_Summary")

REPORT = "report.html"
CLEANED = ("clean", "dedupe", "standardize")
SEGMENTED = ("segment", "rfm", "cluster")


def html_of(run: str | Path, language: str, mask_below: int = 10) -> str:
    """Give the page of a run.

    Raises
    ------
    InputError
        If the folder is no run, or one without a page.
    """
    folder = Path(run)
    command = read_manifest(folder).command
    if command == "run":
        return html_of_parts(folder, folder.resolve().name, language, mask_below)
    if command in CLEANED:
        summary, facts = people_in(folder)
        return html_of_people(summary, facts, language, mask_below)
    if command in SEGMENTED:
        found, facts = segments_in(folder)
        return html_of_segments(found, facts, language, mask_below)
    if command == "audience":
        lists = read_summary(folder, AudienceSummary)
        speaker = speaker_for(language, mask_below, lists=lists)
        return render_page(audience_page(lists), speaker)
    if command == "measure":
        speaker = Speaker(language, mask_below=mask_below)
        page = plain_page(Words("html.measure_title"), report(folder))
        return render_page(page, speaker)
    if command == "basket":
        return html_of_baskets(read_summary(folder, BasketSummary), language, mask_below)
    raise InputError("report.unknown_run", path=str(run), command=command)


def html_of_people(summary: CleanSummary, facts: RunFacts, language: str, mask_below: int) -> str:
    """Give the page of a cleansing run."""
    speaker = speaker_for(language, mask_below, people=summary)
    return render_page(clean_page(summary, facts, speaker), speaker)


def html_of_segments(
    summary: SegmentSummary, facts: RunFacts, language: str, mask_below: int
) -> str:
    """Give the page of a segmentation."""
    speaker = speaker_for(language, mask_below, segments=summary)
    return render_page(segment_page(summary, facts, speaker), speaker)


def html_of_baskets(summary: BasketSummary, language: str, mask_below: int) -> str:
    """Give the page of what is bought together."""
    speaker = Speaker(language, summary.orders.currency, mask_below)
    return render_page(basket_page(summary, speaker), speaker)


def html_of_parts(folder: Path, name: str, language: str, mask_below: int) -> str:
    """Give the one page of a run of the chain, whose steps stand in `folder`."""
    parts = parts_in(folder)
    speaker = speaker_of_run(parts, language, mask_below)
    return render_page(chain_page(parts, name, speaker), speaker)


def speaker_for(
    language: str,
    mask_below: int,
    *,
    people: CleanSummary | None = None,
    segments: SegmentSummary | None = None,
    lists: AudienceSummary | None = None,
) -> Speaker:
    """Give who says the numbers of a page or workbook of these; small groups are not told."""
    withheld = withheld_groups(
        mask_below, segments=segments, lists=lists, regions=people.regions if people else None
    )
    return Speaker(language, segments.currency if segments else "", mask_below, withheld)


def speaker_of_run(parts: ChainParts, language: str, mask_below: int) -> Speaker:
    """Give who says the numbers of a whole run."""
    return speaker_for(
        language,
        mask_below,
        people=parts.people and parts.people[0],
        segments=parts.segments and parts.segments[0],
        lists=parts.lists,
    )


def parts_in(folder: Path) -> ChainParts:
    """Read the summaries of the steps of a run of the chain."""
    clean, segment, basket, audience = (
        step if (step := folder / name).is_dir() else None
        for name in ("clean", "segment", "basket", "audience")
    )
    return ChainParts(
        people=_from(people_in(clean), "clean/") if clean else None,
        segments=_from(segments_in(segment), "segment/") if segment else None,
        baskets=read_summary(basket, BasketSummary) if basket else None,
        lists=read_summary(audience, AudienceSummary) if audience else None,
        facts=facts_of(folder),
    )


def _from(found: tuple[_Summary, RunFacts], inside: str) -> tuple[_Summary, RunFacts]:
    """Name the files of a step as who opens the page of the whole run finds them."""
    return found[0], replace(found[1], inside=inside)


def facts_so_far(folder: RunFolder) -> RunFacts:
    """Give what a page says of the run that is being written in `folder`."""
    return RunFacts(
        folder="",
        inputs=(),
        seconds=0.0,
        peak_memory=0,
        files=frozenset(each.name for each in folder.outputs),
    )


def people_in(folder: Path) -> tuple[CleanSummary, RunFacts]:
    """Read the summary of a cleansing run."""
    return read_summary(folder, CleanSummary), run_facts(folder)


def segments_in(folder: Path) -> tuple[SegmentSummary, RunFacts]:
    """Read the summary of a segmentation."""
    return read_summary(folder, SegmentSummary), run_facts(folder)
