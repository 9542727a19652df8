"""Columns as integer codes of distinct match keys, in an order that rows do not influence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.names import BARE
from custseg.cleanse.match.types import Bools, Codes, Ints
from custseg.engine import Engine
from custseg.fields import registry

KEY_ROLES = frozenset(
    {
        "family_name",
        "given_name",
        "person_name",
        "family_kana",
        "given_kana",
        "kana",
        "company",
    }
)
"""Roles folded by their standardizer; others have few forms left once they are standard."""
PIECE: Final = 1 << 15
"""Keys taken into characters at once, which take many times their room."""


@dataclass(frozen=True)
class Coded:
    """A column of keys.

    Attributes
    ----------
    codes
        int32 code of each record's key, -1 for none.
    keys
        The distinct keys by code: text without nulls.
    """

    codes: Codes
    keys: pa.StringArray

    @cached_property
    def texts(self) -> list[str]:
        """The keys as a list."""
        texts: list[str] = self.keys.to_pylist()
        return texts

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
        return self.replaced(pa.array([function(key) for key in self.texts], pa.string()))

    def replaced(self, keys: pa.StringArray) -> Coded:
        """Recode with other keys (by code), equal ones becoming one, ``""`` none."""
        encoded = pc.if_else(pc.equal(keys, ""), None, keys).dictionary_encode()
        table = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return Coded(np.append(table, -1).astype(np.int32)[self.codes], encoded.dictionary)

    def without(self, drop: Bools) -> Coded:
        """Give the column with the keys marked in `drop` (by code) emptied."""
        keep = np.append(~drop, False)
        return Coded(np.where(keep[self.codes], self.codes, np.int32(-1)), self.keys)


def no_keys(records: int) -> Coded:
    """Give a column without any key."""
    return Coded(np.full(records, -1, np.int32), pa.array([], pa.string()))


def distinct(values: Ints) -> Ints:
    """Sorted distinct values: a sort and a difference, faster than hashing."""
    ordered = np.sort(values)
    keep = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered[keep]


def group_starts(codes: npt.NDArray[Any]) -> Ints:
    """Give where each run of equal codes starts in a sorted array."""
    if not len(codes):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))


def contains(ordered: Ints, values: Ints) -> Bools:
    """Whether each value stands in the sorted array."""
    if not len(ordered):
        return np.zeros(len(values), np.bool_)
    found: Bools = ordered[np.searchsorted(ordered, values).clip(max=len(ordered) - 1)] == values
    return found


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


def encode(
    column: pa.ChunkedArray,
    role: str,
    order: Ints,
    part: Callable[[str], str] | None = None,
) -> Coded:
    """Code a column of standard values by their match keys.

    Parameters
    ----------
    column
        Text.
    role
        Its role, which says how it is folded.
    order
        Canonical order of the records: that of the codes, and of their numbering.
    part
        Takes the part of a value that is coded; ``""`` for none.
    """
    coded = _numbered(column, order)
    values = coded.keys
    if part is not None:
        values = pa.array([part(value) for value in values.to_pylist()], pa.string())
        coded = coded.replaced(values)
        values = coded.keys
    keys = fold(values, role)
    if keys.equals(values) and not pc.any(pc.equal(values, "")).as_py():
        return coded
    return coded.replaced(keys)


def _numbered(column: pa.ChunkedArray, order: Ints) -> Coded:
    """Number the values of a column in the order in which the records first have them."""
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)[order]
    place = np.arange(len(codes), dtype=np.int32)
    first = np.empty(len(encoded.dictionary) + 1, np.int32)
    # Where a code stands twice the last assignment holds: walked backwards, the first.
    first[codes[::-1]] = place[::-1]
    by_first = codes[(first[codes] == place) & (codes >= 0)]
    rank = np.full(len(first), -1, np.int32)
    rank[by_first] = np.arange(len(by_first), dtype=np.int32)
    return Coded(rank[codes], encoded.dictionary.take(pa.array(by_first)))


def fold(values: pa.StringArray, role: str) -> pa.StringArray:
    """Give the match key of each standard value; ``""`` for none."""
    known = registry.roles().get(role)
    standardizer = known.standardizer if known else None
    if role in KEY_ROLES and standardizer is not None and standardizer.key is not None:
        key = standardizer.key
        bare = BARE.get(role)
        if bare is not None:
            return pa.array(
                [key(bare(value)) if value else "" for value in values.to_pylist()], pa.string()
            )
        return pa.array([key(value) if value else "" for value in values.to_pylist()], pa.string())
    # Where there is nothing but ASCII, which most files are, this is ten times as fast.
    folded = pc.ascii_lower(values) if _is_ascii(values) else pc.utf8_lower(values)
    if role in KEY_ROLES:
        folded = pc.utf8_normalize(folded, form="NFKC")
        folded = pc.replace_substring_regex(folded, r"[\s'’`\-‐.・,]+", " ")
    return pc.utf8_trim_whitespace(folded)


def _is_ascii(values: pa.StringArray) -> bool:
    return bool(pc.all(pc.string_is_ascii(values)).as_py())


def by_role(roles: Mapping[str, str], columns: Sequence[str]) -> dict[str, list[str]]:
    """Group column names by role, in the order of the roles' names."""
    grouped: dict[str, list[str]] = {}
    for column in sorted(columns):
        if column in roles:
            grouped.setdefault(roles[column], []).append(column)
    return grouped


