"""By what customers are grouped: their segment, and attributes that behavior does not change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.errors import InputError
from custseg.segment.choice import Labels

SEGMENT: Final = "segment"
MOST_LEVELS: Final = 100
"""Levels of an attribute that are told apart, the most frequent ones."""

UNKNOWN: Final = -1

FIXED: Final = (
    *("gender", "age_band", "prefecture"),
    *("first_channel", "first_campaign", "first_store"),
)
"""Attributes used where the settings name none: they stand before a customer's second order."""

TASTES: Final = ("favorite_category", "preferred_channel")
"""Shown in personas too: what customers came to like."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to group customers.

    Attributes
    ----------
    name
        Column it comes from, or :data:`SEGMENT`.
    levels
        Its values.
    then, now
        Index into `levels` of each customer in either period; :data:`UNKNOWN` for none. The
        same but for the segment.
    """

    name: str
    levels: tuple[str, ...]
    then: Labels
    now: Labels


def attributes(
    known: pa.Table, chosen: Sequence[str], usual: Sequence[str] = FIXED
) -> tuple[Dimension, ...]:
    """Give the attributes of customers as dimensions.

    Parameters
    ----------
    known
        All columns at hand, a customer a row.
    chosen
        Which; empty takes those of `usual` that are there.
    usual
        Columns to take where none are chosen.

    Raises
    ------
    InputError
        If a chosen column is not there.
    """
    for name in chosen:
        if name not in known.column_names:
            raise InputError(
                "segment.attribute", column=name, known=", ".join(known.column_names[1:])
            )
    names = chosen or [name for name in usual if name in known.column_names]
    found = [_dimension(name, known[name]) for name in names]
    return tuple(each for each in found if len(each.levels) > 1)


def _dimension(name: str, column: pa.ChunkedArray) -> Dimension:
    texts = pc.cast(column, pa.string())
    texts = pc.if_else(pc.equal(pc.utf8_trim_whitespace(texts), ""), None, texts)
    counted = texts.drop_null().value_counts()
    pairs = sorted(
        zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True),
        key=lambda pair: (-pair[1], pair[0]),
    )
    levels = sorted(value for value, _ in pairs[:MOST_LEVELS])
    place = pc.index_in(texts, value_set=pa.array(levels, pa.string()))
    labels = np.asarray(pc.fill_null(place, UNKNOWN)).astype(np.int64)
    return Dimension(name, tuple(levels), labels, labels)
