"""Addresses in Latin letters: street, unit, city, state and postal code by their form.

There is no base of streets: nothing is corrected, and what cannot be told apart stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple

from custseg.cleanse.standardize.base import Cell, Status
from custseg.cleanse.standardize.country import country_code
from custseg.cleanse.standardize.english_words import (
    COUNTIES,
    DIRECTIONS,
    STREET_TYPES,
    SUFFIXES,
    UNITS,
    expanded,
)
from custseg.cleanse.standardize.mojibake import LOSSY
from custseg.cleanse.standardize.nulls import meant
from custseg.cleanse.standardize.postal_code import british_code
from custseg.cleanse.standardize.regions import REGIONS, region_code
from custseg.cleanse.standardize.text import clean, status_of


class EnglishAddress(NamedTuple):
    """Parts of an address; each empty where there is none.

    Attributes
    ----------
    line
        Street and unit as written, in standard form.
    street, unit
        The same, taken apart.
    city, state, postal_code
        The state abbreviated.
    country
        The country as written.
    value
        The whole address in standard form.
    """

    line: str = ""
    street: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    value: str = ""


def standardize_english(value: str, country: str) -> Cell:
    """Standardize an address in Latin letters.

    Parameters
    ----------
    value
        The cell.
    country
        ISO code of the country, for what the address leaves open.

    Returns
    -------
    Cell
        With parts in the order of :data:`custseg.cleanse.standardize.address.PARTS`.
    """
    text, repaired = clean(value)
    if repaired == LOSSY:
        return Cell(value, Status.INVALID, repaired)
    found = parse_english(text, country)
    return Cell(
        found.value,
        status_of(value, found.value, repaired),
        repaired,
        (
            *(None, meant(found.city), None, None, None, meant(found.street)),
            *(meant(found.unit), found.state or None, found.postal_code or None),
        ),
    )


def parse_english(text: str, country: str = "US") -> EnglishAddress:
    """Take an address in Latin letters apart.

    >>> parse_english("123 Main St. Apt. 4B, New York, NY 10001-1234")[1:6]
    ('123 Main St', '4B', 'New York', 'NY', '10001-1234')
    """
    plain = _COMMA.sub(", ", text).strip(" ,")
    if closed := _before_country(plain):
        return closed
    head, named = _without_country(plain, country)
    readers = _READERS.get(country_code(named) if named else country, ())
    for reader in (*readers, *(other for other in _UNMISTAKABLE if other not in readers)):
        if found := reader(head):
            return _with_country(found, named)
    if not _STARTS_STREET.match(head):
        return EnglishAddress(head, country=named, value=", ".join(filter(None, (head, named))))
    line = in_form(head)
    street, unit = street_and_unit(line.partition(", ")[0])
    if not unit and (behind := UNIT_ALONE.fullmatch(line[len(street) + 2 :])):
        unit = behind[1]
    value = ", ".join(part for part in (line, named) if part)
    return EnglishAddress(line, street, unit, country=named, value=value)


def _before_country(text: str) -> EnglishAddress | None:
    """Read an address whose country stands behind its postal code without a comma."""
    found = _CODE_AND_COUNTRY.match(text)
    if found is None:
        return None
    for reader in _READERS.get(country_code(found[2]), ()):
        if (address := reader(found[1])) and address.postal_code:
            return _with_country(address, found[2])
    return None


def _with_country(address: EnglishAddress, country: str) -> EnglishAddress:
    value = ", ".join(part for part in (address.value, country) if part)
    return address._replace(country=country, value=value)


CODE_AND_COUNTRY: Final = (
    "^(.+[ ,](?:[0-9]{3,5}(?:-?[0-9]{4})?|[A-Z]{1,2}[0-9][A-Z0-9]?[ -]*[0-9][A-Z]{2}"
    "|[A-Z][0-9][A-Z][ -]?[0-9][A-Z][0-9])) +([A-Z][A-Z. ]+)$"
)
"""What may be a postal code with a country behind it, in any case of letters."""

_CODE_AND_COUNTRY: Final = re.compile(CODE_AND_COUNTRY, re.IGNORECASE)

_COMMA: Final = re.compile(r"\s*[,;]+\s*(?:[,;]\s*)*|\s*\n\s*")
_STARTS_STREET: Final = re.compile(r"#?\d|p\.? ?o\.? box|(?:flat|unit|apt|suite) ", re.IGNORECASE)


def _without_country(text: str, country: str) -> tuple[str, str]:
    """Split off a country at the end, which no state of the same name is."""
    head, comma, last = text.rpartition(", ")
    if not comma or any(region_code(last, known) for known in REGIONS):
        return text, ""
    if len(last) <= 2 and last.upper() not in ("US", "UK", "GB", country):
        return text, ""
    return (head, last) if country_code(last) else (text, "")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Give a unit behind a street, one before it, abbreviations; and two of a street and a city."""

    def any_of(pairs: tuple[str, ...]) -> str:
        return "|".join(sorted(expanded(pairs), key=lambda word: (-len(word), word)))

    units, suffixes, directions = any_of(UNITS), any_of(SUFFIXES), any_of(DIRECTIONS)
    short = expanded(SUFFIXES)
    types = {word for word in short if short[word] in {short[each] for each in STREET_TYPES}}
    # Park Avenue is no Park in the city of Avenue; St Louis is a city.
    no_type = rf"(?!(?:{'|'.join(sorted(types - {'ST'}))})\b)"

    def street_then_city(ends: str, city: str) -> re.Pattern[str]:
        return re.compile(
            rf"^(\d.*?\b(?:{ends})\b\.?(?: (?:{directions})\b\.?)?"
            rf"(?:,? (?:(?:{units})\b\.? *#?|#) *[\w-]+)?),? +({city}[^\d,]+)$",
            re.IGNORECASE,
        )

    return (
        re.compile(rf"^(.+?)[ ,]+(?:(?:{units}|no)\b\.? *#?|#) *([\w-]+)$", re.IGNORECASE),
        re.compile(rf"^(?:{units})\.? +#?([\w-]*\d[\w-]*|[A-Z]),? +(.+)$", re.IGNORECASE),
        re.compile(rf"\b({units}|{suffixes}|{directions}|no)\.(?=[ ,]|$)", re.IGNORECASE),
        street_then_city("|".join(sorted(types)), no_type),
        street_then_city(suffixes, rf"(?!ST\b){no_type}"),
    )


