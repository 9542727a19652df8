"""Inquiries, visits and other contacts of customers: the last, how many by kind, what is open.

Rows in are events used and events left out, by reason. An event after ``as_of`` is not seen, as
an order after it is not. Rows that stand in several inputs alike are counted once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.errors import InputError
from custseg.segment import columns as sql
from custseg.segment.columns import is_text
from custseg.segment.lines import Reader
from custseg.segment.maps import slugs
from custseg.segment.profile import joined

ROLES: Final = ("customer_id", "event_date", "event_type", "event_channel", "event_status")
REASONS: Final = ("empty", "repeated", "no_customer", "undated", "future", "no_orders")
"""Why an event is left out; the first that holds is the one counted."""

MOST_TYPES: Final = 20
"""Kinds of events that have a column of their own, the most frequent ones."""

OTHER_TYPES: Final = "contacts_other_types"

_COMPLAINT: Final = re.compile(r"苦情|クレーム|不満|お叱り|ご立腹|complain|\bclaims?\b")
_CLOSED: Final = frozenset(
    "解決 クローズ クローズド クローズ済 クローズ済み 終了 終息 解消 完 "
    "closed close complete completed done finished fixed "
    "resolved solved answered true t yes y 1 ○ ◯ ✓ ✔ レ".split()
)
_CLOSED_FORMS: Final = re.compile(
    r"(対応|処理|回答|返信|返金|返品|交換|返送|解決|解消|問題|本件|案件)?(済み?|完了(済み?)?|終了)"
    r"(\(.*\))?|(closed|resolved|solved|completed)_.*"
)
"""対応済み, 処理完了, 完了（返金）; "Closed - refunded"."""

_OPEN: Final = frozenset(
    "未対応 対応中 未解決 未完了 未処理 未 保留 受付 受付中 受付済 受付済み 調査中 処理中 進行中 "
    "再開 オープン 新規 確認中 回答待ち 返信待ち open pending new in_progress inprogress on_hold "
    "waiting escalated reopened unresolved assigned false f no n 0 × ✕".split()
)

_JUDGED: Final = """
WITH numbered AS (
  SELECT *, row_number() OVER (
    PARTITION BY source, source_id, day, type, channel, state) AS copy
  FROM events
), judged AS (
  SELECT numbered.*, ids.customer_id,
    CASE WHEN source_id IS NULL AND day IS NULL AND type IS NULL AND channel IS NULL
        AND state IS NULL THEN 'empty'
      WHEN source > MIN(source) OVER (
        PARTITION BY source_id, day, type, channel, state, copy) THEN 'repeated'
      WHEN source_id IS NULL THEN 'no_customer'
      WHEN day IS NULL THEN 'undated'
      WHEN day > CAST($1 AS DATE) THEN 'future'
      WHEN ids.customer_id IS NULL THEN 'no_orders' END AS reason
  FROM numbered LEFT JOIN ids ON numbered.source_id = ids.written
)
SELECT customer_id, day, type, state, reason FROM judged"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTypeRow:
    """Events of one kind; `column` holds their number in the profile."""

    name: str
    column: str
    events: int
    customers: int
    complaint: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventExclusion:
    """Events left out for one reason (see :data:`REASONS`)."""

    reason: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsSummary:
    """What became of the events.

    Attributes
    ----------
    rows, used
        In; `used` plus `excluded` adds up to them.
    customers
        Customers with at least one.
    types
        By kind, most events first.
    open_complaints, customers_waiting
        Complaints that are not closed, and customers who have one; None where the events do
        not tell what is a complaint, or what is closed.
    unknown_states
        Different words for the state that are neither open nor closed; they count as open.
    roles
        Role to column.
    """

    rows: int
    used: int
    excluded: tuple[EventExclusion, ...]
    customers: int
    types: tuple[EventTypeRow, ...]
    open_complaints: int | None
    customers_waiting: int | None
    unknown_states: int = 0
    roles: Mapping[str, str] = field(default_factory=dict)


