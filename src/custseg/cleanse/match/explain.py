"""Why two records are, or are not, one person: the weight, field by field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from custseg.cleanse.match.blocking import candidate_keys, share_key
from custseg.cleanse.match.compare import compare_all
from custseg.cleanse.match.kinds import EQUAL
from custseg.cleanse.match.levels import LEVELS
from custseg.cleanse.match.model import MatchModel
from custseg.cleanse.match.nicknames import variants_of
from custseg.cleanse.match.prepare import prepare
from custseg.cleanse.match.types import MatchSettings
from custseg.cleanse.match.verdict import Judge, Outcome, Verdict
from custseg.engine import Engine


@dataclass(frozen=True, slots=True)
class FieldSum:
    """What one field adds.

    Attributes
    ----------
    field, level
        The field, and how the two records agree in it.
    weight
        Bits it adds for (or, negative, against) one person.
    """

    field: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sum that makes a pair's weight: ``prior + kinds + sum of fields = weight``.

    Attributes
    ----------
    weight, probability
        Log2 odds that the pair is one person, and the same as a probability.
    prior
        Log2 odds of any candidate pair.
    kinds
        Correction for how the kinds of pair are mixed, given this pair, and for pairs that
        agree in too little to be anybody.
    fields
        What each field adds, in the order of the model.
    likeliest
        The kind of two different people that the pair looks most like.
    keys
        Blocking keys by which the two records were compared.
    unused
        Keys that they share and the run did not use: by these they would have been compared.
    verdict
        What became of the two records in a run, and why; None where that is not known.
    """

    weight: float
    probability: float
    prior: float
    kinds: float
    fields: tuple[FieldSum, ...]
    likeliest: str
    keys: tuple[str, ...]
    unused: tuple[str, ...] = ()
    verdict: Verdict | None = None


def explain_pair(
    records: pa.Table,
    roles: Mapping[str, str],
    model: MatchModel,
    left: int,
    right: int,
    *,
    engine: Engine,
    settings: MatchSettings | None = None,
    used: Collection[str] | None = None,
    outcome: Outcome | None = None,
) -> Explanation:
    """Explain a pair, whether or not it was ever compared.

    Parameters
    ----------
    records, roles
        What :func:`~custseg.cleanse.match.match_records` was given: frequencies of values are
        part of the evidence.
    model
        The model it fitted.
    left, right
        Record indices.
    engine
        Executor.
    settings
        The settings it ran with.
    used
        Names of the keys of its plan; None where every key was used.
    outcome
        What became of the records.

    Notes
    -----
    With responsibilities r over the kinds of match (and of non-match), the log of the mixture
    is exactly the sum over kinds of r (log share + log likelihood - log r). The likelihood is a
    product over fields; the rest is the correction for the kinds.
    """
    settings = settings or MatchSettings()
    order = np.arange(records.num_rows)
    prepared = prepare(
        records,
        roles,
        order,
        engine=engine,
        shared_by=settings.shared_by,
        variants=variants_of,
    )
    a, b = np.array([left]), np.array([right])
    levels = compare_all(prepared.fields, a, b)
    bits = model.kind_bits(prepared.fields, levels)[0]
    match = model.is_match
    shares = [_responsibility(bits[match]), _responsibility(bits[~match])]
    sums, total = [], 0.0
    position = {field.name: place for place, field in enumerate(prepared.fields)}
    for field, table in zip(model.fields, model.tables, strict=True):
        place = position.get(field.name)
        level = int(levels[place][0]) if place is not None else 0
        row = table[level]
        weight = float(shares[0] @ row[match] - shares[1] @ row[~match])
        total += weight
        sums.append(FieldSum(field.name, LEVELS[field.kind][level], weight))
    weight = float(model.weights(prepared.fields, levels)[0][0])
    keys = [
        " + ".join(names)
        for names in candidate_keys(prepared.parts, prepared.records)
        if share_key(prepared.parts, names, left, right)
    ]
    compared = tuple(key for key in keys if used is None or key in used)
    verdict = None
    if outcome is not None:
        verdict = Judge(prepared, model, settings, outcome).verdict(left, right, bool(compared))
    return Explanation(
        weight=weight,
        probability=float(1 / (1 + np.exp2(-np.clip(weight, -60, 60)))),
        prior=model.prior,
        kinds=weight - model.prior - total,
        fields=tuple(sums),
        likeliest=np.array(model.kinds)[~match][bits[~match].argmax()].item(),
        keys=compared,
        unused=tuple(key for key in keys if used is not None and key not in used),
        verdict=verdict,
    )


def _responsibility(
    bits: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    share: np.ndarray[tuple[int], np.dtype[np.float64]] = np.exp2(bits - np.logaddexp2.reduce(bits))
    return share


def weights_of_fields(model: MatchModel) -> dict[str, tuple[float, float]]:
    """Bits of agreement and of difference by field, against two people drawn apart.

    Each is the log2 ratio of the shares in matches and among strangers, over all the levels that
    are equal, and for the level ``different``. Fields that say nothing are left out.
    """
    stranger = model.kinds.index("strangers")
    match = model.mix[model.is_match] / model.mix[model.is_match].sum()
    found = {}
    for field in model.fields:
        if field.used:
            equal = np.array([level in EQUAL for level in field.levels])
            same = match @ field.shares[model.is_match]
            other = field.shares[stranger]
            agree = float(np.log2(same[equal].sum() / other[equal].sum()))
            found[field.name] = (agree, float(np.log2(same[-1] / other[-1])))
    return found
