"""The place that a postal code of Japan stands for, where it leaves no choice."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from custseg.cleanse.standardize.japan_address.cell import evidence_of
from custseg.cleanse.standardize.japan_address.gazetteer import gazetteer
from custseg.cleanse.standardize.japan_address.place import cities_named
from custseg.cleanse.standardize.postal_code import japanese_code


class PostalPlace(NamedTuple):
    """Prefecture, city and town; empty where the code leaves a choice."""

    prefecture: str = ""
    city: str = ""
    town: str = ""


@lru_cache(maxsize=65536)
def place_of_code(code: str, prefecture: str = "", city: str = "") -> PostalPlace:
    """Give the place of a postal code cell, as far as it is certain.

    Parameters
    ----------
    code
        The cell. Codes that an office has for itself say nothing: they are where its mail goes.
    prefecture, city
        Cells of these columns in the same row; "" for none. A place that contradicts them is not
        certain.
    """
    digits = japanese_code(code)
    base = gazetteer()
    places = set(base.places_of_code(digits)) if digits else set()
    if not places:
        return PostalPlace()
    cities = {number for number, _ in places}
    evidence = evidence_of("", prefecture, city)
    prefectures = {base.cities[number].prefecture for number in cities}
    if len(prefectures) > 1 or (prefecture and evidence.prefecture not in prefectures):
        return PostalPlace()
    (only,) = prefectures
    if city:
        named = set(cities_named(evidence.city, only))
        if not named & cities:
            return PostalPlace()
        # A code of two cities, and the row names one: its towns there count.
        cities &= named
        places = {place for place in places if place[0] in cities}
    if len(cities) > 1:
        return PostalPlace(only)
    towns = {town for _, town in places}
    return PostalPlace(only, base.cities[min(cities)].name, towns.pop() if len(towns) == 1 else "")
