from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.errors import InputError, UsageError
from custseg.segment.choice import Choice, Trial, choose, kmeans, knee, nearest
from custseg.segment.clusters import ClusterModel, ClusterSettings, fit_clusters, standing_out
from custseg.segment.features import Scale, drift, fit_baselines, fit_scale
from custseg.segment.rfm import Customers, Floats

INERTIA = {
    2: 6474.137,
    3: 4856.347,
    4: 3924.725,
    5: 3268.018,
    6: 2840.188,
    7: 2533.033,
    8: 2325.538,
}
SILHOUETTE = {2: 0.4327, 3: 0.3372, 4: 0.3324, 5: 0.3185, 6: 0.3154, 7: 0.3102, 8: 0.3020}


@pytest.fixture(scope="module")
def values(retail_customers: Customers) -> Floats:
    return np.column_stack(
        [retail_customers.recency_days, retail_customers.frequency, retail_customers.monetary]
    )


@pytest.fixture(scope="module")
def fitted(values: Floats) -> tuple[ClusterModel, Choice]:
    return fit_clusters(values)


def test_online_retail_by_k(fitted: tuple[ClusterModel, Choice]) -> None:
    trials = {trial.k: trial for trial in fitted[1].trials}
    assert {k: trial.inertia for k, trial in trials.items()} == pytest.approx(INERTIA, rel=1e-3)
    assert {k: trial.silhouette for k, trial in trials.items()} == pytest.approx(
        SILHOUETTE, abs=0.003
    )
    assert (fitted[1].k, fitted[1].reason, fitted[1].knee) == (4, "knee", 4)


def test_outliers_of_raw_scale_rfm_are_not_taken_for_segments(values: Floats) -> None:
    _, choice = fit_clusters(values, ClusterSettings(transform="none", k=2))
    (trial,) = choice.trials
    assert trial.silhouette == pytest.approx(0.8958, abs=5e-5)
    assert (trial.fewest, round(trial.smallest * len(values))) == (26, 26)
    assert trial.outliers
    sound = replace(trial, k=3, inertia=50, silhouette=0.3, stability=0.9, smallest=0.2, fewest=80)
    assert choose([trial, sound]).k == 3


def test_mall_customers(shared_data: Path) -> None:
    with (shared_data / "segment" / "mall_customers.csv").open() as file:
        rows = [(float(row["x"]), float(row["Spending_Score"])) for row in csv.DictReader(file)]
    values = np.array(rows)
    asked = ClusterSettings(
        features=("income", "spending"), transform="none", standardize=False, k=5
    )
    model, choice = fit_clusters(values, asked)
    assert choice.trials[0].inertia == pytest.approx(44448.455, abs=5e-4)
    assert sorted(np.bincount(model.assign(values)).tolist()) == [22, 23, 35, 39, 81]


def test_cluster_one_is_the_best_and_names_say_what_stands_out(
    values: Floats, fitted: tuple[ClusterModel, Choice]
) -> None:
    model, _ = fitted
    labels = model.assign(values)
    medians = np.array([np.median(values[labels == j], axis=0) for j in range(4)])
    assert model.numbers == (1, 2, 3, 4)
    assert medians[0, 2] == medians[:, 2].max()
    assert model.names[0] == "frequent_high_spend_recent"
    assert model.names[3] == "lapsed_low_spend_infrequent"
    assert {item.feature for item in standing_out(model.traits[1])} == {"monetary"}


def test_a_refit_keeps_numbers_and_names(
    values: Floats, fitted: tuple[ClusterModel, Choice]
) -> None:
    model, _ = fitted
    later = values * np.array([1.1, 1.0, 1.05])
    again, _ = fit_clusters(later, ClusterSettings(k=4, seed=11), model)
    assert (again.numbers, again.names) == (model.numbers, model.names)
    assert np.mean(again.assign(later) == model.assign(values)) > 0.98
    more, _ = fit_clusters(values, ClusterSettings(k=5), model)
    assert more.numbers == (1, 2, 3, 4, 5)
    assert more.names[:4] == model.names
    fewer, _ = fit_clusters(values, ClusterSettings(k=3), model)
    assert set(fewer.names) < set(model.names)


def test_training_rows_scored_with_the_saved_model_get_their_own_label(
    values: Floats, fitted: tuple[ClusterModel, Choice]
) -> None:
    saved = ClusterModel.from_dict(json.loads(json.dumps(fitted[0].to_dict())))
    assert (saved.assign(values) == fitted[0].assign(values)).all()


