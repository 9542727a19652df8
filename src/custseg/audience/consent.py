"""Who may be reached by which channel: the gate that every file with contact data passes.

State is kept per identifier and channel; the latest event wins, at equal times the refusal.
What stands on a record (its columns of consent, events about its ids or about an address of
another kind) holds for the addresses on that record. Without a permission there is none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.identifiers import emails, ids, loosest_emails, phones
from custseg.audience.ledger import (
    CHANNELS,
    DO_NOT_SHARE,
    FOR_GOOD,
    KIND_OF,
    NEVER,
    PERSON_LEVEL,
    UNKNOWN,
    WITHDRAWN,
    consent_word,
    opt_out_word,
)
from custseg.audience.states import NO_CONSENT, Resolver, hear
from custseg.cleanse.standardize.distinct import distinct
from custseg.engine import Engine
from custseg.fields.consent_channels import with_channel
from custseg.fields.headers import header_matches

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.int8]

NO_ADDRESS: Final = "no_address"

_OF_A_RUN: Final = re.compile("(?:consent|opt_out)(?:_[a-z][a-z0-9_]*)?")

_TRUSTED: Final = 0.8
"""Least score of a header that is believed to be a request not to."""

NUMBERED: Final = re.compile(r"_\d+$")
"""The number of a column where a role has several."""

_GENERAL: Final = ("email", "sms", "phone", "dm", "line")
"""Channels that a consent without a channel permits: to be contacted is not to be advertised
to by others."""

_COLUMNS_OF: Final[Mapping[str, frozenset[str]]] = {
    "email": frozenset({"email"}),
    "phone": frozenset({"phone"}),
    "line": frozenset({"line_user_id", "line_id"}),
    "id": frozenset({"customer_id", "record_id", "identifier"}),
}

_CHANGED: Final = "updated_at"

_LAST: Final = 1 << 20
"""The place of what a record has: behind all that its customer has."""

_FOUND: Final = pa.schema(
    [
        ("customer", pa.int64()),
        ("record", pa.int64()),
        ("kind", pa.string()),
        ("place", pa.int64()),
        ("strict", pa.string()),
        ("loose", pa.string()),
    ]
)

_RECORD_EVENTS: Final = pa.schema(
    [
        ("record", pa.int64()),
        ("channel", pa.string()),
        ("moment", pa.int64()),
        ("granted", pa.bool_()),
        ("why", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Permissions:
    """Who may be reached, and why others may not.

    Attributes
    ----------
    customers
        Customers in the order of the table they were asked for.
    addresses
        Channel → for each customer the address to use; null for none. Only channels that
        reach an address.
    reasons
        Channel → for each customer why not; null where the channel is open.
    columns
        Channel and column (``("email", "email_2")``) → for each customer what the address in
        that column is: 1 open, -1 refused, 0 without a word.
    known
        Whether there was any information about consent at all.
    unknown_words
        Cells of consent columns that could not be read: each a refusal.
    """

    addresses: Mapping[str, pa.Array]
    reasons: Mapping[str, pa.Array]
    columns: Mapping[tuple[str, str], Marks]
    known: bool
    unknown_words: int

    def allowed(self, channel: str) -> Mask:
        """Tell for each customer whether the channel is open."""
        mask: Mask = self.reasons[channel].is_null().to_numpy(zero_copy_only=False)
        return mask


def base_name(column: str) -> str:
    """Give a column's name without the number of a further value."""
    return NUMBERED.sub("", column)


def consent_columns(table: pa.Table, *, by_header: bool = False) -> dict[str, str]:
    """Columns that say what a person agreed to, or asked not to be done.

    Parameters
    ----------
    table
        Customers or records.
    by_header
        Whether a column counts as a request not to by any header that means so (配信停止,
        unsubscribed), not only by the name that a clean run gives it.

    Returns
    -------
    dict
        Column → ``"consent"``, ``"opt_out"``, each perhaps with ``"_CHANNEL"``, or
        :data:`DO_NOT_SHARE`.
    """
    found = {}
    for name in table.column_names:
        base = base_name(name)
        if _OF_A_RUN.fullmatch(base) or base == DO_NOT_SHARE:
            found[name] = base
        elif by_header and _asks_not_to(name):
            found[name] = with_channel("opt_out", name).replace(":", "_")
    return found


def deciding_columns(records: pa.Table) -> list[str]:
    """Columns of records that :func:`permissions` looks at."""
    identifiers = {name for kind in _COLUMNS_OF for name in _columns(records, kind)}
    wanted = {*identifiers, *consent_columns(records), _CHANGED}
    return [name for name in records.column_names if name in wanted]


def _asks_not_to(header: str) -> bool:
    match = header_matches(header).get("opt_out")
    return match is not None and match.score >= _TRUSTED


