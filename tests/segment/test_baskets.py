"""Products together: published numbers, counting by brute force, and chance."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.errors import LimitError
from custseg.segment.associations import Rules, find_rules
from custseg.segment.baskets import Baskets, baskets_of, read_baskets
from custseg.segment.itemsets import find_groups, least_baskets
from custseg.segment.orders import Orders
from custseg.segment.products import read_products

LETTERS = "abcde"


@pytest.fixture(scope="module")
def groceries(shared_data: Path) -> Baskets:
    lines = (shared_data / "segment" / "groceries.csv").read_text().splitlines()
    return baskets_of((None, line.split(",")) for line in lines)


def rules_of(
    baskets: Baskets,
    support: float | None = None,
    confidence: float = 0.0,
    least: int = 1,
    most: int = 10,
) -> Rules:
    groups = find_groups(baskets, support=support, least_count=least, most_items=most)
    return find_rules(baskets, groups, confidence=confidence)


def named(baskets: Baskets, items: tuple[int, ...]) -> set[str]:
    return {baskets.labels[item] for item in items}


def test_rules_of_groceries(groceries: Baskets) -> None:
    assert len(groceries) == groceries.guests == 9_835
    assert len(groceries.labels) == 169
    found = rules_of(groceries, 0.001, 0.8)
    assert len(found.rules) == 410
    sizes = Counter(len(rule.antecedent) + 1 for rule in found.rules)
    assert sizes == {3: 29, 4: 229, 5: 140, 6: 12}
    top = found.rules[0]
    assert named(groceries, top.antecedent) == {"liquor", "red/blush wine"}
    assert groceries.labels[top.consequent] == "bottled beer"
    assert (found.support[0], found.confidence[0], found.lift[0]) == pytest.approx(
        (0.001931876, 0.9047619, 11.23527), rel=1e-6
    )


def test_more_common_rules_of_groceries(groceries: Baskets) -> None:
    assert len(rules_of(groceries, 0.006, 0.25).rules) == 463


def test_few_rules_of_groceries_are_findings(groceries: Baskets) -> None:
    """Large baskets explain most of what is together; what is left is what a grocer knows."""
    groups = find_groups(groceries, support=None, least_count=30, most_items=3)
    found = find_rules(groceries, groups, confidence=0.1, lift=1.2)
    findings = {
        (*sorted(named(groceries, found.rules[at].antecedent)),
         groceries.labels[found.rules[at].consequent])
        for at in np.flatnonzero(found.findings)
    }  # fmt: skip
    assert 10 < len(findings) < len(found.rules) / 20
    assert {("liquor", "bottled beer"), ("flour", "sugar"), ("sausage", "rolls/buns")} <= findings
    assert ("whole milk", "other vegetables") not in findings


@given(
    st.lists(st.tuples(st.sampled_from([None, "p", "q", "r"]), st.sets(st.sampled_from(LETTERS))),
             min_size=1, max_size=12).filter(lambda rows: any(items for _, items in rows)),
    st.sampled_from([0.1, 0.2, 0.25, 0.5]),
    st.sampled_from([0.1, 0.5, 0.6, 0.8, 1.0]),
)  # fmt: skip
def test_rules_against_counting_every_subset(
    rows: list[tuple[str | None, set[str]]], support: float, confidence: float
) -> None:
    rows = [row for row in rows if row[1]]
    baskets = baskets_of(rows)

    def having(items: tuple[str, ...]) -> list[str | None]:
        return [who for who, row in rows if set(items) <= row]

    plain = {}
    for n in range(2, 6):
        for itemset in combinations(LETTERS, n):
            together = having(itemset)
            if not together or len(together) < Fraction(str(support)) * len(rows):
                continue
            for consequent in itemset:
                antecedent = tuple(item for item in itemset if item != consequent)
                if len(together) >= Fraction(str(confidence)) * len(having(antecedent)):
                    guests = together.count(None)
                    known = len(set(together) - {None})
                    plain[antecedent, consequent] = (len(together), known + guests, known)
    found = rules_of(baskets, support, confidence)
    mined = {
        (tuple(sorted(named(baskets, rule.antecedent))), baskets.labels[rule.consequent]): counts
        for rule, counts in zip(
            found.rules,
            zip(found.baskets, found.buyers, found.customers, strict=True),
            strict=True,
        )
    }
    assert mined == plain
    for at, rule in enumerate(found.rules):
        share = len(having((baskets.labels[rule.consequent],))) / len(rows)
        assert found.lift[at] == pytest.approx(found.confidence[at] / share)
        part = len(having(tuple(named(baskets, rule.antecedent)))) / len(rows)
        assert found.leverage[at] == pytest.approx(found.support[at] - part * share)
        if found.confidence[at] < 1:
            fails = (1 - share) / (1 - found.confidence[at])
            assert found.conviction[at] == pytest.approx(fails)


@given(st.lists(st.sets(st.sampled_from("abcdefg"), min_size=1), min_size=5, max_size=40))
def test_order_and_repetition_change_nothing_and_lift_is_symmetric(rows: list[set[str]]) -> None:
    pairs = [(f"p{at % 7}", row) for at, row in enumerate(rows)]
    first = rules_of(baskets_of(pairs), 0.1)
    again = rules_of(baskets_of((who, [*row, *row]) for who, row in reversed(pairs)), 0.1)
    assert first.rules == again.rules
    assert np.array_equal(first.p, again.p)
    assert np.array_equal(first.ratio, again.ratio)
    of_pairs = {
        (*rule.antecedent, rule.consequent): (found_lift, ratio)
        for rule, found_lift, ratio in zip(first.rules, first.lift, first.ratio, strict=True)
        if len(rule.antecedent) == 1
    }
    for (x, y), both in of_pairs.items():
        assert of_pairs[y, x] == pytest.approx(both)


def shop(seed: int, items: int, size: float, skew: float, customers: int = 2_000) -> Baskets:
    """A shop in which no product has anything to do with another: some sell better, that is all."""
    rng = np.random.default_rng(seed)
    weights = skew * rng.standard_normal(items)
    order = np.argsort(-(weights + rng.gumbel(size=(customers, items))), axis=1)
    sizes = np.minimum(1 + rng.negative_binomial(1.2, 1.2 / (1.2 + size), customers), items)
    return baskets_of(
        (f"c{at}", [f"i{item}" for item in order[at, : sizes[at]]]) for at in range(customers)
    )


@pytest.mark.parametrize(("items", "size", "skew"), [(8, 3, 1.5), (30, 3, 1.0), (60, 5, 1.3)])
def test_where_nothing_is_together_nothing_is_found(items: int, size: float, skew: float) -> None:
    findings, lifted = 0, 0
    for seed in range(6):
        found = rules_of(shop(seed, items, size, skew), least=20, most=3)
        findings += int(found.findings.any())
        lifted += int((found.lift > 1.2).sum())
    assert findings <= 1
    assert lifted > 100 or items < 10


def test_what_is_together_is_found_and_a_longer_rule_that_says_no_more_is_not() -> None:
    rng = np.random.default_rng(5)
    rows = []
    for who in range(3_000):
        basket = {f"i{item}" for item in rng.integers(0, 40, rng.integers(1, 6))}
        if rng.random() < 0.1:
            basket |= {"tea", "cups"} if rng.random() < 0.7 else {"tea"}
        rows.append((f"c{who}", basket))
    baskets = baskets_of(rows)
    found = rules_of(baskets, least=10, most=3)
    findings = [found.rules[at] for at in np.flatnonzero(found.findings)]
    assert {
        frozenset(named(baskets, (*rule.antecedent, rule.consequent))) for rule in findings
    } == {frozenset({"tea", "cups"})}
    assert len(findings) == 2


def test_the_habit_of_one_customer_is_no_finding() -> None:
    """A buyer's baskets are a cluster: forty of one say less than forty of forty."""
    rng = np.random.default_rng(6)
    rest = []
    for who in range(2_000):
        basket = {f"i{item}" for item in rng.integers(0, 30, rng.integers(1, 6))}
        basket |= {0: {"tea"}, 7: {"cups"}}.get(who % 20, set())
        rest.append((f"c{who}", basket))
    for one, expected in ((True, False), (False, True)):
        both = [("x" if one else f"x{n}", {"tea", "cups", f"i{n % 30}"}) for n in range(40)]
        baskets = baskets_of(rest + both)
        found = rules_of(baskets, least=20, most=2)
        at = next(
            at
            for at, rule in enumerate(found.rules)
            if named(baskets, (*rule.antecedent, rule.consequent)) == {"tea", "cups"}
        )
        assert found.buyers[at] == (1 if one else 40)
        assert bool(found.findings[at]) == expected
        assert bool(found.small[at])


