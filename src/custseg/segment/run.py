"""The whole of a segmentation: values, scores, named segments, clusters, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.summary import WarningSummary
from custseg.engine import Engine
from custseg.errors import InputError
from custseg.segment.choice import Labels
from custseg.segment.clustering import cluster_customers
from custseg.segment.clusters import ClusterModel, ClusterSettings
from custseg.segment.columns import is_number
from custseg.segment.describe import (
    cross_table,
    describe_rfm,
    describe_segments,
)
from custseg.segment.maps import SegmentMap
from custseg.segment.model import SegmentModel
from custseg.segment.orders import Orders, plain_money
from custseg.segment.rfm import (
    MEASURES,
    Customers,
    Floats,
    RfmSettings,
    Scores,
    fit_rfm,
    score_rfm,
    to_floats,
)
from custseg.segment.summary import ClustersSummary, RfmSummary, SegmentsSummary

_CODES: Final = tuple(map(str, range(1000)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to make, and how.

    Attributes
    ----------
    rfm, clusters
        None makes none.
    map, map_name
        Names for RFM codes; None leaves codes unnamed.
    clusters_needed
        Whether too few customers for clusters are an error, or a warning.
    actions
        Segment → the user's own words for what to do.
    """

    rfm: RfmSettings | None = None
    map: SegmentMap | None = None
    map_name: str = ""
    clusters: ClusterSettings | None = None
    clusters_needed: bool = False
    actions: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Segmentation:
    """The outcome.

    Attributes
    ----------
    customers
        Their recency, frequency and monetary values.
    scores
        A customer a row, sorted by ``customer_id``.
    model
        What scores other customers the same way.
    rfm, segments, clusters, warnings
        Parts of the summary.
    """

    customers: Customers = field(repr=False)
    scores: pa.Table = field(repr=False)
    model: SegmentModel
    rfm: RfmSummary | None = None
    segments: SegmentsSummary | None = None
    clusters: ClustersSummary | None = None
    warnings: list[WarningSummary] = field(default_factory=list)


def segment_customers(
    orders: Orders,
    plan: Plan,
    *,
    saved: SegmentModel | None = None,
    previous: ClusterModel | None = None,
    profile: pa.Table | None = None,
) -> Segmentation:
    """Score, name and cluster the customers of some orders.

    Parameters
    ----------
    orders
        As :func:`custseg.segment.orders.read_orders` gives them.
    plan
        What to make. With `saved` its cuts, map and clusters stand instead of the plan's.
    saved
        A model to score with; nothing is fitted.
    previous
        Clusters whose numbers and names a fit keeps.
    profile
        Further features of the same customers, in the same order.

    Raises
    ------
    InputError
        If clusters are needed and there are too few customers.
    """
    values = orders.customers
    if "known" in values.column_names and pc.all(values["known"]).as_py():
        values = values.drop_columns(["known"])
    money = values.column_names.index("monetary")
    values = values.set_column(money, "monetary", plain_money(values["monetary"]))
    found = Segmentation(
        customers=Customers.from_table(values),
        scores=values,
        model=saved or SegmentModel(as_of=orders.as_of.isoformat()),
    )
    named: Labels | None = None
    if plan.rfm is not None:
        named = _score(orders.engine, found, plan, saved)
    if plan.clusters is not None:
        labels = _cluster(found, plan, saved, previous, profile)
        if found.clusters is not None and named is not None and labels is not None:
            names = tuple(row.name for row in found.segments.rows) if found.segments else ()
            shape = (len(names), len(found.clusters.rows))
            found.clusters = replace(
                found.clusters, segments=names, cross=cross_table(named, labels, shape)
            )
    return found


def _score(
    engine: Engine, found: Segmentation, plan: Plan, saved: SegmentModel | None
) -> Labels | None:
    """Add scores and names of segments; give the index of each customer's segment."""
    customers, settings = found.customers, plan.rfm
    model = saved.rfm if saved else fit_rfm(customers, settings, engine)
    if model is None:
        raise InputError("segment.model_without", part="rfm")
    map_, map_name = (saved.map, saved.map_name) if saved else (plan.map, plan.map_name)
    scores = score_rfm(customers, model, engine)
    describing = engine.beside(lambda: describe_rfm(customers, model, scores))
    found.model = replace(found.model, rfm=model, map=map_, map_name=map_name)
    _add(
        found,
        r=scores.r,
        f=scores.f,
        m=scores.m,
        rfm=_taken(_CODES, scores.r * 100 + scores.f * 10 + scores.m),
    )
    named = None if map_ is None else _name(found, scores, map_, map_name, plan.actions)
    found.rfm = describing.result()
    return named


def _name(
    found: Segmentation,
    scores: Scores,
    map_: SegmentMap,
    map_name: str,
    actions: Mapping[str, str],
) -> Labels:
    """Add names of segments, and what there is to say of them."""
    named = map_.segments(scores)
    _add(found, segment=_taken(map_.names, named))
    found.segments = describe_segments(found.customers, map_, map_name, named, actions)
    if small := sum(1 for row in found.segments.rows if row.small and row.customers):
        _warn(found, "segment.warn.small", number=small)
    if map_.unreachable:
        _warn(found, "segment.warn.unreachable", segments=", ".join(map_.unreachable))
    return named


def _cluster(
    found: Segmentation,
    plan: Plan,
    saved: SegmentModel | None,
    previous: ClusterModel | None,
    profile: pa.Table | None,
) -> Labels | None:
    """Add clusters; give the index of each customer's cluster, None where there are none."""
    if saved is not None and saved.clusters is None:
        if plan.clusters_needed:
            raise InputError("segment.model_without", part="clusters")
        return None
    try:
        made = cluster_customers(
            lambda names: feature_values(found.scores, profile, names),
            plan.clusters or ClusterSettings(),
            saved=saved.clusters if saved else None,
            previous=previous,
            monetary=found.customers.monetary,
        )
    except InputError as error:
        if plan.clusters_needed or error.key != "segment.few_customers":
            raise
        _warn(found, "segment.warn.no_clusters", **error.params)
        return None
    found.model = replace(found.model, clusters=made.model)
    found.clusters = made.summary
    found.warnings += made.warnings
    _add(found, **made.columns())
    return made.labels


def feature_values(scores: pa.Table, profile: pa.Table | None, names: tuple[str, ...]) -> Floats:
    """Features as floats, shape (customers, features), from scores and then the profile.

    Raises
    ------
    InputError
        If a feature is not a column of numbers in either.
    """
    known = dict.fromkeys(MEASURES, scores)
    if profile is not None:
        numbers = [each.name for each in profile.schema if is_number(each.type)]
        known = {**dict.fromkeys(numbers, profile), **known}
    for name in names:
        if name not in known:
            raise InputError("segment.feature", feature=name, known=", ".join(known))
    return np.column_stack([to_floats(known[name][name]) for name in names])


def _taken(words: Sequence[str], places: Labels) -> pa.Array:
    """Each customer's word; far quicker than text of numpy, which Arrow takes apart again."""
    return pa.array(words, pa.string()).take(pa.array(places))


def _add(found: Segmentation, **columns: Any) -> None:
    for name, column in columns.items():
        found.scores = found.scores.append_column(name, pa.array(column))


def _warn(found: Segmentation, key: str, /, **params: Any) -> None:
    found.warnings.append(WarningSummary(key=key, params=params))
