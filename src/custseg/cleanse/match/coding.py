"""Columns as integer codes of distinct match keys, in an order that rows do not influence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.types import Bools, Codes, Ints
from custseg.engine import Engine
from custseg.fields import registry

OWN_KEY_ROLES = frozenset(
    {"phone", "email", "birth_date", "gender", "identifier", "postal_code", "corporate_number"}
)
"""Roles whose standard value is its own key."""


@dataclass(frozen=True)
class Coded:
    """A column of keys.

    Attributes
    ----------
    codes
        int32 code of each record's key, -1 for none.
    keys
        The distinct keys by code.
    """

    codes: Codes
    keys: tuple[str, ...]

    @cached_property
    def counts(self) -> Ints:
        """Records of each key."""
        present = self.codes[self.codes >= 0]
        return np.bincount(present, minlength=len(self.keys)).astype(np.int64)

    @cached_property
    def filled(self) -> int:
        """Records that have a key."""
        return int(self.counts.sum())

    def derive(self, function: Callable[[str], str]) -> Coded:
        """Recode by a function of the key; ``""`` becomes none."""
        return recode(self.codes, [function(key) for key in self.keys])

    def without(self, drop: Bools) -> Coded:
        """Give the column with the keys marked in `drop` (by code) emptied."""
        keep = np.append(~drop, False)
        return Coded(np.where(keep[self.codes], self.codes, np.int32(-1)), self.keys)


def recode(codes: Codes, values: Sequence[str]) -> Coded:
    """Merge codes whose `values` are equal, ``""`` meaning none; keys in order of first code."""
    distinct: dict[str, int] = {}
    table = np.empty(len(values) + 1, np.int32)
    for code, value in enumerate(values):
        table[code] = distinct.setdefault(value, len(distinct)) if value else -1
    table[-1] = -1
    return Coded(table[codes], tuple(distinct))


def canonical_order(records: pa.Table, engine: Engine) -> Ints:
    """Order of the records by content: equal under any shuffling of equal records.

    A 64-bit hash of all the columns stands for the content; records with equal content keep
    their given order, which makes no difference to any result but their own indices.
    """
    if not records.num_rows or not records.num_columns:
        return np.arange(records.num_rows)
    columns = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}"' for name in records.column_names)
    hashed = engine.sql(f"SELECT hash({columns}) AS h FROM records", records=records)  # noqa: S608
    values = hashed.column("h").to_numpy()
    return np.argsort(values, kind="stable").astype(np.int64)


def encode(column: pa.ChunkedArray, role: str) -> Coded:
    """Code a column of standard values by their match keys."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return recode(codes, fold(encoded.dictionary, role))


def fold(distinct: pa.Array, role: str) -> list[str]:
    """Give the match key of each distinct standard value; ``""`` for none."""
    known = registry.roles().get(role)
    standardizer = known.standardizer if known else None
    if standardizer is not None and standardizer.key is not None:
        key = standardizer.key
        return [key(value) if value else "" for value in distinct.to_pylist()]
    folded = pc.utf8_trim_whitespace(pc.utf8_lower(distinct))
    if role not in OWN_KEY_ROLES:
        folded = pc.utf8_normalize(folded, form="NFKC")
        folded = pc.replace_substring_regex(folded, r"[\s'’`\-‐.・,]+", " ")
        folded = pc.utf8_trim_whitespace(folded)
    return [value or "" for value in folded.to_pylist()]


def by_role(roles: Mapping[str, str], columns: Sequence[str]) -> dict[str, list[str]]:
    """Group column names by role, in the order of the roles' names."""
    grouped: dict[str, list[str]] = {}
    for column in sorted(columns):
        if column in roles:
            grouped.setdefault(roles[column], []).append(column)
    return grouped


def signatures(keys: Sequence[str], width: int, words: int = 2) -> npt.NDArray[np.uint64]:
    """Hash each key's `width`-grams (edges padded) into bits: shape (keys + 1, words).

    The last row is empty, so that code -1 finds it. Shared bits count shared grams, which is
    how two strings are compared without touching either again.
    """
    bits = np.zeros((len(keys) + 1) * words, np.uint64)
    pad = "\x02" * (width - 1)
    text = "".join([pad + key + pad if key else "" for key in keys])
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    sizes = np.fromiter((len(key) + width - 1 if key else 0 for key in keys), np.int64, len(keys))
    full = np.where(sizes > 0, sizes + width - 1, 0)
    starts = np.cumsum(full) - full
    grams = points.copy()
    for shift in range(1, width):
        grams[:-shift] = grams[:-shift] * np.uint64(0x1F123BB5) + points[shift:]
    owner = np.repeat(np.arange(len(keys)), full)
    inside = np.arange(len(points)) - starts[owner] < sizes[owner]
    place = (grams[inside] * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    place %= np.uint64(64 * words)
    at = owner[inside] * words + (place >> np.uint64(6)).astype(np.int64)
    np.bitwise_or.at(bits, at, np.uint64(1) << (place & np.uint64(63)))
    return bits.reshape(-1, words)


def gram_similarity(
    signature: npt.NDArray[np.uint64], left: Codes, right: Codes
) -> npt.NDArray[np.float32]:
    """Dice coefficient of the gram sets of pairs of codes (0 where either has none)."""
    counts = np.bitwise_count(signature).sum(axis=1, dtype=np.uint16)
    a, b = signature[left], signature[right]
    shared = np.bitwise_count(a & b).sum(axis=1, dtype=np.uint16)
    total = np.maximum(counts[left] + counts[right], 1)
    likeness: npt.NDArray[np.float32] = (2.0 * shared / total).astype(np.float32)
    return likeness
