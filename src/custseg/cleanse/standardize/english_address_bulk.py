"""American addresses of a whole column at once: those written as the post office has them.

``123 Main St Apt 4B, New York, NY 10001``, and street lines alone. Such an address is taken apart
at its commas, and what :mod:`custseg.cleanse.standardize.english_address` says of a part is asked
once a distinct street, unit, city and state: the house number and the postal code, which make
addresses distinct, change nothing there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.english_address import (
    CODE_AND_COUNTRY,
    UNIT_ALONE,
    in_form,
    street_and_unit,
)
from custseg.cleanse.standardize.english_words import UNITS, expanded
from custseg.cleanse.standardize.nulls import is_null_marker, meant
from custseg.cleanse.standardize.regions import region_code

_WORDS: Final = "[0-9A-Za-z.#'&/-]+(?: [0-9A-Za-z.#'&/-]+)*"
_NUMBER: Final = "[0-9]+[A-Za-z]?"
_WHOLE: Final = (
    f"^{_NUMBER} {_WORDS}(?:, {_WORDS})?, {_WORDS}, [A-Z][A-Z] [0-9]{{5}}(?:-[0-9]{{4}})?$"
)
_UNIT_WORD: Final = rf"(?:(?:{'|'.join(expanded(UNITS))}|no)\.?|#)"
_UNIT: Final = rf"{_UNIT_WORD} ?#? ?(?:[0-9]{{1,5}}[A-Z]?|[A-Z][0-9]{{0,4}})$"
_IS_UNIT: Final = f"(?i)^{_UNIT}"
_BEFORE_UNIT: Final = f"(?i)^(?P<street>.*?)(?P<unit> {_UNIT})"
_LINE: Final = (
    f"(?i)^{_NUMBER} (?:{_WORDS} )?(?:[a-z.#'&/-]+|{_UNIT_WORD} ?#? ?[0-9]{{1,3}}[A-Z]?)$"
)
"""A street line whose last word no postal code looks like."""

_ENDS_OPEN: Final = re.compile(rf"(?:^|[ ,]){_UNIT_WORD} ?#?$", re.IGNORECASE)
"""The end of a street whose last word belongs to the unit behind it."""

Places = npt.NDArray[np.int64]
_Answer = tuple[str | None, ...] | None


class American(NamedTuple):
    """American addresses that were taken apart; those left to the slow reader are not here.

    Attributes
    ----------
    places
        Their places in the column, ascending.
    value
        The whole address in standard form.
    city, street, unit, state, postal_code
        Parts; null for none.
    """

    places: Places
    value: pa.Array
    city: pa.Array
    street: pa.Array
    unit: pa.Array
    state: pa.Array
    postal_code: pa.Array


def take_apart(values: pa.Array) -> American:
    """Take those addresses of a column apart that are in the usual form of the US."""
    in_japan = pc.match_substring(values, "japan", ignore_case=True)
    lines = pc.and_not(pc.match_substring_regex(values, _LINE), in_japan)
    lines = pc.and_not(lines, pc.match_substring_regex(values, f"(?i){CODE_AND_COUNTRY}"))
    places = _true(pc.or_(pc.match_substring_regex(values, _WHOLE), lines))
    pieces = pc.split_pattern(values.take(pa.array(places)), ", ")
    flat, count = pieces.flatten(), pc.list_value_length(pieces).to_numpy()
    last = np.cumsum(count) - 1

    def piece(at: Places, least: int) -> pa.Array:
        """Give the pieces at some places; null where an address has fewer than `least`."""
        return flat.take(pa.array(at, mask=count < least))

    line, street, unit = _street_lines(piece(last - count + 1, 1), piece(last - count + 2, 4))
    (city,), tail = _asked(piece(last - 1, 3), _city), piece(last, 3)
    (state,) = _asked(pc.utf8_slice_codeunits(tail, 0, 2), _state)
    sure = pc.or_(pa.array(count == 1), pc.and_(pc.is_valid(city), pc.is_valid(state)))
    good = _true(pc.and_(pc.is_valid(line), sure))
    value = pc.coalesce(pc.binary_join_element_wise(line, city, tail, ", "), line)
    parts = (value, city, street, unit, state, pc.utf8_slice_codeunits(tail, 3))
    return American(places[good], *(part.take(pa.array(good)) for part in parts))


def _street_lines(lines: pa.Array, behind: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Bring lines of house number and street into form, and take the units off.

    Parameters
    ----------
    lines
        What stands before the first comma.
    behind
        What stands between it and the city; null for nothing.

    Returns
    -------
    tuple
        Line (null where the slow reader has to look), street and unit.
    """
    words = pc.split_pattern(lines, " ", max_splits=1).flatten()
    even = np.arange(len(lines)) * 2
    number, street = words.take(pa.array(even)), words.take(pa.array(even + 1))
    found = pc.extract_regex(street, _BEFORE_UNIT)
    apart = pc.and_(pc.is_null(behind), pc.is_valid(found))
    street = pc.if_else(apart, pc.struct_field(found, "street"), street)
    piece = pc.coalesce(
        pc.binary_join_element_wise("", behind, ", "),
        pc.if_else(apart, pc.struct_field(found, "unit"), pa.scalar(None, pa.string())),
    )
    formed, named, inside = _asked(street, _street, 3)
    written, unit = _asked(piece, _unit, 2)
    alone = pc.is_null(piece)
    sure = pc.and_(pc.is_valid(formed), pc.or_(alone, pc.is_valid(unit)))
    number = pc.if_else(sure, number, pa.scalar(None, pa.string()))
    line = pc.binary_join_element_wise(number, formed, " ")
    return (
        pc.binary_join_element_wise(line, pc.fill_null(written, ""), ""),
        pc.binary_join_element_wise(number, pc.if_else(alone, named, formed), " "),
        pc.if_else(alone, inside, unit),
    )


def _street(street: str) -> _Answer:
    """Tell of a street without its number: in form, without the unit inside it, that unit."""
    line = in_form(f"1 {street}")
    named, unit = street_and_unit(line)
    if _ENDS_OPEN.search(street) or not named.startswith("1 "):
        return None
    return line[2:], named[2:], meant(unit)


def _unit(piece: str) -> _Answer:
    """Tell of what stands behind a street: in form, and the unit's number."""
    line = in_form(f"1 X{piece}")
    street, unit = street_and_unit(line)
    return (line[3:], unit) if street == "1 X" and unit else None


def _city(text: str) -> _Answer:
    return None if UNIT_ALONE.fullmatch(text) or is_null_marker(text) else (text,)


def _state(code: str) -> _Answer:
    return (code,) if region_code(code, "US") == code else None


def _asked(texts: pa.Array, answer: Callable[[str], _Answer], count: int = 1) -> list[pa.Array]:
    """Ask once a distinct text for `count` strings; null where the text or the answer is."""
    encoded = texts.dictionary_encode()
    none = (None,) * count
    answers = [answer(text) or none for text in encoded.dictionary.to_pylist()]
    return [
        pa.array([each[at] for each in answers], pa.string()).take(encoded.indices)
        for at in range(count)
    ]


def _true(mask: pa.Array) -> Places:
    places: Places = np.flatnonzero(mask.to_numpy(zero_copy_only=False))
    return places
