"""The gate against its rules written down one person, one address, one event at a time."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.audience.consent import permissions
from custseg.audience.ledger import CHANNELS, read_ledger
from custseg.engine import Engine

AS_OF = date(2026, 6, 30)
EMAILS = ("a.b@gmail.com", "ab+x@gmail.com", "ab@googlemail.com", "c@x.jp", "c+1@x.jp", "d@x.jp")
PHONES = ("+819011111111", "+819022222222")
KIND_OF = {"email": "email", "sms": "phone", "phone": "phone", "line": "line"}


class Event(NamedTuple):
    identifier: str
    channel: str
    granted: bool
    day: int | None


class Record(NamedTuple):
    customer: str
    email: str | None
    phone: str | None
    consent_email: str | None
    consent_ads: str | None


events = st.lists(
    st.builds(
        Event,
        st.sampled_from([*EMAILS, *PHONES, "C0", "C1"]),
        st.sampled_from(["email", "sms", "ads", "dm", ""]),
        st.booleans(),
        st.one_of(st.none(), st.integers(1, 28)),
    ),
    max_size=8,
)
words = st.sampled_from([None, None, "true", "false", "what"])
people = st.lists(
    st.builds(
        Record,
        st.sampled_from(["C0", "C1"]),
        st.one_of(st.none(), st.sampled_from(EMAILS)),
        st.one_of(st.none(), st.sampled_from(PHONES)),
        words,
        words,
    ),
    min_size=1,
    max_size=4,
)


def loose(identifier: str) -> str:
    if "@" not in identifier:
        return identifier
    local, domain = identifier.split("@")
    local = local.split("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        return local.replace(".", "") + "@gmail.com"
    return f"{local}@{domain}"


def kind(identifier: str) -> str:
    if "@" in identifier:
        return "email"
    return "phone" if identifier.startswith("+") else "id"


FOR_EVER, NEVER = 10_000.0, -10_000.0


def latest(own: list[tuple[bool, float]]) -> bool | None:
    """Permitted, refused, or nothing known; at equal times refused."""
    refused = [at for granted, at in own if not granted]
    permitted = [at for granted, at in own if granted]
    if refused and (not permitted or max(refused) >= max(permitted)):
        return False
    return True if permitted else None


class Twin:
    def __init__(self, said: list[Event], records: list[Record]) -> None:
        self.said, self.records = said, records

    def about(self, identifier: str, channel: str) -> list[tuple[bool, float]]:
        found = []
        for event in self.said:
            if event.channel not in (channel, ""):
                continue
            same = event.identifier == identifier
            if not event.granted:
                same = kind(event.identifier) == kind(identifier) and (
                    loose(event.identifier) == loose(identifier)
                )
            if same:
                if event.day is None:
                    at = NEVER if event.granted else FOR_EVER
                else:
                    at = event.day + (0.0 if event.granted else 0.99)
                found.append((event.granted, at))
        return found

    def on(self, record: Record, channel: str) -> list[tuple[bool, float]]:
        word = {"email": record.consent_email, "ads": record.consent_ads}.get(channel)
        if word is None:
            return []
        return [(True, NEVER)] if word == "true" else [(False, FOR_EVER)]

    def identifiers(self, record: Record) -> list[str]:
        return [each for each in (record.customer, record.email, record.phone) if each]

    def address(self, customer: str, address: str, channel: str) -> bool | None:
        heard = self.about(address, channel)
        for record in self.records:
            if record.customer == customer and address in (record.email, record.phone):
                heard += self.on(record, channel)
                for other in self.identifiers(record):
                    if kind(other) != KIND_OF[channel]:
                        heard += self.about(other, channel)
        return latest(heard)

    def person(self, customer: str, channel: str) -> bool:
        states = []
        for record in self.records:
            if record.customer == customer:
                states.append(latest(self.on(record, channel)))
                states += [latest(self.about(one, channel)) for one in self.identifiers(record)]
        return False not in states and True in states


@settings(max_examples=150)
@given(events, people)
def test_the_gate_as_it_is_written(said: list[Event], records: list[Record]) -> None:
    ids = sorted({record.customer for record in records})
    customers = pa.table({"customer_id": ids})
    columns = {
        "customer_id": [record.customer for record in records],
        **{name: [getattr(record, name) for record in records] for name in Record._fields[1:]},
    }
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    ledger = pa.table(
        {
            "identifier": pa.array([event.identifier for event in said], pa.string()),
            "channel": pa.array([event.channel for event in said], pa.string()),
            "status": pa.array(
                ["granted" if event.granted else "withdrawn" for event in said], pa.string()
            ),
            "at": pa.array(
                [None if event.day is None else f"2026-01-{event.day:02}" for event in said],
                pa.string(),
            ),
        }
    )
    with Engine(threads=1) as engine:
        heard = read_ledger(ledger, "l", AS_OF, "JP", engine).events
        found = permissions(customers, table, heard, country="JP", engine=engine)
    twin = Twin(said, records)
    for place, customer in enumerate(ids):
        mine = [record for record in records if record.customer == customer]
        for channel in CHANNELS:
            open_here = bool(found.allowed(channel)[place])
            if channel in ("ads", "dm"):
                assert open_here == twin.person(customer, channel), channel
            elif channel != "line":
                column = KIND_OF[channel]
                addresses = {getattr(record, column) for record in mine} - {None}
                allowed = {each for each in addresses if twin.address(customer, each, channel)}
                assert open_here == bool(allowed), channel
                used = found.addresses[channel][place].as_py()
                assert used is None if not allowed else used in allowed


def test_the_loosest_form_of_the_twin() -> None:
    assert {loose(each) for each in EMAILS[:3]} == {"ab@gmail.com"}
    assert re.fullmatch(r"[a-z@.]+", loose("c+1@x.jp"))
