from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from custseg.audience.consent import permissions
from custseg.audience.ledger import EVENTS
from custseg.engine import Engine
from custseg.segment.contacts import CHANNELS, Contacts, contact_lists, read_contacts
from custseg.segment.identity import customer_map, restored_zeros

SCORES = pa.table(
    {
        "customer_id": ["a", "b", "c", "d", "e"],
        "monetary": [Decimal(1), Decimal(3), Decimal(2), Decimal(3), Decimal(9)],
        "segment": ["best", "best", "best", "rest", "rest"],
    }
)
CUSTOMERS = pa.table(
    {
        "customer_id": ["d", "c", "b", "a", "unseen"],
        "person_name": ["D", "C", "B", "A", "U"],
        "email": ["d@example.com", "c@example.com", "b@example.com", None, None],
        "phone_2": ["4", "3", "2", "1", None],
        "points": ["1", "2", "3", "4", "5"],
        "consent_email": ["false", "true", "false", "false", None],
        "consent_dm": ["maybe", None, "true", None, None],
    }
)


def contacts_of(customers: pa.Table) -> Contacts:
    with Engine(threads=1) as engine:
        permitted = permissions(
            customers,
            None,
            EVENTS.empty_table(),
            country="JP",
            engine=engine,
            channels=CHANNELS,
            known=False,
        )
    return read_contacts(customers, permitted)


def lists(customers: pa.Table | None) -> dict[str, tuple[list[str], int, int, int]]:
    contacts = None if customers is None else contacts_of(customers)
    made = contact_lists(SCORES, {"best": "best", "rest": "rest", "none": "none"}, contacts)
    return {
        item.summary.segment: (
            item.table["customer_id"].to_pylist(),
            item.summary.declined,
            item.summary.blanked,
            item.summary.silent,
        )
        for item in made
    }


def test_lists_go_from_the_highest_in_money_down() -> None:
    assert lists(None) == {"best": (["b", "c", "a"], 0, 0, 0), "rest": (["e", "d"], 0, 0, 0)}


def test_who_refused_and_permitted_nothing_is_left_off_and_only_what_is_permitted_is_filled() -> (
    None
):
    # a has no address that could be refused, d refused one channel in a word nobody knows.
    assert lists(CUSTOMERS) == {"best": (["b", "c", "a"], 0, 1, 1), "rest": (["e"], 1, 0, 0)}
    best, rest = contact_lists(SCORES, {"best": "best", "rest": "rest"}, contacts_of(CUSTOMERS))
    assert best.summary.contact == ("person_name", "email", "phone_2")
    assert best.table["email"].to_pylist() == [None, "c@example.com", None]
    assert best.table["phone_2"].to_pylist() == [None, None, None]
    assert rest.table["person_name"].to_pylist() == [None]
    assert "points" not in best.table.column_names


def test_a_general_refusal_leaves_off_and_a_general_consent_opens_what_is_not_refused() -> None:
    customers = CUSTOMERS.append_column(
        "consent", pa.array(["true", "true", "no idea", "true", "true"])
    )
    assert lists(customers)["best"] == (["c", "a"], 1, 0, 0)
    best, _ = contact_lists(SCORES, {"best": "best", "rest": "rest"}, contacts_of(customers))
    assert best.table["phone_2"].to_pylist() == ["3", "1"]


def test_without_any_consent_the_lists_hold_no_channel() -> None:
    unasked = CUSTOMERS.drop_columns(["consent_email", "consent_dm"])
    best, _ = contact_lists(SCORES, {"best": "best", "rest": "rest"}, contacts_of(unasked))
    assert best.table.column_names[:2] == ["customer_id", "person_name"]
    assert not {"email", "phone_2"} & set(best.table.column_names)
    assert (best.summary.customers, best.summary.silent) == (3, 3)


def test_lists_of_customers_nobody_knows_carry_empty_contacts() -> None:
    none = CUSTOMERS.slice(0, 0)
    assert lists(none) == {"best": (["b", "c", "a"], 0, 0, 0), "rest": (["e", "d"], 0, 0, 0)}


def test_ids_of_orders_are_known_by_record_or_by_customer() -> None:
    customers = pa.table({"customer_id": ["G1", "G2", "G3"]})
    records = pa.table(
        {
            "record_id": ["1", " 2.0 ", "3", "3", None, "G3"],
            "customer_id": ["G1", "G1", "G2", "G3", "G3", "G1"],
        }
    )
    table, ambiguous = customer_map(customers, records)
    assert dict(zip(*(column.to_pylist() for column in table.columns), strict=True)) == {
        "1": "G1",
        "2": "G1",
        "G1": "G1",
        "G2": "G2",
        "G3": "G1",
    }
    assert ambiguous.to_pylist() == ["3"]


def test_records_without_ids_leave_customers_to_be_known_by_their_own() -> None:
    table, ambiguous = customer_map(
        pa.table({"customer_id": ["G1"]}), pa.table({"customer_id": ["G1"]})
    )
    assert table.to_pylist() == [{"source_id": "G1", "customer_id": "G1"}]
    assert ambiguous.to_pylist() == []


def test_an_address_of_one_customer_alone_is_an_id_of_theirs() -> None:
    customers = pa.table(
        {
            "customer_id": ["G1", "G2", "G3", "G4"],
            "email": ["Hana@Example.com ", "both@example.com", "BOTH@example.com", None],
        }
    )
    records = pa.table({"record_id": ["a@example.com"], "customer_id": ["G4"]})
    table, ambiguous = customer_map(customers, records)
    found = dict(zip(*(column.to_pylist() for column in table.columns), strict=True))
    assert found["hana@example.com"] == "G1"
    assert found["a@example.com"] == "G4"
    assert "both@example.com" not in found
    assert ambiguous.to_pylist() == []


@pytest.mark.parametrize(
    ("known", "ambiguous", "written", "restored"),
    [
        ({"00123": "G1", "00456": "G2"}, [], ["123", "456", "7"], {"123": "G1", "456": "G2"}),
        ({"123": "G1"}, [], ["00123"], {"00123": "G1"}),
        ({"00123": "G1", "123": "G2"}, [], ["123", "0123"], {}),
        ({"00123": "G1", "0123": "G1"}, [], ["123"], {"123": "G1"}),
        ({"00123": "G1"}, [], ["123", "0123"], {}),
        ({"00123": "G1"}, ["123"], ["123", "0123"], {}),
        ({"000": "G1", "A01": "G2"}, [], ["0", "A1"], {}),
        ({"00123": "G1"}, [], [], {}),
        ({}, [], ["123"], {}),
    ],
)
def test_leading_zeros_are_restored_where_nothing_else_can_be_meant(
    known: dict[str, str], ambiguous: list[str], written: list[str], restored: dict[str, str]
) -> None:
    table = restored_zeros(
        pa.table(
            {
                "source_id": pa.array(list(known), pa.string()),
                "customer_id": pa.array(list(known.values()), pa.string()),
            }
        ),
        pa.chunked_array([ambiguous], pa.string()),
        pa.chunked_array([written], pa.string()),
    )
    assert {row["source_id"]: row["customer_id"] for row in table.to_pylist()} == restored
