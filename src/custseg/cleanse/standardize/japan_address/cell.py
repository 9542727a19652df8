"""The cell of an address column that holds a Japanese address."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from custseg.cleanse.standardize.base import Cell, Status
from custseg.cleanse.standardize.japan_address.codes import agrees, code_of, is_known
from custseg.cleanse.standardize.japan_address.gazetteer import gazetteer
from custseg.cleanse.standardize.japan_address.parse import Address, parse
from custseg.cleanse.standardize.japan_address.place import (
    Evidence,
    begins_with_city,
    cities_named,
    whole_prefecture,
)
from custseg.cleanse.standardize.japan_address.romaji import parse_romaji
from custseg.cleanse.standardize.japan_address.spelling import fold_place, with_identities
from custseg.cleanse.standardize.mojibake import LOSSY
from custseg.cleanse.standardize.nulls import meant
from custseg.cleanse.standardize.postal_code import japanese_code
from custseg.cleanse.standardize.prefecture import prefecture_name
from custseg.cleanse.standardize.text import clean, status_of

_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
NOTHING: Final = Evidence()
CORRECTED: Final = frozenset({"ward_changed"})
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
    text, repaired = tidy(value)
    if repaired == LOSSY:
        return Cell(value, Status.INVALID, repaired)
    evidence = NOTHING
    if postal_code or prefecture or city:
        evidence = evidence_of(postal_code, prefecture, city)
    address = parse(text, evidence)
    if not (address.town_known and _PLAIN_BLOCK.fullmatch(address.block)):
        address = _stable(address, evidence)
    if not address.certain:
        status = Status.INVALID if address.reason in _INVALID else Status.AMBIGUOUS
        return Cell(
            value, status, address.reason, (address.prefecture or None, address.city or None)
        )
    code = address.postal_code or evidence.postal_code
    doubt = doubt_of(address, evidence) if code or evidence is not NOTHING else None
    if not doubt and evidence is not NOTHING and _stands_elsewhere(address, text):
        doubt = "city_conflict"
    if not doubt and not code:
        code = code_of(address)
    parts = parts_of(address, code)
    if doubt:
        if doubt != "postal_conflict":
            # In columns of their own they would be evidence of the other place.
            parts = ()
        return Cell(value, Status.AMBIGUOUS, doubt, parts)
    if address.town and not address.town_known and (proposed := _nearest(address)):
        suggestion = write_address(address._replace(town=proposed), evidence)
        return Cell(value, Status.SUGGESTED, "town_unknown", parts, suggestion=suggestion)
    written = write_address(address, evidence)
    reason = repaired or reason_of(address, evidence)
    if reason in CORRECTED:
        return Cell(written, Status.CORRECTED, reason, parts)
    return Cell(written, status_of(value, written, repaired), reason, parts)


_ORDINARY: Final = re.compile("[0-9０-９－\u4e00-\u9fff々ぁ-んァ-ヶー-]+")
_HALF_WIDTH: Final = with_identities(
    {
        ord(wide): narrow
        for wide, narrow in zip("０１２３４５６７８９－", "0123456789-", strict=True)
    }
)


def tidy(value: str) -> tuple[str, str | None]:
    """Bring an address into one width, without variation selectors; and what was repaired.

    The same as :func:`~custseg.cleanse.standardize.text.clean`, quicker for the usual address.
    """
    if _ORDINARY.fullmatch(value) and whole_prefecture(value):
        return value.translate(_HALF_WIDTH), None
    text, repaired = clean(value)
    return _SELECTORS.sub("", text).strip(), repaired


def standardize_romaji(value: str) -> Cell | None:
    """Bring a Japanese address in Latin letters into one form, and name its parts.

    Returns
    -------
    Cell or None
        None where prefecture and city are not certain.
    """
    text, repaired = clean(value)
    address = None if repaired == LOSSY else parse_romaji(text)
    if address is None:
        return None
    parts = parts_of(address, address.postal_code)
    if address.reason:
        return Cell(value, Status.AMBIGUOUS, address.reason, parts)
    return Cell(text, status_of(value, text, repaired), repaired, parts)


_PLAIN_BLOCK: Final = re.compile(r"\d+(?:-\d+)*")


def _stable(address: Address, evidence: Evidence) -> Address:
    """Read what was written again where it may read differently, until it does not."""
    for _ in range(3):
        if not address.certain:
            break
        again = parse(write_address(address, evidence), evidence)
        if again[:6] == address[:6] or not again.certain:
            break
        address = again._replace(
            postal_code=address.postal_code,
            reason=address.reason,
            writing=address.writing,
            names_prefecture=address.names_prefecture,
        )
    return address


def parts_of(address: Address, code: str) -> tuple[str | None, ...]:
    """Give prefecture, city, town, block, building, street, unit, state and postal code."""
    return (
        address.prefecture,
        address.city,
        (address.town if address.town_known else meant(address.town)) or None,
        meant(address.block),
        meant(address.building),
        address.street or None,
        None,
        None,
        f"{code[:3]}-{code[3:]}" if code else None,
    )


@lru_cache(maxsize=4096)
def evidence_of(postal_code: str, prefecture: str, city: str) -> Evidence:
    """Read the neighboring cells of an address."""
    return Evidence(
        prefecture_name(clean(prefecture)[0]) if prefecture else "",
        _SELECTORS.sub("", clean(city)[0]),
        japanese_code(postal_code) if postal_code else "",
    )


def doubt_of(address: Address, evidence: Evidence) -> str | None:
    """Give the reason where the row contradicts the address, or itself."""
    if evidence.prefecture and evidence.prefecture != address.prefecture:
        return "prefecture_conflict"
    if evidence.city and address.writing is not None:
        named = cities_named(evidence.city, address.prefecture) or cities_named(evidence.city, "")
        if named and address.number not in named:
            return "city_conflict"
    if evidence.city and address.writing is None and _names_city(address):
        return "city_conflict"
    codes = {code for code in (address.postal_code, evidence.postal_code) if code}
    if len(codes) > 1 or not all(agrees(code, address) for code in codes if is_known(code)):
        return "postal_conflict"
    return None


def _names_city(address: Address) -> bool:
    """Whether what should be a town of the row's city is none, but a city elsewhere."""
    begin = address.town or address.block
    return not (address.town_known and address.town) and begins_with_city(begin)


