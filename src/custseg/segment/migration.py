"""Who moved from which segment to which, between two days or two runs, and with what money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.engine import Engine
from custseg.segment.choice import Labels
from custseg.segment.maps import SegmentMap
from custseg.segment.rfm import (
    Customers,
    Floats,
    RfmModel,
    RfmSettings,
    customer_values,
    fit_rfm,
    score_rfm,
)

NOWHERE: Final = -1
"""Index of a customer who was not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """Customers and their later money, by earlier segment (first index) and later one.

    Attributes
    ----------
    segments
        Names, in the order of both indices.
    customers, money
        Who was there both times.
    new_customers, new_money
        Who came since, by later segment.
    gone_customers
        Who is no longer there (between two runs), by earlier segment.
    """

    segments: tuple[str, ...]
    customers: tuple[tuple[int, ...], ...]
    money: tuple[tuple[float, ...], ...]
    new_customers: tuple[int, ...]
    new_money: tuple[float, ...]
    gone_customers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Segments of customers at one time: ids, index of the segment, money so far."""

    ids: np.ndarray
    segments: Labels
    money: Floats


def standing(
    engine: Engine,
    orders: pa.Table,
    day: date,
    map_: SegmentMap,
    settings: RfmSettings | None = None,
    model: RfmModel | None = None,
) -> Standing:
    """Segments as they stood at `day`, from the orders up to it.

    With `model` its cuts are used; without, cuts are found anew at each day, so that segments
    keep their meaning relative to the customers of the time.
    """
    customers = Customers.from_table(customer_values(engine, orders, day))
    scores = score_rfm(customers, model or fit_rfm(customers, settings))
    return Standing(customers.ids, map_.segments(scores), customers.monetary)


def migration(before: Standing, after: Standing, segments: tuple[str, ...]) -> Migration:
    """Cross the segments of customers at two times."""
    everyone = np.union1d(before.ids, after.ids)
    was = np.full(len(everyone), NOWHERE)
    now = np.full(len(everyone), NOWHERE)
    money = np.zeros(len(everyone))
    was[np.searchsorted(everyone, before.ids)] = before.segments
    at = np.searchsorted(everyone, after.ids)
    now[at], money[at] = after.segments, after.money
    n = len(segments)
    # One more row and column for those who were, or are, not there: index 0.
    cells = (was + 1) * (n + 1) + now + 1
    count = np.bincount(cells, minlength=(n + 1) ** 2).reshape(n + 1, n + 1)
    spent = np.bincount(cells, money, minlength=(n + 1) ** 2).reshape(n + 1, n + 1).round(4)
    return Migration(
        segments=segments,
        customers=tuple(tuple(row) for row in count[1:, 1:].tolist()),
        money=tuple(tuple(row) for row in spent[1:, 1:].tolist()),
        new_customers=tuple(count[0, 1:].tolist()),
        new_money=tuple(spent[0, 1:].tolist()),
        gone_customers=tuple(count[1:, 0].tolist()),
    )
