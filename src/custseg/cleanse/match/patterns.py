"""Distinct agreement patterns of pairs, and how many pairs show each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.cleanse.match.compare import Field
from custseg.cleanse.match.levels import LEVELS
from custseg.cleanse.match.types import Codes, Floats, Levels

DIRECT_TABLE: Final = 1 << 24


@dataclass(frozen=True)
class Patterns:
    """Distinct agreement patterns.

    Attributes
    ----------
    levels
        Shape (patterns, fields).
    counts
        Pairs of each pattern.
    place
        Pattern of each pair.
    """

    levels: Levels
    counts: Floats
    place: Codes


def count_patterns(fields: Sequence[Field], levels: Sequence[Levels]) -> Patterns:
    """Group pairs by their levels."""
    radix = [len(LEVELS[field.kind]) for field in fields]
    packs = np.zeros(len(levels[0]), np.int64)
    for size, level in zip(radix, levels, strict=True):
        packs = packs * size + level
    span = int(np.prod(np.array(radix, np.float64)))
    if span <= DIRECT_TABLE:
        table = np.bincount(packs, minlength=span)
        unique = np.flatnonzero(table)
        rank = np.zeros(span, np.int32)
        rank[unique] = np.arange(len(unique))
        place, counts = rank[packs], table[unique]
    else:
        coded = pa.array(packs).dictionary_encode()
        place, found = coded.indices.to_numpy(), coded.dictionary.to_numpy()
        order = np.argsort(found)
        unique = found[order]
        ranks = np.empty(len(order), np.int32)
        ranks[order] = np.arange(len(order))
        place = ranks[place]
        counts = np.bincount(place, minlength=len(unique))
    unpacked = np.empty((len(unique), len(fields)), np.uint8)
    rest = unique.copy()
    for position in reversed(range(len(fields))):
        rest, unpacked[:, position] = np.divmod(rest, radix[position])
    return Patterns(unpacked, counts.astype(np.float64), place)
