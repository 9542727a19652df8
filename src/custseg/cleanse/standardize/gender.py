"""Gender: 男, M, 1 (ISO/IEC 5218, JIS X 0303) are male; 女, F, 2 female; その他 other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.text import clean
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

WORDS: Final = {
    **dict.fromkeys(
        words(
            """
            男 男性 男子 男児 おとこ オトコ 男の子 ♂ ♂️ m male man boy mr mr. sir masculine 1 01
            """
        ),
        "male",
    ),
    **dict.fromkeys(
        words(
            """
            女 女性 女子 女児 おんな オンナ 女の子 ♀ ♀️ f female woman girl mrs mrs. ms ms. miss
            madam feminine w 2 02
            """
        ),
        "female",
    ),
    **dict.fromkeys(
        words(
            """
            その他 そのほか 他 other others x nonbinary non-binary diverse 9 09 中性 両性
            ノンバイナリー xジェンダー どちらでもない
            """
        ),
        "other",
    ),
}

UNKNOWN: Final = frozenset(
    words(
        """
        0 00 u notknown notstated undisclosed prefernottosay prefernottoanswer notsay 回答しない
        答えたくない 無回答 未選択 選択なし 選択しない 回答拒否 非公開 秘密 不問 指定なし 法人
        団体 会社
        """
    )
)
"""Answers that say nothing: not known (ISO/IEC 5218: 0), not told, not a person."""

_IGNORED: Final = str.maketrans("", "", " ()[]【】「」・:")

_LEGENDS: Final = {"1男": "male", "2女": "female", "1男性": "male", "2女性": "female"}
_LEGENDS_MF: Final = {"男m": "male", "女f": "female", "m男": "male", "f女": "female"}


def standardize_gender(value: str, context: Context) -> Cell:
    """Read ``male``, ``female`` or ``other``; anything else is no gender."""
    del context
    text, _ = clean(value)
    word = text.lower().translate(_IGNORED)
    gender = WORDS.get(word) or _LEGENDS.get(word.replace(".", "")) or _LEGENDS_MF.get(word)
    if gender:
        return Cell(gender, Status.VALID if gender == value else Status.STANDARDIZED)
    if word in UNKNOWN:
        return Cell(None, Status.MISSING, "not_told")
    return Cell(None, Status.INVALID, "unknown_word")


def likeness(values: Sequence[str]) -> float:
    """Share of values that are words for a gender; numbers alone prove nothing."""
    folded = [clean(value)[0].lower().translate(_IGNORED) for value in values]
    if all(word.isdigit() for word in folded):
        return 0.0
    return sum(word in WORDS or word in UNKNOWN or word in _LEGENDS for word in folded) / len(
        folded
    )


GENDER: Final = Standardizer(cell=standardize_gender)

ROLES: Final = (
    Role(
        name="gender",
        label={"en": "gender", "ja": "性別"},
        about="``male``, ``female`` or ``other``; 0 to 9 as in ISO/IEC 5218.",
        headers=words(
            """
            gender sex gender_code sex_code gender_cd sex_cd male_female m_f 性別 性 男女 男女別
            性別コード 性別CD 性別区分 ご性別 男女区分
            """
        ),
        likeness=likeness,
        standardizer=GENDER,
        examples=(("男", "male"), ("F", "female"), ("2", "female"), ("その他", "other")),
        telling=0.8,
    ),
)
