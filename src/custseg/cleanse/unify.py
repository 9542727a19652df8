"""One table of records from several sources: columns of one role under one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.cleanse.standardize.columns import base_role
from custseg.fields.registry import roles as known_roles

OWN: Final = ("source", "row", "customer_id", "household_id", "record_key", "n_records")
"""Names that the outputs use for columns of their own."""

ATTRIBUTE: Final = "attribute"
"""Role given to columns without a role that may serve as evidence in matching."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The table of one input.

    Attributes
    ----------
    name
        Name of the source, as in ``records.source``.
    table
        Columns of text, in the order of the file.
    rows
        Row number of each row in the file, from 1.
    roles
        Role by column.
    """

    name: str
    table: pa.Table
    rows: pa.Array
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Records:
    """All records of all sources.

    Attributes
    ----------
    table
        ``source``, ``row``, then a column a role in the order of the registry, then the columns
        without a role under their own names.
    roles
        Role by column of `table`, with ``"attribute"`` for those that may be evidence.
    named
        For each source the name in `table` of each of its columns.
    """

    table: pa.Table
    roles: dict[str, str]
    named: dict[str, dict[str, str]]


def unify(sources: Sequence[SourceTable]) -> Records:
    """Stack the tables of several sources.

    The first column of a role takes the role's name, the second ``ROLE_2``, and so on, source by
    source. A channel becomes part of the name: ``consent:email`` → ``consent_email``. Columns of
    role ``ignore`` are carried through like columns without a role, but are never evidence.
    """
    named = {source.name: _names(source) for source in sources}
    roles: dict[str, str] = {}
    for source in sources:
        for column, role in source.roles.items():
            if role != "ignore":
                roles.setdefault(named[source.name][column], role)
    order = _in_order(sources, named, roles)
    stacked = [_stackable(source, named[source.name], order) for source in sources]
    return Records(pa.concat_tables(stacked), roles, named)


def _names(source: SourceTable) -> dict[str, str]:
    taken = set(OWN)
    names = {}
    for column in source.table.column_names:
        role = source.roles.get(column)
        if role and role not in (ATTRIBUTE, "ignore"):
            names[column] = _free(role.replace(":", "_"), taken)
    reserved = {role for role in known_roles() if role != "text"}
    for column in source.table.column_names:
        if column not in names:
            # A column that only looks like a role by its name must not be taken for one.
            base = base_role(column)
            stem = f"{column}_as_given" if base in reserved or base in taken else column
            names[column] = _free(stem, taken)
    return names


def _free(stem: str, taken: set[str]) -> str:
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    taken.add(name)
    return name


def _in_order(
    sources: Sequence[SourceTable],
    named: Mapping[str, Mapping[str, str]],
    roles: Mapping[str, str],
) -> list[str]:
    """Names of the columns: by role in the registry's order, then the others as they came."""
    place = {role: at for at, role in enumerate(known_roles())}
    every = list(
        dict.fromkeys(
            named[source.name][c] for source in sources for c in source.table.column_names
        )
    )
    last = len(place)
    return sorted(every, key=lambda name: place.get(base_role(roles.get(name, "")), last))


def _stackable(source: SourceTable, names: Mapping[str, str], order: Sequence[str]) -> pa.Table:
    given = {name: source.table.column(column) for column, name in names.items()}
    count = source.table.num_rows
    indices = pa.array(np.zeros(count, dtype=np.int32))
    columns = {
        "source": pa.DictionaryArray.from_arrays(indices, [source.name]).cast(pa.string()),
        "row": source.rows.cast(pa.int64()),
        **{name: given[name] if name in given else pa.nulls(count, pa.string()) for name in order},
    }
    return pa.table(columns)
