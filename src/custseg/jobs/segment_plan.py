"""What a segmentation is asked to do: settings, fixed cuts and saved models, read and checked."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Final

from custseg.config import Settings
from custseg.errors import InputError, UsageError
from custseg.jobs.days import read_day
from custseg.segment.clusters import ClusterSettings
from custseg.segment.forecast import ForecastSettings
from custseg.segment.maps import BUILT_IN, SegmentMap, segment_map
from custseg.segment.model import SegmentModel
from custseg.segment.rfm import MEASURES, RfmSettings
from custseg.segment.run import Plan

MODEL: Final = "model.json"
_SHORT: Final = {"r": "recency_days", "f": "frequency", "m": "monetary"}


def parse_cuts(texts: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Read fixed cuts such as ``recency_days=30,60,90,180`` (or ``r=30,60,90,180``).

    Raises
    ------
    UsageError
        If one cannot be read.
    """
    cuts = {}
    for text in texts:
        name, equals, numbers = text.partition("=")
        measure = _SHORT.get(name.strip().lower(), name.strip().lower())
        try:
            values = tuple(float(number) for number in numbers.split(","))
        except ValueError:
            values = ()
        if not equals or not values or measure not in MEASURES:
            raise UsageError("segment.cuts_text", text=text)
        cuts[measure] = values
    return cuts


def make_plan(
    settings: Settings,
    cuts: Mapping[str, Sequence[float]] | None,
    *,
    scores: bool,
    named: bool,
    clusters: bool,
) -> Plan:
    """Turn settings into a plan: with `scores`, with names for them, with `clusters`.

    Raises
    ------
    UsageError
        If a setting cannot be used.
    """
    chosen = settings.segment
    rfm_settings = RfmSettings(
        method="fixed" if cuts else chosen.method, bins=chosen.bins, cuts=cuts
    )
    k = chosen.clusters.strip().lower()
    if not (k in ("auto", "none") or k.isdecimal()):
        raise UsageError("segment.k_text", text=chosen.clusters)
    wanted = clusters and (k != "none" or not scores)
    return Plan(
        rfm=rfm_settings if scores else None,
        map=_map(settings) if named else None,
        map_name=chosen.map if named else "",
        clusters=ClusterSettings(
            features=feature_names(chosen.features),
            transform=chosen.transform,
            standardize=chosen.scale == "z-score",
            k=int(k) if k.isdecimal() else None,
        )
        if wanted
        else None,
        clusters_needed=not scores,
        actions=settings.actions,
    )


def feature_names(given: Sequence[str], columns: Container[str] = ()) -> tuple[str, ...]:
    """Give the names of features; several may stand in one text, with commas between.

    A text that is the name of one of the `columns` is one name, commas and all.
    """
    names = (
        name.strip() for text in given for name in ([text] if text in columns else text.split(","))
    )
    return tuple(dict.fromkeys(name for name in names if name))


def _map(settings: Settings) -> SegmentMap:
    name, bins = settings.segment.map, settings.segment.bins
    if name in settings.maps:
        return segment_map(settings.maps[name].items(), bins)
    if name not in BUILT_IN:
        known = ", ".join([*BUILT_IN, *settings.maps])
        raise UsageError("segment.map_unknown", name=name, known=known)
    if bins != 5:
        raise UsageError("segment.map_bins", bins=bins)
    return segment_map(BUILT_IN[name].items(), bins)


def reference_date(settings: Settings) -> date | None:
    """Give the day to count from, where the settings name one."""
    return _day(settings.segment.as_of)


def migration_date(settings: Settings) -> date | None:
    """Give the day from which changes of segment are told, where the settings name one."""
    return _day(settings.segment.migration_from)


def forecast_settings(settings: Settings) -> ForecastSettings:
    """Give how purchases are forecast."""
    chosen = settings.segment
    return ForecastSettings(
        horizon=chosen.horizon,
        model=chosen.purchase_model,
        unit=chosen.time_unit,
        holdout_from=_day(chosen.holdout_from),
    )


def given_goals(settings: Settings) -> dict[str, float]:
    """Give the goals that are set, by key figure."""
    return {name: goal for name, goal in asdict(settings.goals).items() if goal is not None}


def _day(text: str | None) -> date | None:
    return None if text is None else read_day(text)


def read_model(given: str | Path | SegmentModel | None) -> SegmentModel | None:
    """Read a saved model; None for none.

    Raises
    ------
    InputError
        If it cannot be read, or is none.
    """
    if given is None or isinstance(given, SegmentModel):
        return given
    path = Path(given)
    path = path / MODEL if path.is_dir() else path
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("segment.model_missing", path=str(path)) from error
    except ValueError as error:
        raise InputError("segment.model_unreadable", name=str(path)) from error
    return SegmentModel.from_dict(plain, str(path))
