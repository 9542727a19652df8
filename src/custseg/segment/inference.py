"""Many tests at once, said honestly."""

from __future__ import annotations

from typing import Final

import numpy as np

from custseg.segment.rfm import Floats

Z95: Final = 1.959963984540054
"""Standard errors on either side of an estimate that hold 95 %."""


def two_sided(z: Floats) -> Floats:
    """Probability of a standard normal value at least as far from 0."""
    from scipy.special import ndtr

    return np.asarray(2 * ndtr(-np.abs(z)), dtype=np.float64)


def adjusted(p: Floats) -> Floats:
    """Adjust p-values for their number: below 5 % of what is then below .05 is expected false.

    Benjamini, Hochberg: Controlling the False Discovery Rate, JRSS B 57 (1995). Where nothing at
    all is true, the chance of any false finding is at most the level itself.
    """
    n = len(p)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * n / np.arange(1, n + 1)
    smallest = np.minimum.accumulate(scaled[::-1])[::-1]
    found = np.empty(n)
    found[order] = np.minimum(smallest, 1.0)
    return found
