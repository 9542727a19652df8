"""The numbers of an audience run: what the report shows and ``summary.json`` holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from custseg.audience.lists import Overlap
from custseg.cleanse.summary import InputSummary, WarningSummary
from custseg.segment.summary import from_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetList:
    """One list: its name, the name of its folder, what was asked for, its members."""

    name: str
    file: str
    wanted: str
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformFile:
    """One list for one platform.

    Attributes
    ----------
    version
        State of the platform's rules.
    rows
        Rows of ``full``; `added` + `kept`.
    removed
        Rows of ``removed``.
    left_out
        Members who are not in it, by reason; with `customers` they are all members.
    rejects
        Values that could not be written, by reason.
    parts
        Files that ``full`` was cut into.
    """

    list: str
    platform: str
    version: str
    customers: int
    rows: int
    added: int
    kept: int
    removed: int
    left_out: Mapping[str, int]
    rejects: Mapping[str, int]
    parts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceSummary:
    """Everything the report of ``audience make`` shows.

    Attributes
    ----------
    as_of
        The day whose consents hold.
    customers
        Customers there are to choose from.
    suppressed
        Rows of the lists of opt-outs.
    compared
        Whether the lists were compared with an earlier run.
    campaign, holdout, held_out
        The campaign whose holdout group is left out, its share, and its members of any list.
    """

    as_of: str
    inputs: tuple[InputSummary, ...]
    customers: int
    lists: tuple[TargetList, ...]
    files: tuple[PlatformFile, ...]
    overlaps: tuple[Overlap, ...] = ()
    suppressed: int = 0
    compared: bool = False
    campaign: str = ""
    holdout: float = 0.0
    held_out: int = 0
    warnings: tuple[WarningSummary, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Give the summary as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Take the summary from plain data, as :meth:`to_json` gave it."""
        made: Self = from_plain(cls, data)
        return made
