"""What a run of the chain holds, read from its folder: so a step that was reused counts too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.chain.facts import Balance, ChainFacts, InputFacts, InputKind
from custseg.chain.gates import TELLING
from custseg.cleanse.summary import CleanSummary
from custseg.errors import InputError
from custseg.jobs.audience_past import STATE
from custseg.jobs.list_sheets import WORKBOOK, read_lists
from custseg.jobs.stored import read_stored, read_summary
from custseg.segment.summary import SegmentSummary
from custseg.tables import Manifest, read_manifest, read_table

CLEAN: Final = "clean"
SEGMENT: Final = "segment"
BASKET: Final = "basket"
AUDIENCE: Final = "audience"
LISTS: Final = "segments/"

_OFFER: Final = re.compile(r"lists/(next_)?\d+_(.+)")
"""The file of an offer, its number apart: which pairs are best, and in what order, is no name."""


def with_people(facts: ChainFacts, folder: Path) -> ChainFacts:
    """Add what the cleaned people in `folder` say.

    Raises
    ------
    InputError
        If an input changed while it was read.
    """
    manifest = read_manifest(folder)
    summary = read_summary(folder, CleanSummary)
    invalid: dict[str, float] = {}
    for column in summary.columns:
        invalid[column.column] = max(invalid.get(column.column, 0.0), column.doubtful)
    inputs = with_rows(facts.inputs, "customers", manifest)
    into = sum(each.rows or 0 for each in inputs if each.kind == "customers")
    out = sum(_rows(manifest, name) for name in ("records", "quarantine"))
    out += int(manifest.counts.get("forgotten", 0))
    return replace(
        facts,
        inputs=inputs,
        records=summary.matching.records if summary.matching else 0,
        customers=summary.matching.customers if summary.matching else 0,
        invalid=invalid,
        people=Balance(into=into, out=out),
    )


def with_segments(facts: ChainFacts, folder: Path) -> ChainFacts:
    """Add what the segments in `folder` say.

    Raises
    ------
    InputError
        If an input changed while it was read.
    """
    manifest = read_manifest(folder)
    summary = read_summary(folder, SegmentSummary)
    rows = summary.segments.rows if summary.segments else ()
    spent = read_stored(folder, "scores").column("monetary").cast(pa.float64())
    orders = summary.orders
    if orders is None:
        raise InputError("segment.model_without", part="orders")
    left_out = sum(each.money for each in orders.excluded)
    out = (pc.sum(spent).as_py() or 0.0) + left_out
    return replace(
        facts,
        inputs=with_rows(with_rows(facts.inputs, "orders", manifest), "events", manifest),
        orders=orders.orders,
        segments={row.name: row.customers for row in rows},
        # Under these names whether they are files of their own or sheets of one.
        lists={f"{each.file}.csv": each.customers for each in summary.lists},
        money=Balance(into=round(orders.money, 4), out=round(out, 4)),
    )


def with_baskets(facts: ChainFacts, folder: Path) -> ChainFacts:
    """Add the sizes of the lists of offers in `folder`, by the pair each is about.

    Raises
    ------
    InputError
        If an input changed while it was read.
    """
    manifest = read_manifest(folder)
    rows = {each.name: each.rows or 0 for each in manifest.outputs}
    sizes = {name: rows[file] for name, file in _offers(manifest).items()}
    inputs = with_rows(facts.inputs, "orders", manifest)
    return replace(facts, inputs=inputs, lists={**facts.lists, **sizes})


def _offers(manifest: Manifest) -> dict[str, str]:
    """Give the file of each pair that no other shares its name with."""
    found = [
        (f"{BASKET}/{match[1] or ''}{match[2]}", each.name)
        for each in manifest.outputs
        if (match := _OFFER.fullmatch(each.name))
    ]
    times = Counter(name for name, _ in found)
    return {name: file for name, file in found if times[name] == 1}


def with_audience(facts: ChainFacts, folder: Path) -> ChainFacts:
    """Add the sizes of the target lists in `folder`."""
    sizes = {
        f"{AUDIENCE}/{each.name}": each.rows or 0
        for each in read_manifest(folder).outputs
        if each.name.rpartition("/")[2].startswith("full.")
    }
    return replace(facts, lists={**facts.lists, **sizes})


def with_rows(
    facts: Iterable[InputFacts], kind: InputKind, manifest: Manifest
) -> tuple[InputFacts, ...]:
    """Add the rows of the inputs of a kind, as the step that read them counted.

    Raises
    ------
    InputError
        If an input is not what it was when the run began.
    """
    read = {(each.name, each.sha256): each for each in manifest.inputs}
    names = {name for name, _ in read}
    counted = []
    for each in facts:
        if each.kind != kind:
            counted.append(each)
        elif found := read.get((each.name, each.sha256)):
            counted.append(replace(each, rows=found.rows + found.quarantined))
        elif each.name in names:
            raise InputError("chain.input_changed", name=each.name)
        else:
            # Of two order files that are the same, one is read.
            counted.append(replace(each, rows=0))
    return tuple(counted)


def _rows(manifest: Manifest, name: str) -> int:
    return sum(each.rows or 0 for each in manifest.outputs if each.name.rpartition(".")[0] == name)


def list_changes(now: ChainFacts, before: ChainFacts, new: Path, old: Path) -> Mapping[str, float]:
    """Give the share of each list's members that changed since the run before, 0 to 1.

    A list that the run before did not have is new, not changed; one that is gone lost them all,
    unless it was an offer: which pairs are worth one is found anew in every run.

    Parameters
    ----------
    now, before
        The two runs.
    new, old
        Their folders. A customer merged into another since then is that other.
    """
    merged = _merged(new / CLEAN)
    here_sheets, there_sheets = _in_workbook(new), _in_workbook(old)
    changes = {}
    for name in sorted(before.lists):
        if name.startswith(f"{BASKET}/") and name not in now.lists:
            continue
        sizes = [now.lists.get(name, 0), before.lists[name]]
        if max(sizes) < TELLING:
            continue
        here, there = _members(new, name, here_sheets), _members(old, name, there_sheets)
        there = {merged.get(each, each) for each in there}
        most = max(len(here), len(there))
        changes[name] = round(1 - len(here & there) / most, 6) if most else 0.0
    return changes


def _in_workbook(run: Path) -> dict[str, pa.Table]:
    """Give the lists of segments that are sheets of one file; none where they are files."""
    folder = run / SEGMENT
    return read_lists(folder) if (folder / f"{WORKBOOK}.xlsx").is_file() else {}


def _members(run: Path, name: str, sheets: Mapping[str, pa.Table]) -> set[str]:
    if name.startswith(f"{AUDIENCE}/"):
        table = _sent(run / AUDIENCE, name)
    else:
        path = _offered(run / BASKET, name) or run / SEGMENT / LISTS / name
        table = read_table(path).table if path.is_file() else sheets.get(name.removesuffix(".csv"))
    if table is None:
        return set()
    return {str(each) for each in table.column("customer_id").to_pylist()}


def _offered(folder: Path, name: str) -> Path | None:
    """Find the list of an offer; None for the name of another list."""
    if not name.startswith(f"{BASKET}/"):
        return None
    return folder / _offers(read_manifest(folder))[name]


def _sent(folder: Path, name: str) -> pa.Table | None:
    """Read what was sent of a list to a platform; `name` is ``audience/lists/LIST/PLATFORM/…``."""
    _, _, list_, platform, _ = name.split("/")
    if not folder.is_dir():
        return None
    known = {each.name.rpartition(".")[0] for each in read_manifest(folder).outputs}
    state = f"{STATE}/{list_}.{platform}"
    return read_stored(folder, state) if state in known else None


def _merged(clean: Path) -> dict[str, str]:
    if not clean.is_dir():
        return {}
    history = read_stored(clean, "id_history")
    merged = history.filter(pc.equal(history.column("event"), "merged"))
    pairs = zip(merged.column("old").to_pylist(), merged.column("new").to_pylist(), strict=True)
    return {str(old): str(new) for old, new in pairs}
