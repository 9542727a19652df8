"""Readings of names in kana: full-width katakana, one space between family and given name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.mojibake import LOSSY
from custseg.cleanse.standardize.name_words import without_honorific
from custseg.cleanse.standardize.reading import kana_key, kana_weak_key, katakana
from custseg.cleanse.standardize.text import clean, cleaned_at_once, fold, status_of
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

_HYPHEN: Final = re.compile("(?<=[ァ-ヺー])[-‐‑–—―−─]+(?=[ァ-ヺ]|$| )")
_SEPARATOR: Final = re.compile("[ ,、，_/／]+")
_ALLOWED: Final = re.compile("[ァ-ヺーヽヾ・ .A-Za-z'’]+")
_SOME: Final = re.compile("[ァ-ヺ]")
_PLAIN: Final = "^[ァ-ヺ][ァ-ヺー]*$"
_SPACED: Final = "^([ァ-ヺ][ァ-ヺー]*) ([ァ-ヺ][ァ-ヺー]*)$"
_COURTESY: Final = "(?:サマ|サン|クン|チャン)(?: |$)"


def standardize_kana(value: str, context: Context) -> Cell:
    """Write a full reading in katakana; a space parts it into family and given name."""
    cell = standardize_kana_part(value, context)
    if cell.value is None or cell.status == Status.INVALID:
        return cell
    family, _, given = cell.value.partition(" ")
    if not given:
        return cell
    # As they would be written in columns of their own: the courtesy may stand between them.
    return cell._replace(
        parts=tuple(standardize_kana_part(part, context).value for part in (family, given))
    )


def standardize_kana_part(value: str, context: Context) -> Cell:
    """Write a reading in full-width katakana; what is no kana stays and is invalid."""
    del context
    text, reason = clean(value)
    if reason == LOSSY:
        return Cell(value, Status.INVALID, LOSSY)
    kana = _HYPHEN.sub("ー", katakana(text))
    kana = _SEPARATOR.sub(" ", kana).strip()
    bare = without_honorific(kana)
    if not (_ALLOWED.fullmatch(bare) and _SOME.search(bare)):
        return Cell(value, Status.INVALID, "not_kana")
    if bare != kana:
        reason = reason or "honorific_removed"
    return Cell(bare, status_of(value, bare, reason), reason)


def shortcut_kana(values: pa.Array, context: Context) -> Settled:
    """Settle full readings in katakana of either width."""
    del context
    standard = pc.fill_null(cleaned_at_once(values), "")
    spaced = pc.match_substring_regex(standard, _SPACED)
    plain = pc.match_substring_regex(standard, _PLAIN)
    mask = pc.and_not(pc.or_(spaced, plain), pc.match_substring_regex(standard, _COURTESY))
    nothing = pa.scalar(None, pa.string())
    pieces = pc.extract_regex(pc.if_else(spaced, standard, nothing), "^(?P<f>[^ ]+) (?P<g>.+)$")
    return Settled(
        mask.to_numpy(zero_copy_only=False),
        standard,
        _written(values, standard),
        (pc.struct_field(pieces, "f"), pc.struct_field(pieces, "g")),
    )


def shortcut_kana_part(values: pa.Array, context: Context) -> Settled:
    """Settle the readings of one word in katakana of either width."""
    del context
    standard = pc.fill_null(cleaned_at_once(values), "")
    plain = pc.match_substring_regex(standard, _PLAIN)
    mask = pc.and_not(plain, pc.match_substring_regex(standard, _COURTESY))
    return Settled(mask.to_numpy(zero_copy_only=False), standard, _written(values, standard))


def _written(values: pa.Array, standard: pa.Array) -> npt.NDArray[np.int8]:
    """Status of cells whose writing alone was changed."""
    changed = pc.not_equal(values, standard).to_numpy(zero_copy_only=False)
    return np.where(changed, Status.STANDARDIZED, Status.VALID).astype(np.int8)


def likeness(values: Sequence[str]) -> float:
    """Share of values that are a full reading: kana, most of them in two words."""
    return _share(values, spaced=True)


def likeness_part(values: Sequence[str]) -> float:
    """Share of values that are the reading of one name: kana in one word."""
    return _share(values, spaced=False)


def _share(values: Sequence[str], *, spaced: bool) -> float:
    readings = [katakana(fold(value)) for value in values]
    fitting = [r for r in readings if _ALLOWED.fullmatch(r) and _SOME.search(r) and len(r) <= 30]
    two_words = sum(" " in reading for reading in fitting)
    if not fitting or (2 * two_words >= len(fitting)) != spaced:
        return 0.5 * len(fitting) / len(values) if spaced and fitting else 0.0
    return len(fitting) / len(values)


KANA: Final = Standardizer(
    cell=standardize_kana,
    parts=("family_kana", "given_kana"),
    shortcut=shortcut_kana,
    null_markers=False,
    key=kana_key,
    weak_key=kana_weak_key,
)

KANA_PART: Final = Standardizer(
    cell=standardize_kana_part,
    shortcut=shortcut_kana_part,
    null_markers=False,
    key=kana_key,
    weak_key=kana_weak_key,
)

ROLES: Final = (
    Role(
        name="kana",
        label={"en": "reading", "ja": "フリガナ"},
        about="The reading of a full name: full-width katakana, a space before the given name.",
        headers=words(
            """
            kana name_kana kana_name katakana furigana full_name_kana fullname_kana yomi yomigana
            name_yomi phonetic phonetic_name name_phonetic name_reading customer_name_kana
            フリガナ ふりがな カナ かな 氏名カナ 氏名かな 氏名フリガナ 氏名ふりがな カナ氏名
            お名前カナ お名前フリガナ 名前カナ 名前かな 名前フリガナ 顧客名カナ 顧客名フリガナ
            会員名カナ 氏名（カナ） 氏名（フリガナ） 氏名（かな） お名前（カナ） お名前（フリガナ）
            名前（カナ） ヨミ よみ ヨミガナ 読み 読み仮名 読みがな 名前読み 氏名読み シメイ ナマエ
            漢字氏名カナ 氏名_カナ カナ漢字氏名 半角カナ氏名 全角カナ氏名 会員カナ 会員名フリガナ
            """
        ),
        header_patterns=(
            r"(氏名|名前|顧客名|会員名|お客様名)[(（_]?(フリガナ|ふりがな|カナ|かな|ヨミ|よみ)",
        ),
        likeness=likeness,
        standardizer=KANA,
        examples=(("たなか　たろう", "タナカ タロウ"), ("ﾀﾅｶ ﾀﾛｳ", "タナカ タロウ")),
        telling=0.8,
    ),
    Role(
        name="family_kana",
        label={"en": "reading of the family name", "ja": "姓のフリガナ"},
        about="The reading of a family name in full-width katakana.",
        headers=words(
            """
            family_kana family_name_kana last_name_kana lastname_kana surname_kana sei_kana
            kana_family kana_last kana_last_name kana_family_name kana_sei last_kana
            phonetic_last_name last_name_phonetic last_name_reading family_name_reading
            last_name_furigana 姓カナ 姓かな 姓フリガナ 姓ふりがな 姓（カナ） 姓（フリガナ）
            姓（ふりがな） 姓_カナ セイ せい カナ姓 カナ（姓） フリガナ（姓） ふりがな（姓）
            フリガナ姓 フリガナ_姓 フリガナ（セイ） カナ（セイ） 氏名カナ（姓） お名前カナ（姓）
            名字カナ 苗字カナ 名字フリガナ 苗字フリガナ 氏カナ ミョウジ セイカナ 姓読み
            姓ヨミ 姓よみ
            お名前フリガナ（姓） お名前フリガナ（セイ） 氏名カナ姓 氏名フリガナ（姓） 名前カナ（姓）
            """
        ),
        likeness=likeness_part,
        standardizer=KANA_PART,
        examples=(("ﾀﾅｶ", "タナカ"), ("たなか", "タナカ")),
        telling=0.3,
    ),
    Role(
        name="given_kana",
        label={"en": "reading of the given name", "ja": "名のフリガナ"},
        about="The reading of a given name in full-width katakana.",
        headers=words(
            """
            given_kana given_name_kana first_name_kana firstname_kana mei_kana kana_given
            kana_first kana_first_name kana_given_name kana_mei first_kana forename_kana
            phonetic_first_name first_name_phonetic first_name_reading given_name_reading
            first_name_furigana 名カナ 名かな 名フリガナ 名ふりがな 名（カナ） 名（フリガナ）
            名（ふりがな） 名_カナ メイ めい カナ名 カナ（名） フリガナ（名） ふりがな（名）
            フリガナ名 フリガナ_名 フリガナ（メイ） カナ（メイ） 氏名カナ（名） お名前カナ（名）
            メイカナ 名読み 名ヨミ 名よみ お名前フリガナ（名） お名前フリガナ（メイ） 氏名カナ名
            氏名フリガナ（名） 名前カナ（名）
            """
        ),
        likeness=likeness_part,
        standardizer=KANA_PART,
        examples=(("ﾀﾛｳ", "タロウ"), ("たろう", "タロウ")),
        telling=0.3,
    ),
)
