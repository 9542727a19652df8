"""Records that were corrected since the run before, and have no number to know them by.

Without a ``record_id`` a record is known by what it holds, so a corrected phone number makes it
another record. Here a record that is new is found to be an old one that is gone, where the two
differ in one thing alone (the name, the address, a phone …) and no other record would fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.cleanse.merge.codes import Bools, Ints, key_places, keys_of
from custseg.hashing import UInts, row_hashes

_THINGS: Final[tuple[tuple[str, ...], ...]] = (
    ("person_name", "family_name", "given_name", "kana", "family_kana", "given_kana"),
    ("postal_code", "address", "prefecture", "city", "town", "block", "street", "building"),
    ("birth_date",),
    ("gender",),
    ("phone",),
    ("email",),
    ("identifier",),
    ("company", "corporate_number"),
)
"""What is compared, by role; a correction may touch one of these."""

_NAME: Final = 0
_PROOF_OF_PERSON: Final = (2, 6)
"""Things without which another name is another person: birth date, identifier."""

_LEAST_EQUAL: Final = 2


def known_as(keys: UInts, records: pa.Table, roles: Mapping[str, str], previous: pa.Table) -> UInts:
    """Give the key under which each record was known in the run before.

    Parameters
    ----------
    keys
        Fingerprints of the records, shape (records, 2).
    records
        Their columns.
    roles
        Role by column.
    previous
        ``record_key`` and the columns of the earlier run's records, under the same names.

    Returns
    -------
    `keys`, with another key where a record is an old one, corrected.
    """
    old_keys, sound = keys_of(previous.column("record_key"))
    new = np.flatnonzero(~_among(keys, old_keys))
    gone = np.flatnonzero(~_among(old_keys, keys) & sound)
    known = keys.copy()
    if not (len(new) and len(gone)):
        return known
    groups = _groups(records, roles, previous)
    now = _Traces(records.take(pa.array(new)), groups)
    then = _Traces(previous.take(pa.array(gone)), groups)
    pairs = [now.matches(then, thing) for thing in groups]
    for one, other in _consistent(np.concatenate([np.empty((0, 2), np.int64), *pairs])):
        known[new[one]] = old_keys[gone[other]]
    return known


def _among(keys: UInts, others: UInts) -> Bools:
    order = np.lexsort((others[:, 1], others[:, 0]))
    return key_places(others[order], keys) >= 0


def _groups(
    records: pa.Table, roles: Mapping[str, str], previous: pa.Table
) -> dict[int, list[str]]:
    """Give the columns of each thing, of those that both tables have."""
    both = set(records.column_names) & set(previous.column_names)
    groups: dict[int, list[str]] = {}
    for thing, members in enumerate(_THINGS):
        columns = sorted(name for name, role in roles.items() if role in members and name in both)
        if columns:
            groups[thing] = columns
    return groups


class _Traces:
    """Hashes of each record without one thing, for each thing."""

    def __init__(self, table: pa.Table, groups: Mapping[int, Sequence[str]]) -> None:
        self._parts = {
            thing: row_hashes({name: table.column(name) for name in names}, table.num_rows)
            for thing, names in groups.items()
        }
        self._filled = {
            thing: np.any([table.column(name).is_valid().to_numpy() for name in names], axis=0)
            for thing, names in groups.items()
        }

    def matches(self, other: _Traces, thing: int) -> Ints:
        """Give the pairs that are equal but for one thing, and the only ones: shape (pairs, 2)."""
        mine, own = self._without(thing)
        theirs, their_own = other._without(thing)
        _, one, two = np.intersect1d(
            mine[:, 0], theirs[:, 0], assume_unique=True, return_indices=True
        )
        same = mine[one, 1] == theirs[two, 1]
        return np.column_stack([own[one[same]], their_own[two[same]]])

    def _without(self, thing: int) -> tuple[UInts, Ints]:
        """Give the traces that no two records share and that say enough, and their records."""
        rest = [each for each in self._parts if each != thing]
        enough = np.sum([self._filled[each] for each in rest], axis=0) >= _LEAST_EQUAL
        if thing == _NAME:
            proof = [self._filled[each] for each in rest if each in _PROOF_OF_PERSON]
            enough &= np.any(proof, axis=0) if proof else False
        rows = np.flatnonzero(np.broadcast_to(enough, len(self._parts[thing])))
        total = np.zeros((len(rows), 2), dtype=np.uint64)
        for each in rest:
            # A multiple of the thing's number keeps equal cells of two things apart.
            total += self._parts[each][rows] * np.uint64(2 * each + 3)
        _, first, counts = np.unique(total[:, 0], return_index=True, return_counts=True)
        single = first[counts == 1]
        return total[single], rows[single]


def _consistent(pairs: Ints) -> Ints:
    """Keep the pairs in which neither record has another partner."""
    pairs = np.unique(pairs, axis=0)
    alone = [np.bincount(side, minlength=1)[side] == 1 for side in pairs.T]
    kept: Ints = pairs[alone[0] & alone[1]]
    return kept
