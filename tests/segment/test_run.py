from __future__ import annotations

import json
from decimal import Decimal
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pytest

from custseg.engine import Engine
from custseg.errors import InputError
from custseg.messages import catalog
from custseg.segment.clusters import ClusterSettings
from custseg.segment.lines import REASONS
from custseg.segment.maps import ALL_CODES, BUILT_IN, DEFAULT, segment_map
from custseg.segment.model import SegmentModel
from custseg.segment.orders import Orders, plain_money, read_orders
from custseg.segment.rfm import MEASURES, RfmSettings
from custseg.segment.run import Plan, Segmentation, segment_customers
from custseg.segment.summary import SegmentSummary

PLAN = Plan(
    rfm=RfmSettings(),
    map=segment_map(DEFAULT.items()),
    map_name="default",
    clusters=ClusterSettings(k=4),
    actions=MappingProxyType({"new": "Say hello."}),
)


@pytest.fixture(scope="module")
def made(engine: Engine, retail: Orders) -> Segmentation:
    return segment_customers(retail, PLAN)


def test_everyone_is_scored_named_and_clustered_and_the_parts_add_up(
    made: Segmentation, retail: Orders
) -> None:
    assert made.rfm is not None
    assert made.segments is not None
    assert made.clusters is not None
    assert made.scores.num_rows == 4_338
    assert made.scores["customer_id"].to_pylist() == sorted(made.scores["customer_id"].to_pylist())
    money = float(retail.money_used)
    for customers, spent in (
        ([row.customers for row in made.segments.rows], [row.money for row in made.segments.rows]),
        ([row.customers for row in made.clusters.rows], [row.money for row in made.clusters.rows]),
        (np.ravel(made.rfm.customers), np.ravel(made.rfm.money)),
    ):
        assert sum(customers) == 4_338
        assert sum(spent) == pytest.approx(money)
    assert np.sum(made.clusters.cross) == 4_338
    assert np.sum(made.clusters.cross, axis=1).tolist() == [
        row.customers for row in made.segments.rows
    ]
    assert np.sum(made.rfm.customers, axis=0).tolist() == [1493, 835, 508, 802, 700]
    assert {row.name: row.action for row in made.segments.rows}["new"] == "Say hello."


def test_small_segments_are_named_in_a_warning(made: Segmentation) -> None:
    assert made.segments is not None
    small = [row.name for row in made.segments.rows if row.customers < 101]
    assert [row.name for row in made.segments.rows if row.small] == small
    assert [warning.params for warning in made.warnings] == [{"number": len(small)}]


def test_the_saved_model_gives_its_own_customers_the_same_labels(
    engine: Engine, retail: Orders, made: Segmentation
) -> None:
    saved = SegmentModel.from_dict(json.loads(json.dumps(made.model.to_dict())))
    again = segment_customers(retail, PLAN, saved=saved)
    assert again.scores.equals(made.scores)
    assert again.clusters is not None
    assert again.clusters.reason == "model"
    assert set(again.clusters.drift.values()) == {0.0}


def test_drift_of_other_customers_is_a_warning(
    engine: Engine, retail: Orders, made: Segmentation, retail_lines: pa.Table,
    retail_columns: dict[str, str],
) -> None:  # fmt: skip
    early = read_orders(engine, retail_lines.slice(0, 60_000), retail_columns)
    found = segment_customers(early, PLAN, saved=made.model)
    drifted = {item.params["feature"] for item in found.warnings if "drift" in item.key}
    assert "recency_days" in drifted


def test_a_model_without_clusters_is_refused_where_clusters_are_the_point(
    engine: Engine, retail: Orders
) -> None:
    scored = segment_customers(retail, Plan(rfm=RfmSettings()))
    wanted = Plan(clusters=ClusterSettings(), clusters_needed=True)
    with pytest.raises(InputError) as caught:
        segment_customers(retail, wanted, saved=scored.model)
    assert caught.value.key == "segment.model_without"


@pytest.mark.parametrize("text", ['{"version": 99}', "{}", '{"version": 1, "rfm": 3}', "[]"])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        SegmentModel.from_dict(json.loads(text))


def test_few_customers_make_scores_without_clusters_and_a_warning(engine: Engine) -> None:
    lines = pa.table(
        {"who": ["a", "b"], "day": ["2024-01-01", "2024-01-02"], "money": ["1.50", "3"]}
    )
    columns = {"customer_id": "who", "order_date": "day", "amount": "money"}
    found = segment_customers(read_orders(engine, lines, columns), PLAN_AUTO)
    assert found.clusters is None
    assert [warning.key for warning in found.warnings] == [
        "segment.warn.small",
        "segment.warn.no_clusters",
    ]
    assert found.scores["monetary"].to_pylist() == [Decimal("1.50"), Decimal("3.00")]


PLAN_AUTO = Plan(rfm=RfmSettings(), map=segment_map(DEFAULT.items()), clusters=ClusterSettings())


@pytest.mark.parametrize(
    ("amounts", "places"), [(["1", "200"], 0), (["1.5", "2"], 2), (["1.125"], 4)]
)
def test_money_is_written_with_as_few_places_as_hold_it(amounts: list[str], places: int) -> None:
    column = pa.chunked_array([pa.array(map(Decimal, amounts), pa.decimal128(38, 4))])
    plain = plain_money(column)
    assert plain.type == pa.decimal128(38, places)
    assert plain.to_pylist() == column.to_pylist()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_segment_reason_and_trait_has_words(language: str) -> None:
    words = catalog(language)
    names = {name for map_ in BUILT_IN.values() for name in map_.values()}
    assert names == set(ALL_CODES.values())
    needed = [f"segment.{kind}.{name}" for name in names for kind in ("name", "action")]
    needed += [f"segment.excluded.{reason}" for reason in REASONS]
    needed += [f"segment.trait.{name}.{way}" for name in MEASURES for way in ("high", "low")]
    assert [key for key in needed if key not in words] == []


def test_a_summary_survives_json(made: Segmentation, retail: Orders) -> None:
    from custseg.segment.describe import describe_orders

    summary = SegmentSummary(
        command="segment",
        inputs=(),
        orders=describe_orders(retail, made.customers, as_of_given=False, roles={"a": "b"}),
        rfm=made.rfm,
        segments=made.segments,
        clusters=made.clusters,
        warnings=tuple(made.warnings),
    )
    assert SegmentSummary.from_json(json.loads(json.dumps(summary.to_json()))) == summary
