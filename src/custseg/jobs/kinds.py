"""Whether a table holds orders or people, told by what its columns were recognized as."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyarrow as pa

from custseg.errors import InputError
from custseg.fields import FieldGuess, recognize
from custseg.jobs.sources import Source

IDENTITY: Final = frozenset(
    {
        "identifier",
        "person_name",
        "family_name",
        "given_name",
        "kana",
        "family_kana",
        "given_kana",
        "company",
        "email",
        "phone",
    }
)
"""Roles that tell who somebody is; without one, nobody can be matched."""

_OF_PEOPLE: Final = (IDENTITY - {"identifier"}) | {
    "birth_date",
    "gender",
    "postal_code",
    "address",
    "prefecture",
    "city",
    "consent",
}
_EVENTS: Final = frozenset({"customer_id", "event_date", "event_type"})
_ORDERS: Final = frozenset({"order_id", "order_date"})
_SURE: Final = 0.75
_WORTH: Final = frozenset({"amount", "unit_price", "quantity"})


def sure_roles(guesses: Iterable[FieldGuess]) -> frozenset[str]:
    """Roles that columns have for sure."""
    return frozenset(
        guess.role.partition(":")[0]
        for guess in guesses
        if guess.role and guess.confidence >= _SURE
    )


def are_orders(roles: frozenset[str]) -> bool:
    """Tell whether columns of these roles are those of orders."""
    return bool(roles & _ORDERS and roles & _WORTH and "customer_id" in roles)


def are_events(table: pa.Table, roles: frozenset[str]) -> bool:
    """Tell whether a table holds inquiries, visits or other contacts of customers.

    Who, when and of what kind, by number alone; `roles` are those of any table.
    """
    if roles & _OF_PEOPLE:
        return False
    return sure_roles(recognize(table, kind="events")) >= _EVENTS


def refuse_orders(sources: Iterable[Source]) -> None:
    """Refuse orders where people are wanted: each line would become a customer.

    Raises
    ------
    InputError
        If an input holds orders, and nothing of those who ordered but their number.
    """
    for source in sources:
        if (IDENTITY - {"identifier"}) & set(source.roles.values()):
            continue
        if are_orders(sure_roles(recognize(source.read.table))):
            raise InputError("clean.orders", name=source.read.name)
