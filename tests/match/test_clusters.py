"""Connected components against a search that is obviously right."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from custseg.cleanse.match.clusters import components


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
