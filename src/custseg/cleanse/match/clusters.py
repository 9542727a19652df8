"""From weighted pairs to customers: components, then average linkage inside each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from custseg.cleanse.match.blocking import Blocks, pairs_in, unpack
from custseg.cleanse.match.components import components
from custseg.cleanse.match.decided import LOOSE, SURE, join_decided, part
from custseg.cleanse.match.types import Codes, Floats, Ints

STEP: Final = 3.0
STRICTEST: Final = 45.0

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
        whatever the others say, those of :data:`SURE` join the clusters of both.
    weigh
        Gives the weight of any pairs of nodes (left, right), compared before or not; of the pairs
        that are sure the one that they would have.
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
        part(labels, huge[component], pairs, weights, one_of)
    sure = pairs[weights >= SURE]
    sure = sure[~huge[component[sure >> 32]]]
    if len(sure):
        join_decided(labels, sure, inside, inner, one_of)
    if hold > cut or huge.any() or len(sure):
        both = np.concatenate([pairs[weights >= hold], inside[inner >= hold]])
        labels = held_together(labels, *unpack(both))
    return Clustering(labels, inside, inner, oversize)


def held_together(labels: Ints, left: Ints, right: Ints) -> Ints:
    """Part clusters so that each is connected by these links; its smallest node labels it."""
    within = labels[left] == labels[right]
    parts = components(len(labels), left[within], right[within])
    first: Ints = np.unique(parts, return_index=True)[1]
    return first[parts]


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
