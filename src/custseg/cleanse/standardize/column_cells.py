"""What columns at work are asked for, and how an empty cell of one is filled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Status
from custseg.cleanse.standardize.columns import Column, base_role


def by_role(columns: Sequence[Column]) -> dict[str, list[Column]]:
    """Give the columns of each role, in the order of the table."""
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault(base_role(column.role), []).append(column)
    return found


def learn_reason(column: Column, reason: str | None) -> int:
    """Give the number of a reason in a column, which learns it."""
    if reason not in column.reasons:
        column.reasons.append(reason)
    return column.reasons.index(reason)


def whole(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Give the cells of a column in one piece."""
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def mask_of(array: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Give Booleans without nulls as a mask of rows."""
    return np.asarray(whole(array).to_numpy(zero_copy_only=False), dtype=np.bool_)


def fill_empty(
    target: Column, part: pa.Array, certain: npt.NDArray[np.bool_], reason: str
) -> npt.NDArray[np.bool_]:
    """Fill the empty cells of a column where a part of another is certain; tell the rows."""
    gains: npt.NDArray[np.bool_] = (
        mask_of(pc.is_valid(part)) & certain & (target.status == Status.MISSING)
    )
    if gains.any():
        target.after = pc.if_else(pa.array(gains), part, target.after)
        target.status[gains] = Status.CORRECTED
        target.reason[gains] = learn_reason(target, reason)
    return gains
