"""Some rows of a file that stays on disk, to recognize its columns by."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from custseg.engine import Engine, ParquetScan, quoted
from custseg.segment.columns import is_text

_SAMPLE_ROWS: Final = 5_000
_TELLING_COLUMNS: Final = 4
_FEW: Final = _SAMPLE_ROWS // 10
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
    *first, last = _telling(scan)
    for columns in (*first, last):
        told = ", ".join(map(quoted, columns))
        # In order, since DuckDB reads the file twice for a limit of rows in no order.
        query = f"SELECT * FROM lines WHERE hash({told}) <= {bound} ORDER BY ALL LIMIT {_MOST}"  # noqa: S608
        found = engine.sql(query, lines=scan)
        if (1 if columns is last else _FEW) <= found.num_rows < _MOST:
            return found
    return None


def _telling(scan: ParquetScan) -> list[list[str]]:
    """Columns to choose by: a number mostly is enough, else a moment as well, and some more."""
    kinds = {name: scan.schema.field(name).type for name in sorted(scan.schema.names)}
    moments = [name for name, kind in kinds.items() if pa.types.is_temporal(kind)]
    texts = [name for name, kind in kinds.items() if is_text(kind)]
    numbers = [name for name in kinds if name not in (*moments, *texts)]
    several = [*moments, *numbers, *texts][:_TELLING_COLUMNS]
    if not numbers:
        return [several]
    return [numbers[:1], *([[moments[0], numbers[0]]] if moments else []), several]
