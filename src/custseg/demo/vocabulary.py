"""The shipped names and postal codes, in the shape the generator draws from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.demo.names import JapaneseNames, japanese_names
from custseg.demo.text import Mask, words
from custseg.resources.names import (
    english_given_names,
    english_surnames,
    japanese_family_names,
    japanese_given_names,
    nicknames,
)
from custseg.resources.postal import postal_table

_FAMILY_NAMES: Final = 6_000
_GIVEN_NAMES: Final = 12_000
"""The most frequent names cover most people; the rest would only take time."""


@dataclass(frozen=True, slots=True)
class JapaneseVocabulary:
    """Names and towns; `men` and `women` tell which given names each may bear."""

    family: JapaneseNames
    given: JapaneseNames
    men: Mask
    women: Mask
    towns: pa.Table


@dataclass(frozen=True, slots=True)
class EnglishVocabulary:
    """Names with weights; `short` holds a nickname for each given name, or the name itself."""

    family: pa.Array
    family_weight: npt.NDArray[np.float64]
    given: pa.Array
    given_weight: npt.NDArray[np.float64]
    short: pa.Array
    men: Mask
    women: Mask


@cache
def japanese_vocabulary() -> JapaneseVocabulary:
    """Load names and the towns whose postal code covers exactly them."""
    family = _most_frequent(japanese_family_names(), _FAMILY_NAMES)
    given = _most_frequent(japanese_given_names(), _GIVEN_NAMES)
    towns = postal_table(readings=False)
    whole = pc.and_(pc.equal(towns["area"], ""), pc.equal(towns["building"], ""))
    return JapaneseVocabulary(
        family=_japanese(family),
        given=_japanese(given),
        men=_bearers(given, "male"),
        women=_bearers(given, "female"),
        towns=towns.filter(pc.and_(whole, pc.not_equal(towns["town"], ""))),
    )


@cache
def english_vocabulary() -> EnglishVocabulary:
    """Load names and nicknames."""
    family, given = english_surnames(), _most_frequent(english_given_names(), _GIVEN_NAMES)
    short = nicknames()
    names = given["name"].to_pylist()
    return EnglishVocabulary(
        family=family["name"].combine_chunks(),
        family_weight=family["weight"].to_numpy(),
        given=given["name"].combine_chunks(),
        given_weight=given["weight"].to_numpy(),
        short=words([min(short.get(name.lower(), {name})).title() for name in names]),
        men=_bearers(given, "male"),
        women=_bearers(given, "female"),
    )


def _most_frequent(names: pa.Table, count: int) -> pa.Table:
    by_name = [(key, "ascending") for key in ("name", "kana") if key in names.column_names]
    return names.sort_by([("weight", "descending"), *by_name]).slice(0, count)


def _japanese(names: pa.Table) -> JapaneseNames:
    columns = (names[column].to_pylist() for column in ("name", "kana", "weight"))
    return japanese_names(list(zip(*columns, strict=True)))


def _bearers(names: pa.Table, gender: str) -> Mask:
    fits = pc.or_(
        pc.is_null(names["gender"]), pc.fill_null(pc.equal(names["gender"], gender), False)
    )
    return np.asarray(fits)
