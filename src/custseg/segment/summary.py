"""The numbers of a segmentation: what the report shows and ``summary.json`` holds.

Shares run from 0 to 1, days are ISO dates, money is in the currency of the orders.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any, Final, Self

from custseg.cleanse.summary import InputSummary, WarningSummary
from custseg.segment.concentration import DecileRow
from custseg.segment.cpm import CpmSummary
from custseg.segment.events import EventsSummary
from custseg.segment.holdout import Holdout
from custseg.segment.kpis import KpiSummary
from custseg.segment.lookalikes import LookalikesSummary
from custseg.segment.migration import MigrationSummary
from custseg.segment.nlr import NlrSummary
from custseg.segment.periods import CohortRow, MonthRow
from custseg.segment.personas import PersonasSummary
from custseg.segment.problem_layers import LayersSummary
from custseg.segment.repeat import RepeatSummary

SMALL: Final = 101
"""Below this many customers one of them weighs 1 % or more."""

DRIFTED: Final = 0.25
"""Population stability index above which a saved model was made for other customers."""

CATEGORY_SHARE: Final = "category_share_"
"""Begins the name of a feature that is the share of a category in a customer's money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionSummary:
    """Order lines left out for one reason (see :data:`custseg.segment.lines.REASONS`)."""

    reason: str
    rows: int
    money: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersSummary:
    """What became of the order lines.

    Attributes
    ----------
    rows, money
        In; `rows_used` and `money_used` plus `excluded` add up to them.
    as_of
        The day recency counts from; `as_of_given` tells whether the user set it.
    orders_left_out, customers_left_out
        Numbers of orders, and customers, of whom no line is used.
    repeat_rate
        Share of customers with more than one order.
    unknown_customers, unknown_orders, unknown_money
        Of customers that the clean run does not hold; they are scored all the same.
    roles
        Role to column.
    currency
        ISO code of the money; empty where the orders do not tell.
    """

    rows: int
    rows_used: int
    money: float
    money_used: float
    excluded: tuple[ExclusionSummary, ...]
    orders: int
    customers: int
    first_order: str
    last_order: str
    as_of: str
    as_of_given: bool
    one_time_customers: int
    repeat_rate: float
    average_order: float
    unknown_customers: int = 0
    unknown_orders: int = 0
    unknown_money: float = 0.0
    orders_left_out: int = 0
    customers_left_out: int = 0
    roles: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributesSummary:
    """What became of a table of customers that are clustered by columns of their own.

    Attributes
    ----------
    rows, customers
        In, and clustered; rows that say the same of one customer are one.
    empty, unnamed
        Rows left out: without anything in them, and without a customer's id.
    missing
        Feature to customers for whom it is missing, or no number: the median stands in.
    id_column
        The column of the customers' ids; empty where rows are numbered.
    """

    rows: int
    customers: int
    empty: int
    unnamed: int
    missing: Mapping[str, int]
    id_column: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSummary:
    """One of recency (days), frequency (orders) and monetary value over all customers.

    `cuts` are empty for the inner measures of the nested method, which has many; `scores` is how
    many customers have each score, from 1.
    """

    name: str
    mean: float
    median: float
    least: float
    most: float
    cuts: tuple[float, ...]
    scores: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmSummary:
    """Scores: `best` is the highest for all three.

    Attributes
    ----------
    customers, money
        By recency score (first index) and frequency score, both from 1.
    """

    method: str
    bins: int
    best: int
    measures: tuple[MeasureSummary, ...]
    customers: tuple[tuple[int, ...], ...]
    money: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """One named segment.

    Attributes
    ----------
    file
        Name of its list, without ending.
    small
        Whether one customer weighs 1 % or more of it.
    action
        The user's own words for what to do; empty for custseg's.
    """

    name: str
    file: str
    customers: int
    share: float
    orders: int
    money: float
    money_share: float
    recency_days: float
    frequency: float
    monetary: float
    small: bool
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentsSummary:
    """The named segments, in the order of their map; `recency_days` and the like are medians."""

    map: str
    rows: tuple[SegmentRow, ...]
    unreachable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSummary:
    """One number of clusters tried (see :class:`custseg.segment.choice.Trial`)."""

    k: int
    inertia: float
    silhouette: float
    calinski_harabasz: float
    stability: float
    smallest: float
    outliers: bool
    unstable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitSummary:
    """A feature that stands out, ``"high"`` or ``"low"``, by how many standard deviations."""

    feature: str
    direction: str
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """One cluster: medians in original units, and their index (all customers = 100).

    An index is None where the median of all customers is 0, a median where nobody of the cluster
    has the feature, money where no orders tell of it.
    """

    number: int
    name: str
    traits: tuple[TraitSummary, ...]
    customers: int
    share: float
    money: float | None
    money_share: float | None
    medians: Mapping[str, float | None]
    indexes: Mapping[str, float | None]
    small: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClustersSummary:
    """The clusters, why there are so many, and how they lie to the named segments.

    Attributes
    ----------
    reason, knee
        As in :class:`custseg.segment.choice.Choice`.
    cross
        Customers by segment (first index, as in `segments`) and cluster; empty without names.
    drift
        Population stability index by feature against the saved model; empty on a fit.
    """

    k: int
    reason: str
    knee: int | None
    features: tuple[str, ...]
    transform: str
    trials: tuple[TrialSummary, ...]
    rows: tuple[ClusterRow, ...]
    segments: tuple[str, ...] = ()
    cross: tuple[tuple[int, ...], ...] = ()
    drift: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbcRow:
    """Customers of class A, B or C."""

    name: str
    customers: int
    money: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesSummary:
    """What a marketer expects to see of any orders.

    Attributes
    ----------
    gini
        0 where all spend alike, near 1 where one spends everything.
    """

    deciles: tuple[DecileRow, ...]
    gini: float
    abc: tuple[AbcRow, ...]
    months: tuple[MonthRow, ...]
    cohorts: tuple[CohortRow, ...]
    repeat: RepeatSummary
    nlr: NlrSummary | None = None
    cpm: CpmSummary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSummary:
    """Purchases expected within `horizon` days (see :mod:`custseg.segment.forecast`).

    Attributes
    ----------
    model
        Of repeat purchases, ``"bg-nbd"`` or ``"pareto-nbd"``.
    parameters
        Of the model (times in `unit`) and of Gamma-Gamma (p, q, gamma).
    log_likelihood, value_log_likelihood
        Of the model and of Gamma-Gamma at those parameters.
    customers, repeaters, repeat_purchases
        All; those with purchases on more than one day; their purchases after the first.
    purchases, value, alive
        Purchases and money expected of all; mean probability of being active.
    calibrated
        Whether the probability to buy was corrected by the reliability table of the holdout,
        which must be as long as the horizon.
    degenerate
        Whether by the model hardly anyone ever leaves.
    adds_nothing
        Whether it is degenerate, or no better than the naive rate on the holdout.
    """

    horizon: int
    unit: str
    model: str
    parameters: Mapping[str, float]
    log_likelihood: float
    value_log_likelihood: float
    customers: int
    repeaters: int
    repeat_purchases: int
    purchases: float
    value: float
    alive: float
    calibrated: bool
    degenerate: bool
    adds_nothing: bool
    holdout: Holdout | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One segment by rule, and what to do with it; a customer may be in several."""

    name: str
    file: str
    where: str
    customers: int
    share: float
    money: float
    money_share: float
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesSummary:
    """Segments by rule, and customers in both of each pair (sizes on the diagonal)."""

    rows: tuple[RuleRow, ...]
    overlaps: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSummary:
    """One list of customers.

    Attributes
    ----------
    customers
        Customers on it.
    declined
        Customers of the segment left off it because they declined contact.
    blanked
        Customers on it who declined one channel, whose column is left empty.
    silent
        Customers on it who agreed to no channel: they cannot be reached by it.
    contact
        Contact columns it carries.
    """

    segment: str
    file: str
    customers: int
    declined: int = 0
    blanked: int = 0
    silent: int = 0
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSummary:
    """Everything the report of ``rfm``, ``cluster`` and ``segment`` shows.

    `model` names the saved model that scored, empty where one was fitted. There are either
    `orders`, or customers with `attributes` of their own.
    """

    command: str
    inputs: tuple[InputSummary, ...]
    orders: OrdersSummary | None = None
    attributes: AttributesSummary | None = None
    rfm: RfmSummary | None = None
    segments: SegmentsSummary | None = None
    clusters: ClustersSummary | None = None
    tables: TablesSummary | None = None
    forecast: ForecastSummary | None = None
    kpis: KpiSummary | None = None
    migration: MigrationSummary | None = None
    layers: LayersSummary | None = None
    personas: PersonasSummary | None = None
    events: EventsSummary | None = None
    lookalikes: LookalikesSummary | None = None
    rules: RulesSummary | None = None
    lists: tuple[ListSummary, ...] = ()
    warnings: tuple[WarningSummary, ...] = ()
    model: str = ""

    @property
    def currency(self) -> str:
        """ISO code of the money; empty where nothing tells."""
        return self.orders.currency if self.orders else ""

    def to_json(self) -> dict[str, Any]:
        """Give the summary as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Take the summary from plain data, as :meth:`to_json` gave it."""
        taken: Self = from_plain(cls, data)
        return taken


def from_plain(kind: Any, data: Any) -> Any:
    """Give plain data (of JSON) as the type that an annotation names."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: from_plain(hints[name], value) for name, value in data.items()})
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return tuple(from_plain(parts[0], item) for item in data)
    if origin in (types.UnionType, typing.Union):
        return None if data is None else from_plain(parts[0], data)
    return data
