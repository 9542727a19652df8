"""CPM, customer portfolio management as Japanese mail order does it: five stages, two states.

初回 one purchase · よちよち two or more within a short tenure · コツコツ longer, small total ·
流行 a large total within a middling tenure · 優良 a large total over a long one; each 現役 (active)
or 離脱 (lapsed) by the days since the last order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.segment.choice import Labels
from custseg.segment.rfm import to_floats

STAGES: Final = ("first", "toddler", "steady", "fashion", "best")
TOP_FIFTH: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class CpmSettings:
    """Bounds.

    Attributes
    ----------
    money
        Total from which a customer is 流行 or 優良.
    short, long
        Days from the first order to the last: below `short` よちよち, from `long` 優良.
    lapsed
        Days since the last order from which a customer has lapsed.
    """

    money: float
    short: int = 90
    long: int = 210
    lapsed: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class CpmRow:
    """One stage, in the order of :data:`STAGES`."""

    stage: str
    active: int
    lapsed: int
    active_money: float
    lapsed_money: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CpmSummary:
    """Customers by stage, and the bounds used.

    Attributes
    ----------
    money_given
        Whether the user set the bound of money; else it is where the top fifth begins.
    """

    money: float
    money_given: bool
    short: int
    long: int
    lapsed: int
    rows: tuple[CpmRow, ...]


def describe_cpm(
    values: pa.Table, *, money: float | None, short: int, long: int, lapsed: int
) -> CpmSummary:
    """Count customers by stage.

    Parameters
    ----------
    values
        As :func:`custseg.segment.rfm.with_recency` gives them.
    money, short, long, lapsed
        As in :class:`CpmSettings`; without `money` it is where the top fifth begins.
    """
    bound = float(np.quantile(to_floats(values["monetary"]), TOP_FIFTH)) if money is None else money
    chosen = CpmSettings(money=bound, short=short, long=long, lapsed=lapsed)
    return CpmSummary(
        money=bound,
        money_given=money is not None,
        short=short,
        long=long,
        lapsed=lapsed,
        rows=cpm(values, chosen),
    )


def cpm_stages(values: pa.Table, settings: CpmSettings) -> tuple[Labels, np.ndarray]:
    """Stage of each customer (an index into :data:`STAGES`), and whether they have lapsed.

    Parameters
    ----------
    values
        As :func:`custseg.segment.rfm.with_recency` gives them.
    """
    first, last = (
        values[name].to_numpy().astype("datetime64[D]") for name in ("first_order", "last_order")
    )
    tenure = (last - first).astype(np.int64)
    large = to_floats(values["monetary"]) >= settings.money
    stages = np.select(
        [
            to_floats(values["frequency"]) == 1,
            tenure < settings.short,
            ~large,
            tenure < settings.long,
        ],
        [0, 1, 2, 3],
        4,
    )
    return stages, to_floats(values["recency_days"]) >= settings.lapsed


def cpm(values: pa.Table, settings: CpmSettings) -> tuple[CpmRow, ...]:
    """Count customers and money by stage and state."""
    stages, lapsed = cpm_stages(values, settings)
    money = to_floats(values["monetary"])
    return tuple(
        CpmRow(
            stage=stage,
            active=int(np.count_nonzero((stages == i) & ~lapsed)),
            lapsed=int(np.count_nonzero((stages == i) & lapsed)),
            active_money=round(float(money[(stages == i) & ~lapsed].sum()), 4),
            lapsed_money=round(float(money[(stages == i) & lapsed].sum()), 4),
        )
        for i, stage in enumerate(STAGES)
    )
