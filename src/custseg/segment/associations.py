"""Rules with one consequent: who bought X also bought Y, how surely, and whether by chance.

Agrawal, Imieliński, Swami, SIGMOD 1993. Large baskets hold everything together: so beside lift,
baskets are compared with those of about as many items, and `ratio` says how many times more often
X and Y are together there than if they had nothing to do with each other. A rule is a finding
where it

- is above that number beyond chance (binomial, with the baskets of one buyer taken as a cluster),
- is above it in the baskets that already hold all of X but one item, whichever that is (else the
  longer rule says nothing that a shorter one does not: Webb, Discovering Significant Patterns,
  Machine Learning 68, 2007),

both at 5 % after the correction of Benjamini and Hochberg for all rules that were looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from custseg.segment.baskets import Baskets, Ints
from custseg.segment.inference import adjusted, count_interval, more_than
from custseg.segment.itemsets import ItemGroups, fraction
from custseg.segment.rfm import Floats
from custseg.segment.summary import SMALL

LEVEL: Final = 0.05


class Rule(NamedTuple):
    """Who bought all of `antecedent` also bought `consequent`; places of items."""

    antecedent: tuple[int, ...]
    consequent: int


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules, the highest lift first, with an array a measure.

    Attributes
    ----------
    rules
        What they say.
    baskets, before, after
        Baskets with all of it, with the antecedent, with the consequent.
    buyers, customers
        Different buyers with all of it in a basket; and those of them that are known.
    support, confidence, lift, leverage
        Share of baskets; share of those with the antecedent; how many times more often than in
        all baskets; share of baskets above what independence gives.
    conviction
        How many times more often the rule would fail by independence; infinite where it never
        fails.
    expected, ratio, low, high
        Baskets expected by their sizes; baskets to that number, with its 95 % interval.
    p
        Adjusted for all rules looked at.
    tested
        How many those were.
    """

    rules: tuple[Rule, ...]
    baskets: Ints
    before: Ints
    after: Ints
    buyers: Ints
    customers: Ints
    support: Floats = field(repr=False)
    confidence: Floats = field(repr=False)
    lift: Floats = field(repr=False)
    leverage: Floats = field(repr=False)
    conviction: Floats = field(repr=False)
    expected: Floats = field(repr=False)
    ratio: Floats = field(repr=False)
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    p: Floats = field(repr=False)
    tested: int

    @property
    def findings(self) -> npt.NDArray[np.bool_]:
        """Whether chance does not explain a rule."""
        return (self.p < LEVEL) & (self.ratio > 1)

    @property
    def small(self) -> npt.NDArray[np.bool_]:
        """Whether one buyer weighs 1 % or more."""
        return self.buyers < SMALL


def find_rules(
    baskets: Baskets, found: ItemGroups, *, confidence: float = 0.0, lift: float = 0.0
) -> Rules:
    """Make rules of frequent groups.

    Parameters
    ----------
    confidence, lift
        The least of each that a rule has; compared as fractions, so that none on the threshold
        is lost to rounding.
    """
    rules, places = _listed(found)
    both, before, after = places.T
    counts = found.counts
    n, a, b = (counts[each] for each in (both, before, after))
    size = len(baskets)
    p, expected = _chance(baskets, found, rules, places)
    kept = _at_least(n, a, confidence) & _at_least(n * size, a * b, lift)
    corrected = adjusted(p, max(found.tested, len(p)))
    share = n / np.maximum(a, 1)
    lifts = n * size / np.maximum(a * b, 1)
    order = sorted(np.flatnonzero(kept).tolist(), key=lambda at: (-lifts[at], -n[at], *rules[at]))
    take = np.array(order, dtype=np.int64)
    clustering = found.clustering[both]
    low, high = count_interval(n / clustering, np.minimum(a, b) / clustering)
    with np.errstate(divide="ignore", invalid="ignore"):
        conviction = (1 - b / size) / (1 - share)
        ratio = n / expected
        bounds = low * clustering / expected, high * clustering / expected
    return Rules(
        tuple(rules[at] for at in order),
        n[take],
        a[take],
        b[take],
        found.buyers[both][take],
        found.customers[both][take],
        n[take] / size,
        share[take],
        lifts[take],
        (n / size - a / size * (b / size))[take],
        conviction[take],
        expected[take],
        ratio[take],
        bounds[0][take],
        bounds[1][take],
        corrected[take],
        found.tested,
    )


