"""The customer profile: one row a customer, with what a marketer asks about them.

Every column is there only where the orders can tell: no channel, no preferred channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.exact_money import decimals, floats
from custseg.segment.grouped import (
    Favorites,
    Ints,
    Mask,
    dates,
    favorites,
    medians,
    run_starts,
    summable,
    sums,
)
from custseg.segment.ledger import Ledger
from custseg.segment.likes import favorite_texts, likes
from custseg.segment.orders import Orders, in_order, plain_money
from custseg.segment.rfm import Floats
from custseg.segment.timelines import Timelines

Column: TypeAlias = "pa.Array | pa.ChunkedArray"
Columns: TypeAlias = Mapping[str, Column]

DECIMALS: Final = 6
"""Decimals of means and shares; money itself is exact."""

AGE_BANDS: Final = (20, 30, 40, 50, 60, 70, 80)

_ORDERS: Final = 2**17
"""Orders of the customers that are looked at in one step: few enough for the processor's memory."""

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
        with their share of the money, and ``last_category`` (most money on the last day with
        an order).
    """
    whole = orders.ledger or orders.only_portion()
    if whole is None:
        return _by_portion(engine, orders)
    table = _profiled(engine, orders, whole)
    place = table.column_names.index("monetary")
    return table.set_column(place, "monetary", plain_money(table["monetary"]))


def _by_portion(engine: Engine, orders: Orders) -> pa.Table:
    """Profile a portion of the customers at a time; what is found waits on disk, and stays there.

    Then the portions are put together, a column at a time.
    """
    kept = Timelines(engine)
    away = []
    for ledger in orders.portions():
        kept.add(ledger)
        away.append(engine.put_away(_profiled(engine, orders, ledger)))
        del ledger
    pieces = [each.mapped() for each in away]
    order = in_order([each["customer_id"] for each in pieces])
    kept.settle(order)
    orders.keep(kept)
    columns: dict[str, Column] = {}
    for name in pieces[0].column_names:
        found = pa.concat_tables(each.mapped().select([name]) for each in away)[name]
        column = pa.chunked_array([found.combine_chunks().take(pa.array(order))])
        column = plain_money(column) if name == "monetary" else column
        columns[name] = engine.put_away(pa.table({name: column})).mapped()[name]
    return pa.table(columns)


def rounded(table: pa.Table) -> pa.Table:
    """The same with means and shares of :data:`DECIMALS` decimals, as files hold them.

    Rules and clusters see the same numbers as who reads the file.
    """
    return pa.table(_rounded(dict(zip(table.column_names, table.columns, strict=True))))


def _rounded(columns: Columns) -> Columns:
    return {
        name: pc.round(column, DECIMALS) if pa.types.is_floating(column.type) else column
        for name, column in columns.items()
    }


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


def _profiled(engine: Engine, orders: Orders, ledger: Ledger) -> pa.Table:
    """Profile the customers of a ledger; parts of it beside one another."""

    def of_times() -> tuple[Columns, Columns]:
        gaps = _gaps(ledger)
        first = {**_doings(ledger, gaps), **_discounts(ledger), **_margins(ledger)}
        return _rounded(first), _rounded(_times(ledger, gaps, orders.as_of))

    timing = engine.beside(of_times)
    labeling = engine.beside(lambda: (_ends(ledger), _preferred(ledger)))
    liked = _rounded(likes(engine, ledger))
    (doings, times), (ends, preferred) = timing.result(), labeling.result()
    columns = {**doings, **ends, **times, **preferred, **liked}
    return pa.table({"customer_id": ledger.ids, **columns})


@dataclass(frozen=True, slots=True)
class _Gaps:
    """Days between days with an order.

    Attributes
    ----------
    second
        From a customer's first to their second.
    usual
        The median.
    never
        Whether a customer has one alone: the others say nothing.
    """

    second: Ints
    usual: Floats
    never: Mask


def _gaps(ledger: Ledger) -> _Gaps:
    found = [_gaps_of(ledger, customers) for customers in ledger.some_customers(_ORDERS)]
    second, usual = (np.concatenate(each) for each in zip(*found, strict=True))
    return _Gaps(second, usual, np.isnan(usual))


def _gaps_of(ledger: Ledger, customers: slice) -> tuple[Ints, Floats]:
    rows, who = _theirs(ledger, customers)
    days, number = ledger.days[rows], customers.stop - customers.start
    steps = np.zeros_like(days)
    np.subtract(days[1:], days[:-1], out=steps[1:])
    steps[ledger.starts[customers] - rows.start] = 0
    later = np.flatnonzero(steps)
    who, steps = who[later], steps[later]
    places, median = medians(who, steps)
    usual = np.full(number, np.nan)
    usual[places] = median
    second = np.zeros(number, np.int64)
    head = run_starts(who)
    second[who[head]] = steps[head]
    return second, usual


def _theirs(ledger: Ledger, customers: slice) -> tuple[slice, Ints]:
    """Orders of some customers: where they stand, and whose each is, counted from the first."""
    rows = ledger.orders_of(customers)
    counts = np.diff(ledger.starts[customers], append=rows.stop)
    return rows, np.repeat(np.arange(len(counts), dtype=np.int32), counts)


def _doings(ledger: Ledger, gaps: _Gaps) -> Columns:
    """First, second and last day with an order; orders and their money."""
    first, counts = ledger.days[ledger.starts], ledger.counts
    spent = sums(ledger.amount, ledger.starts)
    second = dates(first + gaps.second)
    return {
        "first_order": dates(first),
        "second_order": pc.if_else(pa.array(~gaps.never), second, None),
        "last_order": dates(ledger.last_days),
        "frequency": pa.array(counts, pa.int64()),
        "monetary": decimals(spent),
        "average_order": pa.array(floats(spent) / counts),
    }


def _discounts(ledger: Ledger) -> Columns:
    if "discount" not in ledger.found.columns:
        return {}
    discount, given = ledger.units("discount")
    discount = np.abs(discount)
    before = sums(summable(ledger.amount + discount), ledger.starts)
    return {"discount_rate": _rate(sums(discount, ledger.starts), before, ledger, given)}


def _margins(ledger: Ledger) -> Columns:
    if "cost" not in ledger.found.columns:
        return {}
    cost, known = ledger.units("cost")
    # Of an order whose cost is known in part, the lines without one tell nothing.
    costed = ledger.column("costed")
    margin = sums(summable(costed - cost), ledger.starts)
    any_known = sums(known.astype(np.int64), ledger.starts) > 0
    return {
        "margin": plain_money(decimals(margin, any_known)),
        "margin_rate": _rate(margin, sums(costed, ledger.starts), ledger, known),
    }


def _rate(part: Ints, whole: Ints, ledger: Ledger, known: Mask) -> pa.Array:
    """A share of money; null where nothing is known of it, or there is no money."""
    there = (sums(known.astype(np.int64), ledger.starts) > 0) & (whole != 0)
    return pa.array(floats(part) / np.where(there, floats(whole), 1.0), mask=~there)


def _ends(ledger: Ledger) -> Columns:
    """Channel, campaign and store of the first and the last order."""
    columns: dict[str, Column] = {}
    for role, label in ledger.labels.items():
        columns[f"first_{role}"] = label.texts(label.codes[ledger.first])
        columns[f"last_{role}"] = label.texts(label.codes[ledger.last])
    return columns


def _times(ledger: Ledger, gaps: _Gaps, as_of: date) -> Columns:
    """Days from the first order to the second, since the last, and usually between two."""
    today = np.datetime64(as_of).astype("datetime64[D]").astype(np.int64)
    since = today - ledger.last_days
    return {
        "days_to_second": pa.array(gaps.second, mask=gaps.never),
        "recency_days": pa.array(since),
        "interval_days": pa.array(gaps.usual, mask=gaps.never),
        "lateness": pa.array(since / np.where(gaps.never, 1.0, gaps.usual), mask=gaps.never),
    }


def _preferred(ledger: Ledger) -> Columns:
    """The channel, campaign and store of most orders."""
    found: dict[str, list[Favorites]] = {role: [] for role in ledger.labels}
    for customers in ledger.some_customers(_ORDERS) if found else ():
        rows, who = _theirs(ledger, customers)
        for role, label in ledger.labels.items():
            found[role].append(favorites(who, label.codes[rows]).after(customers.start))
    return {
        f"preferred_{role}": favorite_texts(
            ledger.labels[role], Favorites.joined(pieces), len(ledger.ids)
        )
        for role, pieces in found.items()
    }


def joined(table: pa.Table, found: pa.Table, names: dict[str, str] | None = None) -> pa.Table:
    """Add columns of `found` by customer; null where it has no row.

    Parameters
    ----------
    names
        Column of `found` to its new name; None takes all that `table` lacks.
    """
    if names is None:
        names = {name: name for name in found.column_names if name not in table.column_names}
    if table["customer_id"].equals(found["customer_id"]):
        for name, new in names.items():
            table = table.append_column(new, found[name])
        return table
    place = pc.index_in(table["customer_id"], value_set=found["customer_id"].combine_chunks())
    for name, new in names.items():
        table = table.append_column(new, found[name].take(place))
    return table
