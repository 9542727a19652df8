"""The numbers of products bought together: what the report shows and ``summary.json`` holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from custseg.cleanse.summary import InputSummary, WarningSummary
from custseg.segment.summary import ListSummary, OrdersSummary, from_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherRow:
    """A rule that chance does not explain (see :class:`custseg.segment.associations.Rules`)."""

    antecedent: tuple[str, ...]
    consequent: str
    baskets: int
    customers: int
    confidence: float
    lift: float
    ratio: float
    low: float
    high: float
    small: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherSummary:
    """What is bought together.

    Attributes
    ----------
    baskets, guests, items, customers
        Baskets with a product, those of nobody known, products, known customers.
    least, raised
        Baskets that a group needed; whether that was raised, for there were too many groups.
    confidence, lift
        The least of a rule.
    groups, tested, rules, findings
        Groups often enough together; rules looked at, written, and beyond chance.
    rows
        The findings with most baskets above what is expected, one a group.
    """

    baskets: int
    guests: int
    items: int
    customers: int
    least: int
    raised: bool
    confidence: float
    lift: float
    groups: int
    tested: int
    rules: int
    findings: int
    rows: tuple[TogetherRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRow:
    """What is bought next beyond chance (see :mod:`custseg.segment.next_purchase`)."""

    first: str
    then: str
    customers: int
    at_risk: int
    confidence: float
    expected: float
    ratio: float
    low: float
    high: float
    median_days: float
    small: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSummary:
    """What is bought next within `days`; `rows` are the clearest findings."""

    days: int
    least: int
    tested: int
    pairs: int
    findings: int
    rows: tuple[NextRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixSummary:
    """How many times more often than expected two products are together; None where not told."""

    items: tuple[str, ...]
    ratios: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """A list of customers who bought X and not yet Y (see :mod:`custseg.segment.offers`)."""

    file: str
    antecedent: tuple[str, ...]
    consequent: str
    customers: int
    bought: int
    both: int
    share: float
    base: float
    usual: float | None
    expected: float | None
    gain: float
    finding: bool
    lift: float = 0.0
    support: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NextOfferRow:
    """A list of customers who are to buy Y next (see :mod:`custseg.segment.next_offers`)."""

    file: str
    first: str
    then: str
    customers: int
    passed: int
    share: float
    lift: float
    support: float
    chance: float
    usual: float | None
    expected: float | None
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketSummary:
    """Everything the report of ``basket`` shows.

    Attributes
    ----------
    by, level
        What a basket is, and what is in it.
    left_out
        What is no goods, or was not wanted → its lines.
    unnamed
        Lines that name no product.
    """

    command: str
    by: str
    level: str
    inputs: tuple[InputSummary, ...]
    orders: OrdersSummary
    together: TogetherSummary
    next: NextSummary | None = None
    matrix: MatrixSummary | None = None
    offers: tuple[OfferRow, ...] = ()
    next_offers: tuple[NextOfferRow, ...] = ()
    lists: tuple[ListSummary, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    unnamed: int = 0
    warnings: tuple[WarningSummary, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the summary as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Take the summary from plain data, as :meth:`to_json` gave it."""
        taken: Self = from_plain(cls, data)
        return taken
