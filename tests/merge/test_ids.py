"""Customer ids: from content at first, then kept, whatever the order of the rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.merge.codes import key_texts, keys_of, short_texts
from custseg.cleanse.merge.ids import CustomerIds, IdBook, assign_ids
from custseg.errors import InputError

NUMBERS = {name: number for number, name in enumerate("abcdefghijklmnop", start=1)}


def keys(names):
    """Fingerprints of records named by one letter, in an order unlike the alphabet's."""
    mixed = [(NUMBERS[name] * 0x9E3779B97F4A7C15) % 2**64 for name in names]
    return np.array(
        [[number, NUMBERS[name]] for number, name in zip(mixed, names, strict=True)],
        dtype=np.uint64,
    ).reshape(-1, 2)


def assign(groups, previous: CustomerIds | None = None) -> CustomerIds:
    """Ids of clusters written as words, one letter a record: ``["ab", "c"]``."""
    names = "".join(groups)
    labels = [number for number, group in enumerate(groups) for _ in group]
    return assign_ids(
        keys(names),
        np.array(labels, dtype=np.int64),
        previous=previous.book if previous else None,
        run="r",
    )


def by_record(groups, result):
    return dict(zip("".join(groups), result.customer_id.to_pylist(), strict=True))


def events(result):
    return [(e["event"], e["old"], e["new"]) for e in result.history.to_pylist()]


def status(result):
    return {row["customer_id"]: row["status"] for row in result.book.ids.to_pylist()}


partitions = st.lists(st.sampled_from(sorted(NUMBERS)), unique=True).flatmap(
    lambda names: st.lists(
        st.integers(0, max(len(names) - 1, 0)), min_size=len(names), max_size=len(names)
    ).map(
        lambda labels: [
            "".join(n for n, label in zip(names, labels, strict=True) if label == each)
            for each in sorted(set(labels))
        ]
    )
)


def test_ids_have_their_form_and_do_not_depend_on_order():
    one = by_record(["ab", "c", "def"], assign(["ab", "c", "def"]))
    other = by_record(["fed", "c", "ba"], assign(["fed", "c", "ba"]))
    assert one == other
    assert len(set(one.values())) == 3
    assert all(len(i) == 13 and i[0] == "C" and i.isalnum() and i.isascii() for i in one.values())


def test_equal_upper_halves_still_get_different_ids():
    twins = np.array([[7, 1], [7, 2], [7, 3]], dtype=np.uint64)
    forward = assign_ids(twins, np.array([0, 1, 2])).customer_id.to_pylist()
    backward = assign_ids(twins[::-1].copy(), np.array([0, 1, 2])).customer_id.to_pylist()
    assert len(set(forward)) == 3
    assert forward == backward[::-1]


def test_a_first_run_has_no_history():
    assert assign(["ab", "c"]).history.num_rows == 0


def test_records_added_and_removed_leave_ids_alone():
    before = assign(["ab", "cd", "e"])
    old = by_record(["ab", "cd", "e"], before)
    groups = ["gaf", "d", "h"]
    after = assign(groups, before)
    new = by_record(groups, after)
    assert new["a"] == new["g"] == old["a"]
    assert new["d"] == old["d"]
    assert new["h"] not in old.values()
    assert events(after) == [("absent", old["e"], None), ("new", None, new["h"])]


def test_on_a_merge_the_oldest_id_survives_then_the_largest():
    first = assign(["a", "b"])
    second = assign(["a", "b", "cde"], first)
    ids = by_record(["a", "b", "cde"], second)
    older = assign(["acde", "b"], second)
    assert by_record(["acde", "b"], older)["c"] == ids["a"]
    assert events(older) == [("merged", ids["c"], ids["a"])]
    assert status(older)[ids["c"]] == "retired"
    start = assign(["a", "bc"])
    larger = assign(["abc"], start)
    assert by_record(["abc"], larger)["a"] == by_record(["a", "bc"], start)["b"]


def test_on_a_split_the_largest_part_keeps_the_id():
    before = assign(["abc"])
    old = by_record(["abc"], before)["a"]
    after = assign(["a", "bc"], before)
    new = by_record(["a", "bc"], after)
    assert new["b"] == new["c"] == old
    assert events(after) == [("split", old, new["a"])]


def test_a_retired_id_is_never_given_again():
    before = assign(["a", "b"])
    old = by_record(["a", "b"], before)
    merged = assign(["ab"], before)
    kept = by_record(["ab"], merged)["a"]
    apart = assign(["a", "b"], merged)
    new = by_record(["a", "b"], apart)
    (retired,) = set(old.values()) - {kept}
    assert kept in new.values()
    assert retired not in new.values()


def test_a_customer_who_was_away_gets_the_same_id_back():
    first = assign(["a", "b"])
    ids = by_record(["a", "b"], first)
    without = assign(["a"], first)
    assert status(without)[ids["b"]] == "absent"
    again = assign(["a", "b"], without)
    assert by_record(["a", "b"], again) == ids
    assert events(again) == [("returned", ids["b"], ids["b"])]


