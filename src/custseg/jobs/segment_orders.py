"""The orders of a segmentation: lines added up, and what may be amiss with them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Final

from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.customers import People
from custseg.jobs.monitor import Monitor
from custseg.jobs.order_customers import ids_of_orders
from custseg.jobs.orders import OrderLines, standard_readers
from custseg.jobs.segment_plan import reference_date
from custseg.segment.carried import amounts_on_first_lines, may_lack
from custseg.segment.lines import LineSettings, Stage
from custseg.segment.orders import Orders, orders_with_one_amount, read_orders
from custseg.segment.repeats import differing_orders, doubled_orders

_MANY_UNDATED: Final = 0.01
"""Share of lines without a readable date from which the report advises on dates."""

_TELLING_ORDERS: Final = 20
"""Orders of several lines from which on their amounts tell what a column holds."""

_REPEATED: Final = 0.9
"""Share of them with the same amount on every line above which it is the order's total."""

_DOUBLED: Final = 0.05
"""Share of orders that stand twice, line for line, above which the file is told to be doubled."""


def add_up(
    engine: Engine,
    given: OrderLines,
    people: People | None,
    settings: Settings,
    monitor: Monitor,
    *,
    ledger: bool,
) -> tuple[OrderLines, Orders, Future[Repeats]]:
    """Add lines up to orders, and warn of what may be amiss with them.

    The lines as they were used stand beside (see :func:`settle_amounts`), and what is looked for
    meanwhile, of which :func:`warn_of_repeats` tells. `ledger` as for
    :func:`custseg.segment.orders.read_orders`.
    """
    ids = ids_of_orders(engine, given, people, monitor)
    chosen = LineSettings(
        as_of=reference_date(settings),
        free=settings.segment.free_orders,
        order_key=settings.segment.orders_by,
    )

    def added_up(lines: OrderLines, how: LineSettings) -> Orders:
        return read_orders(
            engine,
            lines.lines,
            lines.columns,
            settings=how,
            customers=ids,
            readers=standard_readers(engine, settings),
            ledger=ledger,
        )

    found = added_up(given, chosen)
    _warn(found, given.columns, settings, monitor)
    first = replace(found, ledger=None)  # whose orders need not be kept for that
    repeats = engine.beside(lambda: _repeats(engine, first))
    used, how = settle_amounts(engine, given, found.stage, chosen, settings, monitor)
    if used is not given or how is not chosen:
        found = added_up(used, how)
    return used, found, repeats


def settle_amounts(
    engine: Engine,
    given: OrderLines,
    stage: Stage,
    how: LineSettings,
    settings: Settings,
    monitor: Monitor,
) -> tuple[OrderLines, LineSettings]:
    """Find out whether amounts are those of lines; give the lines and the way to read them.

    Where lines have customer and day of their order, that is said, too.

    An amount that repeats the total of the order on each of its lines is not one of lines, nor
    is one on the first line alone: their price × quantity is taken, where it is there. Else the
    one amount of an order is shared out among its lines.
    """
    column = given.roles.get("amount", "amount")
    priced = {"unit_price", "quantity"} <= given.columns.keys() and column not in settings.roles
    if stage.carried:
        monitor.warn("segment.warn.carried")
    several = first = 0
    if "amount" in given.columns and may_lack(given.lines, given.columns["amount"]):
        several, first = amounts_on_first_lines(engine, stage)
    if first > _REPEATED * several and (several >= _TELLING_ORDERS or stage.carried):
        if priced:
            monitor.warn("segment.warn.lines_for_first", column=column)
            return given.without("amount"), how
        monitor.warn("segment.warn.spread", column=column)
        return given, replace(how, spread=True)
    several, same = orders_with_one_amount(engine, stage)
    if several < _TELLING_ORDERS or same <= _REPEATED * several:
        return given, how
    if not priced:
        monitor.warn("segment.warn.order_totals", column=column)
        return given, how
    monitor.warn("segment.warn.lines_for_totals", column=column)
    return given.without("amount"), how


def _warn(found: Orders, columns: Mapping[str, str], settings: Settings, monitor: Monitor) -> None:
    if "order_id" not in columns and settings.segment.orders_by == "row":
        monitor.warn("segment.warn.no_order_id")
    undated = sum(item.rows for item in found.excluded if item.reason == "undated")
    if undated > _MANY_UNDATED * found.rows_in:
        monitor.warn("segment.warn.undated", rows=undated)
    customers, orders, _ = found.unknown
    if orders:
        monitor.warn("segment.warn.unknown", customers=customers, orders=orders)


@dataclass(frozen=True, slots=True)
class Repeats:
    """Orders that may have been exported twice, and cannot be told from others.

    Attributes
    ----------
    seen, doubled
        Orders looked at, and those whose every line stands there twice.
    differing
        Orders that count from more than one file.
    """

    seen: int
    doubled: int
    differing: int


def _repeats(engine: Engine, found: Orders) -> Repeats:
    """Look for orders that stand twice, where as many as are told of may."""
    seen, doubled = found.number, 0
    if found.paired is None or found.paired > _DOUBLED:
        seen, doubled = doubled_orders(engine, found.stage, found.rows_in)
    return Repeats(seen, doubled, differing_orders(engine, found.stage))


def warn_of_repeats(found: Repeats, files: int, monitor: Monitor) -> None:
    """Say so where orders may have been exported twice."""
    if found.doubled > _DOUBLED * found.seen and found.seen >= _TELLING_ORDERS:
        share = round(100 * found.doubled / found.seen)
        monitor.warn("segment.warn.doubled", share=share)
    # Where an export was cut into files, one order may go on in the next.
    if found.differing >= files:
        monitor.warn("segment.warn.differing", orders=found.differing)
