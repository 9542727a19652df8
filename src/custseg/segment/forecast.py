"""Expected purchases, checked on a holdout before anyone believes them.

A model that adds nothing to the naive rate (see :mod:`custseg.segment.holdout`) is called that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pyarrow as pa

from custseg.errors import InputError, UsageError
from custseg.segment.bgnbd import BgNbd
from custseg.segment.gamma_gamma import GammaGamma, fit_gamma_gamma
from custseg.segment.history import DAYS, Unit, distinct, purchase_history
from custseg.segment.holdout import LEAST_REPEATERS, Holdout, calibrated, check, split_day
from custseg.segment.pareto_nbd import ParetoNbd
from custseg.segment.purchase_models import ModelName, fit_model, is_degenerate
from custseg.segment.threads import single_thread
from custseg.segment.timelines import Timelines

FORECASTS: Final = ("alive", "expected_purchases", "expected_value", "buys_within")
"""Columns of a forecast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSettings:
    """How purchases are forecast.

    Attributes
    ----------
    horizon
        Days to look ahead.
    model
        Which model of repeat purchases.
    unit
        Of the model's times.
    holdout_from
        First day of the holdout; None sets the last quarter of the time apart.
    """

    horizon: int = 90
    model: ModelName = "bg-nbd"
    unit: Unit = "days"
    holdout_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Models fitted to everything seen, forecasts by customer, and the holdout.

    Attributes
    ----------
    table
        ``alive``, ``expected_purchases`` and ``expected_value`` within the horizon,
        ``buys_within`` (calibrated probability); a customer a row, in the order of all.
    model, spend
        Fitted to all of the history.
    settings
        How it was made.
    repeaters, repeat_purchases
        Customers who came back, and their purchases after the first.
    holdout
        None where the history is too short.
    degenerate
        Whether the model says that nobody ever leaves: it adds nothing to a rate.
    """

    table: pa.Table
    model: BgNbd | ParetoNbd
    spend: GammaGamma
    settings: ForecastSettings
    repeaters: int
    repeat_purchases: int
    holdout: Holdout | None
    degenerate: bool

    @property
    def calibrated(self) -> bool:
        """Whether the holdout was long enough to correct the probability to buy."""
        return is_calibrated(self.holdout, self.settings.horizon)


def forecast(orders: Timelines, as_of: date, settings: ForecastSettings | None = None) -> Forecast:
    """Forecast purchases and value of every customer.

    Parameters
    ----------
    orders
        Of all customers.
    as_of
        The day to look ahead from; the history ends the day before, or with orders of the day.
    settings
        How.

    Raises
    ------
    InputError
        If too few customers ever came back.
    UsageError
        If the holdout would begin before the first order, or after the last day.
    """
    settings = settings or ForecastSettings()
    horizon, unit = settings.horizon, settings.unit
    first, last = orders.span
    seen_until = max(as_of - timedelta(days=1), last)
    end = _calibration_end(first, seen_until, settings)
    history = purchase_history(orders, seen_until)
    repeaters = int((history.x > 0).sum())
    if repeaters < LEAST_REPEATERS:
        raise InputError("segment.few_repeaters", repeaters=repeaters, least=LEAST_REPEATERS)
    seen = distinct(history, unit)
    ahead = horizon / DAYS[unit]
    with single_thread():
        model = fit_model(settings.model, seen)
        spend = fit_gamma_gamma(history.x.astype(float), history.mean_value)
        holdout = check(orders, end, seen_until, horizon, unit, settings.model)
    purchases = model.expected(seen, ahead)[seen.place]
    value = spend.expected(history.x.astype(float), history.mean_value)
    chance = model.buys_within(seen, ahead)[seen.place]
    if holdout is not None and is_calibrated(holdout, horizon):
        chance = calibrated(chance, holdout.reliability)
    alive = model.alive(seen)
    return Forecast(
        table=pa.table(
            dict(
                zip(
                    FORECASTS,
                    (alive[seen.place], purchases, purchases * value, chance),
                    strict=True,
                )
            )
        ),
        model=model,
        spend=spend,
        settings=settings,
        repeaters=repeaters,
        repeat_purchases=int(history.x.sum()),
        holdout=holdout,
        degenerate=is_degenerate(model, seen),
    )


def is_calibrated(holdout: Holdout | None, horizon: int) -> bool:
    """Whether a holdout tells about the whole of the horizon, at more than one probability."""
    return holdout is not None and holdout.days >= horizon and len(holdout.reliability) > 1


def _calibration_end(first: date, until: date, settings: ForecastSettings) -> date:
    if settings.holdout_from is None:
        return split_day(first, until, settings.horizon)
    if not first < settings.holdout_from <= until:
        raise UsageError(
            "segment.holdout_from",
            day=settings.holdout_from.isoformat(),
            first=first.isoformat(),
            last=until.isoformat(),
        )
    return settings.holdout_from - timedelta(days=1)
