"""The last digits of minima."""

from __future__ import annotations

import numpy as np
import pytest

from custseg.segment.newton import sharpened
from custseg.segment.rfm import Floats

LOWEST = np.array([0.3, -1.2, 2.0])


def bowl(at: Floats) -> float:
    """Smooth, not a square, lowest at LOWEST."""
    apart = at - LOWEST
    return float(np.cosh(apart).sum() + 0.3 * apart[0] * apart[1] + 5)


@pytest.mark.parametrize("off", [1e-5, -1e-4, 1e-3])
def test_a_minimum_is_known_to_more_digits(off: float) -> None:
    near = LOWEST + off
    found = sharpened(bowl, near)
    assert np.abs(found - LOWEST).max() < max(1e-9, off**2)


@pytest.mark.parametrize(
    ("function", "start"),
    [
        (lambda at: float(at.sum()), LOWEST),
        (lambda at: -float((at**2).sum()), np.zeros(3)),
        (lambda at: float((at[:1] ** 2).sum()), np.full(3, 1e-4)),
        (bowl, LOWEST + 0.5),
        (lambda at: float("inf"), LOWEST),
    ],
    ids=["a slope", "a hill", "flat", "far away", "nothing finite"],
)
def test_what_is_no_minimum_stands(function: object, start: Floats) -> None:
    assert callable(function)
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(sharpened(function, start), start)
