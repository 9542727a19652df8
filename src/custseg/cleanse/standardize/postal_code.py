"""Postal codes: those of Japan against Japan Post's list, others by the form of the country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.country import country_code, country_codes
from custseg.cleanse.standardize.japan_address.codes import is_known
from custseg.cleanse.standardize.nulls import nfkc
from custseg.cleanse.standardize.text import clean, status_of
from custseg.fields.roles import Role

_HYPHENS: Final = re.compile("[\u2010-\u2015\u2212\u30fc\u2500\u2501\u301c\uff5e~\uff70_]")
_DECIMALS: Final = re.compile(r"\.0+$")
_EXPONENT: Final = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_JAPANESE: Final = re.compile(r"(?:〒|JP-?|T(?=\d))? *(\d{3}) *-? *(\d{4})")
_SHORTENED: Final = re.compile(r"(?:〒 *)?(?:(\d{1,2})-(\d{4})|(\d{5,6}))")
_EMBEDDED: Final = re.compile(r"(?<!\d)(\d{3})-?(\d{4})(?!\d)")


class Form(NamedTuple):
    """How a country writes its postal codes.

    Attributes
    ----------
    mask
        ``9`` for a digit, ``A`` for a letter; other signs stand for themselves.
    zero
        Whether codes may begin with 0, which spreadsheets lose.
    """

    mask: str
    zero: bool = False


_FORMS: Final[Mapping[str, tuple[Form, ...]]] = {
    "US": (Form("99999", zero=True), Form("99999-9999", zero=True)),
    "CA": (Form("A9A 9A9"),),
    "AU": (Form("9999", zero=True),),
    "NL": (Form("9999 AA"),),
    "IE": (Form("A99 XXXX"), Form("A9A XXXX")),
    "BR": (Form("99999-999", zero=True),),
    "PT": (Form("9999-999"),),
    "PL": (Form("99-999", zero=True),),
    "TW": (Form("999"), Form("99999"), Form("999999")),
    **dict.fromkeys(("SE", "CZ", "SK", "GR"), (Form("999 99"),)),
    **dict.fromkeys(
        ("DE", "FR", "ES", "IT", "MX", "KR", "FI", "EE", "HR", "TR", "UA", "MY", "LT"),
        (Form("99999", zero=True),),
    ),
    **dict.fromkeys(("TH", "ID", "SA", "RS", "PR", "PK", "EG", "MA"), (Form("99999"),)),
    **dict.fromkeys(("NZ", "NO", "ZA"), (Form("9999", zero=True),)),
    **dict.fromkeys(
        ("CH", "AT", "BE", "DK", "HU", "LU", "BG", "SI", "CY", "PH", "LI", "TN", "BD"),
        (Form("9999"),),
    ),
    **dict.fromkeys(("IN", "RU", "RO", "VN", "CO"), (Form("999999"),)),
    **dict.fromkeys(("CN", "SG", "KZ"), (Form("999999", zero=True),)),
    "IL": (Form("9999999"),),
    "IS": (Form("999"),),
}
"""Forms of the Universal Postal Union's addressing sheets, for the countries met most."""

_BRITISH: Final = re.compile(
    r"(GIR) ?(0AA)|([A-PR-UWYZ](?:\d[\dA-HJKPSTUW]?|[A-HK-Y]\d[\dABEHMNPRVWXY]?)) ?"
    r"(\d[ABD-HJLNP-UW-Z]{2})"
)
_CANADIAN: Final = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d")
_DIGIT: Final = re.compile("[0-9]")
_COUNTRY_PREFIX: Final = re.compile(r"^[A-Z]{1,2}[- ](?=\d{3})")
_PLAIN_JAPANESE: Final = "^〒?[0-9０-９]{3}[-－]?[0-9０-９]{4}$"
_PLAIN_AMERICAN: Final = "^[0-9]{5}(?:-[0-9]{4})?$"
_ZIP_PLUS_4: Final = re.compile(r"\d{5}-\d{4}")


