"""Columns by role, and as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from custseg.cleanse.standardize.columns import base_role
from custseg.engine import quoted


def columns_of(roles: Mapping[str, str], role: str) -> tuple[str, ...]:
    """Give the columns of a role in the order of `roles`; a channel counts as the role."""
    return tuple(column for column, each in roles.items() if base_role(each) == role)


def name_sql(roles: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Give SQL of a person's folded name and the columns it reads; "" for none.

    The full name where the table has one, so that names without a certain split count, too.
    """
    full = columns_of(roles, "person_name")[:1]
    parts = columns_of(roles, "family_name")[:1] + columns_of(roles, "given_name")[:1]
    columns = full or parts
    if not columns:
        return "", ()
    joined = " || ".join(f"coalesce({quoted(column)}, '')" for column in columns)
    return f"nullif(lower(regexp_replace({joined}, '[\\s,.・]+', '', 'g')), '')", columns
