"""How good clusters are, against known truth: pairwise, B-cubed, by threshold, worst errors.

The truth is the person of each record, or the answers for some pairs of records.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
import pyarrow as pa

from custseg.cleanse.match.types import Bools, Floats, Ints

WORST = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How clusters compare with the truth.

    Attributes
    ----------
    pairwise
        Over pairs of records.
    b_cubed
        Over records: the mean share of a record's cluster that is its person, and of its
        person that is its cluster (Bagga and Baldwin, 1998); None where only pairs are known.
    records, true_pairs, found_pairs
        Counts behind them; records without a label are left out.
    curve
        ``threshold``, ``precision``, ``recall``, ``f1`` of the links at or above a weight,
        before clustering; empty without links.
    worst_false
        Pairs of two people in one cluster, by falling weight: ``left``, ``right``, ``weight``
        (no weight: not among the links).
    worst_missed
        Pairs of one person in two clusters, likewise.
    names
        Each record as FILE:ROW, where it is known.
    """

    pairwise: Score
    b_cubed: Score | None
    records: int
    true_pairs: int
    found_pairs: int
    curve: pa.Table
    worst_false: pa.Table
    worst_missed: pa.Table
    names: pa.Array | None = None


def evaluate(clusters: Ints, truth: pa.Array, links: pa.Table | None = None) -> Evaluation:
    """Compare clusters with the truth.

    Parameters
    ----------
    clusters
        Cluster label of each record.
    truth
        Label of each record's person, text or number; null leaves the record out.
    links
        As in :class:`~custseg.cleanse.match.types.Matches`, for the curve and the errors.
    """
    import pandas as pd

    labels, _ = pd.factorize(pd.Series(truth.to_numpy(zero_copy_only=False)), use_na_sentinel=True)
    people = labels.astype(np.int64)
    groups = pd.factorize(clusters)[0].astype(np.int64)
    known = people >= 0
    person, group = people[known], groups[known]
    both, size = np.unique(person << 32 | group, return_counts=True)
    of_person, of_group = np.bincount(person), np.bincount(group)
    shared, true, found = _pairs(size), _pairs(of_person), _pairs(of_group)
    records = max(len(person), 1)
    weight = size.astype(np.float64) ** 2
    return Evaluation(
        pairwise=_score(shared, found, true),
        b_cubed=_harmonic(
            float((weight / of_group[both & 0xFFFFFFFF]).sum() / records),
            float((weight / of_person[both >> 32]).sum() / records),
        ),
        records=len(person),
        true_pairs=true,
        found_pairs=found,
        curve=_curve_of_links(links, people, true),
        worst_false=_worst(links, people, groups, missed=False),
        worst_missed=_worst(links, people, groups, missed=True),
    )


def evaluate_pairs(
    clusters: Ints, left: Ints, right: Ints, same: Bools, links: pa.Table | None = None
) -> Evaluation:
    """Compare clusters with the answers for some pairs of records; no other pair is judged.

    Parameters
    ----------
    clusters
        Cluster label of each record.
    left, right, same
        Record indices of each pair, each pair once, and whether they are one person.
    links
        As in :class:`~custseg.cleanse.match.types.Matches`, for the curve and the errors.
    """
    weight = np.full(len(left), np.nan)
    if links is not None and links.num_rows:
        packs = _packed(links["left"].to_numpy(), links["right"].to_numpy())
        order = np.argsort(packs)
        wanted = _packed(left, right)
        place = order[np.searchsorted(packs, wanted, sorter=order).clip(max=len(packs) - 1)]
        weight = np.where(packs[place] == wanted, links["weight"].to_numpy()[place], np.nan)
    falling = np.lexsort((right, left, -np.nan_to_num(weight, nan=-np.inf)))
    left, right, same, weight = left[falling], right[falling], same[falling], weight[falling]
    together = clusters[left] == clusters[right]
    true, found = int(same.sum()), int(together.sum())
    linked = ~np.isnan(weight)
    wrong = np.flatnonzero(together & ~same)[:WORST]
    missed = np.flatnonzero(~together & same)[:WORST]
    return Evaluation(
        pairwise=_score(int((together & same).sum()), found, true),
        b_cubed=None,
        records=len(np.unique(np.concatenate([left, right]))),
        true_pairs=true,
        found_pairs=found,
        curve=_curve(weight[linked], same[linked], true),
        worst_false=_table(left[wrong], right[wrong], weight[wrong]),
        worst_missed=_table(left[missed], right[missed], weight[missed]),
    )


