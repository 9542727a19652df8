"""What a person is asked."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from custseg.cleanse.merge.codes import key_texts
from custseg.cleanse.merge.decisions import read_decisions
from custseg.cleanse.merge.review import questions, review_table

KEYS = np.array([[5, 1], [3, 1], [9, 1], [3, 2]], dtype=np.uint64)
TEXTS = key_texts(KEYS).to_pylist()
ROLES = {"family_name": "family_name", "phone": "phone", "email": "email"}
RECORDS = pa.table(
    {
        "source": ["a.csv"] * 4,
        "row": pa.array([1, 2, 3, 4]),
        "family_name": ["佐藤", "鈴木", "=HYPERLINK(1)", "@sum"],
        "phone": ["+81312345678", None, "-5", None],
        "email": pa.nulls(4, pa.string()),
        "memo": ["not shown"] * 4,
    }
)


def links(*pairs, **agree):
    return pa.table(
        {
            "left": pa.array([pair[0] for pair in pairs], pa.int64()),
            "right": pa.array([pair[1] for pair in pairs], pa.int64()),
            "probability": pa.array([pair[2] for pair in pairs], pa.float64()),
            "decision": pa.array([pair[3] for pair in pairs], pa.string()),
            **{
                f"agree_{name}": pa.array(levels).dictionary_encode()
                for name, levels in agree.items()
            },
        }
    )


def review(table, clusters=(0, 1, 2, 3), **options):
    return review_table(table, RECORDS, ROLES, KEYS, np.array(clusters), **options).to_pylist()


def test_only_pairs_in_doubt_are_shown_the_likeliest_first():
    table = links((0, 1, 0.6, "review"), (0, 2, 0.99, "match"), (2, 3, 0.8, "review"))
    assert [(row["left_row"], row["right_row"], row["probability"]) for row in review(table)] == [
        ("4", "3", "80%"),
        ("2", "1", "60%"),
    ]


def test_both_records_stand_side_by_side_without_columns_that_say_nothing():
    (row,) = review(links((0, 1, 0.6, "review")))
    assert list(row) == [
        "decision",
        "now",
        "doubt",
        "probability",
        "left_source",
        "right_source",
        "left_row",
        "right_row",
        "left_family_name",
        "right_family_name",
        "left_phone",
        "right_phone",
        "left_key",
        "right_key",
    ]
    assert row["decision"] is None
    assert (row["left_family_name"], row["right_family_name"]) == ("鈴木", "佐藤")
    assert (row["left_key"], row["right_key"]) == (TEXTS[1], TEXTS[0])


def test_no_cell_runs_in_a_spreadsheet():
    (row,) = review(links((2, 3, 0.6, "review")))
    assert {row["left_family_name"], row["right_family_name"]} == {"'=HYPERLINK(1)", "'@sum"}
    assert row["right_phone"] == "'-5"


@pytest.mark.parametrize(
    ("agree", "language", "doubt"),
    [
        ({"phone": "different", "birth_date": "different"}, "en", "date of birth, phone number"),
        ({"birth_date": "close", "phone": "different"}, "ja", "電話番号, 生年月日"),
        ({"birth_date": "same", "phone": "missing"}, "en", "too little to go by"),
        ({"area": "region", "職業": "different"}, "ja", "職業, 地域"),
    ],
)
def test_the_decisive_conflict_comes_first(agree, language, doubt):
    table = links((0, 1, 0.6, "review"), **{name: [level] for name, level in agree.items()})
    assert review(table, language=language)[0]["doubt"] == doubt


def test_a_field_that_says_nothing_is_no_doubt():
    table = links((0, 1, 0.6, "review"), phone=["different"], shade=["different"])
    assert review(table)[0]["doubt"] == "phone number, shade"
    assert review(table, silent=["shade"])[0]["doubt"] == "phone number"


def test_sure_records_that_stay_apart_are_told_so():
    table = links((0, 1, 0.97, "review"), (0, 2, 0.97, "review"), phone=["same", "different"])
    assert [row["doubt"] for row in review(table)] == [
        "what else belongs to the two customers",
        "phone number",
    ]
    (joined, _) = review(table, clusters=(0, 0, 2, 3))
    assert joined["doubt"] == "too little to go by"


@pytest.mark.parametrize(("share", "shown"), [(0.8999, "89%"), (0.57, "57%"), (0.9999, "99%")])
def test_a_probability_is_never_shown_as_more_than_it_is(share, shown):
    assert review(links((0, 1, share, "review")))[0]["probability"] == shown


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["joined", "apart"]), ("ja", ["統合済み", "別の顧客"])]
)
def test_a_question_says_how_it_stands_now(language, words):
    table = links((0, 1, 0.8, "review"), (0, 2, 0.6, "review"))
    asked = review(table, clusters=(0, 0, 2, 3), language=language)
    assert [row["now"] for row in asked] == words


def test_of_two_customers_and_of_what_holds_one_together_the_likeliest_is_asked():
    keys = np.column_stack([np.array([7, 3, 9, 1, 5, 8, 2]), np.zeros(7)]).astype(np.uint64)
    clusters = np.array([0, 0, 0, 0, 4, 4, 6])
    table = links(
        (0, 1, 0.99, "match"),  # sure
        (0, 2, 0.6, "review"),  # weaker than 1-2
        (0, 6, 0.7, "review"),  # of two customers, likelier than 1-6
        (1, 2, 0.8, "review"),  # holds 2 to the others
        (1, 3, 0.7, "review"),  # weaker than 2-3
        (1, 6, 0.6, "review"),
        (2, 3, 0.75, "review"),  # holds 3 to the others
        (4, 5, 0.99, "match"),
        (4, 6, 0.6, "review"),  # as likely as 5-6, with the smaller keys
        (5, 6, 0.6, "review"),
    )

    def pairs(found, of=range(7)):
        ends = zip(found["left"].to_pylist(), found["right"].to_pylist(), strict=True)
        return {tuple(sorted((of[a], of[b]))) for a, b in ends}

    asked = {(0, 1), (0, 6), (1, 2), (2, 3), (4, 5), (4, 6)}
    assert pairs(questions(table, clusters, keys)) == asked
    assert pairs(questions(table, clusters, keys, least=0.65)) == asked - {(4, 6)}
    # The rows in another order ask the same.
    order = [4, 6, 1, 0, 5, 3, 2]
    place = np.argsort(order)
    moved = [
        (*sorted((int(place[row["left"]]), int(place[row["right"]]))), *list(row.values())[2:])
        for row in table.to_pylist()
    ]
    again = questions(links(*sorted(moved)), clusters[order], keys[order])
    assert pairs(again, order) == asked


def test_what_was_decided_is_not_asked_again():
    table = links((0, 1, 0.6, "review"), (2, 3, 0.8, "review"))
    said = {"left_key": TEXTS[:1], "right_key": TEXTS[1:2], "decision": ["different"]}
    decided = read_decisions(pa.table(said))
    assert [row["left_row"] for row in review(table, decisions=decided)] == ["4"]
