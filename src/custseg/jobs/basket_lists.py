"""The lists of a run of ``basket``: who bought X and not yet Y, and how to reach them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.engine import Engine
from custseg.errors import UsageError
from custseg.segment.associations import Rule, Rules
from custseg.segment.basket_summary import NextOfferRow, OfferRow
from custseg.segment.baskets import Baskets, read_baskets
from custseg.segment.contacts import ContactList, Contacts, contact_lists
from custseg.segment.describe_baskets import describe_next_offer, describe_offer, offer_files
from custseg.segment.next_offers import best_next_offers, next_offer_table
from custseg.segment.next_purchase import NextPurchases
from custseg.segment.offers import (
    best_offers,
    customer_facts,
    make_offer,
    nearest_product,
    offer_table,
    parse_rule,
    rule_text,
)
from custseg.segment.orders import Orders
from custseg.segment.products import Products

_BEST_FIRST: Final = (
    ("expected_value", "descending"),
    ("chance", "descending"),
    ("monetary", "descending"),
)


class ListMaker:
    """Makes lists, one after another, all through the same consent gate.

    Attributes
    ----------
    lists
        Those made so far.
    """

    def __init__(
        self,
        engine: Engine,
        found: Orders,
        products: Products,
        owned: Baskets | None,
        contacts: Contacts | None,
    ) -> None:
        self._engine, self._found, self._products = engine, found, products
        self._read, self._contacts = owned, contacts
        self.lists: list[ContactList] = []

    @cached_property
    def _owned(self) -> Baskets:
        """All that each customer ever bought."""
        if self._read is not None:
            return self._read
        return read_baskets(self._engine, self._found.stage, self._products, "customer")

    @cached_property
    def _facts(self) -> pa.Table:
        return customer_facts(self._engine, self._found, self._owned)

    @cached_property
    def _known(self) -> bool:
        """Whether any order has a customer."""
        return len(self._found.table["customer_id"].drop_null()) > 0

    def of_rules(self, wanted: Sequence[str], rules: Rules, number: int) -> tuple[OfferRow, ...]:
        """Make the list of each rule asked for, or of the best ones; none without customers.

        Raises
        ------
        UsageError
            If a rule names no product.
        """
        asked = [self._rule(text) for text in wanted]
        if not self._known:
            return ()
        owned, labels = self._owned, self._products.labels
        findings = [rules.rules[at] for at in np.flatnonzero(rules.findings).tolist()]
        if asked:
            offers = [make_offer(owned, rule) for rule in asked]
        else:
            offers = best_offers(owned, findings, number)
        known = set(findings)
        pairs = [(offer.rule.antecedent[0], offer.rule.consequent) for offer in offers]
        rows = []
        for offer, file in zip(offers, offer_files(pairs, labels), strict=True):
            finding = offer.rule in known
            rows.append(describe_offer(offer, file, labels, finding=finding))
            name = rule_text(offer.rule.antecedent, offer.rule.consequent, labels)
            self._add(name, file, offer_table(offer, owned, self._facts, findings))
        return tuple(rows)

    def of_next(
        self, firsts: pa.Table | None, following: NextPurchases | None, days: int, number: int
    ) -> tuple[NextOfferRow, ...]:
        """Make the lists of what usually follows, for whom the days are not over."""
        if firsts is None or following is None or not number:
            return ()
        owned, labels, as_of = self._owned, self._products.labels, self._found.as_of
        offers = best_next_offers(owned, firsts, following, as_of=as_of, days=days, number=number)
        files = offer_files([(offer.first, offer.then) for offer in offers], labels, "next ")
        for offer, file in zip(offers, files, strict=True):
            table = next_offer_table(offer, owned, self._facts, as_of=as_of, days=days)
            name = rule_text([offer.first], offer.then, labels)
            self._add(f"{name} ({days})", file, table)
        return tuple(
            describe_next_offer(offer, file, labels)
            for offer, file in zip(offers, files, strict=True)
        )

    def _add(self, name: str, file: str, table: pa.Table) -> None:
        everyone = {name: np.ones(len(table), dtype=bool)}
        self.lists += contact_lists(table, {name: file}, self._contacts, everyone, _BEST_FIRST)

    def _rule(self, text: str) -> Rule:
        rule, part = parse_rule(text, self._products)
        if rule is None:
            nearest = nearest_product(part, self._products)
            raise UsageError("basket.rule", rule=text, part=part, nearest=nearest)
        return rule
