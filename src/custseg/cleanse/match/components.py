"""What hangs together by links."""

from __future__ import annotations

import numpy as np

from custseg.cleanse.match.types import Ints


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
