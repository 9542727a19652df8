"""The report of ``run``: what was read and done, which gates hold, what was published."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Final

from custseg.chain.facts import ChainFacts, GateFacts, InputKind
from custseg.chain.gates import KINDS
from custseg.report.common import warnings
from custseg.report.model import (
    Block,
    Column,
    Command,
    Counted,
    Figure,
    Item,
    Joined,
    Lines,
    Report,
    Table,
    Tone,
    Toned,
    Words,
)
from custseg.report.segment_names import name_of

_NOT_DONE: Final = ("planned", "idle")
"""How a run ended of which only is said what it would do."""

_FAILURES_SHOWN: Final = 8
"""Failed gates that are told one by one; the rest are counted."""


def chain_report(
    facts: ChainFacts,
    *,
    status: str,
    root: str,
    folder: str,
    removed: tuple[str, ...] = (),
    also_read: tuple[str, ...] = (),
    before: Mapping[str, int] | None = None,
) -> Report:
    """Build the report of a run of the chain.

    Parameters
    ----------
    facts
        What is known of it.
    status
        ``done``, ``unchanged``, ``stopped``, ``planned`` or ``idle``.
    root, folder
        Where runs stand, and where this one, or the latest one, does.
    removed
        Older runs that were, or would be, removed.
    also_read
        Files that a planned run would read beside its inputs.
    before
        Customers by segment in the run before.
    """
    planned = status in _NOT_DONE
    blocks: list[Block] = [_inputs(facts)]
    if also_read:
        rows = ((Words("chain.also") if at == 0 else "", each) for at, each in enumerate(also_read))
        blocks.append(Lines(tuple(rows)))
    if facts.steps:
        blocks.append(_steps(facts, planned=planned))
    if facts.records or facts.orders:
        blocks.append(_found(facts))
    if facts.segments and before:
        blocks.append(_moved(facts, before))
    blocks.append(_gates(facts, planned=planned))
    blocks += warnings(facts.warnings)
    blocks.append(_closing(facts, status, root, folder, removed))
    return Report("run", tuple(blocks))


def _inputs(facts: ChainFacts) -> Table:
    rows: list[tuple[Item, ...]] = []
    for kind in KINDS:
        named = [each for each in facts.inputs if each.kind == kind]
        rows += [
            (
                Words(f"chain.kind.{kind}") if number == 0 else "",
                each.name,
                Figure(each.rows) if each.rows is not None else "",
                Words("chain.kilobytes", {"size": Figure(ceil(each.bytes / 1000))}),
                Words("chain.age", {"days": Figure(round(each.age, 1), "number")}),
            )
            for number, each in enumerate(named)
        ]
    return Table(
        columns=(
            Column(Words("chain.read")),
            Column(),
            Column(Words("chain.rows"), right=True),
            Column(Words("chain.size"), right=True),
            Column(Words("chain.changed"), right=True),
        ),
        rows=tuple(rows),
    )


def _steps(facts: ChainFacts, *, planned: bool) -> Lines:
    rows: list[tuple[Item, Item]] = []
    for number, step in enumerate(facts.steps):
        if step.reused:
            said: Item = Words("chain.reused", {"previous": facts.previous})
        elif planned:
            said = Words("chain.to_do")
        else:
            said = Words("chain.made", {"seconds": Figure(step.seconds, "number")})
        line = Words("chain.step_line", {"step": f"custseg {step.name}", "said": said})
        rows.append((Words("chain.steps") if number == 0 else "", line))
    return Lines(tuple(rows))


def _found(facts: ChainFacts) -> Lines:
    parts: list[Item] = []
    if facts.records:
        params = {
            "records": Counted(facts.records, "record"),
            "customers": Counted(facts.customers, "customer"),
        }
        parts.append(Words("chain.people", params))
    if facts.orders:
        parts.append(Words("chain.orders", {"orders": Counted(facts.orders, "order")}))
    if facts.lists:
        parts.append(Words("chain.lists", {"count": Figure(len(facts.lists))}))
    return Lines(((Words("chain.found"), Joined(tuple(parts), " · ")),))


def _moved(facts: ChainFacts, before: Mapping[str, int]) -> Table:
    names = sorted({*facts.segments, *before}, key=lambda name: -facts.segments.get(name, 0))
    rows = tuple(
        (
            name_of(name),
            Figure(facts.segments.get(name, 0)),
            Figure(before.get(name, 0)),
            _signed(facts.segments.get(name, 0) - before.get(name, 0)),
        )
        for name in names
        if facts.segments.get(name, 0) or before.get(name, 0)
    )
    return Table(
        columns=(
            Column(Words("report.segment")),
            Column(Words("report.customers"), right=True),
            Column(Words("chain.before"), right=True),
            Column(Words("chain.change"), right=True),
        ),
        rows=rows,
    )


def _signed(change: int) -> Item:
    return f"{change:+,}" if change else "±0"


def _gates(facts: ChainFacts, *, planned: bool) -> Lines:
    failed = failed_gates(facts)
    if not failed:
        key = "chain.gates_not_yet" if planned else "chain.gates_hold"
        held = {each.gate for each in facts.gates}
        said = Words(key, {"count": Figure(len(held))})
        return Lines(((Words("chain.gates"), Toned(said, "plain" if planned else "good")),))
    rows = ((Words("chain.gates") if at == 0 else "", each) for at, each in enumerate(failed))
    return Lines(tuple(rows))


def failed_gates(facts: ChainFacts) -> list[Item]:
    """Say of each gate that does not hold what was found; those that stop a run come first."""
    failed = [each for each in facts.gates if not each.passed]
    failed.sort(key=lambda each: not each.stops)
    said: list[Item] = [
        Toned(gate_words(each), "bad" if each.stops else "doubtful")
        for each in failed[:_FAILURES_SHOWN]
    ]
    if (more := len(failed) - _FAILURES_SHOWN) > 0:
        said.append(Words("report.and_more", {"count": Figure(more)}))
    return said


def gate_words(gate: GateFacts) -> Words:
    """Say what was found at a gate that does not hold, and what is allowed."""
    kinds: tuple[InputKind, ...] = KINDS
    where: Item = Words(f"chain.kind.{gate.where}") if gate.where in kinds else gate.where
    if gate.gate == "segment_size":
        where = name_of(gate.where)
    params: dict[str, Item] = {
        "where": where,
        "value": Figure(gate.value, "number"),
        "bound": Figure(gate.bound, "number"),
    }
    key = f"chain.gate.{gate.gate}"
    return Words("chain.gate_line", {"gate": gate.gate, "said": Words(key, params)})


def _closing(
    facts: ChainFacts, status: str, root: str, folder: str, removed: tuple[str, ...]
) -> Lines:
    tone: Tone = "bad" if status == "stopped" else "plain"
    said = Words(
        f"chain.status.{status}",
        {"folder": folder, "root": root, "previous": facts.previous or "–"},
    )
    rows: list[tuple[Item, Item]] = [(Words("chain.result"), Toned(said, tone))]
    if removed:
        key = "chain.would_remove" if status in _NOT_DONE else "chain.removed"
        rows.append(("", Words(key, {"runs": ", ".join(removed)})))
    if status in ("done", "unchanged") and facts.steps:
        last = f"{root}/latest/{facts.steps[-1].name}"
        rows.append((Words("report.next"), Command(("custseg", "report", last))))
    return Lines(tuple(rows))
