"""Matching from end to end: prepare, block, compare, fit, weigh, cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.blocking import find_pairs, unpack
from custseg.cleanse.match.clusters import Clustering, cluster
from custseg.cleanse.match.coding import canonical_order, contains, distinct, group_starts, mixed
from custseg.cleanse.match.compare import compare_all
from custseg.cleanse.match.decided import NEVER, SURE, crowded_out
from custseg.cleanse.match.fit import fit, implausible, unfitted
from custseg.cleanse.match.kinds import HOUSEHOLD_KINDS
from custseg.cleanse.match.levels import LEVELS
from custseg.cleanse.match.model import MatchModel
from custseg.cleanse.match.nicknames import variants_of
from custseg.cleanse.match.patterns import Patterns, count_patterns
from custseg.cleanse.match.prepare import Prepared, prepare
from custseg.cleanse.match.types import (
    CERTAIN,
    Decisions,
    Floats,
    Ints,
    Levels,
    Matches,
    MatchSettings,
    MatchWarning,
    Plan,
    log_odds,
)
from custseg.engine import Engine, give_back_memory

CHUNK = 1 << 17
"""Pairs compared at once."""
FEWEST_PAIRS = 30
"""Candidate pairs below which nothing is fitted."""


def match_records(
    records: pa.Table,
    roles: Mapping[str, str],
    *,
    engine: Engine,
    settings: MatchSettings | None = None,
    decisions: Decisions | None = None,
    model: MatchModel | None = None,
) -> Matches:
    """Find the records of the same person.

    Parameters
    ----------
    records
        Standardized text columns; column ``source`` names the file of a record.
    roles
        Role of each column that may be used; several columns may share one.
    engine
        Executor.
    settings
        See :class:`MatchSettings`.
    decisions
        Pairs that a person decided; they win over the model.
    model
        A fitted model to use again, instead of fitting one.
    """
    settings = settings or MatchSettings()
    decisions = decisions or Decisions()
    order = canonical_order(records, engine)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    prepared = prepare(
        records,
        roles,
        order,
        engine=engine,
        shared_by=settings.shared_by,
        variants=variants_of,
    )
    give_back_memory()
    return _Run(prepared, settings, order, rank, decisions, engine).matches(model)


def plan_blocking(
    records: pa.Table,
    roles: Mapping[str, str],
    *,
    engine: Engine,
    settings: MatchSettings | None = None,
) -> Plan:
    """Estimate keys, pairs, memory and time; no pair is made."""
    settings = settings or MatchSettings()
    prepared = prepare(
        records,
        roles,
        canonical_order(records, engine),
        engine=engine,
        shared_by=settings.shared_by,
        variants=variants_of,
    )
    return find_pairs(
        prepared,
        groups_of_equals(prepared, np.empty(0, np.int64))[0],
        engine=engine,
        max_block=settings.max_block,
        pairs_per_record=settings.pairs_per_record,
        join=False,
    )[1]


def groups_of_equals(prepared: Prepared, single: Ints) -> tuple[Ints, Ints]:
    """Group records that are equal in every part.

    Parameters
    ----------
    prepared
        The records.
    single
        Records to keep by themselves (a person decided about them).

    Returns
    -------
    nodes
        First record of each group.
    group
        Place in `nodes` of each record's group.
    """
    key = np.zeros(prepared.records, np.uint64)
    for name in sorted(prepared.parts):
        key = mixed(key ^ prepared.parts[name].astype(np.uint64))
    key[single] = mixed(single.astype(np.uint64) ^ np.uint64(0x5555555555555555))
    order = np.argsort(key, kind="stable")
    starts = group_starts(key[order])
    leader = np.empty_like(order)
    leader[order] = np.repeat(order[starts], np.diff(np.append(starts, len(order))))
    is_first = leader == np.arange(len(leader))
    number = np.cumsum(is_first) - 1
    return np.flatnonzero(is_first), number[leader]


class _Run:
    """One matching, in canonical record order."""

    def __init__(
        self,
        prepared: Prepared,
        settings: MatchSettings,
        order: Ints,
        rank: Ints,
        decisions: Decisions,
        engine: Engine,
    ) -> None:
        self.engine = engine
        self.prepared = prepared
        self.settings = settings
        self.order = order
        self.same = rank[decisions.same]
        self.different = rank[decisions.different]
        self.warnings = list(prepared.warnings)

    def matches(self, model: MatchModel | None) -> Matches:
        """Run."""
        prepared, settings = self.prepared, self.settings
        decided = np.unique(np.concatenate([self.same.ravel(), self.different.ravel()]))
        if settings.link_only or not prepared.fields:
            decided = np.arange(prepared.records)
        self.nodes, group = groups_of_equals(prepared, decided.astype(np.int64))
        pairs, plan = find_pairs(
            prepared,
            self.nodes,
            engine=self.engine,
            max_block=settings.max_block,
            pairs_per_record=settings.pairs_per_record,
        )
        skipped = [key for key in plan.keys if key.skipped_blocks]
        if skipped:
            worst = max(skipped, key=lambda key: key.skipped_records)
            self.warnings.append(
                MatchWarning(
                    "match.skipped_blocks",
                    {
                        "blocks": sum(key.skipped_blocks for key in skipped),
                        "key": worst.name,
                        "records": worst.skipped_records,
                    },
                )
            )
        if settings.link_only:
            left, right = unpack(pairs)
            pairs = pairs[prepared.source[left] != prepared.source[right]]
        give_back_memory()
        patterns = count_patterns(prepared.fields, self._levels(pairs)) if len(pairs) else None
        size = np.bincount(group, minlength=len(self.nodes))
        self.model = model or self._fit(patterns, size)
        known = {(each.name, each.kind) for each in self.model.fields}
        if new := [each.name for each in prepared.fields if (each.name, each.kind) not in known]:
            self.warnings.append(MatchWarning("match.model_lacks", {"columns": ", ".join(new)}))
        weights, kinds = self._weights_of(patterns)
        nodes = self._to_nodes(pairs)
        nodes, weights = self._with_decisions(nodes, weights, group)
        clustering = cluster(
            len(self.nodes),
            nodes,
            weights,
            self._weigh_nodes,
            cut=settings.cut,
            hold=settings.hold,
            most=settings.max_component,
            one_of=prepared.source[self.nodes] if settings.link_only else None,
        )
        if clustering.oversize:
            self.warnings.append(
                MatchWarning(
                    "match.oversize",
                    {"count": len(clustering.oversize), "largest": clustering.oversize[0]},
                )
            )
        labels = self._labels(clustering, group, size)
        links = self._links(nodes, weights, clustering, group, labels)
        if settings.link_only:
            self._tell_crowded_out(links, labels)
        return Matches(
            links=links,
            clusters=self._original(labels),
            household_pairs_kept_apart=self._households(nodes[: len(kinds)], kinds, clustering),
            model=self.model,
            plan=plan,
            warnings=tuple(self.warnings),
            evidence=tuple(
                field.name
                for field in self.model.fields
                if field.kind == "attribute" and field.used
            ),
        )

    def _levels(self, pairs: Ints) -> tuple[Levels, ...]:
        fields = self.prepared.fields
        levels = tuple(np.empty(len(pairs), np.uint8) for _ in fields)

        def fill(begin: int) -> None:
            chunk = slice(begin, begin + CHUNK)
            for level, found in zip(
                levels, compare_all(fields, *unpack(pairs[chunk])), strict=True
            ):
                level[chunk] = found

        self.engine.map_threads(fill, range(0, len(pairs), CHUNK))
        return levels

    def _fit(self, patterns: Patterns | None, size: Ints) -> MatchModel:
        fields = self.prepared.fields
        if not fields or patterns is None or patterns.counts.sum() < FEWEST_PAIRS:
            return self._fallback("match.reason_few_pairs")
        several = self.nodes[size > 1]
        equal = count_patterns(fields, compare_all(fields, several, several))
        both = count_patterns(fields, list(np.concatenate([patterns.levels, equal.levels]).T))
        kinds = len(both.counts)
        counts = np.append(patterns.counts, equal.counts)
        once = np.bincount(both.place, weights=counts, minlength=kinds).astype(np.float64)
        again = both.place[len(patterns.counts) :][equal.place]
        more = np.bincount(again, weights=size[size > 1] - 2.0, minlength=kinds)
        fitted = fit(fields, replace(both, counts=once + more))
        reason = implausible(fitted, fields, replace(both, counts=once), len(self.nodes))
        return self._fallback(reason) if reason else fitted

    def _fallback(self, reason: str) -> MatchModel:
        self.warnings.append(MatchWarning("match.fallback", {"reason": reason}))
        return unfitted(self.prepared.fields)

    def _weights(self, levels: Sequence[Levels]) -> Floats:
        some = bool(levels) and len(levels[0]) > 0
        return self._weights_of(count_patterns(self.prepared.fields, levels) if some else None)[0]

    def _weights_of(self, patterns: Patterns | None) -> tuple[Floats, Levels]:
        """Weight and likeliest kind of each pair of these patterns."""
        if patterns is None:
            return np.empty(0), np.empty(0, np.uint8)
        weight, kind = self.model.weights(self.prepared.fields, list(patterns.levels.T))
        return weight[patterns.place], kind[patterns.place]

    def _to_nodes(self, pairs: Ints) -> Ints:
        place = np.zeros(self.prepared.records, np.int64)
        place[self.nodes] = np.arange(len(self.nodes))
        nodes: Ints = place[pairs >> 32]
        nodes <<= 32
        nodes |= place[pairs & 0xFFFFFFFF]
        return nodes

    def _weigh_nodes(self, left: Ints, right: Ints) -> Floats:
        a, b = self.nodes[left], self.nodes[right]
        weight = self._weights(self._levels(a << 32 | b))
        self._tell_apart(left << 32 | right, weight)
        if self.settings.link_only:
            weight[self.prepared.source[a] == self.prepared.source[b]] = NEVER
        return weight

    def _with_decisions(self, nodes: Ints, weights: Floats, group: Ints) -> tuple[Ints, Floats]:
        def packs(pairs: Ints) -> Ints:
            a, b = group[pairs[:, 0]], group[pairs[:, 1]]
            return np.minimum(a, b) << 32 | np.maximum(a, b)

        self.decided_same, self.decided_different = packs(self.same), packs(self.different)
        self._decide(nodes, weights)
        new = distinct(np.concatenate([self.decided_same, self.decided_different]))
        new = new[~contains(nodes, new)]
        if not len(new):
            return nodes, weights
        decided = np.zeros(len(new))
        self._decide(new, decided)
        return np.append(nodes, new), np.append(weights, decided)

    def _decide(self, packs: Ints, weights: Floats) -> None:
        """Set the weights of the pairs that a person decided."""
        if len(self.decided_same):
            weights[contains(np.sort(self.decided_same), packs)] = SURE
        self._tell_apart(packs, weights)

    def _tell_apart(self, packs: Ints, weights: Floats) -> None:
        """Set the weights of the pairs of which a person said that they are two people."""
        if len(self.decided_different):
            weights[contains(np.sort(self.decided_different), packs)] = NEVER

    def _labels(self, clustering: Clustering, group: Ints, size: Ints) -> Ints:
        """Cluster label by canonical record; equal records that say too little stay apart."""
        labels = self.nodes[clustering.labels][group]
        several = self.nodes[size > 1]
        if len(several):
            weight = self._weights(compare_all(self.prepared.fields, several, several))
            thin = np.zeros(len(size), np.bool_)
            thin[size > 1] = weight < self.settings.hold
            first = np.zeros(self.prepared.records, np.bool_)
            first[self.nodes] = True
            alone = thin[group] & ~first
            labels[alone] = np.flatnonzero(alone)
        return labels

    def _tell_crowded_out(self, links: pa.Table, labels: Ints) -> None:
        """Warn of sure links left aside because their file holds one person twice."""
        sure = links.filter(pc.greater_equal(links["probability"], self.settings.match_probability))
        place = np.empty_like(self.order)
        place[self.order] = np.arange(len(place))
        left, right = (place[sure.column(side).to_numpy()] for side in ("left", "right"))
        if pairs := crowded_out(labels, self.prepared.source, left, right):
            self.warnings.append(MatchWarning("match.crowded_out", {"pairs": pairs}))

    def _original(self, labels: Ints) -> Ints:
        """Labels by given record: the smallest given index of each cluster."""
        smallest = np.full(self.prepared.records, self.prepared.records, np.int64)
        np.minimum.at(smallest, labels, self.order)
        clusters = np.empty_like(labels)
        clusters[self.order] = smallest[labels]
        return clusters

    def _households(self, nodes: Ints, kinds: Levels, clustering: Clustering) -> int:
        household = np.array([kind in HOUSEHOLD_KINDS for kind in self.model.kinds])
        left, right = unpack(nodes[household[kinds]])
        return int((clustering.labels[left] != clustering.labels[right]).sum())

    def _links(
        self, nodes: Ints, weights: Floats, clustering: Clustering, group: Ints, labels: Ints
    ) -> pa.Table:
        least = min(log_odds(self.settings.review_probability), self.settings.hold)
        packs = np.concatenate(
            [nodes[weights >= least], clustering.inside[clustering.weights >= least]]
        )
        a, b = unpack(distinct(packs))
        left, right = self.nodes[a], self.nodes[b]
        first = np.zeros(self.prepared.records, np.bool_)
        first[self.nodes] = True
        others = np.flatnonzero(~first)
        left = np.concatenate([left, self.nodes[group[others]]])
        right = np.concatenate([right, others])
        levels = compare_all(self.prepared.fields, left, right)
        weight = self._weights(levels)
        self._decide(group[left] << 32 | group[right], weight)
        x, y = self.order[left], self.order[right]
        low, high = np.minimum(x, y), np.maximum(x, y)
        kept = np.flatnonzero(weight >= least)
        kept = kept[np.argsort(low[kept] << 32 | high[kept], kind="stable")]
        weight = weight[kept]
        probability = np.where(
            weight > CERTAIN, 1.0, 1 / (1 + np.exp2(-weight.clip(-CERTAIN, CERTAIN)))
        )
        together = labels[left[kept]] == labels[right[kept]]
        review = ~together | (probability < self.settings.match_probability)
        return pa.table(
            {
                "left": low[kept],
                "right": high[kept],
                "weight": weight,
                "probability": probability,
                "decision": _words(review.astype(np.uint8), ("match", "review")),
                **{
                    f"agree_{field.name}": _words(level[kept], LEVELS[field.kind])
                    for field, level in zip(self.prepared.fields, levels, strict=True)
                },
            }
        )


def _words(codes: Levels, words: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes), list(words)).cast(pa.string())
