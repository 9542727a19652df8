"""E-mail addresses: the isemail suite, real domains left alone, plain ones settled at once."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow as pa
import pytest
from email_validator import EmailNotValidError, validate_email

from custseg.cleanse.standardize.base import Context, Status
from custseg.cleanse.standardize.email import shortcut, standardize_email
from custseg.cleanse.standardize.email_domains import (
    PROVIDERS,
    REAL,
    TYPOS,
    corrected,
    match_key,
    suggested,
)

CONTEXT = Context()

READ = (
    ("taro@EXAMPLE.co.jp", "taro@example.co.jp", "STANDARDIZED", None),
    ('"Taro Yamada" <taro@example.jp>', "taro@example.jp", "STANDARDIZED", None),
    ("Mail: taro@example.jp", None, "INVALID", None),
    ("メール：taro@example.jp", "taro@example.jp", "STANDARDIZED", None),
    ("taro @example.jp", "taro@example.jp", "STANDARDIZED", None),
    ("taro@example。jp", "taro@example.jp", "STANDARDIZED", None),
    ("taro@example,jp", None, "INVALID", "taro@example.jp"),
    ("taro@example.jp\n", None, "INVALID", "taro@example.jp"),
    ("a@example.jp\nb@example.jp", "a@example.jp", "STANDARDIZED", None),
    ("taro@gmail.jp", "taro@gmail.jp", "SUGGESTED", "taro@gmail.com"),
    ("taro@example.con", "taro@example.con", "SUGGESTED", "taro@example.com"),
    ("taro yamada@gmial.com", None, "INVALID", None),
    ("taro@nowhere.test", None, "INVALID", None),
    ("test@test.com", None, "INVALID", None),
    ("taro@[192.0.2.1]", None, "INVALID", None),
    ('"a b"@example.com', '"a b"@example.com', "VALID", None),
    ("taro@bücher.de", "taro@bücher.de", "VALID", None),
    ("太郎@example.jp", "太郎@example.jp", "VALID", None),
    (".taro@docomo.ne.jp", ".taro@docomo.ne.jp", "VALID", None),
    (".taro@example.jp", None, "INVALID", None),
)


@pytest.mark.parametrize(("raw", "value", "status", "suggestion"), READ)
def test_reading(raw: str, value: str | None, status: str, suggestion: str | None) -> None:
    cell = standardize_email(raw, CONTEXT)
    assert (cell.value, cell.status.name, cell.suggestion) == (value, status, suggestion)


def test_every_error_of_the_isemail_suite_is_rejected(shared_data: Path) -> None:
    suite = ET.parse(shared_data / "text" / "isemail_tests.xml").getroot()
    errors = accepted = 0
    for test in suite.iter("test"):
        address = test.findtext("address") or ""
        # The suite writes control characters as their pictures.
        address = "".join(chr(ord(c) - 0x2400) if "\u2400" <= c < "\u2420" else c for c in address)
        if test.findtext("category") == "ISEMAIL_ERR" and address.strip():
            errors += 1
            accepted += standardize_email(address, CONTEXT).status != Status.INVALID
    assert (errors, accepted) == (65, 0)


@pytest.mark.parametrize("domain", sorted(REAL))
def test_a_real_domain_is_left_alone(domain: str) -> None:
    assert (corrected(domain), suggested(domain)) == ("", "")


def test_a_misspelling_is_no_real_domain_and_means_a_provider() -> None:
    assert not TYPOS.keys() & REAL
    assert set(TYPOS.values()) <= set(PROVIDERS)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hanako.Sato@gmail.com", "hanakosato+x@googlemail.com", True),
        ("taro+news@outlook.com", "Taro@outlook.com", True),
        ("taro.y@example.com", "taroy@example.com", False),
        ("taro+a@example.com", "taro@example.com", False),
        ("+@gmail.com", "...@gmail.com", False),
    ],
)
def test_keys(one: str, other: str, *, same: bool) -> None:
    assert (match_key(one) == match_key(other)) is same


def addresses() -> list[str]:
    random.seed(5)
    domains = (
        *("gmail.com", "Example.COM", "gmial.com", "docmo.ne.jp", "docomo.ne.jp", "x.test"),
        *("mailinator.com", "a-b.com", "a--b.com", "-a.com", "foo", "f.c", "1.2.3.4", "x.123"),
        *("例え.jp", "foo.con", f"{'a' * 63}.com", f"{'a' * 64}.com", ".com", "xn--bcher-kva.ch"),
    )
    found = {"info@example.com", "INFO@example.com", "test@test.com"}
    for length in (1, 3, 8, 63, 64, 65, 120):
        for domain in domains:
            for _ in range(30):
                local = "".join(random.choice("abXY019._+-'!é ") for _ in range(length))
                found.add(f"{local}@{domain}")
    return sorted(address for address in found if not address.isspace())


def test_the_shortcut_is_the_cell_function_and_keeps_the_rules() -> None:
    values = addresses()
    settled = shortcut(pa.array(values), CONTEXT)
    assert settled.mask.sum() > 100
    for at in settled.mask.nonzero()[0].tolist():
        cell = standardize_email(values[at], CONTEXT)
        assert (cell.value, cell.status) == (settled.value[at].as_py(), settled.status[at])
        assert (cell.reason, cell.suggestion) == (None, None)
        validate_email(values[at], check_deliverability=False)


def test_what_is_accepted_follows_the_rules_or_is_a_carrier() -> None:
    for value in addresses():
        cell = standardize_email(value, CONTEXT)
        if cell.value is not None and cell.reason != "nonrfc_carrier":
            try:
                validate_email(cell.value, check_deliverability=False, allow_quoted_local=True)
            except EmailNotValidError as error:
                pytest.fail(f"{cell.value}: {error}")
