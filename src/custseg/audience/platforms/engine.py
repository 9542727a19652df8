"""From customers to the rows of a platform's file, as its rules say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.platforms.model import DIGITS_OF, Hash, Platform, PlatformColumn
from custseg.audience.platforms.steps import follow
from custseg.cleanse.standardize.distinct import distinct
from custseg.engine import Engine

REJECTS: Final = pa.schema(
    [("customer_id", pa.string()), ("column", pa.string()), ("reason", pa.string())]
)

_HASHING: Final[Mapping[Hash, str]] = {
    "sha256": "SELECT sha256(value) AS hashed FROM cells",
    "md5": "SELECT md5(value) AS hashed FROM cells",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a platform's file.

    Attributes
    ----------
    customer_id
        Whose each row is.
    table
        The file's columns, in its order.
    rejects
        Values and customers left out, by :data:`REJECTS`.
    """

    customer_id: pa.Array
    table: pa.Table
    rejects: pa.Table


def identifiers(platform: Platform) -> list[str]:
    """Names of the columns by which a platform finds people."""
    return [each.name for each in platform.columns if each.identifier]


def platform_rows(platform: Platform, customers: pa.Table, country: str, engine: Engine) -> Rows:
    """Write customers as a platform wants them.

    A row without any identifier is left out, as is one whose identifiers all stood in a row
    before: a platform that counts people counts each once.

    Parameters
    ----------
    customers
        ``customer_id`` and the sources of the columns, with what consent closes left empty.
    country
        Of phone numbers and of customers that name none.
    """
    count = len(customers)
    owners = customers["customer_id"].combine_chunks()
    columns = {}
    rejects = []
    for column in platform.columns:
        raw = _source(customers, column, country)
        columns[column.name], bad = _written(column, raw, country, engine)
        rejects.append(_rejected(owners, bad, column.name, "not_accepted"))
    table = pa.table(columns)
    found = np.zeros(count, dtype=bool)
    for name in identifiers(platform):
        found |= ~np.asarray(table[name].is_null())
    rejects.append(_rejected(owners, ~found, "", "no_identifier"))
    repeated = _repeated(table.select(identifiers(platform))) & found
    rejects.append(_rejected(owners, repeated, "", "duplicate"))
    kept = pa.array(found & ~repeated)
    return Rows(owners.filter(kept), table.filter(kept), pa.concat_tables(rejects))


def _source(customers: pa.Table, column: PlatformColumn, country: str) -> pa.ChunkedArray:
    if column.source in customers.column_names:
        given = customers[column.source]
        return pc.fill_null(given, country) if column.source == "country" else given
    filler = country if column.source == "country" else None
    nothing = pa.array([filler], pa.string())
    return pa.chunked_array([nothing.take(pa.array(np.zeros(len(customers), np.int64)))])


def _written(
    column: PlatformColumn, raw: pa.ChunkedArray, country: str, engine: Engine
) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Write a column; tell which cells had something that could not be written."""
    found = distinct(raw, [])
    values = found.values
    plain = follow(column.steps, values, country, engine)
    if column.source == "email":
        plain = pc.if_else(pc.match_substring_regex(plain, r"^[^@\s]+@[^@\s]+$"), plain, None)
    if column.accept:
        fits = pc.match_substring_regex(plain, rf"^(?:{column.accept})$")
        plain = pc.if_else(fits, plain, None)
    if column.hash != "none":
        plain = _hashed(plain, values, column.hash, engine)
    filled = np.asarray(pc.not_equal(pc.utf8_trim_whitespace(values), ""))
    lost = filled & np.asarray(plain.is_null())
    places = pa.array(found.codes.astype(np.int32), mask=found.codes < 0)
    bad = (found.codes >= 0) & lost[found.codes] if len(lost) else np.zeros(len(raw), dtype=bool)
    if column.identifier:
        return plain.take(places), bad
    # Few names, many people: each is held once.
    return pa.DictionaryArray.from_arrays(places, plain), bad


def _hashed(plain: pa.Array, given: pa.Array, kind: Hash, engine: Engine) -> pa.Array:
    """Hash what is there, but for what came hashed already; nothing stays nothing."""
    bare = pc.utf8_lower(pc.utf8_trim_whitespace(given))
    already = pc.match_substring_regex(bare, rf"^[0-9a-f]{{{DIGITS_OF[kind]}}}$")
    made = engine.sql(_HASHING[kind], cells=pa.table({"value": plain}))["hashed"]
    made = made.combine_chunks() if made.num_chunks else pa.array([], pa.string())
    return pc.if_else(already, bare, pc.if_else(pc.is_valid(plain), made, None))


def _repeated(table: pa.Table) -> npt.NDArray[np.bool_]:
    """Tell which rows have, in every column, what an earlier row has."""
    codes = np.zeros(len(table), dtype=np.int64)
    for column in table.columns:
        found = distinct(column, [])
        combined = codes * (len(found.values) + 1) + found.codes + 1
        _, codes = np.unique(combined, return_inverse=True)
    _, first = np.unique(codes, return_index=True)
    repeated = np.ones(len(table), dtype=bool)
    repeated[first] = False
    return repeated


def _rejected(owners: pa.Array, bad: npt.NDArray[np.bool_], column: str, reason: str) -> pa.Table:
    found = owners.filter(pa.array(bad))
    same = pa.array(np.zeros(len(found), dtype=np.int64))
    return pa.table(
        [found, pa.array([column]).take(same), pa.array([reason]).take(same)], schema=REJECTS
    )
