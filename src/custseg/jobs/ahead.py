"""Large Parquet files of orders, looked at while the rest of the program is still being loaded.

Python loads modules on one processor; to hash a file, and to read some of its rows, keeps others
busy meanwhile.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from custseg.engine import Engine, ParquetScan
from custseg.errors import CustsegError
from custseg.hashing import sha256_of
from custseg.jobs.scanned import text_sample
from custseg.tables import ReadOptions, expand_inputs
from custseg.tables.stored import scan_of

if TYPE_CHECKING:
    import pyarrow as pa

SCAN_ROWS: Final = 200_000
"""Rows from which on a Parquet file of orders stays on disk, and queries read what they need."""


class Ahead(NamedTuple):
    """What is being found out about files that stay on disk; nothing of any other.

    Attributes
    ----------
    digests, texts
        Of each file its SHA-256 and :func:`custseg.jobs.scanned.text_sample`.
    """

    digests: Mapping[Path, Future[str]] = MappingProxyType({})
    texts: Mapping[Path, Future[pa.Table | None]] = MappingProxyType({})

    def sha256(self, path: Path) -> str:
        """Give the SHA-256 of a file."""
        known = self.digests.get(path)
        return sha256_of(path) if known is None else known.result()

    def text_sample(self, engine: Engine, scan: ParquetScan) -> pa.Table | None:
        """Give some rows of the one file of a scan."""
        known = self.texts.get(scan.parts[0].path)
        return text_sample(engine, scan) if known is None else known.result()


NOTHING_AHEAD: Final = Ahead()


def look_ahead(engine: Engine, inputs: Any) -> Ahead:
    """Begin to look at those of some inputs that will stay on disk.

    What is wrong with an input is said by whoever reads it.
    """
    if isinstance(inputs, str | Path):
        inputs = [inputs]
    if not isinstance(inputs, Sequence):
        return NOTHING_AHEAD
    options = ReadOptions(scan_rows=SCAN_ROWS)
    digests: dict[Path, Future[str]] = {}
    texts: dict[Path, Future[pa.Table | None]] = {}
    with contextlib.suppress(CustsegError):
        for path, name in expand_inputs(each for each in inputs if isinstance(each, str | Path)):
            if not isinstance(path, Path):
                continue
            scan = scan_of(path, name, options)
            if scan is not None:
                texts[path] = engine.beside(partial(text_sample, engine, scan))
                digests[path] = engine.beside(partial(sha256_of, path))
    return Ahead(digests, texts)
