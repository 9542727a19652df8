"""One list a segment, with what it takes to reach its customers where they agreed to it.

A contact column is filled only where its customer permitted the channel. Who refused and
permitted nothing is left off; who said nothing stays, with an id and scores, unreachable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.consent import NO_ADDRESS, Permissions, base_name
from custseg.audience.states import NO_CONSENT
from custseg.segment.grouped import stable_order
from custseg.segment.summary import ListSummary

Mask = npt.NDArray[np.bool_]

_NAMES: Final = (
    *("person_name", "family_name", "given_name", "kana", "family_kana", "given_kana"),
    "company",
)
_POSTAL: Final = (
    *("postal_code", "address", "prefecture", "city", "town", "block", "street", "building"),
    "country",
)
_CHANNELS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("email",),
    "phone": ("sms", "phone"),
    **dict.fromkeys(_POSTAL, ("dm",)),
}
"""Channels by which a column reaches a person: one must be open, and none refused."""

CHANNELS: Final = ("email", "sms", "phone", "dm")
"""What has to be known for the lists."""


@dataclass(frozen=True, slots=True)
class ContactList:
    """The customers of a segment who may be contacted, the highest in money first.

    Attributes
    ----------
    members
        ``customer_id`` of everybody in the segment, those who may not be contacted too.
    """

    table: pa.Table
    summary: ListSummary
    members: pa.Array


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contact columns by customer, with what is not permitted left empty.

    Attributes
    ----------
    table
        ``customer_id`` and the contact columns; without channels where nothing is known of
        anyone's consent.
    declined
        Who is left off every list.
    blanked
        Who declined a channel of which there was something to blank.
    silent
        Who could be reached, had they agreed to it.
    """

    table: pa.Table
    declined: Mask
    blanked: Mask
    silent: Mask


def contact_columns(customers: pa.Table) -> list[str]:
    """Columns by which a customer is addressed or reached, in the order of the table."""
    known = {*_NAMES, *_CHANNELS_OF}
    return [name for name in customers.column_names if base_name(name) in known]


def read_contacts(customers: pa.Table, permitted: Permissions) -> Contacts:
    """Take contact columns from a table of customers, as far as they permitted.

    Parameters
    ----------
    customers
        ``customer_id`` and columns named by role (a second one as ``phone_2``).
    permitted
        For these customers in this order, and at least the channels of :data:`CHANNELS`.
    """
    count = len(customers)
    is_open = np.zeros(count, dtype=bool)
    refused = np.zeros(count, dtype=bool)
    for reason in (permitted.reasons[each] for each in CHANNELS):
        is_open |= np.asarray(reason.is_null())
        said = pc.is_in(reason, value_set=pa.array([NO_CONSENT, NO_ADDRESS, None]))
        refused |= ~np.asarray(said)
    declined = refused & ~is_open
    blanked = np.zeros(count, dtype=bool)
    reachable = np.zeros(count, dtype=bool)
    columns: dict[str, pa.ChunkedArray] = {}
    for name in contact_columns(customers):
        channels = _CHANNELS_OF.get(base_name(name))
        if channels is None:
            columns[name] = customers[name]
            continue
        filled = ~np.asarray(customers[name].is_null())
        reachable |= filled
        if not permitted.known:
            continue
        open_here, refused_here = _column(permitted, channels, name)
        blanked |= refused_here & filled
        columns[name] = pc.if_else(pa.array(open_here & ~refused_here), customers[name], None)
    table = pa.table({"customer_id": customers["customer_id"], **columns})
    silent = reachable & ~is_open & ~declined
    return Contacts(table, declined, blanked & ~declined, silent)


def _column(permitted: Permissions, channels: Sequence[str], name: str) -> tuple[Mask, Mask]:
    """Tell where a column is open by one of its channels, and where one is refused."""
    if channels == ("dm",):
        reason = permitted.reasons["dm"]
        is_open = np.asarray(reason.is_null())
        silent = np.asarray(pc.fill_null(pc.equal(reason, NO_CONSENT), False))
        return is_open, ~is_open & ~silent
    marks = [permitted.columns[channel, name] for channel in channels]
    opened = np.logical_or.reduce([mark > 0 for mark in marks])
    refused = np.logical_or.reduce([mark < 0 for mark in marks])
    return opened, refused


