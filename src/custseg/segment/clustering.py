"""Customers clustered with a new model or a saved one, whatever their features were taken from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from custseg.cleanse.summary import WarningSummary
from custseg.segment.choice import Choice, Labels
from custseg.segment.clusters import ClusterModel, ClusterSettings, fit_clusters
from custseg.segment.describe import describe_clusters
from custseg.segment.features import drift
from custseg.segment.rfm import Floats
from custseg.segment.summary import DRIFTED, ClustersSummary

CLUSTERS: Final = {"cluster": pa.int64(), "cluster_name": pa.string()}
"""Columns of the clusters of customers, and what they hold."""

FindValues = Callable[[tuple[str, ...]], Floats]
"""Gives features by name, shape (customers, features); NaN means missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustered:
    """The outcome.

    Attributes
    ----------
    model
        The saved one, or the one fitted.
    labels
        Index of each customer's cluster.
    summary, warnings
        Parts of the report.
    """

    model: ClusterModel
    labels: Labels
    summary: ClustersSummary
    warnings: tuple[WarningSummary, ...]

    def columns(self) -> dict[str, pa.Array]:
        """Give each customer's cluster, by number and name."""
        own = pa.array(self.labels)
        words = (self.model.numbers, self.model.names)
        return {
            name: pa.array(each, kind).take(own)
            for (name, kind), each in zip(CLUSTERS.items(), words, strict=True)
        }


def cluster_customers(
    find_values: FindValues,
    settings: ClusterSettings,
    *,
    saved: ClusterModel | None,
    previous: ClusterModel | None,
    monetary: Floats | None,
) -> Clustered:
    """Cluster customers by `settings`, or score them with a `saved` model.

    Parameters
    ----------
    previous
        Clusters whose numbers and names a fit keeps, where they are of the same features.
    monetary
        What each customer spent, where orders tell.

    Raises
    ------
    InputError, UsageError
        If there are too few different customers, or more clusters are asked for than those.
    """
    warnings: list[WarningSummary] = []
    drifts: Mapping[str, float] = {}
    if saved is not None:
        names = saved.scale.names
        values = find_values(names)
        model, choice = saved, Choice(k=len(saved.numbers), reason="model", knee=None, trials=())
        drifts = dict(zip(names, drift(values, model.baselines), strict=True))
    else:
        values = find_values(settings.features)
        if previous is not None and previous.scale.names != settings.features:
            features = ", ".join(previous.scale.names)
            warnings.append(_warning("segment.warn.other_features", features=features))
            previous = None
        model, choice = fit_clusters(values, settings, previous)
    labels = model.assign(values)
    summary = describe_clusters(monetary, values, model, choice, labels, drifts)
    return Clustered(
        model=model,
        labels=labels,
        summary=summary,
        warnings=(*warnings, *_doubts(summary)),
    )


def _doubts(clusters: ClustersSummary) -> list[WarningSummary]:
    """Say what speaks against the clusters."""
    found = []
    for trial in clusters.trials:
        if trial.k == clusters.k and trial.outliers:
            share = round(100 * trial.smallest, 1)
            found.append(_warning("segment.warn.outliers", k=trial.k, share=share))
        if trial.k == clusters.k and trial.unstable:
            ari = round(trial.stability, 2)
            found.append(_warning("segment.warn.unstable", k=trial.k, ari=ari))
    for feature, index in clusters.drift.items():
        if index > DRIFTED:
            psi = round(index, 2)
            found.append(_warning("segment.warn.drift", feature=feature, psi=psi))
    return found


def _warning(key: str, /, **params: Any) -> WarningSummary:
    return WarningSummary(key=key, params=params)
