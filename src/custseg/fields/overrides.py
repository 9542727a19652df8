"""Roles that the user gave: checked, with the nearest name where one is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from custseg.errors import UsageError
from custseg.fields.consent_channels import is_consent_role
from custseg.fields.registry import roles


def check_overrides(overrides: Mapping[str, str], columns: Sequence[str]) -> None:
    """Check given roles against a table's columns and the known roles.

    Raises
    ------
    UsageError
        If a column or a role does not exist, or two columns are given a role that a table has
        once at most.
    """
    given: dict[str, str] = {}
    for column, role in overrides.items():
        if column not in columns:
            raise UsageError(
                "fields.unknown_column", column=column, nearest=nearest(column, columns)
            )
        if role not in roles() and not is_consent_role(role):
            raise UsageError("fields.unknown_role", role=role, nearest=nearest(role, roles()))
        if role in given and not roles()[role].several:
            raise UsageError("fields.role_twice", role=role, first=given[role], second=column)
        given[role] = column


def nearest(word: str, known: Iterable[str], *, limit: int = 3) -> str:
    """Give the known words most like `word`, best first, joined by commas."""
    ranked = process.extract(
        word, sorted(known), scorer=fuzz.WRatio, processor=str.casefold, limit=limit
    )
    return ", ".join(each for each, _, _ in ranked)
