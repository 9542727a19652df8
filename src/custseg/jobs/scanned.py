"""Some rows of a file that stays on disk, to recognize its columns by.

Only text is always looked at: of most columns of numbers and days, header and type tell enough.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import pyarrow as pa

from custseg.engine import Engine, ParquetScan, quoted
from custseg.segment.columns import is_text

_SAMPLE_ROWS: Final = 5_000
_TELLING_COLUMNS: Final = 4
_FEW: Final = _SAMPLE_ROWS // 10
_MOST: Final = 10 * _SAMPLE_ROWS
_HASHES: Final = 2**64


def text_sample(engine: Engine, scan: ParquetScan) -> pa.Table | None:
    """Choose some thousand rows by what they hold, and give their columns of text.

    The order of the rows changes nothing.

    Returns
    -------
    pyarrow.Table or None
        None where what rows hold does not tell them apart.
    """
    return _sample(engine, scan, [name for name in scan.schema.names if _is_text(scan, name)])


def sample(
    engine: Engine, scan: ParquetScan, texts: pa.Table, sure: Collection[str]
) -> pa.Table | None:
    """Give the same rows with all columns; what `sure` ones hold, which is not looked at, is null.

    Parameters
    ----------
    texts
        What :func:`text_sample` gave.

    Returns
    -------
    pyarrow.Table or None
        None where what rows hold does not tell them apart.
    """
    unsure = [name for name in scan.schema.names if name not in sure and not _is_text(scan, name)]
    others = _sample(engine, scan, unsure)
    if others is None:
        return None
    parts = [part for part in (texts, others) if part.num_columns]
    rows = {part.num_rows for part in parts} or {0}
    if len(rows) > 1:  # the file changed meanwhile
        return None
    found = {name: part[name] for part in parts for name in part.column_names}
    return pa.table({name: found.get(name, pa.nulls(*rows)) for name in scan.schema.names})


def _is_text(scan: ParquetScan, name: str) -> bool:
    return is_text(scan.schema.field(name).type)


def _sample(engine: Engine, scan: ParquetScan, columns: Sequence[str]) -> pa.Table | None:
    if not columns:
        return pa.table({})
    wanted = ", ".join(map(quoted, columns))
    *first, last = _telling(scan)
    for telling in (*first, last):
        told = ", ".join(map(quoted, telling))
        # In order, since DuckDB reads the file twice for a limit of rows in no order.
        query = (
            f"SELECT {wanted} FROM lines WHERE hash({told}) <= {_bound(scan)} "  # noqa: S608
            f"ORDER BY ALL LIMIT {_MOST}"
        )
        found = engine.sql(query, lines=scan)
        if (1 if telling is last else _FEW) <= found.num_rows < _MOST:
            return found
    return None


def _bound(scan: ParquetScan) -> int:
    return min(_HASHES - 1, _HASHES * _SAMPLE_ROWS // max(scan.num_rows, 1))


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
