"""Who bought X and not yet Y; products however they are written."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from custseg.engine import Engine
from custseg.errors import InputError
from custseg.segment.associations import Rule
from custseg.segment.baskets import Baskets, baskets_of, read_baskets
from custseg.segment.describe_baskets import offer_files
from custseg.segment.lines import LineSettings
from custseg.segment.offers import (
    best_offers,
    customer_facts,
    make_offer,
    offer_table,
    parse_rule,
    rule_text,
)
from custseg.segment.orders import Orders, read_orders
from custseg.segment.products import Products, folded, read_products

NAMES = ("order_id", "customer_id", "order_date", "product_id", "product_name", "amount")


def orders_of(engine: Engine, rows: list[tuple[str | None, ...]]) -> Orders:
    columns = list(zip(*rows, strict=True))
    table = pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip(NAMES, columns, strict=True)}
    )
    used = {
        name: name for name in NAMES if name in ("customer_id", "order_date") or any(table[name])
    }
    settings = LineSettings(order_key="day", needed=frozenset())
    return read_orders(engine, table, used, settings=settings)


def customers_of(*bought: str) -> Baskets:
    return baskets_of((f"c{at}", items) for at, items in enumerate(bought))


def test_an_offer_counts_customers_once() -> None:
    owned = customers_of("xy", "xy", "x", "xz", "z", "zy")
    x, y, z = 0, 1, 2
    offer = make_offer(owned, Rule((x,), y))
    assert (offer.waiting.tolist(), offer.bought, offer.both) == ([2, 3], 4, 2)
    assert (offer.share, offer.base) == (0.5, 0.5)
    assert make_offer(owned, Rule((x, z), y)).waiting.tolist() == [3]
    assert make_offer(owned, Rule((y,), x)).waiting.tolist() == [5]


def test_the_best_offers_gain_and_each_product_is_offered_once() -> None:
    owned = customers_of(*["xy"] * 6, *["x"] * 4, *["zy"] * 3, *["z"] * 3, *["w"] * 20)
    (w, x, y, z) = range(4)
    rules = [Rule((x,), y), Rule((z,), y), Rule((x,), z), Rule((w,), y)]
    chosen = best_offers(owned, rules, 5)
    assert [(offer.rule, len(offer.waiting)) for offer in chosen] == [(Rule((x,), y), 4)]
    assert best_offers(owned, rules, 0) == []


def test_the_reason_that_says_most_stands_on_the_list(engine: Engine) -> None:
    lines: list[tuple[str | None, ...]] = []
    for who in range(300):
        bought = ["tea"] + ["pot"] * (who % 2 == 0) + ["cups"] * (who % 2 == 0 and who % 3 > 0)
        lines += [
            (f"o{who}", f"c{who:03}", "2024-01-05", None, item, str(10 + who)) for item in bought
        ]
    found = orders_of(engine, lines)
    products = read_products(engine, found.stage, "product")
    owned = read_baskets(engine, found.stage, products, "customer")
    tea, pot, cups = (products.find(name) for name in ("tea", "pot", "cups"))
    assert tea is not None
    assert pot is not None
    assert cups is not None
    offer = make_offer(owned, Rule((tea,), cups))
    facts = customer_facts(engine, found, owned)
    table = offer_table(offer, owned, facts, [Rule((pot,), cups), Rule((tea, pot), cups)])
    rows = {row["customer_id"]: row for row in table.to_pylist()}
    assert len(rows) == 200
    assert rows["c001"]["because_bought"] == "tea"
    assert rows["c000"]["because_bought"] == "pot"
    assert rows["c001"]["chance"] == pytest.approx(1 / 3, abs=1e-6)
    assert rows["c000"]["chance"] == pytest.approx(2 / 3, abs=1e-6)
    usual = float(np.median([10 + who for who in range(300) if who % 2 == 0 and who % 3 > 0]))
    for row in rows.values():
        assert row["usual_amount"] == usual
        assert row["expected_value"] == pytest.approx(row["chance"] * usual, abs=1e-3)


def test_products_are_one_however_they_are_written(engine: Engine) -> None:
    found = orders_of(
        engine,
        [
            ("1", "a", "2024-01-01", "P1", "ｺｰﾋｰ　２００ｇ", "5"),
            ("1", "a", "2024-01-01", "p1", "コーヒー 200g", "5"),
            ("2", "b", "2024-01-01", "Ｐ１", "コーヒー 200g", "5"),
            ("2", "b", "2024-01-01", "P2", "コーヒー  200g", "5"),
            ("3", "b", "2024-01-02", None, "紅茶", "5"),
            ("3", "b", "2024-01-02", "S", "送料", "5"),
            ("4", "b", "2024-01-02", None, None, "5"),
            ("5", "b", "2024-01-02", "P3", "Gift card", "5"),
        ],
    )
    products = read_products(engine, found.stage, "product", ["gift CARD"])
    assert sorted(products.labels) == ["コーヒー 200g (p1)", "コーヒー 200g (p2)", "紅茶"]
    assert products.left_out == {"Gift card": 1, "送料": 1}
    assert products.unnamed == 1
    orders = read_baskets(engine, found.stage, products)
    assert [orders.sizes.tolist(), orders.counts.tolist()] == [[1, 2, 1], [2, 1, 1]]


@pytest.mark.parametrize(
    "name",
    ["POSTAGE", "Dotcom Postage", "CARRIAGE", "Bank Charges", "Manual", "送料", "代引き手数料",
     "クーポン値引き", "ポイント利用", "Shipping Fee", "消費税", "shipping"],
)  # fmt: skip
def test_fees_are_no_goods(name: str, engine: Engine) -> None:
    found = orders_of(
        engine,
        [(str(n), "a", "2024-01-01", None, each, "5") for n, each in enumerate([name, "tea"])],
    )
    products = read_products(engine, found.stage, "product")
    assert products.labels == ("tea",)
    assert products.left_out == {name: 1}


@pytest.mark.parametrize(
    "name",
    ["POSTAGE STAMP MUG", "Manual coffee mill", "手数料無料セット", "Tax free bag", "割引券入れ"],
)
def test_goods_that_sound_like_fees_stay(name: str, engine: Engine) -> None:
    found = orders_of(engine, [("1", "a", "2024-01-01", None, name, "5")])
    assert read_products(engine, found.stage, "product").labels == (name,)


def test_lines_that_name_nothing_are_refused(engine: Engine) -> None:
    found = orders_of(engine, [("1", "a", "2024-01-01", None, "送料", "5")])
    with pytest.raises(InputError) as caught:
        read_products(engine, found.stage, "product")
    assert caught.value.key == "basket.no_products_named"


@pytest.fixture
def shelf() -> Products:
    labels = ("Tea", "Tea + cake", "Cups", "紅茶")
    return Products(labels, tuple(folded(each) for each in labels), pa.table({"item": []}))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("tea -> cups", Rule((0,), 2)),
        ("TEA + Ｃｕｐｓ → 紅茶", Rule((0, 2), 3)),
        ("Tea + cake ⇒ cups", Rule((1,), 2)),
        ("cups + tea + cups -> 紅茶", Rule((0, 2), 3)),
    ],
)
def test_rules_are_read(text: str, rule: Rule, shelf: Products) -> None:
    assert parse_rule(text, shelf) == (rule, "")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("tea", "tea"),
        ("tea -> milk", "milk"),
        ("milk + tea -> cups", "milk"),
        ("tea -> tea", "tea"),
    ],
)
def test_rules_that_name_nothing_are_not(text: str, part: str, shelf: Products) -> None:
    assert parse_rule(text, shelf) == (None, part)


def test_names_of_files_are_harmless() -> None:
    labels = ("con", "../../etc/passwd", "☕️🍰", "x" * 300, "CON", "a/b\\c:d*?")
    pairs = [(a, b) for a in range(6) for b in range(6) if a != b]
    files = offer_files(pairs, labels)
    assert len(set(files)) == len(pairs)
    for name in files:
        assert name.replace("_", "").isalnum()
        assert len(name.encode()) < 200
    assert rule_text((0, 2), 4, labels) == "con + ☕️🍰 → CON"
