"""Family names, given names, and the smaller parts of a name, each in a column of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.characters import fold_variants
from custseg.cleanse.standardize.mojibake import LOSSY, SUSPECT
from custseg.cleanse.standardize.name_dictionary import (
    Names,
    english_given_names,
    english_surnames,
    family_names,
    given_names,
)
from custseg.cleanse.standardize.name_keys import name_key, name_weak_key
from custseg.cleanse.standardize.name_words import (
    COMPANY_PATTERN,
    HONORIFIC_END,
    STAND_IN_PATTERN,
    is_company,
    is_stand_in,
    without_honorific,
)
from custseg.cleanse.standardize.text import clean, fold, status_of
from custseg.cleanse.standardize.western_name import (
    SUFFIXES,
    TITLES,
    with_capitals,
    without_courtesy,
)
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Likeness, Role

JAPANESE: Final = "一-鿿㐀-䶿豈-﫿\U00020000-\U0003ffff々〆〇ぁ-ゖゝゞァ-ヺーヽヾ"
"""Characters of Japanese names, for a class of a regular expression."""

_SPACED_OUT: Final = re.compile(f"[{JAPANESE}](?: [{JAPANESE}])+")
_LETTER: Final = re.compile(r"[^\W\d_]")
_COMMON_FORMS: Final = "^(?:[一-鿿々ぁ-ゖァ-ヺー]+|[A-Z][a-z]+)$"
_SHOUTED: Final = "^[A-Z]{4,}$"
_SMALL: Final = "^[a-z]{4,}$"
_MAC: Final = "^(?i:ma?c)"
_SPECIAL: Final = f"{COMPANY_PATTERN}|{HONORIFIC_END}|{STAND_IN_PATTERN}|{SUSPECT}"


def standardize_name_part(value: str, context: Context) -> Cell:
    """Clean a family or given name: width, spaces, honorifics, Western capitals."""
    del context
    text, reason = clean(value)
    if reason == LOSSY:
        return Cell(value, Status.INVALID, LOSSY)
    if _LETTER.search(text) is None:
        return Cell(value, Status.INVALID, "not_a_name")
    bare = without_courtesy(without_honorific(text))
    if bare != text:
        reason = reason or "honorific_removed"
    if _SPACED_OUT.fullmatch(bare):
        bare = bare.replace(" ", "")
    bare = with_capitals(bare)
    if reason is None:
        reason = "placeholder" if is_stand_in(bare) else "is_company" if is_company(bare) else None
    return Cell(bare, status_of(value, bare, reason), reason)


def shortcut_name_part(values: pa.Array, context: Context) -> Settled:
    """Settle plain names, and Western ones written in capitals alone or without any."""
    del context
    plain = pc.match_substring_regex(values, _COMMON_FORMS)
    shouted = pc.or_(
        pc.match_substring_regex(values, _SHOUTED), pc.match_substring_regex(values, _SMALL)
    )
    special = pc.or_(
        pc.match_substring_regex(values, _SPECIAL),
        pc.and_(shouted, pc.or_(pc.match_substring_regex(values, _MAC), _is_special(values))),
    )
    standard = pc.if_else(shouted, pc.ascii_capitalize(values), values)
    mask = pc.and_not(pc.or_(plain, shouted), special)
    status = np.where(
        shouted.to_numpy(zero_copy_only=False), Status.STANDARDIZED, Status.VALID
    ).astype(np.int8)
    return Settled(mask.to_numpy(zero_copy_only=False), standard, status)


def _is_special(values: pa.Array) -> pa.Array:
    known = pa.array(sorted({*SUFFIXES, *TITLES}))
    return pc.is_in(pc.ascii_lower(values), value_set=known)


def standardize_affix(value: str, context: Context) -> Cell:
    """Write a suffix or title as it is usually written; any other word stays."""
    del context
    text, reason = clean(value)
    if reason == LOSSY:
        return Cell(value, Status.INVALID, LOSSY)
    bare = text.replace(".", "").lower()
    text = SUFFIXES.get(bare) or TITLES.get(bare) or text
    return Cell(text, status_of(value, text, reason), reason)


def _likeness(japanese: Callable[[], Names], english: Callable[[], dict[str, float]]) -> Likeness:
    """Share of values that the lists know, Japanese or English."""

    def likeness(values: Sequence[str]) -> float:
        known = japanese().known
        western = english()
        folded = [fold_variants(fold(value)) for value in values]
        return sum(name in known or name.lower() in western for name in folded) / len(values)

    return likeness


NAME_PART: Final = Standardizer(
    cell=standardize_name_part,
    shortcut=shortcut_name_part,
    null_markers=False,
    key=name_key,
    weak_key=name_weak_key,
)

AFFIX: Final = Standardizer(cell=standardize_affix)

ROLES: Final = (
    Role(
        name="family_name",
        label={"en": "family name", "ja": "姓"},
        about="A family name. Old characters stay as they are; match keys fold them.",
        headers=words(
            """
            family_name last_name surname lastname familyname second_name sur_name l_name lname
            last_nm lst_name name_last name_family last sn sei myoji paternal_name family
            customer_last_name cust_last_name contact_last_name apellido apellidos nom nachname
            cognome sobrenome
            姓 氏 名字 苗字 名前（姓） お名前（姓） 氏名（姓） 姓名（姓） 氏名_姓 お名前_姓
            氏名姓 お名前姓 漢字姓 姓漢字 姓（漢字） 姓（全角） 顧客姓 お客様姓 会員姓 姓名_姓
            ファミリーネーム ラストネーム サーネーム 契約者姓 注文者姓 ご注文者（姓） みょうじ
            """
        ),
        likeness=_likeness(family_names, english_surnames),
        standardizer=NAME_PART,
        examples=(("髙橋", "髙橋"), ("O'CONNOR", "O'Connor"), ("van der Berg", "van der Berg")),
        telling=0.6,
    ),
    Role(
        name="given_name",
        label={"en": "given name", "ja": "名"},
        about="A given name.",
        headers=words(
            """
            given_name first_name forename firstname givenname f_name fname first_nm fst_name
            name_first name_given first given christian_name fore_name mei customer_first_name
            cust_first_name contact_first_name prenom prénom vorname nombre nome
            名 名前（名） お名前（名） 氏名（名） 姓名（名） 氏名_名 お名前_名 氏名名 お名前名
            漢字名 名漢字 名（漢字） 名（全角） 下の名前 下の名 顧客名（名） お客様名（名）
            ファーストネーム ギブンネーム 契約者名（名） 注文者名（名） ご注文者（名） 姓名_名
            """
        ),
        likeness=_likeness(given_names, english_given_names),
        standardizer=NAME_PART,
        examples=(("ＴＡＲＯ", "Taro"), ("花子　様", "花子")),
        telling=0.6,
    ),
    Role(
        name="middle_name",
        label={"en": "middle name", "ja": "ミドルネーム"},
        about="Names or initials between given and family name.",
        headers=words(
            """
            middle_name middlename middle mname m_name middle_initial mi middle_nm second_given_name
            name_middle ミドルネーム ミドル 中間名
            """
        ),
        standardizer=NAME_PART,
        examples=(("Q.", "Q."), ("MARIE", "Marie")),
    ),
    Role(
        name="name_suffix",
        label={"en": "name suffix", "ja": "名前の接尾辞"},
        about="What stands after a name: Jr., III, PhD.",
        headers=words(
            """
            name_suffix suffix suffix_name sfx generation generation_suffix 接尾辞 サフィックス
            """
        ),
        standardizer=AFFIX,
        examples=(("jr", "Jr."), ("III", "III")),
    ),
    Role(
        name="name_title",
        label={"en": "title", "ja": "敬称"},
        about="What stands before a name: Dr., Ms., 様.",
        headers=words(
            """
            name_title title salutation prefix name_prefix honorific courtesy_title form_of_address
            敬称 肩書 称号 呼称 宛名敬称 様 タイトル
            """
        ),
        standardizer=AFFIX,
        examples=(("MR", "Mr."), ("dr.", "Dr.")),
    ),
)
