"""Pareto/NBD: as BG/NBD, but a customer may leave at any time, at a rate μ ~ Gamma(s, β).

Schmittlein, Morrison, Colombo, Management Science 33 (1987), 1-24; likelihood as in Fader and
Hardie, "A Note on Deriving the Pareto/NBD Model and Related Expressions" (2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from custseg.segment.history import Distinct
from custseg.segment.newton import sharpened
from custseg.segment.rfm import Floats

_NODES: Final = 32
"""Points of the quadrature over a probability between 0 and 1, which is smooth there."""

_IMPOSSIBLE: Final = 1e9
"""Stands where the likelihood cannot be told: the search turns back from there."""


@dataclass(frozen=True, slots=True)
class ParetoNbd:
    """A fitted model; times are in the unit of the histories it was fitted to.

    Attributes
    ----------
    r, alpha, s, beta
        Parameters.
    log_likelihood
        Of the histories it was fitted to.
    """

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float

    def alive(self, seen: Distinct) -> Floats:
        """Probability that a customer is still active."""
        parts = (self.r, self.alpha, self.s, self.beta)
        active, left = _log_parts(seen, *parts)
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(left - active))

    def expected(self, seen: Distinct, time: float) -> Floats:
        """Expected purchases in the next `time`."""
        s = self.s if abs(self.s - 1) > 1e-6 else 1 + 1e-6
        rate = (self.r + seen.x) * (self.beta + seen.age) / ((self.alpha + seen.age) * (s - 1))
        stays = ((self.beta + seen.age) / (self.beta + seen.age + time)) ** (s - 1)
        found: Floats = self.alive(seen) * rate * (1 - stays)
        return found

    def buys_within(self, seen: Distinct, time: float) -> Floats:
        """Probability of at least one purchase in the next `time`.

        Of who is active, the next purchase (at a rate λ ~ Gamma(r + x, α + T)) must come before
        they leave (at μ ~ Gamma(s, β + T)): the integral, over the share v of those who would
        not have bought yet, of who is still there.
        """
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        shape, scale, leaves = self.r + seen.x, self.alpha + seen.age, self.beta + seen.age
        least = (scale / (scale + time)) ** shape
        bought = np.zeros_like(scale)
        for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True):
            quiet = least + (1 - least) * (node + 1) / 2
            waited = scale * np.expm1(-np.log(quiet) / shape)
            bought += weight / 2 * (1 - least) * (leaves / (leaves + waited)) ** self.s
        found: Floats = self.alive(seen) * bought
        return found


def fit_pareto_nbd(seen: Distinct) -> ParetoNbd:
    """Fit by maximum likelihood."""
    from scipy.optimize import minimize
    from scipy.special import gammaln

    total = seen.weight.sum()
    scale = max(float(np.average(seen.age, weights=seen.weight)), 1e-9)

    def negative(logs: Floats) -> float:
        r, alpha, s, beta = np.exp(logs)
        # Far from any maximum the hypergeometric function overflows.
        with np.errstate(all="ignore"):
            active, left = _log_parts(seen, r, alpha, s, beta)
            base = gammaln(r + seen.x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
            value = -float(np.sum(seen.weight * (base + np.logaddexp(active, left))) / total)
        return value if np.isfinite(value) else _IMPOSSIBLE

    first = np.log([1.0, 0.5 * scale, 1.0, 0.5 * scale])
    found = minimize(
        negative,
        first,
        method="L-BFGS-B",
        bounds=[(-12.0, 12.0 + np.log(scale))] * 4,
        options={"maxiter": 500, "maxfun": 20_000, "ftol": 1e-13, "gtol": 1e-9},
    )
    logs = sharpened(negative, found.x)
    r, alpha, s, beta = np.exp(logs).tolist()
    return ParetoNbd(r, alpha, s, beta, -negative(logs) * float(total))


def _log_parts(
    seen: Distinct, r: float, alpha: float, s: float, beta: float
) -> tuple[Floats, Floats]:
    """Logarithms of the parts of the likelihood where the customer stays, and where they left."""
    from scipy.special import hyp2f1

    active = -(r + seen.x) * np.log(alpha + seen.age) - s * np.log(beta + seen.age)
    total = r + s + seen.x
    low, high = min(alpha, beta), max(alpha, beta)
    second = s + 1 if alpha >= beta else r + seen.x

    def term(time: Floats) -> Floats:
        # Euler's form of ₂F₁(total, second; total + 1; z): its own factor grows without bound.
        far, near = np.log(high + time), np.log(low + time)
        rest = hyp2f1(1.0, total + 1 - second, total + 1, -np.expm1(near - far))
        found: Floats = np.log(rest) + (1 - second) * (near - far) - total * far
        return found

    first, last = term(seen.tx), term(seen.age)
    with np.errstate(divide="ignore"):
        difference = first + np.log(-np.expm1(np.minimum(last - first, 0.0)))
    return active, np.log(s) - np.log(total) + difference
