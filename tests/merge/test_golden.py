"""Golden records: rules, whole addresses, nothing lost, the same in any order."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.merge.golden import Golden, golden_records
from custseg.cleanse.merge.records import record_keys
from custseg.cleanse.merge.rules import CHOICES, DEFAULT_RULES, GoldenRules, read_rules
from custseg.engine import Engine
from custseg.errors import UsageError
from custseg.fields.registry import roles as known_roles

ROLES = {
    "record_id": "record_id",
    "family_name": "family_name",
    "given_name": "given_name",
    "kana": "kana",
    "phone": "phone",
    "phone_2": "phone",
    "phone_extension": "phone_extension",
    "email": "email",
    "postal_code": "postal_code",
    "city": "city",
    "block": "block",
    "birth_date": "birth_date",
    "consent_email": "consent:email",
    "opt_out": "opt_out",
    "updated_at": "updated_at",
}
COLUMNS = (*ROLES, "memo")


def merge(rows, rules=None, roles=ROLES) -> Golden:
    """Merge rows given as dictionaries; ``who`` is the customer."""
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in COLUMNS}
    used = {name: column for name, column in columns.items() if column.null_count < len(rows)}
    records = pa.table(
        {
            "source": pa.array([row.get("source", "a.csv") for row in rows], pa.string()),
            "row": pa.array(
                [row.get("row", at) for at, row in enumerate(rows, start=1)], pa.int64()
            ),
            **used,
        }
    )
    customers = pa.array([row.get("who", "C1") for row in rows], pa.string())
    with Engine(threads=2) as engine:
        return golden_records(
            records,
            customers,
            {n: r for n, r in roles.items() if n in used},
            record_keys(records),
            rules,
            engine=engine,
        )


def only(rows, rules=None, roles=ROLES):
    (row,) = merge(rows, rules, roles).customers.to_pylist()
    return row


@pytest.mark.parametrize(
    ("rows", "column", "expected"),
    [
        ([{"birth_date": "a"}, {"birth_date": "b"}, {"birth_date": "b"}], "birth_date", "b"),
        (
            [
                {"birth_date": "b", "updated_at": "2024-01-02"},
                {"birth_date": "a", "updated_at": "2024-01-01"},
                {"birth_date": "a"},
            ],
            "birth_date",
            "b",
        ),
        (
            [{"birth_date": "a", "updated_at": "2024-01-01"}, {"updated_at": "2024-02-01"}],
            "birth_date",
            "a",
        ),
        ([{"memo": "long one"}, {"memo": "short"}], "memo", "long one"),
        ([{"memo": "bb"}, {"memo": "aa"}], "memo", "aa"),
        (
            [
                {"consent_email": "true", "updated_at": "2024-05-01"},
                {"consent_email": "false", "updated_at": "2020-01-01"},
            ],
            "consent_email",
            "false",
        ),
        ([{"opt_out": "false"}, {"opt_out": "true"}], "opt_out", "true"),
        ([{"opt_out": "false"}, {"opt_out": "未確認"}], "opt_out", "未確認"),
        (
            [
                {"opt_out": "true", "updated_at": "2020-01-01"},
                {"opt_out": "false", "updated_at": "2026-01-01"},
                {"opt_out": "未確認", "updated_at": "2026-01-01"},
            ],
            "opt_out",
            "true",
        ),
        ([{"opt_out": None}, {"opt_out": "false"}], "opt_out", "false"),
        ([{"consent_email": None}, {"consent_email": "true"}], "consent_email", "true"),
        (
            [{"updated_at": "2024-01-01"}, {"updated_at": "2024-01-03T08:00:00"}],
            "updated_at",
            "2024-01-03T08:00:00",
        ),
    ],
)
def test_a_rule_chooses_the_value(rows, column, expected):
    assert only(rows)[column] == expected
    assert only(rows[::-1])[column] == expected


def test_the_trusted_source_wins_over_the_newer_record():
    rows = [
        {"source": "web.csv", "birth_date": "a", "updated_at": "2024-01-01"},
        {"source": "pos.csv", "birth_date": "b", "updated_at": "2020-01-01"},
    ]
    assert only(rows)["birth_date"] == "a"
    assert only(rows, GoldenRules(source_priority=("pos.csv",)))["birth_date"] == "b"


def test_a_rule_of_a_role_replaces_the_defaults():
    rows = [
        {"birth_date": "1980-01-02"},
        {"birth_date": "1980-01-01"},
        {"birth_date": "1980-01-02"},
    ]
    assert (
        only(rows, GoldenRules(by_role={"birth_date": ("earliest",)}))["birth_date"] == "1980-01-01"
    )


DATES = [
    {"birth_date": "1980-01-02", "updated_at": "2020-01-01"},
    {"birth_date": "1980-01-03", "updated_at": "2025-01-01"},
    {"birth_date": "1980-01-02", "updated_at": "2021-01-01"},
    {"birth_date": "1980-01-01", "updated_at": "2019-01-01", "source": "pos.csv"},
]
CITIES = [
    {"city": "Leeds", "block": "1", "updated_at": "2025-01-01"},
    {"city": "Hull", "block": "2", "updated_at": "2020-01-01"},
    {"city": "Hull", "block": "2", "updated_at": "2020-01-01"},
]
MAILS = [
    {"email": "jc@example.com"},
    {"email": "jonathan.carpenter@example.com"},
    {"email": "jc@example.com"},
]
MEMOS = [{"memo": "a"}, {"memo": "bb"}, {"memo": "a"}]


@pytest.mark.parametrize(
    ("rules", "rows", "column", "value"),
    [
        ({}, DATES, "birth_date", "1980-01-03"),
        ({"birth_date": "most_frequent"}, DATES, "birth_date", "1980-01-02"),
        ({"birth_date": " earliest , longest"}, DATES, "birth_date", "1980-01-01"),
        ({"birth_date": "latest"}, DATES, "birth_date", "1980-01-03"),
        ({"birth_date": "source_priority"}, DATES, "birth_date", "1980-01-01"),
        # What a rule leaves open, the usual ones decide.
        ({"birth_date": "longest"}, DATES[:3], "birth_date", "1980-01-03"),
        ({"phone": "most_frequent"}, DATES[:3], "birth_date", "1980-01-03"),
        ({}, CITIES, "block", "1"),
        # A part of an address is a rule of the whole address.
        ({"city": "most_frequent"}, CITIES, "block", "2"),
        ({"postal_code": "most_frequent", "city": "most_frequent"}, CITIES, "city", "Hull"),
        ({}, MEMOS, "memo", "a"),
        ({}, MAILS, "email", "jc@example.com"),
        ({"email": "longest"}, MAILS, "email", "jonathan.carpenter@example.com"),
        ({"default": "longest"}, MEMOS, "memo", "bb"),
        ({"default": "longest", "birth_date": "earliest"}, DATES, "birth_date", "1980-01-01"),
        ({"default": "earliest"}, DATES, "updated_at", "2025-01-01"),
    ],
)
def test_rules_are_read_as_people_write_them(rules, rows, column, value):
    trusted = ("pos.csv",) if "source_priority" in rules.values() else ()
    read = read_rules(rules, known_roles(), trusted)
    assert only(rows, read)[column] == value
    assert only(rows[::-1], read)[column] == value


def test_rules_that_a_user_names_come_before_the_usual_ones():
    assert read_rules({}, ()) == GoldenRules()
    for rule in CHOICES:
        found = read_rules({"email": rule}, ["email"]).of("email")
        assert found[0] == rule
        assert {*found} == {rule, *DEFAULT_RULES}
        assert len(found) == len({*found})


@pytest.mark.parametrize(
    ("rules", "key", "params"),
    [
        ({"phnoe": "longest"}, "golden.role", {"role": "phnoe", "nearest": "phone"}),
        ({"phone": "newest"}, "golden.rule", {"role": "phone", "rule": "newest"}),
        ({"phone": "longest, opt_out"}, "golden.rule", {"role": "phone", "rule": "opt_out"}),
        ({"phone": " , "}, "golden.rule", {"role": "phone", "rule": ""}),
        ({"consent": "most_recent"}, "golden.refusal", {"role": "consent"}),
        ({"opt_out": "most_recent"}, "golden.refusal", {"role": "opt_out"}),
        (
            {"city": "longest", "email": "longest", "postal_code": "most_frequent"},
            "golden.together",
            {"role": "postal_code", "other": "city"},
        ),
    ],
)
def test_rules_that_do_not_fit_are_refused(rules, key, params):
    with pytest.raises(UsageError) as caught:
        read_rules(rules, known_roles())
    assert caught.value.key == key
    assert params.items() <= caught.value.params.items()


def test_an_address_is_one_records_address():
    rows = [
        {"postal_code": "100-0001", "city": "千代田区", "block": "1-1"},
        {"postal_code": "530-0001", "city": "大阪市北区"},
        {"postal_code": "530-0001", "city": "大阪市北区"},
    ]
    row = only(rows)
    assert (row["postal_code"], row["city"], row["block"]) == ("530-0001", "大阪市北区", None)


def test_half_an_address_does_not_push_out_a_whole_one():
    rows = [
        {"postal_code": "100-0001", "city": "千代田区", "block": "1-1", "updated_at": "2020-01-01"},
        {"postal_code": "530-0001", "updated_at": "2024-01-01"},
    ]
    row = only(rows)
    assert (row["postal_code"], row["city"], row["block"]) == ("100-0001", "千代田区", "1-1")


def test_a_reading_is_that_of_the_chosen_family_name():
    married = {"family_name": "佐藤", "given_name": "花子", "updated_at": "2024-01-01"}
    maiden = {"family_name": "鈴木", "given_name": "花子", "kana": "スズキハナコ"}
    assert only([married, maiden])["kana"] is None
    same = {"family_name": "佐藤", "given_name": "花子", "kana": "サトウハナコ"}
    assert only([married, maiden, same])["kana"] == "サトウハナコ"


def test_further_phones_and_addresses_are_kept():
    rows = [
        {"phone": "1", "phone_2": "2", "phone_extension": "77", "updated_at": "2024-01-05"},
        {"phone": "2", "updated_at": "2024-01-04"},
        {"phone": "3", "email": "a@x.jp", "updated_at": "2024-01-03"},
        {"phone": "4", "email": "b@x.jp", "updated_at": "2024-01-02"},
        {"phone": "5", "updated_at": "2024-01-01"},
    ]
    golden = merge(rows)
    (row,) = golden.customers.to_pylist()
    assert [row[name] for name in ("phone", "phone_2", "phone_3", "phone_4")] == [
        *("2", "1", "3", "4")
    ]
    assert row["phone_extension_2"] == "77"
    assert row["phone_extension"] is None
    assert (row["email"], row["email_2"]) == ("a@x.jp", "b@x.jp")
    assert golden.roles["phone_4"] == "phone"
    assert [
        (o["column"], o["value"], o["row"])
        for o in golden.others.to_pylist()
        if o["column"] != "updated_at"
    ] == [("phone", "5", 5)]


def test_counts_and_sources_stand_in_the_row():
    rows = [
        {"who": "C2", "source": "b.csv"},
        {"who": "C2", "source": "a.csv"},
        {"who": "C1", "source": "b.csv"},
        {"who": "C2", "source": "b.csv"},
    ]
    assert [
        (r["customer_id"], r["n_records"], r["sources"]) for r in merge(rows).customers.to_pylist()
    ] == [("C1", 1, "b.csv"), ("C2", 3, "a.csv; b.csv")]


def test_no_records_give_no_customers():
    golden = merge([])
    assert golden.customers.num_rows == golden.others.num_rows == 0


letters = st.one_of(st.none(), st.sampled_from(["a", "b", "bb", "c"]))
some_rows = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.sampled_from(["C1", "C2", "C3"]),
            "source": st.sampled_from(["s.csv", "t.csv"]),
            "updated_at": st.one_of(st.none(), st.sampled_from(["2024-01-01", "2024-01-02"])),
            **{
                name: letters
                for name in COLUMNS
                if name not in ("record_id", "updated_at", "consent_email")
            },
            "consent_email": st.one_of(st.none(), st.sampled_from(["true", "false"])),
        }
    ),
    max_size=9,
).map(lambda rows: [{**row, "row": at, "record_id": f"r{at}"} for at, row in enumerate(rows)])


def filled(rows, names):
    return [row for row in rows if any(row[name] is not None for name in names)]


def slow_choice(rows, names):
    """Choose the values of columns that belong together, one rule after another."""
    rows = filled(rows, names)
    if not rows:
        return (None,) * len(names)
    value = {row["row"]: tuple(row[name] for name in names) for row in rows}
    parts = {number: sum(v is not None for v in each) for number, each in value.items()}
    fullest = max(parts.values())
    counts = Counter(value.values())
    best = min(
        rows,
        key=lambda row: (
            2 * parts[row["row"]] < fullest,
            [-ord(c) for c in row["updated_at"] or ""] or [0],
            -counts[value[row["row"]]],
            -parts[row["row"]],
            -sum(len(v or "") for v in value[row["row"]]),
            "\x1f".join(v or "" for v in value[row["row"]]),
        ),
    )
    return value[best["row"]]


@settings(max_examples=40, deadline=None)
@given(some_rows)
def test_choices_agree_with_the_slow_way(rows):
    for customer in merge(rows).customers.to_pylist():
        mine = [row for row in rows if row["who"] == customer["customer_id"]]
        for names in (
            ("family_name", "given_name"),
            ("postal_code", "city", "block"),
            ("birth_date",),
            ("memo",),
        ):
            assert tuple(customer.get(name) for name in names) == slow_choice(mine, names)


@settings(max_examples=40, deadline=None)
@given(some_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    one = merge(rows)
    shuffled = random.sample(rows, len(rows))
    other = merge(shuffled)
    assert one.customers.to_pylist() == other.customers.to_pylist()
    assert one.others.to_pylist() == other.others.to_pylist()


@settings(max_examples=40, deadline=None)
@given(some_rows)
def test_no_value_is_lost_and_none_is_made_up(rows):
    golden = merge(rows)
    given_values, kept = set(), set()
    for row in rows:
        for name in COLUMNS:
            if row[name] is not None and name not in ("record_id", "phone_extension"):
                given_values.add((row["who"], ROLES.get(name, name), row[name]))
    for customer in golden.customers.to_pylist():
        for name, value in customer.items():
            role = golden.roles.get(name, name)
            if value is not None and role not in (
                "phone_extension",
                "customer_id",
                "n_records",
                "sources",
            ):
                kept.add((customer["customer_id"], role, value))
    for other in golden.others.to_pylist():
        kept.add(
            (other["customer_id"], ROLES.get(other["column"], other["column"]), other["value"])
        )
    assert kept == given_values


@settings(max_examples=40, deadline=None)
@given(some_rows)
def test_every_value_stands_in_the_record_it_is_said_to_come_from(rows):
    golden = merge(rows)
    columns = [name for name in COLUMNS if any(row[name] is not None for row in rows)]
    records = pa.table(
        {
            "source": pa.array([row["source"] for row in rows], pa.string()),
            "row": pa.array([row["row"] for row in rows], pa.int64()),
            **{name: pa.array([row[name] for row in rows], pa.string()) for name in columns},
        }
    )
    by_row = {row["row"]: row for row in rows}
    listed = golden.provenance(records).to_pylist() + golden.others.to_pylist()
    for each in listed:
        row = by_row[each["row"]]
        role = golden.roles.get(each["column"], each["column"])
        cells = {row[name] for name in columns if ROLES.get(name, name) == role}
        assert each["value"] in cells
        assert row["source"] == each["source"]
        assert row["who"] == each["customer_id"]
    several = [c for c in golden.customers.to_pylist() if c["n_records"] > 1]
    filled_cells = sum(
        value is not None
        for c in several
        for name, value in c.items()
        if name not in ("customer_id", "n_records", "sources")
    )
    assert golden.provenance(records).num_rows == filled_cells


def test_origin_names_the_record_of_every_value():
    golden = merge([{"memo": "a"}, {"memo": "long"}, {"who": "C2"}])
    assert golden.origin("memo").tolist() == [1, -1]
    assert golden.origin("memo").dtype == np.int32
