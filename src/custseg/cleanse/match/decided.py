"""What a person decided, in clusters: who must be one customer, and who must not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from custseg.cleanse.match.blocking import unpack
from custseg.cleanse.match.coding import contains, distinct
from custseg.cleanse.match.components import components
from custseg.cleanse.match.types import Bools, Codes, Floats, Ints

LOOSE: Final = -1.0
"""Bits from which a pair may connect a component."""
SURE: Final = 1e6
NEVER: Final = -1e9
"""Weights of decided pairs, beyond anything a model can say."""


def join_decided(
    labels: Ints, sure: Ints, inside: Ints, weights: Floats, one_of: Codes | None
) -> None:
    """Join the clusters of pairs that are one person for sure.

    The two bring the records of their clusters along. Where that would bring together what must
    be apart, the weakest links of the joined cluster are cut.

    Parameters
    ----------
    labels
        Cluster of each node; changed in place.
    sure
        Packed pairs.
    inside, weights
        Every pair inside a component, sorted, and its weight.
    one_of
        A code by node: no two nodes of one code become one customer.
    """
    left, right = unpack(sure)
    touched = np.isin(labels, labels[np.concatenate([left, right])])
    number = components(len(labels), labels[left], labels[right])
    _, first, place = np.unique(number[labels], return_index=True, return_inverse=True)
    labels[:] = first[place]
    weights = weights.copy()
    weights[np.isin(inside, sure) & (weights > NEVER)] = SURE
    part(labels, touched, inside, weights, one_of)


def crowded_out(labels: Ints, source: Codes, left: Ints, right: Ints) -> int:
    """Count pairs of which one would be the second of its source in the other's cluster."""
    taken = distinct(labels << 32 | source)
    second = contains(taken, labels[left] << 32 | source[right])
    second |= contains(taken, labels[right] << 32 | source[left])
    return int((second & (labels[left] != labels[right])).sum())


def part(labels: Ints, within: Bools, pairs: Ints, weights: Floats, one_of: Codes | None) -> None:
    """Part groups that were too large to compare inside, where two of a group must be apart.

    Links join by falling weight unless they would bring together what must be apart: between
    any two such nodes the weakest link is cut.
    """
    left, right = unpack(pairs)
    inside = within[left] & within[right] & (labels[left] == labels[right])
    apart = inside & (weights <= NEVER)
    parted = set(labels[left[apart]].tolist())
    if one_of is not None:
        nodes = np.flatnonzero(within)
        both = np.stack([labels[nodes], one_of[nodes]])
        _, place, times = np.unique(both, axis=1, return_index=True, return_counts=True)
        parted |= set(labels[nodes[place[times > 1]]].tolist())
    if not parted:
        return
    member = within & np.isin(labels, list(parted))
    codes = (
        {} if one_of is None else {int(node): int(one_of[node]) for node in np.flatnonzero(member)}
    )
    groups = {int(node): _Group(int(node), codes) for node in np.flatnonzero(member)}
    for a, b in zip(left[apart].tolist(), right[apart].tolist(), strict=True):
        groups[a].apart.add(b)
        groups[b].apart.add(a)
    links = np.flatnonzero(inside & (weights >= LOOSE) & member[left])
    links = links[np.lexsort((pairs[links], -weights[links]))]
    for a, b in zip(left[links].tolist(), right[links].tolist(), strict=True):
        one, other = groups[a], groups[b]
        if one is not other and one.may_join(other):
            for node in one.join(other):
                groups[node] = one
    for node, group in groups.items():
        labels[node] = min(group.nodes)


class _Group:
    """Nodes that are one customer, with what may not join them."""

    def __init__(self, node: int, codes: Mapping[int, int]) -> None:
        self.nodes = {node}
        self.apart: set[int] = set()
        self.codes = {codes[node]} if node in codes else set()

    def may_join(self, other: _Group) -> bool:
        """Whether nothing keeps the two apart."""
        return self.nodes.isdisjoint(other.apart) and self.codes.isdisjoint(other.codes)

    def join(self, other: _Group) -> set[int]:
        """Take another in; give its nodes."""
        self.nodes |= other.nodes
        self.apart |= other.apart
        self.codes |= other.codes
        return other.nodes
