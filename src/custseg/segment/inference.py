"""Many tests at once, said honestly."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from custseg.segment.rfm import Floats

Counts = npt.NDArray[np.float64] | npt.NDArray[np.int64]

Z95: Final = 1.959963984540054
"""Standard errors on either side of an estimate that hold 95 %."""


def two_sided(z: Floats) -> Floats:
    """Probability of a standard normal value at least as far from 0."""
    from scipy.special import ndtr

    return np.asarray(2 * ndtr(-np.abs(z)), dtype=np.float64)


def adjusted(p: Floats, tests: int | None = None) -> Floats:
    """Adjust p-values for their number: below 5 % of what is then below .05 is expected false.

    Benjamini, Hochberg: Controlling the False Discovery Rate, JRSS B 57 (1995). Where nothing at
    all is true, the chance of any false finding is at most the level itself.

    Parameters
    ----------
    tests
        How many tests there were, where only the smallest of their p-values are given.
    """
    n = len(p)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * (tests or n) / np.arange(1, n + 1)
    smallest = np.minimum.accumulate(scaled[::-1])[::-1]
    found = np.empty(n)
    found[order] = np.minimum(smallest, 1.0)
    return found


def more_than(found: Counts, trials: Counts, expected: Floats) -> Floats:
    """Probability of at least `found` of `trials`, where `expected` are (binomial).

    Where the chance differs from trial to trial, as it may, less than that. The counts need not be
    whole: they may have been divided by a design effect.
    """
    from scipy.special import betainc

    some, rest = np.maximum(found, 1e-12), np.maximum(trials - found, 0.0) + 1
    chance = betainc(some, rest, np.clip(expected / np.maximum(trials, 1e-12), 0.0, 1.0))
    return np.where(found > 0, chance, 1.0)


def count_interval(found: Counts, trials: Counts) -> tuple[Floats, Floats]:
    """95 % interval of what is expected of `trials`, where `found` were counted.

    Clopper, Pearson, Biometrika 26 (1934); for counts divided by a design effect, too.
    """
    from scipy.special import betaincinv

    some, rest = np.maximum(found, 1e-12), np.maximum(trials - found, 0.0)
    low = np.where(found > 0, trials * betaincinv(some, rest + 1, 0.025), 0.0)
    high = np.where(
        rest > 0, trials * betaincinv(found + 1, np.maximum(rest, 1e-12), 0.975), trials
    )
    return low, high