def _listed(found: ItemGroups) -> tuple[list[Rule], Ints]:
    """Every rule, and the places of its group, antecedent and consequent."""
    rules: list[Rule] = []
    places: list[tuple[int, int, int]] = []
    for at, group in enumerate(found.groups):
        for out, consequent in enumerate(group if len(group) > 1 else ()):
            antecedent = group[:out] + group[out + 1 :]
            rules.append(Rule(tuple(sorted(antecedent)), consequent))
            places.append((at, found.places[antecedent], found.places[consequent,]))
    return rules, np.array(places, dtype=np.int64).reshape(-1, 3)


def _at_least(part: Ints, whole: Ints, share: float) -> npt.NDArray[np.bool_]:
    least = fraction(share)
    # Python's whole numbers have no bound, and products of counts may need it.
    return np.array(
        [
            p * least.denominator >= least.numerator * w
            for p, w in zip(part.tolist(), whole.tolist(), strict=True)
        ],
        dtype=bool,
    )


def _chance(
    baskets: Baskets, found: ItemGroups, rules: Sequence[Rule], places: Ints
) -> tuple[Floats, Floats]:
    """The chance of each rule where it says nothing, and the baskets expected by their sizes."""
    both, before, after = places.T
    n, clustering = found.counts[both], found.clustering[both]
    expected = _by_size(baskets, found, rules, places)
    trials = np.minimum(found.counts[before], found.counts[after])
    p = more_than(n / clustering, trials / clustering, expected / clustering)
    longer: list[tuple[int, int, int]] = []
    for at, (group, antecedent, _) in enumerate(places.tolist()):
        if len(found.groups[antecedent]) > 1:
            for item in found.groups[antecedent]:
                less = tuple(each for each in found.groups[antecedent] if each != item)
                with_last = tuple(each for each in found.groups[group] if each != item)
                longer.append((at, found.places[less], found.places[with_last]))
    if longer:
        at, less, with_last = np.array(longer, dtype=np.int64).T
        by_shorter = _by_shorter(baskets, found, before[at], less, with_last)
        trials = np.minimum(found.counts[before[at]], found.counts[with_last])
        each = clustering[at]
        again = more_than(n[at] / each, trials / each, by_shorter / each)
        np.maximum.at(p, at, again)
    return p, expected


def _by_size(baskets: Baskets, found: ItemGroups, rules: Sequence[Rule], places: Ints) -> Floats:
    """Baskets with all of each rule, where its consequent has nothing to do with the others."""
    whole, held = baskets.band_sizes
    number = np.maximum(whole, 1)
    expected = np.zeros(len(rules))
    taken = np.array([len(rule.antecedent) for rule in rules])
    for size in np.unique(taken).tolist():
        at = np.flatnonzero(taken == size)
        right = found.by_band[places[at, 2]] / number
        each = found.by_band[places[at, 1]] * right * (held > size)
        for part in range(size):
            items = [found.places[rules[rule].antecedent[part],] for rule in at.tolist()]
            each = each * _room(found.by_band[items] / number, right, baskets.band_spread)
        expected[at] = each.sum(axis=1)
    return expected


def _by_shorter(
    baskets: Baskets, found: ItemGroups, before: Ints, less: Ints, with_last: Ints
) -> Floats:
    """The same within the baskets that hold all of the antecedent but one item."""
    _, held = baskets.band_sizes
    taken = np.array([len(found.groups[at]) for at in less.tolist()])[:, None]
    left = np.maximum(held - taken, 0)
    given = np.maximum(found.by_band[less], 1)
    item, last = found.by_band[before] / given, found.by_band[with_last] / given
    spread = baskets.band_spread * left / np.maximum(held, 1)
    each = given * item * last * _room(item, last, spread) * (left > 1)
    total: Floats = each.sum(axis=1)
    return total


def _room(left: Floats, right: Floats, spread: Floats) -> Floats:
    """How much less often two items share a basket of a given size, for it has only so many places.

    Hájek's approximation for items drawn without putting back: Asymptotic Theory of Rejective
    Sampling, Annals of Mathematical Statistics 35 (1964).
    """
    room: Floats = 1 - (1 - left) * (1 - right) / np.maximum(spread, 1e-9)
    return np.clip(room, 0.0, 1.0)
