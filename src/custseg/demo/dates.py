"""Calendar arithmetic on whole columns of days."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.demo.people import Days
from custseg.demo.shares import Shares
from custseg.demo.text import Ints, chance


def wrong_dates(rng: np.random.Generator, day: Days, shares: Shares) -> Days:
    """Put a share of the dates a day, a month or ten years beside the truth."""
    count = len(day)
    shift = np.array([1, -1, 30, -31, 365 * 10 + 2, 10])[rng.integers(0, 6, count)]
    return np.where(chance(rng, count, shares.typo_birth), day + shift, day)


def calendar(day: Days) -> tuple[Ints, Ints, Ints]:
    """Year, month and day of the month of days since 1970-01-01."""
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    number = month.astype(np.int64)
    return number // 12 + 1970, number % 12 + 1, (date - month).astype(np.int64) + 1


def iso_dates(day: Days) -> pa.Array:
    """Write days since 1970-01-01 as YYYY-MM-DD."""
    return pc.cast(pa.array(day.astype(np.int32)).cast(pa.date32()), pa.string())
