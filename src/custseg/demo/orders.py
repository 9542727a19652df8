"""Orders as people make them: some once, some for years, more before the holidays.

Each buyer orders at a rate of their own and, after every order, may quietly leave: the story
behind the BG/NBD model (Fader, Hardie, Lee, "Counting your customers the easy way", 2005).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.demo.dates import calendar
from custseg.demo.model import DemoFile
from custseg.demo.people import LAST, ORDERS, YEAR, Records
from custseg.demo.products import Catalog
from custseg.demo.shares import Shares
from custseg.demo.text import (
    Ints,
    Mask,
    chance,
    digits,
    draw,
    join,
    take,
    where,
    words,
)

ORDERS_FILE: Final = "orders.csv"

_RATE_SHAPE, _RATE_SCALE = 0.6, 3.2
"""Orders a year: gamma, mean about 1.9, most people far below it."""
_LEAVES = (0.8, 3.2)
"""Probability of leaving after an order: beta, mean .2."""
_MOST_ORDERS = 150
_MONTHS = np.array([0.78, 0.8, 0.9, 0.85, 0.88, 0.82, 0.95, 0.8, 0.82, 0.9, 0.95, 1.0])
"""Share of the wishes that become orders, by month."""


class _Orders(NamedTuple):
    """One entry an order: the record whose number it carries, its day, and where it was made."""

    record: Ints
    day: Ints
    web: Mask


def orders_file(
    rng: np.random.Generator,
    records: Records,
    ids: pa.Array,
    catalog: Catalog,
    shares: Shares,
) -> DemoFile:
    """Write a line a product and order, in the order of the days.

    Parameters
    ----------
    ids
        By record, the customer number that stands in its file.
    """
    orders = _make_orders(rng, records, shares)
    count = len(orders.day)
    order = np.repeat(np.arange(count), rng.geometric(0.6, count).clip(1, 6))
    first = np.concatenate([[True], order[1:] != order[:-1]])
    line = np.arange(len(order)) - np.flatnonzero(first)[order] + 1
    lines = len(order)

    product = _products(rng, catalog, lines)
    price = np.array([good[2] for good in catalog.goods])[product]
    quantity = rng.geometric(0.75, lines).clip(1, 12)
    quantity = np.where(chance(rng, lines, shares.order_returned), -quantity, quantity)
    campaign = _campaigns(rng, catalog, orders.day, shares)[order]
    discount = np.where((campaign > 0) & (quantity > 0), price * quantity // 10, 0)
    cancelled = (chance(rng, count, shares.order_cancelled) & orders.web)[order]
    nobody = (chance(rng, count, 2 * shares.order_no_customer) & ~orders.web)[order]
    day = orders.day[order]

    categories, products, _ = zip(*catalog.goods, strict=True)
    codes = words([f"P{1001 + 7 * at}" for at in range(len(catalog.goods))])
    campaigns = words(["", *(name for name, _ in catalog.campaigns)])
    cells = (
        join(
            take(words(["S", "W"]), orders.web[order].astype(np.int64)), digits(100_001 + order, 8)
        ),
        digits(line),
        _dates(day, orders.web[order]),
        where(nobody, "", take(ids, orders.record[order])),
        take(codes, product),
        take(words(products), product),
        take(words(categories), product),
        pc.cast(pa.array(quantity), pa.string()),
        _money(price, catalog.unit),
        _money(discount, catalog.unit),
        _money(price * quantity - discount, catalog.unit),
        take(words(catalog.channels), orders.web[order].astype(np.int64)),
        take(campaigns, campaign),
        take(words(["", catalog.cancelled]), cancelled.astype(np.int64)),
    )
    table = pa.table(dict(zip(catalog.columns, cells, strict=True)))
    return DemoFile(name=ORDERS_FILE, content="orders", table=table, encoding="utf-8")


def _make_orders(rng: np.random.Generator, records: Records, shares: Shares) -> _Orders:
    """Follow every buyer from the first record on until they leave; keep what the export shows."""
    persons, first = np.unique(records.person, return_index=True)
    buys = chance(rng, len(persons), shares.buyers)
    person, day = persons[buys], records.day[first][buys].astype(np.float64)
    rate = rng.gamma(_RATE_SHAPE, _RATE_SCALE, len(person)) / YEAR
    leaves = rng.beta(*_LEAVES, len(person))
    who, when = [person], [day.copy()]
    for _ in range(_MOST_ORDERS):
        day = day + rng.exponential(1.0, len(person)) / np.maximum(rate, 1e-6)
        stays = (rng.random(len(person)) >= leaves) & (day <= LAST)
        person, day, rate, leaves = person[stays], day[stays], rate[stays], leaves[stays]
        month = calendar(day.astype(np.int64))[1]
        made = rng.random(len(person)) < _MONTHS[month - 1]
        who.append(person[made])
        when.append(day[made])
        if not len(person):
            break
    everyone, days = np.concatenate(who), np.concatenate(when).astype(np.int64)
    shown = days >= ORDERS
    everyone, days = everyone[shown], days[shown]
    order = np.lexsort((everyone, days))
    everyone, days = everyone[order], days[order]
    record = _record_of(rng, records, everyone)
    if records.source.any():  # the number is of one of two files: that is where they bought
        return _Orders(record, days, records.source[record] == 1)
    taste = rng.random(int(persons[-1]) + 1)
    return _Orders(record, days, rng.random(len(order)) < taste[everyone])


def _record_of(rng: np.random.Generator, records: Records, person: Ints) -> Ints:
    """Choose the record whose number stands on each order: any of the person's."""
    by_person = np.argsort(records.person, kind="stable")
    sizes = np.bincount(records.person)
    start = np.cumsum(sizes) - sizes
    step = (rng.random(len(person)) * sizes[person]).astype(np.int64)
    found: Ints = by_person[start[person] + step]
    return found


def _products(rng: np.random.Generator, catalog: Catalog, count: int) -> Ints:
    weight = 1 / np.arange(2, len(catalog.goods) + 2, dtype=np.float64) ** 0.8
    return draw(rng, weight, count)


def _campaigns(rng: np.random.Generator, catalog: Catalog, day: Ints, shares: Shares) -> Ints:
    """Give 0, or the campaign of the month for a share of its orders."""
    running = np.zeros(13, dtype=np.int64)
    for number, (_, month) in enumerate(catalog.campaigns, start=1):
        running[month] = number
    takes_part = chance(rng, len(day), 3 * shares.order_campaign)
    return np.where(takes_part, running[calendar(day)[1]], 0)


def _money(amount: npt.NDArray[np.int64], unit: int) -> pa.Array:
    if unit == 1:
        return pc.cast(pa.array(amount), pa.string())
    sign = take(words(["", "-"]), (amount < 0).astype(np.int64))
    whole, rest = np.abs(amount) // unit, np.abs(amount) % unit
    return join(sign, join(digits(whole), digits(rest, len(str(unit)) - 1), sep="."))


def _dates(day: Ints, web: Mask) -> pa.Array:
    """Write 2025/03/01 at the till and 2025-03-01 in the web shop."""
    year, month, of_month = calendar(day)
    parts = digits(year), digits(month, 2), digits(of_month, 2)
    return where(web, join(*parts, sep="-"), join(*parts, sep="/"))
