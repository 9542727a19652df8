"""How many people each group needs, so that a difference that is there is found."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, ceil, sqrt


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSize:
    """People per group.

    Attributes
    ----------
    cohen
        By Cohen's h (arcsine of the square roots).
    pooled
        By the normal approximation with the pooled share: a little more careful.
    """

    rate: float
    expected: float
    alpha: float
    power: float
    cohen: int
    pooled: int


def sample_size(
    rate: float, expected: float, *, alpha: float = 0.05, power: float = 0.8
) -> SampleSize:
    """Plan a test of two groups of equal size, two-sided.

    Parameters
    ----------
    rate, expected
        Share without and with the campaign; both above 0 and below 1, and not the same.
    alpha
        Chance of seeing a difference where there is none.
    power
        Chance of seeing it where it is there.
    """
    from scipy.stats import norm

    found, missed = float(norm.ppf(1 - alpha / 2)), float(norm.ppf(power))
    h = 2 * asin(sqrt(expected)) - 2 * asin(sqrt(rate))
    middle = (rate + expected) / 2
    apart = found * sqrt(2 * middle * (1 - middle)) + missed * sqrt(
        rate * (1 - rate) + expected * (1 - expected)
    )
    return SampleSize(
        rate=rate,
        expected=expected,
        alpha=alpha,
        power=power,
        cohen=ceil(2 * ((found + missed) / h) ** 2),
        pooled=ceil((apart / (expected - rate)) ** 2),
    )
