"""From order lines to orders: added up per order, with all that is left out counted.

Money is exact: decimals of four places, so rows and money in are rows and money used plus
what is left out by reason, to the last digit. A purchase is a distinct order, never a line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine, give_back_memory
from custseg.errors import InputError
from custseg.segment.columns import PLACES
from custseg.segment.customer_sums import customer_sums
from custseg.segment.exact_money import decimals, units
from custseg.segment.grouped import Ints
from custseg.segment.ledger import Ledger, labels_of, portions
from custseg.segment.line_orders import orders_of_lines
from custseg.segment.lines import (
    LABELS,
    NEEDED,
    NUMBERED,
    REASON_OF,
    REASONS,
    Lines,
    LineSettings,
    Reader,
    Stage,
    stage_lines,
)
from custseg.segment.order_sql import customers_query, orders_query
from custseg.segment.rfm import with_recency
from custseg.segment.timelines import Timelines

_ONE_AMOUNT: Final = """, several AS (
  SELECT MIN(money) = MAX(money) AS same FROM judged
  WHERE reason IS NULL AND order_key IS NOT NULL AND money > 0 AND hash(order_key) % 8 = 0
  GROUP BY customer_key, order_key HAVING COUNT(*) > 1
)
SELECT COUNT(*) AS several, COUNT(*) FILTER (same) AS same FROM several"""

_WHOLLY_LEFT_OUT: Final = """
SELECT COUNT(*) AS n FROM (
  SELECT order_key FROM judged
  WHERE order_key IN (SELECT order_key FROM judged WHERE reason IS NOT NULL)
  GROUP BY order_key HAVING BOOL_AND(reason IS NOT NULL)
)"""


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


@dataclass(frozen=True, kw_only=True)
class Orders:
    """Orders, their customers, and the account of the lines they came from.

    Attributes
    ----------
    customers
        A customer a row, as :func:`custseg.segment.rfm.with_recency` gives them at `as_of`.
    stage
        The lines themselves, for questions about products.
    engine
        What makes `table`.
    as_of
        The day to count from: given, or the day after the last order; the end of time where
        lines have no dates.
    rows_in, rows_used
        Lines in, and lines in orders.
    money_in, money_used
        Their money.
    excluded
        The difference, by reason.
    unknown
        Customers, orders and money of customers that the map of customers does not hold.
    customers_left_out
        Customers of whom no line is used.
    ledger
        The orders as arrays, where they were asked for and fit into memory.
    left_out
        How many orders are left out, where it is known.
    paired
        Share of the orders of a number that may hold each line twice, as
        :class:`custseg.segment.line_orders.FoundOrders` has it; None where that is not known.
    """

    customers: pa.Table = field(repr=False)
    stage: Stage = field(repr=False)
    engine: Engine = field(repr=False)
    as_of: date
    rows_in: int
    rows_used: int
    money_in: Decimal
    money_used: Decimal
    excluded: tuple[Exclusion, ...]
    unknown: tuple[int, int, Decimal]
    customers_left_out: int = 0
    ledger: Ledger | None = field(default=None, repr=False)
    left_out: int | None = None
    paired: float | None = None

    @cached_property
    def table(self) -> pa.Table:
        """Orders, one row each, added up from the lines when first asked for.

        ``customer_id``, ``order_id``, ``ordered_at``, ``order_date``, ``amount`` (exact
        decimal), ``n_lines``, ``known``, and where the lines have them ``discount``,
        ``cost``, ``channel``, ``campaign``, ``store``; sorted by customer, time and order.
        """
        if self.ledger is not None:
            return self.ledger.table()
        return self.stage.run(self.engine, orders_query(self.stage))

    @cached_property
    def timelines(self) -> Timelines:
        """What each customer ordered when, in the order of `customers`."""
        if self.ledger is not None:
            return Timelines.of(self.ledger)
        kept = Timelines(self.engine)
        names = []
        for ledger in self.portions(labels=()):
            kept.add(ledger)
            names.append(ledger.ids)
        kept.settle(in_order(names))
        return kept

    def keep(self, timelines: Timelines) -> None:
        """Have `timelines`, which were found on the way to something else, at hand."""
        self.__dict__["timelines"] = timelines

    @property
    def _portions(self) -> int:
        return portions(self.engine, self.rows_used)

    def only_portion(self) -> Ledger | None:
        """Give the orders of all customers, where they fit into memory as one."""
        return next(self.portions()) if self._portions == 1 else None

    def kept_as_timelines(self) -> Self:
        """The same, of which only :attr:`timelines` and sums are still at hand."""
        kept = replace(self, ledger=None)
        kept.keep(self.timelines)
        return kept

    def portions(self, labels: Collection[str] = LABELS) -> Iterator[Ledger]:
        """Give the orders of a portion of the customers after the other, as fit into memory.

        `labels` as for :meth:`custseg.segment.ledger.Ledger.read`.
        """
        number = self._portions
        for place in range(number):
            lines = f"reason IS NULL AND hash(customer_key) % {number} = {place}"
            ledger = Ledger.read(self.engine, self.stage, lines, labels)
            if len(ledger):
                yield ledger
            del ledger
            give_back_memory()

    @cached_property
    def orders_left_out(self) -> int:
        """Numbers of orders of which no line is used."""
        if not self.excluded or "order_id" not in self.stage.roles:
            return 0
        if self.left_out is not None:
            return self.left_out
        return int(self.stage.run(self.engine, _WHOLLY_LEFT_OUT)["n"][0].as_py())

    @property
    def number(self) -> int:
        """How many orders."""
        return int(pc.sum(self.customers["frequency"]).as_py())

    @property
    def since(self) -> date:
        """The day of the first order."""
        first: date = pc.min(self.customers["first_order"]).as_py()
        return first

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Days of the first and the last order, where lines have dates."""
        first: date | None = pc.min(self.customers["first_order"]).as_py()
        last: date | None = pc.max(self.customers["last_order"]).as_py()
        return first, last


