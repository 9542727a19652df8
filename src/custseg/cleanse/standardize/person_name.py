"""Full names: cleaned, and taken apart where the parts are certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.mojibake import LOSSY, SUSPECT
from custseg.cleanse.standardize.name_dictionary import english_given_names, english_surnames
from custseg.cleanse.standardize.name_keys import name_key, name_weak_key
from custseg.cleanse.standardize.name_part import JAPANESE, standardize_name_part
from custseg.cleanse.standardize.name_split import split_name
from custseg.cleanse.standardize.name_split_bulk import cut_names
from custseg.cleanse.standardize.name_words import (
    CARE_OF,
    COMPANY_PATTERN,
    HONORIFIC_END,
    STAND_IN_PATTERN,
    is_company,
    is_stand_in,
    without_honorific,
)
from custseg.cleanse.standardize.nulls import is_null_marker
from custseg.cleanse.standardize.reading import is_kana, kana_key, katakana, plain_kana
from custseg.cleanse.standardize.romaji_order import family_first
from custseg.cleanse.standardize.text import clean, fold, status_of
from custseg.cleanse.standardize.western_name import western_name
from custseg.cleanse.standardize.western_name_bulk import NamesApart, take_apart
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

PARTS: Final = (
    *("family_name", "given_name", "middle_name", "name_suffix", "name_title"),
    "kana",
)

_ANY_JAPANESE: Final = re.compile(f"[{JAPANESE}가-힣]")
_ALL_JAPANESE: Final = re.compile(f"[{JAPANESE}ー\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_LETTER: Final = re.compile(r"[^\W\d_]")
_MARKS: Final = r"()\[\]{}<>【】〔〕"
_BRACKETED: Final = re.compile(rf"([^{_MARKS}]+?) ?[(\[{{<【〔]([^{_MARKS}]+)[)\]}}>】〕]")
_CLOSING: Final = tuple(")]}>】〕")
_COMMA: Final = re.compile(f"(?<=[{JAPANESE}]) ?[,、，､] ?(?=[{JAPANESE}])")
_TOGETHER: Final = re.compile("[・&+/;]|及び")
_HAN: Final = re.compile("[一-鿿㐀-䶿豈-﫿\U00020000-\U0003ffff]")

_WORD: Final = "[一-鿿々ぁ-ゖァ-ヺー]"
_SPACED_JAPANESE: Final = f"^{_WORD}{{1,6}}[ \u3000]{_WORD}{{1,6}}$"
_SOLID: Final = "^[一-鿿々]{2,6}$"
_PLAIN_PART: Final = re.compile("[A-Z][a-z]+")
_SPECIAL: Final = f"{COMPANY_PATTERN}|{HONORIFIC_END}|{STAND_IN_PATTERN}|{SUSPECT}"


class _Named(NamedTuple):
    """A name taken apart, or why it was not."""

    value: str
    family: str | None = None
    given: str | None = None
    middle: str | None = None
    suffix: str | None = None
    title: str | None = None
    doubt: str | None = None


def standardize_person_name(
    value: str, context: Context, kana: str = "", family_kana: str = "", given_kana: str = ""
) -> Cell:
    """Clean a full name and take it apart; the reading beside it is the best evidence.

    Words stay in the order in which they were written. A name that can be taken apart in
    several ways stays whole and is ambiguous.
    """
    del context
    text, cleaned = clean(value)
    if cleaned == LOSSY:
        return Cell(value, Status.INVALID, LOSSY)
    if _NEVER_IN_NAMES.search(text) and is_null_marker(text):
        return Cell(None, Status.MISSING)
    if _LETTER.search(text) is None:
        return Cell(value, Status.INVALID, "not_a_name")
    bare = without_honorific(text)
    if is_stand_in(bare):
        return Cell(bare, status_of(value, bare, cleaned), cleaned or "placeholder")
    if is_company(bare):
        return Cell(bare, status_of(value, bare, cleaned), cleaned or "is_company")
    reading = _reading(kana, family_kana, given_kana)
    name, inline = _without_reading(bare, reading)
    if _ANY_JAPANESE.search(name):
        named = _japanese(name, reading or inline)
    else:
        named = _western(name, reading)
    if bare != text and is_company(text):
        return Cell(named.value, status_of(value, named.value, cleaned), cleaned or "is_company")
    if named.doubt in {"name_split_ambiguous", "several_persons"}:
        return Cell(named.value, Status.AMBIGUOUS, named.doubt)
    status = status_of(value, named.value, cleaned)
    reason = cleaned or _reason(text, bare, named, inline)
    family, given, middle = map(_as_part, (named.family, named.given, named.middle))
    parts = (family, given, middle, named.suffix, named.title, inline or None)
    return Cell(named.value, status, reason, parts if any(parts) else ())


_NEVER_IN_NAMES: Final = re.compile(r"[/#()<>]|^\W+$")
"""Signs of N/A and (none). NA, なし and Null are names."""


def _as_part(name: str | None) -> str | None:
    """Write a part as it would be written in a column of its own."""
    if name is None or _PLAIN_PART.fullmatch(name):
        return name
    return standardize_name_part(name, Context()).value


def _reading(kana: str, family_kana: str, given_kana: str) -> str:
    """Give the reading that stands beside the name, family first; "" for none."""
    written = kana or (f"{family_kana} {given_kana}" if family_kana and given_kana else "")
    if not written:
        return ""
    reading = katakana(fold(written))
    return reading if is_kana(reading.replace(" ", "")) else ""


def _without_reading(text: str, reading: str) -> tuple[str, str]:
    """Part a name from a reading in brackets, unless another reading stands beside it."""
    found = _bracketed(text)
    if found is None or _HAN.search(found[1]) is None:
        return text, ""
    inline = katakana(found[2])
    if not is_kana(inline.replace(" ", "")) or (reading and kana_key(inline) != kana_key(reading)):
        return text, ""
    return without_honorific(found[1]), inline


def _bracketed(text: str) -> re.Match[str] | None:
    """Part a name from what stands in brackets after it."""
    return _BRACKETED.fullmatch(text) if text.endswith(_CLOSING) else None


def _japanese(name: str, reading: str) -> _Named:
    """Take a name apart that has Japanese (or Korean) characters: the family name is first."""
    if CARE_OF in name:
        return _Named(name, doubt="several_persons")
    if _ALL_JAPANESE.fullmatch(name):
        return _unspaced(name, reading)
    remark = _bracketed(name)
    core = _COMMA.sub(" ", remark[1] if remark else name)
    named = _spaced(core.split(" "), reading) if " " in core else _unspaced(core, reading)
    if _TOGETHER.search(core) and _HAN.search(core):
        named = _Named(core, doubt="several_persons")
    return named._replace(value=name) if remark else named


def _spaced(tokens: list[str], reading: str) -> _Named:
    value = " ".join(tokens)
    if len(tokens) > 2 and all(len(token) == 1 for token in tokens):
        return _unspaced("".join(tokens), reading)
    if len(tokens) > 4:
        return _Named(value, doubt="name_not_split")
    first, *rest = tokens
    if all(len(token) == 1 for token in rest):
        rest = ["".join(rest)]
    given = " ".join(rest)
    if len(rest) == 1 and _HAN.search(given) and _ANY_JAPANESE.search(first) is None:
        return _Named(value, given, first)
    return _Named(f"{first} {given}", first, given)


def _unspaced(name: str, reading: str) -> _Named:
    if _ALL_JAPANESE.fullmatch(name) is None:
        return _Named(name, doubt="name_not_split")
    if is_kana(name):
        return _kana_name(name, reading)
    split = split_name(name, reading)
    if split.ambiguous:
        return _Named(name, doubt="name_split_ambiguous")
    if split.family is None:
        return _Named(name, doubt="name_not_split")
    if split.given is None:
        return _Named(name, split.family, doubt="given_name_missing")
    return _Named(name, split.family, split.given)


def _kana_name(name: str, reading: str) -> _Named:
    """Split a name in kana only where its reading, with a space, says the same."""
    family, _, given = reading.partition(" ")
    place = len(plain_kana(family))
    if given and plain_kana(name) == plain_kana(reading) and len(plain_kana(name)) == len(name):
        return _Named(name, name[:place], name[place:])
    return _Named(name, doubt="name_not_split")


def _western(name: str, reading: str) -> _Named:
    found = western_name(name)
    parts = (found.family, found.given, found.middle, found.suffix, found.title)
    named = _Named(found.value, *parts, doubt=found.doubt)
    if found.pair is None:
        return named
    swapped = family_first(*found.pair, reading)
    if swapped is None:
        return named._replace(family=None, given=None, doubt="name_split_ambiguous")
    return named._replace(family=found.given, given=found.family) if swapped else named


def _reason(text: str, bare: str, named: _Named, inline: str) -> str | None:
    if bare != text or named.title:
        return "honorific_removed"
    return "reading_separated" if inline else named.doubt


def shortcut_person_name(
    values: pa.Array,
    context: Context,
    kana: pa.Array | None = None,
    family_kana: pa.Array | None = None,
    given_kana: pa.Array | None = None,
) -> Settled:
    """Settle names of plain words, and names of kanji whose split is beyond doubt."""
    del context
    special = pc.match_substring_regex(values, _SPECIAL)
    readings = [each for each in (kana, family_kana, given_kana) if each is not None]
    silent = np.ones(len(values), dtype=np.bool_)
    for each in readings:
        silent &= pc.equal(each, "").to_numpy(zero_copy_only=False)
    apart = [take_apart(values, silent), _spaced_at_once(values, special)]
    if all(pc.all(pc.equal(each, "")).as_py() for each in readings[1:]):
        apart.append(_solid_at_once(values, special, kana))
    mask = np.zeros(len(values), dtype=np.bool_)
    place = np.full(len(values), -1, dtype=np.int64)
    places = np.concatenate([each.places for each in apart])
    mask[places], place[places] = True, np.arange(len(places))
    where = pa.array(place, mask=~mask)
    value, *parts = (
        pa.concat_arrays(pieces).take(where) for pieces in list(zip(*apart, strict=True))[1:]
    )
    same = pc.fill_null(pc.equal(value, values), False).to_numpy(zero_copy_only=False)
    status = np.where(same, Status.VALID, Status.STANDARDIZED).astype(np.int8)
    return Settled(mask, value, status, tuple(parts))


def _spaced_at_once(values: pa.Array, special: pa.Array) -> NamesApart:
    """Take Japanese names of two words apart: the family name is first."""
    spaced = pc.and_not(pc.match_substring_regex(values, _SPACED_JAPANESE), special)
    places = np.flatnonzero(spaced.to_numpy(zero_copy_only=False))
    # The two spaces that part words are both one character.
    names = pc.replace_substring(values.take(pa.array(places)), "\u3000", " ")
    words = pc.split_pattern(names, " ").flatten()
    even = np.arange(len(names)) * 2
    family, given = words.take(pa.array(even)), words.take(pa.array(even + 1))
    # What is broken, or a courtesy, only where it stands alone is for the cell function.
    sound = pc.invert(
        pc.or_(
            pc.match_substring_regex(given, SUSPECT),
            pc.match_substring_regex(family, HONORIFIC_END),
        )
    )
    names, family, given = (each.filter(sound) for each in (names, family, given))
    places = places[sound.to_numpy(zero_copy_only=False)]
    return NamesApart(places, names, family, given, pa.nulls(len(names), pa.string()))


def _solid_at_once(values: pa.Array, special: pa.Array, kana: pa.Array | None) -> NamesApart:
    """Take names of kanji without a space apart where the split is beyond doubt."""
    solid = pc.and_not(pc.match_substring_regex(values, _SOLID), special)
    at = pa.array(np.flatnonzero(solid.to_numpy(zero_copy_only=False)))
    cuts = cut_names(values.take(at), None if kana is None else kana.take(at))
    places = at.to_numpy()[cuts.mask]
    family, given = (each.filter(pa.array(cuts.mask)) for each in (cuts.family, cuts.given))
    none = pa.nulls(len(places), pa.string())
    return NamesApart(places, values.take(pa.array(places)), family, given, none)


def likeness(values: Sequence[str]) -> float:
    """Share of values that look like a full name: two or three words, or a name to split."""
    return sum(map(_looks_full, values)) / len(values)


def _looks_full(value: str) -> bool:
    text = without_honorific(fold(value))
    if len(text) > 40 or is_company(text) or any(character.isdigit() for character in text):
        return False
    if _ANY_JAPANESE.search(text):
        named = _japanese(text, "")
        return named.given is not None and not is_kana(text.replace(" ", ""))
    found = western_name(text)
    return (
        found.family is not None
        and found.given is not None
        and (
            found.given.lower() in english_given_names()
            or found.family.lower() in english_surnames()
        )
    )


PERSON_NAME: Final = Standardizer(
    cell=standardize_person_name,
    parts=PARTS,
    neighbors=("kana", "family_kana", "given_kana"),
    fills=("kana",),
    shortcut=shortcut_person_name,
    null_markers=False,
    key=name_key,
    weak_key=name_weak_key,
)

ROLES: Final = (
    Role(
        name="person_name",
        label={"en": "full name", "ja": "氏名"},
        about=(
            "A full name. Its parts come as columns where they are certain; the reading beside "
            "it is the best evidence for a name without a space."
        ),
        headers=words(
            """
            name full_name fullname person_name customer_name client_name member_name user_name
            contact_name cust_name buyer_name account_name subscriber_name display_name real_name
            cardholder_name name_full first_and_last_name person customer nm nombre_completo
            氏名 お名前 御名前 名前 なまえ お客様名 お客さま名 顧客名 会員名 利用者名 ユーザー名
            ご氏名 姓名 氏名（漢字） お名前（漢字） 名前（漢字） 漢字氏名 氏名漢字 顧客氏名
            お客様氏名 会員氏名 契約者名 契約者氏名 申込者名 申込者氏名 購入者名 購入者 注文者名
            注文者氏名 注文者 ご注文者名 名義 名義人 本人氏名 担当者名 担当者 ご担当者名 フルネーム
            宛名 氏名（全角） お客様 顧客 名称（氏名） 会員 登録名 代表者名 代表者氏名
            """
        ),
        header_patterns=(r"^(お)?(氏名|名前)(漢字|全角)?$", r"(^|[a-z])fullname$"),
        likeness=likeness,
        standardizer=PERSON_NAME,
        examples=(
            ("山田　太郎　様", "山田 太郎"),
            ("Dr. Juan Q. Xavier de la Vega III", "Juan Q. Xavier de la Vega III"),
            ("McDONALD, RONALD Jr.", "McDonald, Ronald Jr."),
            ("長谷川太", "長谷川太"),
        ),
        telling=0.75,
    ),
)
