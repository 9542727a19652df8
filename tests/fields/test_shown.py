"""What is shown of columns: masked samples, and a config to correct."""

from __future__ import annotations

import tomllib

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.fields import config_text, recognize
from custseg.fields.content import profiles
from custseg.fields.masks import mask, samples


@pytest.mark.parametrize(
    ("value", "role", "shown"),
    [
        ("山田太郎", "person_name", "山*太*"),
        ("山田 太郎", "person_name", "山* 太*"),
        ("John Smith", "person_name", "J*** S****"),
        ("taro@example.jp", "email", "t***@e***.jp"),
        ("a.b@mail.example.co.jp", None, "a***@m***.jp"),
        ("090-1234-5678", "phone", "090-****-5678"),
        ("+819012345678", "phone", "+819*****5678"),
        ("1234", "phone", "1***"),
        ("150-0001", "postal_code", "150-****"),
        ("1980-03-01", "birth_date", "1***-0*-0*"),
        ("rec-1496-org", "record_id", "r**-1***-o**"),
        ("東京都新宿区西新宿1-2-3", "address", "東*********-*-*"),
        ("女", "gender", "女"),
        ("true", "consent:email", "true"),
        ("緑茶 500ml", "product_name", "緑茶 500ml"),
        ("1200", "unit_price", "1200"),
        ("1200", "amount", "1***"),
        ("C536379", "order_id", "C******"),
    ],
)
def test_masks(value, role, shown):
    assert mask(value, role) == shown


@given(st.text(min_size=2, max_size=20), st.sampled_from(["person_name", "email", "phone", None]))
def test_a_persons_datum_is_never_shown_whole(value, role):
    letters = [c for c in value if c.isalnum()]
    if letters:
        assert mask(value, role) != value


def test_samples_do_not_depend_on_the_order_of_the_rows():
    cells = [f"person{n}@example.jp" for n in range(50)]
    shown = [
        samples(profiles(pa.table({"email": pa.array(order)}))["email"], "email")
        for order in (cells, cells[::-1])
    ]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 3
    assert all(sample.startswith("p***@e***.jp") for sample in shown[0])


def test_the_config_holds_the_guesses_and_can_be_read_back():
    table = pa.table(
        {
            '名 "a"\\b': pa.array(["佐藤 花子", "鈴木 一郎"]),
            "メール": pa.array(["a@x.jp", "b@x.jp"]),
            "職業": pa.array(["医師", "医師"]),
            "qq": pa.array(["?1 2", "x 3"]),
        }
    )
    guesses = recognize(table, kind="people", overrides={'名 "a"\\b': "person_name"})
    for language, word in (("en", "given by you"), ("ja", "指定された役割です")):
        written = config_text(guesses, language)
        assert tomllib.loads(written)["roles"] == {
            '名 "a"\\b': "person_name",
            "メール": "email",
            "職業": "attribute",
        }
        assert word in written
        assert '# "qq" = ""' in written


def test_of_two_guesses_for_one_column_the_surer_stands():
    sure = recognize(pa.table({"tel": pa.array(["090-1234-5678", "03-1234-5678"])}))
    doubtful = recognize(pa.table({"tel": pa.array(["a", "b"])}))
    assert config_text([*doubtful, *sure], "en") == config_text(sure, "en")
