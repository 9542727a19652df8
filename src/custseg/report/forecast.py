"""What a report says of expected purchases: how many, how good that is, and what it cannot say."""

from __future__ import annotations

from custseg.report.html.speaker import Speaker, masked
from custseg.report.model import Block, Column, Date, Figure, Item, Lines, Table, Words
from custseg.segment.holdout import MOST_X, Holdout, HoldoutMoney, HoldoutRow
from custseg.segment.summary import ForecastSummary

_NAMES = {"bg-nbd": "BG/NBD", "pareto-nbd": "Pareto/NBD"}


def forecast_lines(forecast: ForecastSummary) -> list[tuple[Item, Item]]:
    """Purchases to be expected, what the holdout said of such a forecast, and who is called active.

    The first line has the label.
    """
    key = "report.forecast_nothing" if forecast.adds_nothing else "report.forecast_line"
    expected = Words(
        key,
        {
            "days": Figure(forecast.horizon),
            "purchases": Figure(forecast.purchases),
            "value": Figure(forecast.value, "money"),
        },
    )
    rows: list[tuple[Item, Item]] = [(Words("report.forecast"), expected)]
    rows.append(("", _checked(forecast.holdout)))
    if forecast.holdout is not None and (money := forecast.holdout.money) is not None:
        rows.append(("", _money_checked(money)))
    if not forecast.calibrated:
        rows.append(("", Words("forecast.uncalibrated", {"days": Figure(forecast.horizon)})))
    once = forecast.customers - forecast.repeaters
    if once and forecast.model == "bg-nbd":
        rows.append(("", Words("forecast.once", {"customers": Figure(once, "people")})))
    return rows


def _checked(holdout: Holdout | None) -> Item:
    if holdout is None:
        return Words("forecast.unchecked")
    return Words(
        "forecast.checked",
        {
            "first": Date(holdout.first),
            "last": Date(holdout.until),
            "actual": Figure(holdout.actual),
            "expected": Figure(holdout.expected),
            "naive": Figure(holdout.naive),
            "error": f"{holdout.error:.2f}",
            "naive_error": f"{holdout.naive_error:.2f}",
        },
    )


def _money_checked(money: HoldoutMoney) -> Item:
    return Words(
        "forecast.money_checked",
        {
            "actual": Figure(money.actual, "money"),
            "expected": Figure(money.expected, "money"),
            "naive": Figure(money.naive, "money"),
            "error": Figure(money.error, "price"),
            "naive_error": Figure(money.naive_error, "price"),
        },
    )


def forecast_blocks(forecast: ForecastSummary, speaker: Speaker) -> list[Block]:
    """Give the lines, the model in numbers, and the tables of the check."""
    lines = Lines((*forecast_lines(forecast), *_models(forecast)))
    return [lines, *_check_tables(forecast.holdout, speaker)]


def _models(forecast: ForecastSummary) -> list[tuple[Item, Item]]:
    """The parameters, in the unit of their times."""
    spend = ("p", "q", "gamma")
    model = [name for name in forecast.parameters if name not in spend]
    rows: list[tuple[Item, Item]] = []
    for name, parts, fit in (
        (_NAMES[forecast.model], model, forecast.log_likelihood),
        ("Gamma-Gamma", spend, forecast.value_log_likelihood),
    ):
        numbers = " · ".join(f"{part} {_digits(forecast.parameters[part])}" for part in parts)
        line: dict[str, Item] = {"model": name, "parameters": numbers, "fit": f"{fit:,.2f}"}
        rows.append(("", Words("forecast.model", line)))
    unit: dict[str, Item] = {"unit": Words(f"forecast.unit.{forecast.unit}")}
    rows.append(("", Words("forecast.in_unit", unit)))
    return rows


def _digits(value: float) -> str:
    """Four digits, or the whole part of what is larger."""
    return f"{value:,.0f}" if 1e4 <= value < 1e15 else f"{value:.4g}"


def _check_tables(holdout: Holdout | None, speaker: Speaker) -> list[Table]:
    """Give the check of the forecasts, by groups large enough to be told."""
    if holdout is None:
        return []
    by_rows = [row.customers for row in holdout.rows]
    by_chance = [row.customers for row in holdout.reliability]
    return [
        masked(
            _by_purchases(holdout), by_rows, speaker, [("back", str(x.x)) for x in holdout.rows]
        ),
        masked(
            _by_chance(holdout),
            by_chance,
            speaker,
            [("chance", str(at)) for at in range(len(by_chance))],
        ),
    ]


def _by_purchases(holdout: Holdout) -> Table:
    """Purchases of the holdout by how often customers had come back; customers in second place."""
    return Table(
        columns=(
            Column(Words("forecast.came_back")),
            Column(Words("report.customers"), right=True),
            Column(Words("forecast.happened"), right=True),
            Column(Words("forecast.expected"), right=True),
            Column(Words("forecast.naive"), right=True),
        ),
        rows=tuple(_row(row) for row in holdout.rows),
        note=Words("forecast.holdout_note"),
    )


def _row(row: HoldoutRow) -> tuple[Item, ...]:
    times = Words("forecast.or_more", {"times": f"{row.x}"}) if row.x == MOST_X else f"{row.x}"
    means = (row.actual, row.expected, row.naive)
    return (
        times,
        Figure(row.customers, "people"),
        *(Figure(round(mean, 3), "number") for mean in means),
    )


def _by_chance(holdout: Holdout) -> Table:
    """How often what was forecast came true; customers in second place."""
    return Table(
        columns=(
            Column(Words("forecast.probability")),
            Column(Words("report.customers"), right=True),
            Column(Words("forecast.bought"), right=True),
        ),
        rows=tuple(
            (
                Figure(row.predicted, "share"),
                Figure(row.customers, "people"),
                Figure(row.observed, "share", of=round(row.observed * row.customers)),
            )
            for row in holdout.reliability
        ),
        note=Words("forecast.reliability_note", {"days": Figure(holdout.days)}),
    )
