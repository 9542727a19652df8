"""Orders that are told on their first line: who, when and for how much, for all lines below.

Exports of some shops write customer, day and total once an order, and leave them empty on the
lines below it, which name further products.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine, ParquetScan, quoted
from custseg.segment import columns as sql

if TYPE_CHECKING:
    from custseg.segment.lines import Lines, Stage

_TOLD_ONCE: Final = ("customer_id", "order_date")

_LOOKED_AT: Final = 8

_FIRST_AMOUNTS: Final = """, several AS (
  SELECT COUNT(money) = 1 AS first FROM judged
  WHERE (reason IS NULL OR money IS NULL) AND order_key IS NOT NULL
    AND hash(order_key) % {one_in} = 0
  GROUP BY customer_key, order_key HAVING COUNT(*) > 1
)
SELECT COUNT(*) AS several, COUNT(*) FILTER (first) AS first FROM several"""


def are_carried(
    engine: Engine, lines: Lines, columns: Mapping[str, str], kinds: Mapping[str, pa.DataType]
) -> bool:
    """Tell whether lines without a customer or day stand in orders that have one."""
    roles = [role for role in _TOLD_ONCE if role in columns and may_lack(lines, columns[role])]
    if "order_id" not in columns or not roles:
        return False
    filled = {role: f"NOT {sql.blank(columns[role], kinds[role])}" for role in (*roles, "order_id")}
    lacking = " OR ".join(f"NOT ({filled[role]})" for role in roles)
    # Most files have no such line, and this is all that is asked of them.
    asked = ["SELECT 1 FROM lines WHERE", filled["order_id"], "AND (", lacking, ") LIMIT 1"]
    if not engine.sql(" ".join(asked), lines=lines).num_rows:
        return False
    partly = " OR ".join(
        f"COUNT(*) FILTER ({filled[role]}) BETWEEN 1 AND COUNT(*) - 1" for role in roles
    )
    keys = [quoted(columns[role]) for role in ("order_id", "source") if role in columns]
    query = [
        *("SELECT 1 FROM lines WHERE", filled["order_id"]),
        *("GROUP BY", ", ".join(keys), "HAVING", partly, "LIMIT 1"),
    ]
    return bool(engine.sql(" ".join(query), lines=lines).num_rows)


def may_lack(lines: Lines, column: str) -> bool:
    """Whether a column may have empty cells; in Parquet those are null, not empty text."""
    if isinstance(lines, ParquetScan):
        return column not in lines.filled
    cells = lines[column]
    if cells.null_count or not sql.is_text(cells.type):
        return bool(cells.null_count)
    return bool(pc.any(pc.equal(cells, "")).as_py())


def carried_steps(columns: Mapping[str, str], given: str, result: str) -> list[str]:
    """Give lines the customer and day of their order, and whether it is cancelled.

    An order of several customers gives none. A mark of cancelling is taken over by lines that
    lack customer or day alone: on others it is their own.
    """
    keys = _keys(columns)
    same = " AND ".join(f"heads.{key} IS NOT DISTINCT FROM {given}.{key}" for key in keys)
    lacks = f"({given}.source_key IS NULL OR {given}.ordered_at IS NULL)"
    told = "source_key IS NOT NULL AND ordered_at IS NOT NULL"
    return [
        f"heads AS (SELECT {', '.join(keys)},",
        "CASE WHEN COUNT(DISTINCT source_key) = 1 THEN MIN(source_id) END AS source_id,",
        "CASE WHEN COUNT(DISTINCT source_key) = 1 THEN MIN(source_key) END AS source_key,",
        f"MIN(ordered_at) AS ordered_at, BOOL_AND(cancelled) FILTER ({told}) AS cancelled",
        f"FROM {given} WHERE order_key IS NOT NULL GROUP BY {', '.join(keys)}),",
        f"{result} AS (SELECT {given}.* REPLACE (",
        f"COALESCE({given}.source_id, heads.source_id) AS source_id,",
        f"COALESCE({given}.source_key, heads.source_key) AS source_key,",
        f"COALESCE({given}.ordered_at, heads.ordered_at) AS ordered_at,",
        f"{given}.cancelled OR COALESCE(heads.cancelled AND {lacks}, FALSE) AS cancelled)",
        f"FROM {given} LEFT JOIN heads ON {same}),",
    ]


def spread_steps(columns: Mapping[str, str], given: str, result: str) -> list[str]:
    """Share out the one amount of an order among its lines, to the last digit.

    By price × quantity, by quantity where there are no prices, else evenly. The lines of an
    order are taken by content, so that their order in the file changes nothing.
    """
    pieces = "COALESCE(quantity, 1)" if "quantity" in columns else "1"
    weight = f"{pieces} * COALESCE(price, 0)" if "unit_price" in columns else pieces
    order = f"PARTITION BY {', '.join(_keys(columns))}"
    goods = [role for role in ("product_id", "product_name", "category") if role in columns]
    content = ", ".join([*goods, "quantity", "price", "money"])

    def part(of: str) -> str:
        share = f"whole::DOUBLE * {of}::DOUBLE / weights::DOUBLE"
        return f"CASE WHEN {of} = weights THEN whole ELSE ROUND({share}, {sql.PLACES}) END"

    return [
        f"weighed AS (SELECT *, CAST(GREATEST({weight}, 0) AS DECIMAL(36, 7)) AS weight",
        f"FROM {given}), summed AS (SELECT *,",
        f"SUM(money) OVER ({order}) AS whole, SUM(weight) OVER ({order}) AS weights,",
        f"order_key IS NOT NULL AND COUNT(money) OVER ({order}) = 1 AS one_amount,",
        f"SUM(weight) OVER ({order} ORDER BY {content} ROWS UNBOUNDED PRECEDING) AS upto",
        f"FROM weighed), {result} AS (SELECT * EXCLUDE (weight, whole, weights, one_amount, upto)",
        "REPLACE (CASE WHEN one_amount AND weights > 0",
        f"THEN CAST(({part('upto')}) - ({part('(upto - weight)')}) AS {sql.MONEY})",
        "ELSE money END AS money) FROM summed),",
    ]


def _keys(columns: Mapping[str, str]) -> list[str]:
    """What makes lines one order, whoever it is of."""
    return ["order_key", *(["source"] if "source" in columns else [])]


def amounts_on_first_lines(engine: Engine, stage: Stage) -> tuple[int, int]:
    """Count orders of several lines, and those of them of which one line alone has an amount.

    Where no line takes from its order, one order in :data:`_LOOKED_AT` is looked at: enough to
    tell, and little on large files.
    """
    if "amount" not in stage.roles or "order_id" not in stage.roles:
        return 0, 0
    one_in = 1 if stage.carried else _LOOKED_AT
    found = stage.run(engine, _FIRST_AMOUNTS.format(one_in=one_in))
    return found["several"][0].as_py(), found["first"][0].as_py()