def read_orders(
    engine: Engine,
    lines: Lines,
    columns: Mapping[str, str],
    *,
    settings: LineSettings | None = None,
    customers: pa.Table | None = None,
    readers: Mapping[str, Reader] | None = None,
    ledger: bool = False,
) -> Orders:
    """Add order lines up, and account for every line that is left out.

    Parameters
    ----------
    engine
        Runs the queries.
    lines, columns, settings, customers, readers
        As for :func:`custseg.segment.lines.stage_lines`.
    ledger
        Whether more will be asked of the orders than their customers' sums: then they are kept
        as arrays, if they fit into memory.

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
    kept: Ledger | None = None
    countable = settings.needed >= NEEDED
    fits = portions(engine, lines.num_rows) == 1
    left_out: int | None = None
    paired: float | None = None
    if countable and fits:
        orders = orders_of_lines(engine, stage, labels_of(stage) if ledger else ())
        given = dict(orders.columns)  # of which the ledger takes some out
        adding = engine.beside(lambda: customer_sums(orders.ids, orders.who, given))
        kept = Ledger.of(engine, orders) if ledger else None
        used, left, left_out = adding.result(), orders.left_out, orders.orders_left_out
        paired = orders.paired if "order_id" in stage.roles else None
    else:
        found = stage.run(engine, customers_query(stage))
        used = found.filter(pc.is_null(found["reason"]))
        left = found.filter(pc.is_valid(found["reason"]))
    if not used.num_rows:
        if {REASON_OF[code] for code in left["reason"].unique().to_pylist()} == {"undated"}:
            raise InputError("segment.no_dates", rows=_count(left["n_lines"]))
        reason, rows = _most(left)
        raise InputError(f"segment.none_used.{reason}", rows=_count(left["n_lines"]), number=rows)
    # A number like C536379 marks a cancelled order only where no ordinary order has one.
    marked = not stage.numbered or _count(used["plainly_numbered"]) == 0
    excluded = _exclusions(left, "cancelled" if marked else "quantity")
    money_used = total(used["monetary"])
    rows_used = _count(used["n_lines"])
    last: Any = pc.max(used["last_order"]).as_py()
    as_of = settings.as_of or (last + timedelta(days=1) if last else date.max)
    return Orders(
        customers=with_recency(used, as_of),
        stage=stage,
        engine=engine,
        as_of=as_of,
        rows_in=rows_used + sum(item.rows for item in excluded),
        rows_used=rows_used,
        money_in=money_used + sum((item.money for item in excluded), Decimal(0)),
        money_used=money_used,
        excluded=excluded,
        unknown=_unknown(used) if stage.mapped else (0, 0, Decimal(0)),
        customers_left_out=_only_left_out(left, used),
        ledger=kept,
        left_out=left_out,
        paired=paired,
    )


def orders_with_one_amount(engine: Engine, stage: Stage) -> tuple[int, int]:
    """Count orders of several lines, and those of them whose lines all have the same amount.

    Where nearly all have, the column holds the total of the order, once a line: exports of some
    shops repeat it. Looked at is one order in so many that it costs little on large files, by
    number, so that the order of lines changes nothing; free lines tell nothing.
    """
    if "amount" not in stage.roles or "order_id" not in stage.roles:
        return 0, 0
    found = stage.run(engine, _ONE_AMOUNT)
    return found["several"][0].as_py(), found["same"][0].as_py()


def in_order(names: Sequence[pa.ChunkedArray]) -> Ints:
    """The order of the customers of several portions by id."""
    ids = pa.chunked_array([chunk for each in names for chunk in each.chunks])
    return np.asarray(pc.sort_indices(ids))


def total(amounts: pa.ChunkedArray) -> Decimal:
    """Exact sum of decimals; nulls count as nothing."""
    found = pc.sum(amounts).as_py()
    return Decimal(0) if found is None else Decimal(found)


def plain_money(amounts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same decimals with no, two or four places, as few as hold every one of them."""
    whole, valid = units(amounts)
    for places in (0, 2):
        unit = 10 ** (PLACES - places)
        if not np.any(whole % unit):
            return decimals(whole // unit, valid, places)
    return amounts


def _unknown(used: pa.Table) -> tuple[int, int, Decimal]:
    named = pc.is_valid(used["customer_id"])
    rows = used.filter(pc.and_(named, pc.greater(used["unknown_orders"], 0)))
    return rows.num_rows, _count(rows["unknown_orders"]), total(rows["unknown_money"])


def _only_left_out(left: pa.Table, used: pa.Table) -> int:
    """Customers of whom no line is used."""
    names = pc.unique(left["customer_id"].drop_null())
    kept = pc.is_in(used["customer_id"], value_set=names)
    return len(names) - int(pc.sum(kept).as_py() or 0)


def _exclusions(left: pa.Table, numbered: str) -> tuple[Exclusion, ...]:
    rows: dict[str, int] = {}
    money: dict[str, Decimal] = {}
    by_reason = left.group_by("reason").aggregate([("n_lines", "sum"), ("monetary", "sum")])
    for item in by_reason.to_pylist():
        reason = numbered if REASON_OF[item["reason"]] == NUMBERED else REASON_OF[item["reason"]]
        rows[reason] = rows.get(reason, 0) + item["n_lines_sum"]
        money[reason] = money.get(reason, Decimal(0)) + (item["monetary_sum"] or Decimal(0))
    return tuple(
        Exclusion(reason, rows[reason], money[reason]) for reason in REASONS if reason in rows
    )


def _most(left: pa.Table) -> tuple[str, int]:
    """Give the reason for which most lines are left out, and how many those are."""
    found = max(_exclusions(left, "quantity"), key=lambda each: each.rows)
    return found.reason, found.rows


def _count(numbers: pa.ChunkedArray) -> int:
    return int(pc.sum(numbers).as_py() or 0)
