"""A fingerprint of each record that does not depend on its row, so that runs can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import group_starts
from custseg.cleanse.merge.codes import Ints
from custseg.hashing import UInts, row_hashes, scattered

_ENDINGS: Final = re.compile(r"(\.(csv|tsv|txt|parquet|xlsx|xls|gz|zst|zip))+$", re.IGNORECASE)
_DATED: Final = re.compile(
    r"[\s_.-]*(\d{4}[-_.年]?\d{1,2}([-_.月]?\d{1,2}日?|月)?([T_-]?\d{4,6})?|\d{4,}|\(\d{1,3}\))"
)
_ROW_COLUMNS: Final = ("source", "row")


def source_labels(names: Iterable[str]) -> dict[str, str]:
    """Give each source a name that stays when next month's file has another date in its name.

    ``customers_2024-05.csv`` and ``customers_2024-06.csv.gz`` are both ``customers``; two sources
    of one run that would share a label keep their whole names.
    """
    distinct = sorted(set(names))
    short = {name: _undated(name) for name in distinct}
    uses = Counter(short.values())
    return {name: short[name] if uses[short[name]] == 1 else name for name in distinct}


def _undated(name: str) -> str:
    stem = _ENDINGS.sub("", unicodedata.normalize("NFKC", name))
    return _DATED.sub("", stem).strip(" _.-") or stem


def record_keys(records: pa.Table) -> UInts:
    """Give each record a fingerprint of 128 bits.

    A record is known by its source and its ``record_id``; one without by its filled cells.
    Records that share all that are counted: the second is another one than the first.

    Parameters
    ----------
    records
        ``source``, ``row``, and columns of text, ``record_id`` among them where there is one.

    Returns
    -------
    Shape (records, 2). Neither row numbers, nor the order of rows or columns, nor empty columns
    change a fingerprint.
    """
    cells = {
        name: records.column(name) for name in records.column_names if name not in _ROW_COLUMNS
    }
    label = _labels(records.column("source"))
    number = cells.get("record_id")
    if number is None:
        keys = row_hashes(cells, records.num_rows)
    else:
        keys = row_hashes({"record_id": number, "source": label}, records.num_rows)
        unnumbered = np.flatnonzero(pc.is_null(number).to_numpy())
        keys[unnumbered] = _content_hashes(cells, unnumbered)
    order = np.argsort(keys[:, 0], kind="stable")
    starts = group_starts(keys[order, 0])
    if len(starts) < len(order):
        _count_repeats(keys, {**cells, "source": label}, order, starts)
    return keys


def _labels(source: pa.ChunkedArray) -> pa.ChunkedArray:
    names = source.unique()
    labels = source_labels(names.to_pylist())
    by_name = pa.array([labels[name] for name in names.to_pylist()], pa.string())
    return pa.chunked_array(
        [by_name.take(each) for each in pc.index_in(source, value_set=names).chunks], pa.string()
    )


def _content_hashes(cells: dict[str, pa.ChunkedArray], rows: Ints) -> UInts:
    at = pa.array(rows)
    return row_hashes({name: column.take(at) for name, column in cells.items()}, len(rows))


def _count_repeats(
    keys: UInts, cells: dict[str, pa.ChunkedArray], order: Ints, starts: Ints
) -> None:
    """Number the records that share a key, by source and content, and fold the number in."""
    sizes = np.diff(np.append(starts, len(order)))
    shared = order[np.repeat(sizes > 1, sizes)]
    inside = _content_hashes(cells, shared)
    shared = shared[np.lexsort((inside[:, 1], inside[:, 0], keys[shared, 0]))]
    first = group_starts(keys[shared, 0])
    lengths = np.diff(np.append(first, len(shared)))
    number = (np.arange(len(shared)) - np.repeat(first, lengths)).astype(np.uint64)
    again, number = shared[number > 0], number[number > 0]
    keys[again, 0] = scattered(keys[again, 0] + number)
    keys[again, 1] = scattered(keys[again, 1] ^ scattered(number))
