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


Version = tuple[int, int, int]
"""What tells a file from the one that took its place."""


class LookedAt(NamedTuple):
    """What is being found out about a file.

    Attributes
    ----------
    version
        Of the file.
    sha256, texts
        Its hash, and :func:`custseg.jobs.scanned.text_sample`.
    """

    version: Version
    sha256: Future[str]
    texts: Future[pa.Table | None]


class Ahead(NamedTuple):
    """What is being found out about `files` that stay on disk; nothing of any other."""

    files: Mapping[Path, LookedAt] = MappingProxyType({})

    def sha256(self, path: Path) -> str:
        """Give the SHA-256 of a file."""
        known = self._known(path)
        return sha256_of(path) if known is None else known.sha256.result()

    def text_sample(self, engine: Engine, scan: ParquetScan) -> pa.Table | None:
        """Give some rows of the one file of a scan."""
        known = self._known(scan.parts[0].path)
        return text_sample(engine, scan) if known is None else known.texts.result()

    def _known(self, path: Path) -> LookedAt | None:
        """What is known of a file, if it is still the same one."""
        known = self.files.get(path)
        return None if known is None or known.version != _version(path) else known


NOTHING_AHEAD: Final = Ahead()


def look_ahead(engine: Engine, inputs: Any) -> Ahead:
    """Begin to look at those of some inputs that will stay on disk, where there are threads for it.

    What is wrong with an input is said by whoever reads it.
    """
    if isinstance(inputs, str | Path):
        inputs = [inputs]
    if engine.alone or not isinstance(inputs, Sequence):
        return NOTHING_AHEAD
    options = ReadOptions(scan_rows=SCAN_ROWS)
    files: dict[Path, LookedAt] = {}
    with contextlib.suppress(CustsegError):
        for path, name in expand_inputs(each for each in inputs if isinstance(each, str | Path)):
            if not isinstance(path, Path):
                continue
            version, scan = _version(path), scan_of(path, name, options)
            if version is not None and scan is not None:
                texts = engine.beside(partial(text_sample, engine, scan))
                sha256 = engine.beside(partial(sha256_of, path, engine.given_up))
                files[path] = LookedAt(version, sha256, texts)
    return Ahead(files)


def _version(path: Path) -> Version | None:
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns
    return None
