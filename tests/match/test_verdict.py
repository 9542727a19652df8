"""Why records are, or are not, one customer: what is said must be so."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from custseg.cleanse.match import (
    Decisions,
    MatchSettings,
    Outcome,
    explain_pair,
    match_records,
)
from custseg.cleanse.match.nicknames import variants_of
from custseg.cleanse.match.prepare import prepare
from custseg.cleanse.match.verdict import Judge


def names_of(size):
    return pa.array([f"r{row}" for row in range(size)])


def rows_of(verdict):
    return [int(name[1:]) for name in verdict.records]


class Case:
    """A run, and a judge of it."""

    def __init__(self, records, roles, engine, decisions=None, oversize=False, **settings):
        self.settings = MatchSettings(**settings)
        self.decisions = decisions or Decisions()
        self.records, self.roles, self.engine = records, roles, engine
        self.found = match_records(
            records, roles, engine=engine, settings=self.settings, decisions=self.decisions
        )
        prepared = prepare(
            records,
            roles,
            np.arange(len(records)),
            engine=engine,
            shared_by=self.settings.shared_by,
            variants=variants_of,
        )
        self.outcome = Outcome(
            self.found.clusters, names_of(len(records)), self.decisions, oversize
        )
        self.judge = Judge(prepared, self.found.model, self.settings, self.outcome)

    def verdict(self, left, right, compared=True):
        return self.judge.verdict(left, right, compared)

    def weight(self, left, right):
        told = explain_pair(
            self.records, self.roles, self.found.model, left, right, engine=self.engine
        )
        return told.weight


@pytest.fixture(scope="module")
def old(historical, engine):
    records, roles, _ = historical
    return Case(records.slice(0, 2500), roles, engine)


def test_every_reason_for_one_customer_is_so(old):
    clusters = old.found.clusters
    said = Counter()
    for label in np.unique(clusters)[:150]:
        first, *others = np.flatnonzero(clusters == label).tolist()
        for other in others:
            verdict = old.verdict(first, other)
            assert verdict.joined
            said[verdict.reason] += 1
            chain = [first, *rows_of(verdict), other]
            assert (verdict.reason == "through") == (len(chain) > 2)
            assert len({*chain}) == len(chain)
            assert {int(clusters[row]) for row in chain} == {int(label)}
            if said[verdict.reason] <= 4:
                for left, right in itertools.pairwise(chain):
                    assert old.weight(left, right) >= 0
            if len(chain) > 2 and said["through"] <= 4:
                assert old.weight(first, other) < 0
    assert set(said) == {"link", "through"}
    assert min(said.values()) > 4


def test_every_reason_for_two_customers_is_so(old):
    clusters = old.found.clusters
    links = old.found.links
    ends = zip(links["left"].to_pylist(), links["right"].to_pylist(), strict=True)
    apart = [(left, right) for left, right in ends if clusters[left] != clusters[right]]
    alone = np.flatnonzero(np.isin(clusters, np.flatnonzero(np.bincount(clusters) == 1))).tolist()
    apart += itertools.pairwise(alone)
    said = Counter()
    for left, right in apart:
        verdict = old.verdict(left, right)
        assert not verdict.joined
        said[verdict.reason] += 1
        sides = [np.flatnonzero(clusters == clusters[row]) for row in (left, right)]
        single = len(sides[0]) == len(sides[1]) == 1
        if verdict.reason in ("weight", "no_link"):
            assert verdict.weight < 0
            assert single == (verdict.reason == "weight")
        else:
            assert verdict.reason == "mean"
            assert verdict.weight < 0
            assert 1 < verdict.pairs <= len(sides[0]) * len(sides[1])
    assert set(said) == {"weight", "no_link", "mean"}


def test_the_mean_is_that_of_all_links_between_the_two(old):
    clusters = old.found.clusters
    links = old.found.links.to_pylist()
    pairs = [(link["left"], link["right"]) for link in links]
    for left, right in [pair for pair in pairs if clusters[pair[0]] != clusters[pair[1]]][:6]:
        verdict = old.verdict(left, right)
        sides = [np.flatnonzero(clusters == clusters[row]).tolist() for row in (left, right)]
        weights = [old.weight(a, b) for a in sides[0] for b in sides[1]]
        if verdict.reason == "mean" and verdict.pairs == len(weights):
            assert verdict.weight == pytest.approx(np.mean(weights))


@pytest.fixture(scope="module")
def town(people, as_table):
    """300 people; the first four stand three times, with and without phone and e-mail."""
    frame = people(300, 17)
    again = [frame.iloc[:4].assign(email=""), frame.iloc[:4].assign(phone="")]
    return as_table(pd.concat([frame, *again], ignore_index=True))


def test_a_persons_answers_are_named(town, people_roles, engine):
    decisions = Decisions(
        different=np.array([[0, 300], [1, 301]]), same=np.array([[10, 20], [2, 302]])
    )
    case = Case(town, people_roles, engine, decisions)
    assert case.verdict(0, 300).reason == "decided_different"
    assert case.verdict(300, 0) == case.verdict(0, 300)
    assert not case.verdict(0, 300).joined
    assert case.verdict(20, 10).reason == "decided_same"
    assert case.verdict(2, 302).reason == "decided_same"
    assert case.verdict(2, 306).reason == "link"
    # The third record went to one of the two that a person told apart.
    third = 304
    kept = 300 if case.found.clusters[third] == case.found.clusters[0] else 0
    verdict = case.verdict(third, kept)
    assert (verdict.joined, verdict.reason) == (False, "decided_between")
    assert sorted(rows_of(verdict)) == [0, 300]


def test_a_chain_with_an_answer_says_so(town, people_roles, engine):
    decisions = Decisions(same=np.array([[0, 20]]))
    case = Case(town, people_roles, engine, decisions)
    assert len(set(case.found.clusters[[0, 20, 300, 304]].tolist())) == 1
    verdict = case.verdict(300, 20)
    assert (verdict.joined, verdict.reason) == (True, "through_decided")
    assert rows_of(verdict) == [0]


def test_sources_that_are_linked_only_keep_records_apart(people, people_roles, as_table, engine):
    frame = people(300, 19)
    more = frame.iloc[:5]
    frames = [
        frame.assign(source="a.csv"),
        more.assign(source="b.csv"),
        more.assign(source="a.csv"),
    ]
    records = as_table(pd.concat(frames, ignore_index=True))
    case = Case(records, people_roles, engine, link_only=True)
    clusters = case.found.clusters
    assert case.verdict(0, 305).reason == "same_source"
    assert clusters[300] in (clusters[0], clusters[305])
    other = 305 if clusters[300] == clusters[0] else 0
    verdict = case.verdict(300, other)
    assert verdict.reason == "sources_between"
    assert sorted(rows_of(verdict)) == [0, 305]


def test_copies_that_say_too_little_are_told(as_table, engine):
    frame = pd.DataFrame({"given": ["Ann"] * 40, "zip": ["10001"] * 40})
    case = Case(as_table(frame), {"given": "given_name", "zip": "postal_code"}, engine)
    assert len(set(case.found.clusters.tolist())) == 40
    assert case.verdict(0, 1).reason == "weight"


def test_sure_pairs_that_nothing_brought_together(town, people_roles, engine):
    for oversize, reason in ((False, "skipped"), (True, "recut")):
        case = Case(town, people_roles, engine, oversize=oversize)
        case.outcome.customers[300:] = np.arange(300, 308)
        assert case.verdict(0, 300, compared=False).reason == "not_compared"
        assert case.verdict(0, 300).reason == reason


def test_the_threshold_is_told(town, people_roles, engine):
    case = Case(town, people_roles, engine, join_probability=1.0)
    verdict = case.verdict(5, 6)
    assert (verdict.reason, verdict.threshold) == ("weight", 1.0)
    assert verdict.weight == pytest.approx(case.weight(5, 6))
