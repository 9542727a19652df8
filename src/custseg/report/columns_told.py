"""What each column of a run's tables means, as a table that stands beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pyarrow as pa

from custseg.fields.registry import roles
from custseg.report.model import Item, RoleName, Words
from custseg.report.segment_names import dimension_name, feature_name
from custseg.report.words import say
from custseg.segment.summary import CATEGORY_SHARE

_KNOWN: Final = frozenset(
    {
        *("customer_id", "known", "recency_days", "frequency", "monetary"),
        *("first_order", "second_order", "last_order", "r", "f", "m", "rfm", "segment"),
        *("cluster", "cluster_name", "likeness"),
        *("alive", "expected_purchases", "expected_value", "buys_within"),
        *("average_order", "discount_rate", "margin", "margin_rate", "days_to_second"),
        *("interval_days", "lateness", "favorite_category_share", "favorite_product_share"),
        *("age_band", "last_contact", "contacts", "open_complaints", "n_records", "household_id"),
    }
)
"""Columns with words of their own."""

_PARTS: Final = ("first_", "last_", "preferred_", "favorite_")
_CONTACTS: Final = "contacts_"


def columns_told(
    tables: Mapping[str, Iterable[str]], *, best: int | None, horizon: int, language: str
) -> pa.Table:
    """Say what the columns of tables mean: a row a file and column.

    Parameters
    ----------
    tables
        File to its columns.
    best
        The highest score, which is the best of each; None where there are no scores.
    horizon
        Days that forecasts look ahead.
    """
    rows = [
        (file, column, say(_meaning(column, best, horizon), language))
        for file, columns in tables.items()
        for column in columns
    ]
    names = ("file", "column", "meaning")
    return pa.table(
        {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)}
    )


def _meaning(column: str, best: int | None, horizon: int) -> Item:
    if column in _KNOWN:
        params: dict[str, Item] = {"best": f"{best}" if best else "–", "days": f"{horizon}"}
        return Words(f"column.{column}", params)
    if column.startswith(CATEGORY_SHARE):
        return feature_name(column)
    if column.startswith(_CONTACTS):
        return Words("column.contacts_of", {"kind": column.removeprefix(_CONTACTS)})
    if column.startswith(_PARTS):
        return dimension_name(column)
    return RoleName(column) if column in roles() else Words("column.given")
