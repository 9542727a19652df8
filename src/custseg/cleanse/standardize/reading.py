"""Readings of names: katakana, keys under which two writings of a sound are one, romaji.

A reading is never made up from characters: these functions only compare readings that
somebody wrote, in kana or in Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from custseg.cleanse.standardize.words import words

_TO_KATAKANA: Final = {
    **{code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)},
    0x309F: "ヨリ",
    0x30FF: "コト",
}

_PLAIN: Final = {
    **_TO_KATAKANA,
    **str.maketrans("ァィゥェォッャュョヮヵヶヂヅヰヱヲ", "アイウエオツヤユヨワカケジズイエオ"),
    **str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖぢづゐゑを", "アイウエオツヤユヨワカケジズイエオ"),
    **dict.fromkeys(map(ord, " 　・･'’,.-")),
}

_ROWS: Final = {
    "ア": "アカサタナハマヤラワガザダバパ",
    "イ": "イキシチニヒミリギジビピ",
    "ウ": "ウクスツヌフムユルグズブプヴ",
    "エ": "エケセテネヘメレゲゼデベペ",
    "オ": "オコソトノホモヨロゴゾドボポ",
}

_LONG: Final = re.compile(
    "|".join(
        f"(?<=[{row}])[{marks}]"
        for row, marks in zip(_ROWS.values(), ("ー", "ー", "ー", "ーエ", "ーオ"), strict=True)
    )
)
_LENGTHENED: Final = {
    kana: "イ" if vowel == "エ" else "ウ" if vowel == "オ" else vowel
    for vowel, row in _ROWS.items()
    for kana in row
}
_V_SOUNDS: Final = re.compile("ヴ[ァィェォ]?")
_V_AS_B: Final = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴ": "ブ"}
_REPEATED: Final = re.compile("([ァ-ヺ])([ヽヾ])")

_UNVOICED: Final = str.maketrans(
    "ガギグゲゴザジズゼゾダデドバビブベボパピプペポ",
    "カキクケコサシスセソタテトハヒフヘホハヒフヘホ",
)
_DROPPED: Final = re.compile(
    "ー|(?<=[{オ}{ウ}])ウ|(?<=[{エ}])イ|(?<=[{ア}])ア|(?<=[{イ}])イ".format(**_ROWS)
)


def _pairs(text: str) -> dict[str, str]:
    """Read ``"ka カ ki キ"`` as a mapping."""
    items = words(text)
    return dict(zip(items[::2], items[1::2], strict=True))


_VOWELS: Final = "aiueo"
_CONSONANTS: Final = {
    "": "アイウエオ",
    **_pairs(
        "k カキクケコ s サシスセソ t タチツテト n ナニヌネノ h ハヒフヘホ m マミムメモ "
        "r ラリルレロ g ガギグゲゴ z ザジズゼゾ d ダヂヅデド b バビブベボ p パピプペポ"
    ),
}
_GLIDED: Final = _pairs(
    "ky キ sy シ sh シ ty チ ch チ cy チ ny ニ hy ヒ my ミ ry リ gy ギ zy ジ jy ジ j ジ by ビ py ピ"
)
_SYLLABLES: Final[dict[str, str]] = {
    **{c + v: kana for c, row in _CONSONANTS.items() for v, kana in zip(_VOWELS, row, strict=True)},
    **{
        c + v: kana + small
        for c, kana in _GLIDED.items()
        for v, small in zip("auo", "ャュョ", strict=True)
    },
    **_pairs(
        "ya ヤ yu ユ yo ヨ wa ワ wo ヲ shi シ chi チ tsu ツ fu フ ji ジ dzu ヅ "
        "fa ファ fi フィ fe フェ fo フォ che チェ she シェ je ジェ"
    ),
}
_SYLLABLE: Final = re.compile(
    r"(?P<double>([kstpcgjzdb])(?=\2)|t(?=ch))?"
    r"(?P<rest>" + "|".join(sorted(_SYLLABLES, key=lambda s: (-len(s), s))) + r")"
    r"(?P<long>\u0304|\u0302|h(?![aiueoy]))?"
    r"|(?P<n>n'|n-|n(?![aiueoy])|m(?=[bpm]))"
)


def katakana(text: str) -> str:
    """Write hiragana as katakana; everything else stays."""
    return text.translate(_TO_KATAKANA)


def plain_kana(text: str) -> str:
    """Write kana without what is often lost: small letters, ヂヅヰヱヲ, separators."""
    return text.translate(_PLAIN)


def kana_key(text: str) -> str:
    """Key under which two kana writings of one reading are equal.

    Hiragana, small letters (bank transfers have none), ヂヅ, ヴ, iteration marks, separators
    and the writing of long vowels make no difference; the length of a vowel does.

    >>> kana_key("おおの ゆーこ") == kana_key("オーノ ユウコ") != kana_key("オノ ユコ")
    True
    """
    kana = katakana(text)
    if "ヴ" in kana:
        kana = _V_SOUNDS.sub(lambda found: _V_AS_B[found[0]], kana)
    if "ヽ" in kana or "ヾ" in kana:
        kana = _REPEATED.sub(_repeat, kana)
    plain = plain_kana(kana)
    return _LONG.sub(lambda found: _LENGTHENED[plain[found.start() - 1]], plain)


def kana_weak_key(text: str) -> str:
    """Key under which readings that are often confused are equal, too.

    Voicing (ナカジマ, ナカシマ) and the length of vowels (オオノ, オノ) make no difference.
    """
    return _DROPPED.sub("", kana_key(text)).translate(_UNVOICED)


def kana_of_romaji(word: str) -> str | None:
    """Read a word of Latin letters as Japanese, in Hepburn, Kunrei or passport spelling.

    Returns
    -------
    str or None
        Katakana; long vowels as far as they are written. None where the word cannot be
        Japanese.

    >>> kana_of_romaji("Ohtsuki"), kana_of_romaji("Satō"), kana_of_romaji("Smith")
    ('オーツキ', 'サトー', None)
    """
    letters = unicodedata.normalize("NFD", word).lower().replace("’", "'")
    parts, place = [], 0
    while place < len(letters):
        found = _SYLLABLE.match(letters, place)
        if found is None:
            return None
        parts.append(_kana_of_syllable(found))
        place = found.end()
    return "".join(parts) or None


def reading_key(text: str) -> str | None:
    """Key of a reading in kana or Latin letters under which all its spellings are equal.

    Returns
    -------
    str or None
        As :func:`kana_weak_key`; None for a text that is neither kana nor romaji.

    >>> reading_key("Satoh") == reading_key("サトウ") == reading_key("sato")
    True
    """
    parts = []
    for word in text.split():
        kana = word if is_kana(word) else kana_of_romaji(word)
        if kana is None:
            return None
        parts.append(kana)
    return kana_weak_key("".join(parts)) or None


def is_kana(text: str) -> bool:
    """Whether a text is written in hiragana or katakana alone (with ー and ・)."""
    return _KANA.fullmatch(text) is not None


_KANA: Final = re.compile("[\u3041-\u3096\u309d-\u309f\u30a1-\u30ff]+")


def _repeat(found: re.Match[str]) -> str:
    kana, mark = found.groups()
    if mark == "ヽ":
        return kana * 2
    return kana + unicodedata.normalize("NFC", kana + "\u3099")[0]


def _kana_of_syllable(found: re.Match[str]) -> str:
    if found["n"]:
        return "ン"
    return (
        ("ッ" if found["double"] else "")
        + _SYLLABLES[found["rest"]]
        + ("ー" if found["long"] else "")
    )