def customer_events(
    engine: Engine,
    events: pa.Table,
    customers: pa.Array,
    as_of: date,
    *,
    ids: pa.Table | None = None,
    reader: Reader | None = None,
    roles: Mapping[str, str] | None = None,
) -> tuple[pa.Table, EventsSummary]:
    """Sum up the events of customers.

    Parameters
    ----------
    events
        Columns by role (:data:`ROLES`), and ``source``.
    customers
        Ids of all customers, each once.
    as_of
        Later events are left out.
    ids
        ``source_id`` (as written in the events) to ``customer_id``; ids it does not hold, or
        all without it, are customers' own.
    reader
        Reads texts of days to ISO dates.
    roles
        Role to column as the inputs call it, for the summary.

    Returns
    -------
    table, summary
        A row a customer, in the order given: ``customer_id``, ``last_contact``, ``contacts``,
        ``contacts_KIND`` for each kind, and ``open_complaints`` where that is known.

    Raises
    ------
    InputError
        If there is no column of customers or of days.
    """
    for role in ("customer_id", "event_date"):
        if role not in events.column_names:
            raise InputError("segment.event_role_missing", role=role)
    typed = _typed(engine, events, reader)
    known = _ids(customers, ids)
    judged = engine.sql(
        _JUDGED,
        [as_of],
        events=typed,
        ids=known.rename_columns(["written", "customer_id"]),
    )
    used = judged.filter(pc.is_null(judged["reason"]))
    types = _types(used)
    table = _per_customer(engine, used, customers, types)
    states = used["state"].drop_null().unique().to_pylist()
    unknown = sum(not is_closed(state) and _folded(state) not in _OPEN for state in states)
    waiting: int | None = None
    opened: int | None = None
    if {"event_status", "event_type"} <= set(events.column_names):
        counts = _open_complaints(used, customers)
        table = table.append_column("open_complaints", pa.array(counts))
        opened, waiting = int(counts.sum()), int(np.count_nonzero(counts))
    reasons = judged["reason"].drop_null().value_counts().to_pylist()
    by_reason = {each["values"]: each["counts"] for each in reasons}
    return table, EventsSummary(
        rows=events.num_rows,
        used=used.num_rows,
        excluded=tuple(
            EventExclusion(reason=reason, rows=by_reason[reason])
            for reason in REASONS
            if reason in by_reason
        ),
        customers=len(used["customer_id"].unique()),
        types=types,
        open_complaints=opened,
        customers_waiting=waiting,
        unknown_states=unknown if opened is not None else 0,
        roles=dict(roles or {}),
    )


def _typed(engine: Engine, events: pa.Table, reader: Reader | None) -> pa.Table:
    """Give customers, days and words as they are compared: trimmed, of one width."""
    kinds = {name: events.schema.field(name).type for name in events.column_names}
    nothing = "CAST(NULL AS VARCHAR)"
    texts = [
        f"{sql.identifier(role, kinds[role]) if role in kinds else nothing} AS {name}"
        for role, name in (
            ("customer_id", "source_id"),
            ("event_type", "type"),
            ("event_channel", "channel"),
            ("event_status", "state"),
            ("source", "source"),
        )
    ]
    moment = sql.plausible(sql.moment("event_date", kinds["event_date"]))
    day = f"CAST({moment} AS DATE) AS day"
    query = ["SELECT", ", ".join([*texts, day]), "FROM events"]
    table = engine.sql(" ".join(query), events=events)
    for name in ("type", "channel", "state"):
        table = table.set_column(
            table.column_names.index(name), name, pc.utf8_normalize(table[name], "NFKC")
        )
    if reader is not None and is_text(kinds["event_date"]):
        table = _read(table, events["event_date"], reader)
    return table


def _read(table: pa.Table, written: pa.ChunkedArray, reader: Reader) -> pa.Table:
    """Let the reader try the days that SQL made nothing of."""
    texts = pc.cast(written, pa.string())
    unread = pc.and_(pc.is_null(table["day"]), pc.is_valid(texts))
    values = pc.unique(texts.filter(unread))
    if not len(values):
        return table
    found = pa.array(list(reader(values.to_pylist())), pa.string())
    days = pc.strptime(pc.utf8_slice_codeunits(found, 0, 10), "%Y-%m-%d", "s", error_is_null=True)
    place = pc.index_in(texts, value_set=values)
    read = pc.cast(days, pa.date32()).take(place)
    day = pc.if_else(unread, read, pc.cast(table["day"], pa.date32()))
    return table.set_column(table.column_names.index("day"), "day", day)


