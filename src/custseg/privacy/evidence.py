"""By what a record is known to be a person's: pieces of evidence, as text to be keyed.

An e-mail address alone is evidence, unless somebody else uses it too. A phone number may be a
household's, so it counts with the name, or alone where a record has no name. A name with the
birth date counts; with the postal code only where a record says nothing better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.identifiers import emails, loosest_emails
from custseg.cleanse.merge.records import source_labels
from custseg.cleanse.standardize.nulls import nfkc

EVIDENCE: Final = pa.schema([("record", pa.int64()), ("kind", pa.string()), ("text", pa.string())])
"""A piece of evidence a row: of which record, of what kind, and the text to be keyed."""

EMAIL: Final = "email"
SOLITARY: Final = frozenset({EMAIL, "phone"})
"""Kinds that rest on one value, which another person may share."""

_NUMBERED: Final = r"(_\d+)?"


def evidence(
    records: pa.Table, phones: Callable[[pa.Array], pa.Array], *, every: bool = False
) -> pa.Table:
    """List the evidence on each record.

    Parameters
    ----------
    records
        ``source`` and columns by the names of their roles, as in ``records`` of a run.
    phones
        Gives numbers in one form to compare.
    every
        Whether what counts only on a record that says nothing better is listed for each record:
        to remember somebody by, rather than to know somebody.

    Returns
    -------
    Schema :data:`EVIDENCE`; a record has none, or several.
    """
    count = records.num_rows
    names = _names(records)
    birth = _folded(_first(records, ["birth_date"], count))
    postal = _folded(_first(records, ["postal_code"], count))
    mails = [loosest_emails(emails(column)) for column in _all(records, "email")]
    calls = [phones(column) for column in _all(records, "phone")]
    nameless = _no_one_of(names, count)
    bare = _no_one_of([birth, *mails, *calls], count)
    if every:
        nameless = bare = _no_one_of([], count)
    parts = [_part(EMAIL, mail) for mail in mails]
    parts += [_part("phone", _only(call, nameless)) for call in calls]
    for name in names:
        parts += [_part("email+name", _joined(mail, name)) for mail in mails]
        parts += [_part("phone+name", _joined(call, name)) for call in calls]
        parts.append(_part("birth+name", _joined(birth, name)))
        parts.append(_part("postal+name", _only(_joined(postal, name), bare)))
    parts += [
        _part("record", _joined(_sources(records), _folded(column)))
        for column in _all(records, "record_id")
    ]
    return pa.concat_tables([EVIDENCE.empty_table(), *parts]).combine_chunks()


def _names(records: pa.Table) -> list[pa.Array]:
    """Give the forms of each record's name: as written, as read; without spaces."""
    count = records.num_rows
    whole = _first(records, ["person_name"], count)
    parted = _joined_parts(records, ("family_name", "given_name"), count)
    kana = _first(records, ["kana"], count)
    read = _joined_parts(records, ("family_kana", "given_kana"), count)
    written, said = pc.coalesce(whole, parted), pc.coalesce(kana, read)
    turned = _joined_parts(records, ("given_name", "family_name"), count)
    forms = [_folded(each) for each in (written, turned, said)]
    return [each for each in forms if each.null_count < count]


def _joined_parts(records: pa.Table, parts: Sequence[str], count: int) -> pa.Array:
    found = [_first(records, [part], count) for part in parts]
    # Half a name is no name to know somebody by.
    return pc.binary_join_element_wise(*found, "")


def _first(records: pa.Table, columns: Sequence[str], count: int) -> pa.Array:
    for name in columns:
        if name in records.column_names:
            return _plain(records[name])
    return pa.nulls(count, pa.string())


def _all(records: pa.Table, role: str) -> list[pa.Array]:
    return [
        _plain(records[name])
        for name in records.column_names
        if re.fullmatch(role + _NUMBERED, name)
    ]


def _plain(column: pa.ChunkedArray) -> pa.Array:
    return column.cast(pa.string()).combine_chunks()


def _folded(column: pa.Array) -> pa.Array:
    bare = pc.replace_substring_regex(nfkc(column), r"[\s'’`\-‐.・,]+", "")
    folded = pc.utf8_lower(bare)
    return pc.if_else(pc.equal(folded, ""), None, folded)


def _joined(one: pa.Array, other: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(one, other, "\n")


def _only(column: pa.Array, where: pa.Array) -> pa.Array:
    return pc.if_else(where, column, None)


def _no_one_of(columns: Sequence[pa.Array], count: int) -> pa.Array:
    if not columns:
        return pc.is_null(pa.nulls(count))
    return pc.is_null(pc.coalesce(*columns))


def _sources(records: pa.Table) -> pa.Array:
    names = _plain(records["source"])
    labels = source_labels(each for each in names.unique().to_pylist() if each)
    encoded = names.dictionary_encode()
    known = pa.array([labels.get(name) for name in encoded.dictionary.to_pylist()], pa.string())
    return known.take(encoded.indices)


def _part(kind: str, text: pa.Array) -> pa.Table:
    filled = pc.is_valid(text)
    rows = pc.indices_nonzero(filled).cast(pa.int64())
    return pa.table(
        {
            "record": rows,
            "kind": pa.repeat(pa.scalar(kind), len(rows)),
            "text": text.filter(filled).cast(pa.string()),
        },
        schema=EVIDENCE,
    )