def _packed(left: Ints, right: Ints) -> Ints:
    packs: Ints = np.minimum(left, right) << 32 | np.maximum(left, right)
    return packs


def _pairs(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _score(shared: int, found: int, true: int) -> Score:
    return _harmonic(shared / found if found else 1.0, shared / true if true else 1.0)


def _harmonic(precision: float, recall: float) -> Score:
    total = precision + recall
    return Score(precision, recall, 2 * precision * recall / total if total else 0.0)


def _judged(links: pa.Table, people: Ints) -> tuple[Ints, Ints, Floats, Bools]:
    """Links between labelled records by falling weight, and which of them are right."""
    left, right = links["left"].to_numpy(), links["right"].to_numpy()
    weight = links["weight"].to_numpy()
    order = np.lexsort((right, left, -weight))
    order = order[(people[left[order]] >= 0) & (people[right[order]] >= 0)]
    left, right, weight = left[order], right[order], weight[order]
    return left, right, weight, people[left] == people[right]


def _curve_of_links(links: pa.Table | None, people: Ints, true: int) -> pa.Table:
    if links is None:
        return _curve(np.empty(0), np.empty(0, np.bool_), true)
    _, _, weight, right = _judged(links, people)
    return _curve(weight, right, true)


def _curve(weight: Floats, right: Bools, true: int) -> pa.Table:
    """Scores of the pairs at or above each whole weight; `weight` falls."""
    steps = np.unique(np.floor(np.clip(weight, -10, 40)))
    count = np.searchsorted(-weight, -steps, side="right")
    correct = np.concatenate(([0], np.cumsum(right)))[count]
    scores = [_score(int(hit), int(all_), true) for hit, all_ in zip(correct, count, strict=True)]
    return pa.table(
        {
            "threshold": steps,
            "precision": pa.array([score.precision for score in scores], pa.float64()),
            "recall": pa.array([score.recall for score in scores], pa.float64()),
            "f1": pa.array([score.f1 for score in scores], pa.float64()),
        }
    )


def _table(left: Ints, right: Ints, weight: Floats) -> pa.Table:
    return pa.table({"left": left, "right": right, "weight": pa.array(weight, from_pandas=True)})


def _worst(links: pa.Table | None, people: Ints, groups: Ints, *, missed: bool) -> pa.Table:
    """Wrongly joined (or missed) pairs: heaviest links first, then those without a link."""
    left = right = np.empty(0, np.int64)
    weight = np.empty(0)
    if links is not None:
        left, right, weight, same = _judged(links, people)
        together = groups[left] == groups[right]
        wrong = np.flatnonzero(same & ~together if missed else together & ~same)[:WORST]
        left, right, weight = left[wrong], right[wrong], weight[wrong]
    whole, part = (people, groups) if missed else (groups, people)
    known = np.flatnonzero(people >= 0)
    listed = set(zip(left.tolist(), right.tolist(), strict=True))
    more = _unlinked(whole, part, known, listed, WORST - len(left))
    extra = np.array(more, np.int64).reshape(-1, 2)
    return _table(
        np.append(left, extra[:, 0]),
        np.append(right, extra[:, 1]),
        np.append(weight, np.full(len(extra), np.nan)),
    )


def _unlinked(
    whole: Ints, part: Ints, known: Ints, listed: set[tuple[int, int]], most: int
) -> list[tuple[int, int]]:
    """Pairs of one `whole` and two `part`s that are not listed yet.

    Pairs of neighboring parts come first, so that no large whole hides the others.
    """
    order = known[np.lexsort((part[known], whole[known]))]
    step = np.flatnonzero((np.diff(whole[order]) == 0) & (np.diff(part[order]) != 0))
    near = {
        (int(min(pair)), int(max(pair))) for pair in zip(order[step], order[step + 1], strict=True)
    }
    found = sorted(near - listed)[:most]
    listed = listed | near
    members = (known[whole[known] == one].tolist() for one in np.unique(whole[order[step]]))
    others = (
        pair
        for records in members
        for pair in combinations(records, 2)
        if part[pair[0]] != part[pair[1]] and pair not in listed
    )
    return found + list(islice(others, most - len(found)))
