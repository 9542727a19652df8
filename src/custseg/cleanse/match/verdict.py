"""Why two records are, or are not, one customer of a run, whatever their own weight says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from custseg.cleanse.match.compare import compare_all
from custseg.cleanse.match.model import MatchModel
from custseg.cleanse.match.prepare import Prepared
from custseg.cleanse.match.types import Bools, Decisions, Floats, Ints, MatchSettings

Reason = Literal[
    "decided_same",
    "link",
    "through",
    "through_decided",
    "decided_different",
    "same_source",
    "weight",
    "no_link",
    "mean",
    "decided_between",
    "sources_between",
    "not_compared",
    "skipped",
    "recut",
]
"""``decided_same``, ``decided_different``: a person decided about this very pair.

One customer: ``link``, their own weight is enough; ``through``, a chain of other records holds them
together; ``through_decided``, and a person decided about one link of it or more.

Two customers: ``same_source``, records of one source are never joined here; ``weight``, their own
weight is too low, and each has no other record; ``no_link``, no link between the two customers is
enough; ``mean``, all their links taken together speak against it; ``decided_between``, a person
told apart two of their records; ``sources_between``, they hold two records of one source;
``not_compared``, no key brought them together; ``skipped``, the keys they share are too common;
``recut``, their group was too large and was cut more strictly.
"""

_MOST: Final = 1000
"""Different records of a customer that are looked at."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the records of a run.

    Attributes
    ----------
    customers
        Code of each record's customer.
    names
        What each record is called.
    decisions
        Pairs that a person decided.
    oversize
        Whether a group of records was too large and was cut more strictly.
    """

    customers: Ints
    names: pa.Array
    decisions: Decisions
    oversize: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of two records, and why.

    Attributes
    ----------
    joined
        Whether they are one customer.
    reason
        See :data:`Reason`.
    records
        Names of the records by way of which they are joined, in the order of the chain, or of the
        two that keep them apart.
    weight
        Bits: of the best link between the two customers, or of all on average.
    pairs
        How many links that is the average of.
    threshold
        Probability from which a link holds a customer together.
    """

    joined: bool
    reason: Reason
    records: tuple[str, ...] = ()
    weight: float | None = None
    pairs: int = 0
    threshold: float = 0.5


