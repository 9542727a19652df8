from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.errors import InputError
from custseg.segment.bgnbd import BgNbd, _Likelihood, fit_bgnbd
from custseg.segment.forecast import forecast
from custseg.segment.gamma_gamma import fit_gamma_gamma
from custseg.segment.history import (
    Distinct,
    History,
    distinct,
    later_purchases,
    purchase_history,
)
from custseg.segment.holdout import ReliabilityRow, calibrated, check, split_day
from custseg.segment.lines import LineSettings
from custseg.segment.orders import Orders, read_orders
from custseg.segment.pareto_nbd import ParetoNbd, fit_pareto_nbd
from custseg.segment.purchase_models import is_degenerate

END = date(1997, 9, 30)
UNTIL = date(1998, 6, 30)
WEEKS = 39.0


@pytest.fixture(scope="module")
def cdnow(engine: Engine, shared_data: Path) -> Orders:
    rows = [
        line.split()
        for line in (shared_data / "segment" / "CDNOW_sample.txt").read_text().splitlines()
    ]
    lines = pa.table(
        {"who": [r[1] for r in rows], "day": [r[2] for r in rows], "money": [r[4] for r in rows]}
    )
    columns = {"customer_id": "who", "order_date": "day", "amount": "money"}
    return read_orders(engine, lines, columns, settings=LineSettings(free=True))


@pytest.fixture(scope="module")
def history(engine: Engine, cdnow: Orders) -> History:
    return purchase_history(cdnow.timelines, END)


@pytest.fixture(scope="module")
def seen(history: History) -> Distinct:
    return distinct(history, "weeks")


@pytest.fixture(scope="module")
def bgnbd(seen: Distinct) -> BgNbd:
    return fit_bgnbd(seen)


@pytest.fixture(scope="module")
def pareto(seen: Distinct) -> ParetoNbd:
    return fit_pareto_nbd(seen)


def one(x: float, tx: float, age: float) -> Distinct:
    ones = np.ones(1)
    return Distinct(x * ones, tx * ones, age * ones, ones, np.zeros(1, dtype=np.int64))


def test_cdnow_history(engine: Engine, cdnow: Orders, history: History, seen: Distinct) -> None:
    assert len(history) == 2_357
    assert history.x.sum() == 2_457
    assert history.last.sum() / 7 == pytest.approx(16_135.57, abs=0.005)
    assert history.age.sum() / 7 == pytest.approx(77_111.29, abs=0.005)
    assert (history.x > 0).sum() == 946
    later = later_purchases(cdnow.timelines, history, END, UNTIL)
    assert later.purchases.sum() == 1_882
    assert np.array_equal(seen.x[seen.place], history.x)
    assert np.allclose(seen.tx[seen.place] * 7, history.last)
    assert np.allclose(seen.age[seen.place] * 7, history.age)
    assert seen.weight.sum() == 2_357


def test_cdnow_bgnbd(bgnbd: BgNbd) -> None:
    assert (bgnbd.r, bgnbd.alpha, bgnbd.a, bgnbd.b) == pytest.approx(
        (0.2426, 4.4135, 0.7929, 2.4258), abs=5e-4
    )
    assert bgnbd.log_likelihood == pytest.approx(-9582.43, abs=0.01)


def test_cdnow_pareto_nbd(pareto: ParetoNbd) -> None:
    assert (pareto.r, pareto.s) == pytest.approx((0.5533, 0.6062), abs=5e-4)
    assert (pareto.alpha, pareto.beta) == pytest.approx((10.578, 11.668), abs=0.01)
    assert pareto.log_likelihood == pytest.approx(-9594.97, abs=0.01)


def test_cdnow_gamma_gamma(history: History) -> None:
    model = fit_gamma_gamma(history.x.astype(float), history.mean_value)
    assert (model.p, model.q, model.gamma) == pytest.approx((6.249, 3.745, 15.448), abs=0.01)
    assert model.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    mean = model.p * model.gamma / (model.q - 1)
    values = model.expected(np.array([0.0, 1e9]), np.array([np.nan, 50.0]))
    assert values == pytest.approx([mean, 50.0])


