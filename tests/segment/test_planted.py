"""Made shops of which it is known what happened: what the whole segmentation says of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.jobs.segment import SegmentResult, rfm, segment

PREFECTURES = np.array(["東京都", "大阪府", "愛知県", "福岡県", "北海道", "神奈川県"])
START, AS_OF = date(2024, 1, 1), date(2025, 1, 1)
DAYS, PERIOD = 366, 90
OSAKA = "大阪府"


class Shop:
    """Customers who came at any time and order at random, each at their own rate."""

    def __init__(self, seed: int, count: int, days: int = DAYS) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.ids = np.array([f"M{number:05}" for number in range(count)])
        self.prefecture = PREFECTURES[rng.integers(0, len(PREFECTURES), count)]
        self.women = rng.random(count) < 0.5
        self.web = rng.random(count) < 0.3
        self.rate = rng.gamma(0.8, 1 / 0.8, count) * 4 / days
        self.came = rng.integers(-300, days, count)
        self.born = 2024 - rng.integers(20, 80, count)

    def people(self) -> pa.Table:
        return pa.table(
            {
                "customer_id": self.ids,
                "prefecture": self.prefecture,
                "gender": np.where(self.women, "female", "male"),
                "birth_date": [f"{year}-05-05" for year in self.born],
            }
        )

    def orders(self, low: int, high: int, once: np.ndarray | None = None) -> pa.Table:
        """Orders of the days from `low` to before `high`; those of `once` give at most one."""
        first = np.maximum(self.came, low)
        wait = np.maximum(high - first, 0)
        begins = (self.came >= low) & (self.came < high)
        number = self.rng.poisson(self.rate * wait)
        if once is not None:
            number = np.where(once, np.minimum(number, 1), number)
        who = np.repeat(np.arange(len(self.ids)), number)
        day = (first[who] + self.rng.random(len(who)) * wait[who]).astype(int)
        who = np.concatenate([np.flatnonzero(begins), who])
        day = np.concatenate([self.came[begins], day])
        return pa.table(
            {
                "order_id": [f"{low}-{n}" for n in range(len(who))],
                "customer_id": self.ids[who],
                "order_date": pa.array([START + timedelta(int(each)) for each in day]),
                "amount": np.exp(self.rng.normal(8, 0.6, len(who))).round().astype(int),
                "channel": np.where(self.web[who], "Web", "店舗"),
            }
        )


def plain(**more: Any) -> Settings:
    return Settings(segment=SegmentSettings(clusters="none", **more))


def champions(orders: pa.Table, first: date, last: date) -> set[str]:
    """Who is a champion by the orders of some days alone."""
    days = orders["order_date"]
    inside = pc.and_(pc.greater_equal(days, pa.scalar(first)), pc.less_equal(days, pa.scalar(last)))
    settings = Settings(segment=SegmentSettings(as_of=str(last)))
    scores = rfm({"orders": orders.filter(inside)}, settings=settings).scores
    return set(scores.filter(pc.equal(scores["segment"], "champions"))["customer_id"].to_pylist())


def fallen(seed: int) -> tuple[Shop, SegmentResult, pa.Table]:
    """A shop whose champions of 大阪府 order at most once in the last period."""
    shop, begin = Shop(seed, 16_000), DAYS - PERIOD
    early = shop.orders(0, begin)
    eve = AS_OF - timedelta(PERIOD)
    best = champions(early, eve - timedelta(DAYS - 2 * PERIOD), eve - timedelta(1))
    once = np.isin(shop.ids, sorted(best)) & (shop.prefecture == OSAKA)
    orders = pa.concat_tables([early, shop.orders(begin, DAYS, once)])
    return (
        shop,
        segment({"orders": orders}, shop.people(), settings=plain(as_of=str(AS_OF))),
        orders,
    )


def spent(orders: pa.Table, first: date, last: date, who: set[str]) -> dict[str, list[int]]:
    """Amounts of each customer of some, from one day to before another."""
    found: dict[str, list[int]] = {}
    for row in orders.select(["customer_id", "order_date", "amount"]).to_pylist():
        if first <= row["order_date"] < last and row["customer_id"] in who:
            found.setdefault(row["customer_id"], []).append(row["amount"])
    return found


@pytest.mark.parametrize("seed", [0, 1])
def test_the_group_that_fell_is_told_first_with_its_money_and_its_interval(seed: int) -> None:
    shop, found, orders = fallen(seed)
    layers = found.summary.layers
    assert layers is not None
    assert layers.tested > 300
    (row,) = layers.rows
    assert (row.measure, row.group) == (
        "repeat_rate",
        {"segment": "champions", "prefecture": OSAKA},
    )
    there = set(shop.ids[shop.prefecture == OSAKA])
    eve, start = AS_OF - timedelta(PERIOD), AS_OF - timedelta(2 * PERIOD)
    length = timedelta(DAYS - 2 * PERIOD)
    then, now = (
        spent(orders, day, day + timedelta(PERIOD), there & best)
        for day in (start, eve)
        for best in [champions(orders, day - length, day - timedelta(1))]
    )
    assert (row.people_before, row.people_now) == (len(then), len(now))
    several = [sum(each) for each in then.values() if len(each) > 1]
    single = [sum(each) for each in then.values() if len(each) == 1]
    assert row.before == pytest.approx(len(several) / len(then))
    assert row.now == 0
    assert row.low < row.now - row.before < row.high < -0.5
    assert row.p_adjusted < 1e-6
    # Each one lost as a repeat buyer: what those spent more, before, than who bought once.
    more = np.mean(several) - np.mean(single)
    assert row.money == pytest.approx(row.before * len(now) * more, rel=1e-6)


@pytest.mark.parametrize(("seed", "days"), [(12, 366), (13, 240), (14, 195)])
def test_where_nothing_fell_nothing_is_told(seed: int, days: int) -> None:
    """Not even where the orders reach back but little beyond both periods."""
    shop = Shop(seed, 16_000, days)
    as_of = str(START + timedelta(days))
    orders = {"orders": shop.orders(0, days)}
    layers = segment(orders, shop.people(), settings=plain(as_of=as_of)).summary.layers
    assert layers is not None
    assert layers.tested > 300
    assert layers.rows == ()


@pytest.fixture(scope="module")
def loyal_women() -> SegmentResult:
    """Women of 東京都 and customers of the web order two and a half times as often."""
    shop = Shop(4, 8_000)
    often = shop.women & (shop.prefecture == "東京都")
    shop.rate *= np.where(often, 2.5, 1) * np.where(shop.web, 2.5, 1)
    return segment({"o": shop.orders(0, DAYS)}, shop.people(), settings=plain(lookalikes=400))


def test_personas_tell_who_the_best_customers_are(loyal_women: SegmentResult) -> None:
    found = loyal_women.summary.personas
    assert found is not None
    champions = found.segments.index("champions")
    told = {
        (table.attribute, level): (table.stands_out[n][champions], table.ratios[n][champions])
        for table in found.tables
        for n, level in enumerate(table.levels)
    }
    for at in (("first_channel", "Web"), ("prefecture", "東京都"), ("gender", "female")):
        assert told[at][0] == 1
        assert told[at][1] > 1
    assert told["first_channel", "店舗"][0] == -1
    for table in found.tables:
        if table.attribute == "age_band":
            assert not any(row[champions] for row in table.stands_out)


def test_the_look_alikes_are_those_who_began_like_them(loyal_women: SegmentResult) -> None:
    found = loyal_women.summary.lookalikes
    assert found is not None
    assert found.check is not None
    check = found.check
    assert check.better
    assert check.became / check.picked > 1.5 * check.others_became / check.others


def test_of_pure_noise_no_list_is_called_better_than_chance() -> None:
    shop = Shop(5, 8_000)
    found = segment({"o": shop.orders(0, DAYS)}, shop.people(), settings=plain(lookalikes=400))
    assert found.summary.lookalikes is not None
    assert found.summary.lookalikes.check is not None
    assert not found.summary.lookalikes.check.better
    assert found.summary.personas is not None
    assert not any(
        cell for table in found.summary.personas.tables for row in table.stands_out for cell in row
    )