def standardize_postal_code(value: str, context: Context, country: str = "") -> Cell:
    """Write a postal code as its country does: 100-0005, SW1A 1AA, 02139.

    Parameters
    ----------
    value
        The cell.
    context
        Its country is that of rows that name none.
    country
        The country cell of the row.

    Notes
    -----
    What is no code of the country is left as it was and flagged, for it may be one of another
    (``not_a_postal_code``); so is a code that Japan Post does not list, for it may be newer, or
    older, than the list (``not_found``).
    """
    named = country and country_code(country)
    where = named or context.country
    text, reason = clean(value)
    text = _DECIMALS.sub("", _HYPHENS.sub("-", text))
    if _EXPONENT.fullmatch(text):
        return Cell(None, Status.INVALID, "excel_precision_lost")
    if not named and (foreign := _unmistakable(text, where)):
        where = foreign
    if where == "JP":
        return _japanese(value, text)
    if where == "GB":
        return _british(value, text)
    forms = _FORMS.get(where)
    if forms is None:
        plain = text.upper() if text.isascii() else text
        return Cell(plain, status_of(value, plain, reason), reason)
    return _masked(value, text, forms, where)


def japanese_code(text: str) -> str:
    """Give the seven digits of a postal code cell of Japan, or "" where it is not one.

    >>> japanese_code("〒１００－０００５"), japanese_code("600042")
    ('1000005', '0600042')
    """
    found = _digits(_DECIMALS.sub("", _HYPHENS.sub("-", clean(text)[0])))
    return found[0] if found and is_known(found[0]) else ""


def _digits(text: str) -> tuple[str, bool] | None:
    """Give seven digits, and whether leading zeros had to be restored."""
    if whole := _JAPANESE.fullmatch(text):
        return whole[1] + whole[2], False
    if short := _SHORTENED.fullmatch(text):
        code = (short[3] or f"{short[1]}{short[2]}").zfill(7)
        return (code, True) if is_known(code) else None
    return None


def _japanese(value: str, text: str) -> Cell:
    found = _digits(text)
    if found is None:
        inside = _EMBEDDED.findall(text)
        if len(inside) == 1 and is_known("".join(inside[0])):
            proposed = "-".join(inside[0])
            return Cell(value, Status.SUGGESTED, "more_than_code", suggestion=proposed)
        return Cell(value, Status.INVALID, "not_a_postal_code")
    code, restored = found
    if not is_known(code):
        return Cell(value, Status.INVALID, "not_found")
    written = f"{code[:3]}-{code[3:]}"
    if restored:
        return Cell(written, Status.CORRECTED, "leading_zero_restored")
    return Cell(written, status_of(value, written, None))


def _british(value: str, text: str) -> Cell:
    found = british_code(text.replace("-", " "))
    if not found:
        return Cell(value, Status.INVALID, "not_a_postal_code")
    return Cell(found, status_of(value, found, None))


def british_code(text: str) -> str:
    """Give a British postcode with its space, or "" for anything else."""
    found = _BRITISH.fullmatch(text.upper().replace(" ", ""))
    return f"{found[1] or found[3]} {found[2] or found[4]}" if found else ""


def _unmistakable(text: str, where: str) -> str:
    """Give a country whose codes no other country's resemble, where `text` is one."""
    if text.isdigit() or not text.isascii():
        return ""
    upper = text.upper()
    if where != "GB" and british_code(upper):
        return "GB"
    if where != "CA" and _CANADIAN.fullmatch(upper):
        return "CA"
    return "US" if where == "JP" and _ZIP_PLUS_4.fullmatch(upper) else ""


def _masked(value: str, text: str, forms: Sequence[Form], country: str) -> Cell:
    upper = _COUNTRY_PREFIX.sub("", text.upper())
    signs = "".join(character for character in upper if character.isalnum())
    for form in forms:
        if written := _written(signs, form.mask):
            return _checked(value, written, country, None)
    if signs.isascii() and signs.isdigit():
        for form in forms:
            if form.zero and _lacks_zeros(upper, form.mask):
                length = sum(sign.isalnum() for sign in form.mask)
                written = _written(signs.zfill(length), form.mask)
                return _checked(value, written, country, "leading_zero_restored")
    return Cell(value, Status.INVALID, "not_a_postal_code")


def _lacks_zeros(text: str, mask: str) -> bool:
    """Whether digits are a mask's but for leading zeros.

    A spreadsheet takes them from numbers, two at most; of what has a sign between its digits no
    more than one is believed to be lost: 346-0015 is Japanese.
    """
    if text.isdigit():
        return 0 < sum(sign.isalnum() for sign in mask) - len(text) <= 2
    return _DIGIT.sub("9", text) == mask[1:]


