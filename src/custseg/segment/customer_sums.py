"""What the orders of each customer add up to: one pass a column, whatever their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.segment.exact_money import decimals
from custseg.segment.grouped import Ints, dates, group_sizes
from custseg.segment.line_runs import days_of

_PIECE: Final = 2**16


def customer_sums(ids: pa.Array, who: Ints, columns: Mapping[str, Ints]) -> pa.Table:
    """Add orders up as :func:`custseg.segment.order_sql.customers_query` does.

    Parameters
    ----------
    ids
        Customer ids, ascending, of whom each has an order.
    who
        The customer of each order, as a place in `ids`.
    columns
        ``moment`` and ``amount`` of each order, and what else there is of ``n_lines``,
        ``plainly_numbered`` and ``known``.
    """
    number = len(ids)
    days, amount = days_of(columns["moment"]), columns["amount"]
    last = np.full(number, np.iinfo(np.int32).min, np.int32)
    _each(np.maximum, last, who, days)
    first = np.full(number, np.iinfo(np.int32).max, np.int32)
    _each(np.minimum, first, who, days)
    frequency = group_sizes(who, number)
    found = {
        "customer_id": pa.chunked_array([ids]),
        "first_order": dates(first),
        "last_order": dates(last),
        "frequency": pa.array(frequency, pa.int64()),
        "monetary": decimals(_added(amount, who, number)),
    }
    for name in ("n_lines", "plainly_numbered"):
        if name in columns:
            found[name] = pa.array(_added(columns[name], who, number), pa.int64())
    if "known" in columns:
        strange = np.flatnonzero(~columns["known"])
        unknown = _added(np.ones(len(strange), np.int64), who[strange], number)
        money = _added(amount[strange], who[strange], number)
        found["known"] = pa.array(unknown < frequency)
        found["unknown_orders"] = pa.array(unknown, pa.int64())
        found["unknown_money"] = decimals(money, unknown > 0)
    return pa.table(found)


def _added(values: Ints, who: Ints, number: int) -> Ints:
    kind = object if values.dtype == object else np.int64
    found: Ints = np.zeros(number, kind)
    # Of the same kind: numpy is twenty times as slow where it has to convert each value.
    _each(np.add, found, who, values.astype(kind, copy=False))
    return found


def _each(how: np.ufunc, found: Ints, who: Ints, values: Ints) -> None:
    """Take each value into that of its customer; a piece at a time, so that threads take turns."""
    for start in range(0, len(who), _PIECE):
        piece = slice(start, start + _PIECE)
        how.at(found, who[piece], values[piece])