BY_MONEY: Final = (("monetary", "descending"),)
"""The order of a list: the highest in money first."""


def contact_lists(
    scores: pa.Table,
    files: Mapping[str, str],
    contacts: Contacts | None,
    members: Mapping[str, Mask] | None = None,
    first: Sequence[tuple[str, str]] = BY_MONEY,
) -> list[ContactList]:
    """Make the list of each segment that has customers.

    Parameters
    ----------
    scores
        With ``customer_id``, ``segment`` and ``monetary``.
    files
        Segment → name of its file, in the order of the lists.
    contacts
        None makes lists of scores alone.
    members
        Who belongs to a segment, by customer of `scores`; without, its column ``segment`` says.
    first
        Columns by which a list is sorted, and how; of equal ones the lower id comes first.
    """
    order = _sorted(scores, first)
    starts = np.zeros(0, dtype=np.int64)
    if members is None:
        # Each list lies together, so that it is a slice, not a filter of all customers.
        known = np.asarray(
            pc.fill_null(pc.index_in(scores["segment"], value_set=pa.array(files)), len(files))
        )
        order = order[np.argsort(known[order].astype(np.int16), kind="stable")]
        starts = np.searchsorted(known[order], np.arange(len(files) + 1))
    scores = scores.take(pa.array(order))
    declined = blanked = silent = np.zeros(len(scores), dtype=bool)
    names: Sequence[str] = ()
    if contacts is not None:
        place = pc.index_in(scores["customer_id"], value_set=contacts.table["customer_id"])
        place = pa.chunked_array(place).combine_chunks() if place.num_chunks else place
        names = contacts.table.column_names[1:]
        found = np.asarray(place.is_valid())
        at = np.asarray(pc.fill_null(place, 0))
        if len(contacts.declined):
            declined, blanked = found & contacts.declined[at], found & contacts.blanked[at]
            silent = found & contacts.silent[at]
        for number, name in enumerate(names, start=1):
            scores = scores.add_column(number, name, contacts.table[name].take(place))
    lists = []
    for number, (segment, file) in enumerate(files.items()):
        if members is None:
            places: Any = slice(starts[number], starts[number + 1])
        else:
            places = np.flatnonzero(members[segment][order])
        left_out = declined[places]
        if len(left_out):
            mine = scores[places] if members is None else scores.take(pa.array(places))
            lists.append(
                ContactList(
                    mine.filter(pa.array(~left_out)) if left_out.any() else mine,
                    ListSummary(
                        segment=segment,
                        file=file,
                        customers=int((~left_out).sum()),
                        declined=int(left_out.sum()),
                        blanked=int((blanked[places] & ~left_out).sum()),
                        silent=int((silent[places] & ~left_out).sum()),
                        contact=tuple(names),
                    ),
                    mine["customer_id"].combine_chunks(),
                )
            )
    return lists


def _sorted(scores: pa.Table, first: Sequence[tuple[str, str]]) -> npt.NDArray[np.int64]:
    """Places of customers in the order of a list."""
    if first == BY_MONEY and (cents := _cents(scores["monetary"])) is not None:
        # Scores stand by id, so that a stable sort leaves the lower id first.
        return np.asarray(stable_order([cents.max(initial=0) - cents]))
    return np.asarray(pc.sort_indices(scores, [*first, ("customer_id", "ascending")])).astype(
        np.int64
    )


def _cents(money: pa.ChunkedArray) -> npt.NDArray[np.int64] | None:
    """Decimals as whole numbers of their last place; None where they are too large, or null."""
    if not pa.types.is_decimal128(money.type) or money.null_count:
        return None
    whole = pa.concat_arrays(money.chunks)
    low, high = np.frombuffer(whole.buffers()[1], dtype="<i8").reshape(-1, 2).T
    mine = slice(whole.offset, whole.offset + len(whole))
    return low[mine] if (high[mine] == low[mine] >> 63).all() else None