def permissions(
    customers: pa.Table,
    records: pa.Table | None,
    events: pa.Table,
    *,
    country: str,
    engine: Engine,
    channels: Sequence[str] = CHANNELS,
    known: bool = True,
) -> Permissions:
    """Decide for each customer and each of `channels`.

    Parameters
    ----------
    customers
        ``customer_id`` and address columns, the one to prefer first (``email``, ``email_2``).
    records
        The records that were merged into them, with ``customer_id``, their own ids and
        addresses and their own consents; None where each customer is one record.
    events
        By :data:`custseg.audience.ledger.EVENTS`.
    country
        To read phone numbers by.
    known
        Whether a ledger was given, even an empty one.
    """
    owner = np.arange(len(customers))
    # Of events alone it is asked whom else an id or an address may mean.
    reach = {KIND_OF[each] for each in channels if each not in PERSON_LEVEL}
    read = _Identifiers(
        engine, country, set(_COLUMNS_OF) if len(events) else reach, len(events) > 0
    )
    tables = [_FOUND.empty_table(), *read.of(customers, owner, 0)]
    # What the records say is not said again by the customer they were merged into.
    repeated = {} if records is None else consent_columns(records)
    said = consent_columns(customers, by_header=records is None)
    alone = {name: base for name, base in said.items() if name not in repeated}
    heard, unknown = _record_events(customers, alone)
    if records is not None:
        first = len(customers)
        of_records, more = _record_events(records, repeated)
        places = pc.add(of_records["record"], first)
        heard = pa.concat_tables([heard, of_records.set_column(0, "record", places)])
        unknown += more
        owners = _owners(customers["customer_id"], records["customer_id"])
        tables += read.of(records, owners, first)
        owner = np.concatenate([owner, owners])
    found = pa.concat_tables(tables)
    del tables
    resolver = Resolver(engine, found, hear(engine, found, events), heard, owner)
    addresses: dict[str, pa.Array] = {}
    reasons: dict[str, pa.Array] = {}
    columns: dict[tuple[str, str], Marks] = {}
    count = len(customers)
    for channel in channels:
        if channel in PERSON_LEVEL:
            reasons[channel] = resolver.persons(channel, count)
            continue
        states = resolver.addresses(channel)
        addresses[channel], reasons[channel] = _best(states, count)
        for place, name in enumerate(_columns(customers, KIND_OF[channel])):
            columns[channel, name] = _marks(states, place, count)
    if "ads" in channels:
        unshared = pc.fill_null(resolver.persons(DO_NOT_SHARE, count), NO_CONSENT)
        asked = pc.invert(pc.equal(unshared, NO_CONSENT))
        reasons["ads"] = pc.if_else(asked, DO_NOT_SHARE, reasons["ads"])
    informed = known or bool(alone or repeated)
    return Permissions(addresses, reasons, columns, informed, unknown)


