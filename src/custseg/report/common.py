"""What the reports of all runs share: warnings, and the closing lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from custseg.cleanse.summary import WarningSummary
from custseg.messages import catalog
from custseg.report.model import Block, Command, Figure, Item, Lines, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What the manifest says beside the summary.

    Attributes
    ----------
    folder
        The run's folder, as the user wrote it.
    inputs
        The inputs' names.
    seconds
        Wall-clock time of all stages.
    peak_memory
        In bytes; 0 where the system does not tell.
    """

    folder: str
    inputs: tuple[str, ...]
    seconds: float
    peak_memory: int


def warnings(found: Iterable[WarningSummary]) -> list[Block]:
    """Give the warnings as a block; none where there is none."""
    rows: list[tuple[Item, Item]] = [
        (Words("report.mind") if number == 0 else "", Words(each.key, _texts(each.params)))
        for number, each in enumerate(found)
    ]
    return [Lines(tuple(rows), tone="doubtful")] if rows else []


def _texts(params: Mapping[str, object]) -> dict[str, Item]:
    """Numbers in the reader's way; a parameter that is itself a message, in words."""
    known = catalog("en")
    return {
        name: Figure(value)
        if isinstance(value, int)
        else Words(str(value))
        if str(value) in known
        else str(value)
        for name, value in params.items()
    }


def closing(facts: RunFacts, *arguments: str) -> Lines:
    """Give the last lines: time, memory, place, and the arguments of the command to run next."""
    memory = f"{facts.peak_memory / 1e6:,.0f} MB" if facts.peak_memory else "–"
    ran = " · ".join([f"{facts.seconds:,.1f} s", memory, facts.folder])
    rows: tuple[tuple[Item, Item], ...] = (
        (Words("report.ran"), ran),
        (Words("report.next"), Command(("custseg", *arguments))),
    )
    return Lines(rows, tone="quiet")