def test_one_customer_of_the_paper(bgnbd: BgNbd, pareto: ParetoNbd) -> None:
    customer = one(26, 30.857, 31)
    assert bgnbd.expected(customer, 52) == pytest.approx([25.7566], abs=0.005)
    assert bgnbd.alive(customer) == pytest.approx([0.9688523], abs=5e-5)
    assert pareto.expected(customer, 52) == pytest.approx([25.4565], abs=0.01)
    assert pareto.alive(customer) == pytest.approx([0.997874], abs=5e-6)


def test_holdout_by_repeat_purchases(engine: Engine, cdnow: Orders) -> None:
    found = check(cdnow.timelines, END, UNTIL, 90, "weeks")
    assert found is not None
    assert found.actual == 1_882
    assert [row.actual for row in found.rows] == pytest.approx(
        [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359], abs=5e-4
    )
    assert [row.expected for row in found.rows] == pytest.approx(
        [0.2251, 0.5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040, 6.1570], abs=1e-3
    )
    assert sum(row.customers for row in found.rows) == 2_357
    assert found.error < found.naive_error
    assert sum(row.customers for row in found.reliability) == 2_357


def test_money_of_the_holdout_is_purchases_times_what_each_is_worth(
    engine: Engine, cdnow: Orders, bgnbd: BgNbd, seen: Distinct, history: History
) -> None:
    found = check(cdnow.timelines, END, UNTIL, 90, "weeks")
    assert found is not None
    assert found.money is not None
    x = history.x.astype(float)
    spend = fit_gamma_gamma(x, history.mean_value)
    expected = bgnbd.expected(seen, WEEKS)[seen.place] * spend.expected(x, history.mean_value)
    assert found.money.expected == pytest.approx(expected.sum())
    later = later_purchases(cdnow.timelines, history, END, UNTIL)
    assert found.money.error == pytest.approx(np.abs(expected - later.money).mean())
    names = cdnow.customers["customer_id"].to_pylist()
    known = {names[each] for each in history.who}
    spent = sum(
        float(row["amount"])
        for row in cdnow.table.select(["customer_id", "order_date", "amount"]).to_pylist()
        if END < row["order_date"] <= UNTIL and row["customer_id"] in known
    )
    assert later.money.sum() == pytest.approx(spent)


def test_online_retail_is_named_degenerate(engine: Engine, retail: Orders) -> None:
    found = forecast(retail.timelines, retail.as_of)
    assert found.degenerate
    assert found.model.a == pytest.approx(0.0034, abs=5e-5)
    assert pc.mean(found.table["alive"]).as_py() == pytest.approx(0.999, abs=5e-4)
    assert found.table.num_rows == 4_338
    assert found.holdout is not None
    assert found.holdout.error > found.holdout.naive_error


def test_cdnow_is_not_degenerate(bgnbd: BgNbd, seen: Distinct) -> None:
    assert not is_degenerate(bgnbd, seen)


HISTORIES = st.lists(
    st.tuples(st.integers(0, 30), st.floats(0.1, 60), st.floats(0.1, 60)), min_size=1, max_size=6
).map(
    lambda rows: Distinct(
        np.array([float(x) for x, _, _ in rows]),
        np.array([float(t) if x else 0.0 for x, t, _ in rows]),
        np.array([float(t if x else 0) + gap for x, t, gap in rows]),
        np.arange(1.0, len(rows) + 1),
        np.arange(len(rows)),
    )
)
LOGS = st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4).map(np.array)


