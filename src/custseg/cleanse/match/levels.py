"""Names of the agreement levels, by kind of field. Level 0 means: not comparable."""

from __future__ import annotations

from typing import Final

import numpy as np

from custseg.cleanse.match.coding import Coded
from custseg.cleanse.match.types import Levels

MISSING: Final = 0

SAME_VALUE_LEVELS: Final = (
    "same_very_rare",
    "same_rare",
    "same_uncommon",
    "same",
    "same_common",
    "same_very_common",
)
"""Equal, by how many records have the value: coincidence falls with its square."""

NAME_LEVELS: Final = (
    "missing",
    *SAME_VALUE_LEVELS,
    "same_reading",
    "variant",
    "close",
    "similar",
    "swapped",
    "different",
)
DATE_LEVELS: Final = (
    "missing",
    "same",
    "same_common",
    "close",
    "part",
    "near",
    "year",
    "different",
)
VALUE_LEVELS: Final = ("missing", "same", "same_shared", "close", "different")
EMAIL_LEVELS: Final = (
    "missing",
    "same",
    "same_shared",
    "same_local_part",
    "close",
    "different",
)
STREET_LEVELS: Final = (
    "missing",
    "same",
    "close",
    "other_unit",
    "other_number",
    "similar",
    "different",
)
AREA_LEVELS: Final = (
    "missing",
    "same",
    "same_code",
    "near_code",
    "same_city",
    "region",
    "different",
)
GENDER_LEVELS: Final = ("missing", "same", "different")
ATTRIBUTE_LEVELS: Final = (
    "missing",
    *SAME_VALUE_LEVELS,
    "close",
    "different",
)

LEVELS: Final = {
    "name": NAME_LEVELS,
    "date": DATE_LEVELS,
    "value": VALUE_LEVELS,
    "email": EMAIL_LEVELS,
    "street": STREET_LEVELS,
    "area": AREA_LEVELS,
    "gender": GENDER_LEVELS,
    "attribute": ATTRIBUTE_LEVELS,
}

FREQUENT: Final = (2e-5, 1e-4, 5e-4, 2e-3, 6e-3)
"""Shares of the records, beyond a pair, from which a value has the next of
:data:`SAME_VALUE_LEVELS`."""


def frequency_level(column: Coded) -> Levels:
    """Give 1 (very rare) to 6 (very common) for each code of a column; 0 for none (the last)."""
    share = np.maximum(column.counts - 2, 0) / max(column.filled, 1)
    level = np.zeros(len(column.keys) + 1, np.uint8)
    level[:-1] = 1 + np.searchsorted(FREQUENT, share, side="right")
    return level
