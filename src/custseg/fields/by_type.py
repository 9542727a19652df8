"""Columns of orders that their header and their type tell enough of: no cell need be looked at.

Reading the cells of a large file takes as long as adding them up. A column of numbers or days whose
header is a known word for one role of such columns, and that no other column's header is a word
for, has that role whatever stands in it.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import pyarrow as pa

from custseg.fields.headers import header_matches
from custseg.fields.options import KNOWN
from custseg.fields.registry import roles

_OF_NUMBERS: Final = frozenset(
    {
        *("order_id", "customer_id", "product_id", "store"),
        *("quantity", "unit_price", "amount", "discount", "cost"),
    }
)
_OF_DAYS: Final = frozenset({"order_date"})


def roles_by_type(schema: pa.Schema) -> dict[str, str]:
    """Give the roles of columns of orders that are sure from header and type, by column."""
    known = {name: _known(name) for name in schema.names}
    claimed = Counter(role for found in known.values() for role in found)
    return {
        field.name: role
        for field in schema
        for role, score in known[field.name].items()
        if score == 1 and len(known[field.name]) == claimed[role] == 1
        if role in _roles_of(field.type)
    }


def _known(header: str) -> dict[str, float]:
    """Roles of orders that a header is a known word for."""
    return {
        match.role: match.score
        for match in header_matches(header).values()
        if match.score >= KNOWN and "orders" in roles()[match.role].tables
    }


def _roles_of(kind: pa.DataType) -> frozenset[str]:
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _OF_DAYS
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return _OF_NUMBERS if number else frozenset()
