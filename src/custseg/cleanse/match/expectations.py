"""What each field is expected to do in each kind of pair, from frequencies alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from custseg.cleanse.match.compare import Field, random_levels
from custseg.cleanse.match.compare_names import NameField
from custseg.cleanse.match.compare_places import AreaField, AttributeField, StreetField
from custseg.cleanse.match.compare_values import DateField, ValueField
from custseg.cleanse.match.kinds import EQUAL, KINDS, Kind, State, state_shares
from custseg.cleanse.match.levels import LEVELS, MISSING, SAME_VALUE_LEVELS, frequency_level
from custseg.cleanse.match.types import Floats

SMALL: Final = 200
"""Records below which chance agreement cannot be told from copies by counting."""
MOST_EQUAL_BY_CHANCE: Final = {
    "name": 0.02,
    "date": 0.001,
    "value": 0.0001,
    "email": 0.0001,
    "street": 0.001,
    "area": 0.05,
    "gender": 1.0,
    "attribute": 0.2,
}
"""What is assumed of chance agreement in such files."""


def kinds_for(fields: Sequence[Field]) -> list[Kind]:
    """Give the kinds of pair that these fields can tell apart."""
    names = {field.name for field in fields}
    return [kind for kind in KINDS if names.issuperset(kind.needs)]


def self_shares(field: Field) -> Floats:
    """Shares of the equal levels, rare to common, among records paired with themselves."""
    size = len(LEVELS[field.kind])
    if isinstance(field, NameField):
        column = field.written if field.written.filled or not field.reading else field.reading
        level = frequency_level(column)
        share = np.bincount(level[:-1], column.counts, minlength=size)
    elif isinstance(field, AttributeField):
        share = np.bincount(frequency_level(field.values)[:-1], field.values.counts, minlength=size)
    else:
        everyone = np.arange(field_size(field), dtype=np.int64)
        share = np.bincount(field.compare(everyone, everyone), minlength=size).astype(np.float64)
    share[MISSING] = 0
    total = share.sum()
    shares: Floats = share / total if total else np.eye(size)[1]
    return shares


def field_size(field: Field) -> int:
    """Records of a field."""
    match field:
        case StreetField():
            return len(field.numbers)
        case NameField():
            return len(field.written.codes)
        case DateField():
            return len(field.dates.codes)
        case ValueField():
            return len(field.columns[0].codes)
        case AreaField():
            return len(field.postal.codes)
        case _:
            return len(field.values.codes)


def expected_random(field: Field) -> Floats:
    """Shares of the levels among unrelated pairs; exact agreement from frequencies."""
    sampled = random_levels(field, field_size(field))
    total = max(sampled.sum(), 1.0)
    share = (sampled + 0.05) / (total + 0.05 * len(sampled))
    share[MISSING] = 0
    column = None
    if isinstance(field, NameField):
        column, level = field.written, frequency_level(field.written)
    elif isinstance(field, AttributeField):
        column, level = field.values, frequency_level(field.values)
    elif isinstance(field, DateField):
        column, level = field.dates, np.where(field.common, 2, 1).astype(np.uint8)
    elif isinstance(field, ValueField):
        column, level = field.columns[0], np.where(field.shared, 2, 1).astype(np.uint8)
    if column is not None and column.filled > 1:
        count = column.counts.astype(np.float64)
        pairs = count * (count - 1) / (column.filled * (column.filled - 1.0))
        exact = np.bincount(level[:-1], pairs, minlength=len(share))
        tiers = len(SAME_VALUE_LEVELS) if field.kind in ("name", "attribute") else 2
        for place in range(1, tiers + 1):
            share[place] = exact[place] + 0.02 / column.filled
    shares: Floats = share / share.sum()
    if field_size(field) < SMALL:
        equal = np.array([name in EQUAL for name in LEVELS[field.kind]])
        most = MOST_EQUAL_BY_CHANCE[field.kind]
        if shares[equal].sum() > most:
            shares[equal] *= most / shares[equal].sum()
            shares[-1] += 1 - shares.sum()
    return shares


def expectations(fields: Sequence[Field], kinds: Sequence[Kind]) -> list[Floats]:
    """Expected shares per field, of shape (kinds, levels)."""
    tables = []
    for field in fields:
        shares = state_shares(field, expected_random(field), self_shares(field))
        tables.append(np.array([shares[state_of(kind, field)] for kind in kinds]))
    return tables


def state_of(kind: Kind, field: Field) -> State:
    """State of a field in a kind of pair."""
    if kind.attributes is not None and field.kind == "attribute":
        return kind.attributes
    return kind.states.get(field.name, kind.rest)


def starting_mix(kinds: Sequence[Kind], same: float = 0.2) -> Floats:
    """Shares of the kinds to begin with: `same` of the pairs are one person."""
    matches = sum(kind.match for kind in kinds)
    mix = [
        same * (0.8 if kind.name == "same_person" else 0.2)
        if kind.match
        else (1 - same) / (len(kinds) - matches)
        for kind in kinds
    ]
    share: Floats = np.array(mix)
    total: Floats = share / share.sum()
    return total
