"""What the shipped name lists say of a piece of a Japanese name: how likely, how read.

A piece that the lists know has the probability of its weight; an unknown one is judged by its
length and by where its characters stand in known names. Probabilities are natural logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.cleanse.standardize.characters import fold_variants
from custseg.cleanse.standardize.reading import is_kana, plain_kana
from custseg.resources import names

UNKNOWN_FAMILY: Final = 0.02
"""Share of people whose family name the list lacks."""

UNKNOWN_GIVEN: Final = 0.08
"""Share of people whose given name the list lacks."""

LONGEST: Final = 10
"""Characters beyond which a text is no Japanese name without a space."""

_CHARACTERS: Final = 6000
_SMOOTHING: Final = 0.1
_NO_LENGTH: Final = -12.0
"""Log probability of a length that no known name has."""


class Names:
    """One side of a name: the family names, or the given names.

    Parameters
    ----------
    table
        Columns ``name``, ``kana``, ``weight``.
    unknown
        Share of people whose name the table lacks.

    Attributes
    ----------
    known
        Log probability of every name in the table, old characters folded.
    bounds
        Greatest log probability that :meth:`unknown` can give a piece of 1, 2, … characters.
    """

    def __init__(self, table: pa.Table, unknown: float) -> None:
        # A line feed stands in no name: all names are folded in one go.
        folded = fold_variants("\n".join(table.column("name").to_pylist())).split("\n")
        weights: dict[str, float] = {}
        for name, share in zip(folded, table.column("weight").to_pylist(), strict=True):
            weights[name] = weights.get(name, 0.0) + share
        known = list(weights)
        weight = np.array(list(weights.values()))
        self.known: dict[str, float] = dict(
            zip(known, np.log((1 - unknown) * weight).tolist(), strict=True)
        )
        self._unknown = math.log(unknown)
        codes = np.array(known).view(np.uint32).reshape(len(known), -1)
        sizes = np.count_nonzero(codes, axis=1)
        shares = np.bincount(sizes, weights=weight) / weight.sum()
        self._lengths = {
            size: math.log(share) for size, share in enumerate(shares.tolist()) if share > 0
        }
        places = [_logarithms(codes[mask]) for mask in _place_masks(codes.shape[1], sizes)]
        self._places = places
        greatest = [max(known.values(), default=0.0) for known, _ in places]
        self.bounds = tuple(
            self._unknown
            + self._lengths.get(length, _NO_LENGTH)
            + sum(greatest[place] for place in _places(length))
            for length in range(1, LONGEST + 1)
        )
        self._rows = (folded, table.column("kana"))
        self._written: dict[str, list[str]] | None = None
        self._readings: dict[str, frozenset[str]] = {}

    def unknown(self, piece: str) -> float:
        """Log probability of a piece that is no known name."""
        likely = self._unknown + self._lengths.get(len(piece), _NO_LENGTH)
        for place, character in zip(_places(len(piece)), piece, strict=True):
            known, otherwise = self._places[place]
            likely += known.get(character, otherwise)
        return likely

    def readings(self, piece: str) -> frozenset[str]:
        """Readings of a known piece as plain kana; a piece in kana reads as itself."""
        if is_kana(piece):
            return frozenset({plain_kana(piece)})
        if self._written is None:
            self._written = {}
            for name, reading in zip(self._rows[0], self._rows[1].to_pylist(), strict=True):
                self._written.setdefault(name, []).append(reading)
        known = self._readings.get(piece)
        if known is None:
            known = frozenset(map(plain_kana, self._written.get(piece, ())))
            if known:
                self._readings[piece] = known
        return known

    def read_pairs(self) -> Iterator[tuple[str, str]]:
        """Give every known name with each of its readings as plain kana."""
        names, kana = self._rows
        plain = plain_kana("\n".join(kana.to_pylist())).split("\n")
        return zip(names, plain, strict=True)


@cache
def family_names() -> Names:
    """Give the Japanese family names; read at the first call."""
    return Names(names.japanese_family_names(), UNKNOWN_FAMILY)


@cache
def given_names() -> Names:
    """Give the Japanese given names; read at the first call."""
    return Names(names.japanese_given_names(), UNKNOWN_GIVEN)


@cache
def english_given_names() -> dict[str, float]:
    """Give the share of people by English given name, in lower case."""
    return _weights(names.english_given_names())


@cache
def english_surnames() -> dict[str, float]:
    """Give the share of people by English surname, in lower case."""
    return _weights(names.english_surnames())


def _weights(table: pa.Table) -> dict[str, float]:
    lower = (name.lower() for name in table.column("name").to_pylist())
    return dict(zip(lower, table.column("weight").to_pylist(), strict=True))


@cache
def _places(length: int) -> tuple[int, ...]:
    """Kind of place of each character: first 0, inner 1, last 2, the only one 3."""
    return (3,) if length == 1 else (0, *(1,) * (length - 2), 2)


def _place_masks(width: int, sizes: npt.NDArray[np.int64]) -> list[npt.NDArray[np.bool_]]:
    """Tell, for each kind of place, which characters of a matrix of names stand there."""
    column = np.arange(width)[None, :]
    size = sizes[:, None]
    return [
        (column == 0) & (size > 1),
        (column > 0) & (column < size - 1),
        (column == size - 1) & (size > 1),
        (column == 0) & (size == 1),
    ]


def _logarithms(codes: npt.NDArray[np.uint32]) -> tuple[dict[str, float], float]:
    """Smoothed log probabilities of the characters at a place, and that of an unseen one."""
    seen, counts = np.unique(codes, return_counts=True)
    total = len(codes) + _SMOOTHING * _CHARACTERS
    likely = np.log((counts + _SMOOTHING) / total).tolist()
    return dict(zip(map(chr, seen.tolist()), likely, strict=True)), math.log(_SMOOTHING / total)
