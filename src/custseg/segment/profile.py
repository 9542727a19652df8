"""The customer profile: one row a customer, with what a marketer asks about them.

Every column is there only where the orders can tell: no channel, no preferred channel.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.lines import Stage
from custseg.segment.orders import Orders, plain_money

AGE_BANDS: Final = (20, 30, 40, 50, 60, 70, 80)

_BASE: Final = """
WITH firsts AS (
  SELECT *, MIN(order_date) OVER (PARTITION BY customer_id) AS first_day FROM orders
), days AS (
  SELECT DISTINCT customer_id, order_date FROM orders
), gaps AS (
  SELECT customer_id, order_date - lag(order_date) OVER (
    PARTITION BY customer_id ORDER BY order_date) AS gap FROM days
), usual AS (
  SELECT customer_id, MEDIAN(gap) AS interval_days FROM gaps WHERE gap IS NOT NULL
  GROUP BY customer_id
), sums AS (
  SELECT customer_id,
    MIN(order_date) AS first_order,
    MIN(order_date) FILTER (order_date > first_day) AS second_order,
    MAX(order_date) AS last_order,
    COUNT(*) AS frequency,
    SUM(amount) AS monetary,
    CAST(SUM(amount) AS DOUBLE) / COUNT(*) AS average_order"""

_REST: Final = """
  FROM firsts GROUP BY customer_id
)
SELECT sums.*,
  CAST(second_order - first_order AS BIGINT) AS days_to_second,
  CAST(date_diff('day', last_order, CAST($1 AS DATE)) AS BIGINT) AS recency_days,
  usual.interval_days,
  CASE WHEN usual.interval_days > 0
    THEN date_diff('day', last_order, CAST($1 AS DATE)) / usual.interval_days END AS lateness
FROM sums LEFT JOIN usual USING (customer_id) ORDER BY customer_id
"""

_FAVORITE: Final = """
, sums AS (
  SELECT customer_id, {label} AS label, SUM(money) AS money FROM judged
  WHERE reason IS NULL AND {label} IS NOT NULL GROUP BY 1, 2
)
SELECT customer_id, label AS favorite, CAST(money AS DOUBLE)
    / CAST(SUM(money) OVER (PARTITION BY customer_id) AS DOUBLE) AS share
