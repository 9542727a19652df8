"""Which record a customer's value comes from: rules by role."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, Literal

from custseg.cleanse.standardize.columns import base_role
from custseg.errors import UsageError

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


CHOICES: Final[tuple[Rule, ...]] = (*DEFAULT_RULES, "latest", "earliest")
"""Rules that a user may name."""

OTHERWISE: Final = "default"
"""Stands for every role without rules of its own."""


@dataclass(frozen=True, slots=True)
class GoldenRules:
    """Rules by role, each broken in ties by the next; then the smallest text wins.

    Attributes
    ----------
    by_role
        Rules of single roles, and of :data:`OTHERWISE`, in place of the defaults.
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
        own = self.by_role.get(base) or ROLE_RULES.get(base)
        return own or self.by_role.get(OTHERWISE) or DEFAULT_RULES


def read_rules(
    given: Mapping[str, str], known: Collection[str], source_priority: tuple[str, ...] = ()
) -> GoldenRules:
    """Read rules as a user writes them: ``birth_date = "most_frequent, earliest"``.

    Parameters
    ----------
    given
        Rules by role, between commas. What they leave open the default rules decide.
    known
        Every role there is.
    source_priority
        Sources by name, the most trusted first.

    Raises
    ------
    UsageError
        If a role or rule is unknown, the role's rule is not to be changed (a refusal of consent
        wins always), or roles that come from one record have different rules.
    """
    by_role: dict[str, tuple[Rule, ...]] = {}
    giver: dict[tuple[str, ...], str] = {}
    for role, text in given.items():
        if role in ("consent", "opt_out"):
            raise UsageError("golden.refusal", role=role)
        if role != OTHERWISE and role not in known:
            nearest = get_close_matches(role, sorted({*known, OTHERWISE}), n=1, cutoff=0.0)[0]
            raise UsageError("golden.role", role=role, nearest=nearest)
        rules = _rules(role, text)
        group = next((each for each in TOGETHER if role in each), (role,))
        if by_role.get(role, rules) != rules:
            raise UsageError("golden.together", role=role, other=giver[group])
        giver[group] = role
        by_role |= dict.fromkeys(group, rules)
    return GoldenRules(by_role=by_role, source_priority=source_priority)


def _rules(role: str, text: str) -> tuple[Rule, ...]:
    named = {rule: None for rule in (part.strip() for part in text.split(",")) if rule}
    unknown = [rule for rule in named if rule not in CHOICES]
    if unknown or not named:
        choices = ", ".join(CHOICES)
        raise UsageError("golden.rule", role=role, rule=", ".join(unknown), choices=choices)
    first = tuple(rule for name in named for rule in CHOICES if rule == name)
    return (*first, *(rule for rule in DEFAULT_RULES if rule not in named))
