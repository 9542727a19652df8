"""Gates: what must hold before a run of the chain is published.

Each compares the run with what is allowed, or with the run before; a first run has nothing to
be compared with, and passes those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from custseg.chain.facts import Balance, ChainFacts, GateFacts, InputKind
from custseg.config.schema import GATES, GateSettings
from custseg.errors import UsageError

KINDS: Final[tuple[InputKind, ...]] = ("customers", "orders", "events")

_GROWING: Final[tuple[InputKind, ...]] = ("customers", "orders")
"""What does not shrink from run to run. Fewer inquiries than last month are no fault."""

COMPARING: Final = frozenset(
    {"input_small", "columns_changed", "duplicate_rate", "segment_size", "list_change"}
)
"""Gates that compare a run with the one before."""

TELLING: Final = 101
"""Fewer customers than these make a percentage of one customer; no gate judges them."""

_CENT: Final = 0.005


def stopping(fail_on: Sequence[str]) -> frozenset[str]:
    """Give the gates that stop a run: some by name, ``all``, or ``none``.

    Raises
    ------
    UsageError
        For an unknown name, with the nearest known one.
    """
    for name in fail_on:
        if name not in (*GATES, "all", "none"):
            nearest = get_close_matches(name, [*GATES, "all", "none"], n=1, cutoff=0.0)[0]
            raise UsageError(
                "chain.unknown_gate", gate=name, nearest=nearest, gates=", ".join(GATES)
            )
    if "all" in fail_on:
        return frozenset(GATES)
    return frozenset(fail_on) - {"none"}


def judge(
    now: ChainFacts,
    before: ChainFacts | None,
    settings: GateSettings,
    missing: Iterable[str] = (),
) -> tuple[GateFacts, ...]:
    """Answer every gate.

    Parameters
    ----------
    now, before
        This run, and the one before; None for a first run.
    settings
        Bounds, and which gates stop a run.
    missing
        Inputs that are named and not there.

    Returns
    -------
    Every gate once where it holds, and each place where it does not.
    """
    stops = stopping(settings.fail_on)
    failed = [*_of_inputs(now, settings, missing), *_of_results(now, settings)]
    if before is not None:
        failed += _of_change(now, before, settings)
    by_gate: dict[str, list[GateFacts]] = {}
    for gate, where, value, bound in failed:
        found = GateFacts(
            gate=gate, passed=False, stops=gate in stops, where=where, value=value, bound=bound
        )
        by_gate.setdefault(gate, []).append(found)
    passed = {name: [GateFacts(gate=name, passed=True, stops=name in stops)] for name in GATES}
    return tuple(each for name in GATES for each in by_gate.get(name, passed[name]))


Failure = tuple[str, str, float, float]
"""Gate, where, value, bound."""


def _of_inputs(
    now: ChainFacts, settings: GateSettings, missing: Iterable[str]
) -> Iterator[Failure]:
    for pattern in missing:
        yield "input_missing", pattern, 0.0, 1.0
    for kind in KINDS:
        ages = [each.age for each in now.inputs if each.kind == kind]
        if settings.max_age is not None and ages and min(ages) > settings.max_age:
            yield "input_old", kind, round(min(ages), 2), settings.max_age


def _of_results(now: ChainFacts, settings: GateSettings) -> Iterator[Failure]:
    for column, share in now.invalid.items():
        if 100 * share > settings.max_invalid:
            yield "invalid_cells", column, round(100 * share, 2), settings.max_invalid
    if now.people is not None and not _balanced(now.people):
        yield "rows_conserved", "", now.people.out, now.people.into
    if now.money is not None and not _balanced(now.money):
        yield "money_conserved", "", now.money.out, now.money.into
    for name, change in now.list_changes.items():
        if 100 * change > settings.max_list_change:
            yield "list_change", name, round(100 * change, 2), settings.max_list_change


def _balanced(balance: Balance) -> bool:
    return abs(balance.into - balance.out) < _CENT


def _of_change(now: ChainFacts, before: ChainFacts, settings: GateSettings) -> Iterator[Failure]:
    for kind in _GROWING:
        shrunk = _shrink(before.rows(kind), now.rows(kind))
        if shrunk > settings.max_shrink:
            yield "input_small", kind, round(shrunk, 2), settings.max_shrink
    for kind in KINDS:
        for column in _changed_columns(now, before, kind):
            yield "columns_changed", f"{kind}: {column}", 0.0, 0.0
    if now.records and before.records:
        moved = 100 * (now.duplicates - before.duplicates)
        if abs(moved) > settings.max_duplicate_change:
            yield "duplicate_rate", "", round(moved, 2), settings.max_duplicate_change
    for name, change in _jumps(now.segments, before.segments):
        if abs(change) > settings.max_segment_change:
            yield "segment_size", name, round(change, 2), settings.max_segment_change


def _shrink(before: int, now: int) -> float:
    """Percentage of rows that are gone; 0 where there are more."""
    return max(100 * (before - now) / before, 0.0) if before else 0.0


def _changed_columns(now: ChainFacts, before: ChainFacts, kind: InputKind) -> list[str]:
    """Columns that came (``+``) or went (``-``) where both runs have files of the kind."""
    old, new = before.columns(kind), now.columns(kind)
    if not old or not new:
        return []
    gone, come = sorted(old - new), sorted(new - old)
    return [*(f"-{name}" for name in gone), *(f"+{name}" for name in come)]


def _jumps(now: Mapping[str, int], before: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    """Give the change in percent of every segment that was, or is, large enough to tell."""
    if not now or not before:
        return
    for name in sorted({*now, *before}):
        old, new = before.get(name, 0), now.get(name, 0)
        if max(old, new) >= TELLING:
            yield name, 100 * (new - old) / max(old, 1)
