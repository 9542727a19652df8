"""Each gate holds, or says where it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custseg.chain.facts import Balance, ChainFacts, GateFacts, InputFacts
from custseg.chain.gates import judge, stopping
from custseg.config.schema import GATES, GateSettings
from custseg.errors import UsageError
from custseg.messages import LANGUAGES
from custseg.report.chain import gate_words
from custseg.report.words import say

MEMBERS = InputFacts(
    kind="customers", name="m.csv", sha256="a", bytes=1, age=0.5, rows=1000, columns=("name", "tel")
)
ORDERS = InputFacts(
    kind="orders", name="o.csv", sha256="b", bytes=1, age=3.0, rows=500, columns=("id", "amount")
)
GOOD = ChainFacts(
    name="2026-02-01",
    inputs=(MEMBERS, ORDERS),
    records=1000,
    customers=800,
    invalid={"tel": 0.02},
    segments={"loyal": 300, "new": 90},
    lists={"loyal.csv": 300},
    list_changes={"loyal.csv": 0.2},
    people=Balance(into=1000, out=1000),
    money=Balance(into=5000.25, out=5000.25),
)
BEFORE = replace(GOOD, name="2026-01-01")


def failures(
    now: ChainFacts,
    before: ChainFacts | None = BEFORE,
    settings: GateSettings | None = None,
    missing: tuple[str, ...] = (),
) -> list[tuple[str, str]]:
    answers = judge(now, before, settings or GateSettings(), missing)
    assert {each.gate for each in answers} == set(GATES)
    return [(each.gate, each.where) for each in answers if not each.passed]


def test_a_run_like_the_last_passes() -> None:
    assert failures(GOOD) == []
    assert failures(GOOD, None) == []


CASES: dict[str, tuple[ChainFacts, GateSettings, list[tuple[str, str]]]] = {
    "old": (GOOD, GateSettings(max_age=2), [("input_old", "orders")]),
    "new enough": (GOOD, GateSettings(max_age=3), []),
    "smaller": (
        replace(GOOD, inputs=(replace(MEMBERS, rows=799), ORDERS)),
        GateSettings(),
        [("input_small", "customers")],
    ),
    "as small as allowed": (
        replace(GOOD, inputs=(replace(MEMBERS, rows=800), ORDERS)),
        GateSettings(),
        [],
    ),
    "split in two files": (
        replace(
            GOOD,
            inputs=(
                replace(MEMBERS, rows=500),
                replace(MEMBERS, name="n.csv", rows=500),
                ORDERS,
            ),
        ),
        GateSettings(),
        [],
    ),
    "columns": (
        replace(GOOD, inputs=(replace(MEMBERS, columns=("name", "phone")), ORDERS)),
        GateSettings(),
        [("columns_changed", "customers: -tel"), ("columns_changed", "customers: +phone")],
    ),
    "doubtful": (replace(GOOD, invalid={"tel": 0.21}), GateSettings(), [("invalid_cells", "tel")]),
    "fewer duplicates": (
        replace(GOOD, customers=901),
        GateSettings(),
        [("duplicate_rate", "")],
    ),
    "a segment doubles": (
        replace(GOOD, segments={"loyal": 600, "new": 90}),
        GateSettings(),
        [("segment_size", "loyal")],
    ),
    "a segment is gone": (
        replace(GOOD, segments={"new": 90}),
        GateSettings(),
        [("segment_size", "loyal")],
    ),
    "a small segment may jump": (
        replace(GOOD, segments={"loyal": 300, "new": 20}),
        GateSettings(),
        [],
    ),
    "a list changes": (
        replace(GOOD, list_changes={"loyal.csv": 0.81}),
        GateSettings(),
        [("list_change", "loyal.csv")],
    ),
    "a row is lost": (
        replace(GOOD, people=Balance(into=1000, out=999)),
        GateSettings(),
        [("rows_conserved", "")],
    ),
    "a cent is lost": (
        replace(GOOD, money=Balance(into=5000.25, out=5000.24)),
        GateSettings(),
        [("money_conserved", "")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_gate_finds(name: str) -> None:
    now, settings, expected = CASES[name]
    assert failures(now, BEFORE, settings) == expected


def test_a_missing_input() -> None:
    assert failures(GOOD, missing=("exports/*.csv",)) == [("input_missing", "exports/*.csv")]


@pytest.mark.parametrize(
    ("fail_on", "stops"),
    [
        (("all",), set(GATES)),
        (("none",), set()),
        ((), set()),
        (("input_small", "rows_conserved"), {"input_small", "rows_conserved"}),
        (GATES, set(GATES)),
    ],
)
def test_which_gates_stop_a_run(fail_on: tuple[str, ...], stops: set[str]) -> None:
    assert stopping(fail_on) == stops
    answers = judge(GOOD, BEFORE, GateSettings(fail_on=fail_on))
    assert {each.gate for each in answers if each.stops} == stops


def test_an_unknown_gate_is_refused() -> None:
    with pytest.raises(UsageError) as raised:
        stopping(("input_smal",))
    assert raised.value.params["nearest"] == "input_small"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("gate", GATES)
def test_every_gate_has_words(gate: str, language: str) -> None:
    found = GateFacts(gate=gate, passed=False, stops=True, where="x", value=1.5, bound=1)
    said = say(gate_words(found), language)
    assert gate in said
    assert "{" not in said


def test_facts_are_read_back_the_same() -> None:
    facts = replace(GOOD, gates=judge(GOOD, BEFORE, GateSettings(max_age=1)))
    assert ChainFacts.from_json(facts.to_json()) == facts
