from __future__ import annotations

import json
from bisect import bisect_left
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.errors import UsageError
from custseg.segment.rfm import (
    Customers,
    Method,
    RfmModel,
    RfmSettings,
    fit_rfm,
    score_rfm,
)

METHODS: tuple[Method, ...] = ("quantile", "rank-first", "nested", "r-package")


def test_quintile_cuts_of_online_retail(retail_customers: Customers) -> None:
    model = fit_rfm(retail_customers)
    assert model.recency == pytest.approx([13.8, 33, 72, 180])
    assert model.frequency.tolist() == [1, 2, 3, 6]
    assert model.monetary == pytest.approx([250.194, 490.096, 942.276, 2058.426])
    scores = score_rfm(retail_customers, model)
    assert np.bincount(scores.f)[1:].tolist() == [1493, 835, 508, 802, 700]


def test_r_package_method_gives_what_the_r_package_gives(r_package_customers: Customers) -> None:
    model = fit_rfm(r_package_customers, RfmSettings(method="r-package"))
    assert model.recency == pytest.approx([115, 181, 297.4, 482])
    assert model.frequency == pytest.approx([4, 5, 6, 8])
    assert model.monetary == pytest.approx([255.8, 382, 506.4, 666])
    codes = dict(
        zip(
            r_package_customers.names.to_pylist(),
            score_rfm(r_package_customers, model).codes(),
            strict=True,
        )
    )
    assert {name: codes[name] for name in ("Abbey O'Reilly", "Add Senger", "Aden Lesch")} == {
        "Abbey O'Reilly": "343",
        "Add Senger": "412",
        "Aden Lesch": "323",
    }
    assert (codes["Aden Murphy"], codes["Admiral Senger"]) == ("544", "433")


@st.composite
def any_customers(draw: st.DrawFn) -> Customers:
    n = draw(st.integers(1, 40))
    values = st.lists(st.integers(1, 9), min_size=n, max_size=n)
    ids = draw(st.lists(st.integers(0, 99), min_size=n, max_size=n, unique=True))
    order = np.argsort(np.asarray(ids).astype(str))
    return Customers(
        pa.array(np.asarray(ids).astype(str)[order]),
        *(np.asarray(draw(values), float)[order] for _ in range(3)),
    )


@given(any_customers(), st.integers(2, 9))
def test_quantile_scores_against_a_plain_reading(customers: Customers, bins: int) -> None:
    def cut(values: list[float], share: float) -> float:
        place = (len(values) - 1) * share
        low = int(place)
        high = min(low + 1, len(values) - 1)
        return values[low] + (values[high] - values[low]) * (place - low)

    scores = score_rfm(customers, fit_rfm(customers, RfmSettings(bins=bins)))
    for values, found, best_is_low in (
        (customers.recency_days, scores.r, True),
        (customers.frequency, scores.f, False),
        (customers.monetary, scores.m, False),
    ):
        ordered = sorted(values.tolist())
        # numpy interpolates in another order: a hair's breadth is no difference here.
        cuts = [cut(ordered, i / bins) - 1e-9 for i in range(1, bins)]
        near = [round(c + 1e-9, 6) for c in cuts]
        for value, score in zip(values.tolist(), found.tolist(), strict=True):
            if round(value, 6) in near:
                above = bisect_left(near, round(value, 6))
            else:
                above = bisect_left(cuts, value)
            assert score == (bins - above if best_is_low else above + 1)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40)
