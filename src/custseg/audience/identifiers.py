"""By what a person can be told: e-mail addresses, phone numbers, ids, in forms to compare.

A permission is looked up by the strict form, a refusal by the loosest one: an address that
any platform would take for the same mailbox is refused with it.
"""

from __future__ import annotations

from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.distinct import distinct, settle
from custseg.cleanse.standardize.nulls import nfkc
from custseg.cleanse.standardize.phone import PHONE
from custseg.engine import Engine

Kind = Literal["email", "phone", "line", "id"]

KINDS: Final[tuple[Kind, ...]] = ("email", "phone", "line", "id")

GMAIL: Final = r"@(?:gmail|googlemail)\.com$"
"""Domains of the one provider that ignores dots."""

_PHONE_LIKE: Final = r"^\+?[\d０-９][\d０-９()（）.\-‐-―−ー－ 　]{7,24}$"
_E164: Final = r"^\+[1-9]\d{6,14}$"


def emails(values: pa.Array) -> pa.Array:
    """Give addresses without blanks, in lower case and usual width; empty ones as null."""
    bare = pc.replace_substring_regex(nfkc(values), r"(?i)^\s*mailto:|[\s\x{200b}\x{feff}]+", "")
    return _filled(pc.utf8_lower(bare))


def without_dots(addresses: pa.Array) -> pa.Array:
    """Remove ``+…`` and dots before @gmail.com and @googlemail.com, which ignore them."""
    return pc.if_else(
        pc.match_substring_regex(addresses, GMAIL), _undotted(without_plus(addresses)), addresses
    )


def without_plus(addresses: pa.Array) -> pa.Array:
    """Remove ``+…`` before the at sign."""
    return pc.replace_substring_regex(addresses, r"\+[^@]*@", "@")


def loosest_emails(addresses: pa.Array) -> pa.Array:
    """Give the form in which every address of one mailbox is the same."""
    bare = without_plus(addresses)
    plain = pc.if_else(pc.match_substring_regex(bare, GMAIL), _undotted(bare), bare)
    return pc.replace_substring_regex(plain, r"@googlemail\.com$", "@gmail.com")


def _undotted(addresses: pa.Array) -> pa.Array:
    parts = pc.split_pattern(addresses, "@", max_splits=1, reverse=True)
    local = pc.list_element(parts, 0)
    # Addresses without an at sign have no second part; no caller has them here.
    domain = pc.replace_substring_regex(addresses, r"^.*@", "@")
    return pc.binary_join_element_wise(pc.replace_substring(local, ".", ""), domain, "")


def phones(values: pa.Array, country: str, engine: Engine) -> pa.Array:
    """Give numbers as E.164.

    One that its country's numbering plan does not hold, but that is written with a country
    code (``+1 555 …``, or so many digits that one must be among them), stays as it is written;
    any other keeps its digits alone, so that it can still be compared.
    """
    standard = pc.match_substring_regex(values, _E164)
    if pc.all(standard).as_py() is not False:
        return values
    found = distinct(pa.chunked_array([values]), [None])
    read = settle(found, PHONE, Context(country=country), engine).value
    written = nfkc(found.values)
    digits = _filled(pc.replace_substring_regex(written, r"\D+", ""))
    hashed = is_hash(found.values)
    read = pc.if_else(hashed, pc.utf8_lower(pc.utf8_trim_whitespace(found.values)), read)
    coded = pc.or_(
        pc.and_(pc.match_substring_regex(written, r"^\s*\+"), _digits(digits, 7)),
        _digits(digits, 11),
    )
    digits = pc.if_else(coded, pc.binary_join_element_wise("+", digits, ""), digits)
    places = pa.array(found.codes, mask=found.codes < 0)
    return pc.coalesce(read, digits).take(places)


def _digits(digits: pa.Array, least: int) -> pa.Array:
    return pc.match_substring_regex(digits, rf"^[1-9]\d{{{least - 1},14}}$")


def is_email(values: pa.Array) -> pa.Array:
    """Tell addresses from other identifiers: something on both sides of an at sign."""
    return pc.match_substring_regex(values, r"[^\s@＠][@＠][^\s@＠]")


def is_hash(values: pa.Array) -> pa.Array:
    """Tell what came hashed already (SHA-256 in hexadecimal digits)."""
    return pc.match_substring_regex(values, r"^\s*[0-9A-Fa-f]{64}\s*$")


def is_phone_like(values: pa.Array) -> pa.Array:
    """Tell what may be a phone number: digits and their separators alone."""
    return pc.match_substring_regex(values, _PHONE_LIKE)


def ids(values: pa.Array) -> pa.Array:
    """Give ids without blanks around them; empty ones as null."""
    return _filled(pc.utf8_trim_whitespace(values))


def _filled(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(values, ""), None, values)
