"""Treated against held out, for shares and for amounts, overall and by segment.

Everyone who was assigned is counted, whether the message reached them or not: only so do the
groups differ by nothing but the assignment.

References
----------
R. G. Newcombe, "Interval estimation for the difference between independent proportions",
Statistics in Medicine 17 (1998). B. L. Welch, "The generalization of Student's problem when
several different population variances are involved", Biometrika 34 (1947).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Correction = Literal["holm", "bh"]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

CONFIDENCE: Final = 0.95
_METHODS: Final[Mapping[Correction, str]] = {"holm": "holm", "bh": "fdr_bh"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one arm did to one outcome.

    Attributes
    ----------
    arm, segment, outcome
        Of whom and of what; `segment` is empty for all.
    share
        Whether the outcome is yes or no, and the values are shares.
    treated, control
        People.
    treated_value, control_value, difference
        Means (or shares), and the first less the second.
    low, high
        Interval of the difference: Newcombe for shares, Welch for amounts. None where a group
        is too small to have one.
    statistic, p
        z with a pooled share, or Welch's t; two-sided.
    p_adjusted
        Corrected for the segments that were looked at; `p` itself overall.
    extra, extra_low, extra_high
        The difference over everyone treated.
    """

    arm: str
    segment: str
    outcome: str
    share: bool
    treated: int
    control: int
    treated_value: float
    control_value: float
    difference: float
    low: float | None
    high: float | None
    statistic: float | None
    p: float | None
    p_adjusted: float | None
    extra: float
    extra_low: float | None
    extra_high: float | None


def effects(
    groups: Sequence[str],
    control: str,
    outcomes: Mapping[str, Floats],
    segments: Sequence[str] | None = None,
    correction: Correction = "holm",
) -> list[Effect]:
    """Compare every arm with the control arm.

    Parameters
    ----------
    groups
        The arm of each person.
    control
        The arm that was left alone.
    outcomes
        Name → value of each person; of zeros and ones alone it is a share.
    segments
        The segment of each person; None compares all together only.
    correction
        For many segments: ``"holm"`` (the chance of any false alarm) or ``"bh"`` (the expected
        share of false alarms among the alarms).
    """
    label = np.asarray(groups, dtype=object)
    part = None if segments is None else np.asarray(segments, dtype=object)
    held = label == control
    found: list[Effect] = []
    for arm in sorted(set(label.tolist()) - {control}):
        treated = label == arm
        for name, values in outcomes.items():
            share = bool(np.isin(values, (0.0, 1.0)).all())
            found.append(_effect(arm, "", name, values[treated], values[held], share=share))
            if part is None:
                continue
            by_segment = [
                _effect(
                    arm,
                    each,
                    name,
                    values[treated & (part == each)],
                    values[held & (part == each)],
                    share=share,
                )
                for each in sorted(set(part[treated].tolist()) & set(part[held].tolist()))
            ]
            found += _adjusted(by_segment, correction)
    return found


def _effect(
    arm: str, segment: str, outcome: str, treated: Floats, control: Floats, *, share: bool
) -> Effect:
    many, few = len(treated), len(control)
    means = [float(group.mean()) if len(group) else 0.0 for group in (treated, control)]
    compare = _of_shares if share else _of_amounts
    low, high, statistic, p = compare(treated, control)
    return Effect(
        arm=arm,
        segment=segment,
        outcome=outcome,
        share=share,
        treated=many,
        control=few,
        treated_value=means[0],
        control_value=means[1],
        difference=means[0] - means[1],
        low=low,
        high=high,
        statistic=statistic,
        p=p,
        p_adjusted=p,
        extra=(means[0] - means[1]) * many,
        extra_low=None if low is None else low * many,
        extra_high=None if high is None else high * many,
    )


_Compared = tuple[float | None, float | None, float | None, float | None]
_NOTHING: Final[_Compared] = (None, None, None, None)


def _of_shares(treated: Floats, control: Floats) -> _Compared:
    """Newcombe's interval, and z with the pooled share."""
    from scipy.stats import norm
    from statsmodels.stats.proportion import confint_proportions_2indep

    many, few = len(treated), len(control)
    if not many or not few:
        return _NOTHING
    yes, also = int(treated.sum()), int(control.sum())
    low, high = confint_proportions_2indep(
        yes, many, also, few, method="newcomb", compare="diff", alpha=1 - CONFIDENCE
    )
    pooled = (yes + also) / (many + few)
    error = sqrt(pooled * (1 - pooled) * (1 / many + 1 / few))
    if error == 0:
        return float(low), float(high), None, None
    z = (yes / many - also / few) / error
    return float(low), float(high), z, float(2 * norm.sf(abs(z)))


def _of_amounts(treated: Floats, control: Floats) -> _Compared:
    """Welch's interval and t."""
    from scipy.stats import t as student

    many, few = len(treated), len(control)
    if many < 2 or few < 2:
        return _NOTHING
    parts = treated.var(ddof=1) / many, control.var(ddof=1) / few
    error = sqrt(sum(parts))
    if error == 0:
        return _NOTHING
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (many - 1) + parts[1] ** 2 / (few - 1))
    difference = float(treated.mean() - control.mean())
    reach = float(student.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    statistic = difference / error
    p = float(2 * student.sf(abs(statistic), freedom))
    return difference - reach, difference + reach, statistic, p


def _adjusted(found: Sequence[Effect], correction: Correction) -> list[Effect]:
    from statsmodels.stats.multitest import multipletests

    tested = [each.p for each in found if each.p is not None and isfinite(each.p)]
    if not tested:
        return list(found)
    corrected = iter(multipletests(tested, method=_METHODS[correction])[1])
    return [
        each if each.p is None else replace(each, p_adjusted=float(next(corrected)))
        for each in found
    ]
