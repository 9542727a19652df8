"""What is bought together: association rules with one consequent, and who has yet to buy it.

Agrawal, Imieliński, Swami, SIGMOD 1993; itemsets grow depth-first over sets of baskets (Zaki,
Scalable Algorithms for Association Mining, 2000). Thresholds compare whole numbers: a share
such as 0.8 is taken as the fraction 4/5, so that no rule on the threshold is lost to rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from custseg.engine import Engine
from custseg.errors import LimitError
from custseg.segment.lines import Stage

MOST_ITEMSETS: Final = 500_000

_BASKETS = """
SELECT DISTINCT {key} AS basket, {item} AS item FROM judged
WHERE reason IS NULL AND {key} IS NOT NULL AND {item} IS NOT NULL ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Baskets:
    """Which baskets hold which items, a bit a basket.

    Attributes
    ----------
    keys
        What each bit stands for: an order, or a customer.
    items
        Item → its baskets, as the bits of a whole number; items ascending.
    """

    keys: Sequence[str]
    items: Mapping[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketSettings:
    """Which rules are made.

    Attributes
    ----------
    support
        Least share of baskets that hold antecedent and consequent.
    confidence
        Least share of baskets with the antecedent that hold the consequent.
    most_items
        Most items of a rule, consequent included.
    """

    support: float = 0.001
    confidence: float = 0.25
    most_items: int = 10


class Rule(NamedTuple):
    """Who bought all of `antecedent` also bought `consequent`.

    `lift` is how many times more often than everyone; `baskets` hold all of it.
    """

    antecedent: tuple[str, ...]
    consequent: str
    baskets: int
    support: float
    confidence: float
    lift: float


def baskets_of(rows: Iterable[tuple[str, Iterable[str]]]) -> Baskets:
    """Make baskets of (key, items) pairs; an item twice in a basket counts once."""
    keys = []
    members: dict[str, list[int]] = {}
    for place, (key, items) in enumerate(rows):
        keys.append(key)
        for item in set(items):
            members.setdefault(item, []).append(place)
    size = len(keys)
    return Baskets(keys, {item: _bits(np.array(members[item]), size) for item in sorted(members)})


def read_baskets(engine: Engine, stage: Stage, *, item: str, key: str = "order_id") -> Baskets:
    """Make baskets of the order lines that count.

    Parameters
    ----------
    item
        The role that names an item: ``"product_id"``, ``"product_name"`` or ``"category"``.
    key
        What a basket is: ``"order_id"``, or ``"customer_id"`` for all a customer ever bought.
    """
    found = stage.run(engine, _BASKETS.format(item=item, key=key))
    baskets = found["basket"].combine_chunks().dictionary_encode()
    items = found["item"].combine_chunks().dictionary_encode()
    order = np.argsort(items.indices.to_numpy(), kind="stable")
    places = baskets.indices.to_numpy()[order]
    bounds = np.cumsum(np.bincount(items.indices.to_numpy(), minlength=len(items.dictionary)))
    groups = np.split(places, bounds[:-1]) if len(bounds) else []
    size = len(baskets.dictionary)
    bits = {
        name: _bits(group, size)
        for name, group in zip(items.dictionary.to_pylist(), groups, strict=True)
    }
    return Baskets(baskets.dictionary.to_pylist(), dict(sorted(bits.items())))


def association_rules(baskets: Baskets, settings: BasketSettings | None = None) -> list[Rule]:
    """Find rules, the highest lift first.

    Raises
    ------
    LimitError
        If more than half a million groups of items are frequent.
    """
    settings = settings or BasketSettings()
    size = len(baskets.keys)
    least = max(ceil(_fraction(settings.support) * size), 1)
    counts: dict[tuple[str, ...], int] = {}
    for itemset, count in _frequent(baskets.items, least, settings.most_items):
        counts[itemset] = count
        if len(counts) > MOST_ITEMSETS:
            raise LimitError(
                "segment.too_many_itemsets", most=MOST_ITEMSETS, support=settings.support
            )
    confidence = _fraction(settings.confidence)
    rules = []
    for itemset, count in counts.items():
        for place, consequent in enumerate(itemset if len(itemset) > 1 else ()):
            antecedent = itemset[:place] + itemset[place + 1 :]
            before = counts[antecedent]
            if count * confidence.denominator >= confidence.numerator * before:
                share = count / before
                lift = share * size / counts[consequent,]
                rules.append(Rule(antecedent, consequent, count, count / size, share, lift))
    return sorted(rules, key=lambda rule: (-rule.lift, -rule.baskets, rule.antecedent))


def next_products(customers: Baskets, rules: Iterable[Rule]) -> pa.Table:
    """Customers who bought a rule's antecedent and have yet to buy its consequent.

    Parameters
    ----------
    customers
        Baskets of customers: all that each ever bought.
    rules
        In order of preference: a customer and product stand once, under the first rule.

    Returns
    -------
    pyarrow.Table
        ``customer_id``, ``product``, ``because`` (the antecedent), ``support``,
        ``confidence``, ``lift``; by rule, then customer.
    """
    full = (1 << len(customers.keys)) - 1
    offered: dict[str, int] = {}
    rows: list[tuple[str, str, str, float, float, float]] = []
    for rule in rules:
        have = full
        for item in rule.antecedent:
            have &= customers.items.get(item, 0)
        have &= ~customers.items.get(rule.consequent, 0) & ~offered.get(rule.consequent, 0)
        offered[rule.consequent] = offered.get(rule.consequent, 0) | have
        because = " + ".join(rule.antecedent)
        rows += [
            (customers.keys[at], rule.consequent, because, rule.support, rule.confidence, rule.lift)
            for at in _places(have, len(customers.keys))
        ]
    names = ("customer_id", "product", "because", "support", "confidence", "lift")
    kinds = (pa.string(), pa.string(), pa.string(), pa.float64(), pa.float64(), pa.float64())
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pa.table(
        {
            name: pa.array(column, kind)
            for name, column, kind in zip(names, columns, kinds, strict=True)
        }
    )


def _frequent(
    items: Mapping[str, int], least: int, most_items: int
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Groups of items in at least so many baskets, each once, with their number."""
    singles = [(item, bits) for item, bits in items.items() if bits.bit_count() >= least]
    stack: list[tuple[tuple[str, ...], list[tuple[str, int]]]] = [((), singles)]
    while stack:
        prefix, branch = stack.pop()
        for place, (item, bits) in enumerate(branch):
            itemset = (*prefix, item)
            yield itemset, bits.bit_count()
            if len(itemset) < most_items:
                longer = [
                    (other, both)
                    for other, theirs in branch[place + 1 :]
                    if (both := bits & theirs).bit_count() >= least
                ]
                if longer:
                    stack.append((itemset, longer))


def _fraction(share: float) -> Fraction:
    """The decimal that a person wrote, exactly: 0.8 is 4/5, not its nearest double."""
    return Fraction(repr(share))


def _bits(places: np.ndarray, size: int) -> int:
    mask = np.zeros(size, dtype=bool)
    mask[places] = True
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def _places(bits: int, size: int) -> list[int]:
    data = np.frombuffer(bits.to_bytes((size + 7) // 8, "little"), dtype=np.uint8)
    found: list[int] = np.flatnonzero(np.unpackbits(data, count=size, bitorder="little")).tolist()
    return found
