"""Recency, frequency and monetary value, and their scores from 1 to the number of bins.

The highest score is the best for all three: for recency that is the fewest days. Equal values
get equal scores, and the result does not depend on the order of the rows; only the method
``"rank-first"`` splits equal frequencies, by customer id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, Literal, Self, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.errors import UsageError

Given = TypeVar("Given")
Found = TypeVar("Found")

Floats = npt.NDArray[np.float64]
Bins = npt.NDArray[np.int64]
Method = Literal["quantile", "rank-first", "nested", "r-package", "fixed"]

MEASURES: Final = ("recency_days", "frequency", "monetary")
CODE_BINS: Final = 9
"""Most bins whose scores still stand as one digit in a code such as 543."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmSettings:
    """How values become scores.

    Attributes
    ----------
    method
        ``"quantile"``: cuts at the quantiles, a value on a cut belongs to the lower bin.
        ``"rank-first"``: the same, but frequency by rank of (frequency, customer id).
        ``"nested"``: frequency cut within each recency score, monetary within both.
        ``"r-package"``: cuts at the quantiles plus one, lower ≤ value < upper.
        ``"fixed"``: the given `cuts`, a value on a cut belongs to the lower bin; a measure
        without any is cut at its quantiles.
    bins
        Scores run from 1 to `bins`.
    cuts
        By measure, ascending, one fewer than `bins`; for ``"fixed"`` alone.
    """

    method: Method = "quantile"
    bins: int = 5
    cuts: Mapping[str, Sequence[float]] | None = None