def test_baskets_of_order_lines(engine: Engine, retail: Orders) -> None:
    products = read_products(engine, retail.stage, "product")
    assert "POSTAGE" in products.left_out
    orders = read_baskets(engine, retail.stage, products)
    assert (len(orders), orders.guests) == (18_402, 0)
    customers = read_baskets(engine, retail.stage, products, "customer")
    assert len(customers) == len(customers.customers) == 4_334
    lines = retail.stage.run(
        engine,
        "SELECT COUNT(*) AS n, COUNT(DISTINCT (order_id, UPPER(product_id))) AS held FROM judged "
        "WHERE reason IS NULL "
        "AND UPPER(product_id) NOT IN ('POST', 'DOT', 'M', 'C2', 'BANK CHARGES')",
    ).to_pylist()[0]
    assert len(orders.held) == lines["held"] < lines["n"]
    at = products.find("white hanging heart  T-LIGHT holder")
    assert at is not None
    assert at == products.find("85123a")
    assert len(orders.having(at)) == orders.counts[at] > 1_900


def test_a_support_nobody_chose_is_raised_and_one_that_was_chosen_is_refused(
    monkeypatch: pytest.MonkeyPatch, groceries: Baskets
) -> None:
    monkeypatch.setattr("custseg.segment.itemsets.MOST_GROUPS", 50)
    monkeypatch.setattr("custseg.segment.itemsets.ENOUGH_GROUPS", 50)
    with pytest.raises(LimitError) as caught:
        find_groups(groceries, support=0.001, least_count=1, most_items=3)
    assert caught.value.key == "basket.too_many_groups"
    found = find_groups(groceries, support=None, least_count=1, most_items=3)
    assert 10 < len(found.groups) <= 50
    assert found.least > least_baskets(9_835, None, 1) == 10
