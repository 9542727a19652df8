"""The score: what a cell is worth, a column, a table. docs/quality.md says it in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from custseg.cleanse.assess.checks import Measures, measure
from custseg.cleanse.assess.model import ColumnQuality, QualityScore
from custseg.cleanse.standardize.columns import base_role
from custseg.engine import Engine

DIMENSION_WEIGHTS: Final = {
    "cells": 0.60,
    "consistency": 0.15,
    "uniqueness": 0.15,
    "freshness": 0.10,
}

WORTH: Final = {
    "valid": 1.0,
    "standardized": 0.8,
    "suggested": 0.6,
    "ambiguous": 0.5,
    "corrected": 0.4,
    "invalid": 0.0,
    "missing": 0.0,
}
"""What a cell is worth as it stands, by status."""

WORTH_CLEANED: Final = {**WORTH, "standardized": 1.0, "corrected": 1.0}
"""The same once the standard value stands in its place."""

REASON_WORTH: Final = {
    "placeholder": 0.0,
    "disposable": 0.5,
    "postal_conflict": 0.5,
    "prefecture_conflict": 0.5,
    "city_conflict": 0.5,
    "is_company": 0.5,
    "several_persons": 0.5,
}
"""What a cell is worth at most with a reason, whatever its status."""

ROLE_WEIGHTS: Final = {
    **dict.fromkeys(("email", "phone", "address", "person_name", "identifier"), 3.0),
    **dict.fromkeys(("family_name", "given_name", "postal_code", "birth_date", "consent"), 2.0),
    "opt_out": 2.0,
    **dict.fromkeys(("order_id", "customer_id", "order_date", "amount"), 3.0),
    **dict.fromkeys(("text", "attribute", "ignore"), 0.0),
}
"""Part of a role's column in the score of the cells; 1 where not listed."""

OPTIONAL: Final = frozenset(
    {
        *("middle_name", "name_suffix", "name_title", "company", "corporate_number", "building"),
        *("unit", "country", "currency", "phone_extension", "street", "discount", "cost"),
        *("campaign", "channel", "store", "cancelled", "refund", "identifier", "record_id"),
    }
)
"""Roles of which a person may well have none: an empty cell is no fault."""


def quality_score(
    table: pa.Table,
    roles: Mapping[str, str],
    quality: pa.Table,
    engine: Engine,
    *,
    cleaned: bool = False,
    unique: float | None = None,
    as_of: str = "",
) -> QualityScore:
    """Score a standardized table from 0 to 100, as it was or as it has become.

    Parameters
    ----------
    table, roles, quality
        As in :class:`custseg.cleanse.standardize.table.StandardizedTable`.
    engine
        Counts.
    cleaned
        False scores the cells as they were before standardizing, True as they are now.
    unique
        Share of records that are the only one of their person, 0 to 1, where it is known
        (1 after merging); None counts obvious repetitions.
    as_of
        ISO date of the assessment; ``""`` leaves freshness and ages out.
    """
    measures = measure(table, roles, quality, engine, as_of=as_of)
    return score_of(quality, measures, cleaned=cleaned, unique=unique)


def score_of(
    quality: pa.Table, measures: Measures, *, cleaned: bool = False, unique: float | None = None
) -> QualityScore:
    """Score as :func:`quality_score` does, from what was measured before."""
    columns = column_qualities(quality, cleaned=cleaned)
    dimensions: dict[str, float] = {}
    scored = [(each.score, each.weight) for each in columns if each.score is not None]
    weight = sum(part for _, part in scored)
    if weight:
        dimensions["cells"] = sum(score * part for score, part in scored) / weight
    shares = {
        "consistency": measures.agreement.share,
        "uniqueness": measures.unique if unique is None else unique,
        "freshness": measures.freshness.share,
    }
    dimensions |= {name: 100 * share for name, share in shares.items() if share is not None}
    return QualityScore(_overall(dimensions), dimensions, columns)


def column_qualities(quality: pa.Table, *, cleaned: bool) -> tuple[ColumnQuality, ...]:
    """Score every column of a quality table."""
    by_column: dict[tuple[str, str], list[tuple[str, str | None, int]]] = {}
    for row in quality.to_pylist():
        cells = by_column.setdefault((row["column"], row["role"]), [])
        cells.append((row["status"], row["reason"], row["cells"]))
    return tuple(
        _column(column, role, cells, WORTH_CLEANED if cleaned else WORTH)
        for (column, role), cells in by_column.items()
    )


def _column(
    column: str,
    role: str,
    cells: list[tuple[str, str | None, int]],
    worth: Mapping[str, float],
) -> ColumnQuality:
    rows = sum(count for *_, count in cells)
    filled = sum(count for status, _, count in cells if status != "missing")
    right = {"valid", "standardized", "corrected"}
    valid = sum(n for status, reason, n in cells if status in right and _is_sound(reason))
    standard = sum(n for status, reason, n in cells if worth[status] == 1 and _is_sound(reason))
    total = sum(
        min(worth[status], REASON_WORTH.get(reason or "", 1.0)) * count
        for status, reason, count in cells
    )
    weight = ROLE_WEIGHTS.get(base_role(role), 1.0)
    expected = filled if base_role(role) in OPTIONAL else rows
    return ColumnQuality(
        column=column,
        role=role,
        filled=filled / rows if rows else 0.0,
        valid=valid / filled if filled else 0.0,
        standard=standard / filled if filled else 0.0,
        score=100 * total / expected if expected and weight else None,
        weight=weight,
    )


def _is_sound(reason: str | None) -> bool:
    return REASON_WORTH.get(reason or "", 1.0) > 0


def _overall(dimensions: Mapping[str, float]) -> float | None:
    """Mean of the measured dimensions by their weights; None without any cell to judge."""
    if "cells" not in dimensions:
        return None
    weight = sum(DIMENSION_WEIGHTS[name] for name in dimensions)
    return sum(DIMENSION_WEIGHTS[name] * value for name, value in dimensions.items()) / weight
