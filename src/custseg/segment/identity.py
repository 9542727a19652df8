"""Whose order it is: from the ids that orders carry to the customers of a clean run."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.segment.columns import customers as customer_ids

Column: TypeAlias = "pa.Array | pa.ChunkedArray"

_EMAIL: Final = "email"
_NUMBER: Final = r"^0*[1-9][0-9]*$"


def customer_map(customers: pa.Table, records: pa.Table) -> tuple[pa.Table, pa.ChunkedArray]:
    """Map ids of orders to customers.

    An id is known by the record that carries it as its own id, by being a customer's id itself,
    or by being the e-mail address of one customer alone. An id that records of different
    customers carry (two shops that number alike) says nothing, and is left out.

    Parameters
    ----------
    customers
        With ``customer_id``, and ``email`` where known.
    records
        With ``record_id``, where the sources have ids, and ``customer_id``.

    Returns
    -------
    table, ambiguous
        ``source_id`` to ``customer_id``, one row a `source_id`; and the ids of records that were
        left out.
    """
    pairs = _pairs(customers["customer_id"], customers["customer_id"])
    if "record_id" in records.column_names:
        own = _pairs(customer_ids(records["record_id"]), records["customer_id"])
        own = own.filter(pc.and_(pc.is_valid(own["source_id"]), pc.is_valid(own["customer_id"])))
        pairs = pa.concat_tables([own, _beside(pairs, own)])
    known, ambiguous = _sure(pairs)
    if _EMAIL in customers.column_names:
        addresses = _pairs(
            pc.utf8_lower(pc.utf8_trim_whitespace(customers[_EMAIL])), customers["customer_id"]
        )
        addresses = _beside(addresses.filter(pc.is_valid(addresses["source_id"])), pairs)
        known = pa.concat_tables([known, _sure(addresses)[0]])
    return known.sort_by("source_id"), ambiguous


def restored_zeros(
    known: pa.Table, ambiguous: pa.ChunkedArray, written: pa.ChunkedArray
) -> pa.Table:
    """Map ids that only leading zeros keep from being known: 123 in the orders, 00123 in the run.

    Spreadsheets take a number for one and drop its zeros. An id is restored only where nothing
    else could be meant: one customer, and one id of the orders, with these digits.

    Parameters
    ----------
    known, ambiguous
        As :func:`customer_map` gives them.
    written
        Different ids of orders.

    Returns
    -------
    Rows to add to `known`.
    """
    numbers = known.filter(pc.match_substring_regex(known["source_id"], _NUMBER))
    sure, doubtful = _sure(_pairs(_bare(numbers["source_id"]), numbers["customer_id"]))
    others = pa.concat_tables([_pairs(ids, ids) for ids in (known["source_id"], ambiguous)])
    ids = _beside(_pairs(written, written), others)["source_id"]
    ids = ids.filter(pc.match_substring_regex(ids, _NUMBER))
    wanted, _ = _sure(_pairs(_bare(ids), ids))
    for unclear in (doubtful, _bare(ambiguous)):
        wanted = _beside(wanted, _pairs(unclear, unclear))
    place = pc.index_in(wanted["source_id"], value_set=sure["source_id"].combine_chunks())
    found = _pairs(wanted["customer_id"], sure["customer_id"].take(place))
    return found.filter(pc.is_valid(found["customer_id"])).sort_by("source_id")


def _bare(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_ltrim(ids, "0")


def _pairs(ids: Column, customers: Column) -> pa.Table:
    return pa.table({"source_id": ids, "customer_id": customers})


def _beside(pairs: pa.Table, others: pa.Table) -> pa.Table:
    """Leave out what the others say something of."""
    said = pc.is_in(pairs["source_id"], value_set=others["source_id"].combine_chunks())
    return pairs.filter(pc.invert(said))


def _sure(pairs: pa.Table) -> tuple[pa.Table, pa.ChunkedArray]:
    """Keep ids that stand for one customer; those that stand for several stand beside."""
    ids, customers = (_encoded(column) for column in pairs.columns)
    id_, customer = (np.asarray(each.indices) for each in (ids, customers))
    one = np.zeros(len(ids.dictionary), dtype=np.int32)
    one[id_] = customer
    several = np.zeros(len(one), dtype=bool)
    several[id_[customer != one[id_]]] = True
    sure = np.flatnonzero(~several)
    named = customers.dictionary.take(pa.array(one[sure]))
    doubtful = ids.dictionary.filter(pa.array(several))
    return _pairs(ids.dictionary.take(pa.array(sure)), named), pa.chunked_array([doubtful])


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    whole = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    return whole.dictionary_encode("encode")
