"""E-mail addresses: syntax by the RFCs, the exceptions of Japanese carriers, misspelled domains.

Nothing is looked up in the network. An address is rewritten only where its meaning is certain;
a domain that exists is never "corrected".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.email_domains import (
    ROLE_ACCOUNTS,
    corrected,
    is_carrier,
    match_key,
    suggested,
)
from custseg.cleanse.standardize.nulls import BLANKS
from custseg.cleanse.standardize.text import INVISIBLE, fold
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role
from custseg.resources.email import disposable_domains

_LONGEST: Final = 2000

_LOCAL: Final = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
_LABEL: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_PLAIN: Final = rf"^(?P<local>{_LOCAL})@(?P<domain>(?:{_LABEL}\.)+[a-z]{{2,24}})$"
"""Addresses that every rule accepts, domain in lower case; lengths aside."""
_PLAIN_CELL: Final = re.compile(_PLAIN)
_LONGEST_LOCAL: Final = 64
_LONGEST_PLAIN: Final = 120
"""Characters up to which a domain and an address cannot be too long."""
_RESERVED: Final = (".test", ".local", ".invalid", ".localhost", ".onion", ".arpa")
"""Ends that no mail reaches; the rules decide about them."""
_LONG_LABEL: Final = r"[^.@]{64}"

_SPLIT: Final = re.compile(r"[;,、/|\s]+")
_NAMED: Final = re.compile(r"[^<>]*<\s*([^<>\s]+)\s*>")
_LABEL_BEFORE: Final = re.compile(
    r"^(?:mailto:|e-?mail ?:|メール(?:アドレス)? ?:) ?", re.IGNORECASE
)
_PAIRS: Final = ("<>", "()", '""', "''", "「」", "[]")
_LINE_BREAK: Final = re.compile(r"[\r\n]")
_SPACES: Final = re.compile(r" ?@ ?")
_BREAKS_RFC: Final = re.compile(r"^\.|\.\.|\.$")
_CARRIER_LOCAL: Final = re.compile(r"[A-Za-z0-9._+/?-]+")
_DOTS: Final = str.maketrans("。．｡", "...")
_FAKE: Final = frozenset(
    words("test dummy xxx xxxx aaa aaaa abc none noemail nomail no na null sample")
)
_FAKE_DOMAIN: Final = re.compile(
    r"(test|dummy|x{3,}|a{3,}|abc|none|noemail|nomail|no|na|null|sample)\.\w+"
)


def standardize_email(value: str, context: Context) -> Cell:
    """Read an e-mail address; further addresses in the cell are given beside it."""
    del context
    if _is_plain(value):
        local, _, domain = value.rpartition("@")
        return _judged(local, domain, value, None)
    if len(value) > _LONGEST:
        return Cell(None, Status.INVALID, "not_an_email")
    text = fold(value)
    reason = "invisible_removed" if INVISIBLE.search(value.strip(BLANKS)) else None
    pieces = [piece for piece in _SPLIT.split(text) if "@" in piece]
    if len(pieces) > 1 and all(piece.count("@") == 1 for piece in pieces):
        return _several([_one(piece, piece, None) for piece in pieces])
    cell = _one(text, value, reason)
    if cell.value is not None and _LINE_BREAK.search(value):
        # No address holds a line break, and where one was cut nobody can tell what is missing.
        return Cell(None, Status.INVALID, "line_break", suggestion=cell.value)
    return cell


def _several(cells: list[Cell]) -> Cell:
    good = [cell.value for cell in cells if cell.value is not None]
    if not good:
        return cells[0]
    also = tuple(dict.fromkeys(value for value in good[1:] if value != good[0]))
    return Cell(good[0], Status.STANDARDIZED, "several_values", also=also)


def _one(text: str, value: str, reason: str | None) -> Cell:
    """Read one address out of folded text that may wrap it."""
    if named := _NAMED.fullmatch(text):
        text = named[1]
    text = _LABEL_BEFORE.sub("", text, count=1).rstrip(";,、。 ")
    if text[:1] + text[-1:] in _PAIRS:
        text = text[1:-1].strip()
    local, at, domain = _SPACES.sub("@", text).rpartition("@")
    domain = domain.translate(_DOTS).lower()
    quoted_badly = local.startswith('"') and not (value.isascii() and value.isprintable())
    if not at or not local or not domain or quoted_badly:
        return Cell(None, Status.INVALID, "not_an_email")
    if is_carrier(domain) and _BREAKS_RFC.search(local) and _CARRIER_LOCAL.fullmatch(local):
        return _standard(f"{local}@{domain}", value, reason or "nonrfc_carrier")
    if right := corrected(domain):
        domain, reason = right, "domain_typo"
    if not _is_plain(f"{local}@{domain}"):
        checked = _by_rules(f"{local}@{domain}")
        if not checked:
            return Cell(None, Status.INVALID, "not_an_email", suggestion=_with_dot(local, domain))
        local, _, domain = checked.rpartition("@")
    return _judged(local, domain, value, reason)


def _judged(local: str, domain: str, value: str, reason: str | None) -> Cell:
    """Judge what an address with good syntax is worth."""
    text = f"{local}@{domain}"
    if reason is None and (right := corrected(domain)):
        return Cell(f"{local}@{right}", Status.CORRECTED, "domain_typo")
    if reason == "domain_typo":
        return Cell(text, Status.CORRECTED, reason)
    if local.lower() in _FAKE and _FAKE_DOMAIN.fullmatch(domain):
        return Cell(None, Status.INVALID, "placeholder")
    if better := suggested(domain):
        return Cell(text, Status.SUGGESTED, "domain_typo", suggestion=f"{local}@{better}")
    return _standard(text, value, reason or _note(local, domain))


def _note(local: str, domain: str) -> str | None:
    if domain in disposable_domains():
        return "disposable"
    return "role_account" if local.lower() in ROLE_ACCOUNTS else None


def _standard(text: str, value: str, reason: str | None) -> Cell:
    return Cell(text, Status.VALID if text == value else Status.STANDARDIZED, reason)


def _is_plain(address: str) -> bool:
    """Whether an address is one that every rule accepts."""
    return (
        _PLAIN_CELL.fullmatch(address) is not None
        and len(address) <= _LONGEST_PLAIN
        and address.index("@") <= _LONGEST_LOCAL
        and re.search(_LONG_LABEL, address) is None
        and not address.endswith(_RESERVED)
    )


def _by_rules(address: str) -> str:
    """Check an address by the RFCs; give its standard form, ``""`` where it has none."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(
            address, check_deliverability=False, allow_quoted_local=True
        ).normalized
    except (EmailNotValidError, UnicodeError):
        return ""


