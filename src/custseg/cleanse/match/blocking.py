"""Which pairs are worth comparing: keys chosen by what the file has and what they yield."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from custseg.cleanse.match.coding import distinct, group_starts, mixed
from custseg.cleanse.match.columns import Parts
from custseg.cleanse.match.prepare import Prepared
from custseg.cleanse.match.types import Codes, Ints, KeyPlan, Plan
from custseg.engine import Engine

Keys = npt.NDArray[np.uint64]

NONE: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
SMALL_FILE_PAIRS: Final = 2_500_000

KEYS: Final[tuple[tuple[str, ...], ...]] = (
    ("birth_date", "family prefix"),
    ("birth_date", "given prefix"),
    ("family prefix", "given prefix", "postal code"),
    ("house number", "street", "given initial"),
    ("both names", "postal prefix"),
    ("both names", "birth_year"),
    ("family reading", "given reading", "birth_year"),
    ("birth_date", "street"),
    ("house number", "postal code", "given initial"),
    ("both names",),
    ("family reading", "given reading"),
    ("birth_date", "postal prefix"),
    ("family", "given initial", "postal code"),
    ("given", "postal code"),
    ("house number", "street", "family prefix"),
    ("email local",),
    ("family prefix", "postal code", "street"),
    ("birth_date", "city"),
    ("family", "given prefix"),
    ("given", "family prefix"),
    ("family prefix", "given prefix", "birth_year"),
    ("family prefix", "postal code"),
    ("house number", "street"),
    ("family", "street"),
    ("given", "street"),
    ("family", "city"),
    ("given", "city"),
    ("birth_date",),
    ("family",),
)
"""Keys that hold in one person's records and seldom in two, the surest first."""

ENOUGH: Final = 0.95
"""Share of the budget from which no further key is tried."""
FEWEST_VALUES: Final = 50
"""Values below which a column without a known role does not divide a name's records."""
SMALL_FILE: Final = 100_000
"""Records up to which every three parts may be a key."""

SUBDIVIDE: Final = (
    "birth_date",
    "both names",
    "postal code",
    "house number",
    "given",
    "family",
    "street",
    "city",
)
"""Parts by which a block that is too large is divided, in this order."""


