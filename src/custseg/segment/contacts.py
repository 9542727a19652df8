"""One list a segment, with what it takes to reach its customers where they agreed to it.

A contact column is filled only where its customer permitted the channel. Who refused and
permitted nothing is left off; who said nothing stays, with an id and scores, unreachable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.consent import NO_ADDRESS, Permissions, base_name
from custseg.audience.states import NO_CONSENT
from custseg.segment.grouped import stable_order
from custseg.segment.summary import ListSummary

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int32]

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

    Only the places of its customers are held: the table itself is made whenever it is asked for.

    Attributes
    ----------
    summary
        What the list says of itself.
    scores, contacts
        Of all customers.
    rows, known
        Rows of `scores` of everybody in the segment, in the order of the list, and of
        `contacts`; -1 where nothing is known of them.
    left_out
        Who of them may not be contacted.
    """

    summary: ListSummary
    scores: pa.Table = field(repr=False)
    contacts: Contacts | None = field(repr=False)
    rows: Places = field(repr=False)
    known: Places | None = field(repr=False)
    left_out: Mask = field(repr=False)

    def __len__(self) -> int:
        return self.summary.customers

    @property
    def columns(self) -> list[str]:
        """Names of the columns of its table."""
        own, *others = self.scores.column_names
        return [own, *self.summary.contact, *others]

    @property
    def table(self) -> pa.Table:
        """``customer_id``, contact columns, and then the scores."""
        kept = ~self.left_out
        table = self.scores.take(pa.array(self.rows[kept]))
        if self.contacts is not None and self.known is not None:
            found = self.contacts.of(self.known[kept])
            for number, (name, column) in enumerate(found.items(), start=1):
                table = table.add_column(number, name, column)
        return table

    @property
    def members(self) -> pa.Array:
        """``customer_id`` of everybody in the segment, those who may not be contacted too."""
        return self.scores["customer_id"].take(pa.array(self.rows)).combine_chunks()


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contact columns by customer, with what is not permitted left empty.

    Attributes
    ----------
    ids
        ``customer_id``.
    columns
        Contact columns as customers have them, and whose may be shown; None shows everyone's.
        Without channels where nothing is known of anyone's consent.
    declined
        Who is left off every list.
    blanked
        Who declined a channel of which there was something to blank.
    silent
        Who could be reached, had they agreed to it.
    """

    ids: pa.ChunkedArray = field(repr=False)
    columns: Mapping[str, tuple[pa.ChunkedArray, Mask | None]] = field(repr=False)
    declined: Mask
    blanked: Mask
    silent: Mask

    @property
    def table(self) -> pa.Table:
        """``customer_id`` and what is permitted of the contact columns, for all customers."""
        return pa.table(
            {"customer_id": self.ids, **self.of(np.arange(len(self.ids), dtype=np.int32))}
        )

    def of(self, customers: Places) -> dict[str, pa.ChunkedArray]:
        """What is permitted of the contact columns of some customers; nothing of place -1."""
        nobody = customers < 0
        found = {}
        for name, (column, shown) in self.columns.items():
            hidden = nobody
            if shown is not None and len(shown):
                hidden = nobody | ~shown[customers]
            found[name] = column.take(pa.array(customers, mask=hidden))
        return found


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
    columns: dict[str, tuple[pa.ChunkedArray, Mask | None]] = {}
    for name in contact_columns(customers):
        channels = _CHANNELS_OF.get(base_name(name))
        if channels is None:
            columns[name] = customers[name], None
            continue
        filled = ~np.asarray(customers[name].is_null())
        reachable |= filled
        if not permitted.known:
            continue
        open_here, refused_here = _column(permitted, channels, name)
        blanked |= refused_here & filled
        columns[name] = customers[name], open_here & ~refused_here
    silent = reachable & ~is_open & ~declined
    return Contacts(customers["customer_id"], columns, declined, blanked & ~declined, silent)


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
        segment_of = np.asarray(
            pc.fill_null(pc.index_in(scores["segment"], value_set=pa.array(files)), len(files))
        )
        order = order[np.argsort(segment_of[order].astype(np.int16), kind="stable")]
        starts = np.searchsorted(segment_of[order], np.arange(len(files) + 1))
    ordered: Places = order.astype(np.int32)
    known = None if contacts is None else _places(scores["customer_id"], contacts.ids)
    lists = []
    for number, (segment, file) in enumerate(files.items()):
        if members is None:
            rows = ordered[starts[number] : starts[number + 1]]
        else:
            rows = ordered[members[segment][ordered]]
        if not len(rows):
            continue
        if contacts is None or known is None:
            declined = blanked = silent = np.zeros(len(rows), dtype=bool)
            own = None
        else:
            own = known[rows]
            declined, blanked, silent = (
                _marked(mask, own)
                for mask in (contacts.declined, contacts.blanked, contacts.silent)
            )
        summary = ListSummary(
            segment=segment,
            file=file,
            customers=int((~declined).sum()),
            declined=int(declined.sum()),
            blanked=int((blanked & ~declined).sum()),
            silent=int((silent & ~declined).sum()),
            contact=() if contacts is None else tuple(contacts.columns),
        )
        lists.append(ContactList(summary, scores, contacts, rows, own, declined))
    return lists


def _places(ids: pa.ChunkedArray, known: pa.ChunkedArray) -> Places:
    """Where customers are found among those who are known; -1 for the others."""
    place = pc.fill_null(pc.index_in(ids, value_set=known), -1)
    return np.asarray(place, dtype=np.int32)


def _marked(mask: Mask, places: Places) -> Mask:
    """Which of some places are marked; those of -1 are not."""
    return np.asarray((places >= 0) & mask[places]) if len(mask) else np.zeros(len(places), bool)


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
