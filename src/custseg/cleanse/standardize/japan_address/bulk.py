"""Japanese addresses of a whole column at once: those in the usual form.

An address is split at its first digit. What stands before it, prefecture, city and town, is read
once a batch, by the readers of one address; the number and the building behind it are taken apart
by one pattern over the column. Settled is only what is certain, and whose head reads the same
whatever number follows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.japan_address.cell import (
    CORRECTED,
    NOTHING,
    doubt_of,
    evidence_of,
    reason_of,
    write_address,
)
from custseg.cleanse.standardize.japan_address.codes import code_of
from custseg.cleanse.standardize.japan_address.gazetteer import Writing, gazetteer
from custseg.cleanse.standardize.japan_address.parse import Address, taken_apart
from custseg.cleanse.standardize.japan_address.place import (
    Evidence,
    Place,
    find_place,
    may_take_digits,
    town_may_take_digits,
    usual_place,
)
from custseg.cleanse.standardize.japan_address.spelling import fold_place
from custseg.cleanse.standardize.nulls import null_mask
from custseg.cleanse.standardize.text import cleaned_at_once

_USUAL: Final = (
    "^(?P<head>[^0-9 〒][^0-9 ]*)"
    "(?:(?P<chome>[0-9]+)丁目)?(?P<lot>[0-9]+)"
    "(?:番地?(?P<house>[0-9]+)号?|番地?|(?P<more>(?:-[0-9]+)+))?"
    # No の, ノ or 之 begins a building: it joins numbers.
    "(?: (?P<building>[\u3041-\u306d\u306f-\u3096\u30a1-\u30cd\u30cf-\u30fa"
    "\u4e00-\u4e4a\u4e4c-\u9fffA-Za-z].*))?$"
)
"""What :func:`~custseg.cleanse.standardize.japan_address.block.split_rest` reads at once."""


class Usual(NamedTuple):
    """Addresses that were taken apart; those left to the reader of one address are not here.

    Attributes
    ----------
    places
        Their places in the column, ascending.
    value, reason
        The whole address in standard form, and what was completed.
    prefecture, city, town, block, building, street, postal_code
        Parts; null for none.
    """

    places: npt.NDArray[np.int64]
    value: pa.Array
    reason: pa.Array
    prefecture: pa.Array
    city: pa.Array
    town: pa.Array
    block: pa.Array
    building: pa.Array
    street: pa.Array
    postal_code: pa.Array


class _Head(NamedTuple):
    """What is certain of an address before its number.

    Attributes
    ----------
    address
        Its parts; block and building are empty.
    written
        How the address begins in standard form.
    reason
        What was completed.
    code
        Its postal code, seven digits; empty where that hangs on the number.
    """

    address: Address
    written: str
    reason: str | None
    code: str


def take_apart(
    values: pa.Array, postal_code: pa.Array, prefecture: pa.Array, city: pa.Array
) -> Usual:
    """Take those addresses of a column apart that are in the usual form.

    Parameters
    ----------
    values
        Strings without nulls, or null for what is not to be read.
    postal_code, prefecture, city
        What the rows have beside them; ``""`` for none.
    """
    text = cleaned_at_once(values)
    usual = pc.fill_null(pc.match_substring_regex(text, _USUAL), False)
    places = np.flatnonzero(usual.to_numpy(zero_copy_only=False))
    at = pa.array(places)
    pieces = pc.extract_regex(text.take(at), _USUAL)
    beside = tuple(array.take(at) for array in (postal_code, prefecture, city))
    heads, codes = _read(pieces.field("head"), beside)
    known = np.array([head is not None for head in heads], dtype=np.bool_)[codes]
    return _written(places[known], pieces.filter(pa.array(known)), heads, codes[known])


def _read(
    heads: pa.Array, beside: tuple[pa.Array, ...]
) -> tuple[list[_Head | None], npt.NDArray[np.int64]]:
    """Read the distinct heads; and for each address the place of its own among them."""
    columns = (heads, *beside)
    combined = np.zeros(len(heads), dtype=np.int64)
    for column in columns:
        encoded = column.dictionary_encode()
        combined = combined * max(len(encoded.dictionary), 1) + encoded.indices.to_numpy()
        # Numbered anew after each column, so that the product never leaves 64 bits.
        _, first, combined = np.unique(combined, return_index=True, return_inverse=True)
    at = pa.array(first)
    known: dict[str, Address | None] = {}
    distinct = zip(*(column.take(at).to_pylist() for column in columns), strict=True)
    return [_head(*one, known=known) for one in distinct], combined


def _head(
    head: str, postal_code: str, prefecture: str, city: str, *, known: dict[str, Address | None]
) -> _Head | None:
    """Read a head; None where it is not certain, or may hang on what follows it.

    Parameters
    ----------
    head
        The address before its first digit.
    postal_code, prefecture, city
        Cells beside it.
    known
        Heads that name all of their place, to be read once whatever stands beside them.
    """
    evidence = NOTHING
    if postal_code or prefecture or city:
        evidence = evidence_of(postal_code, prefecture, city)
    if head not in known:
        known[head] = _usual(head, fold_place(head))
    address = known[head] or _certain(head, fold_place(head), evidence)
    if address is None or (evidence is not NOTHING and doubt_of(address, evidence)):
        return None
    reason = reason_of(address, evidence)
    if reason in CORRECTED:
        return None
    code = evidence.postal_code
    if not code and len(areas := gazetteer().areas(address.number)[address.town]) == 1:
        code = areas[0].postal_code
    return _Head(address, write_address(address, evidence), reason, code)


def _usual(head: str, folded: str) -> Address | None:
    """Read a head that names all of its place."""
    place = usual_place(head, folded)
    if place is None or place.city is None or town_may_take_digits(folded, place.city):
        return None
    return _ended(head, place)


def _certain(head: str, folded: str, evidence: Evidence) -> Address | None:
    """Read a head whose city it names itself, in any writing."""
    place = find_place(head, folded, evidence)
    if place.writing in (None, Writing.NO_SUFFIX) or may_take_digits(folded, evidence):
        return None
    return _ended(head, place)


def _ended(head: str, place: Place) -> Address | None:
    """Name the parts of a head that ends with a town of the postal data."""
    town, city = place.town, place.city
    listed = town.known and town.name and city is not None and gazetteer().towns(city).entries
    return taken_apart(head, place) if listed and town.end == len(head) else None


def _written(
    places: npt.NDArray[np.int64],
    pieces: pa.StructArray,
    heads: list[_Head | None],
    codes: npt.NDArray[np.int64],
) -> Usual:
    """Write the addresses: their heads, each in its place, before numbers and buildings."""
    at = pa.array(codes)

    def spread(each: Callable[[_Head], str | None]) -> pa.Array:
        return pa.array([head and each(head) for head in heads], pa.string()).take(at)

    lot, house, more, building = (
        pieces.field(name) for name in ("lot", "house", "more", "building")
    )
    block = pc.binary_join_element_wise(
        _before(pieces.field("chome"), "-"), lot, _behind("-", house), more, ""
    )
    value = pc.binary_join_element_wise(
        spread(lambda head: head.written), block, _behind(" ", building), ""
    )
    meaningless = pa.array(null_mask(building, markers=True))
    return Usual(
        places,
        value,
        spread(lambda head: head.reason),
        spread(lambda head: head.address.prefecture),
        spread(lambda head: head.address.city),
        spread(lambda head: head.address.town),
        block,
        pc.if_else(meaningless, None, building),
        spread(lambda head: head.address.street or None),
        _with_hyphen(_codes(spread(lambda head: head.code), heads, codes, block, building)),
    )


def _before(text: pa.Array, sign: str) -> pa.Array:
    return pc.if_else(pc.equal(text, ""), "", pc.binary_join_element_wise(text, sign, ""))


def _behind(sign: str, text: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(text, ""), "", pc.binary_join_element_wise(sign, text, ""))


def _codes(
    of_heads: pa.Array,
    heads: list[_Head | None],
    codes: npt.NDArray[np.int64],
    block: pa.Array,
    building: pa.Array,
) -> pa.Array:
    """Give the postal codes; one that hangs on the number is looked up for its address."""
    open_ones = pc.equal(of_heads, "")
    at = np.flatnonzero(open_ones.to_numpy(zero_copy_only=False))
    rests = (part.take(pa.array(at)).to_pylist() for part in (block, building))
    found = [
        code_of(head.address._replace(block=number, building=name))
        for head, number, name in zip((heads[code] for code in codes[at]), *rests, strict=True)
        if head is not None
    ]
    return pc.replace_with_mask(of_heads, open_ones, pa.array(found, pa.string()))


def _with_hyphen(codes: pa.Array) -> pa.Array:
    """Write seven digits as 100-0005; null for none."""
    hyphened = pc.replace_substring_regex(codes, "^([0-9]{3})", r"\1-")
    return pc.if_else(pc.equal(codes, ""), None, hyphened)
