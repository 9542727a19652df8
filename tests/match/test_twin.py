"""A slow, obvious twin: all pairs, compared in plain Python, clustered by the definition."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from rapidfuzz.distance import OSA, JaroWinkler

from custseg.cleanse.match import Decisions, match_records
from custseg.cleanse.match.clusters import agglomerate
from custseg.cleanse.match.compare import compare_all
from custseg.cleanse.match.compare_names import CLOSE, SIMILAR, NameField
from custseg.cleanse.match.compare_values import DateField
from custseg.cleanse.match.decided import LOOSE
from custseg.cleanse.match.levels import DATE_LEVELS, FREQUENT, NAME_LEVELS, SAME_VALUE_LEVELS
from custseg.cleanse.match.nicknames import variants_of
from custseg.cleanse.match.prepare import prepare


def name_level(a, b, counts, total, variants):
    if not a or not b:
        return "missing"
    if a == b:
        share = max(counts[a] - 2, 0) / total
        rank = sum(share >= bound for bound in FREQUENT)
        return SAME_VALUE_LEVELS[rank]
    if (a, b) in variants or (b, a) in variants:
        return "variant"
    if 1 in (len(a), len(b)) and a[0] == b[0]:
        return "variant"
    letters_a, letters_b = set(a), set(b)
    if 2 * len(letters_a & letters_b) / (len(letters_a) + len(letters_b)) < 0.6:
        return "different"
    short = min(len(a), len(b))
    alike, edits = JaroWinkler.similarity(a, b), OSA.distance(a, b)
    if short >= 4 and (alike >= CLOSE or edits <= 1):
        return "close"
    return "similar" if alike >= SIMILAR or (edits <= 1 and short == 3) else "different"


def date_level(a, b):
    if not a or not b:
        return "missing"
    if a == b:
        return "same"
    differ = [at for at in range(8) if a[at] != b[at]]
    exchanged = len(differ) == 2 and sorted(a[at] for at in differ) == sorted(
        b[at] for at in differ
    )
    if len(differ) == 1 or exchanged:
        return "close"
    if a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]:
        return "close"
    year, month, day = a[:4] == b[:4], a[4:6] == b[4:6], a[6:] == b[6:]
    if year + month + day >= 2:
        return "part"
    days = [int(x[:4]) * 372 + int(x[4:6]) * 31 + int(x[6:]) for x in (a, b)]
    apart = abs(days[0] - days[1])
    if apart <= 31 or abs(apart - 3720) <= 31:
        return "near"
    return "year" if year else "different"


def damaged(people, seed):
    """Make people, and some of them again with an error."""
    frame = people(260, seed)[["given", "family", "birth", "phone"]]
    again = frame.iloc[:60].copy()
    again.iloc[:20, 0] = again.iloc[:20, 0].str[:-1]
    again.iloc[20:40, 2] = ""
    again.iloc[30:60, 3] = ""
    again.iloc[40:50, 1] = again.iloc[40:50, 1].str[1:]
    return pd.concat([frame, again], ignore_index=True)


@pytest.fixture(scope="module")
def small(people):
    return damaged(people, 23)


ROLES = {
    "given": "given_name",
    "family": "family_name",
    "birth": "birth_date",
    "phone": "phone",
}


def test_levels_agree_with_plain_python(small, as_table, engine):
    prepared = prepare(
        as_table(small),
        ROLES,
        np.arange(len(small)),
        engine=engine,
        shared_by=6,
        variants=variants_of,
    )
    pairs = np.array(list(combinations(range(0, len(small), 3), 2)))
    others = {"phone"}  # see test_twin_fields.py
    for field in (field for field in prepared.fields if field.name not in others):
        if isinstance(field, NameField):
            column = field.written
            keys = [column.texts[code] if code >= 0 else "" for code in column.codes]
            counts = pd.Series(keys)[lambda s: s != ""].value_counts()
            forms = {
                (column.texts[pack >> 32], column.texts[pack & 0xFFFFFFFF])
                for pack in field.variants.tolist()
            }
            plain = [name_level(keys[a], keys[b], counts, column.filled, forms) for a, b in pairs]
            levels = NAME_LEVELS
        else:
            assert isinstance(field, DateField)
            keys = [field.dates.texts[code] if code >= 0 else "" for code in field.dates.codes]
            plain = [date_level(keys[a], keys[b]) for a, b in pairs]
            levels = DATE_LEVELS
        fast = [levels[level] for level in field.compare(pairs[:, 0], pairs[:, 1])]
        assert fast == plain


@pytest.mark.parametrize("seed", range(18, 26))
def test_blocking_loses_nothing_that_all_pairs_would_join(seed, people, as_table, as_sets, engine):
    small = damaged(people, seed)
    records = as_table(small)
    found = match_records(records, ROLES, engine=engine)
    prepared = prepare(
        records, ROLES, np.arange(len(small)), engine=engine, shared_by=6, variants=variants_of
    )
    left, right = np.triu_indices(len(small), 1)
    weight, _ = found.model.weights(prepared.fields, compare_all(prepared.fields, left, right))
    assert as_sets(found.clusters) == slow_clusters(len(small), left, right, weight)


@pytest.mark.parametrize("seed", range(18, 24))
def test_a_persons_answers_join_and_part_as_by_the_definition(
    seed, people, as_table, as_sets, engine
):
    small = damaged(people, seed)
    records = as_table(small)
    free = match_records(records, ROLES, engine=engine)
    rng = np.random.default_rng(seed)
    linked = free.links.filter(free.links["decision"].to_numpy() == "match")
    chosen = rng.permutation(linked.num_rows)[:6]
    parted = np.stack([linked[side].to_numpy()[chosen] for side in ("left", "right")], axis=1)
    others = np.setdiff1d(np.arange(len(small)), parted)
    joined = rng.permutation(others)[:12].reshape(6, 2)
    decided = match_records(
        records,
        ROLES,
        engine=engine,
        model=free.model,
        decisions=Decisions(same=joined, different=parted),
    )
    prepared = prepare(
        records, ROLES, np.arange(len(small)), engine=engine, shared_by=6, variants=variants_of
    )
    left, right = np.triu_indices(len(small), 1)
    weight, _ = free.model.weights(prepared.fields, compare_all(prepared.fields, left, right))
    weight[np.isin(left * 1000 + right, parted.min(axis=1) * 1000 + parted.max(axis=1))] = -1e9
    groups = [set(group) for group in slow_clusters(len(small), left, right, weight)]
    for one, other in joined.tolist():
        first, second = (next(group for group in groups if row in group) for row in (one, other))
        if first is not second:
            first |= second
            groups.remove(second)
    assert as_sets(decided.clusters) == {frozenset(group) for group in groups}
    assert as_sets(decided.clusters) != as_sets(free.clusters)


def slow_clusters(size, left, right, weight):
    table = np.full((size, size), -np.inf)
    table[left, right] = table[right, left] = weight
    groups = [{node} for node in range(size)]
    for a, b in zip(left[weight >= LOOSE], right[weight >= LOOSE], strict=True):
        first = next(group for group in groups if a in group)
        second = next(group for group in groups if b in group)
        if first is not second:
            first |= second
            groups.remove(second)
    return {frozenset(part) for group in groups for part in slow_linkage(sorted(group), table)}


def slow_linkage(nodes, table, cut=0.0):
    parts = [[node] for node in nodes]

    def mean(a, b):
        return np.mean([table[x, y] for x in a for y in b])

    while len(parts) > 1:
        a, b = max(combinations(range(len(parts)), 2), key=lambda at: mean(*(parts[i] for i in at)))
        if mean(parts[a], parts[b]) < cut:
            break
        parts[a] += parts.pop(b)
    return parts


@pytest.mark.parametrize("seed", range(5))
def test_average_linkage_agrees_with_the_definition(seed):
    rng = np.random.default_rng(seed)
    size = 12
    table = rng.normal(0, 6, (size, size))
    table = (table + table.T) / 2
    labels = agglomerate(size, table[np.triu_indices(size, 1)], 0.0)
    fast = {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}
    assert fast == {frozenset(part) for part in slow_linkage(list(range(size)), table)}
