"""The last digits of a fit: a search that compares values alone ends where they are nearly flat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from custseg.segment.rfm import Floats

_STEP: Final = 1e-3
"""Apart are the points of the differences: their error is the square of it, times the step."""

_FAR: Final = 1e-2
"""A step as long as that leads away from no minimum that a search has found."""

_NOISE: Final = 1e-13


def sharpened(function: Callable[[Floats], float], found: Floats) -> Floats:
    """Take one step of Newton's method from a minimum that a search has found.

    A search by differences of values knows some five digits of its parameters, and which others
    follow depends on the processor. The step is from central differences; where the function is
    no bowl (at a bound, or flat), or the step is long or leads up, `found` stands.

    Parameters
    ----------
    function
        Smooth; its parameters are of the order of 1, such as logarithms.
    """
    number = len(found)
    apart = np.eye(number) * _STEP
    here = function(found)
    after = np.array([function(found + each) for each in apart])
    before = np.array([function(found - each) for each in apart])
    slope = (after - before) / (2 * _STEP)
    bend = np.diag((after - 2 * here + before) / _STEP**2)
    for i in range(number):
        for j in range(i):
            along, across = apart[i] + apart[j], apart[i] - apart[j]
            corners = function(found + along) + function(found - along)
            corners -= function(found + across) + function(found - across)
            bend[i, j] = bend[j, i] = corners / (4 * _STEP**2)
    if not np.isfinite(bend).all() or np.linalg.eigvalsh(bend)[0] <= 0:
        return found
    step = np.linalg.solve(bend, slope)
    if np.abs(step).max() > _FAR or function(found - step) > here + _NOISE * abs(here):
        return found
    return np.asarray(found - step, dtype=np.float64)
