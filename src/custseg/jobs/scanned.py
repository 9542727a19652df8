"""Some rows of a file that stays on disk, to recognize its columns by."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from custseg.engine import Engine, ParquetScan, quoted
from custseg.segment.columns import is_text

_SAMPLE_ROWS: Final = 5_000
_TELLING_COLUMNS: Final = 4
_MOST: Final = 10 * _SAMPLE_ROWS
_HASHES: Final = 2**64


def sampled(engine: Engine, scan: ParquetScan) -> pa.Table | None:
    """Choose some thousand rows by what they hold: their order changes nothing.

    Returns
    -------
    pyarrow.Table or None
        None where what they hold does not tell rows apart.
    """
    bound = min(_HASHES - 1, _HASHES * _SAMPLE_ROWS // max(scan.num_rows, 1))
    for columns in _telling(scan):
        told = ", ".join(map(quoted, columns))
        # In order, since DuckDB reads the file twice for a limit of rows in no order.
        query = f"SELECT * FROM lines WHERE hash({told}) <= {bound} ORDER BY {told} LIMIT {_MOST}"  # noqa: S608
        found = engine.sql(query, lines=scan)
        if 0 < found.num_rows < _MOST:
            return found
    return None


def _telling(scan: ParquetScan) -> list[list[str]]:
    """Columns to choose by: a moment and a number mostly are enough, else some more."""
    kinds = {name: scan.schema.field(name).type for name in sorted(scan.schema.names)}
    moments = [name for name, kind in kinds.items() if pa.types.is_temporal(kind)]
    texts = [name for name, kind in kinds.items() if is_text(kind)]
    numbers = [name for name in kinds if name not in (*moments, *texts)]
    several = [*moments, *numbers, *texts][:_TELLING_COLUMNS]
    return [[*moments[:1], *numbers[:1]], several] if moments and numbers else [several]
