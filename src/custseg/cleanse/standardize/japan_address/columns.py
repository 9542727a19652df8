"""Columns of Japanese cities and towns, each with what the row says beside it."""

from __future__ import annotations

from custseg.cleanse.standardize.base import Cell, Context, Status
from custseg.cleanse.standardize.japan_address.block import split_rest
from custseg.cleanse.standardize.japan_address.cell import evidence_of
from custseg.cleanse.standardize.japan_address.gazetteer import gazetteer
from custseg.cleanse.standardize.japan_address.place import (
    cities_named,
    cities_of_code,
    city_at_start,
)
from custseg.cleanse.standardize.japan_address.spelling import fold_place, is_japanese
from custseg.cleanse.standardize.japan_address.town import find_town
from custseg.cleanse.standardize.mojibake import LOSSY
from custseg.cleanse.standardize.prefecture import prefecture_at_start
from custseg.cleanse.standardize.text import clean, status_of


def standardize_city(
    value: str, context: Context, prefecture: str = "", postal_code: str = ""
) -> Cell:
    """Spell a city as the postal data does, with its county, or its city where it is a ward.

    Parameters
    ----------
    value
        The cell.
    context
        Not used.
    prefecture, postal_code
        Cells of these columns in the same row; "" for none.

    Returns
    -------
    Cell
        With the prefecture as its part, where the city makes it certain. A prefecture that
        the cell names itself stays.
    """
    del context
    text, repaired = clean(value)
    if not is_japanese(text) or repaired == LOSSY:
        return Cell(text, status_of(value, text, repaired), repaired)
    evidence = evidence_of(postal_code, prefecture, "")
    own = prefecture_at_start(text)
    if own and evidence.prefecture and own != evidence.prefecture:
        return Cell(value, Status.AMBIGUOUS, "prefecture_conflict")
    named = cities_named(text, evidence.prefecture)
    if not named:
        longer = city_at_start(text, evidence.prefecture)
        if longer:
            return Cell(value, Status.SUGGESTED, "more_than_city", suggestion=longer)
        return Cell(value, Status.INVALID, "city_unknown", (own or None,))
    if len(named) > 1 and evidence.postal_code:
        named = tuple(cities_of_code(evidence.postal_code).intersection(named)) or named
    cities = [gazetteer().cities[city] for city in named]
    prefectures = {city.prefecture for city in cities}
    bare = text.removeprefix(own).strip()
    if len(cities) > 1 and not all(_is_ward_of(city.name, bare) for city in cities):
        return Cell(value, Status.AMBIGUOUS, "city_ambiguous", (own or None,))
    # A city whose ward is not named stays without one.
    name = cities[0].name if len(cities) == 1 else cities[0].name[: cities[0].name.find("市") + 1]
    written = own + name
    return Cell(written, status_of(value, written, repaired), repaired, (min(prefectures),))


def _is_ward_of(name: str, city: str) -> bool:
    return name.endswith("区") and fold_place(name).startswith(fold_place(city))


def standardize_town(
    value: str, context: Context, prefecture: str = "", city: str = "", postal_code: str = ""
) -> Cell:
    """Spell a town as the postal data does, and what follows it as a block and a building.

    Parameters
    ----------
    value
        The cell.
    context
        Not used.
    prefecture, city, postal_code
        Cells of these columns in the same row; "" for none. The town stays as written where
        they leave the city open.
    """
    del context
    text, repaired = clean(value)
    if not is_japanese(text) or repaired == LOSSY:
        return Cell(text, status_of(value, text, repaired), repaired)
    evidence = evidence_of(postal_code, prefecture, city)
    named: tuple[int, ...] = cities_named(evidence.city, evidence.prefecture) if city else ()
    towns = [town for one in named if (town := find_town(text, fold_place(text), 0, one))]
    if len(towns) != 1:
        reason = "town_unknown" if len(named) == 1 and not towns else repaired
        return Cell(text, status_of(value, text, repaired), reason)
    town = towns[0]
    written = town.street + town.name + block_behind(text[town.end :])
    return Cell(written, status_of(value, written, repaired), repaired)


def block_behind(rest: str) -> str:
    """Write what follows a town: block, and building behind a space."""
    block, building = split_rest(rest)
    return f"{block} {building}" if building else block