def test_part_of_a_customer_moved_to_another():
    before = assign(["abc", "d"])
    old = by_record(["abc", "d"], before)
    after = assign(["ab", "cd"], before)
    assert by_record(["ab", "cd"], after) == {
        "a": old["a"],
        "b": old["a"],
        "c": old["d"],
        "d": old["d"],
    }
    assert events(after) == [("moved", old["a"], old["d"])]


def slow_ids(book: IdBook, groups):
    """What carrying on must give, one cluster at a time; None for a fresh id."""
    owner = dict(
        zip(*(book.keys.column(c).to_pylist() for c in ("record_key", "customer_id")), strict=True)
    )
    order = book.ids.column("customer_id").to_pylist()
    since = {row["customer_id"]: row["since"] for row in book.ids.to_pylist()}
    size = {i: list(owner.values()).count(i) for i in owner.values()}
    text = dict(zip(NUMBERS, key_texts(keys(NUMBERS)).to_pylist(), strict=True))
    ranked = sorted(groups, key=lambda group: min(text[name] for name in group))
    best = {}
    for old in set(owner.values()):
        shares = [
            (-sum(owner.get(text[n]) == old for n in group), rank)
            for rank, group in enumerate(ranked)
        ]
        if shares and min(shares)[0] < 0:
            best[old] = min(shares)[1]
    result = {}
    for rank, group in enumerate(ranked):
        claims = [old for old, target in best.items() if target == rank]
        winner = min(
            claims, key=lambda old: (since[old], -size[old], order.index(old)), default=None
        )
        result.update(dict.fromkeys(group, winner))
    return result


@settings(max_examples=60, deadline=None)
@given(partitions, partitions, partitions)
def test_carrying_on_agrees_with_the_slow_way(first, second, third):
    one = assign(first)
    two = assign(second, one)
    three = assign(third, two)
    known = set(two.book.ids.column("customer_id").to_pylist())
    expected = slow_ids(two.book, third)
    for name, customer in by_record(third, three).items():
        assert customer == expected[name] if expected[name] else customer not in known


@settings(max_examples=60, deadline=None)
@given(partitions, partitions, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(first, second, random):
    def shuffled(groups):
        groups = ["".join(random.sample(group, len(group))) for group in groups]
        random.shuffle(groups)
        return groups

    other_first, other_second = shuffled(first), shuffled(second)
    one, other = assign(first), assign(other_first)
    assert by_record(first, one) == by_record(other_first, other)
    two, other_two = assign(second, one), assign(other_second, other)
    assert by_record(second, two) == by_record(other_second, other_two)
    assert two.history == other_two.history
    assert two.book.ids == other_two.book.ids


@settings(max_examples=60, deadline=None)
@given(partitions, partitions)
def test_every_cluster_has_one_id_of_its_own_and_the_book_knows_all(first, second):
    one = assign(first)
    two = assign(second, one)
    ids = by_record(second, two)
    for group in second:
        assert len({ids[name] for name in group}) == 1
    assert len(set(ids.values())) == len(second)
    states = status(two)
    assert {i for i, s in states.items() if s == "active"} == set(ids.values())
    assert states.keys() >= status(one).keys()
    remembered = two.book.keys.column("record_key").to_pylist()
    assert sorted(remembered) == sorted(key_texts(keys(set("".join(first + second)))).to_pylist())


@given(st.lists(st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))))
def test_texts_of_keys_can_be_read_back(numbers):
    given_keys = np.array(numbers, dtype=np.uint64).reshape(-1, 2)
    texts = key_texts(given_keys)
    read, sound = keys_of(pa.chunked_array([texts.slice(0, 1), texts.slice(1)]))
    assert sound.all()
    assert (read == given_keys).all()
    assert all(
        text == f"r{high:016x}{low:016x}"
        for text, (high, low) in zip(texts.to_pylist(), numbers, strict=True)
    )


def test_what_is_no_key_is_not_taken_for_one():
    good = key_texts(keys("a"))[0].as_py()
    texts = [good, None, "", good[:-1], good[:-1] + "g", "x" + good[1:], good]
    read, sound = keys_of(pa.array(texts))
    assert sound.tolist() == [True, False, False, False, False, False, True]
    assert (read[0] == read[6]).all()


def test_short_texts_keep_the_upper_sixty_bits():
    assert short_texts("C", np.array([0, 2**64 - 1, 16], dtype=np.uint64)).to_pylist() == [
        "C000000000000",
        "CZZZZZZZZZZZZ",
        "C000000000001",
    ]


def test_a_damaged_book_is_refused():
    book = assign(["a"]).book
    for damaged in (
        book.keys.set_column(0, "record_key", pa.array(["r1"])),
        book.keys.set_column(1, "customer_id", pa.array(["Cother"])),
    ):
        with pytest.raises(InputError) as caught:
            assign_ids(keys("a"), np.array([0]), previous=IdBook(damaged, book.ids))
        assert caught.value.key == "merge.book_damaged"