UNIT_ALONE: Final = re.compile(
    rf"(?:(?:{'|'.join(expanded(UNITS))}|no)\b\.? *#?|#) *([\w-]+)", re.IGNORECASE
)
_SLASHED: Final = re.compile(r"(\d+[A-Za-z]?)/(\d.*)")


def in_form(line: str) -> str:
    """Drop the points of abbreviations."""
    return _patterns()[2].sub(r"\1", line)


def street_and_unit(line: str) -> tuple[str, str]:
    """Take the unit from behind a street, from before it, or from before a slash."""
    behind, before, *_ = _patterns()
    if (found := behind.match(line)) and not _POST_BOX.match(found[1]):
        return found[1].rstrip(" ,"), found[2]
    if found := before.match(line):
        return found[2], found[1]
    if found := _SLASHED.fullmatch(line):
        return found[2], found[1]
    return line, ""


_POST_BOX: Final = re.compile(r"p\.? ?o\.?$", re.IGNORECASE)


def _line_and_city(head: str) -> tuple[str, str]:
    """Split what stands before the state: at the last comma, or behind the street's name."""
    line, comma, city = head.rpartition(", ")
    if not comma:
        found = _street_then_city(head)
        line, city = (found[1].rstrip(" ,"), found[2]) if found else ("", head)
        if not found and _STARTS_STREET.match(head):
            line, city = head, ""
    elif UNIT_ALONE.fullmatch(city):
        line, city = head, ""
    elif UNIT_ALONE.fullmatch(line) and city[:1].isdigit():
        found = _street_then_city(city)
        street, city = (found[1].rstrip(" ,"), found[2]) if found else (city, "")
        line = f"{line}, {street}"
    return in_form(line), city


def _street_then_city(text: str) -> re.Match[str] | None:
    _, _, _, sure, likely = _patterns()
    return sure.match(text) or likely.match(text) or _BOX_THEN_CITY.match(text)


_BOX_THEN_CITY: Final = re.compile(r"^(p\.? ?o\.? ?box #?\d+[A-Z]?),? +([^\d,]+)$", re.IGNORECASE)


def _whole(line: str, city: str, state: str, code: str, end: str) -> EnglishAddress:
    street, unit = street_and_unit(line)
    value = ", ".join(filter(None, (line, end.strip())))
    return EnglishAddress(line, street, unit, city, state, code, value=value)


@cache
def _states(country: str) -> str:
    names = {
        word for pair in REGIONS[country] for word in pair.replace("_", " ").split("=") if word
    }
    dotted = {"\\.? ?".join(name) + "\\.?" for name in names if name.isupper() and len(name) == 2}
    plain = {re.escape(name) for name in names if not (name.isupper() and len(name) == 2)}
    return "|".join(sorted(plain | dotted, key=lambda name: (-len(name), name)))


