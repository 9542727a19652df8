"""Features of customers brought to one scale, the scale saved, and drift against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

import numpy as np

from custseg.segment.rfm import Floats

Transform = Literal["log", "quantile", "none"]

LOW_IS_GOOD: Final = frozenset({"recency_days", "interval_days"})
"""Features of which less is better."""

_GRID: Final = 101
_DRIFT_BINS: Final = 10
_LEAST_SHARE: Final = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How raw features become coordinates, as found on the customers it was fitted to.

    Attributes
    ----------
    names
        Features, one a column.
    transform
        ``"log"``: sign(x) · log(1 + abs(x)); ``"quantile"``: share of customers below;
        ``"none"``: as they are.
    fill
        Value that stands in for a missing one: the median.
    grid
        For ``"quantile"``: values at 0, 1, … 100 %, shape (101, features); else empty.
    mean, spread
        Subtracted and divided by after the transform; 0 and 1 where scaling is off.
    """

    names: tuple[str, ...]
    transform: Transform
    fill: Floats
    grid: Floats
    mean: Floats
    spread: Floats

    def apply(self, values: Floats) -> Floats:
        """Coordinates of customers; shape (customers, features) in and out."""
        filled = np.where(np.isnan(values), self.fill, values)
        found = _transformed(filled, self.transform, self.grid)
        found -= self.mean
        found /= self.spread
        return found

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return {
            "names": list(self.names),
            "transform": self.transform,
            "fill": self.fill.tolist(),
            "grid": self.grid.tolist(),
            "mean": self.mean.tolist(),
            "spread": self.spread.tolist(),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Take it from what :meth:`to_dict` gave."""
        names = tuple(plain["names"])
        return cls(
            names=names,
            transform=plain["transform"],
            fill=np.asarray(plain["fill"], dtype=np.float64),
            grid=np.asarray(plain["grid"], dtype=np.float64).reshape(-1, len(names)),
            mean=np.asarray(plain["mean"], dtype=np.float64),
            spread=np.asarray(plain["spread"], dtype=np.float64),
        )


def fit_scale(
    values: Floats, names: Sequence[str], transform: Transform = "log", *, standardize: bool = True
) -> Scale:
    """Find the scale of `values`, shape (customers, features); NaN means missing.

    Parameters
    ----------
    standardize
        Whether to bring the transformed features to mean 0 and standard deviation 1.
    """
    missing = np.isnan(values)
    fill = np.zeros(values.shape[1])
    for j in range(values.shape[1]):
        if not missing[:, j].all():
            fill[j] = np.median(values[~missing[:, j], j])
    filled = np.where(missing, fill, values)
    grid = np.empty((0, values.shape[1]))
    if transform == "quantile":
        grid = np.quantile(filled, np.linspace(0, 1, _GRID), axis=0)
    coordinates = _transformed(filled, transform, grid)
    mean, spread = np.zeros(values.shape[1]), np.ones(values.shape[1])
    if standardize:
        mean, deviation = coordinates.mean(axis=0), coordinates.std(axis=0)
        spread = np.where(deviation > 0, deviation, 1.0)
    return Scale(
        names=tuple(names), transform=transform, fill=fill, grid=grid, mean=mean, spread=spread
    )


def _transformed(values: Floats, transform: Transform, grid: Floats) -> Floats:
    if transform == "log":
        found = np.abs(values)
        np.log1p(found, out=found)
        found *= np.sign(values)
        return found
    if transform == "quantile":
        # Both directions, so that a value shared by many gets the middle of its shares.
        shares = np.linspace(0, 1, _GRID)
        columns = [
            (
                np.interp(values[:, j], grid[:, j], shares)
                + 1.0
                - np.interp(-values[:, j], -grid[::-1, j], shares)
            )
            / 2
            for j in range(values.shape[1])
        ]
        return np.column_stack(columns)
    return values


@dataclass(frozen=True, slots=True)
class Baseline:
    """How one feature was distributed when the model was fitted.

    Attributes
    ----------
    edges
        Inner edges of at most ten bins.
    shares
        Share of customers in each bin, missing values in one more at the end.
    """

    edges: tuple[float, ...]
    shares: tuple[float, ...]


def fit_baselines(values: Floats) -> tuple[Baseline, ...]:
    """Remember the distribution of each feature (column) of `values`."""
    baselines = []
    for column in values.T:
        present = column[~np.isnan(column)]
        inner = np.arange(1, _DRIFT_BINS) / _DRIFT_BINS
        edges = np.unique(np.quantile(present, inner)) if len(present) else np.empty(0)
        shares = _shares(column, edges)
        baselines.append(Baseline(tuple(edges.tolist()), tuple(shares.tolist())))
    return tuple(baselines)


def drift(values: Floats, baselines: Sequence[Baseline]) -> tuple[float, ...]:
    """Population stability index of each feature against its baseline.

    Σ (share now − share then) · ln(share now / share then); below 0.1 little has changed,
    above 0.25 the model was made for other customers. A share of nothing counts as 0.0001.
    """
    found = []
    for column, baseline in zip(values.T, baselines, strict=True):
        then = np.maximum(np.asarray(baseline.shares), _LEAST_SHARE)
        now = np.maximum(_shares(column, np.asarray(baseline.edges)), _LEAST_SHARE)
        found.append(float(np.sum((now - then) * np.log(now / then))))
    return tuple(found)


def _shares(column: Floats, edges: Floats) -> Floats:
    missing = np.isnan(column)
    counts = np.bincount(np.searchsorted(edges, column[~missing], "left"), minlength=len(edges) + 1)
    return np.append(counts, missing.sum()) / max(len(column), 1)