@settings(max_examples=40, deadline=None)
@given(HISTORIES, LOGS)
def test_likelihood_and_gradient_against_the_plain_formula(
    histories: Distinct, logs: np.ndarray
) -> None:
    from scipy.special import beta, gamma

    def plain(at: np.ndarray) -> float:
        r, alpha, a, b = np.exp(at)
        total = 0.0
        for x, tx, age, weight in zip(
            histories.x, histories.tx, histories.age, histories.weight, strict=True
        ):
            base = gamma(r + x) * alpha**r / gamma(r)
            value = beta(a, b + x) / beta(a, b) * base / (alpha + age) ** (r + x)
            if x > 0:
                value += beta(a + 1, b + x - 1) / beta(a, b) * base / (alpha + tx) ** (r + x)
            total += weight * np.log(value)
        return -total / histories.weight.sum()

    likelihood = _Likelihood(histories)
    value, slopes = likelihood.negative(logs)
    assert value == pytest.approx(plain(logs), rel=1e-9)
    for i in range(4):
        step = np.zeros(4)
        step[i] = 1e-5
        rise = likelihood.negative(logs + step)[0] - likelihood.negative(logs - step)[0]
        assert slopes[i] == pytest.approx(rise / 2e-5, rel=1e-4, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(HISTORIES, st.floats(1, 100))
def test_expected_purchases_against_the_papers_own_form(histories: Distinct, time: float) -> None:
    from scipy.special import hyp2f1

    m = BgNbd(0.24, 4.41, 0.79, 2.43, 0.0)
    x, tx, age = histories.x, histories.tx, histories.age
    ratio = ((m.alpha + age) / (m.alpha + age + time)) ** (m.r + x)
    z = time / (m.alpha + age + time)
    term = hyp2f1(m.r + x, m.b + x, m.a + m.b + x - 1, z)
    numerator = (m.a + m.b + x - 1) / (m.a - 1) * (1 - ratio * term)
    left = m.a / (m.b + np.maximum(x, 1) - 1) * ((m.alpha + age) / (m.alpha + tx)) ** (m.r + x)
    plain = numerator / (1 + np.where(x > 0, left, 0))
    assert m.expected(histories, time) == pytest.approx(plain, rel=1e-6, abs=1e-9)


def test_probability_to_buy_by_simulation() -> None:
    rng = np.random.default_rng(1)
    m = BgNbd(0.5, 6.0, 0.9, 2.5, 0.0)
    n = 200_000
    rate, leave = rng.gamma(m.r, 1 / m.alpha, n), rng.beta(m.a, m.b, n)
    first = rng.exponential(1 / rate)
    stays = rng.random(n) > leave
    second = first + rng.exponential(1 / rate)
    like = (first < 5) & ((second > 10) | ~stays) & (np.abs(first - 4) < 0.25)
    buys = like & stays & (second < 18)
    share = buys.sum() / like.sum()
    assert m.buys_within(one(1, 4, 10), 8) == pytest.approx([share], abs=0.03)


def test_customers_with_a_forecast_keep_their_order_when_calibrated() -> None:
    rows = [
        ReliabilityRow(customers=10, predicted=predicted, observed=observed)
        for predicted, observed in ((0.1, 0.3), (0.4, 0.2), (0.8, 0.9))
    ]
    corrected = calibrated(np.linspace(0, 1, 11), rows)
    assert (np.diff(corrected) >= 0).all()
    assert corrected[[0, 4, 8, 10]] == pytest.approx([0, 0.25, 0.9, 1])


def test_too_few_repeat_customers_cannot_be_forecast(engine: Engine) -> None:
    lines = pa.table({"who": ["a", "a"], "day": ["2024-01-01", "2024-02-01"], "money": ["1", "2"]})
    columns = {"customer_id": "who", "order_date": "day", "amount": "money"}
    orders = read_orders(engine, lines, columns)
    with pytest.raises(InputError) as caught:
        forecast(orders.timelines, orders.as_of)
    assert caught.value.key == "segment.few_repeaters"


def test_pareto_nbd_probability_to_buy_by_simulation() -> None:
    rng = np.random.default_rng(2)
    m = ParetoNbd(0.6, 8.0, 0.9, 12.0, 0.0)
    n = 400_000
    rate, leave = rng.gamma(m.r, 1 / m.alpha, n), rng.gamma(m.s, 1 / m.beta, n)
    gone = rng.exponential(1 / leave)
    first = rng.exponential(1 / rate)
    second = first + rng.exponential(1 / rate)
    bought_once = (first < np.minimum(gone, 10)) & (np.minimum(second, gone) > first)
    like = bought_once & (np.abs(first - 4) < 0.5) & ((second > 10) | (second > gone))
    buys = like & (second > 10) & (second < 18) & (second < gone)
    share = buys.sum() / like.sum()
    assert like.sum() > 2_000
    assert m.buys_within(one(1, 4, 10), 8) == pytest.approx([share], abs=0.03)


@pytest.mark.parametrize("x", [0, 3, 400])
def test_pareto_nbd_forecasts_hold_together(x: int) -> None:
    """Who surely buys is active; a chance is no more than the purchases expected."""
    m = ParetoNbd(0.55, 74.0, 0.61, 82.0, 0.0)
    seen = one(x, 350.0 if x else 0.0, 360.0)
    chances = np.array([m.buys_within(seen, time)[0] for time in (0.0, 1.0, 30.0, 300.0, 1e7)])
    assert chances[0] == 0
    assert (np.diff(chances) >= 0).all()
    assert chances[3] < m.expected(seen, 300.0)[0]
    assert chances[4] <= m.alive(seen)[0] + 1e-9


@pytest.mark.parametrize(
    ("days", "horizon", "held_out"), [(546, 90, 136), (100, 90, 50), (200, 90, 90), (400, 3, 100)]
)
def test_the_holdout_is_as_long_as_the_horizon_where_there_is_room(
    days: int, horizon: int, held_out: int
) -> None:
    first, until = date(2024, 1, 1), date(2024, 1, 1) + timedelta(days=days)
    assert (until - split_day(first, until, horizon)).days == held_out


def histories() -> Distinct:
    x = np.array([0, 0, 1, 1, 2, 5, 20, 100, 300])
    age = np.array([1, 700, 1, 700, 90, 400, 700, 800, 900])
    last = np.array([0, 0, 1, 3, 60, 399, 500, 20, 880])
    return distinct(
        History(who=np.arange(len(x)), x=x, last=last, age=age, mean_value=np.full(len(x), np.nan)),
        "days",
    )


def test_what_is_expected_is_a_number_however_extreme_the_fit() -> None:
    seen = histories()
    steps = (1e-6, 1e-3, 0.5, 1.0, 30.0, 1e4, 1e7)
    for r, alpha, a, b in product(steps, repeat=4):
        model = BgNbd(r=r, alpha=alpha, a=a, b=b, log_likelihood=0.0)
        expected = model.expected(seen, 90.0)
        most = (r + seen.x) * 90 / (alpha + seen.age)
        assert np.isfinite(expected).all(), (r, alpha, a, b)
        assert (expected >= 0).all()
        assert (expected <= 1.001 * most).all()


@given(
    r=st.floats(0.05, 20),
    alpha=st.floats(1, 500),
    a=st.floats(0.1, 5),
    b=st.floats(0.5, 50),
    x=st.integers(0, 200),
)
def test_the_mean_over_chances_of_leaving_is_the_closed_form(
    r: float, alpha: float, a: float, b: float, x: int
) -> None:
    model = BgNbd(r=r, alpha=alpha, a=a, b=b, log_likelihood=0.0)
    age = np.array([10.0, 700.0])
    purchases = np.full(2, float(x))
    seen = Distinct(purchases, age * min(x, 1), age, np.ones(2), np.arange(2))
    averaged = model._averaged(purchases, 90.0 / (alpha + age)) * model.alive(seen)
    assert averaged == pytest.approx(model.expected(seen, 90.0), rel=0.02)


def test_purchases_worth_nothing_are_expected_to_be_worth_nothing() -> None:
    x = np.array([0.0, 1.0, 3.0])
    spend = fit_gamma_gamma(x, np.array([np.nan, 0.0, 0.0]))
    assert spend.expected(x, np.array([np.nan, 0.0, 0.0])).tolist() == [0.0, 0.0, 0.0]
