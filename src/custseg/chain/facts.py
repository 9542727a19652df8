"""What is known of a run of the chain: kept in its ``summary.json``, compared with the next.

Counts, names of files, columns and segments; never a customer's cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from custseg.cleanse.summary import WarningSummary

InputKind = Literal["customers", "orders", "events"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFacts:
    """A file that the chain reads.

    Attributes
    ----------
    kind
        Which setting names it.
    age
        Days since it was last changed, when the run began.
    rows, columns
        Rows, those that could not be read included, and the header; None and empty until it
        is read.
    """

    kind: InputKind
    name: str
    sha256: str
    bytes: int
    age: float = 0.0
    rows: int | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Something that must come out as it went in: rows of people, or money of orders."""

    into: float
    out: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """One command of the chain.

    Attributes
    ----------
    key
        Stands for everything its result depends on.
    reused
        Whether the result of the run before was taken.
    """

    name: str
    key: str
    reused: bool
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """How a gate was answered.

    Attributes
    ----------
    gate
        Its name.
    passed
        Whether it holds.
    stops
        Whether the run must not be published where it does not.
    where
        The input, column, segment or list it is about; empty for the whole run.
    value, bound
        What was found, and what is allowed.
    """

    gate: str
    passed: bool
    stops: bool
    where: str = ""
    value: float = 0.0
    bound: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFacts:
    """A whole run.

    Attributes
    ----------
    records, customers
        Of the cleaned people.
    invalid
        Largest share of doubtful cells by column.
    segments, lists
        Customers by named segment, and by file of contacts.
    list_changes
        Share of a list's members that changed since the run before, 0 to 1.
    people, money
        What went in and came out.
    """

    name: str
    previous: str = ""
    inputs: tuple[InputFacts, ...] = ()
    steps: tuple[StepFacts, ...] = ()
    records: int = 0
    customers: int = 0
    orders: int = 0
    invalid: Mapping[str, float] = field(default_factory=dict)
    segments: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, int] = field(default_factory=dict)
    list_changes: Mapping[str, float] = field(default_factory=dict)
    people: Balance | None = None
    money: Balance | None = None
    gates: tuple[GateFacts, ...] = ()
    warnings: tuple[WarningSummary, ...] = ()

    @property
    def duplicates(self) -> float:
        """Share of records that are not the first of their customer, 0 to 1."""
        return 1 - self.customers / self.records if self.records else 0.0

    def rows(self, kind: InputKind) -> int:
        """Rows of all inputs of a kind."""
        return sum(each.rows or 0 for each in self.inputs if each.kind == kind)

    def columns(self, kind: InputKind) -> set[str]:
        """Columns that any input of a kind has."""
        return {name for each in self.inputs if each.kind == kind for name in each.columns}

    def key(self, step: str) -> str:
        """Key of a step; empty where the run did not take it."""
        return next((each.key for each in self.steps if each.name == step), "")

    def to_json(self) -> dict[str, Any]:
        """Give plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Take plain data, as :meth:`to_json` gave it."""
        inputs = tuple(
            InputFacts(**{**each, "columns": tuple(each["columns"])}) for each in data["inputs"]
        )
        return cls(
            **{
                **data,
                "inputs": inputs,
                "steps": tuple(StepFacts(**each) for each in data["steps"]),
                "people": Balance(**data["people"]) if data["people"] else None,
                "money": Balance(**data["money"]) if data["money"] else None,
                "gates": tuple(GateFacts(**each) for each in data["gates"]),
                "warnings": tuple(WarningSummary(**each) for each in data["warnings"]),
            }
        )
