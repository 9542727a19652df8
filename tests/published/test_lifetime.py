"""Purchases to be expected: what is published for CDNOW's sample, through the command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Any]

ACTUAL = (0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359)
BG_NBD = (0.2251, 0.5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040, 6.1570)


def customer_of_the_paper(run: Any) -> dict[str, Any]:
    """The customer with x 26, t_x 30.857 and T 31: 216 of 217 days, on 27 of them."""
    span = ("1997-02-25", "1997-09-29")
    found = [
        row
        for row in run.table("scores")
        if (str(row["first_order"]), str(row["last_order"])) == span
    ]
    return max(found, key=lambda row: int(row["frequency"]))


def test_bg_nbd_of_cdnow(cdnow_calibration: Any) -> None:
    found = cdnow_calibration.summary["forecast"]
    assert (found["customers"], found["repeaters"], found["repeat_purchases"]) == (
        2_357,
        946,
        2_457,
    )
    days = [
        (date.fromisoformat(f"{row['first_order']}"), date.fromisoformat(f"{row['last_order']}"))
        for row in cdnow_calibration.table("scores")
    ]
    end = date(1997, 9, 30)
    assert sum((last - first).days for first, last in days) / 7 == pytest.approx(
        16_135.57, abs=0.005
    )
    assert sum((end - first).days for first, _ in days) / 7 == pytest.approx(77_111.29, abs=0.005)
    assert (found["model"], found["unit"], found["degenerate"]) == ("bg-nbd", "weeks", False)
    assert [found["parameters"][name] for name in ("r", "alpha", "a", "b")] == pytest.approx(
        [0.2426, 4.4135, 0.7929, 2.4258], abs=5e-4
    )
    assert found["log_likelihood"] == pytest.approx(-9582.43, abs=0.01)


def test_pareto_nbd_of_cdnow(cdnow_pareto: Any) -> None:
    """The maximum has a beta of 11.66862; what is published, 11.668, was cut there."""
    found = cdnow_pareto.summary["forecast"]
    assert found["model"] == "pareto-nbd"
    assert [found["parameters"][name] for name in ("r", "s")] == pytest.approx(
        [0.5533, 0.6062], abs=5e-5
    )
    assert [found["parameters"][name] for name in ("alpha", "beta")] == pytest.approx(
        [10.578, 11.6686], abs=4e-4
    )
    assert found["log_likelihood"] == pytest.approx(-9594.97, abs=0.01)


def test_gamma_gamma_of_cdnow(cdnow_calibration: Any, cdnow_file: Path) -> None:
    """The published values lie beside the maximum, which is nearly flat: ours is no lower."""
    found = cdnow_calibration.summary["forecast"]
    ours = [found["parameters"][name] for name in ("p", "q", "gamma")]
    published = [6.249, 3.745, 15.448]
    assert ours == pytest.approx(published, rel=3e-4)
    repeats = repeat_purchases(cdnow_file, date(1997, 9, 30))
    theirs, best = (gamma_gamma_log_likelihood(repeats, *each) for each in (published, ours))
    assert theirs == pytest.approx(-4055.92, abs=0.005)
    assert best >= theirs
    assert found["value_log_likelihood"] == pytest.approx(best, abs=1e-6)


def repeat_purchases(file: Path, end: date) -> list[tuple[int, float]]:
    """Of each customer who came back by a day: days with orders after the first, mean money."""
    bought: dict[str, dict[date, float]] = {}
    for line in file.read_text().splitlines()[1:]:
        who, text, money = line.split(",")
        day = date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}")
        if day <= end:
            days = bought.setdefault(who, {})
            days[day] = days.get(day, 0.0) + float(money)
    later = [[days[day] for day in sorted(days)[1:]] for days in bought.values()]
    return [(len(values), sum(values) / len(values)) for values in later if values]


def gamma_gamma_log_likelihood(
    repeats: list[tuple[int, float]], p: float, q: float, gamma: float
) -> float:
    """As Fader and Hardie write it (2013, equation 1a), customer by customer."""
    from math import lgamma, log

    return sum(
        lgamma(p * x + q)
        - lgamma(p * x)
        - lgamma(q)
        + q * log(gamma)
        + (p * x - 1) * log(mean)
        + p * x * log(x)
        - (p * x + q) * log(gamma + x * mean)
        for x, mean in repeats
        if mean > 0
    )


def test_one_customer_of_the_paper(cdnow_calibration: Any, cdnow_pareto: Any) -> None:
    easy, pareto = (customer_of_the_paper(run) for run in (cdnow_calibration, cdnow_pareto))
    assert float(easy["expected_purchases"]) == pytest.approx(25.7566, abs=1e-3)
    assert float(easy["alive"]) == pytest.approx(0.9688523, abs=2e-6)
    assert float(pareto["expected_purchases"]) == pytest.approx(25.4565, abs=2e-3)
    assert float(pareto["alive"]) == pytest.approx(0.997874, abs=4e-6)


def test_the_holdout_of_cdnow(cdnow: Any) -> None:
    holdout = cdnow.summary["forecast"]["holdout"]
    assert (holdout["end"], holdout["until"], holdout["actual"]) == (
        "1997-09-30",
        "1998-06-30",
        1_882,
    )
    rows = holdout["rows"]
    assert [row["actual"] for row in rows] == pytest.approx(ACTUAL, abs=5e-4)
    assert [row["expected"] for row in rows] == pytest.approx(BG_NBD, abs=2e-4)
    assert sum(row["customers"] for row in rows) == 2_357
    assert holdout["error"] < holdout["naive_error"]
    words = "1 Oct 1997 – 30 Jun 1998: 1,882 purchases, expected 1,653 (plain rate 2,930)"
    assert words in cdnow.shown


def test_money_of_the_holdout_stands_beside_the_naive_rate(cdnow: Any, cdnow_file: Path) -> None:
    """What came after 1997-09-30, and what the repeat purchases until then would give."""
    found = cdnow.summary["forecast"]["holdout"]["money"]
    end, until = date(1997, 9, 30), date(1998, 6, 30)
    spent, firsts, repeats = 0.0, {}, {}
    for line in sorted(cdnow_file.read_text().splitlines()[1:]):
        who, text, money = line.split(",")
        day = date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}")
        firsts.setdefault(who, day)
        if firsts[who] < day <= end:
            repeats[who] = repeats.get(who, 0.0) + float(money)
        spent += float(money) if end < day <= until else 0.0
    assert found["actual"] == pytest.approx(spent)
    plain = sum(
        money / (end - firsts[who]).days * (until - end).days for who, money in repeats.items()
    )
    assert found["naive"] == pytest.approx(plain)
    assert found["error"] < found["naive_error"]
    numbers = (spent, found["expected"], plain)
    words = "their money: {:,.0f}, expected {:,.0f} (plain rate {:,.0f})".format(*numbers)
    assert words in cdnow.shown


def test_days_and_weeks_are_the_same_model(make: Make, cdnow: Any, cdnow_file: Path) -> None:
    days = make(
        *("segment", "--orders", cdnow_file, "--free-orders", "--k", "none"),
        *("--holdout-from", "1997-10-01"),
    )
    ours, theirs = days.summary["forecast"]["parameters"], cdnow.summary["forecast"]["parameters"]
    for name in ("r", "a", "b", "p", "q", "gamma"):
        assert ours[name] == pytest.approx(theirs[name], rel=2e-3)
    assert ours["alpha"] == pytest.approx(7 * theirs["alpha"], rel=2e-3)
    assert days.summary["forecast"]["unit"] == "days"


@pytest.mark.parametrize("name", ["retail", "cdnow"])
def test_the_chance_to_buy_is_calibrated(name: str, request: pytest.FixtureRequest) -> None:
    """Tenths of the customers by forecast chance; the corrected chance is what they did."""
    run = request.getfixturevalue(name)
    found = run.summary["forecast"]
    holdout = found["holdout"]
    assert found["calibrated"]
    assert holdout["days"] == found["horizon"] == 90
    rows = holdout["reliability"]
    assert len(rows) >= 5
    predicted = [row["predicted"] for row in rows]
    assert predicted == sorted(predicted)
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "Tenths of the customers by their chance to buy within 90 days" in page
    chances = [float(row["buys_within"]) for row in run.table("scores")]
    assert all(0 <= chance <= 1 for chance in chances)
    low, high = min(row["observed"] for row in rows), max(row["observed"] for row in rows)
    assert min(chances) < max(high, 0.5)
    assert max(chances) > low


def test_online_retail_is_said_to_gain_nothing_from_the_model(retail: Any) -> None:
    found = retail.summary["forecast"]
    assert found["parameters"]["a"] == pytest.approx(0.0034, abs=5e-5)
    assert found["alive"] == pytest.approx(0.999, abs=5e-4)
    assert found["degenerate"]
    assert found["adds_nothing"]
    assert "the model adds nothing to the plain rate here" in retail.shown
    assert "segment.warn.forecast" in {each["key"] for each in retail.summary["warnings"]}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_who_bought_once_is_said_to_be_alive_by_definition(
    make: Make, lang: str, cdnow_file: Path
) -> None:
    words = {"en": "P(alive) = 1", "ja": "継続確率が 1 になります"}[lang]
    run = make("segment", "--orders", cdnow_file, "--k", "none", "--free-orders", lang=lang)
    assert words in run.shown.replace(" ", "") or words in run.shown
    assert words in (run.folder / "report.html").read_text(encoding="utf-8")
    once = [row for row in run.table("scores") if row["first_order"] == row["last_order"]]
    assert {float(row["alive"]) for row in once} == {1.0}
    pareto = make(
        *("segment", "--orders", cdnow_file, "--k", "none", "--free-orders"),
        *("--purchase-model", "pareto-nbd"),
        lang=lang,
    )
    assert words not in pareto.shown
    once = [row for row in pareto.table("scores") if row["first_order"] == row["last_order"]]
    assert max(float(row["alive"]) for row in once) < 0.5


def orders(path: Path, days: dict[str, list[str]]) -> Path:
    rows = [f"{who},{day},10" for who, bought in days.items() for day in bought]
    path.write_text("\n".join(["customer_id,order_date,amount", *rows, ""]), encoding="utf-8")
    return path


def test_where_everyone_bought_once_there_is_no_forecast_and_it_is_said(
    make: Make, tmp_path: Path
) -> None:
    once = {f"c{n}": [f"2025-{n % 6 + 1:02}-{n % 28 + 1:02}"] for n in range(300)}
    run = make("segment", "--orders", orders(tmp_path / "once.csv", once))
    assert run.summary["forecast"] is None
    assert "No forecast of purchases: only 0 customers" in run.shown
    assert "alive" not in run.table("scores")[0]


def test_three_customers_are_too_few_for_a_forecast(make: Make, tmp_path: Path) -> None:
    three = {who: ["2025-01-01", "2025-02-01", "2025-03-01"] for who in "abc"}
    run = make("segment", "--orders", orders(tmp_path / "three.csv", three))
    assert run.summary["forecast"] is None
    assert "only 3 customers" in run.shown


@pytest.mark.parametrize("model", ["bg-nbd", "pareto-nbd"])
def test_where_everyone_buys_every_day_the_model_is_said_to_add_nothing(
    make: Make, tmp_path: Path, model: str
) -> None:
    daily = {f"c{n}": [f"2025-01-{day:02}" for day in range(1, 32)] for n in range(60)}
    path = orders(tmp_path / "daily.csv", daily)
    run = make("segment", "--orders", path, "--horizon", "5", "--purchase-model", model)
    found = run.summary["forecast"]
    assert found["degenerate"]
    assert found["adds_nothing"]
    assert "the model adds nothing to the plain rate here" in run.shown
    assert all(0 <= float(row["buys_within"]) <= 1 for row in run.table("scores"))


def test_a_short_history_is_not_called_checked(make: Make, tmp_path: Path) -> None:
    """Forty who all came back on the last day: none had by the day the check would begin."""
    late = {f"c{n}": ["2025-01-01", "2025-01-30"] for n in range(40)}
    run = make("segment", "--orders", orders(tmp_path / "late.csv", late))
    found = run.summary["forecast"]
    assert found["holdout"] is None
    assert not found["calibrated"]
    assert "not checked: too few customers had come back early enough" in run.shown


def test_a_holdout_shorter_than_the_horizon_corrects_no_chance(cdnow_pareto: Any) -> None:
    found = cdnow_pareto.summary["forecast"]
    assert found["holdout"]["days"] < found["horizon"] == 364
    assert not found["calibrated"]
    assert "no check as long as 364 days" in cdnow_pareto.shown
