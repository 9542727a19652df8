"""What earlier runs and people's decisions say, read from their files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from custseg.cleanse.match import MatchModel
from custseg.cleanse.merge.decisions import (
    Pair,
    as_decisions,
    contradictions,
    decided_pairs,
    follow,
    read_answers,
)
from custseg.cleanse.merge.ids import IdBook
from custseg.errors import InputError
from custseg.hashing import UInts
from custseg.jobs.monitor import Monitor
from custseg.jobs.stored import read_stored
from custseg.tables import ReadOptions, read_manifest, read_table

MODEL_FILE = "match_model.json"
COMPARED_TABLE = "compared"
"""Standard values of the records, where ``records`` holds them as they were given."""
KEYS_TABLE = "record_keys"
IDS_TABLE = "id_book"
DECISIONS_TABLE = "decisions"
CONTRADICTIONS_TOLD = 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where an earlier run's, or a person's, decisions stand; each part may be absent.

    Attributes
    ----------
    previous
        Folder of the earlier run: its customers keep their ids, its decisions stay.
    decisions
        A ``review.csv`` filled in by a person.
    match_model
        A ``match_model.json``, or the folder of the run that wrote it.
    """

    previous: str | Path | None = None
    decisions: str | Path | None = None
    match_model: str | Path | None = None


def read_book(folder: str | Path) -> IdBook:
    """Read the ids that an earlier run gave.

    Raises
    ------
    InputError
        If the folder is no run of ``clean`` or ``dedupe``.
    """
    run = Path(folder)
    command = read_manifest(run).command
    if command not in ("clean", "dedupe"):
        raise InputError("explain.not_clean", path=str(folder), command=command)
    ids = read_stored(run, IDS_TABLE)
    since = ids.column("since").cast("int64")
    ids = ids.set_column(ids.schema.get_field_index("since"), "since", since)
    return IdBook(read_stored(run, KEYS_TABLE), ids)


def read_model(given: str | Path) -> MatchModel:
    """Read a fitted match model from its file, or from the run that wrote it.

    Raises
    ------
    InputError
        If there is none, or it is damaged.
    """
    path = Path(given)
    if path.is_dir():
        path = path / MODEL_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("runs.no_table", path=str(given), name=MODEL_FILE) from error
    return MatchModel.from_json(text)


@dataclass(frozen=True, slots=True)
class KnownDecisions:
    """Every decision a person has made.

    Attributes
    ----------
    table
        As :func:`~custseg.cleanse.merge.decisions.read_decisions` gives it.
    new
        Those of the file that is given now.
    name
        That file's name.
    """

    table: pa.Table
    new: pa.Table
    name: str = ""


def read_known_decisions(
    earlier: Earlier, monitor: Monitor, remembered: pa.Table | None = None
) -> KnownDecisions:
    """Read every decision a person has made: those the earlier run knew, and new ones.

    Parameters
    ----------
    monitor
        Is told what contradicts itself.
    remembered
        What is known from elsewhere, which newer decisions replace.

    Raises
    ------
    InputError
        If the file cannot be read, or a word in it is unknown.
    """
    known: dict[Pair, str] = {}
    places: dict[Pair, str] = {}

    def take(table: pa.Table, name: str) -> dict[Pair, str]:
        answers = read_answers(table)
        found = {pair: answer.decision for pair, answer in answers.items()}
        known.update(found)
        places.update((pair, f"{name}:{answer.row}") for pair, answer in answers.items())
        return found

    new: dict[Pair, str] = {}
    if remembered is not None:
        take(remembered, "--base")
    if earlier.previous is not None:
        folder = Path(earlier.previous)
        read_manifest(folder)  # says so where this is no run
        take(read_stored(folder, DECISIONS_TABLE), f"{folder.name}/{DECISIONS_TABLE}")
    if earlier.decisions is not None:
        path = Path(earlier.decisions)
        new = take(read_table(path, ReadOptions(allow_empty=True)).table, path.name)
    found = contradictions(known)
    for different, same in found[:CONTRADICTIONS_TOLD]:
        chain = ", ".join(places[pair] for pair in same)
        monitor.warn("merge.contradiction", different=places[different], same=chain)
    if more := len(found[CONTRADICTIONS_TOLD:]):
        monitor.warn("merge.more_contradictions", count=more)
    name = Path(earlier.decisions).name if earlier.decisions is not None else ""
    return KnownDecisions(as_decisions(known), as_decisions(new), name)


def decisions_now(
    decided: KnownDecisions, keys: UInts, known: UInts | None, monitor: Monitor
) -> pa.Table:
    """Give the decisions under the keys that the records have now.

    Parameters
    ----------
    keys, known
        Fingerprints of the records, and those of before they were corrected; None without an
        earlier run.
    monitor
        Is told of new decisions about records that are not there.
    """
    table, new = decided.table, decided.new
    if known is not None:
        table, new = follow(table, keys, known), follow(new, keys, known)
    if elsewhere := decided_pairs(new, keys).elsewhere:
        monitor.warn("merge.decisions_elsewhere", name=decided.name, count=elsewhere)
    return table
