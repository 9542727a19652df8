from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.segment import layer_sums
from custseg.segment.dimensions import SEGMENT, UNKNOWN, Dimension
from custseg.segment.inference import Z95, adjusted
from custseg.segment.layer_sums import alike, change, group_sums, sums_of_cells
from custseg.segment.problem_layers import LEAST_PEOPLE, LEVEL, problem_layers
from custseg.segment.windows import Activity, Doings, Periods, Window

PERIODS = Periods(
    days=31,
    now=Window(date(2024, 3, 1), date(2024, 3, 31)),
    then=Window(date(2024, 1, 30), date(2024, 2, 29)),
    since=date(2020, 1, 1),
)


def made(
    then: np.ndarray, now: np.ndarray, first_day: np.ndarray | None = None, price: float = 100.0
) -> Activity:
    """Customers by their orders in both periods, each of `price`."""
    count = len(then)
    nothing = Doings(orders=np.zeros(count), money=np.zeros(count))
    return Activity(
        periods=PERIODS,
        now=Doings(orders=now.astype(float), money=now * price),
        then=Doings(orders=then.astype(float), money=then * price),
        now_eve=nothing,
        then_eve=nothing,
        first_day=np.full(count, np.datetime64("2021-01-01")) if first_day is None else first_day,
        wait=np.full(count, np.nan),
    )


def dimension(name: str, labels: np.ndarray, levels: int) -> Dimension:
    return Dimension(name, tuple(f"{name}{n}" for n in range(levels)), labels, labels)


def people(rng: np.random.Generator, count: int) -> list[Dimension]:
    return [
        dimension("gender", rng.integers(0, 2, count), 2),
        dimension("age", rng.integers(0, 6, count), 6),
        dimension("place", rng.integers(-1, 8, count), 8),
    ]


def test_a_planted_fall_is_found_once_and_at_its_size() -> None:
    rng = np.random.default_rng(1)
    count = 40_000
    dimensions = people(rng, count)
    gender, age, place = (each.now for each in dimensions)
    fell = (gender == 1) & (age == 2) & (place == 3)
    then = rng.integers(0, 2, count) * (1 + (rng.random(count) < 0.41))
    now = rng.integers(0, 2, count) * (1 + (rng.random(count) < np.where(fell, 0.15, 0.41)))
    found = problem_layers(made(then, now), dimensions)
    assert found.tested > 100
    rate = [row for row in found.rows if row.measure == "repeat_rate"]
    assert [row.group for row in rate] == [{"gender": "gender1", "age": "age2", "place": "place3"}]
    (row,) = rate
    members_then, members_now = fell & (then > 0), fell & (now > 0)
    assert row.people_before == members_then.sum()
    assert row.people_now == members_now.sum()
    assert row.before == pytest.approx((then[members_then] > 1).mean())
    assert row.now == pytest.approx((now[members_now] > 1).mean())
    assert row.low < row.now - row.before < row.high < 0
    assert row.p_adjusted <= LEVEL
    # A repeat buyer spends 200 and a one-time buyer 100: each one lost is 100.
    assert row.money == pytest.approx((row.before - row.now) * row.people_now * 100, rel=1e-6)


def test_when_everyone_falls_alike_no_group_is_a_layer() -> None:
    rng = np.random.default_rng(2)
    count = 20_000
    then = rng.integers(0, 2, count) * (1 + (rng.random(count) < 0.5))
    now = rng.integers(0, 2, count) * (1 + (rng.random(count) < 0.3))
    assert problem_layers(made(then, now), people(rng, count)).rows == ()


def test_where_nothing_changed_false_findings_are_rare() -> None:
    """At the 5 % level: of 100 shops in which nothing happened, hardly more than 5 have any."""
    rng = np.random.default_rng(3)
    false = 0
    for _ in range(100):
        count = 3_000
        then, now = (rng.integers(0, 2, count) * (1 + (rng.random(count) < 0.4)) for _ in range(2))
        first = np.datetime64("2024-01-30") + rng.integers(0, 62, count)
        false += bool(problem_layers(made(then, now, first), people(rng, count)).rows)
    assert false <= 10


