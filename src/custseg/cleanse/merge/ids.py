"""Customer ids: made from content at first, then kept from run to run.

The smallest key of a cluster's records makes its id, so the same file gives the same ids in any
order. With the book of an earlier run a cluster keeps the id its records had: where customers
are merged the oldest id survives (tie: the largest, then the first in the book), where one is split
the largest part keeps it, and an id once retired is never given again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import group_starts
from custseg.cleanse.merge.codes import (
    Bools,
    Ints,
    key_order,
    key_places,
    key_texts,
    keys_of,
    short_texts,
)
from custseg.errors import InputError
from custseg.hashing import UInts, scattered

KEYS_SCHEMA: Final = pa.schema([("record_key", pa.string()), ("customer_id", pa.string())])
IDS_SCHEMA: Final = pa.schema(
    [
        ("customer_id", pa.string()),
        ("since", pa.int64()),
        ("status", pa.string()),
        ("successor", pa.string()),
    ]
)
HISTORY_SCHEMA: Final = pa.schema(
    [("old", pa.string()), ("new", pa.string()), ("event", pa.string()), ("run", pa.string())]
)

ACTIVE: Final = "active"
ABSENT: Final = "absent"
RETIRED: Final = "retired"

_LETTER: Final = "C"


@dataclass(frozen=True, slots=True)
class IdBook:
    """What has to be remembered so that ids stay.

    Attributes
    ----------
    keys
        Key and customer id (:data:`KEYS_SCHEMA`) of every record ever seen.
    ids
        Every id ever given (:data:`IDS_SCHEMA`): the number of the run that gave it, counted
        from 0; whether it is ``active``, ``absent`` (none of its records is in the latest
        run) or ``retired`` (merged into `successor`).
    """

    keys: pa.Table
    ids: pa.Table


@dataclass(frozen=True)
class CustomerIds:
    """Ids of one run.

    Attributes
    ----------
    coded
        Id of each record's customer, every id once in the dictionary.
    history
        What became of ids since the run before (:data:`HISTORY_SCHEMA`): ``new``, ``merged``
        (old is retired), ``split`` (new was cut off from old), ``moved`` (some records of old
        went to new), ``absent``, ``returned``.
        Empty without an earlier run.
    book
        What the next run needs.
    """

    coded: pa.DictionaryArray
    history: pa.Table
    book: IdBook

    @cached_property
    def customer_id(self) -> pa.Array:
        """Id of each record's customer as text."""
        return self.coded.dictionary_decode()


def assign_ids(
    keys: UInts,
    clusters: Ints,
    *,
    previous: IdBook | None = None,
    known_as: UInts | None = None,
    run: str = "",
) -> CustomerIds:
    """Give every cluster of records its customer id.

    Parameters
    ----------
    keys
        Fingerprints of the records, shape (records, 2).
    clusters
        Label of each record's cluster; only equality matters.
    previous
        The book of the run before; None for a first run.
    known_as
        The key that each record had there, where it may be another
        (:func:`custseg.cleanse.merge.corrections.known_as`).
    run
        Name of this run in the history.

    Raises
    ------
    InputError
        If `previous` is damaged.
    """
    order = key_order(keys)
    label = _by_first_appearance(clusters[order])
    # From here on records stand in the order of their keys, clusters in that of their least.
    count = int(label.max(initial=-1)) + 1
    least = keys[order][_firsts(label, count)]
    if previous is None:
        names = _fresh(least, pa.array([], pa.string()))
        history = HISTORY_SCHEMA.empty_table()
        book = _first_book(keys[order], label, names)
    else:
        past = _Past(previous)
        place = key_places(past.keys, (keys if known_as is None else known_as)[order])
        names, history, book = past.carry_on(keys[order], place, label, least, run)
    back = np.empty(len(order), dtype=np.int64)
    back[order] = label
    coded = pa.DictionaryArray.from_arrays(pa.array(back), names)
    return CustomerIds(coded, history, book)


def _by_first_appearance(labels: Ints) -> Ints:
    """Number labels 0, 1, … in the order in which they first stand."""
    numbers: Ints = pa.array(labels).dictionary_encode().indices.to_numpy().astype(np.int64)
    return numbers


