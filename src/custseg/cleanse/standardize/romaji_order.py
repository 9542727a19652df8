"""Which word of a Japanese name in Latin letters is the family name: Yamada Taro, Taro Yamada."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.cleanse.standardize.name_dictionary import english_given_names, english_surnames
from custseg.cleanse.standardize.reading import kana_weak_key, reading_key
from custseg.resources import names

_UNHEARD: Final = 1e-7
"""Share of people with a name that sounds like none of the list."""

_CLEAR: Final = 10.0
"""How many times likelier one order must be than the other."""

KEPT: Final = 0
"""Order of a pair of words whose first is the given name, as custom has it."""
SWAPPED: Final = 1
"""Order of a pair whose first is the family name."""
OPEN: Final = -1
"""Order of a pair that needs a closer look."""


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


def orders(
    first: pa.Array, second: pa.Array, silent: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int8]:
    """Tell the order of many pairs of words at once, as :func:`family_first` does of one.

    Parameters
    ----------
    first, second
        The words; no nulls.
    silent
        Where no reading stands beside the pair. Elsewhere romaji is left open.

    Returns
    -------
    numpy.ndarray
        :data:`KEPT`, :data:`SWAPPED` or :data:`OPEN`.
    """
    families, givens = _family_sounds(), _given_sounds()
    heard, family, as_given = _weighed(first, families, givens, english_given_names())
    heard_too, given, as_family = _weighed(second, givens, families, english_surnames())
    japanese, western = family * given, as_given * as_family
    order = np.full(len(first), KEPT, dtype=np.int8)
    # What is no name in Japan has not a number for its share, which is neither more nor less.
    order[japanese > _CLEAR * western] = SWAPPED
    order[(japanese <= _CLEAR * western) & (_CLEAR * japanese >= western)] = OPEN
    order[heard & heard_too & ~silent] = OPEN
    return order


def _weighed(
    words: pa.Array,
    here: dict[str, float],
    there: dict[str, float],
    english: dict[str, float],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Tell which words may be romaji, and their shares among names of this side and the other.

    The first share is not a number for what is no name of this side; the other counts English
    names, too.
    """
    encoded = words.dictionary_encode()
    known = encoded.dictionary.to_pylist()
    sounds = [_sound(word) for word in known]
    at = encoded.indices.to_numpy()
    heard = np.array([sound is not None for sound in sounds], dtype=np.bool_)
    share = np.array([here.get(sound or "", np.nan) for sound in sounds], dtype=np.float64)
    other = np.array(
        [
            there.get(sound or "", _UNHEARD) + english.get(word.lower(), 0.0)
            for sound, word in zip(sounds, known, strict=True)
        ],
        dtype=np.float64,
    )
    return heard[at], share[at], other[at]


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
