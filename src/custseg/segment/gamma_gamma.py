"""Gamma-Gamma: what a customer's purchases are worth on average, drawn to the mean of all.

Fader, Hardie: "The Gamma-Gamma Model of Monetary Value" (2013). A purchase is worth
Gamma(p, ν), and ν differs between customers as Gamma(q, γ).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from custseg.segment.newton import sharpened
from custseg.segment.rfm import Floats


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """A fitted model.

    Attributes
    ----------
    p, q, gamma
        Parameters.
    log_likelihood
        Of the customers it was fitted to.
    """

    p: float
    q: float
    gamma: float
    log_likelihood: float

    def expected(self, x: Floats, mean_value: Floats) -> Floats:
        """Expected value of a purchase; without repeat purchases the mean of all customers."""
        seen = np.where(x > 0, x * np.nan_to_num(mean_value), 0.0)
        return self.p * (self.gamma + seen) / (self.p * x + self.q - 1)


_WORTH_NOTHING: Final = GammaGamma(p=1.0, q=2.0, gamma=0.0, log_likelihood=0.0)


def fit_gamma_gamma(x: Floats, mean_value: Floats) -> GammaGamma:
    """Fit by maximum likelihood; where no repeat purchase was worth anything, none will be.

    Parameters
    ----------
    x
        Repeat purchases; customers without any are not looked at.
    mean_value
        Mean value of the repeat purchases.
    """
    from scipy.optimize import minimize
    from scipy.special import gammaln

    used = (x > 0) & (mean_value > 0)
    if not used.any():
        return _WORTH_NOTHING
    count, value = x[used], mean_value[used]
    # Purchases are few different numbers: what follows from them alone is worked out once each.
    times, place = np.unique(count, return_inverse=True)
    log_value, log_count = np.log(value), np.log(count)

    def negative(logs: Floats) -> float:
        p, q, gamma = np.exp(logs)
        found = (gammaln(p * times + q) - gammaln(p * times) - gammaln(q))[place]
        found += q * np.log(gamma) + (p * count - 1) * log_value + p * count * log_count
        found -= (p * count + q) * np.log(gamma + count * value)
        return -float(found.mean())

    first = np.log([5.0, 3.0, max(float(np.median(value)), 1e-9)])
    found = minimize(
        negative,
        first,
        method="L-BFGS-B",
        bounds=[(-8.0, 14.0), (-8.0, 14.0), (-12.0, 30.0)],
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-9},
    )
    logs = sharpened(negative, found.x)
    p, q, gamma = np.exp(logs).tolist()
    return GammaGamma(p, q, gamma, -negative(logs) * len(count))
