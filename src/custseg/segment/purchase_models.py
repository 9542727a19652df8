"""The models of repeat purchases by name, and what each of them can be asked."""

from __future__ import annotations

from typing import Final, Literal, Protocol

import numpy as np

from custseg.segment.bgnbd import BgNbd, fit_bgnbd
from custseg.segment.history import Distinct
from custseg.segment.pareto_nbd import ParetoNbd, fit_pareto_nbd
from custseg.segment.rfm import Floats

ModelName = Literal["bg-nbd", "pareto-nbd"]

_ALWAYS_ALIVE: Final = 0.995
_NO_DROPOUT: Final = 0.02


class PurchaseModel(Protocol):
    """A fitted model; times are in the unit of the histories it was fitted to."""

    @property
    def log_likelihood(self) -> float:
        """Of the histories it was fitted to."""

    def alive(self, seen: Distinct) -> Floats:
        """Probability that a customer is still active."""

    def expected(self, seen: Distinct, time: float) -> Floats:
        """Expected purchases in the next `time`."""

    def buys_within(self, seen: Distinct, time: float) -> Floats:
        """Probability of at least one purchase in the next `time`."""


def fit_model(name: ModelName, seen: Distinct) -> BgNbd | ParetoNbd:
    """Fit the model of a name by maximum likelihood."""
    return fit_pareto_nbd(seen) if name == "pareto-nbd" else fit_bgnbd(seen)


def is_degenerate(model: PurchaseModel, seen: Distinct) -> bool:
    """Whether by this model hardly anyone ever leaves, so that it adds nothing to a rate."""
    alive = float(np.average(model.alive(seen), weights=seen.weight))
    stay = isinstance(model, BgNbd) and model.a / (model.a + model.b) < _NO_DROPOUT
    return alive > _ALWAYS_ALIVE or stay
