"""Words of expected purchases, and of how good they were."""

MESSAGES = {
    "forecast.checked": "checked on {first} – {last}: {actual} purchases, expected {expected} (plain rate {naive}); mean error a customer {error} (plain rate {naive_error})",
    "forecast.money_checked": "their money: {actual}, expected {expected} (plain rate {naive}); mean error a customer {error} (plain rate {naive_error})",
    "forecast.unchecked": "not checked: too few customers had come back early enough, so nobody knows how good it is",
    "forecast.uncalibrated": "the probability to buy is that of the model as it stands: no check as long as {days} days",
    "forecast.once": "{customers} customers bought on one day only: this model gives them P(alive) = 1, however long ago that was. It says nothing about them; --purchase-model pareto-nbd does",
    "forecast.model": "{model}: {parameters} (log-likelihood {fit})",
    "forecast.in_unit": "times in {unit}",
    "forecast.unit.days": "days",
    "forecast.unit.weeks": "weeks",
    "forecast.came_back": "came back before",
    "forecast.or_more": "{times} or more",
    "forecast.happened": "bought, mean",
    "forecast.expected": "expected",
    "forecast.naive": "plain rate",
    "forecast.holdout_note": "Purchases a customer in the time set apart. The plain rate is purchases so far per day, times the days; in money, times what a purchase of theirs was worth.",
    "forecast.probability": "forecast chance",
    "forecast.bought": "bought",
    "forecast.reliability_note": "Tenths of the customers by their chance to buy within {days} days, as the model saw it before the time set apart, and the share that did. The column buys_within is corrected by it.",
    "segment.holdout_from": (
        "No holdout can begin on {day}: the orders seen run from {first} to {last}.",
        "Give a day after the first and up to the last: --holdout-from YYYY-MM-DD.",
    ),
}
