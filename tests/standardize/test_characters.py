"""Old and confused characters: folded in keys, one character to one."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.characters import (
    CONFUSED,
    OLD_FORMS,
    fold_confused,
    fold_variants,
    fold_variants_of,
    variant_table,
)


@pytest.mark.parametrize(
    ("old", "common"),
    [
        *(("髙橋", "高橋"), ("山﨑", "山崎"), ("渡邉", "渡辺"), ("渡邊", "渡辺"), ("𠮷田", "吉田")),
        *(("濵田", "浜田"), ("濱田", "浜田"), ("澤田", "沢田"), ("廣瀬", "広瀬"), ("齋藤", "斎藤")),
        *(("國分", "国分"), ("邊見", "辺見"), ("渡邊\U000e0100", "渡辺"), ("\ufa19田", "神田")),
        *(("德永", "徳永"), ("黑川", "黒川"), ("柳\ufe00", "柳"), ("栁", "柳"), ("桒原", "桑原")),
        *(("眞鍋", "真鍋"), ("惠子", "恵子"), ("𫝆井", "今井"), ("冴\u51b1", "冴冴"), ("圓", "円")),
    ],
)
def test_old_forms_fold_to_the_common_one(old: str, common: str) -> None:
    assert fold_variants(old) == common


@pytest.mark.parametrize(
    ("one", "other"),
    [("斉藤", "斎藤"), ("斉藤", "齋藤"), ("一朗", "一郎"), ("荻原", "萩原"), ("阪本", "坂本")],
)
def test_confused_characters_agree_in_the_weak_fold_alone(one: str, other: str) -> None:
    assert fold_variants(one) != fold_variants(other)
    assert fold_confused(one) == fold_confused(other)


@pytest.mark.parametrize(
    ("one", "other"), [("大田", "太田"), ("河合", "川合"), ("裕子", "祐子"), ("佐藤", "伊藤")]
)
def test_different_characters_never_fold(one: str, other: str) -> None:
    assert fold_confused(one) != fold_confused(other)


def test_no_character_has_two_common_forms() -> None:
    for table in (OLD_FORMS, CONFUSED):
        characters = [character for entry in table for character in entry]
        assert len(characters) == len(set(characters))


def test_what_is_common_stays() -> None:
    table = variant_table()
    assert all(common.translate(table) == common for common in table.values() if common)


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("高髙崎﨑辺邊\U000e0100渡ab 吉𠮷\ufa19"), max_size=6)))
def test_a_column_folds_as_its_cells_do(values: list[str]) -> None:
    folded = fold_variants_of(pa.array(values, pa.string()))
    assert folded.to_pylist() == [fold_variants(value) for value in values]
