"""The numbers of a cleansing run: what the report shows and ``summary.json`` holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSummary:
    """One input file, as it was read."""

    name: str
    format: str
    encoding: str | None
    rows: int
    columns: int
    quarantined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSummary:
    """What standardizing did to one column. Shares are of all rows of the source, 0 to 1.

    Attributes
    ----------
    changed
        Cells written another way or repaired.
    doubtful
        Cells ambiguous, invalid, or with a better value suggested.
    empty
        Cells without a value, before or after.
    parsed
        For addresses, the share of filled cells understood down to the block; else None.
    """

    source: str
    column: str
    role: str
    changed: float
    doubtful: float
    empty: float
    parsed: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSummary:
    """Links of one zone of certainty: ``certain``, ``likely`` or ``review``."""

    zone: str
    links: int
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockingSummary:
    """One key by which pairs were found."""

    key: str
    pairs: int
    largest_block: int
    skipped_records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWeight:
    """What a field counts, in bits, where two records agree in it and where they differ."""

    field: str
    same: float
    different: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSummary:
    """Compared pairs, at or above the review threshold, whose weight is `low` bits to `low` + 1.

    Attributes
    ----------
    matches
        Those that were joined; the others are for a person to decide.
    """

    low: int
    pairs: int
    matches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingSummary:
    """Who was found to be whom, and by which weights."""

    records: int
    customers: int
    customers_with_several: int
    compared_pairs: int
    household_pairs_kept_apart: int
    zones: tuple[ZoneSummary, ...] = ()
    keys: tuple[BlockingSummary, ...] = ()
    evidence: tuple[str, ...] = ()
    weights: tuple[FieldWeight, ...] = ()
    households: int | None = None
    strengths: tuple[WeightSummary, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitySummary:
    """Scores from 0 to 100, before and after; by role where the role has one."""

    before: float
    after: float
    by_role: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningSummary:
    """A warning: its message key and the parameters of its words."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanSummary:
    """Everything the report of ``clean``, ``dedupe`` and ``standardize`` shows.

    `matching` is None for ``standardize``. `country` is the default country used, and
    `country_guessed` whether custseg judged it from the data. `record_roles` gives the role of
    each column of ``records`` that has one; `regions` how many customers live in each
    prefecture or state, the most first.
    """

    command: str
    inputs: tuple[InputSummary, ...]
    columns: tuple[ColumnSummary, ...] = ()
    matching: MatchingSummary | None = None
    quality: QualitySummary | None = None
    warnings: tuple[WarningSummary, ...] = ()
    country: str = ""
    country_guessed: bool = False
    record_roles: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the summary as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Take the summary from plain data, as :meth:`to_json` gave it."""
        matching, quality = data["matching"], data["quality"]
        return cls(
            command=data["command"],
            inputs=tuple(InputSummary(**each) for each in data["inputs"]),
            columns=tuple(ColumnSummary(**each) for each in data["columns"]),
            matching=_matching(matching) if matching else None,
            quality=_quality(quality) if quality else None,
            warnings=tuple(WarningSummary(**each) for each in data["warnings"]),
            country=data["country"],
            country_guessed=data["country_guessed"],
            record_roles=data["record_roles"],
            regions=data.get("regions", {}),
        )


def _matching(data: Mapping[str, Any]) -> MatchingSummary:
    return MatchingSummary(
        **{
            **data,
            "zones": tuple(ZoneSummary(**each) for each in data["zones"]),
            "keys": tuple(BlockingSummary(**each) for each in data["keys"]),
            "evidence": tuple(data["evidence"]),
            "weights": tuple(FieldWeight(**each) for each in data.get("weights", ())),
            "strengths": tuple(WeightSummary(**each) for each in data.get("strengths", ())),
        }
    )


def _quality(data: Mapping[str, Any]) -> QualitySummary:
    by_role = {role: (before, after) for role, (before, after) in data["by_role"].items()}
    return QualitySummary(before=data["before"], after=data["after"], by_role=by_role)
