"""Gates of --fail-on."""

from __future__ import annotations

import pytest

from custseg.cleanse.summary import (
    CleanSummary,
    ColumnSummary,
    InputSummary,
    MatchingSummary,
    ZoneSummary,
)
from custseg.errors import ExitCode, GateError, UsageError
from custseg.jobs.gates import check_gates, parse_gates

SUMMARY = CleanSummary(
    command="clean",
    inputs=(
        InputSummary(
            name="a.csv", format="csv", encoding="utf-8", rows=98, columns=3, quarantined=2
        ),
    ),
    columns=(
        ColumnSummary(
            source="a.csv", column="tel", role="phone", changed=0.5, doubtful=0.04, empty=0.1
        ),
    ),
    matching=MatchingSummary(
        records=98,
        customers=70,
        customers_with_several=20,
        compared_pairs=300,
        household_pairs_kept_apart=4,
        zones=(
            ZoneSummary(zone="certain", links=25, probability=0.99),
            ZoneSummary(zone="review", links=7, probability=0.5),
        ),
    ),
)


@pytest.mark.parametrize(
    ("gate", "holds"),
    [
        ("quarantined>2%", True),
        ("quarantined>1.9%", False),
        ("doubtful > 0.04", True),
        ("doubtful>3%", False),
        ("duplicates>28%", False),
        ("duplicates>29%", True),
        ("review>7", True),
        ("review>6", False),
        ("warnings>0", True),
    ],
)
def test_a_gate_holds_up_to_its_bound(gate: str, holds: bool) -> None:
    gates = parse_gates([gate])
    if holds:
        check_gates(gates, SUMMARY)
        return
    with pytest.raises(GateError) as caught:
        check_gates(gates, SUMMARY)
    assert caught.value.exit_code is ExitCode.GATE_FAILED
    assert caught.value.params["gate"] == gate


@pytest.mark.parametrize("gate", ["", "quarantined", "quarantined<1", "rows>1", "review>-1"])
def test_what_is_no_gate_is_refused(gate: str) -> None:
    with pytest.raises(UsageError, match="no gate"):
        parse_gates([gate])


def test_a_summary_survives_its_json() -> None:
    assert CleanSummary.from_json(SUMMARY.to_json()) == SUMMARY
