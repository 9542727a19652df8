from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.errors import LimitError
from custseg.segment.baskets import (
    Baskets,
    BasketSettings,
    Rule,
    association_rules,
    baskets_of,
    next_products,
    read_baskets,
)
from custseg.segment.orders import Orders


@pytest.fixture(scope="module")
def groceries(shared_data: Path) -> Baskets:
    lines = (shared_data / "segment" / "groceries.csv").read_text().splitlines()
    return baskets_of((str(number), line.split(",")) for number, line in enumerate(lines))


def test_rules_of_groceries(groceries: Baskets) -> None:
    assert len(groceries.keys) == 9_835
    assert len(groceries.items) == 169
    rules = association_rules(groceries, BasketSettings(support=0.001, confidence=0.8))
    assert len(rules) == 410
    assert Counter(len(rule.antecedent) + 1 for rule in rules) == {3: 29, 4: 229, 5: 140, 6: 12}
    top = rules[0]
    assert set(top.antecedent) == {"liquor", "red/blush wine"}
    assert top.consequent == "bottled beer"
    assert (top.support, top.confidence, top.lift) == pytest.approx(
        (0.001931876, 0.9047619, 11.23527), rel=1e-6
    )


def test_more_common_rules_of_groceries(groceries: Baskets) -> None:
    assert len(association_rules(groceries, BasketSettings(support=0.006, confidence=0.25))) == 463


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from("abcde"), max_size=5), min_size=1, max_size=12),
    st.sampled_from([0.1, 0.2, 0.25, 0.5]),
    st.sampled_from([0.1, 0.5, 0.6, 0.8, 1.0]),
)
def test_rules_against_counting_every_subset(
    rows: list[set[str]], support: float, confidence: float
) -> None:
    def count(items: tuple[str, ...]) -> int:
        return sum(1 for row in rows if set(items) <= row)

    plain = set()
    for n in range(2, 6):
        for itemset in combinations("abcde", n):
            together = count(itemset)
            if together == 0 or together < Fraction(str(support)) * len(rows):
                continue
            for consequent in itemset:
                antecedent = tuple(item for item in itemset if item != consequent)
                if together >= Fraction(str(confidence)) * count(antecedent):
                    plain.add((antecedent, consequent, together))
    found = association_rules(
        baskets_of((str(i), row) for i, row in enumerate(rows)),
        BasketSettings(support=support, confidence=confidence),
    )
    assert {(rule.antecedent, rule.consequent, rule.baskets) for rule in found} == plain
    for rule in found:
        expected = rule.confidence / (count((rule.consequent,)) / len(rows))
        assert rule.lift == pytest.approx(expected)


def test_who_has_yet_to_buy(engine: Engine) -> None:
    customers = baskets_of([("ann", "xy"), ("bob", "x"), ("cy", "xz"), ("dan", "z")])
    rules = [Rule(("x",), "y", 1, 0.5, 0.5, 2.0), Rule(("z",), "y", 1, 0.25, 0.5, 1.5)]
    table = next_products(customers, rules)
    assert [(row["customer_id"], row["product"], row["because"]) for row in table.to_pylist()] == [
        ("bob", "y", "x"),
        ("cy", "y", "x"),
        ("dan", "y", "z"),
    ]
    assert next_products(customers, []).num_rows == 0


def test_baskets_of_order_lines(engine: Engine, retail: Orders) -> None:
    orders = read_baskets(engine, retail.stage, item="product_id")
    assert len(orders.keys) == 18_532
    customers = read_baskets(engine, retail.stage, item="product_id", key="customer_id")
    assert len(customers.keys) == 4_338
    assert orders.items.keys() == customers.items.keys()
    rules = association_rules(orders, BasketSettings(support=0.01, confidence=0.6, most_items=3))
    best = rules[0]
    both = orders.items[best.consequent]
    for item in best.antecedent:
        both &= orders.items[item]
    assert both.bit_count() == best.baskets
    waiting = next_products(customers, rules[:1])
    have = set(waiting["customer_id"].to_pylist())
    owners = customers.items[best.consequent]
    assert not any(owners >> customers.keys.index(name) & 1 for name in have)


def test_too_many_groups_are_refused(monkeypatch: pytest.MonkeyPatch, groceries: Baskets) -> None:
    monkeypatch.setattr("custseg.segment.baskets.MOST_ITEMSETS", 50)
    with pytest.raises(LimitError) as caught:
        association_rules(groceries)
    assert caught.value.key == "segment.too_many_itemsets"
