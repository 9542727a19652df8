"""Recognizing columns: headers, content, both, neither."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.errors import UsageError
from custseg.fields import recognize, role_map
from custseg.fields.content import SAMPLE_ROWS, _taken, profiles, sampled_rows

NAMES = ["佐藤 花子", "鈴木 一郎", "高橋 健太", "田中 美咲", "伊藤 翔", "渡辺 陽子"]
EMAILS = [f"person{n}@example.jp" for n in range(6)]
PHONES = [f"090-1234-56{n}8" for n in range(10, 16)]
BIRTHS = ["1955-02-03", "1962-07-08", "1971-11-12", "1980-01-30", "1993-05-06", "2001-09-10"]
DAYS = [f"2024-05-1{n}" for n in range(6)]


def table(**columns):
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def guesses(given_table, kind="people", **overrides):
    return {g.column: g for g in recognize(given_table, kind=kind, overrides=overrides)}


def test_columns_without_a_telling_header_are_known_by_what_they_hold():
    found = guesses(
        table(
            col1=["A-1", "A-2", "A-3", "A-4", "A-5", "A-6"],
            col2=NAMES,
            col3=EMAILS,
            col4=PHONES,
            col5=BIRTHS,
            col6=DAYS,
        )
    )
    assert {column: guess.role for column, guess in found.items()} == {
        "col1": "record_id",
        "col2": "person_name",
        "col3": "email",
        "col4": "phone",
        "col5": "birth_date",
        "col6": "date",
    }
    assert found["col3"].reason.key == "fields.reason.content"


def test_header_and_content_together_are_surest():
    both = guesses(table(email=EMAILS))["email"]
    content = guesses(table(col1=EMAILS))["col1"]
    doubted = guesses(table(email=["a", "b", "c", "d", "e", "f"]))["email"]
    assert both.confidence > content.confidence > doubted.confidence > 0.4
    assert both.reason.key == "fields.reason.both"
    assert doubted.reason.key == "fields.reason.doubt"


def test_content_that_contradicts_the_header_wins_and_says_so():
    guess = guesses(table(phone=EMAILS))["phone"]
    assert guess.role == "email"
    assert guess.reason.key == "fields.reason.against"
    assert guess.reason.params["header_role"] == "phone"
    assert guess.confidence < guesses(table(email=EMAILS))["email"].confidence
    assert "phone" in dict(guess.alternatives)


def test_an_empty_column_is_known_by_its_header_alone():
    found = guesses(table(email=[None] * 6, x=[None] * 6, tel=["-", "なし", None, "", "-", "N/A"]))
    assert (found["email"].role, found["email"].reason.key) == ("email", "fields.reason.empty")
    assert (found["x"].role, found["x"].reason.key) == (None, "fields.reason.no_values")
    assert found["tel"].role == "phone"


def test_a_number_of_customers_is_a_record_id_while_it_does_not_repeat():
    unique = guesses(table(会員番号=["1", "2", "3", "4"], 氏名=NAMES[:4]))
    assert unique["会員番号"].role == "record_id"
    repeated = guesses(table(会員番号=["1", "2", "2", "4"], 氏名=NAMES[:4]))
    assert repeated["会員番号"].role == "identifier"
    assert repeated["会員番号"].confidence < unique["会員番号"].confidence
    gaps = guesses(table(会員番号=["1", None, "2", "4"], 氏名=NAMES[:4]))
    assert gaps["会員番号"].role == "record_id"


def test_a_number_kept_by_a_person_is_an_identifier_even_where_it_is_unique():
    assert guesses(table(soc_sec_id=["11", "22", "33"]))["soc_sec_id"].role == "identifier"


def test_one_record_id_at_most():
    found = guesses(table(id=["1", "2", "3"], 会員番号=["7", "8", "9"]))
    assert found["id"].role == "record_id"
    assert found["会員番号"].role is None
    assert found["会員番号"].reason.params["by"] == "id"
    assert not found["会員番号"].attribute


def test_phones_may_be_several_names_may_not():
    found = guesses(table(電話=PHONES, 携帯=PHONES[::-1], 氏名=NAMES, 名前=NAMES))
    assert found["電話"].role == found["携帯"].role == "phone"
    assert {found["氏名"].role, found["名前"].role} == {"person_name", None}


def test_where_the_goods_go_is_not_the_customer():
    found = guesses(table(電話番号=PHONES, お届け先電話番号=PHONES[::-1]))
    assert found["電話番号"].role == "phone"
    assert found["お届け先電話番号"].role is None


def test_traits_of_a_person_may_serve_as_evidence():
    jobs = ["医師", "教師", "医師", "教師", "医師", "教師"] * 2
    found = guesses(
        table(
            職業=jobs,
            会員ランク=["金", "銀", "銀", "金", "銀", "金"] * 2,
            点数=["1", "2", "1", "2", "1", "2"] * 2,
            店舗=["渋谷", "新宿"] * 6,
            氏名=NAMES * 2,
        )
    )
    assert {c for c, g in found.items() if g.attribute} == {"職業", "会員ランク"}
    assert found["職業"].role is None
    assert role_map(found.values())["職業"] == "attribute"
    assert found["店舗"].reason.key == "fields.reason.other_table"


def test_a_name_beside_a_family_name_is_the_given_name():
    apart = guesses(table(注文者姓=["佐藤", "鈴木"], 注文者名=["花子", "一郎"]))
    assert apart["注文者名"].role == "given_name"
    assert guesses(table(注文者名=NAMES))["注文者名"].role == "person_name"


def test_consent_names_its_channel():
    found = guesses(table(メルマガ=["希望する", "希望しない"] * 3, DM可否=["可", "不可"] * 3))
    assert found["メルマガ"].role == "consent:email"
    assert found["DM可否"].role == "consent:dm"


def test_an_order_table_is_known_without_being_told():
    found = guesses(
        table(
            受注番号=["1", "1", "2", "3", "4", "5"],
            会員番号=["7"] * 6,
            注文日=DAYS,
            商品名=["茶"] * 6,
            数量=["1"] * 6,
            単価=["100"] * 6,
            小計=["100"] * 6,
            氏名=NAMES,
        ),
        kind="any",
    )
    assert {column: guess.role for column, guess in found.items()} == {
        "受注番号": "order_id",
        "会員番号": "customer_id",
        "注文日": "order_date",
        "商品名": "product_name",
        "数量": "quantity",
        "単価": "unit_price",
        "小計": "amount",
        "氏名": "person_name",
    }


def test_the_date_of_an_order_table_is_the_order_date():
    assert guesses(table(日付=DAYS, 金額=["1"] * 6), kind="orders")["日付"].role in (
        "order_date",
        "date",
    )


def test_overrides_stand_and_keep_their_role():
    given_table = table(a=NAMES, 氏名=NAMES, b=EMAILS, c=["x"] * 6)
    found = guesses(given_table, a="person_name", b="ignore", c="attribute")
    assert found["a"].role == "person_name"
    assert found["a"].confidence == 1.0
    assert found["氏名"].role is None
    assert found["b"].role == "ignore"
    assert (found["c"].role, found["c"].attribute) == (None, True)


@pytest.mark.parametrize(
    ("overrides", "key", "nearest"),
    [
        ({"emial": "email"}, "fields.unknown_column", "email"),
        ({"email": "e-mail"}, "fields.unknown_role", "email"),
        ({"email": "consent:"}, "fields.unknown_role", "consent"),
    ],
)
def test_a_wrong_override_names_the_nearest(overrides, key, nearest):
    with pytest.raises(UsageError) as caught:
        recognize(table(email=EMAILS, tel=PHONES), overrides=overrides)
    assert caught.value.key == key
    assert caught.value.params["nearest"].split(", ")[0] == nearest


def test_a_single_role_is_not_given_twice():
    with pytest.raises(UsageError) as caught:
        recognize(table(a=NAMES, b=NAMES), overrides={"a": "person_name", "b": "person_name"})
    assert caught.value.key == "fields.role_twice"


columns = st.dictionaries(
    st.sampled_from(
        ["col1", "id", "会員番号", "name", "phone", "電話2", "memo", "住所", "date", "x"]
    ),
    st.sampled_from(
        [
            NAMES,
            EMAILS,
            PHONES,
            BIRTHS,
            DAYS,
            list("123456"),
            list("112233"),
            [None] * 6,
            ["a", "b", "a", "b", "a", None],
        ]
    ),
    max_size=7,
)


@settings(max_examples=25, deadline=None)
@given(columns, st.randoms(use_true_random=False))
def test_the_order_of_columns_and_rows_changes_no_guess(cells, random):
    names = list(cells)
    random.shuffle(names)
    order = list(range(6))
    random.shuffle(order)
    other = {name: [cells[name][at] for at in order] for name in names}
    assert guesses(table(**cells), kind="any") == guesses(table(**other), kind="any")


@settings(max_examples=25, deadline=None)
@given(columns)
def test_single_roles_are_given_once_and_confidence_is_a_share(cells):
    from custseg.fields.registry import roles

    found = list(guesses(table(**cells)).values())
    single = [g.role for g in found if g.role and not roles()[g.role.partition(":")[0]].several]
    assert len(single) == len(set(single))
    assert all(0 <= guess.confidence <= 1 for guess in found)
    assert all(guess.reason.text(language) for guess in found for language in ("en", "ja"))


def test_tables_without_rows_or_columns():
    assert recognize(pa.table({})) == []
    assert guesses(table(email=[], x=[]))["email"].role == "email"


def test_typed_columns_are_looked_at_as_text():
    typed = pa.table({"id": [1, 2, 3], "email": EMAILS[:3]})
    assert guesses(typed)["id"].role == "record_id"


def test_the_sample_of_a_large_table_does_not_depend_on_the_order():
    count = 3 * SAMPLE_ROWS
    cells = pa.array([f"person{n}@example.jp" for n in range(count)])
    kinds = pa.array([("a", "b", None)[n % 3] for n in range(count)])
    one = pa.table({"email": cells, "kind": kinds})
    other = pa.table({"kind": kinds[::-1], "email": cells[::-1]})
    chosen = [
        sorted(t.column("email").take(pa.array(sampled_rows(t))).to_pylist()) for t in (one, other)
    ]
    assert chosen[0] == chosen[1]
    assert 0.9 * SAMPLE_ROWS < len(chosen[0]) < 1.1 * SAMPLE_ROWS
    assert profiles(one)["email"].values == profiles(other)["email"].values
    assert profiles(one)["email"].unique


def test_rows_of_a_sample_are_those_of_the_whole_in_order() -> None:
    chunks = [[f"a{at}" for at in range(size)] for size in (3, 0, 5, 1)]
    table = pa.table({"x": pa.chunked_array(chunks, pa.string())})
    rows = np.array([0, 2, 3, 7, 8])
    assert _taken(table, rows).to_pylist() == table.take(pa.array(rows)).to_pylist()
    assert _taken(table, rows[:0]).num_rows == 0


def test_a_number_with_its_town_before_it_is_a_block_under_that_header():
    cells = ["丸の内1-9-1", "栄町１丁目２番", "1-2-3", "2丁目3番4号", "大手町2-3", "銀座4-5-6"]
    assert guesses(table(番地=cells))["番地"].reason.key == "fields.reason.both"
    assert guesses(table(番地=NAMES))["番地"].reason.key != "fields.reason.both"
