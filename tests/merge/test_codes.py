"""Orders by several keys against numpy's own."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from custseg.cleanse.merge.codes import key_order, key_texts, keys_of, order_by

WIDE = st.integers(-(2**62), 2**62)
NARROW = st.integers(-3, 3)
HASH = st.integers(0, 2**64 - 1)


@given(
    st.lists(
        st.tuples(NARROW, WIDE, NARROW, st.sampled_from([0, 2**61, 2**62]), HASH | st.just(7)),
        max_size=30,
    )
)
def test_one_number_orders_like_several_keys(rows: list[tuple[int, ...]]) -> None:
    *columns, tie = zip(*rows, strict=True) if rows else [()] * 5
    keys = [np.array(column, np.int64) for column in columns]
    ties = np.array(tie, np.uint64)
    assert order_by(*keys, ties).tolist() == np.lexsort((ties, *reversed(keys))).tolist()


@given(st.lists(st.tuples(st.sampled_from([1, 2, 2**64 - 1]), HASH), max_size=30))
def test_keys_are_ordered_by_all_their_bits(pairs: list[tuple[int, int]]) -> None:
    keys = np.array(pairs, np.uint64).reshape(-1, 2)
    assert [pairs[at] for at in key_order(keys)] == sorted(pairs)


@given(st.lists(st.tuples(HASH, HASH), max_size=20))
def test_texts_of_keys_are_their_digits(pairs: list[tuple[int, int]]) -> None:
    keys = np.array(pairs, np.uint64).reshape(-1, 2)
    texts = key_texts(keys)
    assert texts.to_pylist() == [f"r{upper:016x}{lower:016x}" for upper, lower in pairs]
    back, sound = keys_of(texts)
    assert sound.all()
    assert (back == keys).all()
