"""Readings of Japanese names: told, written in kana, or known to belong to the characters."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from custseg.cleanse.match.coding import Coded, distinct
from custseg.cleanse.match.types import Codes, Ints
from custseg.resources.names import japanese_family_names, japanese_given_names

_HIRAGANA: Final = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_KANA: Final = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]+")


class Written(NamedTuple):
    """Family and given name in one script."""

    family: Coded
    given: Coded


class Readings(NamedTuple):
    """Readings by record.

    Attributes
    ----------
    family, given
        Readings of the two names.
    whole
        Code of the reading of the whole name, -1 for none; equal however it was split.
    """

    family: Coded
    given: Coded
    whole: Codes


def katakana(text: str) -> str:
    """Give a text of kana in katakana without spaces; ``""`` for any other text."""
    text = "".join(text.split())
    return text.translate(_HIRAGANA) if _KANA.fullmatch(text) else ""


def complete_readings(names: Written, readings: Written, whole: Coded) -> Readings:
    """Complete readings with names that are themselves written in kana.

    Parameters
    ----------
    names
        The names as written.
    readings
        Their readings, where the file has them apart.
    whole
        Readings of whole names, where the file has them together.
    """
    family = either(readings.family.derive(katakana), names.family.derive(katakana))
    given = either(readings.given.derive(katakana), names.given.derive(katakana))
    both = family.codes.astype(np.int64) << 32 | given.codes
    both[(family.codes < 0) | (given.codes < 0)] = -1
    pairs = distinct(both[both >= 0])
    joined = [family.texts[pair >> 32] + given.texts[pair & 0xFFFFFFFF] for pair in pairs.tolist()]
    split = Coded(
        np.where(both >= 0, np.searchsorted(pairs, both), -1).astype(np.int32),
        pa.array(joined, pa.string()),
    )
    return Readings(family, given, either(split, whole.derive(katakana)).codes)


def either(first: Coded, second: Coded) -> Coded:
    """Give the first column's keys, and the second's where the first has none."""
    keys = pa.concat_arrays([first.keys, second.keys])
    other = np.where(second.codes >= 0, second.codes + len(first.keys), -1)
    codes = np.where(first.codes >= 0, first.codes, other).astype(np.int32)
    return Coded(codes, keys).replaced(keys)


def known_readings(name: str, written: Coded, reading: Coded) -> Ints:
    """Sorted pairs, written code << 32 | reading code, that belong together.

    They come from the list of names, and from the file itself where two records or more agree.
    """
    both = (written.codes >= 0) & (reading.codes >= 0)
    pairs = written.codes[both].astype(np.int64) << 32 | reading.codes[both]
    told, times = np.unique(pairs, return_counts=True)
    table = japanese_family_names() if name == "family_name" else japanese_given_names()
    place = {key: code for code, key in enumerate(written.texts)}
    sound = {key: code for code, key in enumerate(reading.texts)}
    listed = [
        place[form] << 32 | sound[kana]
        for form, kana in zip(
            table.column("name").to_pylist(), table.column("kana").to_pylist(), strict=True
        )
        if form in place and kana in sound
    ]
    return distinct(np.append(told[times >= 2], np.array(listed, np.int64)))