def spending(
    rng: np.random.Generator, counts: tuple[np.ndarray, np.ndarray], first_day: np.ndarray
) -> Activity:
    """Customers by their orders in both periods, of all sizes; some always spend much."""
    level = np.exp(rng.normal(4, 1, len(counts[0])))
    doings = [
        Doings(
            orders=number.astype(float),
            money=level
            * np.bincount(
                np.repeat(np.arange(len(number)), number),
                np.exp(rng.normal(0, 0.8, number.sum())),
                len(number),
            ),
        )
        for number in counts
    ]
    return replace(made(*counts, first_day), then=doings[0], now=doings[1])


def came(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.datetime64("2023-01-30") + rng.integers(0, 427, count)


def test_one_true_fall_does_not_let_others_in() -> None:
    """The many groups that fall along with it lower no bar: of 40 shops, few say anything else."""
    rng = np.random.default_rng(4)
    false = missed = 0
    for _ in range(40):
        count = 30_000
        dimensions = people(rng, count)
        gender, _, place = (each.now for each in dimensions)
        fell = (gender == 1) & (place == 3)
        rate = rng.gamma(1, 0.9, count)
        then, now = rng.poisson(rate), rng.poisson(rate)
        now = np.where(fell & (rng.random(count) < 0.9), np.minimum(now, 1), now)
        found = problem_layers(spending(rng, (then, now), came(rng, count)), dimensions)
        true = [row for row in found.rows if row.group == {"gender": "gender1", "place": "place3"}]
        missed += not true
        false += len(found.rows) > len(true)
    assert missed == 0
    assert false <= 4


def test_money_of_all_sizes_makes_no_more_false_findings() -> None:
    rng = np.random.default_rng(5)
    false = 0
    for _ in range(60):
        rate = rng.gamma(1, 0.9, 6_000)
        counts = rng.poisson(rate), rng.poisson(rate)
        found = spending(rng, counts, came(rng, len(rate)))
        false += bool(problem_layers(found, people(rng, len(rate))).rows)
    assert false <= 6


def test_every_group_with_people_enough_is_tested() -> None:
    """Counted customer by customer, combination by combination."""
    rng = np.random.default_rng(6)
    count = 2_500
    dimensions = people(rng, count)
    moved = np.where(rng.random(count) < 0.2, rng.integers(0, 3, count), rng.integers(-1, 3))
    dimensions.append(Dimension(SEGMENT, ("a", "b", "c"), rng.integers(0, 3, count), moved))
    then, now = rng.poisson(0.9, count), rng.poisson(0.9, count)
    first = came(rng, count)
    found = problem_layers(made(then, now, first), dimensions)
    new = (first >= np.datetime64(PERIODS.then.first)) & (first <= np.datetime64(PERIODS.then.last))
    expected = 0
    for size in (1, 2, 3):
        for together in combinations(dimensions, size):
            for levels in product(*(range(len(each.levels)) for each in together)):
                pairs = list(zip(together, levels, strict=True))
                in_then = np.all([each.then == level for each, level in pairs], axis=0)
                in_now = np.all([each.now == level for each, level in pairs], axis=0)
                before, after = (in_then & (then > 0)).sum(), (in_now & (now > 0)).sum()
                expected += 2 * (min(before, after) >= LEAST_PEOPLE)
                named = [each.name for each in together]
                # New are those with an order: the others are in neither period.
                fresh = (in_then & new & ((then > 0) | (now > 0))).sum()
                expected += SEGMENT not in named and fresh >= LEAST_PEOPLE
    assert found.tested == expected > 50


def test_fewer_than_101_people_are_no_finding() -> None:
    for size, expected in ((100, 0), (101, 1)):
        labels = np.repeat([0, 1], [size, 5_000])
        then = np.full(len(labels), 2)
        now = np.where(labels == 0, 1, 2)
        # Some variation, so that there is a spread to compare with.
        now[::7], then[3::7] = 2, 1
        found = problem_layers(made(then, now), [dimension("x", labels, 2)])
        rows = [row for row in found.rows if row.measure == "repeat_rate"]
        assert len(rows) == expected


def test_new_customers_that_stay_away_from_one_place() -> None:
    days = np.concatenate(
        [
            np.full(400, np.datetime64("2024-02-10")),
            np.full(150, np.datetime64("2024-03-10")),
            np.full(4_000, np.datetime64("2024-02-10")),
            np.full(4_000, np.datetime64("2024-03-10")),
        ]
    )
    labels = np.repeat([0, 1], [550, 8_000])
    then = (days < np.datetime64("2024-03-01")).astype(int)
    found = problem_layers(made(then, 1 - then, days), [dimension("place", labels, 2)])
    (row,) = [row for row in found.rows if row.measure == "new_customers"]
    assert (row.before, row.now, row.group) == (400, 150, {"place": "place0"})
    assert row.money == pytest.approx(250 * 100)
    assert row.high - row.low == pytest.approx(2 * Z95 * np.sqrt(550))


def test_without_an_earlier_period_or_attributes_there_is_nothing_to_find() -> None:
    then = np.ones(500, dtype=int)
    assert problem_layers(made(then, then), []).tested == 0
    late = Periods(days=31, now=PERIODS.now, then=PERIODS.then, since=date(2024, 2, 1))
    found = made(then, then)
    short = Activity(**{name: getattr(found, name) for name in found.__slots__} | {"periods": late})
    labels = np.zeros(500, dtype=int)
    assert problem_layers(short, [dimension("x", labels, 2)]).tested == 0


ORDERS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(-1, 1), st.integers(-1, 1)),
    min_size=3,
    max_size=25,
)


