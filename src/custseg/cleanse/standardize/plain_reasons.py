"""Reasons of what needs no special one: cells that are empty, and cells written another way."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Status
from custseg.cleanse.standardize.nulls import nfkc, null_mask

EMPTY: Final = "empty"
_MARKER: Final = "null_marker"
_WIDTH: Final = "width_or_spaces"
_FORM: Final = "standard_form"


def with_plain_reasons(
    reasons: pa.Array, status: npt.NDArray[np.int8], before: pa.Array, after: pa.Array
) -> pa.Array:
    """Name why cells are missing, or standardized, where nothing else does.

    Parameters
    ----------
    reasons
        Codes; null where there is none.
    status
        Of the same cells.
    before, after
        The cells, and their standard values.
    """
    none = pc.is_null(reasons).to_numpy(zero_copy_only=False)
    for which, name in ((Status.MISSING, _missing), (Status.STANDARDIZED, _standardized)):
        mask = none & (status == which)
        if mask.any():
            here = pa.array(mask)
            named = name(before.filter(here), after.filter(here))
            reasons = pc.replace_with_mask(reasons, here, named)
    return reasons


def _missing(before: pa.Array, after: pa.Array) -> pa.Array:
    del after
    blank = null_mask(before, markers=False)
    return pc.if_else(pa.array(blank), EMPTY, _MARKER)


def _standardized(before: pa.Array, after: pa.Array) -> pa.Array:
    """Tell what is another width or spacing alone from another form."""
    bare = pc.replace_substring_regex(nfkc(before), r"\s+", "")
    same = pc.equal(bare, pc.replace_substring(after, " ", ""))
    return pc.if_else(same, _WIDTH, _FORM)
