"""k-means: the numbers computed for Online Retail, through the commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

Make = Callable[..., Any]

INERTIA = (6474.137, 4856.347, 3924.725, 3268.018, 2840.188, 2533.033, 2325.538)
SILHOUETTE = (0.4327, 0.3372, 0.3324, 0.3185, 0.3154, 0.3102, 0.3020)


def test_every_k_is_shown_with_four_measures_and_the_choice_says_why(retail: Any) -> None:
    found = retail.summary["clusters"]
    trials = found["trials"]
    assert [each["k"] for each in trials] == [2, 3, 4, 5, 6, 7, 8]
    assert [each["inertia"] for each in trials] == pytest.approx(INERTIA, rel=1e-3)
    assert [each["silhouette"] for each in trials] == pytest.approx(SILHOUETTE, abs=0.003)
    assert all(each["calinski_harabasz"] > 0 for each in trials)
    assert all(0 < each["stability"] <= 1 for each in trials)
    assert (found["k"], found["reason"], found["knee"]) == (4, "knee", 4)
    assert "the knee of the inertia" in retail.shown


def test_clusters_are_medians_shares_an_index_and_a_name(retail: Any) -> None:
    found = retail.summary["clusters"]
    rows, scores = found["rows"], retail.table("scores")
    assert [row["number"] for row in rows] == [1, 2, 3, 4]
    for row in rows:
        inside = [each for each in scores if each["cluster"] == row["number"]]
        assert row["customers"] == len(inside)
        assert {each["cluster_name"] for each in inside} == {row["name"]}
        for name in ("recency_days", "frequency", "monetary"):
            middle = float(median(each[name] for each in inside))
            everyone = float(median(each[name] for each in scores))
            assert row["medians"][name] == pytest.approx(middle)
            assert row["indexes"][name] == pytest.approx(100 * middle / everyone)
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert sum(row["money_share"] for row in rows) == pytest.approx(1)
    crossed = Counter((each["segment"], each["cluster"]) for each in scores)
    for segment, line in zip(found["segments"], found["cross"], strict=True):
        assert line == [crossed[segment, row["number"]] for row in rows]


def test_raw_scale_takes_26_customers_for_a_segment_and_is_warned_of(
    make: Make, retail_file: Path, retail_roles: list[str]
) -> None:
    raw = make("cluster", retail_file, *retail_roles, "--transform", "none")
    found = raw.summary["clusters"]
    first, *others = found["trials"]
    assert (first["k"], first["outliers"]) == (2, True)
    assert first["silhouette"] == pytest.approx(0.8958, abs=5e-5)
    assert round(first["smallest"] * 4_338) == 26
    assert all(first["silhouette"] > each["silhouette"] for each in others)
    # Its silhouette is not the reason: every other k sets still fewer apart.
    assert all(each["outliers"] for each in others)
    assert found["reason"] == "least_bad"
    assert [row["customers"] for row in found["rows"]] == [26, 4312]
    assert "The smallest of the 2 clusters holds 0.6 % of customers: outliers" in raw.shown


def test_the_saved_model_gives_training_rows_their_own_labels(
    make: Make, retail: Any, retail_file: Path, retail_roles: list[str]
) -> None:
    again = make(
        "segment", "--orders", retail_file, *retail_roles, "--model", retail.folder / "model.json"
    )
    labels = ("customer_id", "rfm", "segment", "cluster", "cluster_name")
    mine, theirs = (
        [tuple(row[name] for name in labels) for row in run.table("scores")]
        for run in (retail, again)
    )
    assert mine == theirs
    assert again.summary["clusters"]["drift"] == dict.fromkeys(
        ("recency_days", "frequency", "monetary"), 0
    )


def test_a_refit_a_quarter_later_keeps_the_names(
    make: Make, retail_file: Path, retail_roles: list[str]
) -> None:
    args = ("cluster", retail_file, *retail_roles, "--k", "4")
    before = make(*args, "--as-of", "2011-09-10")
    after = make(*args, "--previous", before.folder)
    named = {row["number"]: row["name"] for row in before.summary["clusters"]["rows"]}
    assert {row["number"]: row["name"] for row in after.summary["clusters"]["rows"]} == named
    was = {row["customer_id"]: row["cluster"] for row in before.table("scores")}
    stayed = [was[row["customer_id"]] == row["cluster"] for row in after.table("scores")
              if row["customer_id"] in was]  # fmt: skip
    assert sum(stayed) / len(stayed) > 0.5
    scored = make("cluster", retail_file, *retail_roles, "--model", before.folder)
    assert {row["number"] for row in scored.summary["clusters"]["rows"]} == set(named)
    assert len(scored.table("scores")) == 4_338


def test_drift_is_the_index_of_what_moved_since_the_model(
    make: Make, retail_file: Path, retail_roles: list[str]
) -> None:
    args = ("cluster", retail_file, *retail_roles)
    fitted = make(*args, "--k", "4", "--as-of", "2011-03-10")
    scored = make(*args, "--model", fitted.folder)
    then, now = fitted.table("scores"), scored.table("scores")
    found = scored.summary["clusters"]["drift"]
    for name in ("recency_days", "frequency", "monetary"):
        old, new = (np.array([float(row[name]) for row in rows]) for rows in (then, now))
        edges = np.unique(np.quantile(old, np.arange(1, 10) / 10))
        shares = [
            np.bincount(np.searchsorted(edges, each), minlength=len(edges) + 1) / len(each)
            for each in (old, new)
        ]
        was, is_ = np.maximum(shares, 1e-4)
        assert found[name] == pytest.approx(float(np.sum((is_ - was) * np.log(is_ / was))))
    assert found["recency_days"] > 0.25
    told = {each["params"].get("feature") for each in scored.summary["warnings"]}
    assert "recency_days" in told
    assert "has drifted" in scored.shown


def test_the_customers_of_a_mall_by_columns_of_their_own(
    make: Make, shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "segment" / "mall_customers.csv"
    args = ("--features", "x,Spending_Score", "--transform", "none", "--scale", "none", "--k", "5")
    run = make("cluster", path, *args)
    found = run.summary["clusters"]
    (trial,) = found["trials"]
    assert trial["inertia"] == pytest.approx(44_448.455, abs=5e-4)
    sizes = sorted((row["customers"] for row in found["rows"]), reverse=True)
    assert sizes == [81, 39, 35, 23, 22]
    assert "44,448" in run.shown
    assert "200 rows → 200 customers" in run.shown
    again = make("cluster", path, "--model", run.folder)
    assert again.table("scores") == run.table("scores")
    assert all(row["money"] is None for row in found["rows"])
