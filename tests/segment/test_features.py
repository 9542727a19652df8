"""Clusters of other features than recency, frequency and money: profile, category shares."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.engine import Engine
from custseg.errors import InputError
from custseg.jobs.segment import cluster
from custseg.messages import catalog
from custseg.report.clusters import clusters_found
from custseg.report.model import Words
from custseg.report.segment_names import feature_name, trait_name
from custseg.segment.category_shares import category_shares
from custseg.segment.orders import read_orders

KINDS = ("tea", "cups", "sweets")


def lines(seed: int = 1, customers: int = 240) -> pa.Table:
    """Orders of customers of whom each third spends mostly on one kind."""
    random = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        for order in range(int(random.integers(1, 6))):
            own = KINDS[customer % 3]
            kind = own if random.random() < 0.9 else KINDS[int(random.integers(3))]
            day = f"2024-{int(random.integers(1, 13)):02}-{int(random.integers(1, 29)):02}"
            rows.append((f"c{customer:03}", f"{customer}-{order}", day, kind, "100"))
    names = ("customer_id", "order_id", "order_date", "category", "amount")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def settings(*features: str) -> Settings:
    return Settings(segment=SegmentSettings(clusters="3", features=features))


def test_shares_of_categories_against_plain_sums(engine: Engine) -> None:
    table = lines()
    columns = {name: name for name in table.column_names}
    orders = read_orders(engine, table, columns)
    shares = category_shares(engine, orders.stage, orders.customers["customer_id"])
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in table.to_pylist():
        sums[row["customer_id"]][row["category"]] += float(row["amount"])
    assert set(shares.column_names) == {"customer_id", *(f"category_share_{k}" for k in KINDS)}
    for row in shares.to_pylist():
        own = sums[row["customer_id"]]
        for kind in KINDS:
            expected = own[kind] / sum(own.values())
            assert row[f"category_share_{kind}"] == pytest.approx(expected)


def test_customers_of_no_known_category_have_no_shares(engine: Engine) -> None:
    table = pa.table(
        {
            "customer_id": ["a", "b"],
            "order_date": ["2024-01-01"] * 2,
            "amount": ["5", "6"],
            "category": ["tea", None],
        }
    )
    orders = read_orders(engine, table, {name: name for name in table.column_names})
    ids = orders.customers["customer_id"]
    found = category_shares(engine, orders.stage, ids, ["category_share_tea", "category_share_x"])
    assert found["category_share_tea"].to_pylist() == [1, None]
    assert found["category_share_x"].to_pylist() == [0, None]


def test_clusters_of_category_shares_find_who_buys_what_and_score_anew(tmp_path: Path) -> None:
    made = cluster({"o": lines()}, output=tmp_path / "run", settings=settings("category_shares"))
    assert made.summary.clusters is not None
    assert set(made.summary.clusters.features) == {f"category_share_{kind}" for kind in KINDS}
    number = np.array(made.scores["cluster"].to_pylist())
    own = np.array([int(each[1:]) % 3 for each in made.scores["customer_id"].to_pylist()])
    most = sum(np.bincount(own[number == one]).max() for one in np.unique(number))
    assert most > 0.8 * len(own)
    again = cluster({"o": lines()}, model=tmp_path / "run")
    assert again.scores["cluster"].to_pylist() == made.scores["cluster"].to_pylist()
    few = cluster({"o": lines().filter(pa.compute.equal(lines()["category"], "tea"))},
                  model=tmp_path / "run")  # fmt: skip
    assert len(set(few.scores["cluster"].to_pylist())) == 1
    plain = json.loads((tmp_path / "run" / "model.json").read_text("utf-8"))
    assert "category_share_tea" in json.dumps(plain["clusters"]["scale"])


def test_features_may_stand_in_one_text_and_need_to_be_numbers() -> None:
    found = cluster({"o": lines()}, settings=settings("frequency, average_order", "monetary"))
    assert found.summary.clusters is not None
    assert found.summary.clusters.features == ("frequency", "average_order", "monetary")
    with pytest.raises(InputError) as caught:
        cluster({"o": lines()}, settings=settings("frequency,favorite_category"))
    assert caught.value.key == "segment.feature"


def test_every_feature_has_words_for_what_stands_out() -> None:
    found = cluster({"o": lines()}, settings=settings("category_shares", "interval_days"))
    assert found.summary.clusters is not None
    assert clusters_found(found.summary.clusters)
    assert trait_name("frequency", "high") == Words("segment.trait.frequency.high")
    said = trait_name("category_share_tea", "low")
    assert isinstance(said, Words)
    assert said.key in catalog("en")
    assert feature_name("contacts_visit") == "contacts_visit"
    assert feature_name("lateness") == Words("segment.feature.lateness")
