"""From orders to scores, segments, clusters, profiles and forecasts: pure functions.

Importing this package gives its module the name ``custseg.segment``, which the public API
promises for a function; so the module can be called, and does what the function does.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Segment(ModuleType):
    """A module that is also :func:`custseg.jobs.segment.segment`."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        from custseg.jobs.segment import segment

        return segment(*args, **options)


sys.modules[__name__].__class__ = _Segment
