"""Scores against a twin that counts by definition, pair by pair and record by record."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.cleanse.match import evaluate, evaluate_pairs

LABELS = st.lists(
    st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 4))), max_size=14
)


def f1(precision, recall):
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


def slow_pairwise(labels):
    pairs = list(combinations([one for one in labels if one[1] is not None], 2))
    found = sum(a[0] == b[0] for a, b in pairs)
    true = sum(a[1] == b[1] for a, b in pairs)
    both = sum(a == b for a, b in pairs)
    return both / found if found else 1.0, both / true if true else 1.0


def slow_b_cubed(labels):
    known = [one for one in labels if one[1] is not None]
    precision, recall = [], []
    for cluster, person in known:
        both = sum(one == (cluster, person) for one in known)
        precision.append(both / sum(one[0] == cluster for one in known))
        recall.append(both / sum(one[1] == person for one in known))
    size = max(len(known), 1)
    return sum(precision) / size, sum(recall) / size


@given(LABELS)
def test_scores_agree_with_their_definitions(labels):
    clusters = np.array([cluster for cluster, _ in labels], np.int64)
    people = pa.array(
        [None if person is None else f"p{person}" for _, person in labels], pa.string()
    )
    found = evaluate(clusters, people)
    for score, slow in (
        (found.pairwise, slow_pairwise(labels)),
        (found.b_cubed, slow_b_cubed(labels)),
    ):
        assert (score.precision, score.recall) == pytest.approx(slow)
        assert score.f1 == pytest.approx(f1(*slow))
    assert found.records == sum(person is not None for _, person in labels)


def test_worst_errors_and_the_curve():
    clusters = np.array([0, 0, 0, 3, 3, 5, 6])
    people = pa.array(["a", "a", "b", "b", "b", "a", None])
    links = pa.table(
        {
            "left": [0, 0, 1, 2, 3, 0],
            "right": [1, 2, 2, 3, 4, 6],
            "weight": [9.0, 3.0, 5.0, 2.0, 7.0, 20.0],
        }
    )
    found = evaluate(clusters, people, links)
    assert found.worst_false.to_pylist() == [
        {"left": 1, "right": 2, "weight": 5.0},
        {"left": 0, "right": 2, "weight": 3.0},
    ]
    assert found.worst_missed.to_pylist() == [
        {"left": 2, "right": 3, "weight": 2.0},
        {"left": 1, "right": 5, "weight": None},
    ]
    assert found.curve.to_pydict() == {
        "threshold": [2.0, 3.0, 5.0, 7.0, 9.0],
        "precision": pytest.approx([3 / 5, 2 / 4, 2 / 3, 1.0, 1.0]),
        "recall": pytest.approx([3 / 6, 2 / 6, 2 / 6, 2 / 6, 1 / 6]),
        "f1": pytest.approx([6 / 11, 4 / 10, 4 / 9, 4 / 8, 2 / 7]),
    }


@given(LABELS)
def test_answers_for_every_pair_score_like_the_people_behind_them(labels):
    known = [one for one in labels if one[1] is not None]
    clusters = np.array([cluster for cluster, _ in known], np.int64)
    pairs = np.array(list(combinations(range(len(known)), 2)), np.int64).reshape(-1, 2)
    left, right = pairs.T
    people = np.array([person for _, person in known], np.int64)
    links = pa.table({"left": left, "right": right, "weight": (left * 7 % 11 - right) / 2.0})
    found = evaluate_pairs(clusters, left, right, people[left] == people[right], links)
    whole = evaluate(clusters, pa.array(people), links)
    assert found.pairwise == whole.pairwise
    assert found.b_cubed is None
    assert found.curve.equals(whole.curve)
    assert (found.true_pairs, found.found_pairs) == (whole.true_pairs, whole.found_pairs)


def test_worst_errors_of_answered_pairs_come_by_falling_weight():
    clusters = np.array([0, 0, 0, 3])
    links = pa.table({"left": [0, 1], "right": [1, 2], "weight": [2.0, 9.0]})
    left, right = np.array([0, 1, 0, 0]), np.array([1, 2, 2, 3])
    found = evaluate_pairs(clusters, left, right, np.array([False, False, False, True]), links)
    assert found.worst_false.to_pylist() == [
        {"left": 1, "right": 2, "weight": 9.0},
        {"left": 0, "right": 1, "weight": 2.0},
        {"left": 0, "right": 2, "weight": None},
    ]
    assert found.worst_missed.to_pylist() == [{"left": 0, "right": 3, "weight": None}]
