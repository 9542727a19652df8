"""Masked samples: enough to see what a column holds, too little to know a person."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from custseg.fields.content import Profile
from custseg.fields.registry import roles

MASK: Final = "*"

_SHARED_BY_MANY: Final = frozenset(
    {"gender", "consent", "opt_out", "country", "prefecture", "percent"}
)
"""Roles of people whose values are a few words that many share."""

_PERSONAL: Final = frozenset({"order_id", "customer_id"})
"""Roles that only orders have and that lead to a person."""

_KEPT_END: Final = 4
_RUN: Final = re.compile(r"\w+")
_PHONE_DIGIT: Final = re.compile(r"\d")


def samples(profile: Profile, role: str | None, *, count: int = 3) -> tuple[str, ...]:
    """Give up to `count` masked values of a column, the same whatever the order of its rows."""
    return tuple(mask(value, role) for value in profile.values[:count])


def mask(value: str, role: str | None) -> str:
    """Mask one value: 山*太*, ``t***@e***.jp``, ``090-****-5678``.

    Values of roles that only orders have (products, amounts), and of the few roles whose values
    many people share, stand as they are.
    """
    value = " ".join(value.split())
    name = (role or "").partition(":")[0]
    if name in _SHARED_BY_MANY or _of_orders_only(name):
        return value
    if "@" in value:
        return _masked_email(value)
    if name == "phone":
        return _masked_digits(value, head=3, tail=_KEPT_END)
    if name == "postal_code":
        return _masked_digits(value, head=3, tail=0)
    return _RUN.sub(_masked_run, value)


def _of_orders_only(role: str) -> bool:
    known = roles().get(role)
    return known is not None and known.tables == {"orders"} and role not in _PERSONAL


def _masked_email(value: str) -> str:
    local, _, domain = value.rpartition("@")
    host, dot, top = domain.rpartition(".")
    if not dot:
        host, top = domain, ""
    return f"{local[:1]}{MASK * 3}@{host[:1]}{MASK * 3}{dot}{top}"


def _masked_digits(value: str, *, head: int, tail: int) -> str:
    """Hide all but the first and the last digits; signs stay where they are."""
    places = [match.start() for match in _PHONE_DIGIT.finditer(value)]
    if len(places) < head + tail + 2:
        return _RUN.sub(_masked_run, value)
    hidden = set(places[head : len(places) - tail])
    return "".join(MASK if place in hidden else letter for place, letter in enumerate(value))


def _masked_run(match: re.Match[str]) -> str:
    """Keep the first letter of a word, and of a name in characters every second one."""
    run = match.group()
    if len(run) == 1:
        return MASK
    if len(run) <= 6 and all(_is_ideograph(letter) for letter in run):
        return "".join(MASK if place % 2 else letter for place, letter in enumerate(run))
    return run[0] + MASK * (len(run) - 1)


def _is_ideograph(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("CJK")