FROM sums
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY money DESC, label) = 1
"""

_PREFERRED: Final = """
WITH counts AS (
  SELECT customer_id, {label} AS label, COUNT(*) AS n FROM orders
  WHERE {label} IS NOT NULL GROUP BY 1, 2
)
SELECT customer_id, label AS favorite FROM counts
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY n DESC, label) = 1
"""

_EVER: Final = ("channel", "campaign", "store")
_ATTRIBUTES: Final = ("gender", "prefecture")


def customer_profile(engine: Engine, orders: Orders) -> pa.Table:
    """Profile every customer of some orders.

    Returns
    -------
    pyarrow.Table
        Sorted by ``customer_id``: ``first_order``, ``second_order`` (the next day with an
        order), ``last_order``, ``frequency``, ``monetary``, ``average_order``,
        ``days_to_second``, ``recency_days``, ``interval_days`` (median between days with
        orders), ``lateness`` (days since the last order, in usual intervals); and where known
        ``discount_rate`` (of the price before it), ``margin`` and ``margin_rate``,
        ``first_channel``, ``last_channel`` and the like for campaign and store,
        ``preferred_channel`` (most orders), ``favorite_category`` and ``favorite_product``
        with their share of the money.
    """
    table = engine.sql(_query(orders.table), [orders.as_of], orders=orders.table)
    table = _replaced(table, "monetary", plain_money(table["monetary"]))
    for role in _EVER:
        if role in orders.table.column_names:
            found = engine.sql(_PREFERRED.format(label=role), orders=orders.table)
            table = joined(table, found, {"favorite": f"preferred_{role}"})
    for role, name in (("category", "category"), (_product(orders.stage), "product")):
        if role in orders.stage.roles:
            found = orders.stage.run(engine, _FAVORITE.format(label=role))
            names = {"favorite": f"favorite_{name}", "share": f"favorite_{name}_share"}
            table = joined(table, found, names)
    return table


def with_attributes(profile: pa.Table, customers: pa.Table, as_of: date) -> pa.Table:
    """Add gender, prefecture and age band from a table of customers, where it has them."""
    known = customers.select(
        [name for name in ("customer_id", *_ATTRIBUTES) if name in customers.column_names]
    )
    if "birth_date" in customers.column_names:
        known = known.append_column("age_band", age_bands(customers["birth_date"], as_of))
    return joined(profile, known, {name: name for name in known.column_names[1:]})


def age_bands(birth_dates: pa.ChunkedArray, as_of: date) -> pa.Array:
    """Bands such as ``30-39`` at `as_of`; null without a readable day of birth."""
    plain = pc.match_substring_regex(pc.fill_null(birth_dates, ""), r"^\d{4}-\d\d-\d\d$")
    written = pc.if_else(plain, birth_dates, pa.scalar(None, pa.string()))
    read = pc.strptime(written, format="%Y-%m-%d", unit="s", error_is_null=True)
    born = read.to_numpy().astype("datetime64[D]")
    today = np.datetime64(as_of)
    years = today.astype("datetime64[Y]").astype(int) - born.astype("datetime64[Y]").astype(int)
    day_of_year = born - born.astype("datetime64[M]")
    month = born.astype("datetime64[M]").astype(int) % 12 * 31 + day_of_year.astype(int)
    ages = years - (month > (as_of.month - 1) * 31 + as_of.day - 1)
    band = np.searchsorted(AGE_BANDS, ages, "right")
    names = [f"<{AGE_BANDS[0]}"]
    names += [f"{low}-{high - 1}" for low, high in pairwise(AGE_BANDS)]
    names.append(f"{AGE_BANDS[-1]}+")
    unknown = np.isnat(born) | (born > today)
    return pa.array(np.asarray(names)[band], mask=unknown)


def _query(orders: pa.Table) -> str:
    parts = [_BASE]
    names = orders.column_names
    if "discount" in names:
        parts.append(
            ", CAST(SUM(ABS(discount)) AS DOUBLE) / NULLIF(CAST(SUM(amount + ABS("
            "COALESCE(discount, 0))) AS DOUBLE), 0) AS discount_rate"
        )
    if "cost" in names:
        parts.append(", SUM(amount - cost) AS margin")
        parts.append(
            ", CAST(SUM(amount - cost) AS DOUBLE) / NULLIF(CAST(SUM(amount) FILTER "
            "(cost IS NOT NULL) AS DOUBLE), 0) AS margin_rate"
        )
    for role in _EVER:
        if role in names:
            key = "(ordered_at, COALESCE(order_id, ''), amount)"
            parts.append(f", ARG_MIN(struct_pack(label := {role}), {key}).label AS first_{role}")
            parts.append(f", ARG_MAX(struct_pack(label := {role}), {key}).label AS last_{role}")
    return " ".join([*parts, _REST])


def _product(stage: Stage) -> str:
    return "product_name" if "product_name" in stage.roles else "product_id"


def _replaced(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def joined(table: pa.Table, found: pa.Table, names: dict[str, str] | None = None) -> pa.Table:
    """Add columns of `found` by customer; null where it has no row.

    Parameters
    ----------
    names
        Column of `found` to its new name; None takes all that `table` lacks.
    """
    if names is None:
        names = {name: name for name in found.column_names if name not in table.column_names}
    place = pc.index_in(table["customer_id"], value_set=found["customer_id"].combine_chunks())
    for name, new in names.items():
        table = table.append_column(new, found[name].take(place))
    return table
