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
    people = pa.array(["a", "a", "b", "b", "c", "a", None])
    links = pa.table(
        {
            "left": [0, 1, 1, 2, 3, 0],
            "right": [1, 2, 3, 3, 5, 6],
            "weight": [9.0, 5.0, 8.0, 2.0, 7.0, 20.0],
        }
    )
    found = evaluate(clusters, people, links)
    # Linked in two customers (1-3, 3-5) is not joined; joined without a link (0-2, 3-4) is.
    assert found.worst_false.to_pylist() == [
        {"left": 1, "right": 2, "weight": 5.0},
        {"left": 3, "right": 4, "weight": None},
        {"left": 0, "right": 2, "weight": None},
    ]
    assert found.worst_missed.to_pylist() == [
        {"left": 2, "right": 3, "weight": 2.0},
        {"left": 1, "right": 5, "weight": None},
        {"left": 0, "right": 5, "weight": None},
    ]
    assert found.curve.to_pydict() == {
        "threshold": [2.0, 5.0, 7.0, 8.0, 9.0],
        "precision": pytest.approx([2 / 5, 1 / 4, 1 / 3, 1 / 2, 1.0]),
        "recall": pytest.approx([2 / 4, 1 / 4, 1 / 4, 1 / 4, 1 / 4]),
        "f1": pytest.approx([4 / 9, 1 / 4, 2 / 7, 1 / 3, 2 / 5]),
    }


@given(LABELS, st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=20))
def test_worst_errors_are_the_wrong_pairs_of_the_definition(labels, linked):
    clusters = np.array([cluster for cluster, _ in labels], np.int64)
    people = [person for _, person in labels]
    weights = {(a, b): a - b / 2 for a, b in linked if a < b < len(labels)}
    links = pa.table(
        {
            "left": pa.array([a for a, _ in weights], pa.int64()),
            "right": pa.array([b for _, b in weights], pa.int64()),
            "weight": pa.array(list(weights.values()), pa.float64()),
        }
    )
    wrong: dict[bool, dict[tuple[int, int], float | None]] = {True: {}, False: {}}
    for a, b in combinations(range(len(labels)), 2):
        together, same = bool(clusters[a] == clusters[b]), people[a] == people[b]
        if None not in (people[a], people[b]) and together != same:
            wrong[together][a, b] = weights.get((a, b))
    found = evaluate(clusters, pa.array(people, pa.int64()), links)
    for table, expected in ((found.worst_false, wrong[True]), (found.worst_missed, wrong[False])):
        rows = [((row["left"], row["right"]), row["weight"]) for row in table.to_pylist()]
        assert len(rows) == min(len(expected), 10)
        assert len({pair for pair, _ in rows}) == len(rows)
        assert all(pair in expected and expected[pair] == weight for pair, weight in rows)
        heaviest = sorted((one for one in expected.values() if one is not None), reverse=True)
        said = [weight for _, weight in rows if weight is not None]
        assert said == heaviest[:10]
        assert [weight for _, weight in rows[: len(said)]] == said


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
