"""Reading files with one basket a row, beside those with one order line a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import InputError
from custseg.fields import recognize
from custseg.fields.headers import header_matches
from custseg.fields.options import KNOWN
from custseg.fields.registry import roles as known_roles
from custseg.jobs.monitor import Monitor
from custseg.jobs.orders import OrderLines, read_order_lines
from custseg.jobs.sources import Inputs, Source
from custseg.segment.basket_rows import BasketRows, unfold


def read_basket_lines(
    engine: Engine, orders: Inputs, settings: Settings, monitor: Monitor
) -> OrderLines:
    """Read order lines; a file with one basket a row gives a line a product.

    Raises
    ------
    InputError
        If the user says that rows are baskets, and a file has no columns of products.
    """
    rows = settings.basket.rows
    if rows == "lines":
        return read_order_lines(engine, orders, settings, monitor)
    whole = _WholeBaskets(asked=rows == "baskets")
    try:
        given = read_order_lines(engine, orders, settings, monitor, whole)
    except InputError as error:
        if error.key != "tables.mostly_ragged" or rows is not None:
            raise
        raise InputError("basket.mostly_ragged", **error.params) from error
    for name, baskets in whole.found.items():
        if rows is None:
            monitor.warn("basket.warn.rows", name=name, baskets=baskets)
    return given


class _WholeBaskets:
    """Makes order lines of baskets.

    Attributes
    ----------
    found
        Files whose rows are baskets → how many.
    """

    def __init__(self, *, asked: bool) -> None:
        self._asked = asked
        self._rows = BasketRows(asked, _is_title)
        self.found: dict[str, int] = {}

    def fit(self, rows: Sequence[Sequence[str]]) -> bool:
        """Tell whether the rows of a file without a header are baskets."""
        return self._rows.fit(rows)

    def table(self, rows: Sequence[Sequence[str]], name: str) -> pa.Table:
        """Give the lines of such a file."""
        made = self._rows.table(rows, name)
        self.found[name] = len(made["order_id"].unique())
        return made

    def lines(self, source: Source) -> Source:
        """Give the lines of a file with a header; the file itself where its rows are lines."""
        read = source.read
        if read.name in self.found:
            return source
        made = unfold(read.table, source.roles, read.name, asked=self._asked)
        if made is None:
            if self._asked:
                columns = ", ".join(read.table.column_names)
                raise InputError("basket.no_baskets", name=read.name, columns=columns)
            return source
        self.found[read.name] = read.table.num_rows
        roles = _roles_of(made, source.roles)
        read = replace(read, table=made, rows=pa.array(np.arange(1, len(made) + 1)))
        return Source(read, tuple(recognize(made, kind="orders", overrides=roles)))


def _roles_of(made: pa.Table, roles: Mapping[str, str]) -> dict[str, str]:
    """Roles of the columns that stayed, and of those that were made."""
    stayed = {column: role for column, role in roles.items() if column in made.column_names}
    own = {name: name for name in ("order_id", "product_name") if name in made.column_names}
    return stayed | {name: role for name, role in own.items() if role not in stayed.values()}


def _is_title(text: str) -> bool:
    """Tell whether a text is a name of a column of orders."""
    return any(
        match.score >= KNOWN and "orders" in known_roles()[match.role].tables
        for match in header_matches(text).values()
    )
