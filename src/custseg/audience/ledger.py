"""What people said, as events: a ledger of consents, and files of those who opted out.

Nothing that cannot be read becomes a permission: an unknown word denies, a refusal without a
date holds for good, a permission without one is older than any refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.identifiers import (
    emails,
    ids,
    is_email,
    is_hash,
    is_phone_like,
    loosest_emails,
    phones,
)
from custseg.cleanse.standardize.base import Cell, Context, Status
from custseg.cleanse.standardize.consent import standardize_consent
from custseg.cleanse.standardize.date import standardize_date
from custseg.cleanse.standardize.nulls import is_blank
from custseg.cleanse.standardize.opt_out import standardize_opt_out
from custseg.engine import Engine
from custseg.errors import InputError
from custseg.fields.consent_channels import consent_role

CHANNELS: Final = ("email", "sms", "phone", "dm", "ads", "line")
"""Ways to reach a person. ``phone`` is a call; the others are as their names say."""

PERSON_LEVEL: Final = frozenset({"dm", "ads"})
"""Channels that reach a person, not an address: a refusal on any record of theirs holds."""

KIND_OF: Final[Mapping[str, str]] = {
    "email": "email",
    "sms": "phone",
    "phone": "phone",
    "line": "line",
}
"""The kind of address that a channel reaches."""

DO_NOT_SHARE: Final = "do_not_share"

NEVER: Final = -(2**61)
"""When a permission without a date was given: before every refusal."""
FOR_GOOD: Final = 2**61
"""When a refusal without a date was given: after every permission."""

EVENTS: Final = pa.schema(
    [
        ("kind", pa.string()),
        ("strict", pa.string()),
        ("loose", pa.string()),
        ("channel", pa.string()),
        ("moment", pa.int64()),
        ("granted", pa.bool_()),
        ("why", pa.string()),
    ]
)
"""An event a row: what kind of identifier it is about, its strict and loosest form, the
channel, seconds since 1970, whether it permits, and else why not."""

WITHDRAWN: Final = "withdrawn"
SUPPRESSED: Final = "suppressed"
UNKNOWN: Final = "unknown_status"

_HEADERS: Final[Mapping[str, frozenset[str]]] = {
    "identifier": frozenset(
        "identifier id customer_id record_id email e-mail mail email_address mail_address phone "
        "phone_number tel address subscriber 識別子 顧客id 会員番号 会員id 顧客番号 "
        "メールアドレス メール eメール 電話番号 電話 宛先 連絡先".split()
    ),
    "channel": frozenset("channel media チャネル チャンネル 媒体 種別 配信種別".split()),
    "status": frozenset(
        "status consent state answer value action event 状態 ステータス 同意 可否 回答 区分".split()
    ),
    "at": frozenset(
        "at date time datetime timestamp occurred_at updated_at changed_at created_at "
        "日時 日付 発生日時 更新日時 更新日 登録日時 登録日 変更日時 変更日 受付日時 受付日".split()
    ),
}
_ALL: Final = frozenset(["", "all", "*", "any", "every", "すべて", "全て", "全部", "全チャネル"])
_LIFTED: Final = frozenset(
    ["false", "no", "n", "0", "off", "いいえ", "なし", "無", "解除", "lifted"]
)
"""Words that take a request not to share back. ``withdrawn`` is none: it may be the consent
to sharing that was withdrawn."""

_SECONDS_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Ledger:
    """Events, and what was odd about them.

    Attributes
    ----------
    events
        By :data:`EVENTS`.
    odd
        Rows by what was odd: ``unknown_status``, ``unknown_channel``, ``undated``,
        ``unreadable_identifier``.
    """

    events: pa.Table
    odd: Mapping[str, int]


def columns_of(header: Sequence[str]) -> dict[str, str]:
    """Find the columns of a ledger by their names; an identifier is needed."""
    found: dict[str, str] = {}
    for what, names in _HEADERS.items():
        for column in header:
            if column.strip().lower() in names and column not in found.values():
                found.setdefault(what, column)
    return found


def read_ledger(table: pa.Table, name: str, as_of: date, country: str, engine: Engine) -> Ledger:
    """Read a ledger: who (``identifier``), ``channel``, ``status``, when (``at``).

    Parameters
    ----------
    name
        Of the file, for errors.
    as_of
        Permissions of a later day do not hold yet; refusals hold at once.

    Raises
    ------
    InputError
        If it has no column for the identifier or the status.
    """
    columns = columns_of(table.column_names)
    for needed in ("identifier", "status"):
        if needed not in columns:
            found = ", ".join(table.column_names)
            raise InputError("audience.ledger_column", name=name, column=needed, found=found)
    odd: dict[str, int] = {}
    status = _mapped(table[columns["status"]], _status)
    channel = _channels(table, columns)
    sharing = pc.equal(channel, DO_NOT_SHARE)
    granted = pc.if_else(
        sharing, _mapped_mask(table[columns["status"]], _lifts), pc.equal(status, "true")
    )
    at = pa.nulls(len(table), pa.int64())
    if "at" in columns:
        at = _instants(table[columns["at"]], granted)
        odd["undated"] = _count(pc.is_null(at))
    unknown = pc.and_(pc.equal(status, "unknown"), pc.invert(sharing))
    odd[UNKNOWN] = _count(unknown)
    odd["unknown_channel"] = _count(pc.equal(channel, "?"))
    said = pa.table(
        {
            "identifier": table[columns["identifier"]],
            "channel": channel,
            "moment": pc.if_else(granted, pc.fill_null(at, NEVER), pc.fill_null(at, FOR_GOOD)),
            "granted": granted,
            "why": pc.if_else(sharing, DO_NOT_SHARE, pc.if_else(unknown, UNKNOWN, WITHDRAWN)),
        }
    )
    end = int(datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp())
    early = pc.and_(said["granted"], pc.greater_equal(said["moment"], end + _SECONDS_A_DAY))
    return Ledger(_events(said.filter(pc.invert(early)), country, engine, odd), _present(odd))


def read_suppression(table: pa.Table, name: str, country: str, engine: Engine) -> Ledger:
    """Read a list of those who opted out; without a channel, of everything.

    A file of one column needs no header: an address or a number there is the first one.

    Raises
    ------
    InputError
        If it has no column for the identifier.
    """
    columns = columns_of(table.column_names)
    if "identifier" not in columns and table.num_columns == 1:
        first = pa.array(table.column_names)
        whole = pa.chunked_array([first, *table.column(0).chunks])
        # An address, or an id above others: a word for what stands below has no digit in it.
        kinds = pc.or_(is_email(first), is_phone_like(first))[0].as_py()
        told = kinds or (bool(len(table)) and pc.match_substring_regex(first, r"\d")[0].as_py())
        table = pa.table({"identifier": whole if told else table.column(0)})
        columns = {"identifier": "identifier"}
    if "identifier" not in columns:
        found = ", ".join(table.column_names)
        raise InputError("audience.ledger_column", name=name, column="identifier", found=found)
    count = len(table)
    odd: dict[str, int] = {}
    channel = _channels(table, columns)
    said = pa.table(
        {
            "identifier": table[columns["identifier"]],
            # A channel nobody knows may be any.
            "channel": pc.if_else(pc.equal(channel, "?"), "*", channel),
            "moment": pa.array(np.full(count, FOR_GOOD)),
            "granted": pa.array(np.zeros(count, dtype=bool)),
            "why": pa.array([SUPPRESSED]).take(pa.array(np.zeros(count, dtype=np.int64))),
        }
    )
    return Ledger(_events(said, country, engine, odd), _present(odd))


def _events(said: pa.Table, country: str, engine: Engine, odd: dict[str, int]) -> pa.Table:
    """Turn identifiers into the kinds they may be, and "every channel" into each of them."""
    raw = said["identifier"].combine_chunks()
    raw = pc.fill_null(raw, "")
    # What came hashed may be the hash of either.
    hashed = is_hash(raw)
    mail, call = pc.or_(is_email(raw), hashed), pc.or_(is_phone_like(raw), hashed)
    parts = []
    address = emails(raw.filter(mail))
    parts.append(_part(said.filter(mail), "email", address, loosest_emails(address)))
    number = phones(raw.filter(call), country, engine)
    parts.append(_part(said.filter(call), "phone", number, number))
    other = pc.invert(is_email(raw))
    own = ids(raw.filter(other))
    parts.append(_part(said.filter(other), "id", own, own))
    odd["unreadable_identifier"] = _count(pc.is_null(own))
    events = pa.concat_tables(parts).filter(pc.field("strict").is_valid())
    every = pc.is_in(events["channel"], value_set=pa.array(["*", "?"]))
    # A permission for a channel nobody knows permits nothing.
    lost = pc.and_(pc.equal(events["channel"], "?"), events["granted"])
    spread = events.filter(pc.and_(every, pc.invert(lost)))
    at = EVENTS.get_field_index("channel")
    named = [events.filter(pc.invert(every))]
    for channel in CHANNELS:
        column = pa.array([channel]).take(pa.array(np.zeros(len(spread), dtype=np.int64)))
        named.append(spread.set_column(at, "channel", column))
    return pa.concat_tables(named).cast(EVENTS).combine_chunks()


def _part(said: pa.Table, kind: str, strict: pa.Array, loose: pa.Array) -> pa.Table:
    kinds = pa.array([kind]).take(pa.array(np.zeros(len(said), dtype=np.int64)))
    return pa.table(
        {
            "kind": kinds,
            "strict": strict,
            "loose": loose,
            **{name: said[name] for name in ("channel", "moment", "granted", "why")},
        }
    )


def _mapped(column: pa.ChunkedArray, read: Callable[[str], str]) -> pa.Array:
    """Read each distinct cell once; an empty one as ``""``."""
    encoded = pc.fill_null(column, "").combine_chunks().dictionary_encode()
    return pa.array([read(word) for word in encoded.dictionary.to_pylist()], pa.string()).take(
        encoded.indices
    )


def _mapped_mask(column: pa.ChunkedArray, read: Callable[[str], bool]) -> pa.Array:
    return pc.equal(_mapped(column, lambda word: "true" if read(word) else ""), "true")


def _channels(table: pa.Table, columns: Mapping[str, str]) -> pa.Array:
    if "channel" in columns:
        return _mapped(table[columns["channel"]], _channel)
    return pa.array(["*"]).take(pa.array(np.zeros(len(table), dtype=np.int64)))


def _lifts(word: str) -> bool:
    return word.strip().lower() in _LIFTED


def consent_word(word: str) -> str:
    """Read a word of consent: ``true``, ``false``, ``""`` for an empty cell, else ``unknown``."""
    return _word_of(standardize_consent, word)


def opt_out_word(word: str) -> str:
    """Read a word of opting out: ``true`` (no more), ``false``, ``""``, else ``unknown``."""
    return _word_of(standardize_opt_out, word)


def _word_of(read: Callable[[str, Context], Cell], word: str) -> str:
    if is_blank(word):
        return ""
    cell = read(word, Context())
    if cell.status is Status.MISSING:
        return ""
    return cell.value if cell.value in ("true", "false") else "unknown"


def _status(word: str) -> str:
    return consent_word(word) or "unknown"


def _channel(word: str) -> str:
    """Read a channel: its name, ``*`` for all, ``?`` for one that is not known."""
    plain = word.strip().lower()
    if plain in _ALL:
        return "*"
    flat = plain.replace("-", "_").replace(" ", "_")
    if flat in (DO_NOT_SHARE, "donotshare", "do_not_sell", "共有不可", "第三者提供停止"):
        return DO_NOT_SHARE
    if flat in CHANNELS:
        return flat
    if flat in ("ad", "advertising", "広告", "広告配信", "広告利用", "custom_audience"):
        return "ads"
    named = consent_role(plain).partition(":")[2]
    return named if named in CHANNELS else "?"


def _instants(column: pa.ChunkedArray, granted: pa.Array) -> pa.Array:
    """Read times as seconds since 1970; a day alone begins for a permission, ends for a refusal."""
    encoded = pc.fill_null(column, "").combine_chunks().dictionary_encode()
    read = [_instant(text) for text in encoded.dictionary.to_pylist()]
    starts = pa.array([low for low, _ in read], pa.int64()).take(encoded.indices)
    ends = pa.array([high for _, high in read], pa.int64()).take(encoded.indices)
    return pc.if_else(granted, starts, ends)


def _instant(text: str) -> tuple[int | None, int | None]:
    text = text.strip().replace("/", "-")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = standardize_date(text, Context()).value if text else None
        if day is None:
            return None, None
        moment, text = datetime.fromisoformat(day), day
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    start = int((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1))
    return start, start + (_SECONDS_A_DAY - 1 if len(text) <= len("2026-01-01") else 0)


def _count(mask: pa.Array) -> int:
    return pc.sum(mask).as_py() or 0


def _present(odd: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in odd.items() if count}
