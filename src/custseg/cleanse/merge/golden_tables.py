"""Golden records as tables: a row a customer, and a row a value with its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import distinct, group_starts
from custseg.cleanse.match.types import Codes
from custseg.cleanse.merge.choose import Members, codes_of
from custseg.cleanse.merge.codes import Ints

VALUES_SCHEMA: Final = pa.schema(
    [
        ("customer_id", pa.string()),
        ("column", pa.dictionary(pa.int32(), pa.string())),
        ("value", pa.string()),
        ("source", pa.dictionary(pa.int32(), pa.string())),
        ("row", pa.int64()),
    ]
)
"""Values of customers, and the record each comes from."""


@dataclass(frozen=True, slots=True)
class Values:
    """Values of one column: whose they are, and the record of each."""

    column: str
    customer: Ints
    value: pa.ChunkedArray
    record: Ints | Codes


@dataclass(slots=True)
class Work:
    """Columns of customers while they are made."""

    columns: dict[str, pa.ChunkedArray] = field(default_factory=dict)
    chosen: dict[str, Codes] = field(default_factory=dict)
    others: list[Values] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)

    def take(self, other: Work) -> None:
        """Add the columns of another."""
        self.columns |= other.columns
        self.chosen |= other.chosen
        self.others += other.others
        self.roles |= other.roles


def listed(parts: Sequence[Values], names: pa.Array, records: pa.Table) -> pa.Table:
    """List values by customer, then column, each customer's preferred one first."""
    parts = sorted(parts, key=lambda part: part.column)
    sizes = [len(part.customer) for part in parts]
    code = np.repeat(np.arange(len(parts), dtype=np.int32), sizes)
    customer = np.concatenate([np.empty(0, np.int64), *(part.customer for part in parts)])
    record = np.concatenate([np.empty(0, np.int64), *(part.record for part in parts)])
    value = pa.chunked_array([chunk for part in parts for chunk in part.value.chunks], pa.string())
    order = np.argsort(customer, kind="stable")
    at = pa.array(record[order])
    columns = pa.array([part.column for part in parts], pa.string())
    return pa.table(
        [
            names.take(pa.array(customer[order])),
            pa.DictionaryArray.from_arrays(pa.array(code[order]), columns),
            value.take(pa.array(order)),
            records.column("source").take(at).combine_chunks().dictionary_encode(),
            records.column("row").take(at).cast(pa.int64()),
        ],
        schema=VALUES_SCHEMA,
    )


def in_columns(
    cells: Sequence[str], work: Work, names: pa.Array, every: Members, records: pa.Table
) -> pa.Table:
    """Give the table: customer, columns as in the records with further ones beside, counts."""
    base = {name: work.roles.get(name, name) for name in work.columns}
    place = {name: at for at, name in enumerate(cells)}
    ordered = sorted(work.columns, key=lambda name: place.get(base[name], place.get(name, -1)))
    return pa.table(
        {
            "customer_id": names,
            **{name: work.columns[name] for name in ordered},
            "n_records": pa.array(every.sizes),
            "sources": _sources(records.column("source"), every),
        }
    )


def _sources(source: pa.ChunkedArray, every: Members) -> pa.Array:
    """Name the sources of each customer, in their order, joined by semicolons."""
    coded = source.combine_chunks().dictionary_encode()
    if len(coded.dictionary) == 1 and not coded.null_count:
        return pa.repeat(coded.dictionary[0], every.customers)
    sorted_names = pc.sort_indices(coded.dictionary)
    rank = np.empty(len(sorted_names), dtype=np.int64)
    rank[sorted_names.to_numpy()] = np.arange(len(sorted_names))
    kinds = max(len(sorted_names), 1)
    pairs = distinct(every.customer * kinds + rank[codes_of(coded)])
    offsets = np.append(group_starts(pairs // kinds), len(pairs)).astype(np.int32)
    values = coded.dictionary.take(sorted_names).take(pa.array(pairs % kinds))
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), values), "; ")
