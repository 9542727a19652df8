"""The cell of an address column that holds a Japanese address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from custseg.cleanse.standardize.base import Cell, Status
from custseg.cleanse.standardize.japan_address.codes import agrees, code_of, is_known
from custseg.cleanse.standardize.japan_address.gazetteer import City, gazetteer
from custseg.cleanse.standardize.japan_address.parse import Address, parse
from custseg.cleanse.standardize.japan_address.place import Evidence, cities_named
from custseg.cleanse.standardize.japan_address.spelling import fold_place
from custseg.cleanse.standardize.mojibake import LOSSY
from custseg.cleanse.standardize.postal_code import japanese_code
from custseg.cleanse.standardize.prefecture import prefecture_name
from custseg.cleanse.standardize.text import clean, status_of

_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_CORRECTED: Final = frozenset({"ward_changed"})
_INVALID: Final = frozenset({"city_unknown"})


def standardize_japanese(value: str, postal_code: str, prefecture: str, city: str) -> Cell:
    """Complete and unify a Japanese address, and take it apart.

    Parameters
    ----------
    value
        The cell.
    postal_code, prefecture, city
        Cells of these columns in the same row; "" for none.

    Returns
    -------
    Cell
        With parts in the order of :data:`PARTS`. What the row has in a column of its own is
        not added to the value, only what is missing everywhere.
    """
    text, repaired = clean(value)
    if repaired == LOSSY:
        return Cell(value, Status.INVALID, repaired)
    text = _SELECTORS.sub("", text)
    evidence = evidence_of(postal_code, prefecture, city)
    address = parse(text, evidence)
    if not address.certain:
        status = Status.INVALID if address.reason in _INVALID else Status.AMBIGUOUS
        return Cell(
            value, status, address.reason, (address.prefecture or None, address.city or None)
        )
    code = address.postal_code or evidence.postal_code
    doubt = _doubt(address, evidence)
    if not doubt and not code:
        code = code_of(address)
    parts = parts_of(address, code)
    if doubt:
        return Cell(value, Status.AMBIGUOUS, doubt, parts)
    if address.town and not address.town_known and (proposed := _nearest(address)):
        suggestion = "".join(_pieces(address._replace(town=proposed), evidence))
        return Cell(value, Status.SUGGESTED, "town_unknown", parts, suggestion=suggestion)
    written = "".join(_pieces(address, evidence))
    reason = repaired or _reason(address, evidence)
    if reason in _CORRECTED:
        return Cell(written, Status.CORRECTED, reason, parts)
    return Cell(written, status_of(value, written, repaired), reason, parts)


def parts_of(address: Address, code: str) -> tuple[str | None, ...]:
    """Give prefecture, city, town, block, building, street, unit, state and postal code."""
    return (
        address.prefecture,
        address.city,
        address.town or None,
        address.block or None,
        address.building or None,
        address.street or None,
        None,
        None,
        f"{code[:3]}-{code[3:]}" if code else None,
    )


@lru_cache(maxsize=65536)
def evidence_of(postal_code: str, prefecture: str, city: str) -> Evidence:
    """Read the neighboring cells of an address."""
    return Evidence(
        prefecture_name(clean(prefecture)[0]) if prefecture else "",
        _SELECTORS.sub("", clean(city)[0]),
        japanese_code(postal_code) if postal_code else "",
    )


def _doubt(address: Address, evidence: Evidence) -> str | None:
    """Give the reason where the row contradicts the address, or itself."""
    if evidence.prefecture and evidence.prefecture != address.prefecture:
        return "prefecture_conflict"
    if evidence.city and address.writing is not None:
        named = cities_named(evidence.city, address.prefecture)
        if named and gazetteer().numbers[City(address.prefecture, address.city)] not in named:
            return "city_conflict"
    codes = {code for code in (address.postal_code, evidence.postal_code) if code}
    if len(codes) > 1 or not all(agrees(code, address) for code in codes if is_known(code)):
        return "postal_conflict"
    return None


def _reason(address: Address, evidence: Evidence) -> str | None:
    if address.reason == "prefecture_added" and address.writing is None:
        return None if evidence.city else "city_added"
    if address.reason == "prefecture_added" and evidence.prefecture:
        return None
    return address.reason


def _pieces(address: Address, evidence: Evidence) -> Iterator[str]:
    """Yield the pieces of the whole address, without what the row has in other columns."""
    by_row = address.writing is None and evidence.city
    if not by_row:
        if address.names_prefecture or not evidence.prefecture:
            yield address.prefecture
        yield address.city
    yield address.street
    yield address.town
    yield address.block
    if address.building:
        yield f" {address.building}" if address.town or address.block else address.building


_LEAST: Final = 3
"""Characters of a town below which one wrong character is no evidence."""


def _nearest(address: Address) -> str:
    """Give the one town of the city that differs by one character, or ""."""
    folded = fold_place(address.town)
    if len(folded) < _LEAST:
        return ""
    city = gazetteer().numbers[City(address.prefecture, address.city)]
    near = {
        towns
        for key, towns in gazetteer().towns(city).entries.items()
        if len(key) == len(folded)
        and sum(one != other for one, other in zip(key, folded, strict=True)) == 1
    }
    return next(iter(near))[0] if len(near) == 1 else ""
