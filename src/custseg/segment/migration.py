"""Who moved from which segment to which, between two days or two runs, and with what money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.segment.choice import Labels
from custseg.segment.exact_money import floats
from custseg.segment.grouped import Ints, run_starts, sums
from custseg.segment.keys import places_in
from custseg.segment.maps import SegmentMap
from custseg.segment.rfm import (
    Customers,
    Floats,
    RfmModel,
    RfmSettings,
    fit_rfm,
    score_rfm,
)
from custseg.segment.timelines import Timeline, Timelines, day_number, within

NOWHERE: Final = -1
"""Index of a customer who was not there."""

YEAR: Final = 365


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
        Ids of the earlier run that are another today, and counted under it.
    """

    first_day: str
    last_day: str
    between: str
    table: Migration
    moves: tuple[MoveRow, ...]
    followed: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Segments of customers at one time: their places, index of the segment, money so far.

    A place is that among all customers of today; who is none of them has :data:`NOWHERE`.
    """

    places: Labels
    segments: Labels
    money: Floats


def standing(
    orders: Timelines,
    names: pa.ChunkedArray,
    day: date,
    map_: SegmentMap,
    settings: RfmSettings | None = None,
    model: RfmModel | None = None,
    since: date = date.min,
) -> Standing:
    """Segments as they stood at `day`, from the orders up to it, and from `since` on.

    With `model` its cuts are used; without, cuts are found anew at each day, so that segments
    keep their meaning relative to the customers of the time.

    Parameters
    ----------
    names
        Ids of all customers, ascending.
    """
    places, customers = _customers(orders, names, day, since)
    if not len(customers):
        return Standing(places, np.empty(0, dtype=np.int64), customers.monetary)
    scores = score_rfm(customers, model or fit_rfm(customers, settings))
    return Standing(places, map_.segments(scores), customers.monetary)


def _customers(
    orders: Timelines, names: pa.ChunkedArray, day: date, since: date
) -> tuple[Labels, Customers]:
    """Places and values of customers at `day`, of orders from `since` on."""
    frequency, monetary, last = np.zeros((3, len(orders)))
    for each in orders:
        until = np.flatnonzero(within(each.days, since, day))
        who = each.who[until]
        starts = run_starts(who)
        counts = np.diff(starts, append=len(who))
        place = each.place[who[starts]]
        frequency[place] = counts
        monetary[place] = floats(sums(each.amount[until], starts))
        last[place] = each.days[until[starts + counts - 1]]
    places = np.flatnonzero(frequency)
    values = ((day_number(day) - last)[places], frequency[places], monetary[places])
    return places, Customers(names.take(pa.array(places)), *values)


def earlier_standing(
    scores: pa.Table,
    segments: Sequence[str],
    successors: Mapping[str, str],
    names: pa.ChunkedArray,
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
    names
        Ids of today's customers, ascending.

    Returns
    -------
    standing, followed
        And how many ids were followed to another.
    """
    ids = scores["customer_id"]
    followed = pc.index_in(ids, value_set=pa.array(list(successors), pa.string()))
    if followed.null_count < len(ids):
        now = pa.array(list(successors.values()), pa.string()).take(followed)
        ids = pc.coalesce(now, ids)
    money = np.asarray(pc.cast(scores["monetary"], pa.float64()), dtype=np.float64)
    labels = places_in(segments, scores["segment"])
    by_rank = pc.sort_indices(
        pa.table({"id": ids, "money": money, "old": scores["customer_id"]}),
        [("id", "ascending"), ("money", "descending"), ("old", "ascending")],
    ).to_numpy()
    sorted_ids = pa.concat_arrays(ids.chunks).take(pa.array(by_rank))
    first = np.flatnonzero(
        np.append(len(ids) > 0, np.asarray(pc.not_equal(sorted_ids[1:], sorted_ids[:-1])))
    )
    added = np.add.reduceat(money[by_rank], first) if len(first) else money
    place = pc.index_in(sorted_ids.take(pa.array(first)), value_set=names)
    places = np.asarray(pc.fill_null(place, NOWHERE)).astype(np.int64)
    changed = int(pc.sum(pc.not_equal(ids, scores["customer_id"])).as_py() or 0)
    return Standing(places, labels[by_rank][first], added), changed


def migration(before: Standing, after: Standing, segments: tuple[str, ...]) -> Migration:
    """Cross the segments of customers at two times; the later one is today, with everybody."""
    was, now, money = _crossed(before, after)
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
    spent: Floats,
) -> tuple[MoveRow, ...]:
    """Customers who changed segment, by both segments, most money first.

    Parameters
    ----------
    worth
        As :func:`worths` gives it.
    spent
        What each of today's customers spent in the year up to the earlier day.
    """
    was, now, _ = _crossed(before, after)
    yearly = np.zeros(len(was))
    yearly[: len(spent)] = spent
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


def spent_in_year(orders: Timelines, day: date) -> Floats:
    """What each customer spent in the 365 days up to `day`."""

    def spent(each: Timeline) -> tuple[Ints, Floats]:
        rows = np.flatnonzero(within(each.days, day - timedelta(YEAR - 1), day))
        who = each.who[rows]
        starts = run_starts(who)
        return each.place[who[starts]], floats(sums(each.amount[rows], starts))

    return orders.gathered(map(spent, orders))


def _direction(before: float | None, after: float | None) -> str:
    if before is None or after is None or before == after:
        return "level"
    return "down" if after < before else "up"


def _crossed(before: Standing, after: Standing) -> tuple[Labels, Labels, Floats]:
    """Both segments and the later money: of today's customers, and then of those who are gone."""
    gone = before.segments[before.places == NOWHERE]
    everyone = len(after.places)
    was, now = np.full((2, everyone + len(gone)), NOWHERE)
    money = np.zeros(len(was))
    stayed = before.places != NOWHERE
    was[before.places[stayed]] = before.segments[stayed]
    was[everyone:] = gone
    now[after.places], money[after.places] = after.segments, after.money
    return was, now, money


def _counts(was: Labels, now: Labels, n: int, weights: Floats | None = None) -> Any:
    """Sums by both segments; row and column 0 hold who was, or is, not there."""
    cells = (was + 1) * (n + 1) + now + 1
    return np.bincount(cells, weights, minlength=(n + 1) ** 2).reshape(n + 1, n + 1)
