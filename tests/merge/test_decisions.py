"""What a person may answer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from custseg.cleanse.merge.codes import key_texts
from custseg.cleanse.merge.decisions import contradictions, decided_pairs, follow, read_decisions
from custseg.errors import InputError

KEYS = np.array([[5, 1], [3, 1], [9, 1], [3, 2]], dtype=np.uint64)
TEXTS = key_texts(KEYS).to_pylist()


def answers(*rows):
    return pa.table(
        {
            name: pa.array([row[at] for row in rows], pa.string())
            for at, name in enumerate(("left_key", "right_key", "decision"))
        }
    )


@pytest.mark.parametrize(
    ("word", "decision"),
    [
        ("same", "same"),
        ("ＳＡＭＥ", "same"),
        (" 同じ ", "same"),
        ("○", "same"),
        ("Yes", "same"),
        ("different", "different"),
        ("違う", "different"),
        ("別人", "different"),
        ("×", "different"),
    ],
)
def test_words_are_taken_as_people_write_them(word, decision):
    (row,) = read_decisions(answers((TEXTS[0], TEXTS[1], word))).to_pylist()
    assert row == {"left_key": TEXTS[1], "right_key": TEXTS[0], "decision": decision}


def test_empty_decisions_are_none():
    assert read_decisions(answers((TEXTS[0], TEXTS[1], None), ("x", "y", "  "))).num_rows == 0


@pytest.mark.parametrize(
    ("rows", "key", "params"),
    [
        (
            [(TEXTS[0], TEXTS[1], "same"), (TEXTS[0], TEXTS[2], "perhaps")],
            "merge.decision_word",
            {"row": 2},
        ),
        ([(TEXTS[0], "r12", "same")], "merge.decision_key", {"row": 1}),
        (
            [(TEXTS[0], TEXTS[1], "same"), (TEXTS[1], TEXTS[0], "no")],
            "merge.decision_twice",
            {"first": 1, "second": 2},
        ),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_row(rows, key, params):
    with pytest.raises(InputError) as caught:
        read_decisions(answers(*rows))
    assert (caught.value.key, caught.value.params) == (key, params)


def test_a_table_without_the_columns_is_refused():
    with pytest.raises(InputError, match="left_key, right_key"):
        read_decisions(pa.table({"decision": ["same"]}))


def test_decisions_find_their_records():
    gone = key_texts(np.array([[7, 7]], dtype=np.uint64))[0].as_py()
    decided = decided_pairs(
        read_decisions(
            answers(
                (TEXTS[0], TEXTS[1], "same"),
                (TEXTS[3], TEXTS[2], "different"),
                (TEXTS[0], gone, "same"),
            )
        ),
        KEYS,
    )
    assert decided.pairs.same.tolist() == [[1, 0]]
    assert decided.pairs.different.tolist() == [[3, 2]]
    assert decided.elsewhere == 1
    none = decided_pairs(read_decisions(answers()), KEYS)
    assert none.pairs.same.shape == (0, 2)


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ({"ab": "same", "bc": "same", "ac": "different"}, {"ac": ["ab", "bc"]}),
        ({"ab": "same", "bc": "same", "ac": "same"}, {}),
        ({"ab": "same", "cd": "same", "ac": "different"}, {}),
        ({"ab": "different", "bc": "different", "ac": "different"}, {}),
        # The shortest chain, in its order from the smaller key.
        (
            {"ab": "same", "bc": "same", "cd": "same", "ae": "same", "de": "same"}
            | {"ad": "different", "bd": "different"},
            {"ad": ["ae", "de"], "bd": ["bc", "cd"]},
        ),
        ({}, {}),
    ],
)
def test_answers_that_contradict_each_other_are_found(pairs, found):
    said = {(pair[0], pair[1]): decision for pair, decision in pairs.items()}
    assert {
        "".join(different): ["".join(pair) for pair in same]
        for different, same in contradictions(said)
    } == found


def test_decisions_follow_records_that_were_corrected():
    said = ((TEXTS[0], TEXTS[1], "same"), (TEXTS[3], TEXTS[2], "different"))
    decided = read_decisions(answers(*said))
    assert follow(decided, KEYS, KEYS) is decided
    now = KEYS.copy()
    now[[1, 2]] = [[7, 8], [0, 1]]
    texts = key_texts(now).to_pylist()
    moved = ((texts[0], texts[1], "same"), (texts[3], texts[2], "different"))
    assert follow(decided, now, KEYS).equals(read_decisions(answers(*moved)))
