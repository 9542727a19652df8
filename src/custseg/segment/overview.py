"""Tables, forecast and rules of a segmentation, as its report shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.segment.concentration import abc_classes, deciles, gini
from custseg.segment.contacts import Mask
from custseg.segment.cpm import CpmSummary
from custseg.segment.forecast import Forecast
from custseg.segment.maps import slugs
from custseg.segment.nlr import nlr
from custseg.segment.orders import Orders
from custseg.segment.periods import cohorts, months
from custseg.segment.profile import joined
from custseg.segment.repeat import repeat_summary
from custseg.segment.rfm import Customers
from custseg.segment.rules import Rule, overlaps
from custseg.segment.summary import (
    AbcRow,
    ForecastSummary,
    RuleRow,
    RulesSummary,
    TablesSummary,
)

_PLACES: Final = 6
"""Decimal places of forecasts: more would say nothing, and fill a spreadsheet."""


def describe_tables(
    orders: Orders, customers: Customers, *, lapsed: int, portfolio: CpmSummary
) -> TablesSummary:
    """Deciles, ABC classes, months, cohorts, repeat purchases; who came and who lapsed.

    Parameters
    ----------
    lapsed
        Days without an order after which a customer has lapsed.
    portfolio
        Customers by stage, as :func:`custseg.segment.cpm.describe_cpm` counts them.
    """
    classes = abc_classes(customers)
    return TablesSummary(
        deciles=deciles(customers),
        gini=gini(customers.monetary),
        abc=tuple(
            AbcRow(
                name=name,
                customers=int(np.count_nonzero(classes == index)),
                money=round(float(customers.monetary[classes == index].sum()), 4),
            )
            for index, name in enumerate("ABC")
        ),
        months=months(orders.timelines, orders.as_of),
        cohorts=cohorts(orders.timelines, orders.as_of),
        repeat=repeat_summary(orders.timelines, orders.as_of),
        nlr=nlr(orders.timelines, orders.as_of, lapsed),
        cpm=portfolio,
    )


def describe_forecast(found: Forecast) -> ForecastSummary:
    """Totals of a forecast, its parameters, and how it did on the holdout."""
    holdout = found.holdout
    parameters = {**asdict(found.model), **asdict(found.spend)}
    del parameters["log_likelihood"]
    return ForecastSummary(
        horizon=found.settings.horizon,
        unit=found.settings.unit,
        model=found.settings.model,
        parameters=parameters,
        log_likelihood=found.model.log_likelihood,
        value_log_likelihood=found.spend.log_likelihood,
        customers=found.table.num_rows,
        repeaters=found.repeaters,
        repeat_purchases=found.repeat_purchases,
        purchases=float(pc.sum(found.table["expected_purchases"]).as_py()),
        value=float(pc.sum(found.table["expected_value"]).as_py()),
        alive=float(pc.mean(found.table["alive"]).as_py()),
        calibrated=found.calibrated,
        degenerate=found.degenerate,
        adds_nothing=found.degenerate
        or (holdout is not None and holdout.error >= holdout.naive_error),
        holdout=holdout,
    )


def describe_rules(
    customers: Customers,
    rules: Mapping[str, Rule],
    masks: Mapping[str, Mask],
    actions: Mapping[str, str],
) -> RulesSummary:
    """Sizes, money and overlap of segments by rule; `actions` are the user's own, by name."""
    files = slugs(rules)
    money = customers.monetary.sum()
    rows = []
    for name, rule in rules.items():
        spent = float(customers.monetary[masks[name]].sum())
        count = int(np.count_nonzero(masks[name]))
        rows.append(
            RuleRow(
                name=name,
                file=f"rules/{files[name]}",
                where=rule.text,
                customers=count,
                share=count / len(customers),
                money=round(spent, 4),
                money_share=spent / money if money else 0.0,
                action=actions.get(name, ""),
            )
        )
    return RulesSummary(rows=tuple(rows), overlaps=overlaps(masks))


def with_forecast(scores: pa.Table, found: Forecast) -> pa.Table:
    """Add the columns of a forecast to scores of the same customers, with six places."""
    for name in found.table.column_names:
        scores = scores.append_column(name, pc.round(found.table[name], _PLACES))
    return scores


def everything(scores: pa.Table, profile: pa.Table | None, customers: pa.Table | None) -> pa.Table:
    """Scores, then what the profile and the customers add to them, by customer."""
    for table in (profile, customers):
        if table is not None:
            scores = joined(scores, table)
    return scores
