"""Which word of a Japanese name in Latin letters is the family name: Yamada Taro, Taro Yamada."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import pyarrow as pa

from custseg.cleanse.standardize.name_dictionary import english_given_names, english_surnames
from custseg.cleanse.standardize.reading import kana_weak_key, reading_key
from custseg.resources import names

_UNHEARD: Final = 1e-7
"""Share of people with a name that sounds like none of the list."""

_CLEAR: Final = 10.0
"""How many times likelier one order must be than the other."""


def family_first(first: str, second: str, reading: str = "") -> bool | None:
    """Tell whether the first of two words of a name is the family name.

    Parameters
    ----------
    first, second
        The words as written.
    reading
        The kana of the name, family name first, with a space; ``""`` for none.

    Returns
    -------
    bool or None
        False for every name that cannot be Japanese, as custom has it; None where a
        Japanese name is about as likely in both orders.
    """
    sounds = _sound(first), _sound(second)
    if sounds[0] is None or sounds[1] is None:
        return False
    heard = tuple(kana_weak_key(word) for word in reading.split())
    if heard in {sounds, sounds[::-1]} and sounds[0] != sounds[1]:
        return heard == sounds
    families, givens = _family_sounds(), _given_sounds()
    if sounds[0] not in families or sounds[1] not in givens:
        return False
    japanese = families[sounds[0]] * givens[sounds[1]]
    western = (givens.get(sounds[0], _UNHEARD) + english_given_names().get(first.lower(), 0.0)) * (
        families.get(sounds[1], _UNHEARD) + english_surnames().get(second.lower(), 0.0)
    )
    if japanese > _CLEAR * western:
        return True
    return False if _CLEAR * japanese < western else None


@lru_cache(maxsize=1 << 16)
def _sound(word: str) -> str | None:
    return reading_key(word)


@cache
def _family_sounds() -> dict[str, float]:
    return _sounds(names.japanese_family_names())


@cache
def _given_sounds() -> dict[str, float]:
    return _sounds(names.japanese_given_names())


def _sounds(table: pa.Table) -> dict[str, float]:
    """Share of people by what their name sounds like."""
    kana: dict[str, float] = {}
    for reading, weight in zip(
        table.column("kana").to_pylist(), table.column("weight").to_pylist(), strict=True
    ):
        kana[reading] = kana.get(reading, 0.0) + weight
    sounds: dict[str, float] = {}
    for reading, weight in kana.items():
        key = kana_weak_key(reading)
        sounds[key] = sounds.get(key, 0.0) + weight
    return sounds
