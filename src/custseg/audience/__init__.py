"""Audiences: who may be contacted by which channel, target lists, and files for platforms.

Like :mod:`custseg.segment`, the module can be called, as the public API promises.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Audience(ModuleType):
    """A module that is also :func:`custseg.jobs.audience.audience`."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        from custseg.jobs.audience import audience

        return audience(*args, **options)


sys.modules[__name__].__class__ = _Audience
