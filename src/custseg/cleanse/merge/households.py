"""Households: customers of one family name at one address, and not across flats."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import KEY_ROLES, fold
from custseg.cleanse.merge.codes import Bools, short_texts
from custseg.engine import Engine
from custseg.hashing import UInts, row_hashes

_LETTER: Final = "H"
_ROLES: Final = (
    *("family_name", "street", "address", "postal_code", "city", "town", "block"),
    *("unit", "building"),
)
_ROOM: Final = re.compile(r"(?:\b([A-Z])[ -])?([A-Z]?\d+[A-Z]?)(?=\D*$)")


def household_ids(customers: pa.Table, roles: Mapping[str, str], *, engine: Engine) -> pa.Array:
    """Give each customer a household.

    A household is a family name at a place: city, town and block; or a street with its number
    and the postal code (else the city); or an address that could not be taken apart. Where
    customers of one name at one place have different rooms or units, each is a household, and
    those without one are another.

    Parameters
    ----------
    customers
        A row a customer, with standard values.
    roles
        Role by column.
    engine
        Its threads fold several columns at a time.

    Returns
    -------
    Made from the content alone; null without a family name or a precise place.
    """
    folded = _Folded(customers, roles, engine)
    name = folded.column("family_name")
    place = _place(folded)
    known = _filled(name) & _filled(place)
    home = {"family_name": name, "place": place}
    room = _room(folded)
    apart = _apart(_hashes(home), _hashes({"room": room}), known & _filled(room))
    home["room"] = pc.if_else(pa.array(apart), room, pa.scalar(None, pa.string()))
    ids = short_texts(_LETTER, _hashes(home))
    return pc.if_else(pa.array(known), ids, pa.scalar(None, pa.string()))


class _Folded:
    """Columns by role, as their match keys."""

    def __init__(self, customers: pa.Table, roles: Mapping[str, str], engine: Engine) -> None:
        # Of several columns with a role the first has its plain name.
        names = {role: name for name, role in sorted(roles.items(), reverse=True)}

        def column(role: str) -> pa.Array:
            name = names.get(role)
            if name is None or name not in customers.column_names:
                return pa.nulls(customers.num_rows, pa.string())
            if role not in KEY_ROLES:
                return _none(fold(customers.column(name).combine_chunks(), role))
            return _by_value(customers.column(name), lambda values: _none(fold(values, role)))

        self._columns = dict(zip(_ROLES, engine.map_threads(column, _ROLES), strict=True))

    def column(self, role: str) -> pa.Array:
        """Give the first column of a role folded; nulls where there is none."""
        return self._columns[role]

    def joined(self, *roles: str) -> pa.Array:
        """Give the columns of roles in one; null where one of them is empty."""
        return pc.binary_join_element_wise(*map(self.column, roles), "\x1f")


def _by_value(column: pa.ChunkedArray, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    coded = column.combine_chunks().dictionary_encode()
    return change(coded.dictionary).take(coded.indices)


def _none(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _place(folded: _Folded) -> pa.Array:
    """Give the precise place of each customer; null where there is none."""
    block = folded.column("block")
    street = _with_number(folded.column("street"), block)
    area = pc.coalesce(folded.column("postal_code"), folded.column("city"))
    return pc.coalesce(
        folded.joined("city", "town", "block"),
        pc.binary_join_element_wise(area, street, "\x1f"),
        _with_number(folded.column("address"), None),
    )


def _with_number(street: pa.Array, number: pa.Array | None) -> pa.Array:
    """Give streets that have a number, or have it from the column of numbers; else null."""
    numbered = pc.match_substring_regex(street, r"\d")
    nothing = pa.scalar(None, pa.string())
    beside = nothing if number is None else pc.binary_join_element_wise(number, street, " ")
    return pc.if_else(numbered, street, beside)


def _room(folded: _Folded) -> pa.Array:
    """Give the number of the room or unit; null where none is written."""
    written = pc.coalesce(folded.column("unit"), folded.column("building"))
    return _by_value(
        pa.chunked_array([written]),
        lambda texts: pa.array([_room_number(text) for text in texts.to_pylist()], pa.string()),
    )


def _room_number(building: str) -> str | None:
    found = _ROOM.search(building.upper())
    return "-".join(filter(None, found.groups())) if found else None


def _hashes(columns: Mapping[str, pa.Array]) -> UInts:
    chunked = {name: pa.chunked_array([cells]) for name, cells in columns.items()}
    rows = len(next(iter(columns.values())))
    return row_hashes(chunked, rows)[:, 0]


def _filled(cells: pa.Array) -> Bools:
    filled: Bools = cells.is_valid().to_numpy(zero_copy_only=False)
    return filled


def _apart(home: UInts, room: UInts, with_room: Bools) -> Bools:
    """Tell which customers have a name and place where several rooms are written."""
    rows = np.flatnonzero(with_room)
    rows = rows[np.lexsort((room[rows], home[rows]))]
    new_room = np.append(
        True, (home[rows[1:]] != home[rows[:-1]]) | (room[rows[1:]] != room[rows[:-1]])
    )
    homes = home[rows[new_room[: len(rows)]]]
    several = homes[np.append(False, homes[1:] == homes[:-1])[: len(homes)]]
    apart: Bools = np.isin(home, several)
    return apart
