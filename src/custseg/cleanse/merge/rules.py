"""Which record a customer's value comes from: rules by role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from custseg.cleanse.standardize.columns import base_role

Rule = Literal[
    "source_priority",
    "most_recent",
    "most_frequent",
    "most_complete",
    "longest",
    "latest",
    "earliest",
    "opt_out",
    "opted_out",
]
"""One way to prefer a value.

``source_priority``: of the source the user names first. ``most_recent``: of the record updated
last. ``most_frequent``: in most records of the customer. ``most_complete``: with most parts
filled. ``longest``: with most letters. ``latest``, ``earliest``: the date itself. ``opt_out``: a
refusal of consent wherever there is one. ``opted_out``: a yes to having opted out, else a word that
may be one.
"""

DEFAULT_RULES: Final[tuple[Rule, ...]] = (
    "source_priority",
    "most_recent",
    "most_frequent",
    "most_complete",
    "longest",
)

ROLE_RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "consent": ("opt_out",),
    "opt_out": ("opted_out",),
    "updated_at": ("latest",),
}

TOGETHER: Final[tuple[tuple[str, ...], ...]] = (
    (
        *("postal_code", "address", "prefecture", "state", "city", "town", "block", "street"),
        *("unit", "building", "country"),
    ),
    ("person_name", "family_name", "given_name", "name_suffix"),
    ("kana", "family_kana", "given_kana"),
    ("company", "company_core", "company_form", "company_position", "company_branch"),
    ("amount", "currency"),
)
"""Roles whose values come from one record, so that no two addresses or names are mixed."""

POOLED: Final[Mapping[str, tuple[str, ...]]] = {"phone": ("phone_extension",), "email": ()}
"""Roles of which a customer may have several values, each with the roles that go with it."""


@dataclass(frozen=True, slots=True)
class GoldenRules:
    """Rules by role, each broken in ties by the next; then the smallest text wins.

    Attributes
    ----------
    by_role
        Rules of single roles, in place of the defaults.
    source_priority
        Sources by name, the most trusted first; others follow, all alike.
    further
        How many values of a role in :data:`POOLED` a customer's row shows at most.
    """

    by_role: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    source_priority: tuple[str, ...] = ()
    further: int = 4

    def of(self, role: str) -> tuple[Rule, ...]:
        """Give the rules of a role, with or without a channel."""
        base = base_role(role)
        return self.by_role.get(base) or ROLE_RULES.get(base) or DEFAULT_RULES