def _firsts(codes: Ints, count: int) -> Ints:
    """Give the first position of each of the codes 0 … count - 1."""
    firsts = np.empty(count, dtype=np.int64)
    # Where an index stands twice the last assignment holds: walked backwards, the first.
    firsts[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return firsts


def _fresh(least: UInts, taken: pa.Array) -> pa.Array:
    """Make an id of each key; another one where it is taken or two keys give the same."""
    numbers = least[:, 0].copy()
    while True:
        names = short_texts(_LETTER, numbers)
        # The clusters stand in the order of their keys, so the first of equals is always the same.
        repeated = np.ones(len(names), dtype=np.bool_)
        repeated[np.unique(numbers >> np.uint64(4), return_index=True)[1]] = False
        clash = repeated | pc.is_in(names, value_set=taken).to_numpy(zero_copy_only=False)
        if not clash.any():
            return names
        numbers[clash] = scattered(numbers[clash] + least[clash, 1])


def _first_book(keys: UInts, label: Ints, names: pa.Array) -> IdBook:
    remembered = _key_table(keys, names.take(pa.array(label)))
    return IdBook(remembered, _new_ids(names, 0))


def _key_table(keys: UInts, names: pa.Array) -> pa.Table:
    return pa.table([key_texts(keys), names], schema=KEYS_SCHEMA)


def _new_ids(names: pa.Array, since: int) -> pa.Table:
    count = len(names)
    return pa.table(
        [
            names,
            pa.array(np.full(count, since, dtype=np.int64)),
            pa.array([ACTIVE]).take(pa.array(np.zeros(count, dtype=np.int64))),
            pa.nulls(count, pa.string()),
        ],
        schema=IDS_SCHEMA,
    )


class _Past:
    """The book of an earlier run, opened: ids as numbers in the order of the book."""

    def __init__(self, book: IdBook) -> None:
        self.ids = book.ids.select(IDS_SCHEMA.names).cast(IDS_SCHEMA)
        self.names = self.ids.column("customer_id").combine_chunks()
        self.since = self.ids.column("since").to_numpy()
        status = self.ids.column("status")
        self.retired = _is(status, RETIRED)
        self.absent = _is(status, ABSENT)
        owner = pc.index_in(book.keys.column("customer_id"), value_set=self.names)
        keys, sound = keys_of(book.keys.column("record_key"))
        if not sound.all() or owner.null_count:
            raise InputError("merge.book_damaged")
        numbers = owner.to_numpy()
        if self.retired[numbers].any():
            raise InputError("merge.book_damaged")
        order = key_order(keys)
        self.keys, self.owner = keys[order], numbers[order].astype(np.int64)
        self.sizes = np.bincount(self.owner, minlength=len(self.names))

    def carry_on(
        self, keys: UInts, place: Ints, label: Ints, least: UInts, run: str
    ) -> tuple[pa.Array, pa.Table, IdBook]:
        """Give the names of the clusters, what happened to ids, and the next book.

        `place` is where each record stands among the keys of the book, -1 for nowhere.
        """
        known = place >= 0
        parts = _parts(self.owner[place[known]], label[known], len(least))
        target = parts.largest_cluster(len(self.names))
        survivor = self._survivors(target, len(least))
        fresh = np.flatnonzero(survivor < 0)
        names = _chosen(self.names, survivor, _fresh(least[fresh], self.names))
        gone = np.ones(len(self.keys), dtype=np.bool_)
        gone[place[known]] = False
        history = self._history(parts, target, survivor, names, run)
        book = self._next_book(target, survivor, names, keys, label, gone)
        return names, history, book

    def _survivors(self, target: Ints, count: int) -> Ints:
        """Give the id that each cluster keeps, -1 for none: the oldest, then the largest."""
        present = np.flatnonzero(target >= 0)
        order = present[np.lexsort((-self.sizes[present], self.since[present], target[present]))]
        first = order[group_starts(target[order])]
        survivor = np.full(count, -1, dtype=np.int64)
        survivor[target[first]] = first
        return survivor

    def _history(
        self, parts: _Parts, target: Ints, survivor: Ints, names: pa.Array, run: str
    ) -> pa.Table:
        present = target >= 0
        lost = np.flatnonzero(present)
        lost = lost[survivor[target[lost]] != lost]
        away = parts.take(target[parts.old] != parts.cluster)
        cut = survivor[away.cluster] < 0
        untouched = np.setdiff1d(np.flatnonzero(survivor < 0), parts.cluster)
        gone = np.flatnonzero(~present & ~self.absent & ~self.retired)
        back = np.flatnonzero(present & self.absent)
        back = back[survivor[target[back]] == back]
        nothing = np.full(max(len(gone), len(untouched)), -1, dtype=np.int64)
        events = [
            self._events("merged", lost, target[lost], names),
            self._events("split", away.old[cut], away.cluster[cut], names),
            self._events("moved", away.old[~cut], away.cluster[~cut], names),
            self._events("new", nothing[: len(untouched)], untouched, names),
            self._events("absent", gone, nothing[: len(gone)], names),
            self._events("returned", back, target[back], names),
        ]
        found = pa.concat_tables(events)
        column = pa.array([run], pa.string()).take(pa.array(np.zeros(found.num_rows, np.int64)))
        return found.append_column("run", column).sort_by(
            [("event", "ascending"), ("old", "ascending"), ("new", "ascending")]
        )

    def _events(self, event: str, old: Ints, cluster: Ints, names: pa.Array) -> pa.Table:
        return pa.table(
            {
                "old": self.names.take(pa.array(old, mask=old < 0)),
                "new": names.take(pa.array(cluster, mask=cluster < 0)),
                "event": pa.array([event]).take(pa.array(np.zeros(len(old), dtype=np.int64))),
            }
        )

    def _next_book(
        self,
        target: Ints,
        survivor: Ints,
        names: pa.Array,
        keys: UInts,
        label: Ints,
        gone: Bools,
    ) -> IdBook:
        present = target >= 0
        stays = present.copy()
        stays[present] = survivor[target[present]] == np.flatnonzero(present)
        lost = present & ~stays
        successor = pc.if_else(
            pa.array(lost),
            names.take(pa.array(target, mask=~lost)),
            self.ids.column("successor").combine_chunks(),
        )
        code = np.where(self.retired | lost, 2, np.where(stays, 0, 1))
        kept = pa.table(
            [
                self.names,
                self.ids.column("since"),
                pa.array([ACTIVE, ABSENT, RETIRED]).take(pa.array(code)),
                successor,
            ],
            schema=IDS_SCHEMA,
        )
        fresh = names.take(pa.array(np.flatnonzero(survivor < 0)))
        added = _new_ids(fresh, int(self.since.max(initial=-1)) + 1)
        now = pc.if_else(pa.array(lost), successor, self.names).take(pa.array(self.owner[gone]))
        remembered = pa.concat_tables(
            [_key_table(keys, names.take(pa.array(label))), _key_table(self.keys[gone], now)]
        )
        return IdBook(remembered, pa.concat_tables([kept, added]))


@dataclass(frozen=True, slots=True)
class _Parts:
    """How many records of an old id went to a cluster, one entry a pair that shares any."""

    old: Ints
    cluster: Ints
    records: Ints

    def take(self, mask: Bools) -> _Parts:
        return _Parts(self.old[mask], self.cluster[mask], self.records[mask])

    def largest_cluster(self, count: int) -> Ints:
        """Give the cluster with most records of each of `count` old ids, -1 for none."""
        order = np.lexsort((self.cluster, -self.records, self.old))
        first = order[group_starts(self.old[order])]
        target = np.full(count, -1, dtype=np.int64)
        target[self.old[first]] = self.cluster[first]
        return target


def _parts(old: Ints, cluster: Ints, clusters: int) -> _Parts:
    pairs, records = np.unique(old * clusters + cluster, return_counts=True)
    return _Parts(pairs // max(clusters, 1), pairs % max(clusters, 1), records)


def _chosen(old: pa.Array, survivor: Ints, fresh: pa.Array) -> pa.Array:
    """Give each cluster its surviving old name, or the next fresh one."""
    number = np.where(survivor >= 0, survivor, len(old) + np.cumsum(survivor < 0) - 1)
    return pa.concat_arrays([old, fresh]).take(pa.array(number))


def _is(column: pa.ChunkedArray, word: str) -> Bools:
    mask: Bools = pc.equal(column, word).to_numpy()
    return mask
