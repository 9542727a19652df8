"""BG/NBD: how often a customer buys while active, and whether they still are.

Fader, Hardie, Lee: "Counting Your Customers" the Easy Way, Marketing Science 24 (2005), 275-284.
While active a customer buys at a rate λ ~ Gamma(r, α); after each purchase they leave with
probability p ~ Beta(a, b).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from custseg.segment.history import Distinct
from custseg.segment.rfm import Floats

_STARTS: Final = ((1.0, 0.5, 1.0, 2.0), (0.3, 0.1, 0.5, 3.0), (2.0, 2.0, 0.1, 1.0))
_CLOSE: Final = 1e-6
_POINTS: Final = 64
"""Points of a distribution at which a mean is taken."""

_ROWS: Final = 2**14
"""Histories averaged at a time."""

_MOST_NEGATIVE: Final = (-np.inf, 1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class BgNbd:
    """A fitted model; times are in the unit of the histories it was fitted to.

    Attributes
    ----------
    r, alpha, a, b
        Parameters.
    log_likelihood
        Of the histories it was fitted to.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    def alive(self, seen: Distinct) -> Floats:
        """Probability that a customer is still active."""
        odds = self.a / (self.b + np.maximum(seen.x, 1) - 1)
        gap = np.log(self.alpha + seen.age) - np.log(self.alpha + seen.tx)
        with np.errstate(over="ignore"):
            left = odds * np.exp((self.r + seen.x) * gap)
        return 1 / (1 + np.where(seen.x > 0, left, 0.0))

    def expected(self, seen: Distinct, time: float) -> Floats:
        """Expected purchases in the next `time` (their equation 10).

        The hypergeometric function stands in Euler's form, which stays stable for large x.
        """
        from scipy.special import hyp2f1

        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6
        z = time / (self.alpha + seen.age + time)
        c = a + self.b + seen.x - 1
        with np.errstate(over="ignore", invalid="ignore"):
            rest = (1 - z) ** (a - 1) * hyp2f1(a + self.b - 1 - self.r, a - 1, c, z)
            found: Floats = c / (a - 1) * (1 - rest)
        # Past what floats hold, nobody makes less than none, or more than without ever leaving.
        most = (self.r + seen.x) * time / (self.alpha + seen.age)
        lost = np.flatnonzero(~((found >= 0) & (found <= most * (1 + _CLOSE))))
        for start in range(0, len(lost), _ROWS):
            rows = lost[start : start + _ROWS]
            found[rows] = self._averaged(seen.x[rows], time / (self.alpha + seen.age[rows]))
        return found * self.alive(seen)

    def _averaged(self, x: Floats, times: Floats) -> Floats:
        """Expected purchases of who is active, averaged over the chance of leaving.

        Where the closed form is lost: ``(1 - (1 + p * times) ** -(r + x)) / p`` at points of the
        distribution of p, which is Beta(a, b + x).
        """
        from scipy.special import betaincinv, roots_legendre

        points, weights = roots_legendre(_POINTS)
        known, place = np.unique(x, return_inverse=True)
        chance = betaincinv(self.a, self.b + known[:, None], (points + 1) / 2)[place]
        chance = np.maximum(chance, np.finfo(float).tiny)
        rate = -np.expm1(-(self.r + x)[:, None] * np.log1p(chance * times[:, None])) / chance
        averaged: Floats = (rate * (weights / 2)).sum(axis=1)
        return averaged

    def buys_within(self, seen: Distinct, time: float) -> Floats:
        """Probability of at least one purchase in the next `time`."""
        quiet = np.log(self.alpha + seen.age) - np.log(self.alpha + seen.age + time)
        found: Floats = self.alive(seen) * -np.expm1((self.r + seen.x) * quiet)
        return found


def fit_bgnbd(seen: Distinct) -> BgNbd:
    """Fit by maximum likelihood; a start that does not converge gives way to the next."""
    from scipy.optimize import minimize

    scale = max(float(np.average(seen.age, weights=seen.weight)), 1e-9)
    shift = np.array([0.0, np.log(scale), 0.0, 0.0])
    likelihood = _Likelihood(seen)
    found: list[tuple[float, ...]] = [_MOST_NEGATIVE]
    for start in _STARTS:
        result = minimize(
            likelihood.negative,
            np.log(start) + shift,
            jac=True,
            method="L-BFGS-B",
            # With a and b past a thousand everyone leaves alike; the likelihood is flat there.
            bounds=[(-12.0, 7.0), (-12.0, 12.0 + np.log(scale)), (-12.0, 7.0), (-12.0, 7.0)],
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-9},
        )
        found.append((-float(result.fun), *np.exp(result.x).tolist()))
        if result.success:
            break
    best, r, alpha, a, b = max(found)
    return BgNbd(r, alpha, a, b, best * float(seen.weight.sum()))


class _Likelihood:
    """Log-likelihood and its gradient; functions of x, t_x or T alone run once a distinct value."""

    def __init__(self, seen: Distinct) -> None:
        self._weight = seen.weight / seen.weight.sum()
        self._x, self._at_x = np.unique(seen.x, return_inverse=True)
        self._tx, self._at_tx = np.unique(seen.tx, return_inverse=True)
        self._age, self._at_age = np.unique(seen.age, return_inverse=True)
        self._repeat = seen.x > 0

    def negative(self, logs: Floats) -> tuple[float, Floats]:
        """Mean negative log-likelihood at the logarithms of the parameters, and its gradient."""
        from scipy.special import gammaln, psi

        r, alpha, a, b = np.exp(logs)
        x = self._x
        rest = np.maximum(b + x - 1, 1e-300)
        base = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        base += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        log_age, log_tx = np.log(alpha + self._age), np.log(alpha + self._tx)
        power = (r + x)[self._at_x]
        active = -power * log_age[self._at_age]
        left = (np.log(a) - np.log(rest))[self._at_x] - power * log_tx[self._at_tx]
        left = np.where(self._repeat, left, -np.inf)
        both = np.logaddexp(active, left)
        share = np.exp(left - both)
        value = np.sum(self._weight * (base[self._at_x] + both))
        weight = self._weight
        slope_r = (psi(r + x) - psi(r) + np.log(alpha))[self._at_x]
        slope_r -= (1 - share) * log_age[self._at_age] + share * log_tx[self._at_tx]
        inverse_age, inverse_tx = 1 / (alpha + self._age), 1 / (alpha + self._tx)
        mixed = (1 - share) * inverse_age[self._at_age] + share * inverse_tx[self._at_tx]
        slope_a = (psi(a + b) - psi(a + b + x))[self._at_x] + share / a
        slope_b = (psi(a + b) + psi(b + x) - psi(b) - psi(a + b + x))[self._at_x]
        slope_b -= share / rest[self._at_x]
        slopes = np.array(
            [
                np.sum(weight * slope_r) * r,
                np.sum(weight * (r / alpha - power * mixed)) * alpha,
                np.sum(weight * slope_a) * a,
                np.sum(weight * slope_b) * b,
            ]
        )
        return -float(value), -slopes
