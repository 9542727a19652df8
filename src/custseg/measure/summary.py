"""The numbers of ``custseg measure``: what its reports show and ``summary.json`` holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from custseg.cleanse.summary import InputSummary, WarningSummary
from custseg.measure.effect import Effect
from custseg.measure.touches import CampaignRow, ChannelRow
from custseg.segment.summary import from_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSummary:
    """What a campaign did, or how channels and campaigns compare.

    Attributes
    ----------
    random
        Whether chance alone decided who was left alone: else it is a comparison, not an effect.
    control
        The arm that was left alone.
    assigned
        People by arm.
    first_day, last_day
        Of the orders counted; empty where there were none to count.
    correction
        For several segments.
    cost, margin, profit, profit_low, profit_high
        What it cost, the part of money that is kept, and what is left of the extra money.
    """

    inputs: tuple[InputSummary, ...]
    random: bool = False
    control: str = ""
    assigned: Mapping[str, int]
    effects: tuple[Effect, ...] = ()
    correction: str = ""
    campaign: str = ""
    first_day: str = ""
    last_day: str = ""
    cost: float | None = None
    margin: float | None = None
    profit: float | None = None
    profit_low: float | None = None
    profit_high: float | None = None
    channels: tuple[ChannelRow, ...] = ()
    campaigns: tuple[CampaignRow, ...] = ()
    warnings: tuple[WarningSummary, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the summary as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Take the summary from plain data, as :meth:`to_json` gave it."""
        made: Self = from_plain(cls, data)
        return made
