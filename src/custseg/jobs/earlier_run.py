"""An earlier run of ``segment`` or ``rfm``, read back to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow.compute as pc

from custseg.errors import InputError
from custseg.jobs.customers import People, folder_of_run
from custseg.jobs.segment_plan import MODEL
from custseg.jobs.stored import find_stored, read_stored, read_stored_json, read_summary
from custseg.segment.analyses import EarlierRun
from custseg.segment.model import SegmentModel
from custseg.segment.summary import SegmentSummary

_SCORES: Final = ("customer_id", "segment", "monetary")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSegments:
    """The segmentation before.

    Attributes
    ----------
    model
        Its cluster numbers and names are kept.
    run
        What is compared; None where nothing but a model is known.
    """

    model: SegmentModel | None = None
    run: EarlierRun | None = None


def read_earlier_run(
    given: str | Path | SegmentModel | None, customers: object
) -> EarlierRun | None:
    """Read what an earlier run found; None where `given` is no folder of a run.

    Parameters
    ----------
    given
        The folder; a ``model.json`` alone holds no customers to compare with.
    customers
        The customers of this run: a clean run's folder knows which ids were merged since.

    Raises
    ------
    InputError
        If the folder is damaged.
    """
    if given is None or isinstance(given, SegmentModel) or not Path(given).is_dir():
        return None
    folder = Path(given)
    model = SegmentModel.from_dict(read_stored_json(folder, MODEL), str(folder / MODEL))
    summary = read_summary(folder, SegmentSummary)
    if summary.orders is None:
        raise InputError("segment.model_without", part="orders")
    scores = read_stored(folder, "scores")
    return EarlierRun(
        as_of=date.fromisoformat(summary.orders.as_of),
        scores=scores.select(_SCORES) if {*_SCORES} <= {*scores.column_names} else None,
        map=model.map,
        kpis=summary.kpis,
        successors=_successors(customers),
    )


def known_since(run: EarlierRun | None, people: People | None) -> EarlierRun | None:
    """Let ids of orders that were nobody's then, and are a customer's today, be followed too."""
    if run is None or run.scores is None or people is None:
        return run
    old = run.scores["customer_id"].unique()
    new = old.filter(pc.invert(pc.is_in(old, value_set=people.table["customer_id"].unique())))
    place = pc.index_in(new, value_set=people.ids["source_id"].combine_chunks())
    found = people.ids["customer_id"].take(place)
    owners = {
        given: owner
        for given, owner in zip(new.to_pylist(), found.to_pylist(), strict=True)
        if owner is not None
    }
    return replace(run, successors={**owners, **run.successors})


def _successors(customers: object) -> Mapping[str, str]:
    """Every id that was merged into another → the id that stands today."""
    # Only here: what reads earlier clean runs brings all of matching with it.
    from custseg.cleanse.merge.ids import RETIRED
    from custseg.jobs.past import IDS_TABLE

    folder = folder_of_run(customers)
    if folder is None or find_stored(folder, IDS_TABLE) is None:
        return {}
    ids = read_stored(folder, IDS_TABLE).select(["customer_id", "status", "successor"])
    columns = (column.to_pylist() for column in ids.columns)
    next_of = {
        old: new for old, status, new in zip(*columns, strict=True) if status == RETIRED and new
    }
    return {old: _last(old, next_of) for old in next_of}


def _last(old: str, next_of: Mapping[str, str]) -> str:
    seen = {old}
    while (new := next_of.get(old)) is not None and new not in seen:
        seen.add(new)
        old = new
    return old