@given(customers=any_customers(), seed=st.integers(0, 9))
def test_scores_do_not_depend_on_the_order_of_the_rows(
    method: Method, customers: Customers, seed: int
) -> None:
    order = np.random.default_rng(seed).permutation(len(customers))
    shuffled = Customers(
        customers.names.take(pa.array(order)),
        customers.recency_days[order],
        customers.frequency[order],
        customers.monetary[order],
    )
    chosen = RfmSettings(method=method)
    codes = score_rfm(customers, fit_rfm(customers, chosen)).codes()
    again = score_rfm(shuffled, fit_rfm(shuffled, chosen)).codes()
    assert (codes[order] == again).all()


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40)
@given(customers=any_customers())
def test_equal_values_get_equal_scores_and_better_values_never_lower_ones(
    method: Method, customers: Customers
) -> None:
    scores = score_rfm(customers, fit_rfm(customers, RfmSettings(method=method)))
    for values, found in ((-customers.recency_days, scores.r), (customers.frequency, scores.f)):
        if method == "nested" and found is scores.f:
            continue
        order = np.argsort(values, kind="stable")
        for low, high in pairwise(order):
            assert found[low] <= found[high] or values[low] == values[high]
            if method != "rank-first" and values[low] == values[high]:
                assert found[low] == found[high]


@pytest.mark.parametrize("method", METHODS)
def test_a_saved_model_scores_its_own_customers_alike(
    retail_customers: Customers, method: Method
) -> None:
    model = fit_rfm(retail_customers, RfmSettings(method=method))
    saved = RfmModel.from_dict(json.loads(json.dumps(model.to_dict())))
    codes = score_rfm(retail_customers, model).codes()
    assert (score_rfm(retail_customers, saved).codes() == codes).all()


def test_rank_first_fills_the_bins_evenly(retail_customers: Customers) -> None:
    model = fit_rfm(retail_customers, RfmSettings(method="rank-first"))
    sizes = np.bincount(score_rfm(retail_customers, model).f)[1:]
    assert sizes.tolist() == [868, 867, 868, 867, 868]


def test_nested_scores_cut_within_each_recency_score(retail_customers: Customers) -> None:
    model = fit_rfm(retail_customers, RfmSettings(method="nested"))
    scores = score_rfm(retail_customers, model)
    for r in range(1, 6):
        inside = scores.r == r
        cuts = np.quantile(retail_customers.frequency[inside], [0.2, 0.4, 0.6, 0.8])
        expected = 1 + np.searchsorted(cuts, retail_customers.frequency[inside])
        assert (scores.f[inside] == expected).all()


def test_fixed_cuts_are_the_users() -> None:
    customers = Customers(
        pa.array(["a", "b", "c"]),
        np.array([10.0, 30.0, 31.0]),
        np.array([1.0, 2.0, 3.0]),
        np.array([5.0, 50.0, 500.0]),
    )
    cuts = {"recency_days": [30], "frequency": [2], "monetary": [50]}
    model = fit_rfm(customers, RfmSettings(method="fixed", bins=2, cuts=cuts))
    assert score_rfm(customers, model).codes().tolist() == ["211", "211", "122"]


def test_a_measure_without_fixed_cuts_is_cut_at_its_quantiles() -> None:
    customers = Customers(
        np.array(["a", "b", "c"]),
        np.array([10.0, 30.0, 31.0]),
        np.array([1.0, 2.0, 3.0]),
        np.array([5.0, 50.0, 500.0]),
    )
    model = fit_rfm(customers, RfmSettings(method="fixed", bins=2, cuts={"recency_days": [10]}))
    assert (model.recency, model.frequency, model.monetary) == ([10], [2], [50])
    plain = fit_rfm(customers, RfmSettings(bins=2))
    assert (model.frequency, model.monetary) == (plain.frequency, plain.monetary)


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        (RfmSettings(bins=1), "segment.bins"),
        (RfmSettings(bins=10), "segment.bins"),
        (RfmSettings(method="fixed"), "segment.cuts"),
        (
            RfmSettings(
                method="fixed",
                bins=3,
                cuts={"recency_days": [1, 2], "frequency": [2, 2], "monetary": [1, 2]},
            ),
            "segment.cuts",
        ),
    ],
)
def test_unusable_settings_are_refused(chosen: RfmSettings, key: str) -> None:
    customers = Customers(pa.array(["a"]), np.ones(1), np.ones(1), np.ones(1))
    with pytest.raises(UsageError) as caught:
        fit_rfm(customers, chosen)
    assert caught.value.key == key
