"""Fit the mixture without labels: EM over the counts of agreement patterns.

The patterns of millions of pairs are a few thousand; EM works on their counts. Expectations of
every field in every kind of pair (:mod:`custseg.cleanse.match.kinds`) are a prior that grows
with the data, so that no kind can wander off to take another's pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from custseg.cleanse.match.compare import Field
from custseg.cleanse.match.expectations import expectations, kinds_for, starting_mix, state_of
from custseg.cleanse.match.kinds import MOST_DIFFERENT, STATE_TRUST, Kind, State
from custseg.cleanse.match.levels import LEVELS, MISSING
from custseg.cleanse.match.model import FieldModel, MatchModel
from custseg.cleanse.match.patterns import Patterns
from custseg.cleanse.match.types import Floats, Levels

ITERATIONS: Final = 60
TOLERANCE: Final = 1e-5
MOST_PATTERNS: Final = 16_000
CAUTIOUS: Final = 0.01
"""Share of matches among pairs where nothing can be fitted."""
LEAST_BITS: Final = 0.3
"""Bits that an attribute must add to a match, on average, to be used."""
MOST_MATCHES: Final = 40
"""Matching pairs a record in a file that can be believed."""
MOST_DIFFERENT_AT_HOME: Final = 0.15
"""How often what a household shares may be different."""
MOST_BY_CHANCE: Final = 6.0
"""How many times the expected share two people may agree, in a field drawn apart."""


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
