"""Let Arrow start without pandas, which takes half a second to import.

The first array that pyarrow makes from Python's values looks whether pandas is there, and
imports it to look. Where no frame can come in (the command line, worker processes), that one
look is made to find nothing. Later conversions to and from frames import pandas as ever.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class _NoPandas:
    """A finder that says pandas is not there."""

    @classmethod
    def find_spec(
        cls,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Refuse pandas; leave every other module to the other finders."""
        del path, target
        if name == "pandas":
            raise ModuleNotFoundError(name)
        return None


def start_arrow_without_pandas() -> None:
    """Make Arrow's first array now, while pandas cannot be found."""
    if "pandas" in sys.modules:
        return
    import pyarrow as pa

    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(_NoPandas)


def take_less_memory() -> None:
    """Have Arrow take its memory from jemalloc, where it is built in.

    Of what Arrow's usual allocator has held, it keeps more pages that are partly free: some 200 MB
    when a million rows are cleaned.
    """
    import pyarrow as pa

    if "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
