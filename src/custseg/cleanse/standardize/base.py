"""What every standardizer gives back: a value, a status, a reason, and parts.

A standardizer is a pure function of one cell (and, for some roles, of its neighbors in the
row), so that it can run on the distinct values of a column, in any order, in any process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa


class Status(IntEnum):
    """What was found out about, and done to, a cell."""

    VALID = 0
    """Already standard."""
    STANDARDIZED = 1
    """Written another way; the meaning is certain and the same."""
    CORRECTED = 2
    """Repaired: the meaning was damaged (a lost zero, a typing error) and is certain."""
    SUGGESTED = 3
    """Left as it was; a better value is proposed."""
    AMBIGUOUS = 4
    """Two readings or more; none chosen."""
    INVALID = 5
    """Cannot be a value of this role."""
    MISSING = 6
    """Empty, or a word that means so."""


class Cell(NamedTuple):
    """The outcome for one cell.

    Attributes
    ----------
    value
        The standard value; None for none.
    status, reason
        What was done, and a short stable code of why (``"leading_zero_restored"``).
    parts
        Values of the standardizer's `parts`, in their order; shorter means the rest is None.
    also
        Further values found in the same cell, which become columns ``NAME_2``, ``NAME_3`` …
    suggestion
        What is proposed but not done.
    """

    value: str | None
    status: Status = Status.VALID
    reason: str | None = None
    parts: tuple[str | None, ...] = ()
    also: tuple[str, ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell cannot say of itself. The same for a whole column.

    Attributes
    ----------
    country
        Default country as ISO 3166-1 alpha-2, for values that do not name their own.
    phone_format
        ``"e164"`` (+81312345678) or ``"national"`` (03-1234-5678).
    date_order
        ``"dmy"``, ``"mdy"`` or (years of two digits) ``"ymd"`` where the column as a whole
        proves it, else ``""``.
    decimal_mark
        ``","`` where the column as a whole proves that it writes 1.234,56, else ``"."``.
    as_of
        ISO date beyond which a birth date is in the future; ``""`` for no bound.
    """

    country: str = "JP"
    phone_format: str = "e164"
    date_order: str = ""
    decimal_mark: str = "."
    as_of: str = ""


CellFunction = Callable[..., Cell]
"""``cell(value, context, *neighbors) -> Cell``: `value` is the raw, non-empty cell; a neighbor
is the raw cell of that role in the same row, ``""`` where there is none."""


class Settled(NamedTuple):
    """The outcome of a vectorized shortcut over a column's distinct values.

    Where ``mask`` is true, ``value`` stands with ``status``; the cell function need not be
    called there, and must give exactly the same (a test compares them). ``parts`` are arrays
    of the standardizer's parts in their order; left out, the rest is null, as is ``reason``.
    """

    mask: npt.NDArray[np.bool_]
    value: pa.Array
    status: npt.NDArray[np.int8]
    parts: tuple[pa.Array, ...] = ()
    reason: pa.Array | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardizer:
    """How the cells of a role are standardized.

    Attributes
    ----------
    cell
        The definition, one cell at a time. Must be a module-level function: it is sent to
        worker processes by name.
    parts
        Roles of the columns that the parts of a value go to.
    neighbors
        Roles whose cell in the same row is passed as further evidence.
    fills
        Those of `parts` that also fill an empty cell of a column the table already has (a
        missing postal code from a certain address). The cell leaves such a part None where
        it is not certain.
    shortcut
        ``shortcut(values, context, *neighbors) -> Settled``: settles the common forms of a
        whole column at once; optional, for speed alone. `values` are the distinct cells (no
        nulls), each neighbor an array of the same length, ``""`` where there is none.
    survey
        Looks at the distinct values of the column before any cell (day-month order) and
        completes the context; optional.
    null_markers
        Whether words such as なし or N/A mean an empty cell here. In names they are names.
    longest
        Characters beyond which a cell is no value of this role, whatever stands in it: it stays
        as it is, and its neighbors are read as if it were empty. None for no bound.
    key, weak_key
        Match keys of a standard value: equal keys are strong, or weak, evidence for one
        person. Keys fold what display values keep (髙橋 has the key 高橋). None: the value
        itself is the key, and there is no weak one.
    """

    cell: CellFunction
    parts: tuple[str, ...] = ()
    neighbors: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    shortcut: Callable[..., Settled] | None = None
    survey: Callable[[Sequence[str], Context], Context] | None = None
    null_markers: bool = True
    longest: int | None = 1000
    key: Callable[[str], str] | None = None
    weak_key: Callable[[str], str] | None = None