@dataclass(frozen=True)
class Customers:
    """Values to be scored, one row a customer, in the order of `names`.

    Attributes
    ----------
    names
        Customer ids, ascending.
    recency_days, frequency, monetary
        Days since the last order at ``as_of``, number of orders, and their money.
    """

    names: pa.Array | pa.ChunkedArray
    recency_days: Floats
    frequency: Floats
    monetary: Floats

    def __len__(self) -> int:
        return len(self.recency_days)

    def measures(self) -> tuple[Floats, Floats, Floats]:
        """Give the values in the order of :data:`MEASURES`."""
        return self.recency_days, self.frequency, self.monetary

    @classmethod
    def from_table(cls, table: pa.Table) -> Self:
        """Take them from a table as :func:`with_recency` gives it."""
        return cls(
            table["customer_id"],
            *(to_floats(table[measure]) for measure in MEASURES),
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of each customer, from 1 (worst) to the number of bins (best)."""

    r: Bins
    f: Bins
    m: Bins

    def codes(self) -> npt.NDArray[np.str_]:
        """Three digits a customer, such as ``"543"``."""
        return (self.r * 100 + self.f * 10 + self.m).astype(np.str_)


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmModel:
    """Cuts that score any customer, saved with the run.

    Attributes
    ----------
    method, bins
        As in :class:`RfmSettings`.
    recency
        ``bins - 1`` ascending cuts in days.
    frequency, monetary
        Ascending cuts along the last axis; with the method ``"nested"`` one row for each
        recency score, or for each recency and frequency score.
    last_ids
        With ``"rank-first"``: the last customer id of the lower bin at each frequency cut.
    """

    method: Method
    bins: int
    recency: Floats
    frequency: Floats
    monetary: Floats
    last_ids: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return {
            "method": self.method,
            "bins": self.bins,
            "best": self.bins,
            "cuts": {
                "recency_days": self.recency.tolist(),
                "frequency": self.frequency.tolist(),
                "monetary": self.monetary.tolist(),
            },
            "last_ids": list(self.last_ids),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Take it from what :meth:`to_dict` gave."""
        cuts = plain["cuts"]
        return cls(
            method=plain["method"],
            bins=int(plain["bins"]),
            recency=np.asarray(cuts["recency_days"], dtype=np.float64),
            frequency=np.asarray(cuts["frequency"], dtype=np.float64),
            monetary=np.asarray(cuts["monetary"], dtype=np.float64),
            last_ids=tuple(plain["last_ids"]),
        )


def with_recency(customers: pa.Table, as_of: date) -> pa.Table:
    """Give the values of customers at `as_of`: days since ``last_order`` beside the rest.

    Returns
    -------
    pyarrow.Table
        ``customer_id``, ``recency_days``, ``frequency``, ``monetary`` (exact decimal),
        ``first_order``, ``last_order``, and where some may be unknown ``known``.
    """
    today = np.datetime64(as_of)
    days = (today - customers["last_order"].to_numpy().astype("datetime64[D]")).astype(np.int64)
    names = ("frequency", "monetary", "first_order", "last_order", "known")
    return pa.table(
        {
            "customer_id": customers["customer_id"],
            "recency_days": days,
            **{name: customers[name] for name in names if name in customers.column_names},
        }
    )


def to_floats(column: pa.ChunkedArray) -> Floats:
    """Numbers of a column as floats, nulls as NaN."""
    return np.asarray(pc.cast(column, pa.float64()).to_numpy(), dtype=np.float64)


def fit_rfm(
    customers: Customers, settings: RfmSettings | None = None, engine: Engine | None = None
) -> RfmModel:
    """Find the cuts; of measures beside one another, where an `engine` is at hand.

    Raises
    ------
    UsageError
        If the number of bins, or the fixed cuts, cannot be used.
    """
    settings = settings or RfmSettings()
    if not 2 <= settings.bins <= CODE_BINS:
        raise UsageError("segment.bins", bins=settings.bins, most=CODE_BINS)
    if settings.method == "fixed":
        return _fixed(customers, settings)
    if settings.method == "nested":
        return _nested(customers, settings.bins)
    plus = 1.0 if settings.method == "r-package" else 0.0
    recency, frequency, monetary = (
        cuts + plus
        for cuts in of_each(partial(_quantiles, bins=settings.bins), customers.measures(), engine)
    )
    last_ids: tuple[str, ...] = ()
    if settings.method == "rank-first":
        frequency, last_ids = _ranked(customers, settings.bins)
    return RfmModel(
        method=settings.method,
        bins=settings.bins,
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        last_ids=last_ids,
    )


def score_rfm(customers: Customers, model: RfmModel, engine: Engine | None = None) -> Scores:
    """Score customers with saved cuts; by measures beside one another, as :func:`fit_rfm`."""
    side: Literal["left", "right"] = "right" if model.method == "r-package" else "left"
    if model.method == "nested":
        r = model.bins - np.searchsorted(model.recency, customers.recency_days, side)
        f = 1 + _count_below(model.frequency[r - 1], customers.frequency)
        m = 1 + _count_below(model.monetary[r - 1, f - 1], customers.monetary)
        return Scores(r, f, m)

    def scored(cut: tuple[Floats, Floats]) -> Bins:
        return np.searchsorted(*cut, side)

    cuts = (model.recency, model.frequency, model.monetary)
    given = list(zip(cuts, customers.measures(), strict=True))
    if model.method == "rank-first":
        r, m = of_each(scored, given[::2], engine)
        return Scores(model.bins - r, _score_ranked(customers, model), 1 + m)
    r, f, m = of_each(scored, given, engine)
    return Scores(model.bins - r, 1 + f, 1 + m)


def of_each(
    function: Callable[[Given], Found], values: Sequence[Given], engine: Engine | None
) -> list[Found]:
    """Apply a function to each measure: in threads of an engine, where there is one."""
    if engine is None:
        return [function(each) for each in values]
    return engine.map_threads(function, values)


def _fixed(customers: Customers, settings: RfmSettings) -> RfmModel:
    """Cuts as given; a measure without any has its quantiles."""
    given = settings.cuts or dict.fromkeys(MEASURES, ())
    cuts: dict[str, Floats] = {}
    for name, values in zip(MEASURES, customers.measures(), strict=True):
        if name not in given:
            cuts[name] = _quantiles(values, settings.bins)
            continue
        cuts[name] = np.asarray(given[name], float)
        if len(cuts[name]) != settings.bins - 1 or np.any(np.diff(cuts[name]) <= 0):
            raise UsageError("segment.cuts", measure=name, number=settings.bins - 1)
    return RfmModel(
        method="fixed",
        bins=settings.bins,
        recency=cuts["recency_days"],
        frequency=cuts["frequency"],
        monetary=cuts["monetary"],
    )


def _quantiles(values: Floats, bins: int) -> Floats:
    # Rounded, so that a cut that falls on a value equals it.
    return np.quantile(values, np.arange(1, bins) / bins).round(9)


def _ranked(customers: Customers, bins: int) -> tuple[Floats, tuple[str, ...]]:
    """Frequency and customer id of the last customer below each cut of the ranks."""
    values = pa.table({"frequency": customers.frequency, "name": customers.names})
    by_rank = np.asarray(
        pc.sort_indices(values, [("frequency", "ascending"), ("name", "ascending")])
    )
    ranks = np.arange(1, len(customers) + 1)
    last = by_rank[np.searchsorted(ranks, _quantiles(ranks.astype(float), bins), "right") - 1]
    return customers.frequency[last], tuple(customers.names.take(pa.array(last)).to_pylist())


def _score_ranked(customers: Customers, model: RfmModel) -> Bins:
    f = np.ones(len(customers), dtype=np.int64)
    for cut, last in zip(model.frequency, model.last_ids, strict=True):
        tied = (customers.frequency == cut) & np.asarray(pc.greater(customers.names, last))
        f += (customers.frequency > cut) | tied
    return f


def _nested(customers: Customers, bins: int) -> RfmModel:
    """Cuts of frequency within recency, of monetary within both; an empty cell has its parent's."""
    recency = _quantiles(customers.recency_days, bins)
    r = bins - np.searchsorted(recency, customers.recency_days, "left")
    frequency = np.empty((bins, bins - 1))
    monetary = np.empty((bins, bins, bins - 1))
    whole = _quantiles(customers.frequency, bins)
    for i in range(bins):
        in_r = r == i + 1
        frequency[i] = _quantiles(customers.frequency[in_r], bins) if in_r.any() else whole
        f = 1 + np.searchsorted(frequency[i], customers.frequency, "left")
        parent = customers.monetary[in_r] if in_r.any() else customers.monetary
        for j in range(bins):
            in_cell = in_r & (f == j + 1)
            cell = customers.monetary[in_cell] if in_cell.any() else parent
            monetary[i, j] = _quantiles(cell, bins)
    return RfmModel(
        method="nested", bins=bins, recency=recency, frequency=frequency, monetary=monetary
    )


def _count_below(cuts: Floats, values: Floats) -> Bins:
    """How many cuts of its own row each value is above."""
    below: Bins = np.count_nonzero(cuts < values[:, None], axis=1)
    return below
