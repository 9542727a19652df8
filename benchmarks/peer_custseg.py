"""custseg's matching alone, on standardized columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pyarrow.parquet as pq

from custseg.cleanse.match import match_records
from custseg.engine import Engine


def clusters(folder: Path, about: dict[str, Any]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Give the columns and their roles; nothing else is set."""
    table = pq.read_table(folder / "standard.parquet").drop_columns(["row"])
    with Engine() as engine:
        found = match_records(table, about["roles"], engine=engine)
    yield "custseg, matching alone", found.clusters
