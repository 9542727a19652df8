"""Tables without names: keyed ids, nothing that points to a person, and groups large enough.

Who has the key can tell whose a pseudonym is; the same key gives the same pseudonyms in every
table and run, so that tables can be joined. What is left may still single somebody out, which
is why the sizes of groups alike in age band, gender and region are counted (k-anonymity,
Sweeney 2002).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.privacy.sensitive import is_sensitive
from custseg.privacy.tombstones import keyed

AGE_BAND: Final = "age_band"
QUASI: Final = (AGE_BAND, "gender", "prefecture", "country")
"""Columns that may single somebody out together."""

IDS: Final = {"customer_id": "P", "household_id": "Q"}
"""Ids that become pseudonyms, with the letter these begin with."""

_DIRECT: Final = frozenset(
    """
    person_name family_name given_name kana family_kana given_kana company corporate_number
    email phone phone_extension postal_code address city town block street building unit
    identifier record_id record_key birth_date line_user_id line_id handle source row sources
    text url ip_address latitude longitude
    """.split()
)
_SPARSE: Final = 0.5
"""Share of different values from which a column of text is taken for an identifier."""
_FEW: Final = 20
_BANDS: Final = (0, 20, 30, 40, 50, 60, 70)

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pseudonymized:
    """A table without names.

    Attributes
    ----------
    table
        What is left, by pseudonym.
    direct, sensitive, identifying
        Columns that were removed: those that name or locate a person, those that need special
        care, and those of text whose values are nearly all different.
    """

    table: pa.Table
    direct: tuple[str, ...]
    sensitive: tuple[str, ...]
    identifying: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anonymity:
    """How large the groups are whose members look alike.

    Attributes
    ----------
    columns
        By which they look alike.
    k
        Size of the smallest group; 0 for an empty table.
    groups
        Each group smaller than asked: its values and its size.
    small
        Rows in these.
    """

    columns: tuple[str, ...]
    k: int
    groups: pa.Table
    small: Mask


def pseudonymize(table: pa.Table, key: bytes, as_of: date) -> Pseudonymized:
    """Replace ids by keyed hashes, and remove what names a person.

    Parameters
    ----------
    table
        ``customer_id`` and other columns, roles under their own names.
    as_of
        Day for the age bands that stand in for birth dates.
    """
    kept: dict[str, pa.Array | pa.ChunkedArray] = {}
    removed: dict[str, list[str]] = {"direct": [], "sensitive": [], "identifying": []}
    for name in table.column_names:
        column = table[name]
        base = re.sub(r"_\d+$", "", name)
        if name in IDS:
            kept[name] = _pseudonyms(column, key, IDS[name])
        elif is_sensitive(name):
            removed["sensitive"].append(name)
        elif base in _DIRECT or base.removesuffix("_as_given") in _DIRECT:
            removed["direct"].append(name)
            if name == "birth_date":
                kept[AGE_BAND] = age_bands(column, as_of)
        elif _identifies(column):
            removed["identifying"].append(name)
        else:
            kept[name] = column
    left = pa.table(kept)
    if "customer_id" in kept:
        # The order of the table would tell the order of the ids it came from.
        left = left.sort_by("customer_id")
    return Pseudonymized(
        left, *(tuple(removed[kind]) for kind in ("direct", "sensitive", "identifying"))
    )


def anonymity(table: pa.Table, least: int, columns: Sequence[str] = QUASI) -> Anonymity:
    """Count the groups of rows that are alike in `columns`, as far as the table has them."""
    used = [name for name in columns if name in table.column_names]
    nothing = np.zeros(table.num_rows, dtype=np.bool_)
    if not used or not table.num_rows:
        none = pa.table({"rows": pa.array([], pa.int64())})
        return Anonymity(tuple(used), table.num_rows, none, nothing)
    keys = table.select(used)
    keys = pa.table([pc.fill_null(keys[n].cast(pa.string()), "") for n in used], names=used)
    counted = keys.group_by(used).aggregate([([], "count_all")])
    counted = counted.rename_columns([*used, "rows"]).sort_by([(n, "ascending") for n in used])
    few = counted.filter(pc.less(counted["rows"], least))
    together = _one_text(keys)
    small = np.asarray(pc.is_in(together, value_set=_one_text(few.select(used)).combine_chunks()))
    return Anonymity(tuple(used), pc.min(counted["rows"]).as_py(), few, small)


def age_bands(birth_dates: pa.ChunkedArray, as_of: date) -> pa.Array:
    """Give the band of ages of each birth date, such as ``30-39``; null where it is none."""
    encoded = birth_dates.cast(pa.string()).combine_chunks().dictionary_encode()
    bands = [_band(text, as_of) for text in encoded.dictionary.to_pylist()]
    return pa.array(bands, pa.string()).take(encoded.indices)


def _band(text: str, as_of: date) -> str | None:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return None
    age = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    if not 0 <= age <= 120:
        return None
    low = max(each for each in _BANDS if each <= age)
    if low == _BANDS[-1]:
        return f"{low}+"
    return f"{low}-{_BANDS[_BANDS.index(low) + 1] - 1}"


def _pseudonyms(column: pa.ChunkedArray, key: bytes, letter: str) -> pa.Array:
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    made = [letter + keyed(key, "pseudonym", each)[:24] for each in encoded.dictionary.to_pylist()]
    return pa.array(made, pa.string()).take(encoded.indices)


def _identifies(column: pa.ChunkedArray) -> bool:
    """Tell whether a column's texts are nearly all different; numbers and dates are measures."""
    if not pa.types.is_string(column.type):
        return False
    filled = column.drop_null()
    distinct = pc.count_distinct(filled).as_py()
    if distinct <= max(_FEW, _SPARSE * len(filled)):
        return False
    measured = pc.match_substring_regex(filled, r"^-?\d{1,12}(\.\d+)?(e-?\d+)?$|^\d{4}-\d\d-\d\d$")
    return not pc.all(measured).as_py()


def _one_text(table: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*table.columns, "\x1f")
