"""Countries: 日本, Japan, JPN, 392 all become JP (ISO 3166-1 alpha-2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import pyarrow as pa

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.nulls import is_null_marker
from custseg.cleanse.standardize.text import fold
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role
from custseg.resources.countries import countries

_FURTHER: Final = {
    "JP": words("日本国 にほん にっぽん ニホン ニッポン Nippon Nihon"),
    "US": (
        *("America", "United States of America", "the United States", "the States", "U.S.", "US"),
        *("米国", "アメリカ", "合衆国", "北米"),
    ),
    "GB": (
        *("UK", "U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales"),
        *("Northern Ireland", "英国", "グレートブリテン", "イングランド", "スコットランド"),
    ),
    "KR": ("Korea", "Republic of Korea", "Korea, Republic of", "ROK", "大韓民国", "南朝鮮"),
    "KP": ("DPRK", "Korea, Democratic People's Republic of", "朝鮮民主主義人民共和国"),
    "CN": (
        *("China", "PRC", "P.R. China", "People's Republic of China", "Mainland China"),
        *("中国", "中華人民共和国"),
    ),
    "TW": ("Taiwan", "Taiwan, Province of China", "Chinese Taipei", "台湾", "臺灣", "中華民国"),
    "HK": ("Hong Kong", "Hongkong", "HKSAR", "香港"),
    "MO": ("Macau", "Macao", "マカオ", "澳門"),
    "RU": ("Russian Federation", "ロシア連邦"),
    "VN": ("Viet Nam", "ヴェトナム", "ベトナム社会主義共和国"),
    "CZ": ("Czech Republic", "チェコ共和国"),
    "TR": ("Turkey", "Türkiye", "トルコ共和国"),
    "DE": ("Deutschland", "ドイツ連邦共和国", "独"),
    "FR": ("フランス共和国", "仏"),
    "IN": ("印度", "インド共和国"),
    "AU": ("豪州", "豪", "オーストラリア連邦"),
    "IE": ("Eire", "Republic of Ireland", "アイルランド共和国"),
    "NL": ("Holland", "The Netherlands", "オランダ王国"),
    "GR": ("EL", "Hellas"),
    "ES": ("España", "西班牙"),
    "AE": ("UAE", "U.A.E.", "ドバイ"),
    "PH": ("The Philippines", "Phils"),
    "MM": ("Burma", "ビルマ"),
    "MK": ("Macedonia",),
    "SZ": ("Swaziland",),
    "CV": ("Cape Verde",),
    "CI": ("Ivory Coast",),
    "CD": ("DR Congo", "DRC", "Democratic Republic of the Congo"),
    "CG": ("Republic of the Congo", "Congo"),
    "VA": ("Vatican", "Holy See"),
    "IR": ("Islamic Republic of Iran",),
    "SY": ("Syrian Arab Republic",),
    "LA": ("Lao PDR",),
    "MD": ("Republic of Moldova",),
    "TZ": ("United Republic of Tanzania",),
    "PS": ("Palestine",),
}

_AND: Final = re.compile(r"\band\b")
_SEPARATORS: Final = re.compile(r"[\s.,'’・()&-]+")


def standardize_country(value: str, context: Context) -> Cell:
    """Read a country's name or code. ``NA`` is Namibia here, so markers are told apart here."""
    del context
    code = country_code(value)
    if code:
        return Cell(code, Status.VALID if code == value else Status.STANDARDIZED)
    if is_null_marker(value):
        return Cell(None, Status.MISSING)
    return Cell(None, Status.INVALID, "unknown_country")


def country_code(value: str) -> str:
    """Give the alpha-2 code of a country's name or code; ``""`` for none."""
    return _codes().get(_folded(value), "")


def country_codes(cells: pa.Array, default: str) -> pa.Array:
    """Give the code of the country in each cell, or `default` where that is none."""
    encoded = cells.dictionary_encode()
    codes = [(cell and country_code(cell)) or default for cell in encoded.dictionary.to_pylist()]
    return pa.array(codes, pa.string()).take(encoded.indices)


@cache
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    known = countries()
    # Names that stand for two countries in two languages go to the first by code.
    for country in known:
        for name in country.other:
            codes.setdefault(_folded(name), country.code)
    for country in known:
        codes.update({_folded(name): country.code for name in (country.en, country.ja)})
    for code, names in _FURTHER.items():
        codes.update({_folded(name): code for name in names})
    codes.update({country.code.lower(): country.code for country in known})
    # Sark has neither a Japanese nor another name.
    codes.pop("", None)
    return codes


def _folded(name: str) -> str:
    """Fold case, accents, punctuation, and the article."""
    plain = _AND.sub("", unicodedata.normalize("NFKD", fold(name)).casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c) or c in "\u3099\u309a")
    return unicodedata.normalize("NFC", _SEPARATORS.sub("", letters).removeprefix("the"))


def likeness(values: Sequence[str]) -> float:
    """Share of values that name a country; numbers prove nothing."""
    return sum(not value.isdigit() and bool(country_code(value)) for value in values) / len(values)


COUNTRY: Final = Standardizer(cell=standardize_country, null_markers=False)

ROLES: Final = (
    Role(
        name="country",
        label={"en": "country", "ja": "国"},
        about="The country of the address, as an ISO 3166-1 alpha-2 code.",
        headers=words(
            """
            country country_code country_name country_region nation country_iso iso_country
            billing_country shipping_country mailing_country country_of_residence 国 国名
            国コード 国籍コード 国・地域 国/地域 居住国 在住国 カントリー
            """
        ),
        likeness=likeness,
        standardizer=COUNTRY,
        tables=frozenset({"people", "orders"}),
        examples=(("日本", "JP"), ("Japan", "JP"), ("USA", "US"), ("United Kingdom", "GB")),
        telling=0.7,
    ),
)