def _stands_elsewhere(address: Address, text: str) -> bool:
    """Whether the city comes from the row, has no such town, and one of the same name has it."""
    if address.town_known or not address.town or address.names_prefecture:
        return False
    alone = parse(text)
    return alone.certain and alone.town_known and alone.number != address.number


def reason_of(address: Address, evidence: Evidence) -> str | None:
    """Name what was completed, beyond what the row says in other columns."""
    if address.reason == "prefecture_added" and address.writing is None:
        return None if evidence.city else "city_added"
    if address.reason == "prefecture_added" and evidence.prefecture:
        return None
    return address.reason


def write_address(address: Address, evidence: Evidence) -> str:
    """Write the whole address, without what the row has in other columns."""
    building = address.building
    if building and (address.town or address.block):
        building = " " + building
    here = f"{address.street}{address.town}{address.block}{building}"
    if address.writing is None and evidence.city:
        return here
    if evidence.prefecture and not address.names_prefecture:
        return address.city + here
    return f"{address.prefecture}{address.city}{here}"


_LEAST: Final = 3
"""Characters of a town below which one wrong character is no evidence."""


def _nearest(address: Address) -> str:
    """Give the one town of the city that differs by one character, or ""."""
    folded = fold_place(address.town)
    if len(folded) < _LEAST:
        return ""
    near = {
        towns
        for key, towns in gazetteer().towns(address.number).entries.items()
        if len(key) == len(folded)
        and sum(one != other for one, other in zip(key, folded, strict=True)) == 1
    }
    return next(iter(near))[0] if len(near) == 1 else ""
