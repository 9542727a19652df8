"""Kinds of pair: what two records that share a blocking key may be to each other.

Fields of one household agree together, and so do those of namesakes; independence between
fields holds, at best, within a kind. Each kind says what every field does in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from custseg.cleanse.match.compare import Field
from custseg.cleanse.match.compare_places import AreaField, StreetField
from custseg.cleanse.match.levels import LEVELS, MISSING, SAME_VALUE_LEVELS
from custseg.cleanse.match.types import Floats


class State(Enum):
    """What a field does in a kind of pair."""

    SAME = "same"
    """One true value, written twice."""
    CHANCE = "chance"
    """Equal by coincidence: common values more often."""
    RANDOM = "random"
    """Drawn apart."""
    OTHER = "other"
    """Known to be two values."""
    HALF = "half"
    """Shared by some and not by others."""
    KIN = "kin"
    """Named after one another: equal, or alike."""
    YEAR = "year"
    """Of one year, and otherwise drawn apart: what a key with the birth year brings together."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of pair.

    Attributes
    ----------
    name
        What it is called in the model and in reports.
    match
        Whether it is one person.
    states
        State of each field by name; fields not named are `rest`.
    needs
        Fields without which the kind cannot be told from another.
    attributes
        State of fields without a known role; `rest` where None.
    least
        Smallest share among pairs: a kind that blocking keeps out is still there.
    beside
        A kind named earlier, and how many of this kind there are at most for one of that: where
        no families are, there are no twins.
    """

    name: str
    match: bool
    states: dict[str, State]
    rest: State = State.RANDOM
    needs: tuple[str, ...] = ()
    attributes: State | None = None
    least: float = 0.002
    beside: tuple[str, float] | None = None


_S, _C, _R, _O, _H = State.SAME, State.CHANCE, State.RANDOM, State.OTHER, State.HALF
_K: Final = State.KIN
_Y: Final = State.YEAR
_HOME: Final = {"family_name": _S, "street": _S, "area": _S, "phone": _H, "email": _H}

KINDS: Final[tuple[Kind, ...]] = (
    Kind("same_person", True, {}, _S, least=0.0),
    Kind(
        "moved",
        True,
        {"street": _O, "area": _H, "phone": _H, "email": _H},
        _S,
        ("birth_date", "street"),
        least=0.0,
        beside=("same_person", 0.5),
    ),
    Kind(
        "household",
        False,
        {**_HOME, "given_name": _O, "birth_date": _O},
        needs=("given_name", "family_name", "street"),
        least=1e-4,
    ),
    Kind(
        "twins",
        False,
        {**_HOME, "given_name": _O, "birth_date": _S},
        needs=("given_name", "family_name", "street", "birth_date"),
        least=0.0,
        beside=("household", 0.5),
    ),
    Kind(
        "parent_and_child",
        False,
        {**_HOME, "given_name": _K, "birth_date": _O},
        needs=("given_name", "family_name", "street", "birth_date"),
        least=0.0,
        beside=("household", 0.1),
    ),
    Kind(
        "flatmates",
        False,
        {"street": _S, "area": _S, "phone": _H, "given_name": _O},
        needs=("street", "given_name"),
    ),
    Kind("namesakes", False, {"given_name": _C, "family_name": _C}, needs=("family_name",)),
    Kind(
        "namesakes_of_one_year",
        False,
        {"given_name": _C, "family_name": _C, "birth_date": _Y},
        needs=("given_name", "family_name", "birth_date"),
        least=1e-4,
    ),
    Kind(
        "namesakes_nearby",
        False,
        {"given_name": _C, "family_name": _C, "area": _S},
        needs=("family_name", "area"),
    ),
    Kind("same_birth_date", False, {"birth_date": _C}, needs=("birth_date",)),
    Kind(
        "same_birth_date_and_given_name",
        False,
        {"birth_date": _C, "given_name": _C},
        needs=("birth_date", "given_name"),
    ),
    Kind(
        "same_birth_date_and_family_name",
        False,
        {"birth_date": _C, "family_name": _C, "given_name": _O},
        needs=("birth_date", "family_name"),
    ),
    Kind(
        "given_name_nearby",
        False,
        {"given_name": _C, "area": _S},
        needs=("given_name", "area"),
    ),
    Kind(
        "family_name_nearby",
        False,
        {"family_name": _C, "area": _S, "given_name": _O},
        needs=("family_name", "given_name", "area"),
    ),
    Kind("shared_contact", False, {"phone": _S, "given_name": _O}, needs=("phone",)),
    Kind("shared_email", False, {"email": _S, "given_name": _O}, needs=("email",)),
    Kind(
        "neighbors",
        False,
        {"area": _S, "given_name": _O},
        needs=("area", "given_name"),
        attributes=_H,
    ),
    Kind("strangers", False, {}, least=0.2),
)
"""Every kind, matches first; those that a file's fields cannot tell apart are left out."""

