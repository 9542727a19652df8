"""Countries by ISO 3166-1 code; source and license stand in ``PROVENANCE.md`` beside this file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Country(NamedTuple):
    """A country or territory.

    Attributes
    ----------
    code
        ISO 3166-1 alpha-2.
    en, ja
        Its name in English and Japanese.
    other
        Alpha-3 and numeric codes, and names in further languages.
    """

    code: str
    en: str
    ja: str
    other: tuple[str, ...]


@cache
def countries() -> tuple[Country, ...]:
    """Give every country, sorted by code."""
    text = files("custseg.resources.countries").joinpath("countries.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return tuple(Country(code, en, ja, tuple(other.split("|"))) for code, en, ja, other in rows)
