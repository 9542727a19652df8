"""Bought X, not yet Y: who is offered what, and what that may be worth.

The chance that stands behind an offer is a share of customers: of those who ever bought all of X,
how many ever bought Y. What is expected of one customer is that share × what a purchase of Y
usually comes to. It is what the customers with X did without an offer, not a promise: who has not
bought Y yet may have had every occasion to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.associations import Rule
from custseg.segment.baskets import Baskets, Ints
from custseg.segment.orders import Orders, plain_money
from custseg.segment.products import Products, folded
from custseg.segment.rfm import Floats
from custseg.segment.summary import SMALL

_ARROWS = ("->", "→", "⇒")

_CUSTOMERS = """
SELECT customer_id, COUNT(*) AS frequency, SUM(amount) AS monetary, MAX(order_date) AS last_order
FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id ORDER BY customer_id"""


@dataclass(frozen=True, slots=True)
class Offer:
    """Customers who bought all of the antecedent and never the consequent.

    Attributes
    ----------
    rule
        The antecedent and what is offered.
    waiting
        Places of the customers, ascending.
    bought, both
        Customers with the antecedent; those of them with the consequent.
    share, base, support
        Their share; that of all customers; and those with all of it as a share of all customers.
    usual
        What a purchase of the consequent usually comes to; not a number where unknown.
    """

    rule: Rule
    waiting: Ints = field(repr=False)
    bought: int
    both: int
    share: float
    base: float
    support: float
    usual: float

    @property
    def lift(self) -> float:
        """How many times more often than all customers; 0 where nobody has it."""
        return self.share / self.base if self.base else 0.0

    @property
    def expected(self) -> float:
        """Money expected of one customer."""
        return self.share * self.usual

    @property
    def gain(self) -> float:
        """Expected of all of them above what any customers would give; purchases without money."""
        each = self.usual if isfinite(self.usual) else 1.0
        return len(self.waiting) * (self.share - self.base) * each


def make_offer(customers: Baskets, rule: Rule) -> Offer:
    """See who has yet to buy the consequent of a rule.

    Parameters
    ----------
    customers
        All that each customer ever bought.
    """
    having = customers.having_all(rule.antecedent)
    owns = np.zeros(len(customers), dtype=bool)
    owns[customers.having(rule.consequent)] = True
    both = int(np.count_nonzero(owns[having]))
    return Offer(
        rule,
        having[~owns[having]],
        len(having),
        both,
        both / max(len(having), 1),
        float(customers.counts[rule.consequent] / max(len(customers), 1)),
        both / max(len(customers), 1),
        float(customers.usual[rule.consequent]),
    )


def best_offers(customers: Baskets, rules: Iterable[Rule], number: int) -> list[Offer]:
    """Choose the offers that gain most, one a product at most."""
    best: dict[int, Offer] = {}
    for rule in rules if number else ():
        made = make_offer(customers, rule)
        known = best.get(rule.consequent)
        if made.gain > 0 and (known is None or _order(made) < _order(known)):
            best[rule.consequent] = made
    return sorted(best.values(), key=_order)[:number]


def _order(offer: Offer) -> tuple[float, Rule]:
    return -offer.gain, offer.rule


def parse_rule(text: str, products: Products) -> tuple[Rule | None, str]:
    """Read ``X + Z -> Y``; None and the part that names nothing where one does not.

    A part is a product's name or number; one that holds a `` + `` itself is tried whole first.
    """
    arrow = next((each for each in _ARROWS if each in text), None)
    if arrow is None:
        return None, text
    left, _, right = text.rpartition(arrow)
    consequent = products.find(right)
    if consequent is None:
        return None, right.strip()
    whole = products.find(left)
    antecedent = []
    for part in left.split(" + ") if whole is None else ():
        found = products.find(part)
        if found is None:
            return None, part.strip()
        antecedent.append(found)
    antecedent = sorted(set(antecedent)) if whole is None else [whole]
    if consequent in antecedent:
        return None, right.strip()
    return Rule(tuple(antecedent), consequent), ""


def nearest_product(text: str, products: Products) -> str:
    """Give the label nearest to what names nothing."""
    from difflib import get_close_matches

    known = {folded(label): label for label in products.labels}
    found = get_close_matches(folded(text), known, n=1, cutoff=0.0)
    return known[found[0]] if found else ""


def rule_text(antecedent: Sequence[int], consequent: int, labels: Sequence[str]) -> str:
    """Write a rule: ``X + Z → Y``."""
    return f"{' + '.join(labels[item] for item in antecedent)} → {labels[consequent]}"


def customer_facts(engine: Engine, orders: Orders, customers: Baskets) -> pa.Table:
    """What a list says of each customer beside the offer, in the order of `customers`."""
    found = engine.sql(_CUSTOMERS, orders=orders.table)
    place = found.column_names.index("monetary")
    found = found.set_column(place, "monetary", plain_money(found["monetary"]))
    return found.filter(pc.is_in(found["customer_id"], value_set=customers.customers))


def offer_table(
    offer: Offer, customers: Baskets, facts: pa.Table, rules: Sequence[Rule]
) -> pa.Table:
    """Make the rows of a list, before contact columns.

    A customer who bought more than the antecedent has the reason that says most: of all `rules`
    to the same product, the one with the largest share of customers; of 101 customers at least,
    so that chance does not choose it.
    """
    share = np.full(len(offer.waiting), offer.share)
    lift, support = np.full((2, len(share)), [[offer.lift], [offer.support]])
    reason = np.zeros(len(offer.waiting), dtype=np.int64)
    place = {who: at for at, who in enumerate(offer.waiting.tolist())}
    others = [offer.rule, *(each for each in rules if each.consequent == offer.rule.consequent)]
    for number, rule in enumerate(others):
        made = make_offer(customers, rule) if number else offer
        if made.bought < SMALL and number:
            continue
        inside = [place[who] for who in made.waiting.tolist() if who in place]
        places = np.array(inside, dtype=np.int64)
        better = places[share[places] < made.share]
        share[better], reason[better] = made.share, number
        lift[better], support[better] = made.lift, made.support
    labels = customers.labels
    said = [" + ".join(labels[item] for item in rule.antecedent) for rule in others]
    table = facts.take(pa.array(offer.waiting))
    worth: Floats = share * offer.usual
    columns = {
        "product": pa.array([labels[offer.rule.consequent]] * len(share), pa.string()),
        "because_bought": pa.array(said, pa.string()).take(pa.array(reason)),
        "chance": pa.array(share.round(6)),
        "support": pa.array(support.round(6)),
        "lift": pa.array(lift.round(6)),
        "usual_amount": pa.array(np.full(len(share), offer.usual).round(4), from_pandas=True),
        "expected_value": pa.array(worth.round(4), from_pandas=True),
    }
    for at, (name, column) in enumerate(columns.items(), start=1):
        table = table.add_column(at, name, column)
    return table
