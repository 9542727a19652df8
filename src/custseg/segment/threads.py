"""Numerical libraries held to one thread.

With several, the order of additions, and so the last digits of a fit, depend on chance; on the
small matrices of these fits their threads also cost more than they give.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any


def single_thread(*libraries: str) -> AbstractContextManager[Any]:
    """Hold numpy, scipy and the named modules, which are imported first, to one thread."""
    from threadpoolctl import threadpool_limits

    for name in ("scipy.optimize", *libraries):
        import_module(name)
    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits
