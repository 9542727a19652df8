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
    read_answers,
)
from custseg.cleanse.merge.ids import IdBook
from custseg.errors import InputError
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


def read_known_decisions(
    earlier: Earlier, monitor: Monitor, remembered: pa.Table | None = None
) -> pa.Table:
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

    def take(table: pa.Table, name: str) -> None:
        for pair, answer in read_answers(table).items():
            known[pair] = answer.decision
            places[pair] = f"{name}:{answer.row}"

    if remembered is not None:
        take(remembered, "--base")
    if earlier.previous is not None:
        folder = Path(earlier.previous)
        take(read_stored(folder, DECISIONS_TABLE), f"{folder.name}/{DECISIONS_TABLE}")
    if earlier.decisions is not None:
        path = Path(earlier.decisions)
        take(read_table(path, ReadOptions(allow_empty=True)).table, path.name)
    found = contradictions(known)
    for different, same in found[:CONTRADICTIONS_TOLD]:
        chain = ", ".join(places[pair] for pair in same)
        monitor.warn("merge.contradiction", different=places[different], same=chain)
    if more := len(found[CONTRADICTIONS_TOLD:]):
        monitor.warn("merge.more_contradictions", count=more)
    return as_decisions(known)