def code_points(keys: pa.StringArray) -> tuple[npt.NDArray[np.uint32], Ints]:
    """All characters of the keys, one key after another, and the length of each key."""
    plain = keys if not keys.offset else pa.concat_arrays([keys])
    start, data = plain.buffers()[1:]
    offsets = np.frombuffer(start, np.int32, len(keys) + 1)
    text = data.to_pybytes()[offsets[0] : offsets[-1]] if data is not None else b""
    points = np.frombuffer(text.decode().encode("utf-32-le"), np.uint32)
    return points, pc.utf8_length(keys).to_numpy(zero_copy_only=False).astype(np.int64)


class Grams:
    """The set of `width`-grams of each text, hashed into bits.

    Shared bits count shared grams, which is how texts are compared by the million without
    touching them again.

    Attributes
    ----------
    bits
        Shape (words, texts + 1); the last text is empty, so that code -1 finds it.
    size
        Bits set of each text.
    """

    def __init__(self, bits: npt.NDArray[np.uint64]) -> None:
        self.bits = np.ascontiguousarray(bits)
        self.size = sum(
            (np.bitwise_count(word) for word in self.bits),
            start=np.zeros(self.bits.shape[1], np.uint16),
        )

    @classmethod
    def of(cls, keys: pa.StringArray, width: int, words: int = 2) -> Grams:
        """Hash the grams of texts; the edges are padded."""
        return cls(signatures(keys, width, words).T)

    def likeness(self, left: Codes | Ints, right: Codes | Ints) -> npt.NDArray[np.float32]:
        """Dice coefficient of pairs of texts by number; 0 where either has no grams."""
        shared = np.zeros(len(left), np.uint16)
        for word in self.bits:
            shared += np.bitwise_count(word[left] & word[right])
        total = np.maximum(self.size[left] + self.size[right], np.uint16(1))
        likeness: npt.NDArray[np.float32] = (2.0 * shared / total).astype(np.float32)
        return likeness


def signatures(keys: pa.StringArray, width: int, words: int = 2) -> npt.NDArray[np.uint64]:
    """Hash each key's `width`-grams (edges padded) into bits: shape (keys + 1, words).

    The last row is empty, so that code -1 finds it. Shared bits count shared grams, which is
    how two strings are compared without touching either again.
    """
    bits = np.zeros((len(keys) + 1, words), np.uint64)
    for begin in range(0, len(keys), PIECE):
        some = keys.slice(begin, PIECE)
        _sign(bits[begin : begin + len(some)].reshape(-1), some, width, words)
    return bits


def _sign(bits: npt.NDArray[np.uint64], keys: pa.StringArray, width: int, words: int) -> None:
    """Set the bits of some keys."""
    if width > 1:
        pad = "\x02" * (width - 1)
        padded = pc.binary_join_element_wise(pad, keys, pad, "")
        keys = pc.if_else(pc.equal(keys, ""), "", padded)
    points, full = code_points(keys)
    starts = np.cumsum(full) - full
    grams = points.astype(np.uint64)
    for shift in range(1, width):
        grams[:-shift] = grams[:-shift] * np.uint64(0x1F123BB5) + points[shift:]
    owner = np.repeat(np.arange(len(full)), full)
    if width > 1:
        inside = np.ones(len(points), np.bool_)
        last = (starts + full)[full > 0]
        for shift in range(1, width):
            inside[last - shift] = False
        owner, grams = owner[inside], grams[inside]
    place = (grams * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    place %= np.uint64(64 * words)
    at = owner * words + (place >> np.uint64(6)).astype(np.int64)
    np.bitwise_or.at(bits, at, np.uint64(1) << (place & np.uint64(63)))


def common_codes(columns: Sequence[Coded]) -> list[Coded]:
    """Code several columns alike."""
    if len(columns) == 1:
        return list(columns)
    keys = pa.concat_arrays([column.keys for column in columns]).dictionary_encode()
    table = keys.indices.to_numpy(zero_copy_only=False)
    shared, begin = [], 0
    for column in columns:
        own = np.append(table[begin : begin + len(column.keys)], -1).astype(np.int32)
        shared.append(Coded(own[column.codes], keys.dictionary))
        begin += len(column.keys)
    return shared


def mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scatter integers over 64 bits (the finalizer of splitmix64)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
