"""From order lines to orders: added up per order, with all that is left out counted.

Money is exact: decimals of four places, so rows and money in are rows and money used plus
what is left out by reason, to the last digit. A purchase is a distinct order, never a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.errors import InputError
from custseg.segment.lines import REASONS, Lines, LineSettings, Reader, Stage, stage_lines

_ORDERS = """
SELECT reason,
  CASE WHEN reason IS NULL THEN customer_id END AS customer_id,
  CASE WHEN reason IS NULL THEN order_id END AS order_id,
  CASE WHEN reason IS NULL THEN COALESCE(line_number,
    CASE WHEN order_id IS NULL THEN epoch(date_trunc('day', ordered_at))::BIGINT END)
  END AS part,
  MIN(ordered_at) AS ordered_at,
  CAST(MIN(ordered_at) AS DATE) AS order_date,
  SUM(money) AS amount,
  COUNT(*) AS n_lines,
  COUNT(*) FILTER (numbered AND COALESCE(quantity, money) > 0) AS plainly_numbered,
  BOOL_OR(known) AS known
"""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Lines left out for one reason.

    Attributes
    ----------
    reason
        One of :data:`custseg.segment.lines.REASONS`.
    rows
        How many.
    money
        What they add up to; a line whose amount cannot be read adds nothing.
    """

    reason: str
    rows: int
    money: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Orders, one row each, and the account of the lines they came from.

    Attributes
    ----------
    table
        ``customer_id``, ``order_id``, ``ordered_at``, ``order_date``, ``amount`` (exact
        decimal), ``n_lines``, ``known``, and where the lines have them ``quantity``,
        ``discount``, ``cost``, ``channel``, ``campaign``, ``store``; sorted by customer, time
        and order.
    stage
        The lines themselves, for questions about products.
    as_of
        The day to count from: given, or the day after the last order; the end of time where
        lines have no dates.
    rows_in, rows_used
        Lines in, and lines in `table`.
    money_in, money_used
        Their money.
    excluded
        The difference, by reason.
    """

    table: pa.Table = field(repr=False)
    stage: Stage = field(repr=False)
    as_of: date
    rows_in: int
    rows_used: int
    money_in: Decimal
    money_used: Decimal
    excluded: tuple[Exclusion, ...]

    @property
    def unknown(self) -> tuple[int, int, Decimal]:
        """Customers, orders and money of customers that the map of customers does not hold."""
        named = pc.is_valid(self.table["customer_id"])
        rows = self.table.filter(pc.and_(named, pc.invert(self.table["known"])))
        return len(rows["customer_id"].unique()), len(rows), total(rows["amount"])


def read_orders(
    engine: Engine,
    lines: Lines,
    columns: Mapping[str, str],
    *,
    settings: LineSettings | None = None,
    customers: pa.Table | None = None,
    readers: Mapping[str, Reader] | None = None,
) -> Orders:
    """Add order lines up to orders, and account for every line that is left out.

    Parameters
    ----------
    engine
        Runs the queries.
    lines, columns, settings, customers, readers
        As for :func:`custseg.segment.lines.stage_lines`.

    Raises
    ------
    InputError
        If a needed column is missing, the money is in several currencies, or no line can
        be used.
    """
    settings = settings or LineSettings()
    stage = stage_lines(
        engine, lines, columns, settings=settings, customers=customers, readers=readers
    )
    grouped = stage.run(engine, _orders_query(stage))
    used = grouped.filter(pc.is_null(grouped["reason"]))
    if not used.num_rows:
        if set(grouped["reason"].to_pylist()) == {"undated"}:
            raise InputError("segment.no_dates", rows=_count(grouped["n_lines"]))
        raise InputError("segment.no_orders", rows=_count(grouped["n_lines"]))
    left = grouped.filter(pc.is_valid(grouped["reason"]))
    # A number like C536379 marks a cancelled order only where no ordinary order has one.
    marked = _count(used["plainly_numbered"]) == 0
    excluded = _exclusions(left, "cancelled" if marked else "quantity")
    money_used = total(used["amount"])
    rows_used = _count(used["n_lines"])
    last: Any = pc.max(used["order_date"]).as_py()
    return Orders(
        table=used.drop_columns(["reason", "part", "plainly_numbered"]),
        stage=stage,
        as_of=settings.as_of or (last + timedelta(days=1) if last else date.max),
        rows_in=rows_used + sum(item.rows for item in excluded),
        rows_used=rows_used,
        money_in=money_used + sum((item.money for item in excluded), Decimal(0)),
        money_used=money_used,
        excluded=excluded,
    )


def total(amounts: pa.ChunkedArray) -> Decimal:
    """Exact sum of decimals; nulls count as nothing."""
    found = pc.sum(amounts).as_py()
    return Decimal(0) if found is None else Decimal(found)


def plain_money(amounts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same decimals with no, two or four places, as few as hold every one of them."""
    for places in (0, 2):
        rounded = pc.round(amounts, places)
        if pc.all(pc.equal(rounded, amounts)).as_py():
            return rounded.cast(pa.decimal128(38, places))
    return amounts


def _orders_query(stage: Stage) -> str:
    sums = [
        f", SUM({role}) AS {role}"
        for role in ("quantity", "discount", "cost")
        if role in stage.roles
    ]
    labels = [
        f", MIN({role}) AS {role}"
        for role in ("channel", "campaign", "store")
        if role in stage.roles
    ]
    order = [", channel", ", campaign", ", store"]
    return " ".join(
        [
            _ORDERS,
            *sums,
            *labels,
            "FROM judged GROUP BY 1, 2, 3, 4",
            "ORDER BY reason, customer_id, ordered_at, order_id, amount, n_lines",
            *(part for part in order if part[2:] in stage.roles),
        ]
    )


def _exclusions(left: pa.Table, numbered: str) -> tuple[Exclusion, ...]:
    rows: dict[str, int] = {}
    money: dict[str, Decimal] = {}
    for item in left.select(["reason", "n_lines", "amount"]).to_pylist():
        reason = numbered if item["reason"] == "numbered" else item["reason"]
        rows[reason] = rows.get(reason, 0) + item["n_lines"]
        money[reason] = money.get(reason, Decimal(0)) + (item["amount"] or Decimal(0))
    return tuple(
        Exclusion(reason, rows[reason], money[reason]) for reason in REASONS if reason in rows
    )


def _count(numbers: pa.ChunkedArray) -> int:
    return int(pc.sum(numbers).as_py() or 0)