@given(ORDERS, st.sampled_from(["repeat_rate", "average_order"]))
def test_differences_and_variances_against_each_customers_influence(
    rows: list[tuple[int, int, int, int]], measure: str
) -> None:
    """Sums over cells give what summing each customer's influence gives, inside and outside."""
    then, now, label_then, label_now = (np.array(column) for column in zip(*rows, strict=True))
    money_then, money_now = then * 7.0 + (then > 0), now * 3.0 + (now > 1)
    found = made(then, now)
    found = Activity(
        **{name: getattr(found, name) for name in found.__slots__}
        | {
            "now": Doings(orders=now.astype(float), money=money_now),
            "then": Doings(orders=then.astype(float), money=money_then),
        }
    )
    cells = sums_of_cells(found, [Dimension(SEGMENT, ("a", "b"), label_then, label_now)])
    codes = cells.then[:, 0], cells.now[:, 0]
    inside, outside = group_sums(cells, *codes, 2)
    for number in range(2):
        for sums, members in (
            (inside, (label_then == number, label_now == number)),
            (outside, (label_then != number, label_now != number)),
        ):
            got = change(measure, sums)
            if measure == "repeat_rate":
                above = (then > 1) * 1.0, (now > 1) * 1.0
                below = (then > 0) * 1.0, (now > 0) * 1.0
            else:
                above, below = (money_then, money_now), (then * 1.0, now * 1.0)
            a1, a2 = (values * mask for values, mask in zip(above, members, strict=True))
            b1, b2 = (values * mask for values, mask in zip(below, members, strict=True))
            if not b1.sum() or not b2.sum():
                continue
            r1, r2 = a1.sum() / b1.sum(), a2.sum() / b2.sum()
            influence = (a2 - r2 * b2) / b2.sum() - (a1 - r1 * b1) / b1.sum()
            assert got.fall[number] == pytest.approx(r2 - r1, abs=1e-9)
            assert got.variance[number] == pytest.approx((influence**2).sum(), abs=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_p_values_against_the_definition(p: list[float]) -> None:
    n = len(p)
    ranked = sorted(p)
    plain = [
        min(1.0, min(ranked[k] * n / (k + 1) for k in range(n) if ranked[k] >= value))
        for value in p
    ]
    assert adjusted(np.array(p)).tolist() == pytest.approx(plain)


def test_unknown_levels_are_in_no_group() -> None:
    assert UNKNOWN == -1
    labels = np.full(400, UNKNOWN)
    found = problem_layers(made(np.ones(400), np.ones(400)), [dimension("x", labels, 2)])
    assert found.tested == 0


@pytest.mark.parametrize("many", [False, True])
@given(
    st.lists(st.tuples(*[st.integers(-1, 3)] * 4), min_size=1, max_size=30),
)
def test_rows_of_labels_that_are_alike_are_those_of_numpy(
    many: bool, rows: list[tuple[int, ...]]
) -> None:
    labels = np.array(rows)
    then = [labels[:, 0], labels[:, 1], labels[:, 2]]
    now = [labels[:, 3], *then[1:]]
    with pytest.MonkeyPatch.context() as patch:
        if many:
            patch.setattr(layer_sums, "_KEYS", 1)
        early, late, place = alike(then, now)
    plain, where = np.unique(np.column_stack([*then, *now]), axis=0, return_inverse=True)
    assert np.array_equal(np.hstack([early, late]), plain)
    assert np.array_equal(place, where.ravel())