@cache
def _tails(country: str, code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """State and postal code at the end; a state alone, behind a comma."""
    states = _states(country)
    return (
        re.compile(rf"^(?:(.*?)[ ,]+)?\(?({states})\)?,? +({code})$", re.IGNORECASE),
        re.compile(rf"^(.+), ({states})()$", re.IGNORECASE),
    )


def _state_at_end(head: str, country: str, code: str) -> tuple[str, str, str] | None:
    """Split off state and postal code."""
    with_code, alone = _tails(country, code)
    found = with_code.match(head) or alone.match(head)
    return (found[1] or "", region_code(found[2], country), found[3].upper()) if found else None


def _american(head: str) -> EnglishAddress | None:
    found = _state_at_end(head, "US", r"\d{5}(?:-?\d{4})?|\d{4}")
    if not found:
        return None
    rest, state, code = found
    code = f"{code[:5]}-{code[5:]}" if len(code) == 9 else code and code.zfill(5)
    line, city = _line_and_city(rest)
    return _whole(line, city, state, code, ", ".join(filter(None, (city, f"{state} {code}"))))


def _canadian(head: str) -> EnglishAddress | None:
    found = _state_at_end(head, "CA", r"[A-Z]\d[A-Z][ -]?\d[A-Z]\d")
    if not found:
        return None
    rest, state, code = found
    code = code and f"{code[:3]} {code[-3:]}"
    line, city = _line_and_city(rest)
    return _whole(line, city, state, code, ", ".join(filter(None, (city, f"{state} {code}"))))


def _australian(head: str) -> EnglishAddress | None:
    found = _state_at_end(head, "AU", r"\d{4}|8\d\d")
    if not found:
        return None
    rest, state, code = found
    if len(code) == 3 and state != "NT":
        return None
    code = code and code.zfill(4)
    line, city = _line_and_city(rest)
    end = f"{city} {state} {code}" if code else ", ".join(filter(None, (city, state)))
    return _whole(line, city, state, code, end)


_DIGIT: Final = re.compile(r"\d")
_POSTCODE_AT_END: Final = re.compile(
    r"^(?:(.*?)[ ,]+)?([A-Z]{1,2}\d[A-Z\d]?[ -]*\d[A-Z]{2})$", re.IGNORECASE
)


def _british(head: str) -> EnglishAddress | None:
    found = _POSTCODE_AT_END.match(head)
    code = british_code(found[2].replace("-", " ")) if found else ""
    if not found or not code:
        return None
    parts = [part for part in in_form(found[1] or "").split(", ") if part]
    if len(parts) == 1 and (apart := _street_then_city(parts[0])) and " " not in apart[2]:
        parts = [apart[1].rstrip(" ,"), apart[2]]
    towns = list(parts)
    while len(towns) > 1 and towns[-1].casefold().replace(".", "") in COUNTIES:
        towns.pop()
    city = towns.pop() if towns and not towns[-1][:1].isdigit() else ""
    if len(towns) > 1 and (UNIT_ALONE.fullmatch(towns[0]) or not _DIGIT.search(towns[0])):
        # A unit, or a house that has a name in place of a number.
        towns[:2] = [", ".join(towns[:2])]
    street, unit = street_and_unit(towns[0]) if towns else ("", "")
    value = f"{', '.join(parts)} {code}".strip()
    return EnglishAddress(", ".join(towns), street, unit, city, "", code, value=value)


_CODE_THEN_CITY: Final = re.compile(r"^(.+?),? +(\d{4,5}|\d{4} ?[A-Z]{2}) +([^\d,]+)$")


def _continental(head: str) -> EnglishAddress | None:
    found = _CODE_THEN_CITY.match(head)
    if not found:
        return None
    line, code, city = found[1].rstrip(" ,"), found[2], found[3]
    return EnglishAddress(line, line, "", city, "", code, value=f"{line}, {code} {city}")


Reader = Callable[[str], EnglishAddress | None]

_READERS: Final[Mapping[str, tuple[Reader, ...]]] = {
    "US": (_american,),
    "CA": (_canadian,),
    "AU": (_australian,),
    "GB": (_british,),
    **dict.fromkeys(("DE", "FR", "ES", "IT", "NL", "AT", "CH", "BE", "DK"), (_continental,)),
}


def _with_code(reader: Reader, least: int) -> Reader:
    """Make a reader for any country of one: it wants the code, and a state of that length."""

    def read(head: str) -> EnglishAddress | None:
        found = reader(head)
        return found if found and found.postal_code and len(found.state) >= least else None

    return read


_ZIP_BEHIND_STATE: Final = re.compile(r"[A-Za-z.]+,? +\d{5}(?:-\d{4})?$")


def _surely_american(head: str) -> EnglishAddress | None:
    return _american(head) if _ZIP_BEHIND_STATE.search(head) else None


_UNMISTAKABLE: Final = (
    _surely_american,
    _with_code(_canadian, 2),
    _british,
    _with_code(_australian, 3),
)


def looks_english(text: str) -> bool:
    """Whether a text looks like a whole address or a street line in Latin letters."""
    plain = clean(text)[0]
    found = parse_english(plain)
    return bool(found.postal_code or _street_then_city(plain + " x") or _POST_BOX_LINE.match(plain))


_POST_BOX_LINE: Final = re.compile(r"p\.? ?o\.? box +\d", re.IGNORECASE)
