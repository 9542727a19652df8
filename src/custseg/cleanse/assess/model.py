"""What is known of the quality of a table: numbers, findings, and what it can be used for.

Everything here is counts and codes: no cell of a customer ever stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

DIMENSIONS: Final = ("cells", "consistency", "uniqueness", "freshness")
"""What the score is made of, in the order of the report."""

Verdict = Literal["yes", "partly", "no"]
"""``partly``: it can be done for some of the records, or something is in doubt."""


@dataclass(frozen=True, slots=True)
class ColumnQuality:
    """The quality of one column. Shares are of all rows, 0 to 1, unless said otherwise.

    Attributes
    ----------
    filled
        Cells with a value that does not mean "nothing".
    valid
        Of the filled cells, those that are right: standard, or certain to be made so.
    standard
        Of the filled cells, those that are standard as they stand.
    score
        0 to 100; None where a column says nothing (empty and optional, or free text).
    weight
        Its part in the score of the cells.
    """

    column: str
    role: str
    filled: float
    valid: float
    standard: float
    score: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class QualityScore:
    """One number for a table, and what it is made of.

    Attributes
    ----------
    score
        0 to 100; None for a table without rows or without a column to judge.
    dimensions
        Each of :data:`DIMENSIONS` that could be measured, 0 to 100.
    columns
        By column, in the order of the table.
    """

    score: float | None
    dimensions: Mapping[str, float]
    columns: tuple[ColumnQuality, ...]

    def by_role(self) -> dict[str, float]:
        """Give the mean score by role, of the roles that have one."""
        found: dict[str, list[float]] = {}
        for column in self.columns:
            if column.score is not None:
                found.setdefault(column.role.partition(":")[0], []).append(column.score)
        return {role: sum(scores) / len(scores) for role, scores in found.items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a table that a person should know.

    Attributes
    ----------
    code
        A stable word; ``assess.finding.CODE`` is its message, with the other members and
        `numbers` as fields.
    columns
        The columns it is about.
    rows
        Rows it touches.
    share
        `rows` in all rows, 0 to 1.
    numbers
        Further numbers of the message.
    """

    code: str
    columns: tuple[str, ...]
    rows: int
    share: float
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Support:
    """Whether the data can carry one use, such as an e-mail campaign.

    Attributes
    ----------
    use
        A stable word; ``assess.use.USE`` names it.
    records
        Rows that have all it needs.
    share
        `records` in all rows, 0 to 1.
    missing
        Roles that no column has and without which it cannot be done, or not lawfully.
    """

    use: str
    verdict: Verdict
    records: int
    share: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """The quality of one table before anything is changed.

    Attributes
    ----------
    source
        Name of the input.
    rows, columns
        Its size.
    quality
        The score and what it is made of.
    findings
        The gravest first.
    support
        What the data can be used for, in the order of the report.
    """

    source: str
    rows: int
    columns: int
    quality: QualityScore
    findings: tuple[Finding, ...]
    support: tuple[Support, ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as plain dictionaries, lists, texts and numbers."""
        return asdict(self)
