"""Summaries as runs give them, small enough to read."""

from __future__ import annotations

import pytest

from custseg.cleanse.summary import (
    CleanSummary,
    ColumnSummary,
    InputSummary,
    MatchingSummary,
    QualitySummary,
    WarningSummary,
    ZoneSummary,
)
from custseg.report.common import RunFacts
from custseg.segment.summary import (
    ClusterRow,
    ClustersSummary,
    ExclusionSummary,
    ListSummary,
    MeasureSummary,
    OrdersSummary,
    RfmSummary,
    SegmentRow,
    SegmentsSummary,
    SegmentSummary,
    TraitSummary,
)


@pytest.fixture
def facts() -> RunFacts:
    return RunFacts(
        folder="march run",
        inputs=("店舗.csv", "web.csv"),
        seconds=14.21,
        peak_memory=480_000_000,
        files=frozenset(
            {
                *("changes.parquet", "changes.old.csv", "review.csv", "segments/champions.csv"),
                *("segments/at_risk.csv", "segments/夏のお客様.csv"),
            }
        ),
    )


def _input(name: str, encoding: str | None, rows: int, quarantined: int) -> InputSummary:
    return InputSummary(
        name=name,
        format="csv" if encoding else "parquet",
        encoding=encoding,
        rows=rows,
        columns=10,
        quarantined=quarantined,
    )


def _column(
    column: str,
    role: str,
    shares: tuple[float, float, float],
    source: str = "店舗.csv",
    parsed: float | None = None,
) -> ColumnSummary:
    changed, doubtful, empty = shares
    return ColumnSummary(
        source=source,
        column=column,
        role=role,
        changed=changed,
        doubtful=doubtful,
        empty=empty,
        parsed=parsed,
    )


@pytest.fixture
def clean_summary() -> CleanSummary:
    return CleanSummary(
        command="clean",
        inputs=(_input("店舗.csv", "cp932", 51_204, 3), _input("web.csv", None, 48_790, 0)),
        columns=(
            _column("氏名", "person_name", (0.061, 0.002, 0.0)),
            _column("電話番号（ご自宅または携帯電話）", "phone", (0.418, 0.0711, 0.064)),
            _column("住所", "address", (0.38, 0.007, 0.031), parsed=0.991),
            _column("Date of birth", "birth_date", (0.224, 0.003, 0.11), source="web.csv"),
        ),
        matching=MatchingSummary(
            records=99_994,
            customers=70_012,
            customers_with_several=19_533,
            compared_pairs=1_204_312,
            household_pairs_kept_apart=4_380,
            zones=(
                ZoneSummary(zone="certain", links=29_101, probability=0.99),
                ZoneSummary(zone="likely", links=1_744, probability=0.9),
                ZoneSummary(zone="review", links=212, probability=0.5),
            ),
            evidence=("店舗", "birth place"),
        ),
        quality=QualitySummary(
            before=71.2, after=93.4, by_role={"email": (88.0, 97.0), "address": (64.0, 94.0)}
        ),
        warnings=(WarningSummary(key="engine.memory", params={"limit": "4GB"}),),
        country="JP",
        country_guessed=True,
    )


def _segment(
    name: str, customers: int, money: float, recency: float, action: str = ""
) -> SegmentRow:
    return SegmentRow(
        name=name,
        file=name,
        customers=customers,
        share=customers / 41_330,
        orders=3 * customers,
        money=money,
        money_share=money / 1_204_882_310,
        recency_days=recency,
        frequency=3.1,
        monetary=money / customers if customers else 0.0,
        small=customers < 101,
        action=action,
    )


def _cluster(number: int, customers: int, traits: tuple[TraitSummary, ...]) -> ClusterRow:
    return ClusterRow(
        number=number,
        name="",
        traits=traits,
        customers=customers,
        share=customers / 41_330,
        money=1e8 * number,
        money_share=0.1 * number,
        medians={},
        indexes={},
        small=False,
    )


@pytest.fixture
def segment_summary() -> SegmentSummary:
    rows = (
        _segment("at_risk", 4_940, 96_800_000, 152),
        _segment("champions", 5_102, 512_100_000, 9),
        _segment("new", 84, 410_000, 3),
        _segment("lost", 0, 0, 0),
        _segment("夏のお客様", 6_377, 301_400_000, 31, action="葉書を送る"),
    )
    high, low = (
        TraitSummary(feature=feature, direction=direction, distance=1.5)
        for feature, direction in (("monetary", "high"), ("frequency", "low"))
    )
    return SegmentSummary(
        command="segment",
        inputs=(_input("orders.csv", "utf-8", 300_112, 0),),
        orders=OrdersSummary(
            rows=300_112,
            rows_used=294_091,
            money=1_223_086_410,
            money_used=1_204_882_310,
            excluded=(
                ExclusionSummary(reason="cancelled", rows=4_410, money=17_000_000),
                ExclusionSummary(reason="no_customer", rows=1_611, money=1_204_100),
            ),
            orders=121_408,
            customers=41_330,
            first_order="2025-10-01",
            last_order="2026-10-31",
            as_of="2026-11-01",
            as_of_given=False,
            one_time_customers=25_542,
            repeat_rate=0.382,
            average_order=9_924.24,
        ),
        rfm=RfmSummary(
            method="quantile",
            bins=5,
            best=5,
            measures=(
                MeasureSummary(
                    name="recency_days",
                    mean=90,
                    median=70,
                    least=1,
                    most=396,
                    cuts=(20, 60.5, 120, 240),
                ),
            ),
            customers=(),
            money=(),
        ),
        segments=SegmentsSummary(map="default", rows=rows),
        clusters=ClustersSummary(
            k=2,
            reason="knee",
            knee=2,
            features=(),
            transform="log1p",
            trials=(),
            rows=(_cluster(1, 30_000, (high, low)), _cluster(2, 11_330, ())),
        ),
        lists=tuple(
            ListSummary(
                segment=row.name,
                file=row.file,
                customers=row.customers - 31,
                declined=31 if row.customers < 5_000 else 0,
                blanked=7,
            )
            for row in rows
            if row.customers
        ),
    )