HOUSEHOLD_KINDS: Final = frozenset({"household", "twins", "parent_and_child"})

SAME_SHARE: Final[dict[str, dict[str, float]]] = {
    "name": {"same": 0.86, "same_reading": 0.015, "variant": 0.035, "close": 0.04,
             "similar": 0.02, "swapped": 0.01},
    "date": {"same": 0.92, "close": 0.05, "part": 0.012, "near": 0.008, "year": 0.002},
    "value": {"same": 0.85, "close": 0.05},
    "email": {"same": 0.75, "same_local_part": 0.04, "close": 0.06},
    "street": {"same": 0.62, "close": 0.14, "other_unit": 0.01, "other_number": 0.06,
               "similar": 0.04},
    "area": {"same": 0.7, "same_code": 0.04, "near_code": 0.06, "same_city": 0.08, "region": 0.06},
    "gender": {"same": 0.98},
    "attribute": {"same": 0.76, "close": 0.08},
}  # fmt: skip
"""Shares of the levels in a field of one true value; the rest is ``different``."""

MOST_DIFFERENT: Final[dict[str, float]] = {
    "given_name": 0.08,
    "family_name": 0.10,
    "birth_date": 0.1,
    "gender": 0.12,
}
"""How often one person's field may be ``different`` at most; attributes, which may say nothing:
0.95; other fields: 0.5."""

EQUAL: Final = frozenset({*SAME_VALUE_LEVELS, "same_shared", "swapped"})
NEAR: Final = frozenset(
    {
        "same_reading",
        "variant",
        "close",
        "similar",
        "other_unit",
        "same_code",
        "near_code",
        "same_local_part",
    }
)


def level_names(field: Field) -> tuple[str, ...]:
    """Names of a field's levels."""
    return LEVELS[field.kind]


def state_shares(field: Field, random: Floats, records: Floats) -> dict[State, Floats]:
    """Expected share of each level in each state.

    Parameters
    ----------
    field
        The field.
    random
        Shares among unrelated pairs (sum 1 without the missing).
    records
        Shares of the equal levels among records paired with themselves: how often a value is
        rare or common among people, not among coincidences.
    """
    names = level_names(field)
    equal = np.array([name in EQUAL and name != "swapped" for name in names])
    near = np.array([name in NEAR for name in names])
    same = np.zeros(len(names))
    for name, share in SAME_SHARE[field.kind].items():
        if name == "same":
            same += share * np.where(equal, records, 0.0)
        else:
            same[names.index(name)] += share
    same[-1] = 1 - same.sum()
    chance = np.where(equal, random, 0.0)
    chance = 0.9 * chance / chance.sum() if chance.any() else 0.9 * equal / equal.sum()
    if isinstance(field, AreaField | StreetField):
        chance = same.copy()
    elif near.any():
        chance = chance + 0.07 * near / near.sum()
    if "swapped" in names:
        chance[names.index("swapped")] += 0.03
    chance[MISSING] = 0
    alike = np.array([name in ("variant", "close", "similar") for name in names])
    other = np.where(equal, random * 0.02, np.where(near, random * 0.5, random))
    shares = {
        State.SAME: same,
        State.CHANCE: chance,
        State.RANDOM: random,
        State.OTHER: other,
        State.HALF: (same + random) / 2,
        State.YEAR: 0.1 * random + 0.9 * np.array([name == "year" for name in names]),
        State.KIN: 0.6 * same + 0.4 * alike / alike.sum() if alike.any() else same,
    }
    return {state: _proper(share) for state, share in shares.items()}


def _proper(share: Floats) -> Floats:
    share = np.maximum(share, 1e-7)
    share[MISSING] = 0
    result: Floats = share / share.sum()
    return result


STATE_TRUST: Final = {
    State.SAME: 0.05,
    State.CHANCE: 0.3,
    State.RANDOM: 0.4,
    State.OTHER: 0.6,
    State.HALF: 0.1,
    State.KIN: 0.3,
    State.YEAR: 0.3,
}
"""Weight of the expectation against the data, by state: what anchors the fit."""
