"""The profile of the customers of a segmentation, with what clusters are made of and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.customers import People
from custseg.jobs.events import read_events
from custseg.jobs.monitor import Monitor
from custseg.jobs.sources import Inputs
from custseg.segment.category_shares import CATEGORY_SHARES, category_shares
from custseg.segment.events import EventsSummary
from custseg.segment.model import SegmentModel
from custseg.segment.orders import Orders
from custseg.segment.profile import customer_profile, joined, with_attributes
from custseg.segment.rfm import MEASURES
from custseg.segment.run import Plan
from custseg.segment.summary import CATEGORY_SHARE
from custseg.tables import TableRead


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiled:
    """What is known of the customers beside their scores.

    Attributes
    ----------
    plan
        The plan, with the features that ``category_shares`` stands for.
    table
        The profile; None where nothing asks for one.
    events
        What became of the events; None without any.
    reads
        The files of events.
    """

    plan: Plan
    table: pa.Table | None
    events: EventsSummary | None = None
    reads: tuple[TableRead, ...] = ()


def profile_customers(
    engine: Engine,
    found: Orders,
    people: People | None,
    plan: Plan,
    saved: SegmentModel | None,
    *,
    whole: bool,
    events: Inputs | None,
    settings: Settings,
    monitor: Monitor,
) -> Profiled:
    """Profile customers where the `whole` segmentation is made, or clusters are made of it."""
    features = cluster_features(plan, saved)
    if not whole and set(features) <= set(MEASURES):
        return Profiled(plan=plan, table=None)
    with monitor.stage("profile"):
        profile = customer_profile(engine, found)
        if people is not None:
            profile = with_attributes(profile, people.table, found.as_of)
        plan, profile = _with_shares(engine, plan, saved, found, profile, features)
    if events is None:
        return Profiled(plan=plan, table=profile)
    table, summary, reads = read_events(
        engine,
        events,
        profile["customer_id"].combine_chunks(),
        people.ids if people else None,
        found.as_of,
        settings,
        monitor,
    )
    return Profiled(plan=plan, table=joined(profile, table), events=summary, reads=reads)


def cluster_features(plan: Plan, saved: SegmentModel | None) -> tuple[str, ...]:
    """What clusters are made of: the saved model's, or the plan's."""
    if saved is not None:
        return tuple(saved.clusters.scale.names) if saved.clusters else ()
    return plan.clusters.features if plan.clusters else ()


def _with_shares(
    engine: Engine,
    plan: Plan,
    saved: SegmentModel | None,
    found: Orders,
    profile: pa.Table,
    features: Sequence[str],
) -> tuple[Plan, pa.Table]:
    """Add the share of each category to the profile, where clusters are made of them."""
    wanted = [name for name in features if name.startswith(CATEGORY_SHARE)]
    asked = CATEGORY_SHARES in features
    if not (wanted or asked) or "category" not in found.stage.roles:
        return plan, profile
    chosen = () if asked else wanted
    shares = category_shares(engine, found.stage, profile["customer_id"], chosen)
    profile = joined(profile, shares)
    if saved is not None or plan.clusters is None:
        return plan, profile
    names = [
        name
        for feature in features
        for name in (shares.column_names[1:] if feature == CATEGORY_SHARES else [feature])
    ]
    clusters = replace(plan.clusters, features=tuple(dict.fromkeys(names)))
    return replace(plan, clusters=clusters), profile
