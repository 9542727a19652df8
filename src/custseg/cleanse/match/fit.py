"""Fit the mixture without labels: EM over the counts of agreement patterns.

The patterns of millions of pairs are a few thousand; EM works on their counts. Expectations of
every field in every kind of pair (:mod:`custseg.cleanse.match.kinds`) are a prior that grows
with the data, so that no kind can wander off to take another's pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.cleanse.match.compare import Field, random_levels
from custseg.cleanse.match.compare_names import NameField
from custseg.cleanse.match.compare_places import AreaField, AttributeField, StreetField
from custseg.cleanse.match.compare_values import DateField, ValueField
from custseg.cleanse.match.kinds import (
    EQUAL,
    KINDS,
    MOST_DIFFERENT,
    STATE_TRUST,
    Kind,
    State,
    state_shares,
)
from custseg.cleanse.match.levels import LEVELS, MISSING, SAME_VALUE_LEVELS, frequency_level
from custseg.cleanse.match.model import FieldModel, MatchModel
from custseg.cleanse.match.types import Codes, Floats, Levels

ITERATIONS: Final = 60
TOLERANCE: Final = 1e-5
MOST_PATTERNS: Final = 16_000
DIRECT_TABLE: Final = 1 << 24
CAUTIOUS: Final = 0.01
"""Share of matches among pairs where nothing can be fitted."""
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
LEAST_BITS: Final = 0.3
"""Bits that an attribute must add to a match, on average, to be used."""
MOST_MATCHES: Final = 40
"""Matching pairs a record in a file that can be believed."""
MOST_DIFFERENT_AT_HOME: Final = 0.15
"""How often what a household shares may be different."""
MOST_BY_CHANCE: Final = 6.0
"""How many times the expected share two people may agree, in a field drawn apart."""


@dataclass(frozen=True)
class Patterns:
    """Distinct agreement patterns.

    Attributes
    ----------
    levels
        Shape (patterns, fields).
    counts
        Pairs of each pattern.
    place
        Pattern of each pair.
    """

    levels: Levels
    counts: Floats
    place: Codes


def count_patterns(fields: Sequence[Field], levels: Sequence[Levels]) -> Patterns:
    """Group pairs by their levels."""
    radix = [len(LEVELS[field.kind]) for field in fields]
    packs = np.zeros(len(levels[0]), np.int64)
    for size, level in zip(radix, levels, strict=True):
        packs = packs * size + level
    span = int(np.prod(np.array(radix, np.float64)))
    if span <= DIRECT_TABLE:
        table = np.bincount(packs, minlength=span)
        unique = np.flatnonzero(table)
        rank = np.zeros(span, np.int32)
        rank[unique] = np.arange(len(unique))
        place, counts = rank[packs], table[unique]
    else:
        coded = pa.array(packs).dictionary_encode()
        place, found = coded.indices.to_numpy(), coded.dictionary.to_numpy()
        order = np.argsort(found)
        unique = found[order]
        ranks = np.empty(len(order), np.int32)
        ranks[order] = np.arange(len(order))
        place = ranks[place]
        counts = np.bincount(place, minlength=len(unique))
    unpacked = np.empty((len(unique), len(fields)), np.uint8)
    rest = unique.copy()
    for position in reversed(range(len(fields))):
        rest, unpacked[:, position] = np.divmod(rest, radix[position])
    return Patterns(unpacked, counts.astype(np.float64), place)


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


def fit(fields: Sequence[Field], patterns: Patterns) -> MatchModel:
    """Fit the mixture, and once more without the attributes that turned out to say nothing.

    Returns
    -------
    MatchModel
        With rounded shares, so that the last bit of a sum decides nothing. Attributes that say
        nothing are in it, but not used.
    """
    expected = expectations(fields, kinds_for(fields))
    fitted = _fitted(fields, patterns, expected)
    idle = [
        field.kind == "attribute" and bits_of(fitted, field) < LEAST_BITS for field in fitted.fields
    ]
    if not any(idle):
        return fitted
    levels = patterns.levels.copy()
    levels[:, idle] = MISSING
    again = _fitted(fields, replace(patterns, levels=levels), expected, fitted)
    said = [
        replace(field, shares=first.shares, used=False) if out else field
        for field, first, out in zip(again.fields, fitted.fields, idle, strict=True)
    ]
    return replace(again, fields=tuple(said))


def bits_of(model: MatchModel, field: FieldModel) -> float:
    """Bits by which a field, on average, tells matches from other pairs.

    It is the relative entropy of the field's levels in matches to those in other pairs, each
    mixed as in the file.
    """
    match = model.is_match
    same = model.mix[match] @ field.shares[match] / model.mix[match].sum()
    other = model.mix[~match] @ field.shares[~match] / model.mix[~match].sum()
    return float((same[1:] * np.log2(same[1:] / other[1:])).sum())


def _fitted(
    fields: Sequence[Field],
    patterns: Patterns,
    expected: list[Floats],
    start: MatchModel | None = None,
) -> MatchModel:
    """Fit the mixture to the counts of the patterns by EM, from a start that is nearly right."""
    kinds = kinds_for(fields)
    trust = [np.array([STATE_TRUST[state_of(kind, field)] for kind in kinds]) for field in fields]
    levels, counts = _frequent(patterns)
    design = _design(fields, levels)
    sizes = [len(LEVELS[field.kind]) for field in fields]
    cuts = np.cumsum(sizes)[:-1]
    shares = expected
    mix = starting_mix(kinds)
    if start is not None:
        shares = [np.maximum(field.shares, 1e-12) for field in start.fields]
        mix = start.mix
    previous = -np.inf
    for _ in range(ITERATIONS):
        table = np.concatenate([_log(share) for share in shares], axis=1)
        joint = design @ table.T + np.log(mix)
        top = joint.max(axis=1, keepdims=True)
        likelihood = np.exp(joint - top)
        total = likelihood.sum(axis=1, keepdims=True)
        responsible = likelihood / total * counts[:, None]
        fitness = float((counts * (np.log(total[:, 0]) + top[:, 0])).sum() / counts.sum())
        mass = responsible.sum(axis=0)
        mix = _bounded(kinds, (mass + 1.0) / (mass + 1.0).sum())
        found = np.split((design.T @ responsible).T, cuts, axis=1)
        shares = [
            _update(field, kinds, count, prior, weight)
            for field, count, prior, weight in zip(fields, found, expected, trust, strict=True)
        ]
        if abs(fitness - previous) < TOLERANCE:
            break
        previous = fitness
    return _model(fields, kinds, mix, shares)


def _bounded(kinds: Sequence[Kind], mix: Floats) -> Floats:
    """Keep shares at their least, and rare kinds in proportion to the kind they come with."""
    place = {kind.name: position for position, kind in enumerate(kinds)}
    for position, kind in enumerate(kinds):
        mix[position] = max(mix[position], kind.least)
        if kind.beside:
            name, most = kind.beside
            mix[position] = min(mix[position], most * mix[place[name]])
    share: Floats = mix / mix.sum()
    return share


def _frequent(patterns: Patterns) -> tuple[Levels, Floats]:
    """Patterns to fit on: the frequent ones, and every k-th of the rest with k times its count."""
    if len(patterns.counts) <= MOST_PATTERNS:
        return patterns.levels, patterns.counts
    order = np.argsort(-patterns.counts, kind="stable")
    often, seldom = order[: MOST_PATTERNS // 2], np.sort(order[MOST_PATTERNS // 2 :])
    step = -(-len(seldom) // (MOST_PATTERNS // 2))
    chosen = seldom[::step]
    scale = patterns.counts[seldom].sum() / patterns.counts[chosen].sum()
    return (
        patterns.levels[np.append(often, chosen)],
        np.append(patterns.counts[often], patterns.counts[chosen] * scale),
    )


def _design(fields: Sequence[Field], levels: Levels) -> Floats:
    blocks = []
    for position, field in enumerate(fields):
        block = np.eye(len(LEVELS[field.kind]))[levels[:, position]]
        block[:, MISSING] = 0
        blocks.append(block)
    return np.concatenate(blocks, axis=1)


def _log(share: Floats) -> Floats:
    result = np.zeros_like(share)
    result[:, 1:] = np.log(share[:, 1:])
    return result


def _update(
    field: Field, kinds: Sequence[Kind], count: Floats, prior: Floats, trust: Floats
) -> Floats:
    """Shares as the data say, drawn towards the expectation, within the bounds of a match."""
    count = count.copy()
    count[:, MISSING] = 0
    total = count.sum(axis=1, keepdims=True)
    strength = 20.0 + trust[:, None] / (1 - trust[:, None]) * total
    share: Floats = (count + strength * prior) / (total + strength)
    most = MOST_DIFFERENT.get(field.name, 0.95 if field.kind == "attribute" else 0.5)
    for row, kind in enumerate(kinds):
        state = state_of(kind, field)
        if kind.match:
            if state is State.SAME and share[row, -1] > most:
                share[row, :-1] *= (1 - most) / (1 - share[row, -1])
                share[row, -1] = most
        elif state in (State.RANDOM, State.OTHER):
            bound = 3 if field.kind == "email" else share.shape[1] - 1
            most_here = MOST_BY_CHANCE * prior[row, 1:bound]
            share[row, 1:bound] = np.minimum(share[row, 1:bound], most_here)
            share[row, -1] = 1 - share[row, :-1].sum()
        elif state is State.SAME:
            if field.kind == "name":
                share[row, -2] = min(share[row, -2], 0.002)
            share[row, -1] = min(share[row, -1], MOST_DIFFERENT_AT_HOME)
            if field.kind == "date":
                # Siblings of one year are no twins.
                share[row, 3:] = np.minimum(share[row, 3:], MOST_BY_CHANCE * prior[row, 3:])
            share[row] /= share[row].sum()
    return share


def _model(
    fields: Sequence[Field], kinds: Sequence[Kind], mix: Floats, shares: Sequence[Floats]
) -> MatchModel:
    return MatchModel(
        tuple(kind.name for kind in kinds),
        np.round(mix, 12),
        tuple(
            FieldModel(field.name, field.kind, LEVELS[field.kind], np.round(share, 12))
            for field, share in zip(fields, shares, strict=True)
        ),
    )


def unfitted(fields: Sequence[Field]) -> MatchModel:
    """Give the model of expectations alone, for files too small or too odd to fit."""
    kinds = kinds_for(fields)
    model = _model(fields, kinds, starting_mix(kinds, CAUTIOUS), expectations(fields, kinds))
    return MatchModel(model.kinds, model.mix, model.fields, fallback=True)


def implausible(
    model: MatchModel, fields: Sequence[Field], patterns: Patterns, records: int
) -> str | None:
    """Say why a fit is not to be trusted, as a message key; None where it is.

    A fit in which every other pair is a match joins a file into one person; one in which even
    full agreement is no match has too few columns to find anybody.
    """
    best = [np.ones(1, np.uint8) for _ in fields]
    if model.weights(fields, best)[0][0] < 0:
        return "match.reason_thin"
    weight, _ = model.weights(fields, list(patterns.levels.T))
    matches = float(patterns.counts[weight > 0].sum())
    if matches > MOST_MATCHES * records:
        return "match.reason_not_matches"
    return None