def _ids(customers: pa.Array, ids: pa.Table | None) -> pa.Table:
    """From ids as events write them to customers who have orders."""
    own = pa.table({"source_id": customers, "customer_id": customers})
    if ids is None:
        return own
    mapped = ids.select(["source_id", "customer_id"])
    mapped = mapped.filter(pc.is_in(mapped["customer_id"], value_set=customers))
    foreign = own.filter(
        pc.invert(pc.is_in(own["source_id"], value_set=pc.unique(ids["source_id"])))
    )
    return pa.concat_tables([mapped, foreign], promote_options="permissive")


def _types(used: pa.Table) -> tuple[EventTypeRow, ...]:
    counted = used.group_by("type").aggregate(
        [("type", "count"), ("customer_id", "count_distinct")]
    )
    rows = sorted(
        (row for row in counted.to_pylist() if row["type"] is not None),
        key=lambda row: (-row["type_count"], row["type"]),
    )
    columns = slugs(f"contacts {row['type']}" for row in rows[:MOST_TYPES])
    return tuple(
        EventTypeRow(
            name=row["type"],
            column=columns.get(f"contacts {row['type']}", OTHER_TYPES),
            events=row["type_count"],
            customers=row["customer_id_count_distinct"],
            complaint=is_complaint(row["type"]),
        )
        for row in rows
    )


def _per_customer(
    engine: Engine, used: pa.Table, customers: pa.Array, types: tuple[EventTypeRow, ...]
) -> pa.Table:
    query = (
        "SELECT customer_id, MAX(day) AS last_contact, COUNT(*) AS contacts FROM used GROUP BY 1"
    )
    sums = engine.sql(query, used=used)
    table = joined(pa.table({"customer_id": customers}), sums)
    contacts = pc.fill_null(table["contacts"], 0)
    table = table.set_column(table.column_names.index("contacts"), "contacts", contacts)
    for column in dict.fromkeys(row.column for row in types):
        names = pa.array([row.name for row in types if row.column == column])
        inside = used.filter(pc.is_in(used["type"], value_set=names))
        table = table.append_column(column, pa.array(_counts(inside["customer_id"], customers)))
    return table


def _counts(ids: pa.ChunkedArray, customers: pa.Array) -> np.ndarray:
    place = pc.index_in(ids, value_set=customers).to_numpy()
    return np.bincount(place.astype(np.int64), minlength=len(customers))


def _open_complaints(used: pa.Table, customers: pa.Array) -> np.ndarray:
    """Complaints of each customer that are not closed; an empty or unknown state is not."""
    complaint = _matching(used["type"], is_complaint)
    closed = _matching(used["state"], is_closed)
    return _counts(used["customer_id"].filter(pa.array(complaint & ~closed)), customers)


def _matching(column: pa.ChunkedArray, test: Callable[[str], bool]) -> np.ndarray:
    """Apply a test to the distinct texts of a column; nulls do not pass."""
    passing = [text for text in column.drop_null().unique().to_pylist() if test(text)]
    return np.asarray(pc.is_in(column, value_set=pa.array(passing, pa.string())), dtype=bool)


def is_complaint(kind: str) -> bool:
    """Tell whether a kind of event is a complaint, by its words."""
    return _COMPLAINT.search(unicodedata.normalize("NFKC", kind).casefold()) is not None


def is_closed(state: str) -> bool:
    """Tell whether a state means that nothing is left to do."""
    folded = _folded(state)
    return folded in _CLOSED or _CLOSED_FORMS.fullmatch(folded) is not None


def _folded(state: str) -> str:
    return re.sub(r"[\s\-_]+", "_", unicodedata.normalize("NFKC", state).strip().casefold())
