"""Forecasts beside what happened: the last part of the observed time is set apart for it.

The model is fitted to what came before, and its forecasts stand beside the purchases that followed
and beside the naive rate (purchases so far per time, times the horizon).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from custseg.segment.gamma_gamma import fit_gamma_gamma
from custseg.segment.history import (
    DAYS,
    History,
    Unit,
    distinct,
    later_purchases,
    purchase_history,
)
from custseg.segment.purchase_models import ModelName, fit_model
from custseg.segment.rfm import Floats
from custseg.segment.timelines import Timelines

HOLDOUT_SHARE: Final = 0.25
"""Part of the observed time that is set apart."""

MOST_X: Final = 7
"""Histories with this many repeat purchases or more are shown together."""

LEAST_REPEATERS: Final = 30
"""Customers who came back, below which nothing is fitted."""

_RELIABILITY_BINS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldoutRow:
    """Mean purchases in the holdout of customers with `x` repeat purchases before it."""

    x: int
    customers: int
    actual: float
    expected: float
    naive: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityRow:
    """Customers with a like forecast: mean probability to buy, and the share that did."""

    customers: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldoutMoney:
    """Money of the holdout: what all customers spent, and what was expected of them.

    Attributes
    ----------
    actual, expected
        Of all customers.
    naive
        Money of the repeat purchases so far per day, times the days.
    error, naive_error
        Mean absolute error a customer, of the model and of the naive rate.
    """

    actual: float
    expected: float
    naive: float
    error: float
    naive_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdout:
    """How good the forecasts were.

    Attributes
    ----------
    end, until
        Last day of calibration, and of the holdout (ISO dates).
    rows
        By repeat purchases; the last row holds all with :data:`MOST_X` or more.
    actual, expected, naive
        Purchases of all customers in the holdout.
    error, naive_error
        Mean absolute error a customer, of the model and of the naive rate.
    reliability
        For buying within `days` days, by tenths of the forecast.
    days
        The horizon of `reliability`.
    money
        The same in money; None in summaries of earlier versions.
    """

    end: str
    until: str
    rows: tuple[HoldoutRow, ...]
    actual: int
    expected: float
    naive: float
    error: float
    naive_error: float
    days: int
    reliability: tuple[ReliabilityRow, ...]
    money: HoldoutMoney | None = None

    @property
    def first(self) -> str:
        """First day of the holdout (ISO date)."""
        return (date.fromisoformat(self.end) + timedelta(days=1)).isoformat()


def split_day(first: date, until: date, horizon: int) -> date:
    """Last day of calibration: a quarter of the time since `first` stays for the holdout.

    Where that is shorter than the `horizon` that forecasts look ahead, the holdout is as long as
    the horizon, up to half of the time: else nothing could be said about the horizon.
    """
    seen = (until - first).days
    return until - timedelta(days=max(int(seen * HOLDOUT_SHARE), min(horizon, seen // 2)))


def check(
    orders: Timelines,
    end: date,
    until: date,
    days: int,
    unit: Unit,
    name: ModelName = "bg-nbd",
) -> Holdout | None:
    """Fit to the history up to `end`, and compare with what came after, up to `until`.

    Parameters
    ----------
    days
        Horizon of the reliability table; cut to the length of the holdout.
    name
        The model that is fitted.

    Returns
    -------
    Holdout or None
        None where fewer than 30 customers had come back by `end`.
    """
    history = purchase_history(orders, end)
    length = (until - end).days
    if length < 1 or int((history.x > 0).sum()) < LEAST_REPEATERS:
        return None
    seen = distinct(history, unit)
    model = fit_model(name, seen)
    later = later_purchases(orders, history, end, until)
    actual = later.purchases
    expected = model.expected(seen, length / DAYS[unit])[seen.place]
    naive = history.x / np.maximum(history.age, 1) * length
    days = min(days, length)
    chance = model.buys_within(seen, days / DAYS[unit])[seen.place]
    return Holdout(
        end=end.isoformat(),
        until=until.isoformat(),
        rows=_rows(history, actual.astype(float), expected, naive),
        actual=int(actual.sum()),
        expected=float(expected.sum()),
        naive=float(naive.sum()),
        error=float(np.abs(expected - actual).mean()),
        naive_error=float(np.abs(naive - actual).mean()),
        days=days,
        reliability=_reliability(chance, later.wait <= days),
        money=_money(history, later.money, expected, naive),
    )


def calibrated(chance: Floats, reliability: Sequence[ReliabilityRow]) -> Floats:
    """Probabilities corrected by what the reliability table saw, kept in their order."""
    predicted = [row.predicted for row in reliability]
    observed = _rising([row.observed for row in reliability], [r.customers for r in reliability])
    corrected: Floats = np.interp(chance, [0.0, *predicted, 1.0], [0.0, *observed, 1.0])
    return corrected


def _money(history: History, actual: Floats, purchases: Floats, naive: Floats) -> HoldoutMoney:
    """Compare money with what the purchases expected are worth, by customers' own means so far."""
    spend = fit_gamma_gamma(history.x.astype(float), history.mean_value)
    expected = purchases * spend.expected(history.x.astype(float), history.mean_value)
    plain = naive * np.nan_to_num(history.mean_value)
    return HoldoutMoney(
        actual=float(actual.sum()),
        expected=float(expected.sum()),
        naive=float(plain.sum()),
        error=float(np.abs(expected - actual).mean()),
        naive_error=float(np.abs(plain - actual).mean()),
    )


def _rows(
    history: History, actual: Floats, expected: Floats, naive: Floats
) -> tuple[HoldoutRow, ...]:
    groups = np.minimum(history.x, MOST_X)
    rows = []
    for x in range(MOST_X + 1):
        inside = groups == x
        if inside.any():
            rows.append(
                HoldoutRow(
                    x=x,
                    customers=int(inside.sum()),
                    actual=float(actual[inside].mean()),
                    expected=float(expected[inside].mean()),
                    naive=float(naive[inside].mean()),
                )
            )
    return tuple(rows)


def _reliability(chance: Floats, bought: np.ndarray) -> tuple[ReliabilityRow, ...]:
    edges = np.unique(np.quantile(chance, np.arange(1, _RELIABILITY_BINS) / _RELIABILITY_BINS))
    groups = np.searchsorted(edges, chance, "left")
    rows = []
    for group in range(len(edges) + 1):
        inside = groups == group
        if inside.any():
            rows.append(
                ReliabilityRow(
                    customers=int(inside.sum()),
                    predicted=float(chance[inside].mean()),
                    observed=float(bought[inside].mean()),
                )
            )
    return tuple(rows)


def _rising(values: Sequence[float], weights: Sequence[int]) -> list[float]:
    """Nearest values that never fall (pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pools.append((value, float(weight), 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (v1, w1, n1), (v2, w2, n2) = pools[-2], pools[-1]
            pools[-2:] = [((v1 * w1 + v2 * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    return [value for value, _, number in pools for _ in range(number)]
