"""What customers like best: the category and the product on which they spent most.

Looked at are some thousand customers at a time: few enough for the processor's own memory.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.engine import Engine
from custseg.segment.exact_money import floats
from custseg.segment.grouped import Coded, Favorites, favorites, picked
from custseg.segment.ledger import Ledger

_ROLES: Final = {"category": ("category",), "product": ("product_name", "product_id")}
"""What customers may like best, and the roles that name it, the better one first."""

_OF_LAST_DAY: Final = "category"
"""What is also told of the last day with an order alone."""

_LINES: Final = 2**18
"""Lines of the customers that are looked at in one step."""


def likes(engine: Engine, ledger: Ledger) -> dict[str, pa.Array]:
    """Give ``favorite_category`` and the like with their shares of the money, as columns."""
    labels = ledger.found.lines.labels
    named = {
        name: labels[role]
        for name, known in _ROLES.items()
        for role in [next((role for role in known if role in labels), None)]
        if role is not None
    }
    if not named:
        return {}
    # As many customers as have lines that fit, if orders have equally many.
    orders = _LINES * len(ledger) // max(1, len(ledger.found.lines.money))
    some = ledger.some_customers(orders)
    steps = engine.map_threads(partial(_liked, ledger, named), some)

    def told(column: str) -> dict[str, pa.Array]:
        found = Favorites.joined([step[column] for step in steps])
        label = named[column.split("_")[1]]
        columns = {column: favorite_texts(label, found, len(ledger.ids))}
        if column.startswith("favorite"):
            spent = floats(found.total)
            share = np.full(len(ledger.ids), np.nan)
            share[found.group] = floats(found.value) / np.where(spent > 0, spent, np.nan)
            columns[f"{column}_share"] = pa.array(share, mask=np.isnan(share))
        return columns

    return {
        name: column
        for columns in engine.map_threads(told, list(steps[0]))
        for name, column in columns.items()
    }


def favorite_texts(label: Coded, found: Favorites, customers: int) -> pa.Array:
    """Give each customer's favorite; null for none."""
    codes = np.full(customers, -1, np.int64)
    codes[found.group] = found.code
    return label.texts(codes)


def _liked(ledger: Ledger, named: dict[str, Coded], customers: slice) -> dict[str, Favorites]:
    """Favorites of some customers, by the name of their column."""
    starts, places = ledger.starts[customers], ledger.orders_of(customers)
    stops = np.append(starts[1:], places.stop)
    lines, orders = ledger.found.lines, ledger.order[places]
    lengths = picked(ledger.found.columns["n_lines"], orders)
    rows = lines.of(orders, lengths)
    own = np.repeat(np.arange(len(starts), dtype=np.int32), stops - starts)
    who = np.repeat(own, lengths)
    money = picked(lines.money, rows)
    if money.dtype != object:
        money = money.astype(np.int64, copy=False)  # sums of theirs may need it
    found: dict[str, Favorites] = {}
    for name, label in named.items():
        codes = picked(label.codes, rows)
        found[f"favorite_{name}"] = favorites(who, codes, money).after(customers.start)
        if name == _OF_LAST_DAY:
            last_days = ledger.days[stops - 1]
            last = np.flatnonzero(
                np.repeat(ledger.days[places] == last_days[own], lengths)
                if lines.days is None
                else picked(lines.days, rows) == last_days[who]
            )
            best = favorites(who[last], codes[last], money[last])
            found[f"last_{name}"] = best.after(customers.start)
    return found
