"""Look-alikes: customers outside the top segment who began as its customers did.

The top segment is the one whose codes are worth most (:func:`custseg.segment.migration.worths`).
It is defined by recency, frequency and money, so nothing that follows from them may tell who is
alike, else the list would be those who nearly are in it: only what was known at the first order
counts (its money and lines, channel, campaign, store) and who the customer is (gender, age band,
prefecture). Numbers are log(1 + x) brought to mean 0 and deviation 1; of a word, each level is a
coordinate, so that two customers who differ in it lie one deviation apart.

How near a customer is to the top segment is measured along what sets its customers apart from all
others (logistic regression, ridge penalty): plain distance would count what tells nothing as much
as what does, and put those first who are like most customers. Whether the list is worth anything
is measured: picked the same way a period ago, how many were in the top segment by now, and how
many of the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.segment.choice import Labels, sample
from custseg.segment.dimensions import FIXED, UNKNOWN, attributes
from custseg.segment.exact_money import floats
from custseg.segment.features import fit_scale
from custseg.segment.inference import Z95
from custseg.segment.rfm import Floats
from custseg.segment.threads import single_thread
from custseg.segment.timelines import Timelines

Flags = npt.NDArray[np.bool_]

LEAST: Final = 101
"""Customers in the top segment, and on a list whose worth is measured."""

PENALTY: Final = 1.0
"""Of the squares of the coefficients, halved, beside the log-likelihood."""

_SAMPLE: Final = 20_000
"""Customers of each kind that the regression sees at most."""

_SEED: Final = 0
_PLACES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class LookalikesCheck:
    """How a list picked the same way a period ago turned out.

    Attributes
    ----------
    picked, became
        Customers picked then, and those of them in the top segment now.
    others, others_became
        The other candidates of then.
    """

    day: str
    picked: int
    became: int
    others: int
    others_became: int

    @property
    def better(self) -> bool:
        """Whether more of the list made it than of the others, beyond chance (at 5 %)."""
        share, others = self.became / self.picked, self.others_became / self.others
        all_of_them = (self.became + self.others_became) / (self.picked + self.others)
        error = all_of_them * (1 - all_of_them) * (1 / self.picked + 1 / self.others)
        return share - others > Z95 * math.sqrt(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookalikesSummary:
    """Customers who began as those of the top segment did.

    Attributes
    ----------
    segment
        The top segment.
    file
        Name of the list, without ending.
    features
        By what customers were compared.
    candidates, customers
        Customers outside the top segment, and those most like its customers.
    check
        None where the list, or the top segment, had fewer than 101 customers then.
    """

    segment: str
    file: str
    features: tuple[str, ...]
    candidates: int
    customers: int
    check: LookalikesCheck | None = None


def beginnings(orders: Timelines, known: pa.Table) -> tuple[Floats, tuple[str, ...]]:
    """Coordinates of customers by what was known at the first order, and the features used.

    Parameters
    ----------
    known
        All that is known of each customer, sorted by id as the orders' customers are.
    """
    numbers = {
        "first_amount": orders.gathered((e.place, floats(e.first_amount)) for e in orders),
        "first_lines": orders.gathered((e.place, e.first_lines) for e in orders),
    }
    numbers = {name: values for name, values in numbers.items() if np.ptp(values) > 0}
    parts = []
    if numbers:
        values = np.column_stack(list(numbers.values()))
        parts.append(fit_scale(values, tuple(numbers)).apply(values))
    words = attributes(known, (), FIXED)
    for each in words:
        inside = each.now != UNKNOWN
        levels = np.zeros((len(each.now), len(each.levels)))
        levels[np.flatnonzero(inside), each.now[inside]] = np.sqrt(0.5)
        parts.append(levels)
    names = (*numbers, *(each.name for each in words))
    return np.hstack(parts) if parts else np.empty((len(orders), 0)), names


def likeness(points: Floats, top: Flags, candidates: Flags) -> Floats:
    """How likely each candidate is to be in the top segment, by how they began.

    Parameters
    ----------
    points
        Coordinates of all customers.
    top, candidates
        Who is in the top segment, and who may be like them; the others are not looked at.

    Returns
    -------
    numpy.ndarray
        Probabilities, of 6 places, one a candidate.
    """
    from scipy.special import expit
    from sklearn.linear_model import LogisticRegression

    inside, outside = np.flatnonzero(top), np.flatnonzero(candidates)
    seen, others = (rows[sample(len(rows), _SAMPLE, _SEED)] for rows in (inside, outside))
    model = LogisticRegression(C=1 / PENALTY, tol=1e-6, max_iter=1_000)
    with single_thread():
        model.fit(
            points[np.concatenate([seen, others])], np.repeat([1, 0], [len(seen), len(others)])
        )
        odds = model.decision_function(points[outside])
    # Samples of other sizes than the segments move the odds of everyone alike.
    odds += np.log(len(inside) / len(seen)) - np.log(len(outside) / len(others))
    # Rounded, so that the order of additions decides nothing.
    found: Floats = expit(odds).round(_PLACES)
    return found


def most_alike(points: Floats, top: Flags, candidates: Flags, size: int) -> tuple[Labels, Floats]:
    """The `size` candidates most like the customers of `top`, the likest first, and how like.

    Of equally like ones the first in the order of the points.
    """
    found = likeness(points, top, candidates)
    order = np.argsort(-found, kind="stable")[:size]
    return np.flatnonzero(candidates)[order], found[order]


def check_list(
    points: Floats, then: tuple[Flags, Flags], now: Flags, size: int, day: str
) -> LookalikesCheck | None:
    """See how a list picked the same way turned out.

    Parameters
    ----------
    then
        Who was in the top segment at `day`, and who was there but outside it.
    now
        Who is in it today.
    """
    top, outside = then
    if min(int(top.sum()), size, int(outside.sum()) - size) < LEAST:
        return None
    picked = np.zeros(len(now), dtype=bool)
    picked[most_alike(points, top, outside, size)[0]] = True
    others = outside & ~picked
    return LookalikesCheck(
        day=day,
        picked=int(np.count_nonzero(picked)),
        became=int(np.count_nonzero(picked & now)),
        others=int(np.count_nonzero(others)),
        others_became=int(np.count_nonzero(others & now)),
    )
