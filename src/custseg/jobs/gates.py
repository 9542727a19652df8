"""Gates: measures of a run that must not be too high, as the user says with ``--fail-on``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from custseg.cleanse.summary import CleanSummary
from custseg.errors import GateError, UsageError


@dataclass(frozen=True, slots=True)
class Gate:
    """One measure and the bound it must not pass."""

    measure: str
    bound: float
    written: str


_FORM: Final = re.compile(r"\s*([a-z_]+)\s*>\s*(\d+(?:\.\d+)?)\s*(%?)\s*")


def _quarantined(summary: CleanSummary) -> float:
    rows = sum(each.rows + each.quarantined for each in summary.inputs)
    return sum(each.quarantined for each in summary.inputs) / rows if rows else 0.0


def _doubtful(summary: CleanSummary) -> float:
    return max((each.doubtful for each in summary.columns), default=0.0)


def _duplicates(summary: CleanSummary) -> float:
    matching = summary.matching
    if matching is None or not matching.records:
        return 0.0
    return 1 - matching.customers / matching.records


def _review(summary: CleanSummary) -> float:
    zones = summary.matching.zones if summary.matching else ()
    return float(sum(zone.links for zone in zones if zone.zone == "review"))


MEASURES: Final[Mapping[str, Callable[[CleanSummary], float]]] = {
    "quarantined": _quarantined,
    "doubtful": _doubtful,
    "duplicates": _duplicates,
    "review": _review,
    "warnings": lambda summary: float(len(summary.warnings)),
}
"""``quarantined``: share of rows that could not be read. ``doubtful``: the largest share of
doubtful cells in a column. ``duplicates``: share of records that are not a customer's first.
``review``: pairs for a person to decide. ``warnings``: their number."""


def parse_gates(written: Sequence[str]) -> list[Gate]:
    """Read gates such as ``"quarantined>1%"`` or ``"review>200"``.

    Raises
    ------
    UsageError
        If one has another form, or names no known measure.
    """
    gates = []
    for text in written:
        match = _FORM.fullmatch(text)
        if match is None or match[1] not in MEASURES:
            raise UsageError("gates.form", given=text, measures=", ".join(MEASURES))
        bound = float(match[2]) / (100 if match[3] else 1)
        gates.append(Gate(match[1], bound, text))
    return gates


def check_gates(gates: Sequence[Gate], summary: CleanSummary) -> None:
    """Compare a run with its gates, after its outputs are written.

    Raises
    ------
    GateError
        For the first gate that does not hold.
    """
    for gate in gates:
        value = MEASURES[gate.measure](summary)
        if value > gate.bound:
            shown = f"{value:.4g}" if "%" not in gate.written else f"{100 * value:.2f} %"
            raise GateError("gates.failed", gate=gate.written, value=shown)
