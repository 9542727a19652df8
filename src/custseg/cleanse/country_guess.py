"""Judge the country of a table from its values, where nobody has named it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from custseg.cleanse.standardize.country import country_code
from custseg.cleanse.standardize.regions import region_code

SAMPLE: Final = 200
FALLBACK: Final = "US"

CANDIDATES: Final = (
    "US",
    "JP",
    "GB",
    "AU",
    "CA",
    "NZ",
    "IE",
    "IN",
    "SG",
    "DE",
    "FR",
    "ES",
    "IT",
    "NL",
)
"""Countries told apart by their values; at equal evidence the first one wins."""

_JAPANESE = re.compile(r"[぀-ヿｦ-ﾟ一-鿿]")

_JAPANESE_PHONE = re.compile(r"\D*(?:81|0(?!20))")
"""Japanese numbers are written with their 0; those in 020 are no person's."""

_WORTH_OF_HEADERS: Final = 0.5

_POSTAL_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "US": re.compile(r"\d{5}(-\d{4})?"),
    "JP": re.compile(r"\d{3}-?\d{4}"),
    "GB": re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE),
    "AU": re.compile(r"0?\d{3,4}"),
    "CA": re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", re.IGNORECASE),
    "NZ": re.compile(r"\d{4}"),
    "IE": re.compile(r"[AC-FHKNPRTV-Y]\d[0-9W] ?[0-9AC-FHKNPRTV-Y]{4}", re.IGNORECASE),
    "IN": re.compile(r"[1-9]\d{5}"),
    "SG": re.compile(r"\d{6}"),
    "DE": re.compile(r"\d{5}"),
    "FR": re.compile(r"\d{5}"),
    "ES": re.compile(r"[0-5]\d{4}"),
    "IT": re.compile(r"\d{5}"),
    "NL": re.compile(r"\d{4} ?[A-Z]{2}", re.IGNORECASE),
}


def guess_country(samples: Mapping[str, Sequence[str]], headers: Iterable[str] = ()) -> str:
    """Judge the country from some values of each role, and from the language of the headers.

    Parameters
    ----------
    samples
        Role name → some of its non-empty cells, in any order.
    headers
        Names of their columns.

    Returns
    -------
    str
        ISO 3166-1 alpha-2 code. Japanese writing means JP; else the candidate whose postal
        codes, states, countries named and phone numbers fit best, Japanese headers counting for
        half a role; :data:`FALLBACK` where none fits.
    """
    texts = [text for values in samples.values() for text in values[:SAMPLE]]
    if texts and sum(bool(_JAPANESE.search(text)) for text in texts) > 0.05 * len(texts):
        return "JP"
    scores = {country: _evidence(country, samples) for country in CANDIDATES}
    if any(_JAPANESE.search(header) for header in headers):
        scores["JP"] += _WORTH_OF_HEADERS
    best = max(CANDIDATES, key=lambda country: scores[country])
    return best if scores[best] > 0 else FALLBACK


def _evidence(country: str, samples: Mapping[str, Sequence[str]]) -> float:
    """Sum, over the roles that can tell, of the share of values that fit `country`."""
    form = _POSTAL_FORMS[country]
    return (
        _share(samples.get("postal_code", ()), lambda text: bool(form.fullmatch(text.strip())))
        + _share(samples.get("prefecture", ()), lambda text: bool(region_code(text, country)))
        # The rows that name none are likely of the country that the others name.
        + 2 * _share(samples.get("country", ()), lambda text: country_code(text) == country)
        + _share(samples.get("phone", ()), lambda text: _is_phone_of(country, text))
    )


def _share(values: Sequence[str], fits: Callable[[str], bool]) -> float:
    sample = values[:SAMPLE]
    return sum(map(fits, sample)) / len(sample) if sample else 0.0


def _is_phone_of(country: str, text: str) -> bool:
    import phonenumbers

    if country == "JP" and not _JAPANESE_PHONE.match(text):
        return False
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, country)
