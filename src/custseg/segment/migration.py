"""Who moved from which segment to which, between two days or two runs, and with what money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.choice import Labels
from custseg.segment.keys import places_in
from custseg.segment.lines import Lines
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

YEAR: Final = 365

_SPENT: Final = """
SELECT customer_id, CAST(SUM(amount) AS DOUBLE) AS money FROM orders
WHERE order_date > CAST($1 AS DATE) AND order_date <= CAST($2 AS DATE) GROUP BY customer_id
"""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """Customers who went from one segment to another.

    Attributes
    ----------
    yearly_money
        What they spent in the 365 days up to the earlier day: what a year of them was worth.
    direction
        ``"down"`` where the later segment is worth less (see :func:`worths`), ``"up"`` where it
        is worth more, ``"level"`` where both are worth the same, or one is not of a known map.
    """

    before: str
    after: str
    customers: int
    yearly_money: float
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationSummary:
    """What changed between two days, or since an earlier run.

    Attributes
    ----------
    first_day, last_day
        The earlier and the later day.
    between
        ``"days"``: both from these orders; ``"runs"``: the earlier one as an earlier run saw it.
    table
        Everyone.
    moves
        Those who changed segment, most money first.
    followed
        Ids of the earlier run that were merged into another since, and counted under it.
    """

    first_day: str
    last_day: str
    between: str
    table: Migration
    moves: tuple[MoveRow, ...]
    followed: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Segments of customers at one time: ids (ascending), index of the segment, money so far."""

    ids: np.ndarray
    segments: Labels
    money: Floats


def standing(
    engine: Engine,
    orders: Lines,
    day: date,
    map_: SegmentMap,
    settings: RfmSettings | None = None,
    model: RfmModel | None = None,
    since: date = date.min,
) -> Standing:
    """Segments as they stood at `day`, from the orders up to it, and from `since` on.

    With `model` its cuts are used; without, cuts are found anew at each day, so that segments
    keep their meaning relative to the customers of the time.
    """
    customers = Customers.from_table(customer_values(engine, orders, day, since))
    if not len(customers):
        return Standing(customers.ids, np.empty(0, dtype=np.int64), customers.monetary)
    scores = score_rfm(customers, model or fit_rfm(customers, settings))
    return Standing(customers.ids, map_.segments(scores), customers.monetary)


def earlier_standing(
    scores: pa.Table, segments: Sequence[str], successors: Mapping[str, str]
) -> tuple[Standing, int]:
    """Segments as an earlier run gave them, under the ids that its customers have today.

    Where several customers of then are one today, the segment of the one with the most money
    counts (of equal ones the lower id's), and their money is added up.

    Parameters
    ----------
    scores
        The run's scores: ``customer_id``, ``segment``, ``monetary``.
    segments
        Names, among them all of `scores`.
    successors
        Retired id → the id its customer has today.

    Returns
    -------
    standing, followed
        And how many ids were followed to another.
    """
    old = np.asarray(scores["customer_id"].to_pylist(), dtype=np.str_)
    ids = np.asarray([successors.get(each, each) for each in old.tolist()], dtype=np.str_)
    money = np.asarray(pc.cast(scores["monetary"], pa.float64()), dtype=np.float64)
    labels = places_in(segments, scores["segment"])
    order = np.lexsort((old, -money, ids))
    names, first, place = np.unique(ids[order], return_index=True, return_inverse=True)
    added = np.zeros(len(names))
    np.add.at(added, place, money[order])
    return Standing(names, labels[order][first], added), int(np.count_nonzero(ids != old))


def migration(before: Standing, after: Standing, segments: tuple[str, ...]) -> Migration:
    """Cross the segments of customers at two times."""
    was, now, money, _ = _crossed(before, after)
    n = len(segments)
    count, spent = _counts(was, now, n), _counts(was, now, n, money).round(4)
    return Migration(
        segments=segments,
        customers=tuple(tuple(row) for row in count[1:, 1:].tolist()),
        money=tuple(tuple(row) for row in spent[1:, 1:].tolist()),
        new_customers=tuple(count[0, 1:].tolist()),
        new_money=tuple(spent[0, 1:].tolist()),
        gone_customers=tuple(count[1:, 0].tolist()),
    )


def moves(
    before: Standing,
    after: Standing,
    segments: tuple[str, ...],
    worth: Mapping[str, float],
    spent: tuple[np.ndarray, Floats],
) -> tuple[MoveRow, ...]:
    """Customers who changed segment, by both segments, most money first.

    Parameters
    ----------
    worth
        As :func:`worths` gives it.
    spent
        Customer ids, ascending, and what each spent in the year up to the earlier day.
    """
    was, now, _, everyone = _crossed(before, after)
    yearly = np.zeros(len(everyone))
    yearly[np.searchsorted(everyone, spent[0])] = spent[1]
    n = len(segments)
    count, money = _counts(was, now, n)[1:, 1:], _counts(was, now, n, yearly)[1:, 1:].round(4)
    rows = [
        MoveRow(
            before=segments[i],
            after=segments[j],
            customers=int(count[i, j]),
            yearly_money=float(money[i, j]),
            direction=_direction(worth.get(segments[i]), worth.get(segments[j])),
        )
        for i, j in np.argwhere(count).tolist()
        if i != j
    ]
    return tuple(sorted(rows, key=lambda row: (-row.yearly_money, -row.customers)))


def worths(map_: SegmentMap) -> dict[str, float]:
    """Rank the segments of a map: the mean of R + F over the codes that each names.

    A map says nothing of which segment is better; its codes do. Segments that no code can
    reach have no worth.
    """
    sums: Labels = np.indices(map_.table.shape)[:2].sum(axis=0) + 2
    return {
        name: float(sums[map_.table == index].mean())
        for index, name in enumerate(map_.names)
        if name not in map_.unreachable
    }


def spent_in_year(engine: Engine, orders: Lines, day: date) -> tuple[np.ndarray, Floats]:
    """What each customer spent in the 365 days up to `day`: ids, ascending, and money."""
    found = engine.sql(_SPENT, [day - timedelta(YEAR), day], orders=orders)
    ids = np.asarray(found["customer_id"].to_pylist(), dtype=np.str_)
    order = np.argsort(ids)
    return ids[order], found["money"].to_numpy()[order]


def _direction(before: float | None, after: float | None) -> str:
    if before is None or after is None or before == after:
        return "level"
    return "down" if after < before else "up"


def _crossed(before: Standing, after: Standing) -> tuple[Labels, Labels, Floats, np.ndarray]:
    """Both segments and the later money of everyone who was there at either time, and their ids."""
    everyone = np.union1d(before.ids, after.ids)
    was = np.full(len(everyone), NOWHERE)
    now = np.full(len(everyone), NOWHERE)
    money = np.zeros(len(everyone))
    was[np.searchsorted(everyone, before.ids)] = before.segments
    at = np.searchsorted(everyone, after.ids)
    now[at], money[at] = after.segments, after.money
    return was, now, money, everyone


def _counts(was: Labels, now: Labels, n: int, weights: Floats | None = None) -> Any:
    """Sums by both segments; row and column 0 hold who was, or is, not there."""
    cells = (was + 1) * (n + 1) + now + 1
    return np.bincount(cells, weights, minlength=(n + 1) ** 2).reshape(n + 1, n + 1)
