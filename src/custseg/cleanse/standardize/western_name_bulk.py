"""Western names of a whole column at once: two plain words, an initial between them or none.

``John Smith``, ``SMITH, JOHN``, ``Mary Q. Public``. Words are brought to their standard writing
once a distinct word; what needs a look at more than that (titles, suffixes, particles, Japanese
names in Latin letters that custom writes either way) is left to the slow reader.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.name_words import (
    COMPANY_PATTERN,
    HONORIFIC_END,
    STAND_IN_PATTERN,
)
from custseg.cleanse.standardize.romaji_order import KEPT, OPEN, SWAPPED, orders
from custseg.cleanse.standardize.western_name import PARTICLES, SUFFIXES, TITLES, recased

_FORM: Final = (
    "^(?:[A-Z][a-z]+(?:,| [A-Z]\\.?)? [A-Z][a-z]+"
    "|[A-Z]{3,}(?:,| [A-Z]\\.?)? [A-Z]{3,}"
    "|[a-z]{3,}(?:,| [a-z]\\.?)? [a-z]{3,})$"
)
_SPECIAL: Final = f"{COMPANY_PATTERN}|{HONORIFIC_END}|{STAND_IN_PATTERN}"
_AFFIXES: Final = pa.array(sorted({*SUFFIXES, *TITLES}))
_AFTER: Final = pa.array(sorted({*SUFFIXES, *PARTICLES}))

Places = npt.NDArray[np.int64]


class NamesApart(NamedTuple):
    """Names that were taken apart; those left to the slow reader are not here.

    Attributes
    ----------
    places
        Their places in the column, ascending.
    value
        The whole name in standard writing.
    family, given, middle
        Parts; null for none.
    """

    places: Places
    value: pa.Array
    family: pa.Array
    given: pa.Array
    middle: pa.Array


def take_apart(values: pa.Array, silent: npt.NDArray[np.bool_]) -> NamesApart:
    """Take those names of a column apart that are plain words.

    Parameters
    ----------
    values
        Names.
    silent
        Where no reading stands beside the name.
    """
    places = _true(
        pc.and_not(
            pc.match_substring_regex(values, _FORM), pc.match_substring_regex(values, _SPECIAL)
        )
    )
    cells = values.take(pa.array(places))
    words = pc.split_pattern(cells, " ")
    flat, count = words.flatten(), pc.list_value_length(words).to_numpy()
    last = np.cumsum(count) - 1
    one, two = flat.take(pa.array(last - count + 1)), flat.take(pa.array(last))
    middle = pc.ascii_upper(flat.take(pa.array(last - 1, mask=count < 3)))
    comma = pc.ends_with(one, ",")
    one, two = _recased(pc.ascii_rtrim(one, ",")), _recased(two)
    alone = (count == 2) & ~comma.to_numpy(zero_copy_only=False)
    order = np.where(alone, orders(one, two, silent[places]), KEPT)
    plain = (order != OPEN) & ~_affixed(one, two, middle, comma)
    one, two, middle, comma = (each.filter(pa.array(plain)) for each in (one, two, middle, comma))
    first = pc.if_else(comma, pc.binary_join_element_wise(one, ",", ""), one)
    value = pc.coalesce(
        pc.binary_join_element_wise(first, middle, two, " "),
        pc.binary_join_element_wise(first, two, " "),
    )
    backward = pc.or_(comma, pa.array(order[plain] == SWAPPED))
    family, given = pc.if_else(backward, one, two), pc.if_else(backward, two, one)
    return NamesApart(places[plain], value, family, given, middle)


def _recased(words: pa.Array) -> pa.Array:
    """Write words in capitals alone, or without any, with the usual ones; once a distinct word."""
    encoded = words.dictionary_encode()
    written = [
        word if word.istitle() else recased(word, particle=False)
        for word in encoded.dictionary.to_pylist()
    ]
    return pa.array(written, pa.string()).take(encoded.indices)


def _affixed(
    one: pa.Array, two: pa.Array, middle: pa.Array, comma: pa.Array
) -> npt.NDArray[np.bool_]:
    """Tell where two words are not simply a given name and a family name."""
    head = pc.ascii_lower(one)
    found = pc.is_in(head, value_set=_AFFIXES)
    found = pc.or_(found, pc.and_(comma, pc.is_in(head, value_set=_AFTER)))
    found = pc.or_(found, pc.is_in(pc.ascii_lower(two), value_set=_AFTER))
    found = pc.or_(found, pc.is_in(pc.ascii_lower(middle), value_set=_AFTER))
    mask: npt.NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return mask


def _true(mask: pa.Array) -> Places:
    places: Places = np.flatnonzero(mask.to_numpy(zero_copy_only=False))
    return places
