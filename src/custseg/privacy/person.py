"""A person to be erased or shown: by what rows are theirs, and how their values may be written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from custseg.audience.identifiers import emails, loosest_emails, without_dots, without_plus

_SEPARATORS: Final = r"[\s()（）.．\-‐-―−ー－]*"
_LEAST_DIGITS: Final = 7
_WIDE: Final = "０１２３４５６７８９"
_COUNTRY_CODES: Final = ("81", "1")
"""Of numbers that people write without the code, with 0 or nothing before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who it is, in one run or in all.

    Attributes
    ----------
    ids
        Every customer id they have had.
    keys
        Keys of their records.
    places
        Where their records stand: source and row.
    emails, phones, names
        As written anywhere.
    numbers
        Member numbers and the like, and nobody else's.
    lines
        Rows of platforms' files that were theirs, cell by cell.
    sent
        Cells by which platforms found them, as they were sent: hashes, mostly, of addresses that
        nothing else may tell any more.
    shared
        Values of theirs that somebody else carries too, and that are not to be taken from them.
    """

    ids: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    places: frozenset[tuple[str, int]] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    lines: frozenset[tuple[str, ...]] = frozenset()
    sent: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()

    def cells(self) -> frozenset[str]:
        """Give every way in which a whole cell may hold an address of theirs, hashed or not."""
        plain = {*email_forms(self.emails - self.shared), *phone_forms(self.phones - self.shared)}
        return self.sent.union(each for value in plain for each in (value, *digests(value)))

    def pattern(self, *, names: bool = False) -> str:
        """Give a pattern (RE2) of their values inside a longer text; empty for none."""
        parts = [
            rf"(?i:{re.escape(each)})" for each in sorted(email_forms(self.emails - self.shared))
        ]
        parts += [_digits_pattern(each) for each in sorted(self._digits())]
        parts += sorted({each for value in self._hashed() for each in digests(value)})
        if names:
            parts += [_spaced(each) for each in sorted(self.names) if len(each) > 1]
        return "|".join(parts)

    def _digits(self) -> set[str]:
        found = {re.sub(r"\D", "", each) for each in phone_forms(self.phones - self.shared)}
        return {each for each in found if len(each) >= _LEAST_DIGITS}

    def _hashed(self) -> Iterator[str]:
        yield from email_forms(self.emails - self.shared)
        yield from phone_forms(self.phones - self.shared)


def email_forms(values: Iterable[str]) -> frozenset[str]:
    """Give the forms in which platforms take addresses, beside those given."""
    given = pa.array(sorted(set(values)), pa.string())
    if not len(given):
        return frozenset()
    plain = emails(given)
    forms = [given, plain, without_plus(plain), without_dots(plain), loosest_emails(plain)]
    return frozenset(each for form in forms for each in form.to_pylist() if each)


def phone_forms(values: Iterable[str]) -> frozenset[str]:
    """Give the forms in which people and platforms write numbers, beside those given."""
    found = set()
    for value in values:
        found.add(value)
        digits = re.sub(r"\D", "", value)
        if not digits:
            continue
        found |= {digits, f"+{digits}"}
        for code in _COUNTRY_CODES:
            if value.startswith(f"+{code}"):
                rest = digits.removeprefix(code)
                found.add(rest if code == "1" else f"0{rest}")
    return frozenset(each for each in found if len(re.sub(r"\D", "", each)) >= _LEAST_DIGITS)


def digests(value: str) -> tuple[str, str]:
    """Give the plain hashes that platforms take: SHA-256 and MD5."""
    data = value.encode()
    return (
        hashlib.sha256(data).hexdigest(),
        hashlib.md5(data, usedforsecurity=False).hexdigest(),
    )


def _digits_pattern(digits: str) -> str:
    each = [f"[{digit}{_WIDE[int(digit)]}]" for digit in digits]
    # Part of a longer number is another number.
    return rf"\b{_SEPARATORS.join(each)}\b"


def _spaced(name: str) -> str:
    """Allow for spaces between the parts of a name, or none."""
    return r"[\s　,]*".join(re.escape(part) for part in re.split(r"[\s　]+", name) if part)
