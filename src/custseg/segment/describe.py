"""From arrays to the numbers that a report shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from custseg.segment.choice import Choice, Labels, Trial
from custseg.segment.clusters import ClusterModel, standing_out
from custseg.segment.currencies import header_currency
from custseg.segment.maps import SegmentMap, slugs
from custseg.segment.orders import Orders
from custseg.segment.rfm import MEASURES, Customers, Floats, RfmModel, Scores
from custseg.segment.summary import (
    SMALL,
    ClusterRow,
    ClustersSummary,
    ExclusionSummary,
    MeasureSummary,
    OrdersSummary,
    RfmSummary,
    SegmentRow,
    SegmentsSummary,
    TraitSummary,
    TrialSummary,
)


def describe_orders(
    orders: Orders,
    customers: Customers,
    *,
    as_of_given: bool,
    roles: Mapping[str, str],
    currency: str = "",
) -> OrdersSummary:
    """Say what became of the order lines, and what orders there are.

    Parameters
    ----------
    roles
        Role to column, as the inputs call it.
    currency
        ISO code, where the user gave one; else the lines tell, or the names of their columns.
    """
    return count_orders(
        orders,
        customers.frequency,
        as_of=orders.as_of.isoformat(),
        as_of_given=as_of_given,
        roles=roles,
        currency=currency,
    )


def count_orders(
    orders: Orders,
    frequency: Floats | Labels,
    *,
    as_of: str,
    as_of_given: bool,
    roles: Mapping[str, str],
    currency: str = "",
) -> OrdersSummary:
    """Say what became of the order lines, by the number of orders of each customer."""
    columns = [roles[role] for role in ("amount", "unit_price") if role in roles]
    once = int(np.count_nonzero(frequency == 1))
    first, last = (day.isoformat() if day else "" for day in orders.days)
    unknown = orders.unknown
    number = orders.number
    return OrdersSummary(
        rows=orders.rows_in,
        rows_used=orders.rows_used,
        money=float(orders.money_in),
        money_used=float(orders.money_used),
        excluded=tuple(
            ExclusionSummary(reason=item.reason, rows=item.rows, money=float(item.money))
            for item in orders.excluded
        ),
        orders=number,
        customers=len(frequency),
        first_order=first,
        last_order=last,
        as_of=as_of,
        as_of_given=as_of_given,
        one_time_customers=once,
        repeat_rate=1 - once / len(frequency) if len(frequency) else 0.0,
        average_order=float(orders.money_used / number),
        unknown_customers=unknown[0],
        unknown_orders=unknown[1],
        unknown_money=float(unknown[2]),
        orders_left_out=orders.orders_left_out,
        customers_left_out=orders.customers_left_out,
        roles=dict(roles),
        currency=currency or orders.stage.currency or header_currency(columns),
    )


def describe_rfm(customers: Customers, model: RfmModel, scores: Scores) -> RfmSummary:
    """Spread and cuts of each measure, and the grid of recency by frequency."""
    measures = []
    cuts = (model.recency, model.frequency, model.monetary)
    given = (scores.r, scores.f, scores.m)
    for name, values, cut, score in zip(MEASURES, customers.measures(), cuts, given, strict=True):
        counts = np.bincount(score, minlength=model.bins + 1)[1:]
        measures.append(
            MeasureSummary(
                name=name,
                mean=float(values.mean()),
                median=float(np.median(values)),
                least=float(values.min()),
                most=float(values.max()),
                cuts=tuple(cut.tolist()) if cut.ndim == 1 else (),
                scores=tuple(counts.tolist()),
            )
        )
    shape = (model.bins, model.bins)
    cells = (scores.r - 1) * model.bins + scores.f - 1
    count = np.bincount(cells, minlength=model.bins**2).reshape(shape)
    money = np.bincount(cells, customers.monetary, minlength=model.bins**2).reshape(shape)
    return RfmSummary(
        method=model.method,
        bins=model.bins,
        best=model.bins,
        measures=tuple(measures),
        customers=tuple(tuple(row) for row in count.tolist()),
        money=tuple(tuple(row) for row in np.round(money, 4).tolist()),
    )


def describe_segments(
    customers: Customers,
    map_: SegmentMap,
    map_name: str,
    segments: Labels,
    actions: Mapping[str, str],
) -> SegmentsSummary:
    """Size, money and medians of each named segment, in the order of the map."""
    files = slugs(map_.names)
    money = customers.monetary.sum()
    # Each segment lies together, so that it is a slice, not a filter of all customers.
    order = np.argsort(segments.astype(np.int16), kind="stable")
    ends = np.cumsum(np.bincount(segments, minlength=len(map_.names)))
    measures = [values[order] for values in customers.measures()]
    rows = []
    for index, name in enumerate(map_.names):
        inside = slice(ends[index - 1] if index else 0, ends[index])
        orders, spent = (float(values[inside].sum()) for values in measures[1:])
        count = int(ends[index] - inside.start)
        medians = [float(np.median(values[inside])) if count else 0.0 for values in measures]
        rows.append(
            SegmentRow(
                name=name,
                file=files[name],
                customers=count,
                share=count / len(customers),
                orders=int(orders),
                money=round(spent, 4),
                money_share=spent / money if money else 0.0,
                recency_days=medians[0],
                frequency=medians[1],
                monetary=medians[2],
                small=count < SMALL,
                action=actions.get(name, ""),
            )
        )
    return SegmentsSummary(map=map_name, rows=tuple(rows), unreachable=map_.unreachable)


def describe_clusters(
    monetary: Floats | None,
    values: Floats,
    model: ClusterModel,
    choice: Choice,
    labels: Labels,
    drift: Mapping[str, float],
) -> ClustersSummary:
    """Clusters in original units: medians, their index against all customers, shares.

    `monetary` is what each customer spent, where orders tell.
    """
    features = model.scale.names
    overall = _medians(values)
    money = None if monetary is None else float(monetary.sum())
    rows = []
    for index, number in enumerate(model.numbers):
        inside = labels == index
        count = int(inside.sum())
        medians = _medians(values[inside])
        spent = None if monetary is None else float(monetary[inside].sum())
        rows.append(
            ClusterRow(
                number=number,
                name=model.names[index],
                traits=tuple(
                    TraitSummary(
                        feature=item.feature, direction=item.direction, distance=item.distance
                    )
                    for item in standing_out(model.traits[index])
                ),
                customers=count,
                share=count / len(labels),
                money=None if spent is None else round(spent, 4),
                money_share=spent / money if spent is not None and money else None,
                medians=dict(zip(features, medians, strict=True)),
                indexes={
                    name: 100 * median / whole if whole and median is not None else None
                    for name, median, whole in zip(features, medians, overall, strict=True)
                },
                small=count < SMALL,
            )
        )
    return ClustersSummary(
        k=choice.k,
        reason=choice.reason,
        knee=choice.knee,
        features=features,
        transform=model.scale.transform,
        trials=tuple(_trial(item) for item in choice.trials),
        rows=tuple(rows),
        drift=dict(drift),
    )


def _medians(values: Floats) -> list[float | None]:
    """Median of each feature (column); None where it is missing for all."""
    present = [column[~np.isnan(column)] for column in values.T]
    return [float(np.median(each)) if len(each) else None for each in present]


def cross_table(
    segments: Labels, clusters: Labels, shape: tuple[int, int]
) -> tuple[tuple[int, ...], ...]:
    """Customers by segment (first index) and cluster."""
    cells = np.bincount(segments * shape[1] + clusters, minlength=shape[0] * shape[1])
    return tuple(tuple(row) for row in cells.reshape(shape).tolist())


def _trial(item: Trial) -> TrialSummary:
    return TrialSummary(
        k=item.k,
        inertia=item.inertia,
        silhouette=item.silhouette,
        calinski_harabasz=item.calinski_harabasz,
        stability=item.stability,
        smallest=item.smallest,
        outliers=item.outliers,
        unstable=item.unstable,
    )
