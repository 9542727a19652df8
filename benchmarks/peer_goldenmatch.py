"""goldenmatch without configuration, as it is meant to be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

NO_EVIDENCE = {"source", "row", "record_id", "person_name", "kana", "address", "cluster"}
"""Columns that are kept from it: numbers of rows, and wholes whose parts it gets."""


def clusters(folder: Path, about: dict[str, Any]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Give the columns that tell of a person."""
    from goldenmatch import dedupe_df

    frame = pl.read_parquet(folder / "standard.parquet")
    kept = [name for name in frame.columns if name in about["roles"] and name not in NO_EVIDENCE]
    found = dedupe_df(frame.select(kept), confidence_required=False, allow_red_config=True)
    labels = np.arange(len(frame))
    for cluster in found.clusters.values():
        members = list(cluster["members"])
        labels[members] = min(members)
    yield "goldenmatch", labels
