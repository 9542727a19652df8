"""One list a segment, with what it takes to reach its customers, and without who declined.

A customer who declined contact altogether is left off; one who declined a channel stays on the
list without that channel's columns. A consent that cannot be read counts as a refusal, an
empty one does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

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
_REACHED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("email",),
    "phone": ("phone",),
    "sms": ("phone",),
    "dm": _POSTAL,
}
"""Columns that a channel's refusal empties."""

_CONTACT: Final = (*_NAMES, "email", "phone", *_POSTAL)
_NUMBERED: Final = re.compile(r"_\d+$")


@dataclass(frozen=True, slots=True)
class ContactList:
    """The customers of a segment who may be contacted, the highest in money first."""

    table: pa.Table
    summary: ListSummary


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contact columns by customer, refusals already applied.

    Attributes
    ----------
    table
        ``customer_id`` and the contact columns.
    declined
        Who is left off every list.
    blanked
        Who declined a channel of which there was something to blank.
    """

    table: pa.Table
    declined: Mask
    blanked: Mask


def contact_columns(customers: pa.Table) -> list[str]:
    """Columns by which a customer is addressed or reached, in the order of the table."""
    return [name for name in customers.column_names if _NUMBERED.sub("", name) in _CONTACT]


def read_contacts(customers: pa.Table) -> Contacts:
    """Take contact columns and consents from a table of customers.

    Parameters
    ----------
    customers
        ``customer_id``, columns named by role (a second one as ``phone_2``), and consents:
        ``consent`` for all channels, ``consent_email`` and the like for one.
    """
    none = np.zeros(len(customers), dtype=bool)
    declined, blanked = none.copy(), none.copy()
    refusals: dict[str, Mask] = {}
    for name in customers.column_names:
        base, _, channel = _NUMBERED.sub("", name).partition("_")
        if base == "consent":
            refused = _refused(customers[name])
            refusals[channel] = refusals.get(channel, none) | refused
    declined |= refusals.pop("", none)
    if refusals:
        declined |= np.logical_and.reduce(list(refusals.values()))
    columns = {name: customers[name] for name in contact_columns(customers)}
    for channel, refused in refusals.items():
        for name in columns:
            if _NUMBERED.sub("", name) in _REACHED_BY.get(channel, ()):
                filled = ~np.asarray(columns[name].is_null())
                blanked |= refused & filled
                columns[name] = pc.if_else(pa.array(refused), None, columns[name])
    table = pa.table({"customer_id": customers["customer_id"], **columns})
    return Contacts(table, declined, blanked & ~declined)


def contact_lists(
    scores: pa.Table,
    files: Mapping[str, str],
    contacts: Contacts | None,
    members: Mapping[str, Mask] | None = None,
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
    """
    order = pc.sort_indices(scores, [("monetary", "descending"), ("customer_id", "ascending")])
    scores = scores.take(order)
    declined = blanked = np.zeros(len(scores), dtype=bool)
    names: Sequence[str] = ()
    if contacts is not None:
        place = pc.index_in(scores["customer_id"], value_set=contacts.table["customer_id"])
        place = pa.chunked_array(place).combine_chunks() if place.num_chunks else place
        names = contacts.table.column_names[1:]
        found = np.asarray(place.is_valid())
        at = np.asarray(pc.fill_null(place, 0))
        if len(contacts.declined):
            declined, blanked = found & contacts.declined[at], found & contacts.blanked[at]
        for number, name in enumerate(names, start=1):
            scores = scores.add_column(number, name, contacts.table[name].take(place))
    lists = []
    segments = np.asarray(scores["segment"]) if members is None else np.empty(0)
    for segment, file in files.items():
        inside: Mask = (
            segments == segment if members is None else members[segment][np.asarray(order)]
        )
        kept = inside & ~declined
        if inside.any():
            lists.append(
                ContactList(
                    scores.filter(pa.array(kept)),
                    ListSummary(
                        segment=segment,
                        file=file,
                        customers=int(kept.sum()),
                        declined=int((inside & declined).sum()),
                        blanked=int((kept & blanked).sum()),
                        contact=tuple(names),
                    ),
                )
            )
    return lists


def _refused(consent: pa.ChunkedArray) -> Mask:
    return np.asarray(pc.fill_null(pc.not_equal(consent, "true"), False))
