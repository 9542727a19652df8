"""k-means clusters with names that last: fitted, matched to the model before, scored, described.

Customers are taken in the order of their ids, so the rows' order changes nothing. Cluster 1 is
the best on first fit (centers ordered by their coordinates, recency reversed); a refit keeps the
numbers and names of the previous clusters its own are nearest to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from custseg.errors import InputError, UsageError
from custseg.segment.choice import (
    Choice,
    Labels,
    choose,
    kmeans,
    nearest,
    refine,
    sample,
    try_k,
)
from custseg.segment.features import (
    LOW_IS_GOOD,
    Baseline,
    Scale,
    Transform,
    fit_baselines,
    fit_scale,
)
from custseg.segment.rfm import MEASURES, Floats
from custseg.segment.threads import single_thread

STANDS_OUT: Final = 0.5
"""Standard deviations from the mean of all customers from which a feature names a cluster."""

_FIT_SAMPLE: Final = 50_000
_CUSTOMERS_A_CLUSTER: Final = 10

_WORDS: Final = {
    ("recency_days", "low"): "recent",
    ("recency_days", "high"): "lapsed",
    ("frequency", "high"): "frequent",
    ("frequency", "low"): "infrequent",
    ("monetary", "high"): "high_spend",
    ("monetary", "low"): "low_spend",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """How customers are clustered.

    Attributes
    ----------
    features
        Which features, by name.
    transform
        ``"log"``, ``"quantile"`` or ``"none"``, before standardizing.
    standardize
        Whether features are brought to mean 0 and standard deviation 1.
    k
        Number of clusters; None chooses.
    most
        The largest k tried.
    seed
        Of every random start and sample.
    """

    features: tuple[str, ...] = MEASURES
    transform: Transform = "log"
    standardize: bool = True
    k: int | None = None
    most: int = 8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trait:
    """A feature that sets a cluster apart.

    Attributes
    ----------
    feature
        Its name.
    direction
        ``"high"`` or ``"low"``.
    distance
        Standard deviations from the mean of all customers.
    """

    feature: str
    direction: str
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterModel:
    """Clusters that any customer can be assigned to, saved with the run.

    Attributes
    ----------
    numbers, names, traits
        Of each cluster, in the order of `centers`.
    scale
        From features to coordinates.
    centers
        In coordinates, shape (clusters, features).
    baselines
        How each feature was distributed, for telling drift.
    """

    numbers: tuple[int, ...]
    names: tuple[str, ...]
    traits: tuple[tuple[Trait, ...], ...]
    scale: Scale
    centers: Floats
    baselines: tuple[Baseline, ...]

    def assign(self, values: Floats) -> Labels:
        """Index of each customer's cluster; `values` of shape (customers, features)."""
        return nearest(self.scale.apply(values), self.centers)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return {
            "numbers": list(self.numbers),
            "names": list(self.names),
            "traits": [
                [[item.feature, item.direction, item.distance] for item in traits]
                for traits in self.traits
            ],
            "scale": self.scale.to_dict(),
            "centers": self.centers.tolist(),
            "baselines": [
                {"edges": list(item.edges), "shares": list(item.shares)} for item in self.baselines
            ],
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Take it from what :meth:`to_dict` gave."""
        return cls(
            numbers=tuple(plain["numbers"]),
            names=tuple(plain["names"]),
            traits=tuple(tuple(Trait(*item) for item in traits) for traits in plain["traits"]),
            scale=Scale.from_dict(plain["scale"]),
            centers=np.asarray(plain["centers"], dtype=np.float64),
            baselines=tuple(
                Baseline(tuple(item["edges"]), tuple(item["shares"])) for item in plain["baselines"]
            ),
        )


def fit_clusters(
    values: Floats, settings: ClusterSettings | None = None, previous: ClusterModel | None = None
) -> tuple[ClusterModel, Choice]:
    """Cluster customers.

    Parameters
    ----------
    values
        Shape (customers, features), in the order of customer ids; NaN means missing.
    settings
        How.
    previous
        The model whose numbers and names are kept.

    Raises
    ------
    InputError
        If there are too few different customers.
    UsageError
        If more clusters are asked for than there are different customers.
    """
    with single_thread("sklearn.cluster"):
        return _fit(values, settings or ClusterSettings(), previous)


def _fit(
    values: Floats, settings: ClusterSettings, previous: ClusterModel | None
) -> tuple[ClusterModel, Choice]:
    scale = fit_scale(
        values, settings.features, settings.transform, standardize=settings.standardize
    )
    points = scale.apply(values)
    some = points[sample(len(points), _FIT_SAMPLE, settings.seed)]
    different = len(np.unique(some, axis=0))
    if settings.k is not None:
        if not 2 <= settings.k <= different:
            if different < 2:
                raise InputError("segment.few_customers", customers=len(points))
            raise UsageError("segment.k", k=settings.k, most=different)
        ks = [settings.k] if settings.k < different else []
        trials, fitted = try_k(some, ks, settings.seed) if ks else ([], {})
        choice = Choice(k=settings.k, reason="given", knee=None, trials=tuple(trials))
    else:
        most = min(settings.most, different - 1, len(points) // _CUSTOMERS_A_CLUSTER)
        if most < 2:
            raise InputError("segment.few_customers", customers=len(points))
        trials, fitted = try_k(some, range(2, most + 1), settings.seed)
        choice = choose(trials)
    centers = fitted.get(choice.k)
    if centers is None:
        centers, _ = kmeans(some, choice.k, settings.seed)
    if len(some) < len(points):
        centers, _ = refine(points, centers)
    centers = centers[_best_first(centers, settings.features)]
    labels = nearest(points, centers)
    numbers, kept = _numbers(values, labels, choice.k, previous)
    traits = _traits(points, labels, choice.k, settings.features)
    model = ClusterModel(
        numbers=numbers,
        names=_names(traits, kept),
        traits=traits,
        scale=scale,
        centers=centers,
        baselines=fit_baselines(values),
    )
    return _by_number(model), choice


def _best_first(centers: Floats, features: Sequence[str]) -> Labels:
    signs = np.array([-1.0 if name in LOW_IS_GOOD else 1.0 for name in features])
    worth = (centers * signs).sum(axis=1)
    return np.lexsort((*centers.T[::-1], -worth))


def _numbers(
    values: Floats, labels: Labels, k: int, previous: ClusterModel | None
) -> tuple[tuple[int, ...], dict[int, str]]:
    """Numbers of the clusters, and the names that some keep, by index.

    The assignment with the least sum of squared distances to the previous centers, in their
    coordinates (the Hungarian method).
    """
    if previous is None:
        return tuple(range(1, k + 1)), {}
    from scipy.optimize import linear_sum_assignment

    before = previous.scale.apply(values)
    means = np.array([before[labels == j].mean(axis=0) for j in range(k)])
    distances = np.square(means[:, None, :] - previous.centers[None, :, :]).sum(axis=2)
    ours, theirs = linear_sum_assignment(distances)
    matched = dict(zip(ours.tolist(), theirs.tolist(), strict=True))
    fresh = iter(range(max(previous.numbers) + 1, max(previous.numbers) + 1 + k))
    numbers = tuple(previous.numbers[matched[j]] if j in matched else next(fresh) for j in range(k))
    return numbers, {j: previous.names[at] for j, at in matched.items()}


def _by_number(model: ClusterModel) -> ClusterModel:
    order = sorted(range(len(model.numbers)), key=lambda j: model.numbers[j])
    return ClusterModel(
        numbers=tuple(model.numbers[j] for j in order),
        names=tuple(model.names[j] for j in order),
        traits=tuple(model.traits[j] for j in order),
        scale=model.scale,
        centers=model.centers[order],
        baselines=model.baselines,
    )


def _traits(
    points: Floats, labels: Labels, k: int, features: Sequence[str]
) -> tuple[tuple[Trait, ...], ...]:
    """Features of each cluster by how far they stand out, the farthest first."""
    deviation = points.std(axis=0)
    spread = np.where(deviation > 0, deviation, 1.0)
    found = []
    for j in range(k):
        distances = (points[labels == j].mean(axis=0) - points.mean(axis=0)) / spread
        ranked = sorted(zip(features, distances.tolist(), strict=True), key=lambda it: -abs(it[1]))
        found.append(
            tuple(
                Trait(name, "high" if distance > 0 else "low", distance)
                for name, distance in ranked
            )
        )
    return tuple(found)


def standing_out(traits: Sequence[Trait]) -> tuple[Trait, ...]:
    """Traits that are far enough from all customers to be spoken of."""
    return tuple(item for item in traits if abs(item.distance) >= STANDS_OUT)


def _names(traits: Sequence[Sequence[Trait]], kept: Mapping[int, str]) -> tuple[str, ...]:
    """Words for what stands out; a name already taken gets a number."""
    taken = set(kept.values())
    names = []
    for j, items in enumerate(traits):
        if j in kept:
            names.append(kept[j])
            continue
        words = [
            _WORDS.get((item.feature, item.direction), f"{item.feature}_{item.direction}")
            for item in standing_out(items)
        ]
        name = base = "_".join(words) or "average"
        number = 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        names.append(name)
    return tuple(names)
