"""What the reports of all runs share: warnings, and the closing lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from custseg.cleanse.summary import WarningSummary
from custseg.fields.registry import roles
from custseg.messages import catalog
from custseg.report.model import Block, Command, FieldName, Figure, Item, Joined, Lines, Words
from custseg.report.segment_names import feature_name
from custseg.tables.workbook import sheet_names

KEY_PARTS: Final = frozenset(
    {
        *("birth_year", "family", "family_initial", "family_prefix", "family_reading"),
        *("given", "given_initial", "given_prefix", "given_reading", "both_names"),
        *("postal_code", "postal_prefix", "house_number", "street", "email_local"),
    }
)
"""Parts of blocking keys with words of their own; the others are roles or columns."""

LISTS_WORKBOOK: Final = "segments/segments.xlsx"
"""The lists of segments as sheets of one file."""

_SEVERAL: Final = re.compile(r"[ _]\d+$")
"""The number of a column where a role has several."""


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
    files
        Names of the run's outputs.
    inside
        The folder that the run lies in, for who looks from outside of it, such as ``segment/``.
    listed
        Every list of the run, in order: what their sheets are called depends on each other.
    """

    folder: str
    inputs: tuple[str, ...]
    seconds: float
    peak_memory: int
    files: frozenset[str] = frozenset()
    inside: str = ""
    listed: tuple[str, ...] = ()

    def of_lists(self, names: Iterable[str]) -> RunFacts:
        """Give the same of a run with these lists."""
        return replace(self, listed=tuple(names))

    def file(self, name: str) -> str:
        """Give the output that is called `name`, with its ending."""
        found = (each for each in self.files if each.rpartition(".")[0] == name)
        return self.inside + min(found, default=name)

    def list_file(self, name: str) -> str:
        """Give the file that holds a list of a segment: its own, or one and the sheet in it."""
        own = f"segments/{name}"
        in_one = all(each.rpartition(".")[0] != own for each in self.files)
        if in_one and LISTS_WORKBOOK in self.files:
            return f"{self.inside}{LISTS_WORKBOOK} [{sheet_names(self.listed or [name])[name]}]"
        return self.file(own)

    def lists(self, folder: str) -> str:
        """Give where the lists of `folder` are: there, or in one file with a sheet for each."""
        if LISTS_WORKBOOK in self.files:
            return self.inside + LISTS_WORKBOOK
        return self.inside + folder


def key_name(key: str) -> Item:
    """Give what a blocking key is made of, such as ``"birth_date + family prefix"``, in words."""
    return Joined(tuple(_key_part(part) for part in key.split(" + ")), " + ")


def _key_part(part: str) -> Item:
    known = part.replace(" ", "_")
    if known in KEY_PARTS:
        return Words(f"match.key.{known}")
    return _field(part)


def _field(name: str) -> Item:
    """Give what a column of customers is called; one of several columns of a role by the role."""
    role = _SEVERAL.sub("", name)
    return FieldName(role if role in roles() else name)


def warnings(found: Iterable[WarningSummary]) -> list[Block]:
    """Give the warnings as a block; none where there is none."""
    rows: list[tuple[Item, Item]] = [
        (Words("report.mind") if number == 0 else "", Words(each.key, _texts(each.params)))
        for number, each in enumerate(found)
    ]
    return [Lines(tuple(rows), tone="doubtful")] if rows else []


def _texts(params: Mapping[str, object]) -> dict[str, Item]:
    return {name: _param(name, value) for name, value in params.items()}


def _param(name: str, value: object) -> Item:
    """Give numbers in the reader's way; columns, blocking keys and other messages in words."""
    if isinstance(value, int):
        return Figure(value, "people" if name == "customers" else "count")
    said = str(value)
    if name == "key":
        return key_name(said)
    if name == "feature":
        return feature_name(said)
    if name == "columns":
        columns = dict.fromkeys(_field(column) for column in said.split(", "))
        return Joined(tuple(columns), Words("report.list_separator"))
    return Words(said) if said in catalog("en") else said


def closing(facts: RunFacts, *arguments: str) -> Lines:
    """Give the last lines: time, memory, place, and the arguments of the command to run next.

    Without arguments there is nothing to run next.
    """
    memory = f"{facts.peak_memory / 1e6:,.0f} MB" if facts.peak_memory else "–"
    ran = " · ".join([f"{facts.seconds:,.1f} s", memory, facts.folder])
    rows: list[tuple[Item, Item]] = [(Words("report.ran"), ran)]
    if arguments:
        rows.append((Words("report.next"), Command(("custseg", *arguments))))
    return Lines(tuple(rows), tone="quiet")
