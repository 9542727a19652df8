"""What recognition says of one column, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from custseg.fields.registry import roles
from custseg.messages import text

ATTRIBUTE = "attribute"

_COMPARED_TOGETHER = frozenset({"area", "street"})
"""Fields made of the columns of several roles."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a role was chosen: a message key and what its words need.

    `params` may hold names of roles, which are shown by their label, and shares from 0 to 1.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Say it in words."""
        shown = {
            name: role_label(str(value), language) if name in ("role", "header_role") else value
            for name, value in self.params.items()
        }
        return text(self.key, language, **shown)


@dataclass(frozen=True, slots=True)
class FieldGuess:
    """The meaning of one column.

    Attributes
    ----------
    column
        Its name.
    role
        Name of the role, ``consent`` with its channel; None for none.
    confidence
        From 0 to 1; 0 without a role.
    reason
        Why.
    alternatives
        Other roles it may have, with their confidence, best first.
    attribute
        Whether it looks like a trait of a person that may serve as evidence.
    """

    column: str
    role: str | None
    confidence: float
    reason: Reason
    alternatives: tuple[tuple[str, float], ...] = ()
    attribute: bool = False

    @property
    def use(self) -> str | None:
        """What the column serves as: its role, ``"attribute"``, or None for carried through."""
        return ATTRIBUTE if self.attribute else self.role


def role_map(guesses: Iterable[FieldGuess]) -> dict[str, str]:
    """Give the use of every column that has one, by column."""
    return {guess.column: guess.use for guess in guesses if guess.use is not None}


def role_label(role: str, language: str) -> str:
    """Give what a person calls a role, with its channel where it has one."""
    name, colon, channel = role.partition(":")
    return roles()[name].label[language] + (f" ({channel})" if colon else "")


def field_label(field: str, language: str) -> str:
    """Give what a person calls a field that is compared: several columns, a role, or a column."""
    if field in _COMPARED_TOGETHER:
        return text(f"merge.field.{field}", language)
    return role_label(field, language) if field.partition(":")[0] in roles() else field