class Blocks(NamedTuple):
    """Records sorted by a key, those of one block together.

    Attributes
    ----------
    member
        Record of each place.
    start, size
        First place and number of records of each block of two or more.
    """

    member: Ints
    start: Ints
    size: Ints

    @property
    def pairs(self) -> int:
        """Pairs within the blocks."""
        return sum((self.size * (self.size - 1) // 2).tolist())


def candidate_keys(parts: Parts, records: int) -> list[tuple[str, ...]]:
    """Keys that these parts can make, the most telling first.

    Identifiers, phones and e-mails are keys by themselves. Columns without a known role make
    keys together with a name. In a small file every two parts may be a key.
    """
    known = {part for key in KEYS for part in key} | {"gender", "family initial"}
    known |= {further for part in parts for further in columns_of(parts, part)[1:]}
    single = [part for part in parts if part not in known and _telling(parts[part])]
    keys: list[tuple[str, ...]] = [(part,) for part in single]
    keys += [key for key in KEYS if all(part in parts for part in key)]
    other = [
        part
        for part in parts
        if part not in known and part not in single and parts[part].max(initial=-1) >= FEWEST_VALUES
    ]
    for part in other:
        for name in ("family", "given", "birth_date", "postal code", "both names"):
            if name in parts:
                keys.append((name, part))
    seen = {frozenset(key) for key in keys}
    wide = ("family prefix", "given prefix", "birth_year", "postal code", "street", "city", *other)
    if records > SMALL_FILE:
        return keys
    for key in combinations([part for part in wide if part in parts], 3):
        if frozenset(key) not in seen:
            keys.append(key)
    return keys


def _telling(codes: Codes | Ints) -> bool:
    """Whether a part's values are shared by few records on average."""
    filled = codes[codes >= 0]
    return bool(np.count_nonzero(np.bincount(filled)) * 4 > len(filled))


def key_of(parts: Parts, names: Sequence[str], nodes: Ints) -> Keys:
    """Hash the named parts of the given records into one key; :data:`NONE` where one is empty."""
    key = np.zeros(len(nodes), np.uint64)
    empty = np.zeros(len(nodes), np.bool_)
    for name in names:
        codes = parts[name][nodes]
        empty |= codes < 0
        key = mixed(key ^ codes.astype(np.uint64))
    key[empty] = NONE
    return key


def columns_of(parts: Parts, name: str) -> list[str]:
    """Names of the parts that hold the values of one role, such as a first and a second phone."""
    found = [name]
    while (further := f"{name} {len(found) + 1}") in parts:
        found.append(further)
    return found


def keyed(parts: Parts, names: Sequence[str], nodes: Ints) -> tuple[Keys, Ints]:
    """Keys and their records: a record with two phones stands under both."""
    key = key_of(parts, names, nodes)
    further = columns_of(parts, names[0])[1:] if len(names) == 1 else []
    if not further:
        return key, nodes
    keys = [key]
    for name in further:
        other = key_of(parts, (name,), nodes)
        for earlier in keys:
            other[other == earlier] = NONE
        keys.append(other)
    return np.concatenate(keys), np.tile(nodes, len(keys))


def share_key(parts: Parts, names: Sequence[str], left: int, right: int) -> bool:
    """Whether two records stand in one block of a key."""
    key, node = keyed(parts, names, np.array([left, right]))
    both = np.intersect1d(key[node == left], key[node == right])
    return bool((both != NONE).any())


def blocks_of(key: Keys, nodes: Ints) -> Blocks:
    """Bring the records of each key together."""
    at = np.flatnonzero(key != NONE)
    bits = max(len(nodes).bit_length(), 1)
    low = np.uint64((1 << bits) - 1)
    packs = np.sort((key[at] & ~low) | at.astype(np.uint64))
    place = (packs & low).astype(np.int64)
    top = packs >> np.uint64(bits)
    if not len(top):
        empty = np.empty(0, np.int64)
        return Blocks(empty, empty, empty)
    first = group_starts(top)
    size = np.diff(np.append(first, len(top)))
    shared = size > 1
    return Blocks(nodes[place], first[shared], size[shared])


def members_of(blocks: Blocks, which: Ints) -> tuple[Ints, Ints]:
    """Give the records of some blocks, and the number (0, 1, ...) of the block of each."""
    size = blocks.size[which]
    owner = np.repeat(np.arange(len(which)), size)
    offset = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    return blocks.member[blocks.start[which][owner] + offset], owner


def pairs_in(blocks: Blocks) -> Ints:
    """Every pair within the blocks, packed as left << 32 | right with left < right."""
    if not len(blocks.size):
        return np.empty(0, np.int64)
    member, owner = members_of(blocks, np.arange(len(blocks.size)))
    found = []
    alive = np.arange(len(member) - 1)
    step = 1
    while len(alive):
        alive = alive[alive + step < len(member)]
        alive = alive[owner[alive] == owner[alive + step]]
        a, b = member[alive], member[alive + step]
        found.append(np.minimum(a, b) << 32 | np.maximum(a, b))
        step += 1
    return np.concatenate(found)


def subdivided(
    parts: Parts, names: Sequence[str], blocks: Blocks, most: int
) -> tuple[list[Blocks], int, int]:
    """Divide blocks of more than `most` records by further parts.

    Returns
    -------
    blocks : list of Blocks
        None larger than `most`.
    skipped_blocks, skipped_records
        What could not be divided.
    """
    large = np.flatnonzero(blocks.size > most)
    small = blocks.size <= most
    kept = [Blocks(blocks.member, blocks.start[small], blocks.size[small])]
    if not len(large):
        return kept, 0, 0
    member, owner = members_of(blocks, large)
    for part in SUBDIVIDE:
        if part not in parts or part in names:
            continue
        divided = blocks_of(_and(owner, parts[part][member]), np.arange(len(member)))
        fits = divided.size <= most
        kept.append(Blocks(member[divided.member], divided.start[fits], divided.size[fits]))
        rest, block = members_of(divided, np.flatnonzero(~fits))
        member, owner = member[rest], block
        if not len(member):
            break
    # Records of one block stand together.
    return kept, len(group_starts(owner)), len(member)


def _and(owner: Ints, codes: Codes | Ints) -> Keys:
    key = mixed(mixed(owner.astype(np.uint64)) ^ codes.astype(np.uint64))
    key[codes < 0] = NONE
    return key


@dataclass(frozen=True, slots=True)
class _Key:
    """A key and the blocks it makes, none larger than allowed."""

    names: tuple[str, ...]
    plan: KeyPlan
    blocks: list[Blocks]
    whole: bool
    """Whether its blocks are as the key makes them, none divided."""


def find_pairs(
    prepared: Prepared,
    nodes: Ints,
    *,
    engine: Engine,
    max_block: int,
    pairs_per_record: int,
    join: bool = True,
) -> tuple[Ints, Plan]:
    """Choose keys within the budget and give the distinct pairs they make.

    Parameters
    ----------
    prepared
        The records.
    nodes
        Indices of the records to pair: one of each group of equal records.
    engine
        Its threads look at several keys at a time.
    max_block, pairs_per_record
        See :class:`~custseg.cleanse.match.types.MatchSettings`.
    join
        False for the plan alone.
    """
    budget = max(SMALL_FILE_PAIRS, pairs_per_record * len(nodes))
    used, left_out, found, total = [], [], [], 0
    covered: list[frozenset[str]] = []
    waiting = candidate_keys(prepared.parts, len(nodes))
    while waiting and total <= budget * ENOUGH:
        waiting = [names for names in waiting if not any(key < set(names) for key in covered)]
        now, waiting = waiting[: engine.threads], waiting[engine.threads :]
        tried = engine.map_threads(lambda names: _tried(prepared, names, nodes, max_block), now)
        chosen: list[Blocks] = []
        for key in tried:
            # What the keys before it have decided counts, though it was tried beside them.
            if total > budget * ENOUGH or any(each < set(key.names) for each in covered):
                continue
            if total + key.plan.pairs > budget:
                left_out.append(key.plan)
            elif key.plan.pairs:
                used.append(key.plan)
                total += key.plan.pairs
                chosen += key.blocks
                if key.whole:
                    covered.append(frozenset(key.names))
        if join:
            found += engine.map_threads(pairs_in, chosen)
    return _distinct_pairs(found), Plan(
        prepared.records, len(nodes), tuple(used), tuple(left_out), total
    )


def _tried(prepared: Prepared, names: tuple[str, ...], nodes: Ints, most: int) -> _Key:
    blocks = blocks_of(*keyed(prepared.parts, names, nodes))
    divided, skipped, records = subdivided(prepared.parts, names, blocks, most)
    pairs = sum(part.pairs for part in divided)
    largest = tuple(int(size) for size in np.sort(blocks.size)[::-1][:5])
    plan = KeyPlan(" + ".join(names), pairs, largest, skipped, records)
    return _Key(names, plan, divided, blocks.size.max(initial=0) <= most)


def _distinct_pairs(found: Sequence[Ints]) -> Ints:
    if not found:
        return np.empty(0, np.int64)
    return distinct(np.concatenate(found))


def unpack(packs: Ints) -> tuple[Ints, Ints]:
    """Left and right records of packed pairs."""
    return packs >> 32, packs & 0xFFFFFFFF
