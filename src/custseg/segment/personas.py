"""Personas: who the customers of each segment are, by attribute, and what stands out.

Each attribute is crossed with the segments. A cell stands out where its adjusted residual (what
is there less what would be there if attribute and segment had nothing to do with each other, in
standard deviations; Haberman, Biometrics 29, 1973) is significant at 5 % after Benjamini and
Hochberg's correction for all cells of all attributes. Cells in which fewer than 5 customers would
be expected are not judged. Cells of fewer than 101 customers are marked small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from custseg.segment.choice import Labels
from custseg.segment.dimensions import UNKNOWN, Dimension
from custseg.segment.inference import adjusted, two_sided
from custseg.segment.rfm import Floats

LEVEL: Final = 0.05
LEAST_EXPECTED: Final = 5.0
SMALL_CELL: Final = 101


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaTable:
    """One attribute by segment; first index the level, second the segment.

    Attributes
    ----------
    customers
        How many.
    ratios
        To how many would be there if attribute and segment had nothing to do with each other.
    residuals
        Adjusted residuals; 0 where fewer than 5 customers would be expected.
    stands_out
        1 where there are more than that, -1 where fewer, 0 where chance may explain it.
    small
        Whether a cell has fewer than 101 customers.
    unknown
        Customers without the attribute; they are not in the table.
    """

    attribute: str
    levels: tuple[str, ...]
    customers: tuple[tuple[int, ...], ...]
    ratios: tuple[tuple[float, ...], ...]
    residuals: tuple[tuple[float, ...], ...]
    stands_out: tuple[tuple[int, ...], ...]
    small: tuple[tuple[bool, ...], ...]
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonasSummary:
    """Attributes by segment.

    Attributes
    ----------
    segments
        In the order of the second index of every table.
    tested
        Cells judged.
    """

    segments: tuple[str, ...]
    tables: tuple[PersonaTable, ...]
    tested: int
    level: float = LEVEL
    small: int = SMALL_CELL


def personas(
    segments: Labels, names: Sequence[str], attributes: Sequence[Dimension]
) -> PersonasSummary:
    """Cross attributes with segments.

    Parameters
    ----------
    segments
        Index into `names` of each customer.
    attributes
        Of the same customers, in the same order.
    """
    counts = [_cross(segments, len(names), each) for each in attributes]
    expected = [_expected(each) for each in counts]
    residuals = [_residuals(*pair) for pair in zip(counts, expected, strict=True)]
    judged = [each >= LEAST_EXPECTED for each in expected]
    p = adjusted(
        two_sided(
            np.concatenate([np.empty(0), *(r[j] for r, j in zip(residuals, judged, strict=True))])
        )
    )
    tables = []
    start = 0
    for each, count, wanted, residual, sure in zip(
        attributes, counts, expected, residuals, judged, strict=True
    ):
        own = np.ones(count.shape)
        own[sure] = p[start : start + int(sure.sum())]
        start += int(sure.sum())
        tables.append(
            PersonaTable(
                attribute=each.name,
                levels=each.levels,
                customers=_rows(count),
                ratios=_rows(np.where(wanted > 0, count / np.where(wanted > 0, wanted, 1), 0.0)),
                residuals=_rows(np.where(sure, residual, 0.0)),
                stands_out=_rows(np.where(own <= LEVEL, np.sign(residual), 0).astype(np.int64)),
                small=_rows(count < SMALL_CELL),
                unknown=int(np.count_nonzero(each.now == UNKNOWN)),
            )
        )
    return PersonasSummary(segments=tuple(names), tables=tuple(tables), tested=len(p))


def _cross(segments: Labels, width: int, each: Dimension) -> Labels:
    known = each.now != UNKNOWN
    cells = each.now[known] * width + segments[known]
    return np.bincount(cells, minlength=len(each.levels) * width).reshape(-1, width)


def _expected(count: Labels) -> Floats:
    total = max(int(count.sum()), 1)
    return np.outer(count.sum(axis=1), count.sum(axis=0)) / total


def _residuals(count: Labels, expected: Floats) -> Floats:
    total = max(int(count.sum()), 1)
    rows, columns = count.sum(axis=1) / total, count.sum(axis=0) / total
    variance = expected * np.outer(1 - rows, 1 - columns)
    return np.where(
        variance > 0, (count - expected) / np.sqrt(np.where(variance > 0, variance, 1)), 0.0
    )


def _rows(values: np.ndarray) -> Any:
    return tuple(tuple(row) for row in values.tolist())