def test_a_large_table_is_fitted_from_a_sample_and_refined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custseg.segment.clusters._FIT_SAMPLE", 300)
    rng = np.random.default_rng(0)
    middles = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]])
    points = np.repeat(middles, 1_000, axis=0) + rng.normal(size=(3_000, 2))
    asked = ClusterSettings(features=("a", "b"), transform="none", standardize=False, k=3)
    model, _ = fit_clusters(points, asked)
    centers, _ = kmeans(points, 3, 1)
    assert np.sort(model.centers, axis=0) == pytest.approx(np.sort(centers, axis=0), abs=1e-3)


@pytest.mark.parametrize(
    ("n", "k", "error"),
    [(3, None, InputError), (30, 31, UsageError), (30, 1, UsageError), (1, 2, InputError)],
)
def test_too_few_customers_or_too_many_clusters(
    n: int, k: int | None, error: type[Exception]
) -> None:
    values = np.arange(3.0 * n).reshape(n, 3)
    with pytest.raises(error):
        fit_clusters(values, ClusterSettings(k=k))


def test_equal_customers_cannot_be_clustered() -> None:
    with pytest.raises(InputError):
        fit_clusters(np.ones((500, 3)))


def test_the_knee_is_where_the_curve_bends_most() -> None:
    assert knee([100, 60, 20, 15, 11]) == 2
    assert knee([100, 40]) is None
    assert knee([5, 5, 5]) == 0


def trial(
    k: int, silhouette: float, stability: float = 1.0, smallest: float = 0.1, fewest: int = 100
) -> Trial:
    return Trial(
        k=k,
        inertia={2: 100.0, 3: 60.0, 4: 20.0, 5: 15.0, 6: 11.0}[k],
        silhouette=silhouette,
        calinski_harabasz=1.0,
        stability=stability,
        smallest=smallest,
        fewest=fewest,
    )


@pytest.mark.parametrize(
    ("at_four", "k", "reason"),
    [
        ({}, 4, "knee"),
        ({"stability": 0.5}, 2, "silhouette"),
        ({"smallest": 0.005}, 2, "silhouette"),
        ({"fewest": 4}, 2, "silhouette"),
    ],
)
def test_the_knee_is_chosen_unless_it_is_refused(
    at_four: dict[str, Any], k: int, reason: str
) -> None:
    trials = [trial(2, 0.5), trial(3, 0.4), trial(4, 0.3, **at_four), trial(5, 0.2), trial(6, 0.1)]
    choice = choose(trials)
    assert (choice.k, choice.reason, choice.knee) == (k, reason, 4)


def test_where_all_are_refused_the_least_bad_is_taken_and_said() -> None:
    choice = choose([trial(2, 0.9, smallest=0.004), trial(3, 0.8, smallest=0.005)])
    assert (choice.k, choice.reason) == (3, "least_bad")


POINTS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=30).map(
    lambda rows: np.array(rows, dtype=float)
)


@given(POINTS, POINTS)
def test_nearest_against_a_plain_search(points: Floats, centers: Floats) -> None:
    def plain(point: Floats) -> int:
        squares = [
            sum((a - b) ** 2 for a, b in zip(point, center, strict=True)) for center in centers
        ]
        return squares.index(min(squares))

    assert nearest(points, centers).tolist() == [plain(point) for point in points]


@pytest.mark.parametrize("transform", ["log", "quantile", "none"])
def test_scales_bring_features_to_mean_nothing_and_spread_one(
    values: Floats, transform: str
) -> None:
    scale = fit_scale(values, ("r", "f", "m"), transform)
    saved = Scale.from_dict(json.loads(json.dumps(scale.to_dict())))
    coordinates = saved.apply(values)
    assert coordinates.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-9)
    assert coordinates.std(axis=0) == pytest.approx([1, 1, 1])
    assert (coordinates == scale.apply(values)).all()
    order = np.argsort(values[:, 2])
    assert (np.diff(coordinates[order, 2]) >= 0).all()


def test_missing_values_stand_at_the_median() -> None:
    values = np.array([[1.0, 5.0], [2.0, np.nan], [9.0, 7.0]])
    scale = fit_scale(values, ("a", "b"), "none")
    assert scale.fill.tolist() == [2.0, 6.0]
    assert scale.apply(values)[1, 1] == pytest.approx(0.0)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.floats(0.5, 5))
def test_drift_is_nothing_for_the_same_customers_and_something_after_a_shift(
    seed: int, shift: float
) -> None:
    then = np.random.default_rng(seed).normal(size=(500, 1))
    baselines = fit_baselines(then)
    assert drift(then, baselines) == (0.0,)
    assert drift(then + shift, baselines)[0] > 0.1


def test_drift_by_hand() -> None:
    then = np.repeat([[1.0], [2.0]], [50, 50], axis=0)
    now = np.repeat([[1.0], [2.0]], [75, 25], axis=0)
    expected = 0.25 * np.log(0.75 / 0.5) - 0.25 * np.log(0.25 / 0.5)
    (found,) = drift(now, fit_baselines(then))
    assert found == pytest.approx(expected)
