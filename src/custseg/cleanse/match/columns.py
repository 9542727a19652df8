"""The columns of the records by role, coded by their match keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from custseg.cleanse.match.coding import Coded, by_role, encode, no_keys
from custseg.cleanse.match.compare import Field
from custseg.cleanse.match.types import Codes, Ints, MatchWarning
from custseg.engine import Engine

PLACE_ROLES: Final = ("town", "street", "block", "address", "building")
CODED_ROLES: Final = (
    *("phone", "email", "identifier", "corporate_number", "birth_date", *PLACE_ROLES),
    *("street_number", "postal_code", "city", "prefecture", "family_name", "given_name"),
    *("family_kana", "given_kana", "kana", "gender", "attribute"),
)
"""Roles whose columns are coded by their own match keys, those with most values first."""

Parts = Mapping[str, Codes | Ints]
"""Codes of each record by the name of the part; -1 for none."""


class Columns:
    """Columns of a table by role, coded at most once."""

    def __init__(self, records: pa.Table, roles: Mapping[str, str], order: Ints) -> None:
        self._records = records
        self._order = order
        self._names = by_role(roles, records.column_names)
        self._coded: dict[str, Coded] = {}
        self.empty = no_keys(records.num_rows)

    def load(self, engine: Engine) -> None:
        """Code every column that is compared as it is, in threads."""
        wanted = [(name, role) for role in CODED_ROLES for name in self.names(role)]
        wanted += [(name, "attribute") for name in self.names("company")]
        engine.map_threads(lambda each: self.coded(*each), wanted)

    def names(self, role: str) -> list[str]:
        """Give the columns of a role."""
        return self._names.get(role, [])

    def coded(self, name: str, role: str) -> Coded:
        """Give a column, coded by its role's match key."""
        if name not in self._coded:
            self._coded[name] = encode(self._records.column(name), role, self._order)
        return self._coded[name]

    def first_as(self, role: str, other: str, part: Callable[[str], str]) -> Coded:
        """Give a part of the first column of a role, coded by another role's match key."""
        for name in self.names(role):
            column = encode(self._records.column(name), other, self._order, part)
            if column.filled:
                return column
        return self.empty

    def first(self, role: str) -> Coded:
        """Give the first column of a role that holds anything; an empty one if there is none."""
        for name in self.names(role):
            column = self.coded(name, role)
            if column.filled:
                return column
        return self.empty


@dataclass(frozen=True, slots=True)
class Found:
    """Fields of one kind, with what is made of them."""

    fields: list[Field] = field(default_factory=list)
    parts: dict[str, Codes | Ints] = field(default_factory=dict)
    warnings: list[MatchWarning] = field(default_factory=list)
