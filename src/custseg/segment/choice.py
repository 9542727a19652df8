"""How many clusters: four measures for each k, a choice among them, and the reason."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from custseg.segment.rfm import Floats

Labels = npt.NDArray[np.int64]

RESTARTS: Final = 20
"""Starts of k-means, of which the best is kept."""

LEAST_SHARE: Final = 0.01
"""A cluster of fewer customers than this share holds outliers, not a segment."""

LEAST_CUSTOMERS: Final = 5
"""So does one of fewer customers than this, however few there are in all."""

LEAST_STABILITY: Final = 0.6
"""Mean adjusted Rand index over bootstraps below which clusters come and go by chance."""

_SILHOUETTE_SAMPLE: Final = 10_000
_SILHOUETTE_ROWS: Final = 256
_BOOTSTRAP_SAMPLE: Final = 2_000
_TILE: Final = 65_536
"""Customers whose distances to all centers are measured at a time."""

_BOOTSTRAPS: Final = 10
_BOOTSTRAP_RESTARTS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is known of one number of clusters.

    Attributes
    ----------
    k
        Number of clusters.
    inertia
        Sum of squared distances to the nearest center.
    silhouette, calinski_harabasz
        As scikit-learn defines them; silhouette on a sample above 10,000 customers.
    stability
        Mean adjusted Rand index between the clusters and those of bootstrap samples.
    smallest
        Share of customers in the smallest cluster.
    fewest
        How many those are.
    """

    k: int
    inertia: float
    silhouette: float
    calinski_harabasz: float
    stability: float
    smallest: float
    fewest: int

    @property
    def outliers(self) -> bool:
        """Whether a cluster holds but a few outliers."""
        return self.smallest < LEAST_SHARE or self.fewest < LEAST_CUSTOMERS

    @property
    def unstable(self) -> bool:
        """Whether the clusters come and go with the sample."""
        return self.stability < LEAST_STABILITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The number of clusters chosen, and why.

    Attributes
    ----------
    k
        Number of clusters.
    reason
        ``"knee"``: the inertia's knee, stable and without outlier clusters;
        ``"silhouette"``: the knee was refused, this is the best of the others;
        ``"least_bad"``: all were refused, this has the largest smallest cluster;
        ``"given"``: the user's; ``"model"``: the saved model's.
    knee
        Where the inertia bends most; None with fewer than three trials.
    trials
        Every k tried, ascending.
    """

    k: int
    reason: str
    knee: int | None
    trials: tuple[Trial, ...]


def kmeans(points: Floats, k: int, seed: int, *, restarts: int = RESTARTS) -> tuple[Floats, float]:
    """Centers and inertia of the best of some starts."""
    return _kmeans(points, k, seed, restarts, "k-means++")


def refine(points: Floats, centers: Floats) -> tuple[Floats, float]:
    """Centers and inertia of k-means started at `centers`."""
    return _kmeans(points, len(centers), 0, 1, centers)


def nearest(points: Floats, centers: Floats) -> Labels:
    """Index of the nearest center; of equally near ones the first."""
    labels = np.empty(len(points), dtype=np.int64)
    for start in range(0, len(points), _TILE):
        some = points[start : start + _TILE]
        distances = np.empty((len(some), len(centers)))
        for j, center in enumerate(centers):
            distances[:, j] = np.square(some - center).sum(axis=1)
        labels[start : start + _TILE] = distances.argmin(axis=1)
    return labels


def try_k(points: Floats, ks: Sequence[int], seed: int) -> tuple[list[Trial], dict[int, Floats]]:
    """Cluster into each number of clusters, and measure; give the centers of each too."""
    from sklearn.metrics import calinski_harabasz_score

    fitted = [kmeans(points, k, seed) for k in ks]
    labels = [nearest(points, centers) for centers, _ in fitted]
    some = sample(len(points), _SILHOUETTE_SAMPLE, seed)
    clear = silhouettes(points[some], [each[some] for each in labels])
    trials = [
        Trial(
            k=k,
            inertia=inertia,
            silhouette=silhouette,
            calinski_harabasz=float(calinski_harabasz_score(points, own)),
            stability=_stability(points, own, k, seed),
            smallest=float(np.bincount(own, minlength=k).min() / len(points)),
            fewest=int(np.bincount(own, minlength=k).min()),
        )
        for k, (_, inertia), own, silhouette in zip(ks, fitted, labels, clear, strict=True)
    ]
    return trials, {k: centers for k, (centers, _) in zip(ks, fitted, strict=True)}


def silhouettes(points: Floats, labelings: Sequence[Labels]) -> list[float]:
    """Mean silhouette (Rousseeuw 1987) of several clusterings of the same points.

    Each distance is measured once for all of them.
    """
    from scipy.spatial.distance import cdist

    members = [np.eye(int(labels.max()) + 1)[labels] for labels in labelings]
    edges = np.cumsum([0, *(each.shape[1] for each in members)])
    every = np.hstack(members)
    totals = np.zeros(len(labelings))
    for start in range(0, len(points), _SILHOUETTE_ROWS):
        rows = slice(start, start + _SILHOUETTE_ROWS)
        sums = cdist(points[rows], points) @ every
        for place, labels in enumerate(labelings):
            own = sums[:, edges[place] : edges[place + 1]]
            totals[place] += _silhouette(own, labels[rows], members[place].sum(axis=0)).sum()
    return [float(total) / len(points) for total in totals]


def _silhouette(sums: Floats, labels: Labels, sizes: Floats) -> Floats:
    """Silhouette of points from the sums of their distances to each cluster."""
    at = np.arange(len(labels))
    inside = sums[at, labels] / np.maximum(sizes[labels] - 1, 1)
    means = sums / np.where(sizes > 0, sizes, np.nan)
    means[at, labels] = np.nan
    outside = np.nanmin(means, axis=1)
    widest = np.maximum(inside, outside)
    alone = (sizes[labels] == 1) | (widest == 0)
    return np.where(alone, 0.0, (outside - inside) / np.where(widest > 0, widest, 1.0))


def choose(trials: Sequence[Trial]) -> Choice:
    """Choose among trials: the knee where it holds, else the best silhouette of those that do."""
    bend = knee([trial.inertia for trial in trials])
    at_knee = None if bend is None else trials[bend]
    fit = [trial for trial in trials if not trial.outliers and not trial.unstable]
    if at_knee is not None and at_knee in fit:
        chosen, reason = at_knee, "knee"
    elif fit:
        chosen, reason = max(fit, key=lambda trial: (trial.silhouette, -trial.k)), "silhouette"
    else:
        chosen, reason = max(trials, key=lambda trial: (trial.smallest, -trial.k)), "least_bad"
    return Choice(
        k=chosen.k,
        reason=reason,
        knee=None if at_knee is None else at_knee.k,
        trials=tuple(trials),
    )


def knee(inertia: Sequence[float]) -> int | None:
    """Index of the point farthest below the line from the first to the last."""
    if len(inertia) < 3:
        return None
    falls = (inertia[0] - np.asarray(inertia)) / max(inertia[0] - inertia[-1], 1e-300)
    return int(np.argmax(falls - np.linspace(0, 1, len(inertia))))


def sample(n: int, most: int, seed: int) -> Labels:
    """At most `most` of n indices, ascending, the same for the same seed."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))


def _stability(points: Floats, labels: Labels, k: int, seed: int) -> float:
    from sklearn.metrics import adjusted_rand_score

    some = sample(len(points), _BOOTSTRAP_SAMPLE, seed)
    points, labels = points[some], labels[some]
    rng = np.random.default_rng(seed)
    agreements = []
    for start in range(_BOOTSTRAPS):
        drawn = points[rng.integers(0, len(points), len(points))]
        centers, _ = kmeans(drawn, k, seed + start, restarts=_BOOTSTRAP_RESTARTS)
        agreements.append(float(adjusted_rand_score(labels, nearest(points, centers))))
    return float(np.mean(agreements))


def _kmeans(
    points: Floats, k: int, seed: int, restarts: int, start: str | Floats
) -> tuple[Floats, float]:
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    model = KMeans(k, init=start, n_init=restarts, random_state=seed, copy_x=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(points)
    return np.asarray(model.cluster_centers_, dtype=np.float64), float(model.inertia_)
