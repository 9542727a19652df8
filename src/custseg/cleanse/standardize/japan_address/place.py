"""Prefecture, city and town at the head of an address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from custseg.cleanse.standardize.japan_address.gazetteer import (
    PREFECTURES,
    NamedCity,
    Names,
    Writing,
    gazetteer,
    offices,
)
from custseg.cleanse.standardize.japan_address.spelling import fold_place
from custseg.cleanse.standardize.japan_address.town import Town, find_town, guess_town


class Evidence(NamedTuple):
    """What the row says of the place outside the address; empty where it says nothing.

    Attributes
    ----------
    prefecture
        A prefecture's name.
    city
        A city in any writing.
    postal_code
        Seven digits.
    """

    prefecture: str = ""
    city: str = ""
    postal_code: str = ""


class Place(NamedTuple):
    """The head of an address.

    Attributes
    ----------
    city
        Number of the city; None where it is not certain.
    town
        The town, with its street, and its end in the text.
    doubt
        Why the city is not certain: ``"city_ambiguous"``, ``"ward_ambiguous"``,
        ``"city_unknown"``, ``"prefecture_conflict"``, ``"city_conflict"``; or None.
    prefecture
        The prefecture that the text names; empty where it names none.
    writing
        How the text names the city; None where it does not, and the row does.
    former_ward
        Whether it names a ward that the city no longer has.
    city_of_wards
        Some ward of the city, where only the ward is in doubt.
    """

    city: int | None
    town: Town
    doubt: str | None = None
    prefecture: str = ""
    writing: Writing | None = None
    former_ward: bool = False
    city_of_wards: int | None = None


_NO_TOWN: Final = Town("", 0)
_MAY_LEAD: Final = frozenset(" ,、日")
_LEAD: Final = re.compile("[ ,、]*(?:日本国?[ ,、]*(?=[^0-9 ]{2,3}[都道府県]))?")
_FORMER_WARD: Final = re.compile("[^市区町村 0-9]{1,3}区")


def find_place(text: str, folded: str, evidence: Evidence) -> Place:
    """Find prefecture, city and town at the head of an address.

    Parameters
    ----------
    text, folded
        The address in one width, and its folded spelling.
    evidence
        What else the row knows.
    """
    base = gazetteer()
    prefecture, at = _begin(folded)
    inside = prefecture or evidence.prefecture
    names = base.within.get(inside, base.anywhere)
    if prefecture and (usual := _usual_place(text, folded, at, prefecture)):
        return usual
    found = _by_city(text, folded, at, names, evidence)
    if found is None or found.city is None:
        if found and not inside and found.city_of_wards is not None:
            inside = base.cities[found.city_of_wards].prefecture
        found = _without_city(text, folded, at, inside, evidence) or found
    if found is None:
        found = _elsewhere(text, folded, at, inside)
    return found._replace(prefecture=prefecture) if prefecture else found


def usual_place(text: str, folded: str) -> Place | None:
    """Find a place whose prefecture the text names, and whose city and town it leaves no doubt of.

    What :func:`find_place` gives for such a text, whatever stands beside it; None for others.
    """
    prefecture, at = _begin(folded)
    return _usual_place(text, folded, at, prefecture) if prefecture else None


def _usual_place(text: str, folded: str, at: int, prefecture: str) -> Place | None:
    first = gazetteer().within[prefecture].longest(folded, at)
    if first is None or len(first[1]) > 1:
        return None
    end, (only,) = first
    town = find_town(text, folded, end, only.city)
    return town and Place(only.city, town, None, prefecture, only.writing)


def may_take_digits(folded: str, evidence: Evidence) -> bool:
    """Whether a digit behind a text may belong to the name of its town: 北 of 北1条西.

    Asked of every city that :func:`find_place` may try because the text names it.
    """
    prefecture, at = _begin(folded)
    names = gazetteer().within.get(prefecture or evidence.prefecture, gazetteer().anywhere)
    matches = names.matches(folded, at)
    return any(town_may_take_digits(folded, one.city) for _, named in matches for one in named)


def town_may_take_digits(folded: str, city: int) -> bool:
    """Whether a digit behind a text may belong to the name of a town of a city."""
    before = gazetteer().towns(city).before_digits
    if before and (folded.endswith(before) or "字" in folded):
        return True
    return city in gazetteer().kyoto and folded.endswith(_TURN_ENDS)


_TURN_ENDS: Final = ("ル", "リ", "入")
"""Ends of a way through Kyoto, which a 丁目 may go on with."""


def _begin(folded: str) -> tuple[str, int]:
    """Give the prefecture that a text begins with, or "", and the place behind it."""
    start = 0
    if folded[:1] in _MAY_LEAD and (lead := _LEAD.match(folded)):
        start = lead.end()
    return _prefecture(folded, start)


def _prefecture(folded: str, start: int) -> tuple[str, int]:
    """Give the prefecture that stands at `start`, or "", and the place behind it."""
    whole, short = _prefectures()
    if found := whole.get(folded[start : start + 3]) or whole.get(folded[start : start + 4]):
        end = start + len(found)
    elif found := short.get(folded[start : start + 2]) or short.get(folded[start : start + 3]):
        # 京都 begins many words; 京都 before 左京区 is the prefecture.
        end = start + len(found) - 1
        apart = folded[end : end + 1] == " "
        if not apart and gazetteer().within[found].longest(folded, end) is None:
            return "", start
    else:
        return "", start
    return found, end + (folded[end : end + 1] == " ")


def whole_prefecture(text: str) -> bool:
    """Whether a text begins with the whole name of a prefecture, in its common spelling."""
    whole = _prefectures()[0]
    return text[:3] in whole or text[:4] in whole


@cache
def _prefectures() -> tuple[dict[str, str], dict[str, str]]:
    """Give prefectures by folded name, and by folded name without 都, 府 or 県."""
    whole = {fold_place(name): name for name in PREFECTURES}
    short = {fold_place(name[:-1]): name for name in PREFECTURES if name != "北海道"}
    return whole, short


def _by_city(
    text: str,
    folded: str,
    start: int,
    names: Names[list[NamedCity]],
    evidence: Evidence,
) -> Place | None:
    """Read a city at `start`, the longest that is certain."""
    best: Place | None = None
    for end, named in names.matches(folded, start):
        place = _choose(text, folded, (start, end), named, evidence)
        if place.city is not None:
            return place
        best = best or place
    return best


def _choose(
    text: str,
    folded: str,
    span: tuple[int, int],
    named: Sequence[NamedCity],
    evidence: Evidence,
) -> Place:
    """Choose among the cities that the text of a span may mean."""
    end = span[1]
    towns = {one: town for one in named if (town := find_town(text, folded, end, one.city))}
    former = None
    if not towns and named[0].writing == Writing.NO_WARD:
        former = _FORMER_WARD.match(folded, end)
        if former:
            end = former.end()
            towns = {one: town for one in named if (town := find_town(text, folded, end, one.city))}
    if towns:
        furthest = max(town.end for town in towns.values())
        candidates = [one for one in towns if towns[one].end == furthest]
    else:
        candidates = list(named)
    if len(candidates) > 1:
        candidates = _narrowed(candidates, text[slice(*span)], evidence)
    if len(candidates) > 1:
        if all(one.writing == Writing.NO_WARD for one in named):
            return Place(None, _NO_TOWN, "ward_ambiguous", city_of_wards=candidates[0].city)
        return Place(None, _NO_TOWN, "city_ambiguous")
    chosen = candidates[0]
    if not towns and chosen.writing == Writing.NO_COUNTY and _may_be_town(folded[slice(*span)]):
        inside = evidence.prefecture or folded[: span[0]].strip()
        if not inside:
            return Place(None, _NO_TOWN, "city_ambiguous")
    town = towns.get(chosen) or guess_town(text, end, chosen.city)
    return Place(chosen.city, town, None, "", chosen.writing, former is not None)


def _narrowed(candidates: list[NamedCity], written: str, evidence: Evidence) -> list[NamedCity]:
    """Keep the cities that the row, or the exact spelling, speaks for."""
    cities = gazetteer().cities
    of_code = cities_of_code(evidence.postal_code) if evidence.postal_code else frozenset()
    beside = cities_named(evidence.city, evidence.prefecture) if evidence.city else ()
    exact = {one.city for one in candidates if cities[one.city].name.endswith(written)}
    for speaks_for in (of_code, beside, exact):
        candidates = [one for one in candidates if one.city in speaks_for] or candidates
    return candidates


def _may_be_town(folded: str) -> bool:
    return folded in gazetteer().town_names()


def _without_city(
    text: str, folded: str, start: int, prefecture: str, evidence: Evidence
) -> Place | None:
    """Read a town whose city the row names, or whose city lacks 市 or 区."""
    for city in cities_named(evidence.city, prefecture) if evidence.city else ():
        town = find_town(text, folded, start, city)
        if town or len(cities_named(evidence.city, prefecture)) == 1:
            return Place(city, town or guess_town(text, start, city))
    if loose := gazetteer().loosely.get(prefecture):
        for end, named in loose.matches(folded, start):
            for one in named:
                if town := find_town(text, folded, end, one.city):
                    return Place(one.city, town, writing=one.writing)
    if evidence.postal_code:
        for city, name in gazetteer().places_of_code(evidence.postal_code):
            place = gazetteer().cities[city]
            town = find_town(text, folded, start, city)
            if town and town.name == name and prefecture in ("", place.prefecture):
                return Place(city, town)
    return None


def _elsewhere(text: str, folded: str, start: int, prefecture: str) -> Place:
    """Explain why no city was found: it is unknown, or in another prefecture."""
    if prefecture:
        other = _by_city(text, folded, start, gazetteer().anywhere, Evidence())
        if other and other.city is not None and other.town.name and other.town.known:
            return Place(None, _NO_TOWN, "prefecture_conflict")
    return Place(None, _NO_TOWN, "city_unknown")


@lru_cache(maxsize=4096)
def cities_named(written: str, prefecture: str) -> tuple[int, ...]:
    """Give the cities that a cell of a city column may mean, best spelled first.

    Parameters
    ----------
    written
        The cell; it may begin with the prefecture.
    prefecture
        Name of the prefecture, or empty.
    """
    folded = fold_place(written.strip())
    own, start = _prefecture(folded, 0)
    base = gazetteer()
    inside = own or prefecture
    name = folded[start:]
    for names in (base.within.get(inside, base.anywhere), base.loosely.get(inside)):
        entries = names.entries if names else {}
        # 大阪市 北区: no name has a space.
        named = entries.get(name) or entries.get(name.replace(" ", ""))
        if named:
            exact = [one for one in named if base.cities[one.city].name.endswith(written[start:])]
            return tuple(one.city for one in exact or named)
    return ()


def city_at_start(text: str, prefecture: str) -> str:
    """Give the one city whose name begins a text, or "" for none or several."""
    folded = fold_place(text)
    own, start = _prefecture(folded, 0)
    names = gazetteer().within.get(own or prefecture, gazetteer().anywhere)
    found = names.longest(folded, start)
    return gazetteer().cities[found[1][0].city].name if found and len(found[1]) == 1 else ""


def begins_with_city(text: str) -> bool:
    """Whether a text begins with a city or a ward; 朝日町 is a town of many cities as well."""
    folded = fold_place(text)
    _, start = _prefecture(folded, 0)
    found = gazetteer().anywhere.longest(folded, start)
    return found is not None and folded[: found[0]].endswith(("市", "区"))


@lru_cache(maxsize=8192)
def cities_of_code(code: str) -> frozenset[int]:
    """Give the cities of a postal code of seven digits, offices' own codes included."""
    base = gazetteer()
    cities = {city for city, _ in base.places_of_code(code)}
    office = offices().get(code)
    if not cities and office and office in base.numbers:
        cities = {base.numbers[office]}
    return frozenset(cities)
