"""The page of a whole run: its first screen, and the gates and warnings on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custseg.chain.facts import ChainFacts, GateFacts
from custseg.cleanse.summary import CleanSummary, WarningSummary
from custseg.report.common import RunFacts
from custseg.report.html.chain_page import ChainParts, chain_page
from custseg.report.html.model import Page
from custseg.report.html.render import render_page
from custseg.report.html.speaker import Speaker
from custseg.report.xlsx.front import front_sheet
from custseg.report.xlsx.model import Sentences
from custseg.segment.summary import SegmentSummary

CLOCK = WarningSummary(key="chain.warn.clock", params={"day": "2026-08-31", "last": "2026-09-01"})
GATES = (
    GateFacts(gate="rows_conserved", passed=True, stops=True),
    GateFacts(
        gate="list_change", passed=False, stops=False, where="<b>vip</b>.csv", value=61.5, bound=30
    ),
    GateFacts(gate="segment_size", passed=False, stops=False, where="at_risk", value=80, bound=50),
)


@pytest.fixture
def page(clean_summary: CleanSummary, segment_summary: SegmentSummary, facts: RunFacts) -> Page:
    said = WarningSummary(key="chain.warn.clock", params={"day": "1", "last": "2"})
    people = replace(clean_summary, warnings=(said,))
    run = ChainFacts(name="2026-09-01", gates=GATES, warnings=(said, CLOCK))
    segments = replace(segment_summary, rfm=None)
    parts = ChainParts(people=(people, facts), segments=(segments, facts), facts=run)
    return chain_page(parts, "2026-09-01", Speaker("en"))


def test_the_first_screen_has_its_order(page: Page) -> None:
    assert [each.name for each in page.first] == ["changed", "look", "do", "quality", "mind"]
    assert {"left_off", "matched"} <= {each.name for each in page.more}


def test_gates_that_failed_without_stopping_are_told(page: Page) -> None:
    for language, words in (
        ("en", "&lt;b&gt;vip&lt;/b&gt;.csv: 61.5 % of the list changed, allowed are 30 %"),
        ("ja", "61.5%"),
    ):
        html = render_page(page, Speaker(language))
        mind = html[html.index('id="s-mind"') :]
        mind = mind[: mind.index("</section>")]
        assert words in mind
        assert "segment_size" in mind
        assert "rows_conserved" not in html
        # A warning that a step has given already is told once.
        assert mind.count("2026-08-31") == 1


def test_the_workbook_begins_with_the_same(page: Page) -> None:
    parts = [each for each in front_sheet(page).parts if isinstance(each, Sentences)]
    said = [Speaker("en").say(item) for each in parts if each.doubtful for _, item in each.rows]
    assert sum("(list_change)" in each for each in said) == 1
    assert sum("2026-08-31" in each for each in said) == 1


def test_a_run_whose_facts_are_of_another_version(
    clean_summary: CleanSummary, facts: RunFacts
) -> None:
    page = chain_page(ChainParts(people=(clean_summary, facts)), "2026-09-01", Speaker("en"))
    assert [each.name for each in page.first] == ["quality", "mind"]