def _with_dot(local: str, domain: str) -> str | None:
    """Propose a dot for a comma in the domain."""
    address = f"{local}@{domain.replace(',', '.')}"
    return address if "," in domain and _PLAIN_CELL.fullmatch(address) else None


def shortcut(values: pa.Array, context: Context) -> Settled:
    """Settle plain addresses whose domain nothing is to be said of."""
    del context
    parts = pc.extract_regex(
        values, _PLAIN.replace("a-z0-9", "a-zA-Z0-9").replace("[a-z]", "[a-zA-Z]")
    )
    status = np.zeros(len(values), dtype=np.int8)
    if parts.null_count == len(parts):
        return Settled(np.zeros(len(values), dtype=np.bool_), values, status)
    local = pc.struct_field(parts, "local")
    domains = pc.utf8_lower(pc.struct_field(parts, "domain")).dictionary_encode()
    plain = pa.array(
        [_unremarkable(domain) for domain in domains.dictionary.to_pylist()], pa.bool_()
    )
    good = pc.fill_null(plain.take(domains.indices), False)
    good = pc.and_(good, pc.less_equal(pc.binary_length(values), _LONGEST_PLAIN))
    good = pc.and_(good, pc.less_equal(pc.binary_length(local), _LONGEST_LOCAL))
    good = pc.and_not(good, pc.match_substring_regex(values, _LONG_LABEL))
    special = pc.is_in(pc.utf8_lower(local), value_set=pa.array(sorted(ROLE_ACCOUNTS | _FAKE)))
    mask = pc.fill_null(pc.and_not(good, special), False).to_numpy(zero_copy_only=False)
    whole = pc.binary_join_element_wise(local, domains.cast(pa.string()), "@")
    same = pc.fill_null(pc.equal(whole, values), False).to_numpy(zero_copy_only=False)
    status[mask & ~same] = Status.STANDARDIZED
    return Settled(mask, pc.if_else(pa.array(mask), whole, values), status)


def _unremarkable(domain: str) -> bool:
    """Whether a domain is neither misspelled nor thrown away, nor near to another."""
    return not (
        domain.endswith(_RESERVED)
        or corrected(domain)
        or suggested(domain)
        or domain in disposable_domains()
    )


_LIKE: Final = re.compile(r"[^\s@＠]+[@＠][^\s@＠]+[.．][^\s@＠.]+")


def likeness(values: Sequence[str]) -> float:
    """Share of values that look like e-mail addresses, right or wrong."""
    return sum(_LIKE.search(value) is not None for value in values) / len(values)


EMAIL: Final = Standardizer(cell=standardize_email, shortcut=shortcut, key=match_key)

ROLES: Final = (
    Role(
        name="email",
        label={"en": "e-mail address", "ja": "メールアドレス"},
        about="An e-mail address; the domain in lower case, certain misspellings of it corrected.",
        headers=words(
            """
            email e-mail email_address e-mail_address mail mail_address mailaddress email1 email2
            primary_email work_email personal_email contact_email customer_email user_email
            billing_email login_email pc_mail mobile_mail email_addr emailid メールアドレス
            メール Eメール Eメールアドレス Email E-mail 電子メール 電子メールアドレス PCメール
            PCメールアドレス 携帯メール 携帯メールアドレス メアド メールアドレス1 メールアドレス2
            連絡先メール 連絡先メールアドレス ご連絡先メールアドレス アドレス(メール)
            """
        ),
        header_patterns=(r"^(e?mail|メール)(アドレス|address|addr)?\d?$",),
        likeness=likeness,
        standardizer=EMAIL,
        tables=frozenset({"people", "orders"}),
        examples=(
            ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ", "taro@example.co.jp"),
            ("Taro.Yamada@Example.COM", "Taro.Yamada@example.com"),
            ("taro@gmial.com", "taro@gmail.com"),
            ("taro..x@docomo.ne.jp", "taro..x@docomo.ne.jp"),
            ("taro@@example.com", None),
        ),
        telling=1.0,
        several=True,
    ),
)
