"""What stands in a report has words in every language, and says how many in good grammar."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, pairwise

import pytest

from custseg.cleanse.match.blocking import KEYS, SUBDIVIDE
from custseg.cleanse.match.kinds import KINDS
from custseg.cleanse.match.levels import LEVELS
from custseg.cleanse.summary import CleanSummary, MatchingSummary, WarningSummary, ZoneSummary
from custseg.fields.registry import roles
from custseg.messages import LANGUAGES, catalog
from custseg.report import Report, render
from custseg.report.clean import clean_report
from custseg.report.common import KEY_PARTS, RunFacts, key_name
from custseg.report.model import Counted
from custseg.report.segment import segment_report
from custseg.report.words import say
from custseg.segment.summary import SegmentSummary


def rendered(report: Report, language: str = "en") -> str:
    out = io.StringIO()
    render(report, out, language=language, style="text")
    return " ".join(out.getvalue().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_and_kind_of_pair_has_words(language: str) -> None:
    names = {
        *(f"match.level.{level}" for level in chain(*LEVELS.values())),
        *(f"match.kind.{kind.name}" for kind in KINDS),
        *(f"match.key.{part}" for part in KEY_PARTS),
    }
    known = {key for key in catalog(language) if key.split(".")[1] in ("level", "kind", "key")}
    assert names == {key for key in known if key.startswith("match.")}


def test_every_part_of_a_key_has_words() -> None:
    parts = {part.replace(" ", "_") for part in chain(*KEYS, SUBDIVIDE)}
    assert parts <= KEY_PARTS | roles().keys()


@pytest.mark.parametrize(
    ("key", "english", "japanese"),
    [
        ("birth_date + family prefix", "date of birth + family start",
         "生年月日 + 姓の初め"),
        ("email 2", "e-mail address", "メールアドレス"),
        ("色 2 + family", "色 2 + family name", "色 2 + 姓"),
        ("好きな色 + city", "好きな色 + city", "好きな色 + 市区町村"),
    ],
)  # fmt: skip
def test_keys_are_named(key: str, english: str, japanese: str) -> None:
    assert [say(key_name(key), language) for language in ("en", "ja")] == [english, japanese]


def test_one_of_a_kind_is_singular() -> None:
    whats = {key.split(".")[2] for key in catalog("en") if key.startswith("report.count.")}
    for what in whats:
        one, many = (say(Counted(count, what), "en") for count in (1, 2))
        assert many == (one.replace("1", "2") + "s").replace("ys", "ies")


def test_no_plural_of_one(clean_summary: CleanSummary, facts: RunFacts) -> None:
    table = replace(clean_summary.inputs[0], rows=1, columns=1, quarantined=1)
    zones = (ZoneSummary(zone="certain", links=1, probability=0.99),)
    matching = MatchingSummary(
        records=1, customers=1, customers_with_several=0, compared_pairs=0,
        household_pairs_kept_apart=1, zones=zones,
    )  # fmt: skip
    warned = (
        WarningSummary(
            key="match.placeholders",
            params={"columns": "phone, phone_2", "values": 1, "records": 1},
        ),
        WarningSummary(key="match.oversize", params={"count": 1, "largest": 1}),
        WarningSummary(
            key="match.skipped_blocks",
            params={"blocks": 1, "key": "birth_date + family prefix", "records": 1},
        ),
        WarningSummary(key="segment.warn.small", params={"number": 1}),
        WarningSummary(key="segment.warn.ambiguous_ids", params={"ids": 1}),
        WarningSummary(key="segment.warn.unknown", params={"orders": 1, "customers": 1}),
        WarningSummary(key="segment.warn.no_clusters", params={"customers": 1}),
    )
    summary = replace(clean_summary, inputs=(table,), matching=matching, warnings=warned)
    said = rendered(clean_report(summary, facts)).split()
    after_one = {word for one, word in pairwise(said) if one == "1"}
    assert not {word for word in after_one if word.isalpha() and word.endswith("s")}
    assert "family start" in " ".join(said)
    assert "Values of phone number that" in " ".join(said)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (2, "review.csv Quality"),
        (14, "review.csv Quality"),
        (15, "review.csv, about 5 minutes"),
        (212, "review.csv, about 20 minutes"),
        (6_000, "review.csv, about 600 minutes"),
        (12_000, "review.csv, about 20 hours"),
    ],
)
def test_time_for_review(
    pairs: int, expected: str, clean_summary: CleanSummary, facts: RunFacts
) -> None:
    assert clean_summary.matching is not None
    zones = (ZoneSummary(zone="review", links=pairs, probability=0.5),)
    matching = replace(
        clean_summary.matching,
        zones=zones,
        household_pairs_kept_apart=0,
        evidence=(),
        weights=(),
    )
    said = rendered(clean_report(replace(clean_summary, matching=matching), facts))
    assert expected in said


def test_names_of_usual_roles_are_not_cut(clean_summary: CleanSummary, facts: RunFacts) -> None:
    block = replace(clean_summary.columns[1], role="block")
    summary = replace(clean_summary, columns=(block, *clean_summary.columns))
    assert "block or house number" in rendered(clean_report(summary, facts))


def test_the_next_command_can_be_left_out(clean_summary: CleanSummary, facts: RunFacts) -> None:
    assert "Next custseg segment" in rendered(clean_report(clean_summary, facts))
    without = rendered(clean_report(clean_summary, facts, show_next=False))
    assert "Next" not in without
    assert without.endswith("march run")


def without_refusals(summary: SegmentSummary) -> SegmentSummary:
    lists = tuple(replace(each, declined=0, blanked=0) for each in summary.lists)
    return replace(summary, lists=lists)


def many_refusals(summary: SegmentSummary) -> SegmentSummary:
    lists = tuple(
        replace(each, declined=count, blanked=0)
        for count, each in enumerate(summary.lists, start=1)
    )
    return replace(summary, lists=lists)


def with_a_rule_of_the_same_name(summary: SegmentSummary) -> SegmentSummary:
    rule = replace(summary.lists[0], file="rules/at_risk", declined=500, blanked=500)
    return replace(summary, lists=(*summary.lists, rule))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (without_refusals, None),
        (
            many_refusals,
            "Left off 10 who declined contact: 夏のお客様 4 of 6,350, new customers 3 of 56, "
            "champions 2 of 5,073, and 1 more Clusters",
        ),
        (
            with_a_rule_of_the_same_name,
            "Left off 62 who declined contact: at risk 31 of 4,940, new customers 31 of 84 "
            "28 on the lists declined one channel; it is empty there Clusters",
        ),
    ],
)
def test_who_declined_is_told(
    change: Callable[[SegmentSummary], SegmentSummary],
    expected: str | None,
    segment_summary: SegmentSummary,
    facts: RunFacts,
) -> None:
    said = rendered(segment_report(change(segment_summary), facts))
    assert ("Left off" in said) == (expected is not None)
    assert expected is None or expected in said


def test_names_of_segments_are_not_cut(segment_summary: SegmentSummary, facts: RunFacts) -> None:
    assert segment_summary.segments is not None
    longest, *others = segment_summary.segments.rows
    rows = (replace(longest, name="potential_loyalists", recency_days=1_234), *others)
    summary = replace(segment_summary, segments=replace(segment_summary.segments, rows=rows))
    assert "potential loyalists 4,940" in rendered(segment_report(summary, facts))


def test_small_segments_are_marked(segment_summary: SegmentSummary, facts: RunFacts) -> None:
    said = rendered(segment_report(segment_summary, facts))
    assert "new customers * 84" in said
    assert said.count("*") == 1