class Judge:
    """Finds why records are, or are not, one customer.

    Parameters
    ----------
    prepared
        The records, in the order in which the outcome has them.
    model, settings
        What they were matched with.
    outcome
        What became of them.
    """

    def __init__(
        self, prepared: Prepared, model: MatchModel, settings: MatchSettings, outcome: Outcome
    ) -> None:
        self._prepared = prepared
        self._model = model
        self._settings = settings
        self._outcome = outcome
        self._same, self._different = (
            np.unique(_packed(pairs[:, 0], pairs[:, 1]))
            for pairs in (outcome.decisions.same, outcome.decisions.different)
        )

    def verdict(self, left: int, right: int, compared: bool) -> Verdict:
        """Judge two records, which a key of the run brought together or not (`compared`)."""
        customers = self._outcome.customers
        together = bool(customers[left] == customers[right])
        pack = _packed(np.array([left]), np.array([right]))
        if together and np.isin(pack, self._same).item():
            return self._said(True, "decided_same")
        if not together and np.isin(pack, self._different).item():
            return self._said(False, "decided_different")
        return self._joined(left, right) if together else self._apart(left, right, compared)

    def _said(
        self,
        joined: bool,
        reason: Reason,
        records: tuple[int, ...] = (),
        weight: float | None = None,
        pairs: int = 0,
    ) -> Verdict:
        names = tuple(self._outcome.names[record].as_py() for record in records)
        threshold = self._settings.join_probability
        return Verdict(joined, reason, names, weight, pairs, threshold)

    def _joined(self, left: int, right: int) -> Verdict:
        chain = [left, right]
        if self._weights(np.array([left]), np.array([right]))[0] < self._settings.hold:
            chain = self._chain(left, right)
        links = _packed(np.array(chain[:-1]), np.array(chain[1:]))
        decided = bool(np.isin(links, self._same).any())
        if len(chain) == 2:
            return self._said(True, "link")
        between = tuple(chain[1:-1])
        return self._said(True, "through_decided" if decided else "through", between)

    def _chain(self, left: int, right: int) -> list[int]:
        """Give the records by way of which two of a customer hang together, ends included.

        Of all chains it is one whose weakest link is the strongest.
        """
        members = self._members(left, right)
        goal = int(np.flatnonzero(members == right)[0])
        best = np.full(len(members), -np.inf)
        before = np.zeros(len(members), np.int64)
        done = np.zeros(len(members), np.bool_)
        at = 0
        while at != goal:
            done[at] = True
            weight = self._weights(np.full(len(members), members[at]), members)
            better = (weight > best) & ~done
            best[better], before[better] = weight[better], at
            at = int(np.where(done, -np.inf, best).argmax())
        chain = [goal]
        while chain[-1]:
            chain.append(int(before[chain[-1]]))
        return [int(members[place]) for place in reversed(chain)]

    def _apart(self, left: int, right: int, compared: bool) -> Verdict:
        source, settings = self._prepared.source, self._settings
        if settings.link_only and source[left] == source[right]:
            return self._said(False, "same_source")
        one, other = self._members(left), self._members(right)
        a, b = np.repeat(one, len(other)), np.tile(other, len(one))
        weight = self._weights(a, b)
        decided = np.isin(_packed(a, b), self._different)
        one_source = (source[a] == source[b]) & settings.link_only
        free = ~decided & ~one_source
        best, mean = float(weight[free].max()), float(weight[free].mean())
        if best < settings.hold:
            return self._said(False, "weight" if len(weight) == 1 else "no_link", weight=best)
        if mean < settings.cut:
            return self._said(False, "mean", weight=mean, pairs=int(free.sum()))
        for reason, kept in _keeping_apart(decided, one_source):
            first = int(kept.argmax())
            return self._said(False, reason, (int(a[first]), int(b[first])))
        if not compared:
            return self._said(False, "not_compared")
        return self._said(False, "recut" if self._outcome.oversize else "skipped")

    def _members(self, *first: int) -> Ints:
        """Give some records, and those of their customer that differ from them and one another.

        Clusters are made of different records: equal ones count once.
        """
        customers = self._outcome.customers
        others = np.flatnonzero(customers == customers[first[0]])
        members = np.concatenate([np.array(first), others[~np.isin(others, first)]])
        if not self._settings.link_only:
            decisions = self._outcome.decisions
            alone = np.isin(members, [*first[1:], *decisions.same.flat, *decisions.different.flat])
            codes = [part[members] for part in self._prepared.parts.values()]
            rows = np.vstack([*codes, np.where(alone, np.arange(len(members)), -1)])
            members = members[np.sort(np.unique(rows, axis=1, return_index=True)[1])]
        return members[:_MOST]

    def _weights(self, left: Ints, right: Ints) -> Floats:
        """Weight of pairs of records; those that a person called the same are sure."""
        fields = self._prepared.fields
        weight = self._model.weights(fields, compare_all(fields, left, right))[0]
        weight[np.isin(_packed(left, right), self._same)] = np.inf
        return weight


def _packed(left: Ints, right: Ints) -> Ints:
    packs: Ints = np.minimum(left, right).astype(np.int64) << 32 | np.maximum(left, right)
    return packs


def _keeping_apart(decided: Bools, one_source: Bools) -> list[tuple[Reason, Bools]]:
    kinds: list[tuple[Reason, Bools]] = [
        ("decided_between", decided),
        ("sources_between", one_source),
    ]
    return [(reason, which) for reason, which in kinds if which.any()]
