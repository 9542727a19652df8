"""Columns that the scores and the profile of some orders may have, before the orders are added up.

They are those of two orders made up for it, which go through the very same functions: no list that
could fall behind.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

import pyarrow as pa

from custseg.engine import Engine
from custseg.segment.clustering import CLUSTERS
from custseg.segment.events import ROLES as EVENT_ROLES
from custseg.segment.events import customer_events
from custseg.segment.forecast import FORECASTS
from custseg.segment.lines import LineSettings
from custseg.segment.maps import BUILT_IN, segment_map
from custseg.segment.orders import read_orders
from custseg.segment.overview import everything
from custseg.segment.profile import customer_profile, joined, with_attributes
from custseg.segment.rfm import RfmSettings
from custseg.segment.rule_tokens import narrow
from custseg.segment.run import Plan, segment_customers
from custseg.segment.summary import CATEGORY_SHARE

_DAY: Final = date(2000, 1, 1)
_CELLS: Final = {"order_date": _DAY.isoformat(), "cancelled": "", "currency": "", "source": "a"}
"""What a made-up line holds of its roles; of the others 1."""

_OF_KINDS: Final = "contacts_"
"""How columns of the events of one kind begin."""


def possible_columns(
    engine: Engine,
    roles: Collection[str],
    customers: pa.Table | None,
    *,
    clusters: bool,
    shares: bool,
    events: bool,
    mentioned: Collection[str],
) -> pa.Schema:
    """Give every column that may come of orders with some roles; what comes of it decides the rest.

    Parameters
    ----------
    roles
        Of the columns of the order lines.
    customers
        Whom the orders are assigned to.
    clusters, shares, events
        Whether customers are clustered, shares of categories are features, and
        there are events.
    mentioned
        Names that are asked for. Categories and kinds of events may be called anything: of their
        columns those are given that are.
    """
    lines = pa.table({role: [_CELLS.get(role, "1")] * 2 for role in roles})
    who = lines.column_names.index("customer_id")
    lines = lines.set_column(who, "customer_id", pa.array(["1", "2"]))
    # Of two customers one is known, so that what tells them apart is there.
    known = pa.table({"source_id": ["1"], "customer_id": ["1"]}) if customers is not None else None
    orders = read_orders(
        engine,
        lines,
        {role: role for role in roles},
        settings=LineSettings(as_of=_DAY),
        customers=known,
        ledger=True,
    )
    profile = customer_profile(engine, orders)
    nobody = customers.slice(0, 0) if customers is not None else None
    if nobody is not None:
        profile = with_attributes(profile, nobody, _DAY)
    if events:
        none = pa.table({name: pa.array([], pa.string()) for name in (*EVENT_ROLES, "source")})
        ids = profile["customer_id"].combine_chunks()
        profile = joined(profile, customer_events(engine, none, ids, _DAY)[0])
    map_ = segment_map(BUILT_IN["default"].items(), 5)
    made = segment_customers(orders, Plan(rfm=RfmSettings(), map=map_))
    schema = everything(made.scores, profile, nobody).schema
    more = dict.fromkeys(FORECASTS, pa.float64())
    if clusters:
        more |= CLUSTERS
    starts = [_OF_KINDS] * events + [CATEGORY_SHARE] * shares
    names = {narrow(name).casefold() for name in mentioned}
    more |= {name: pa.int64() for name in sorted(names) if name.startswith(tuple(starts))}
    for name, kind in more.items():
        if name not in schema.names:
            schema = schema.append(pa.field(name, kind))
    return schema
