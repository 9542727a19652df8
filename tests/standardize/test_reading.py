"""Readings: one key for what sounds alike, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.cleanse.standardize.reading import (
    kana_key,
    kana_of_romaji,
    kana_weak_key,
    katakana,
    reading_key,
)
from custseg.cleanse.standardize.text import fold

KANA = st.text(
    st.sampled_from("アイウエオカガキャュョッツヅヂジズンーヴァヽヾ ・ヲヰ"), max_size=12
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("タナカ タロウ", "たなか　たろう"),
        ("リョウ", "リヨウ"),
        ("ハットリ", "ハツトリ"),
        ("ミヅホ", "ミズホ"),
        ("チヂワ", "チジワ"),
        ("カヲル", "カオル"),
        ("オオノ", "オーノ"),
        ("コウジ", "コージ"),
        ("ケイコ", "ケーコ"),
        ("ユウコ", "ゆーこ"),
        ("すゞき", "スズキ"),
        ("みすゝ", "ミスス"),
        ("マイケル・ジャクソン", "マイケル ジヤクソン"),
        ("ヴィクトリア", "ビクトリア"),
    ],
)
def test_writings_of_one_reading_have_one_key(one: str, other: str) -> None:
    assert kana_key(one) == kana_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("オオノ", "オノ"), ("ユウカ", "ユカ"), ("ナカジマ", "ナカシマ"), ("ヤマザキ", "ヤマサキ")],
)
def test_near_readings_agree_in_the_weak_key_alone(one: str, other: str) -> None:
    assert kana_key(one) != kana_key(other)
    assert kana_weak_key(one) == kana_weak_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("サトウ", "イトウ"), ("カナ", "カンナ"), ("ミカ", "リカ")]
)
def test_other_readings_differ_in_every_key(one: str, other: str) -> None:
    assert kana_weak_key(one) != kana_weak_key(other)


@pytest.mark.parametrize(
    ("word", "kana"),
    [
        *(
            ("Yamada", "ヤマダ"),
            ("Shinji", "シンジ"),
            ("Sinzi", "シンジ"),
            ("Jun'ichi", "ジュンイチ"),
        ),
        *(("Hattori", "ハットリ"), ("Itchi", "イッチ"), ("Hacchi", "ハッチ"), ("Homma", "ホンマ")),
        *(
            ("Ohno", "オーノ"),
            ("Ohara", "オハラ"),
            ("Satō", "サトー"),
            ("Tyuuzyou", "チュウジョウ"),
        ),
        *(("Smith", None), ("Lee", None), ("", None), ("山田", None), ("Q", None)),
    ],
)
def test_romaji_reads_as_kana(word: str, kana: str | None) -> None:
    assert kana_of_romaji(word) == kana


@pytest.mark.parametrize(
    "writings",
    [
        ("Sato", "Satoh", "Satou", "Satō", "サトウ", "さとう", "ｻﾄｳ"),
        ("Ohtsuka", "Otsuka", "Ootuka", "オオツカ"),
        ("Shinjou", "Sinzyo", "Shinjō", "シンジョウ"),
    ],
)
def test_one_key_for_every_spelling_of_a_sound(writings: tuple[str, ...]) -> None:
    assert len({reading_key(fold(writing)) for writing in writings}) == 1


@given(st.text())
def test_no_text_breaks_a_key(text: str) -> None:
    kana_key(text), kana_weak_key(text), reading_key(text), kana_of_romaji(text)


@given(KANA)
def test_hiragana_has_the_keys_of_katakana(kana: str) -> None:
    hiragana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in kana)
    assert katakana(hiragana) == kana
    assert kana_key(hiragana) == kana_key(kana)
    assert kana_weak_key(hiragana) == kana_weak_key(kana)
