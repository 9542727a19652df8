"""From rules and pairs to tables, and to the numbers that a report shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from math import isfinite
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.segment.associations import Rules
from custseg.segment.basket_summary import (
    MatrixSummary,
    NextOfferRow,
    NextRow,
    NextSummary,
    OfferRow,
    TogetherRow,
    TogetherSummary,
)
from custseg.segment.baskets import Baskets, Ints
from custseg.segment.itemsets import ItemGroups
from custseg.segment.maps import slugs
from custseg.segment.next_offers import NextOffer
from custseg.segment.next_purchase import NextPurchases
from custseg.segment.offers import Offer
from custseg.segment.rfm import Floats

_SHOWN: Final = 50
_MATRIX: Final = 10
_DIGITS: Final = 9
"""Significant digits of shares and lift in tables, and decimals of p."""

_FILE_PART: Final = 24


def group_table(baskets: Baskets, found: ItemGroups) -> pa.Table:
    """Give groups that are often together, most baskets first."""
    labels = baskets.labels
    counts = found.counts
    order = sorted(range(len(counts)), key=lambda at: (-counts[at], sorted(found.groups[at])))
    take = np.array(order, dtype=np.int64)
    groups = [sorted(found.groups[at]) for at in order]
    return pa.table(
        {
            "items": pa.array([" + ".join(labels[item] for item in each) for each in groups]),
            "size": pa.array([len(each) for each in groups], pa.int64()),
            "baskets": counts[take],
            "customers": found.customers[take],
            "support": significant(counts[take] / len(baskets)),
        }
    )


def rule_table(baskets: Baskets, found: Rules, most: int | None = None) -> pa.Table:
    """Give rules, the highest lift first; of more than `most`, findings before others."""
    labels = baskets.labels
    antecedents = [" + ".join(labels[item] for item in rule.antecedent) for rule in found.rules]
    consequents = [labels[rule.consequent] for rule in found.rules]
    table = pa.table(
        {
            "antecedent": pa.array(antecedents, pa.string()),
            "consequent": pa.array(consequents, pa.string()),
            "items": pa.array([len(rule.antecedent) + 1 for rule in found.rules], pa.int64()),
            "baskets": found.baskets,
            "baskets_antecedent": found.before,
            "baskets_consequent": found.after,
            "customers": found.customers,
            "support": significant(found.support),
            "confidence": significant(found.confidence),
            "lift": significant(found.lift),
            "leverage": significant(found.leverage),
            "conviction": _number(found.conviction),
            "expected_baskets": found.expected.round(4),
            "ratio": _number(found.ratio),
            "ratio_low": _number(found.low),
            "ratio_high": _number(found.high),
            "p_adjusted": found.p.round(_DIGITS),
            "finding": pa.array(found.findings),
            "small": pa.array(found.small),
        }
    )
    if most is None or most >= len(table):
        return table
    kept = np.argsort(~found.findings, kind="stable")[:most]
    return table.take(pa.array(np.sort(kept)))


def next_table(labels: Sequence[str], found: NextPurchases) -> pa.Table:
    """Give pairs of a first and a next product, the clearest first."""
    return pa.table(
        {
            "first": pa.array([labels[item] for item in found.first], pa.string()),
            "then": pa.array([labels[item] for item in found.then], pa.string()),
            "customers": found.customers,
            "customers_first": found.at_risk,
            "confidence": significant(found.confidence),
            "expected_customers": found.expected.round(4),
            "ratio": _number(found.ratio),
            "ratio_low": _number(found.low),
            "ratio_high": _number(found.high),
            "median_days": found.median_days,
            "p_adjusted": found.p.round(_DIGITS),
            "finding": pa.array(found.findings),
            "small": pa.array(found.small),
        }
    )


def significant(values: Floats) -> Floats:
    """Round to :data:`_DIGITS` significant digits."""
    with np.errstate(divide="ignore"):
        places = _DIGITS - 1 - np.floor(np.log10(np.abs(values)))
    unit = 10.0 ** np.where(values == 0, 0, places)
    found: Floats = np.round(values * unit) / unit
    return found


def _number(values: Floats) -> pa.Array:
    """Give numbers rounded for a table, null where there is none (a division by 0)."""
    return pa.array(values.round(6), mask=~np.isfinite(values))


def describe_together(
    baskets: Baskets, groups: ItemGroups, found: Rules, *, asked: int, least: tuple[float, float]
) -> TogetherSummary:
    """Say what is bought together.

    Parameters
    ----------
    asked
        Baskets that a group would have needed, had there not been too many groups.
    least
        Least confidence and lift of a rule.
    """
    order = most_above(found)
    rows: list[TogetherRow] = []
    seen: set[frozenset[int]] = set()
    for at in order.tolist():
        rule = found.rules[at]
        group = frozenset((*rule.antecedent, rule.consequent))
        if group in seen or len(rows) == _SHOWN:
            continue
        seen.add(group)
        rows.append(
            TogetherRow(
                antecedent=tuple(baskets.labels[item] for item in rule.antecedent),
                consequent=baskets.labels[rule.consequent],
                baskets=int(found.baskets[at]),
                customers=int(found.customers[at]),
                confidence=float(found.confidence[at]),
                lift=float(found.lift[at]),
                ratio=float(found.ratio[at]),
                low=float(found.low[at]),
                high=float(found.high[at]),
                small=bool(found.small[at]),
            )
        )
    return TogetherSummary(
        baskets=len(baskets),
        guests=baskets.guests,
        items=len(baskets.labels),
        customers=len(baskets.customers),
        least=groups.least,
        raised=groups.least > asked,
        confidence=least[0],
        lift=least[1],
        groups=len(groups.groups),
        tested=found.tested,
        rules=len(found.rules),
        findings=int(np.count_nonzero(found.findings)),
        rows=tuple(rows),
    )


def most_above(found: Rules) -> Ints:
    """Findings by baskets above what is expected; of one group the surer rule first."""
    above = np.round(found.baskets - found.expected, 6)
    order = np.lexsort([np.arange(len(above)), -found.confidence, -above])
    return order[found.findings[order]]


def describe_next(
    labels: Sequence[str], found: NextPurchases, *, days: int, least: int
) -> NextSummary:
    """Say what is bought next."""
    shown = np.flatnonzero(found.findings)[:_SHOWN]
    return NextSummary(
        days=days,
        least=least,
        tested=found.tested,
        pairs=len(found.first),
        findings=int(np.count_nonzero(found.findings)),
        rows=tuple(
            NextRow(
                first=labels[found.first[at]],
                then=labels[found.then[at]],
                customers=int(found.customers[at]),
                at_risk=int(found.at_risk[at]),
                confidence=float(found.confidence[at]),
                expected=float(found.expected[at]),
                ratio=float(found.ratio[at]),
                low=float(found.low[at]),
                high=float(found.high[at]),
                median_days=float(found.median_days[at]),
                small=bool(found.small[at]),
            )
            for at in shown.tolist()
        ),
    )


def matrix(baskets: Baskets, found: Rules) -> MatrixSummary | None:
    """Cross the products of the strongest pairs with each other; None for fewer than two."""
    ratios: dict[frozenset[int], float] = {}
    chosen: list[int] = []
    for at in most_above(found).tolist():
        rule = found.rules[at]
        if len(rule.antecedent) > 1:
            continue
        pair = (rule.antecedent[0], rule.consequent)
        ratios[frozenset(pair)] = float(found.ratio[at])
        if len(chosen) < _MATRIX:
            chosen += [item for item in pair if item not in chosen]
    chosen = chosen[:_MATRIX]
    if len(chosen) < 2:
        return None
    return MatrixSummary(
        items=tuple(baskets.labels[item] for item in chosen),
        ratios=tuple(
            tuple(ratios.get(frozenset((row, column))) if row != column else None
                  for column in chosen)
            for row in chosen
        ),
    )  # fmt: skip


def offer_files(
    pairs: Sequence[tuple[int, int]], labels: Sequence[str], kind: str = ""
) -> list[str]:
    """Name the list of each offer: its kind and number, what was bought, and what was not yet."""
    width = max(len(str(len(pairs))), 2)
    names = [
        f"{kind}{number:0{width}} {_short(labels[bought])} {_short(labels[offered])}"
        for number, (bought, offered) in enumerate(pairs, start=1)
    ]
    return list(slugs(names).values())


def _short(label: str) -> str:
    return unicodedata.normalize("NFKC", label)[:_FILE_PART]


def describe_offer(offer: Offer, file: str, labels: Sequence[str], *, finding: bool) -> OfferRow:
    """Say what a list is about."""
    known = isfinite(offer.usual)
    return OfferRow(
        file=file,
        antecedent=tuple(labels[item] for item in offer.rule.antecedent),
        consequent=labels[offer.rule.consequent],
        customers=len(offer.waiting),
        bought=offer.bought,
        both=offer.both,
        share=offer.share,
        base=offer.base,
        usual=offer.usual if known else None,
        expected=offer.expected if known else None,
        gain=offer.gain,
        finding=finding,
        lift=offer.lift,
        support=offer.support,
    )


def describe_next_offer(offer: NextOffer, file: str, labels: Sequence[str]) -> NextOfferRow:
    """Say what a list of a next product is about."""
    known = isfinite(offer.usual)
    return NextOfferRow(
        file=file,
        first=labels[offer.first],
        then=labels[offer.then],
        customers=len(offer.waiting),
        passed=offer.passed,
        share=offer.share,
        lift=offer.lift,
        support=offer.support,
        chance=float(offer.chance.mean()),
        usual=offer.usual if known else None,
        expected=offer.expected if known else None,
        gain=offer.gain,
    )
