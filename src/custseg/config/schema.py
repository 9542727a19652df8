"""Every setting, its type, its default and its bounds: the one place that names them.

A field's ``about`` key points to its words in :mod:`custseg.messages`; the reference in docs/ and
the commented template come from here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


def _between(low: float, high: float) -> Any:
    return {"between": (low, high)}


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSettings:
    """How tables are read."""

    encoding: str | None = None
    delimiter: str | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    on_bad_rows: Literal["quarantine", "fail"] = "quarantine"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSettings:
    """How tables and reports are written."""

    format: Literal["csv", "parquet", "xlsx"] | None = None
    encoding: str = "utf-8"
    reader: Literal["excel"] | None = None
    lang: Literal["en", "ja"] | None = None
    provenance: bool = False
    mask_below: int = field(default=10, metadata=_between(1, 1_000_000))
    workbook: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardizeSettings:
    """What a cell cannot say of itself."""

    country: str | None = None
    phone_format: Literal["e164", "national"] = "e164"
    date_order: Literal["dmy", "mdy", "ymd"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSettings:
    """When two records are one person."""

    threshold: float = field(default=0.5, metadata=_between(0.5, 1.0))
    sure: float = field(default=0.9, metadata=_between(0.5, 1.0))
    review: float = field(default=0.5, metadata=_between(0.0, 1.0))
    link_only: bool = False
    source_priority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSettings:
    """How orders become scores, segments and clusters."""

    as_of: str | None = None
    method: Literal["quantile", "rank-first", "nested", "r-package"] = "quantile"
    bins: int = field(default=5, metadata=_between(2, 9))
    map: str = "default"
    clusters: str = "auto"
    transform: Literal["log", "quantile", "none"] = "log"
    scale: Literal["z-score", "none"] = "z-score"
    orders_by: Literal["row", "day"] = "row"
    free_orders: bool = False
    features: tuple[str, ...] = ("recency_days", "frequency", "monetary")
    horizon: int = field(default=90, metadata=_between(1, 3650))
    purchase_model: Literal["bg-nbd", "pareto-nbd"] = "bg-nbd"
    time_unit: Literal["days", "weeks"] = "days"
    holdout_from: str | None = None
    period: int = field(default=90, metadata=_between(31, 1095))
    compare: Literal["before", "year"] = "before"
    migration_from: str | None = None
    attributes: tuple[str, ...] = ()
    currency: str | None = None
    lookalikes: int = field(default=0, metadata=_between(0, 1_000_000))
    lists: Literal["csv", "xlsx"] = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketSettings:
    """Which products are found to be bought together, and who is offered the next one."""

    rows: Literal["lines", "baskets"] | None = None
    by: Literal["order", "customer"] = "order"
    level: Literal["product", "category"] = "product"
    min_support: float | None = field(default=None, metadata=_between(0.0, 1.0))
    min_count: int = field(default=30, metadata=_between(1, 1_000_000_000))
    min_confidence: float = field(default=0.1, metadata=_between(0.0, 1.0))
    min_lift: float = field(default=1.2, metadata=_between(0.0, 1e9))
    most_items: int = field(default=3, metadata=_between(2, 20))
    within: int = field(default=90, metadata=_between(0, 3650))
    lists: int = field(default=5, metadata=_between(0, 1000))
    next_lists: int = field(default=5, metadata=_between(0, 1000))
    rules: tuple[str, ...] = ()
    most_rules: int | None = field(default=None, metadata=_between(1, 1_000_000))
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalsSettings:
    """Goals of the key figures of a period; shares from 0 to 1."""

    customers: float | None = field(default=None, metadata=_between(0, 1e12))
    orders: float | None = field(default=None, metadata=_between(0, 1e12))
    money: float | None = field(default=None, metadata=_between(0, 1e15))
    average_order: float | None = field(default=None, metadata=_between(0, 1e12))
    repeat_rate: float | None = field(default=None, metadata=_between(0.0, 1.0))
    new_customers: float | None = field(default=None, metadata=_between(0, 1e12))
    f2_conversion: float | None = field(default=None, metadata=_between(0.0, 1.0))
    retention: float | None = field(default=None, metadata=_between(0.0, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainSettings:
    """What ``custseg run`` reads, and where its runs go.

    Paths of a config file are relative to that file, those of the command line to the folder
    the command was given in.
    """

    customers: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    consent: tuple[str, ...] = ()
    suppress: tuple[str, ...] = ()
    decisions: str | None = None
    base: str | None = None
    basket: bool = False
    output: str = "runs"
    keep: int = field(default=12, metadata=_between(1, 100_000))


GATES = (
    "input_missing",
    "input_old",
    "input_small",
    "columns_changed",
    "invalid_cells",
    "duplicate_rate",
    "segment_size",
    "list_change",
    "rows_conserved",
    "money_conserved",
)
"""What ``custseg run`` checks before it publishes anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSettings:
    """When a run of the chain is not to be trusted. Percentages, points and days."""

    fail_on: tuple[str, ...] = GATES
    max_age: float | None = field(default=None, metadata=_between(0, 36_500))
    max_shrink: float = field(default=20.0, metadata=_between(0, 100))
    max_invalid: float = field(default=20.0, metadata=_between(0, 100))
    max_duplicate_change: float = field(default=10.0, metadata=_between(0, 100))
    max_segment_change: float = field(default=50.0, metadata=_between(0, 1_000_000))
    max_list_change: float = field(default=80.0, metadata=_between(0, 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class CpmSettings:
    """Bounds of the stages of customer portfolio management."""

    money: float | None = field(default=None, metadata=_between(0, 1e15))
    short: int = field(default=90, metadata=_between(1, 3650))
    long: int = field(default=210, metadata=_between(1, 3650))
    lapsed: int | None = field(default=None, metadata=_between(1, 3650))


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceSettings:
    """Who is on a target list, and when a list is not to be trusted."""

    as_of: str | None = None
    platforms: tuple[str, ...] = ()
    priority: bool = False
    one_per_household: bool = False
    campaign: str | None = None
    holdout: float = field(default=0.0, metadata=_between(0.0, 0.9))
    key: str | None = None
    max_change: float = field(default=0.5, metadata=_between(0.0, 1000.0))
    max_shrink: float = field(default=0.2, metadata=_between(0.0, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What the run may use of the machine."""

    threads: int | None = field(default=None, metadata=_between(1, 1024))
    memory_limit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a run.

    Attributes
    ----------
    roles
        Column to role, for columns that are not to be guessed.
    maps
        The user's own segment maps: name → pattern → segment.
    actions
        Segment → recommended action, in place of custseg's own words.
    lists
        Target lists by name: ``segment:champions``, ``cluster:2``, or a rule.
    rules
        Segments by rule: name → condition, such as ``r >= 4 and prefecture = '東京都'``.
    golden
        Role, or ``default``, to the rules by which a merged customer's value is chosen.
    """

    input: InputSettings = field(default_factory=InputSettings)
    output: OutputSettings = field(default_factory=OutputSettings)
    standardize: StandardizeSettings = field(default_factory=StandardizeSettings)
    match: MatchSettings = field(default_factory=MatchSettings)
    segment: SegmentSettings = field(default_factory=SegmentSettings)
    basket: BasketSettings = field(default_factory=BasketSettings)
    audience: AudienceSettings = field(default_factory=AudienceSettings)
    goals: GoalsSettings = field(default_factory=GoalsSettings)
    cpm: CpmSettings = field(default_factory=CpmSettings)
    run: RunSettings = field(default_factory=RunSettings)
    chain: ChainSettings = field(default_factory=ChainSettings)
    gates: GateSettings = field(default_factory=GateSettings)
    roles: Mapping[str, str] = field(default_factory=dict)
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    golden: Mapping[str, str] = field(default_factory=dict)


FREE_TABLES = ("roles", "golden", "maps", "actions", "rules", "lists")
"""Sections whose keys are the user's own names."""
