"""Names drawn by weight, with the other forms in which the same name is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.demo.text import Ints, words

_VARIANTS: Final = str.maketrans("高崎辺斉沢浜広島桜国条竜吉", "髙﨑邊齋澤濵廣嶋櫻國條龍吉")
"""Old forms that cp932 can write; 吉 stands for itself, as 𠮷 cannot be written there."""

_HALF: Final = {
    unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFFA0)
}

_LATIN_ROWS: Final = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サ スセソ", "t": "タ  テト", "n": "ナニヌネノ",
    "h": "ハヒ ヘホ", "m": "マミムメモ", "y": "ヤ ユ ヨ", "r": "ラリルレロ", "g": "ガギグゲゴ",
    "z": "ザ ズゼゾ", "d": "ダ  デド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_LATIN: Final = {
    **{
        kana: consonant + vowel
        for consonant, row in _LATIN_ROWS.items()
        for kana, vowel in zip(row, "aiueo", strict=True)
        if kana != " "
    },
    "シ": "shi",
    "チ": "chi",
    "ツ": "tsu",
    "フ": "fu",
    "ジ": "ji",
    "ヂ": "ji",
    "ヅ": "zu",
    "ワ": "wa",
    "ヲ": "o",
    "ン": "n",
    "ヴ": "v",
    "ー": "",
}
_GLIDES: Final = {"ャ": "a", "ュ": "u", "ョ": "o", "ァ": "a", "ィ": "i", "ェ": "e", "ォ": "o"}


class Groups:
    """Names that share something: a reading, a first character.

    Parameters
    ----------
    keys
        By name, what it may share.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        _, group = np.unique(np.asarray(keys, dtype=np.str_), return_inverse=True)
        self._order = np.argsort(group, kind="stable")
        self._rank = np.empty(len(keys), dtype=np.int64)
        self._rank[self._order] = np.arange(len(keys))
        self._start = np.searchsorted(group[self._order], group)
        self._size = np.bincount(group)[group]

    def another(self, rng: np.random.Generator, index: Ints) -> Ints:
        """Give for each name another of its group; the name itself where it stands alone."""
        start, size = self._start[index], self._size[index]
        step = 1 + (rng.random(len(index)) * (size - 1)).astype(np.int64)
        found: Ints = self._order[start + (self._rank[index] - start + step) % size]
        return found


@dataclass(frozen=True, slots=True)
class JapaneseNames:
    """A list of family or given names in every form, one entry a name.

    Attributes
    ----------
    weight
        How often the name is drawn.
    written, variant
        With new and with old forms of characters (the same text where there is none).
    kana, half, hira, latin
        The reading in katakana, half-width katakana, hiragana and Latin letters.
    homophones, kin
        Names with the same reading, and with the same first character.
    """

    weight: npt.NDArray[np.float64]
    written: pa.Array
    variant: pa.Array
    kana: pa.Array
    half: pa.Array
    hira: pa.Array
    latin: pa.Array
    homophones: Groups
    kin: Groups


def japanese_names(names: Sequence[tuple[str, str, float]]) -> JapaneseNames:
    """Make every form of (name, katakana, weight) entries."""
    written = [name for name, _, _ in names]
    kana = [reading for _, reading, _ in names]
    return JapaneseNames(
        weight=np.array([weight for _, _, weight in names], dtype=np.float64),
        written=words(written),
        variant=words([name.translate(_VARIANTS) for name in written]),
        kana=words(kana),
        half=words([half_width(reading) for reading in kana]),
        hira=words([hiragana(reading) for reading in kana]),
        latin=words([latin(reading) for reading in kana]),
        homophones=Groups(kana),
        kin=Groups([name[:1] for name in written]),
    )


def half_width(kana: str) -> str:
    """Write katakana with half-width characters."""
    return "".join(_HALF.get(part, part) for part in unicodedata.normalize("NFD", kana))


def hiragana(kana: str) -> str:
    """Write katakana as hiragana."""
    return "".join(
        chr(ord(character) - 0x60) if "ァ" <= character <= "ヴ" else character for character in kana
    )


def latin(kana: str) -> str:
    """Write katakana with Latin letters, as people do in e-mail addresses (long vowels short)."""
    syllables: list[str] = []
    double = False
    for character in kana:
        if character == "ッ":
            double = True
            continue
        if character in _GLIDES and syllables:
            stem = syllables[-1].rstrip("iueoa")
            soft = "" if stem in ("sh", "ch", "j", "f", "v") or character in "ァィェォ" else "y"
            syllables[-1] = stem + soft + _GLIDES[character]
            continue
        syllable = _LATIN.get(character, "")
        syllables.append(syllable[:1] + syllable if double else syllable)
        double = False
    return re.sub("ou(?!e)", "o", "".join(syllables)).replace("uu", "u")
