"""A table of customers that are clustered by columns of their own: age, income, points, visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.errors import InputError
from custseg.segment.columns import identifiers, is_number, is_text
from custseg.segment.lines import Reader
from custseg.segment.rfm import Floats, to_floats
from custseg.segment.summary import AttributesSummary


@dataclass(frozen=True, kw_only=True)
class CustomerTable:
    """Customers and their features, sorted by id.

    Attributes
    ----------
    table
        ``customer_id``, and each feature as a number, null where it is missing.
    summary
        What became of the rows.
    """

    table: pa.Table = field(repr=False)
    summary: AttributesSummary

    def values(self, names: Sequence[str]) -> Floats:
        """Features as floats, shape (customers, features)."""
        return np.column_stack([to_floats(self.table[name]) for name in names])


def read_customer_table(
    table: pa.Table, ids: pa.ChunkedArray | None, id_column: str, names: Sequence[str], read: Reader
) -> CustomerTable:
    """Take customers and their features from a table of a customer a row.

    Parameters
    ----------
    table
        As it was read, any column types.
    ids
        Ids of the customers; None numbers the rows.
    id_column
        What their column is called.
    names
        The columns that are features.
    read
        Reads distinct texts such as ``"1,200円"`` to plain decimal numbers.

    Raises
    ------
    InputError
        If a feature holds no number, or rows say different things of one customer.
    """
    numbers = {name: column_numbers(table[name], read) for name in names}
    for name, column in numbers.items():
        if np.isnan(column).all():
            raise InputError("segment.feature_no_number", feature=name)
    nothing = np.logical_and.reduce([_blank(table[name]) for name in names])
    if ids is None:
        kept = ~nothing
        chosen = np.flatnonzero(kept)
        texts = np.array([f"{row + 1}" for row in chosen], dtype=object)
        empty, unnamed = int(nothing.sum()), 0
    else:
        nameless = _blank(ids)
        kept = ~nameless
        chosen = np.flatnonzero(kept)
        texts = np.asarray(identifiers(pc.cast(ids, pa.string())).to_pylist(), dtype=object)[chosen]
        empty = int((nameless & nothing).sum())
        unnamed = int(nameless.sum()) - empty
    if not len(chosen):
        raise InputError("segment.few_customers", customers=0)
    values = np.column_stack([numbers[name][chosen] for name in names])
    order = np.lexsort((chosen, texts.astype(str)))
    texts, values, chosen = texts[order], values[order], chosen[order]
    first = np.concatenate([[True], texts[1:] != texts[:-1]])
    _check_repeats(first, values, chosen, id_column)
    columns = {name: _column(values[first, place]) for place, name in enumerate(names)}
    return CustomerTable(
        table=pa.table({"customer_id": pa.array(texts[first], pa.string()), **columns}),
        summary=AttributesSummary(
            rows=table.num_rows,
            customers=int(first.sum()),
            empty=empty,
            unnamed=unnamed,
            missing=_missing(names, values[first]),
            id_column=id_column if ids is not None else "",
        ),
    )


def column_numbers(column: pa.ChunkedArray, read: Reader) -> Floats:
    """Numbers of a column as floats; NaN where there is none, or it cannot be read."""
    if is_number(column.type):
        return to_floats(column)
    if not is_text(column.type):
        return np.full(len(column), np.nan)
    coded = pc.dictionary_encode(pc.utf8_trim_whitespace(pc.cast(column, pa.string())))
    coded = coded.unify_dictionaries().combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.chunk(0)
    texts: list[str] = coded.dictionary.to_pylist()
    known = [_number(text) for text in texts]
    odd = [place for place, number in enumerate(known) if number is None and texts[place]]
    for place, text in zip(odd, read([texts[place] for place in odd]), strict=True):
        known[place] = _number(text or "")
    found = np.array([np.nan if number is None else number for number in [*known, None]])
    places = pc.fill_null(coded.indices, len(texts)).to_numpy(zero_copy_only=False)
    return np.asarray(found[places], dtype=np.float64)


def number_columns(table: pa.Table, read: Reader) -> list[str]:
    """Columns more than half of whose filled cells are numbers, to name them in an error."""
    found = []
    for name in table.column_names:
        numbers = ~np.isnan(column_numbers(table[name], read))
        if numbers.any() and numbers.sum() * 2 > (~_blank(table[name])).sum():
            found.append(name)
    return found


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _blank(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    blank = pc.is_null(column, nan_is_null=True)
    if is_text(column.type):
        trimmed = pc.utf8_trim_whitespace(pc.cast(column, pa.string()))
        blank = pc.or_(blank, pc.fill_null(pc.equal(trimmed, ""), True))
    return np.asarray(blank.to_numpy(), dtype=np.bool_)


def _check_repeats(
    first: np.ndarray[tuple[int], np.dtype[np.bool_]],
    values: Floats,
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    id_column: str,
) -> None:
    """Refuse a customer of whom two rows say different things."""
    again = np.flatnonzero(~first)
    same = values[again] == values[again - 1]
    same |= np.isnan(values[again]) & np.isnan(values[again - 1])
    differing = again[~same.all(axis=1)]
    if len(differing):
        place = differing[np.argmin(rows[differing])]
        raise InputError(
            "segment.customers_differ",
            column=id_column,
            rows=len(differing),
            first=int(rows[place - 1]) + 1,
            second=int(rows[place]) + 1,
        )


def _column(values: Floats) -> pa.Array:
    """Whole numbers where all are, as in the file."""
    present = values[~np.isnan(values)]
    whole = bool(np.all(present == np.round(present)) and np.all(np.abs(present) < 2**53))
    column = pa.array(values, from_pandas=True)
    return pc.cast(column, pa.int64()) if whole else column


def _missing(names: Sequence[str], values: Floats) -> Mapping[str, int]:
    counts = np.isnan(values).sum(axis=0)
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}
