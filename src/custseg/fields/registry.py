"""Every role custseg knows. To add one: write its module, add its line here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from custseg.fields.roles import Role

MODULES: Final[tuple[str, ...]] = (
    "custseg.cleanse.standardize.text",
    "custseg.cleanse.standardize.person_name",
    "custseg.cleanse.standardize.name_part",
    "custseg.cleanse.standardize.kana",
    "custseg.cleanse.standardize.email",
    "custseg.cleanse.standardize.phone",
    "custseg.cleanse.standardize.postal_code",
    "custseg.cleanse.standardize.address",
    "custseg.cleanse.standardize.prefecture",
    "custseg.cleanse.standardize.places",
    "custseg.cleanse.standardize.date",
    "custseg.cleanse.standardize.amount",
    "custseg.cleanse.standardize.percent",
    "custseg.cleanse.standardize.gender",
    "custseg.cleanse.standardize.consent",
    "custseg.cleanse.standardize.opt_out",
    "custseg.cleanse.standardize.country",
    "custseg.cleanse.standardize.company",
    "custseg.cleanse.standardize.corporate_number",
    "custseg.fields.plain_roles",
    "custseg.fields.order_roles",
    "custseg.fields.event_roles",
)
"""Modules with a ``ROLES`` tuple, in the order of the reference."""


@cache
def roles() -> Mapping[str, Role]:
    """Every role by name, in the order of :data:`MODULES`.

    Raises
    ------
    ValueError
        If two modules declare a role of the same name.
    """
    found: dict[str, Role] = {}
    for module in MODULES:
        for role in import_module(module).ROLES:
            if role.name in found:
                raise ValueError(f"role declared twice: {role.name}")
            found[role.name] = role
    return MappingProxyType(found)