def _owners(customers: pa.ChunkedArray, of: pa.ChunkedArray) -> Ints:
    """Give each record the place of its customer, -1 for one that is not asked for."""
    place = pc.index_in(of.combine_chunks(), value_set=customers.combine_chunks())
    owners: Ints = pc.fill_null(place, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return owners


def _columns(table: pa.Table, kind: str) -> list[str]:
    return [name for name in table.column_names if base_name(name) in _COLUMNS_OF[kind]]


@dataclass(frozen=True, slots=True)
class _Identifiers:
    """Reads identifiers of some kinds; `loosely` also in the form that refusals are heard by."""

    engine: Engine
    country: str
    kinds: Container[str]
    loosely: bool

    def of(self, table: pa.Table, owner: Ints, first: int) -> list[pa.Table]:
        """List the identifiers on the rows of a table, each with its place among its kind."""
        return [
            self._column(kind, table[name], owner, first, place if first == 0 else _LAST)
            for kind in _COLUMNS_OF
            if kind in self.kinds
            for place, name in enumerate(_columns(table, kind))
        ]

    def _column(
        self, kind: str, column: pa.ChunkedArray, owner: Ints, first: int, place: int
    ) -> pa.Table:
        # Nothing to be read twice: distinct cells first.
        found = distinct(pa.chunked_array([column.combine_chunks()]), [])
        strict = {
            "email": lambda cells: emails(cells),
            "phone": lambda cells: phones(cells, self.country, self.engine),
        }.get(kind, ids)(found.values)
        loose = loosest_emails(strict) if kind == "email" and self.loosely else strict
        known = np.append(np.asarray(strict.is_valid()), False)
        rows = np.flatnonzero(known[found.codes] & (owner >= 0))
        codes = pa.array(found.codes[rows])
        taken = strict.take(codes)
        nothing = pa.array(np.zeros(len(rows), np.int8))
        return pa.table(
            {
                "customer": pa.array(owner[rows]),
                "record": pa.array(rows + first),
                "kind": pa.array([kind]).take(nothing),
                "place": pa.array(np.full(len(rows), place)),
                "strict": taken,
                "loose": taken if loose is strict else loose.take(codes),
            },
            schema=_FOUND,
        )


def _record_events(table: pa.Table, columns: Mapping[str, str]) -> tuple[pa.Table, int]:
    """Read columns of consent as events about their rows; count the words not understood.

    A permission has no date (the row may have changed since for another reason); a refusal
    has that of the row's last change, where there is one: it cannot be later.
    """
    parts = [_RECORD_EVENTS.empty_table()]
    unknown = 0
    changed = _changed(table)
    for name, base in columns.items():
        encoded = pc.fill_null(table[name], "").combine_chunks().dictionary_encode()
        read = opt_out_word if base.startswith("opt_out") else consent_word
        words = pa.array([read(word) for word in encoded.dictionary.to_pylist()], pa.string())
        word = words.take(encoded.indices)
        strange = np.asarray(pc.equal(word, "unknown"))
        yes, no = np.asarray(pc.equal(word, "true")), np.asarray(pc.equal(word, "false"))
        unknown += int(strange.sum())
        if base.startswith("consent"):
            granted, refused, why = yes, no | strange, WITHDRAWN
        else:  # a request not to: its absence permits nothing
            granted, refused, why = np.zeros_like(yes), yes | strange, WITHDRAWN
        for channel, permits in _said_of(base):
            kept = (granted & permits) | refused
            rows = np.flatnonzero(kept)
            reason = np.where(strange[rows], UNKNOWN, why)
            if channel == DO_NOT_SHARE:
                reason = np.full(len(rows), DO_NOT_SHARE)
            parts.append(
                pa.table(
                    {
                        "record": rows,
                        "channel": pa.array([channel]).take(
                            pa.array(np.zeros(len(rows), np.int64))
                        ),
                        "moment": np.where(granted[rows], NEVER, changed[rows]),
                        "granted": granted[rows],
                        "why": pa.array(reason.tolist(), pa.string()),
                    },
                    schema=_RECORD_EVENTS,
                )
            )
    return pa.concat_tables(parts), unknown


def _said_of(base: str) -> Sequence[tuple[str, bool]]:
    """Channels that a column speaks of, and whether a yes in it permits them."""
    if base == DO_NOT_SHARE:
        return [(DO_NOT_SHARE, False)]
    word, _, channel = base.removeprefix("opt_").partition("_")
    if not channel:
        return [(each, word == "consent" and each in _GENERAL) for each in CHANNELS]
    if channel == "third_party":
        return [(DO_NOT_SHARE, False)]
    return [(channel, True)] if channel in CHANNELS else []


def _changed(table: pa.Table) -> Ints:
    """Give the end of the day of each row's last change, in seconds; for good where unknown."""
    if _CHANGED not in table.column_names:
        return np.full(len(table), FOR_GOOD)
    encoded = pc.fill_null(table[_CHANGED], "").combine_chunks().dictionary_encode()
    read = [_end_of(text) for text in encoded.dictionary.to_pylist()]
    ends: Ints = np.asarray(read, dtype=np.int64)
    found: Ints = ends[encoded.indices.to_numpy(zero_copy_only=False)]
    return found


def _end_of(text: str) -> int:
    try:
        day = datetime.fromisoformat(text[:10]).date()
    except ValueError:
        return FOR_GOOD
    return (day.toordinal() - 719_162) * 86_400 - 1


def _best(states: pa.Table, count: int) -> tuple[pa.Array, pa.Array]:
    """Choose each customer's first open address; why there is none."""
    customer = states["customer"].to_numpy()
    is_open = states["reason"].is_null().to_numpy()
    first = _first_of(customer[is_open], count)
    opened = states.filter(pa.array(is_open))
    address = opened["strict"].combine_chunks().take(pa.array(first, mask=first < 0))
    any_first = _first_of(customer, count)
    reason = pc.fill_null(
        states["reason"].combine_chunks().take(pa.array(any_first, mask=any_first < 0)), NO_ADDRESS
    )
    return address, pc.if_else(pc.is_valid(address), pa.scalar(None, pa.string()), reason)


def _first_of(sorted_owners: Ints, count: int) -> Ints:
    """Give for each owner the first place it stands at, -1 for none."""
    first = np.full(count, -1, dtype=np.int64)
    first[sorted_owners[::-1]] = np.arange(len(sorted_owners) - 1, -1, -1)
    return first


def _marks(states: pa.Table, place: int, count: int) -> Marks:
    """Tell whether the address in the column at `place` is open or refused."""
    marks = np.zeros(count, dtype=np.int8)
    here = states.filter(pc.field("place") == place)
    reason = here["reason"]
    silent = np.asarray(pc.fill_null(pc.equal(reason, NO_CONSENT), False))
    said = np.where(np.asarray(reason.is_null()), 1, -1)
    marks[here["customer"].to_numpy()] = np.where(silent, 0, said)
    return marks
