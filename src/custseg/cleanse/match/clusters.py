"""From weighted pairs to customers: components, then average linkage inside each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from custseg.cleanse.match.blocking import Blocks, pairs_in, unpack
from custseg.cleanse.match.types import Bools, Codes, Floats, Ints

LOOSE: Final = -1.0
"""Bits from which a pair may connect a component."""
STEP: Final = 3.0
STRICTEST: Final = 45.0
SURE: Final = 1e6
NEVER: Final = -1e9
"""Weights of decided pairs, beyond anything a model can say."""

Weigh = Callable[[Ints, Ints], Floats]


@dataclass(frozen=True)
class Clustering:
    """Clusters and how they came about.

    Attributes
    ----------
    labels
        Cluster of each node: its smallest node.
    inside
        Packed pairs compared inside components, and their `weights`.
    oversize
        Sizes of the components that had to be cut more strictly first.
    """

    labels: Ints
    inside: Ints
    weights: Floats
    oversize: tuple[int, ...]


def components(size: int, left: Ints, right: Ints) -> Ints:
    """Label of the connected component of each of `size` nodes, numbered by smallest node."""
    root = np.arange(size)
    while len(left):
        # Each root takes the smallest root beside it, and every node the root of its root.
        a, b = root[left], root[right]
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        while not np.array_equal(root, above := root[root]):
            root = above
        apart = root[left] != root[right]
        left, right = left[apart], right[apart]
    number = np.cumsum(root == np.arange(size)) - 1
    labels: Ints = number[root]
    return labels


def bounded_components(
    size: int, pairs: Ints, weights: Floats, most: int
) -> tuple[Ints, tuple[int, ...]]:
    """Components at :data:`LOOSE`, those of more than `most` nodes at stricter weights.

    A component whose links are all beyond :data:`STRICTEST` is one customer, however large.
    """
    keep = weights >= LOOSE
    left, right = unpack(pairs[keep])
    weights = weights[keep]
    labels = components(size, left, right)
    counts = np.bincount(labels, minlength=1)
    oversize = tuple(int(count) for count in np.sort(counts[counts > most])[::-1])
    threshold = LOOSE
    while (counts > most).any() and threshold < STRICTEST:
        threshold += STEP
        keep = (counts[labels[left]] <= most) | (weights >= threshold)
        left, right, weights = left[keep], right[keep], weights[keep]
        labels = components(size, left, right)
        counts = np.bincount(labels, minlength=1)
    return labels, oversize


def cluster(
    size: int,
    pairs: Ints,
    weights: Floats,
    weigh: Weigh,
    *,
    cut: float,
    hold: float,
    most: int,
    one_of: Codes | None = None,
) -> Clustering:
    """Cluster nodes by average linkage inside bounded components.

    Parameters
    ----------
    size
        Number of nodes.
    pairs, weights
        Packed candidate pairs of nodes, and their weights in bits; those of :data:`NEVER` hold
        whatever the others say.
    weigh
        Gives the weight of any pairs of nodes (left, right), compared before or not.
    cut
        Lowest mean weight between two groups that become one.
    hold
        Lowest weight of the links that hold a customer together.
    most
        Nodes of the largest component to take as it comes.
    one_of
        A code by node: no two nodes of one code become one customer. `weigh` knows it, too.
    """
    component, oversize = bounded_components(size, pairs, weights, most)
    order = np.argsort(component, kind="stable")
    counts = np.bincount(component)
    start = np.cumsum(counts) - counts
    labels = np.arange(size, dtype=np.int64)
    shared = counts > 1
    huge = counts > most
    blocks = Blocks(order, start[shared & ~huge], counts[shared & ~huge])
    inside = np.sort(pairs_in(blocks))
    left, right = unpack(inside)
    inner = weigh(left, right)
    lowest = np.full(len(counts), np.inf)
    np.minimum.at(lowest, component[left], inner)
    first = np.full(len(counts), size, np.int64)
    np.minimum.at(first, component, np.arange(size))
    whole = (lowest >= cut) & shared | huge
    at = whole[component]
    labels[at] = first[component[at]]
    for chosen in _by_component(np.flatnonzero(~whole[component[left]]), component[left]):
        which = component[left[chosen[0]]]
        nodes = np.sort(order[start[which] : start[which] + counts[which]])
        labels[nodes] = nodes[agglomerate(len(nodes), inner[chosen], cut)]
    if huge.any():
        _part(labels, huge[component], pairs, weights, one_of)
    if hold > cut or huge.any():
        both = np.concatenate([pairs[weights >= hold], inside[inner >= hold]])
        labels = held_together(labels, *unpack(both))
    return Clustering(labels, inside, inner, oversize)


def held_together(labels: Ints, left: Ints, right: Ints) -> Ints:
    """Part clusters so that each is connected by these links; its smallest node labels it."""
    within = labels[left] == labels[right]
    parts = components(len(labels), left[within], right[within])
    first: Ints = np.unique(parts, return_index=True)[1]
    return first[parts]


def _part(labels: Ints, within: Bools, pairs: Ints, weights: Floats, one_of: Codes | None) -> None:
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


def _by_component(pairs: Ints, component: Ints) -> list[Ints]:
    """Split pair positions by the component of each pair, keeping their order."""
    if not len(pairs):
        return []
    ordered = pairs[np.argsort(component[pairs], kind="stable")]
    owner = component[ordered]
    return np.split(ordered, np.flatnonzero(owner[1:] != owner[:-1]) + 1)


def agglomerate(size: int, weights: Floats, cut: float) -> Ints:
    """Average linkage of `size` nodes.

    Parameters
    ----------
    size
        Number of nodes.
    weights
        Weight of every pair (0, 1), (0, 2), ..., (1, 2), ... in bits.
    cut
        Merging stops when no two groups have at least this mean weight between them.

    Returns
    -------
    Ints
        Smallest node of each node's group.
    """
    if size == 2:
        return np.zeros(2, np.int64) if weights[0] >= cut else np.arange(2)
    mean = np.full((size, size), -np.inf)
    upper = np.triu_indices(size, 1)
    mean[upper] = weights
    mean.T[upper] = weights
    count = np.ones(size)
    label = np.arange(size)
    while True:
        a, b = divmod(int(mean.argmax()), size)
        if mean[a, b] < cut:
            return label
        if a > b:
            a, b = b, a
        joined = (count[a] * mean[a] + count[b] * mean[b]) / (count[a] + count[b])
        joined[a] = -np.inf
        mean[a], mean[:, a] = joined, joined
        mean[b], mean[:, b] = -np.inf, -np.inf
        count[a] += count[b]
        label[label == b] = a
