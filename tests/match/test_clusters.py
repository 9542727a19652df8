"""Components against a search that is obviously right; groups too large; who must be apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.match.clusters import Weigh, cluster
from custseg.cleanse.match.components import components
from custseg.cleanse.match.decided import NEVER, SURE


def search(size: int, pairs: list[tuple[int, int]]) -> list[int]:
    beside: list[set[int]] = [set() for _ in range(size)]
    for left, right in pairs:
        beside[left].add(right)
        beside[right].add(left)
    labels, count = [-1] * size, 0
    for node in range(size):
        if labels[node] >= 0:
            continue
        waiting = [node]
        while waiting:
            at = waiting.pop()
            if labels[at] < 0:
                labels[at] = count
                waiting.extend(beside[at])
        count += 1
    return labels


@given(
    st.integers(1, 40).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=60),
        )
    )
)
def test_components_are_those_of_a_search(graph: tuple[int, list[tuple[int, int]]]) -> None:
    size, pairs = graph
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    assert components(size, ends[:, 0], ends[:, 1]).tolist() == search(size, pairs)


def test_a_long_chain_in_any_order_is_one_component() -> None:
    order = np.random.default_rng(5).permutation(50_000)
    assert not components(50_000, order[:-1], order[1:]).any()


def links(pairs: list[tuple[int, int]], weight: float) -> tuple[np.ndarray, np.ndarray]:
    packed = np.array(sorted(a << 32 | b for a, b in pairs), np.int64)
    return packed, np.full(len(packed), weight)


def told_apart(*pairs: tuple[int, int], otherwise: float) -> Weigh:
    """Weigh any pair alike but those that a person told apart."""
    known = {a << 32 | b for a, b in pairs}

    def weigh(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        packed = (left << 32 | right).tolist()
        return np.array([NEVER if each in known else otherwise for each in packed])

    return weigh


def test_an_oversize_component_is_cut_where_its_links_are_weak() -> None:
    # Two customers of 30 records each, held together by one weak link.
    strong = [(at, at + 1) for at in (*range(29), *range(30, 59))]
    pairs, weights = links([*strong, (29, 30)], 20.0)
    weights[pairs == (29 << 32 | 30)] = 1.0
    found = cluster(60, pairs, weights, told_apart(otherwise=20.0), cut=0.0, hold=0.0, most=40)
    assert found.oversize == (60,)
    assert found.labels.tolist() == [0] * 30 + [30] * 30


def test_within_bounds_nothing_is_cut_beforehand() -> None:
    pairs, weights = links([(at, at + 1) for at in range(39)], 1.0)
    found = cluster(40, pairs, weights, told_apart(otherwise=1.0), cut=0.0, hold=0.0, most=40)
    assert found.oversize == ()
    assert set(found.labels.tolist()) == {0}


@pytest.mark.parametrize("most", [100, 10], ids=["compared inside", "too large to compare inside"])
def test_who_was_told_apart_stays_apart_in_a_group_of_any_size(most: int) -> None:
    # A chain of links beyond doubt, whose weakest lies between 24 and 25.
    pairs, weights = links([(at, at + 1) for at in range(49)], 60.0)
    weights[pairs == (24 << 32 | 25)] = 50.0
    apart = 3 << 32 | 40
    pairs, weights = np.append(pairs, apart), np.append(weights, NEVER)
    found = cluster(
        50, pairs, weights, told_apart((3, 40), otherwise=50.0), cut=0.0, hold=0.0, most=most
    )
    assert found.labels[3] != found.labels[40]
    if most == 10:
        assert found.labels.tolist() == [0] * 25 + [25] * 25


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_one_a_source_and_decisions_hold_in_a_group_of_any_size(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = 30
    source = rng.integers(0, 12, size).astype(np.int32)
    chosen = {tuple(sorted(rng.choice(size, 2, replace=False).tolist())) for _ in range(70)}
    pairs, weights = links([*chosen], 0.0)  # type: ignore[list-item]
    weights[:] = rng.integers(46, 90, len(pairs))
    apart = rng.random(len(pairs)) < 0.1
    weights[apart] = NEVER

    known = np.sort(pairs[apart])

    def weigh(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        never = (source[left] == source[right]) | np.isin(left << 32 | right, known)
        return np.where(never, NEVER, 50.0)

    found = cluster(size, pairs, weights, weigh, cut=0.0, hold=0.0, most=4, one_of=source)
    left, right = pairs >> 32, pairs & 0xFFFFFFFF
    assert (found.labels[left[apart]] != found.labels[right[apart]]).all()
    for label in np.unique(found.labels):
        members = np.flatnonzero(found.labels == label)
        assert label == members[0]
        assert len(np.unique(source[members])) == len(members)


def test_links_too_weak_to_hold_a_customer_together_do_not_join():
    weights = {(0, 1): 9.0, (0, 2): 2.0, (1, 2): 3.0, (0, 3): 1.0, (1, 3): 1.0, (2, 3): 6.0}
    pairs = np.array([a << 32 | b for a, b in weights], np.int64)
    of = dict(zip(pairs.tolist(), weights.values(), strict=True))

    def weigh(left, right):
        return np.array([of[int(pack)] for pack in left << 32 | right])

    def labels(hold, most=10):
        found = cluster(
            4, pairs, np.array(list(weights.values())), weigh, cut=0.0, hold=hold, most=most
        )
        return found.labels.tolist()

    assert labels(0.0) == labels(3.0) == [0, 0, 0, 0]
    assert labels(3.5) == labels(6.0) == [0, 0, 2, 2]
    assert labels(7.0) == [0, 0, 2, 3]
    assert labels(10.0) == [0, 1, 2, 3]


def decided(links_of, size=6, most=100):
    """Cluster two customers of three records each, with links that a person decided."""
    pairs = np.array([a << 32 | b for a in range(size) for b in range(a + 1, size)], np.int64)
    left, right = pairs >> 32, pairs & 0xFFFFFFFF
    own = np.where((left < 3) == (right < 3), 60.0 - left - right, -20.0)
    weights = own.copy()
    for (a, b), value in links_of.items():
        weights[pairs == (a << 32 | b)] = value

    def weigh(left, right):
        at = np.searchsorted(pairs, left << 32 | right)
        return np.where(weights[at] == NEVER, NEVER, own[at])

    return cluster(size, pairs, weights, weigh, cut=0.0, hold=0.0, most=most).labels.tolist()


@pytest.mark.parametrize("most", [100, 2], ids=["compared inside", "too large to compare inside"])
@pytest.mark.parametrize(
    ("links_of", "labels"),
    [
        ({}, [0, 0, 0, 3, 3, 3]),
        ({(0, 5): SURE}, [0, 0, 0, 0, 0, 0]),
        ({(0, 1): SURE}, [0, 0, 0, 3, 3, 3]),
        # Between who was told apart the weakest links are cut: 3 stays with 4.
        ({(0, 5): SURE, (2, 4): NEVER}, [0, 0, 0, 3, 3, 0]),
        # Of the same as 5 and not as 1 follows that 0 is not 1.
        ({(0, 5): SURE, (1, 5): NEVER}, [0, 1, 0, 0, 0, 0]),
        # Answers that contradict each other: apart wins, and of the others the first.
        ({(0, 5): SURE, (1, 5): SURE, (0, 1): NEVER}, [0, 1, 0, 0, 0, 0]),
    ],
)
def test_a_person_joins_customers_and_parts_them(links_of, labels, most):
    assert decided(links_of, most=most) == labels
