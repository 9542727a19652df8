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


def _columns(folder: Path, about: dict[str, Any]) -> pl.DataFrame:
    """Give raw columns where one file's columns are another's, else the standardized ones."""
    if about["kind"] == "febrl":
        frames = [pl.read_csv(file, infer_schema=False) for file in about["files"]]
        frame = pl.concat(frames)
        frame = frame.rename(lambda name: name.strip())
        return frame.select(pl.all().str.strip_chars()).drop("rec_id")
    frame = pl.read_parquet(folder / "standard.parquet")
    kept = [name for name in frame.columns if name in about["roles"] and name not in NO_EVIDENCE]
    return frame.select(kept)


def clusters(folder: Path, about: dict[str, Any]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Give the columns that tell of a person."""
    from goldenmatch import dedupe_df

    frame = _columns(folder, about)
    found = dedupe_df(frame, confidence_required=False, allow_red_config=True)
    labels = np.arange(frame.height)
    for cluster in found.clusters.values():
        members = list(cluster["members"])
        labels[members] = min(members)
    yield "goldenmatch", labels
