"""What a segmentation says beyond segments: key figures, what changed, layers, personas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from custseg.segment.choice import Labels
from custseg.segment.dimensions import FIXED, SEGMENT, TASTES, UNKNOWN, Dimension, attributes
from custseg.segment.keys import places_in
from custseg.segment.kpis import KpiSummary, describe_kpis
from custseg.segment.lookalikes import (
    LEAST,
    LookalikesSummary,
    beginnings,
    check_list,
    most_alike,
)
from custseg.segment.maps import SegmentMap, slugs
from custseg.segment.migration import (
    MigrationSummary,
    Standing,
    earlier_standing,
    migration,
    moves,
    spent_in_year,
    standing,
    worths,
)
from custseg.segment.orders import Orders
from custseg.segment.personas import PersonasSummary, personas
from custseg.segment.problem_layers import LayersSummary, problem_layers
from custseg.segment.rfm import Floats, RfmModel, RfmSettings
from custseg.segment.run import Segmentation
from custseg.segment.windows import Activity, Compare, Window, activity, periods


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRun:
    """What an earlier run found.

    Attributes
    ----------
    as_of
        Its day of reference.
    scores
        ``customer_id``, ``segment``, ``monetary``; None where it made no segments.
    map
        Its map; None for none.
    kpis
        Its key figures; None for none.
    successors
        Ids that were merged since, or are a customer's since → the id that stands today.
    """

    as_of: date
    scores: pa.Table | None = field(default=None, repr=False)
    map: SegmentMap | None = None
    kpis: KpiSummary | None = None
    successors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSettings:
    """How the analyses are made.

    Attributes
    ----------
    period, compare
        Days of a period, and what it is compared with.
    goals
        By key figure.
    attributes
        Columns by which customers are grouped; empty takes the usual ones.
    since
        The earlier day of the migration; None takes the beginning of the period.
    rfm, model
        How segments of earlier days are scored: cuts found anew, or those of `model`.
    lookalikes
        Size of the list of customers like those of the top segment; 0 makes none.
    """

    period: int = 90
    compare: Compare = "before"
    goals: Mapping[str, float] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    since: date | None = None
    rfm: RfmSettings | None = None
    model: RfmModel | None = None
    lookalikes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyses:
    """Parts of the summary; None where the data do not allow it.

    `alike` holds the places of the look-alikes among the customers, nearest first, and their
    distances.
    """

    kpis: KpiSummary
    migration: MigrationSummary | None
    layers: LayersSummary
    personas: PersonasSummary | None
    lookalikes: LookalikesSummary | None = None
    alike: tuple[Labels, Floats] | None = None


def analyze(
    orders: Orders,
    made: Segmentation,
    known: pa.Table,
    settings: AnalysisSettings,
    earlier: EarlierRun | None = None,
) -> Analyses:
    """Make all analyses.

    Parameters
    ----------
    made
        The segmentation of the same orders.
    known
        All that is known of each customer, in the order of its scores.
    earlier
        What to compare with, beside the periods.

    Raises
    ------
    InputError
        If an attribute asked for is not there.
    """
    found = activity(
        orders.timelines,
        periods(orders.since, orders.as_of, settings.period, settings.compare),
    )
    fixed = attributes(known, settings.attributes)
    scored = _Scored(orders, made, settings)
    grouped = [*([scored.dimension(found)] if made.model.map else []), *fixed]
    lookalikes, alike = scored.lookalikes(known)
    return Analyses(
        lookalikes=lookalikes,
        alike=alike,
        kpis=describe_kpis(found, settings.goals, earlier.kpis if earlier else None),
        migration=scored.migration(earlier),
        layers=problem_layers(found, grouped),
        personas=_personas(made, known, settings),
    )


@dataclass(frozen=True, slots=True)
class _Scored:
    """Segments at other days than the one the run is made for."""

    orders: Orders
    made: Segmentation
    settings: AnalysisSettings

    def at(self, day: date, since: date = date.min) -> Standing | None:
        """Segments as they stood at `day`, by orders `since`; None where nobody had ordered."""
        map_ = self.made.model.map
        if map_ is None:
            return None
        names = self.made.customers.names
        timelines, settings = self.orders.timelines, self.settings
        found = standing(timelines, names, day, map_, settings.rfm, settings.model, since)
        return found if len(found.places) else None

    def dimension(self, found: Activity) -> Dimension:
        """The segment of each customer on the eve of each period.

        Orders of as many days before either eve make it: by orders of half a year and of a whole
        one the same segment would hold other customers, and seem to have changed.
        """
        days = found.periods.then.first - self.orders.since
        then, now = (self._labels(each, days) for each in (found.periods.then, found.periods.now))
        map_ = self.made.model.map
        return Dimension(SEGMENT, map_.names if map_ else (), then, now)

    def _labels(self, window: Window, days: timedelta) -> Labels:
        labels = np.full(len(self.made.customers), UNKNOWN)
        found = self.at(window.first - timedelta(1), window.first - days)
        if found is not None:
            labels[found.places] = found.segments
        return labels

    def migration(self, earlier: EarlierRun | None) -> MigrationSummary | None:
        """What changed since the earlier run; without one, since the earlier day."""
        map_, as_of = self.made.model.map, self.orders.as_of
        if map_ is None or self.made.segments is None:
            return None
        after = self._now(map_.names)
        names, worth, followed = map_.names, worths(map_), 0
        if earlier is not None and earlier.scores is not None:
            day, between = earlier.as_of, "runs"
            old = earlier.map.names if earlier.map else ()
            held = sorted({*earlier.scores["segment"].unique().to_pylist()} - {*names, *old})
            names = (*names, *(name for name in (*old, *held) if name not in names))
            worth = {**(worths(earlier.map) if earlier.map else {}), **worth}
            before, followed = earlier_standing(
                earlier.scores, names, earlier.successors, self.made.customers.names
            )
        else:
            # The eve of the period of the key figures: both count the same customers as new.
            eve = as_of - timedelta(self.settings.period + 1)
            day, between = self.settings.since or eve, "days"
            stood = self.at(day)
            if stood is None or day >= as_of:
                return None
            before = stood
        return MigrationSummary(
            first_day=day.isoformat(),
            last_day=as_of.isoformat(),
            between=between,
            table=migration(before, after, names),
            moves=moves(before, after, names, worth, spent_in_year(self.orders.timelines, day)),
            followed=followed,
        )

    def lookalikes(
        self, known: pa.Table
    ) -> tuple[LookalikesSummary | None, tuple[Labels, Floats] | None]:
        """Customers who began as those of the top segment did; none where it is small."""
        map_, size = self.made.model.map, self.settings.lookalikes
        if map_ is None or not size:
            return None, None
        worth = worths(map_)
        best = max(worth, key=lambda name: (worth[name], name))
        now = self._now(map_.names)
        top = now.segments == map_.names.index(best)
        points, features = beginnings(self.orders.timelines, known)
        if np.count_nonzero(top) < LEAST or not features or top.all():
            return None, None
        alike = most_alike(points, top, ~top, size)
        day = self.orders.as_of - timedelta(self.settings.period)
        check = None
        if (before := self.at(day)) is not None:
            there, was = np.zeros(len(top), dtype=bool), np.zeros(len(top), dtype=bool)
            there[before.places] = True
            was[before.places] = before.segments == map_.names.index(best)
            check = check_list(points, (was, there & ~was), top, size, day.isoformat())
        return LookalikesSummary(
            segment=best,
            file=f"lookalikes/{slugs(map_.names)[best]}",
            features=features,
            candidates=int(np.count_nonzero(~top)),
            customers=len(alike[0]),
            check=check,
        ), alike

    def _now(self, names: Sequence[str]) -> Standing:
        customers = self.made.customers
        segments = places_in(names, self.made.scores["segment"])
        return Standing(np.arange(len(customers)), segments, customers.monetary)


def _personas(
    made: Segmentation, known: pa.Table, settings: AnalysisSettings
) -> PersonasSummary | None:
    found = attributes(known, settings.attributes, (*FIXED, *TASTES))
    if made.segments is None or not found:
        return None
    names = tuple(row.name for row in made.segments.rows if row.customers)
    segments = places_in(names, made.scores["segment"])
    return personas(segments, names, found)
