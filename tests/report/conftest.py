"""Summaries as runs give them, small enough to read."""

from __future__ import annotations

import pytest

from custseg.cleanse.summary import (
    CleanSummary,
    ColumnSummary,
    FieldWeight,
    InputSummary,
    MatchingSummary,
    QualitySummary,
    WarningSummary,
    ZoneSummary,
)
from custseg.report.common import RunFacts
from custseg.segment.kpis import KpiRow, KpiSummary
from custseg.segment.migration import Migration, MigrationSummary, MoveRow
from custseg.segment.personas import PersonasSummary, PersonaTable
from custseg.segment.problem_layers import LayerRow, LayersSummary
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
            weights=(
                FieldWeight(field="phone", same=12.3, different=-2.0),
                FieldWeight(field="given_name", same=7.1, different=-8.4),
                FieldWeight(field="店舗", same=1.5, different=-0.2),
            ),
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


def _kpis() -> KpiSummary:
    return KpiSummary(
        days=90,
        first_day="2026-08-03",
        last_day="2026-10-31",
        previous_first_day="2026-05-05",
        previous_last_day="2026-08-02",
        last_run="2026-10-01",
        rows=(
            KpiRow(name="customers", unit="count", value=12_001.0, previous=11_000.0),
            KpiRow(name="money", unit="money", value=3.1e8, previous=2.9e8, goal=3e8, met=True),
            KpiRow(
                name="average_order", unit="money", value=9_924.24, previous=9e3, last_run=10_180.5
            ),
            KpiRow(
                name="repeat_rate",
                unit="share",
                value=0.382,
                previous=0.39,
                last_run=0.371,
                goal=0.4,
                met=False,
            ),
            KpiRow(name="retention", unit="share", value=None),
        ),
    )


def _migration() -> MigrationSummary:
    return MigrationSummary(
        first_day="2026-10-01",
        last_day="2026-11-01",
        between="runs",
        table=Migration(
            segments=("champions", "at_risk", "夏のお客様"),
            customers=((4_900, 61, 0), (20, 4_507, 0), (100, 287, 6_000)),
            money=((4e8, 3e6, 0.0), (1e6, 9e7, 0.0), (1e7, 2e7, 3e8)),
            new_customers=(82, 85, 377),
            new_money=(1e6, 1e6, 1e6),
            gone_customers=(5, 0, 0),
        ),
        moves=(
            MoveRow(
                before="夏のお客様",
                after="at_risk",
                customers=287,
                yearly_money=31e6,
                direction="down",
            ),
            MoveRow(
                before="champions",
                after="at_risk",
                customers=61,
                yearly_money=10e6,
                direction="down",
            ),
            MoveRow(
                before="at_risk",
                after="champions",
                customers=20,
                yearly_money=1e6,
                direction="up",
            ),
            MoveRow(
                before="夏のお客様",
                after="champions",
                customers=100,
                yearly_money=9e6,
                direction="level",
            ),
        ),
    )


def _layers() -> LayersSummary:
    changes = {"p_adjusted": 0.001, "people_before": 1_310, "people_now": 1_204}
    return LayersSummary(
        days=90,
        dimensions=("gender", "age_band", "prefecture", "first_channel"),
        tested=812,
        rows=(
            LayerRow(
                measure="repeat_rate",
                group={"gender": "female", "age_band": "30-39", "prefecture": "大阪府"},
                before=0.41,
                now=0.33,
                low=-0.109,
                high=-0.052,
                money=2_104_400,
                **changes,
            ),
            LayerRow(
                measure="average_order",
                group={"age_band": "<20", "first_channel": "Web"},
                before=9_200.4,
                now=7_100.6,
                low=-3_100,
                high=-1_100.2,
                **{"money": 804_000, **changes},
            ),
            LayerRow(
                measure="new_customers",
                group={"age_band": "80+"},
                before=310,
                now=180,
                low=-173.4,
                high=-86.6,
                money=300_000,
                **changes,
            ),
        ),
    )


def _personas() -> PersonasSummary:
    return PersonasSummary(
        segments=("champions", "at_risk"),
        tested=4,
        tables=(
            PersonaTable(
                attribute="favorite_category",
                levels=("tea", "茶器"),
                customers=((3_000, 900), (1_000, 3_000)),
                ratios=((1.5, 0.4), (0.4, 1.4)),
                residuals=((40.0, -40.0), (-40.0, 40.0)),
                stands_out=((1, -1), (-1, 1)),
                small=((False, False), (False, False)),
                unknown=12,
            ),
        ),
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
            currency="JPY",
        ),
        kpis=_kpis(),
        migration=_migration(),
        layers=_layers(),
        personas=_personas(),
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