def _checked(value: str, written: str, country: str, reason: str | None) -> Cell:
    if not written.strip("0-") or (country == "CA" and not _CANADIAN.fullmatch(written)):
        return Cell(value, Status.INVALID, "not_a_postal_code")
    status = Status.CORRECTED if reason else status_of(value, written, None)
    return Cell(written, status, reason)


@lru_cache(maxsize=256)
def _pattern(mask: str) -> re.Pattern[str]:
    classes = {"9": "([0-9])", "A": "([A-Z])", "X": "([0-9A-Z])"}
    return re.compile("".join(classes.get(sign, "") for sign in mask))


def _written(signs: str, mask: str) -> str:
    """Write letters and digits as a mask says; "" where they do not fit it."""
    if not _pattern(mask).fullmatch(signs):
        return ""
    rest = iter(signs)
    return "".join(next(rest) if sign.isalnum() else sign for sign in mask)


def shortcut(values: pa.Array, context: Context, country: pa.Array) -> Settled:
    """Settle the known codes of Japan, and the codes of the US that are written as they should."""
    where = country_codes(country, context.country)
    american = pc.and_(pc.equal(where, "US"), pc.match_substring_regex(values, _PLAIN_AMERICAN))
    american = pc.and_(american, pc.match_substring_regex(values, "[1-9]"))
    japanese = pc.and_(pc.equal(where, "JP"), pc.match_substring_regex(values, _PLAIN_JAPANESE))
    at = np.flatnonzero(japanese.to_numpy(zero_copy_only=False))
    written = _known_codes(values.take(pa.array(at)))
    place = np.full(len(values), -1, dtype=np.int64)
    place[at] = np.arange(len(at))
    none = pa.scalar(None, pa.string())
    value = pc.coalesce(
        written.take(pa.array(place, mask=place < 0)), pc.if_else(american, values, none)
    )
    same = pc.fill_null(pc.equal(value, values), False).to_numpy(zero_copy_only=False)
    status = np.where(same, Status.VALID, Status.STANDARDIZED).astype(np.int8)
    return Settled(pc.is_valid(value).to_numpy(zero_copy_only=False), value, status)


def _known_codes(codes: pa.Array) -> pa.Array:
    """Write codes of seven digits with a hyphen; null where Japan Post does not know them."""
    digits = pc.replace_substring_regex(nfkc(codes), "[^0-9]", "").dictionary_encode()
    known = [
        f"{code[:3]}-{code[3:]}" if is_known(code) else None
        for code in digits.dictionary.to_pylist()
    ]
    return pa.array(known, pa.string()).take(digits.indices)


_LOOKS: Final = re.compile(
    r"(?:〒 *)?\d{3}-?\d{4}|\d{5}(?:-\d{4})?|[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"
    r"|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d|\d{4} ?[A-Z]{2}"
)


def likeness(values: Sequence[str]) -> float:
    """Share of values written like postal codes; digits Japan Post does not know count half."""
    known = 0.0
    for value in values:
        text = _HYPHENS.sub("-", clean(value)[0])
        if text.isdigit():
            known += 1 if japanese_code(text) else 0.5 * (3 <= len(text) <= 9)
        else:
            known += _LOOKS.fullmatch(text) is not None
    return known / len(values)


POSTAL_CODE: Final = Standardizer(
    cell=standardize_postal_code, neighbors=("country",), shortcut=shortcut
)

ROLES: Final = (
    Role(
        name="postal_code",
        label={"en": "postal code", "ja": "郵便番号"},
        about=(
            "A postal code as its country writes it. Japan's are checked against Japan Post's "
            "list; zeros that a spreadsheet dropped are restored."
        ),
        headers=(
            *("postal code", "postcode", "post code", "zip", "zip code", "zipcode", "zip/postal"),
            *("zip/postal code", "postal", "postal_cd", "zip_cd", "zip5", "zip postal code"),
            *("postalcode", "plz", "cap", "code postal", "郵便番号", "〒", "郵便", "郵便番号(〒)"),
            *(
                "郵便コード",
                "ゆうびん番号",
                "郵便no",
                "ポスタルコード",
                "住所(郵便番号)",
                "自宅郵便番号",
            ),
        ),
        likeness=likeness,
        standardizer=POSTAL_CODE,
        examples=(
            ("1000005", "100-0005"),
            ("600042", "060-0042"),
            ("〒１００－０００５", "100-0005"),
            ("SW1A 1AA", "SW1A 1AA"),
        ),
        telling=0.8,
    ),
)
