"""custseg: messy customer exports to trusted customers, segments and target lists, offline.

The names below are the public API. Each is loaded when it is first used, so that importing
custseg costs nothing; the functions are those behind the commands of the same name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

__version__ = "0.1.0"

if TYPE_CHECKING:
    from custseg.config import Settings
    from custseg.errors import CustsegError
    from custseg.jobs.audience import AudienceResult, audience
    from custseg.jobs.basket import BasketResult, basket
    from custseg.jobs.clean import CleanResult, clean, dedupe
    from custseg.jobs.evaluate import evaluate
    from custseg.jobs.explain import explain
    from custseg.jobs.measure import measure_campaign, measure_channels, measure_table
    from custseg.jobs.segment import SegmentResult, cluster, rfm, segment
    from custseg.jobs.standardize import StandardizeResult, standardize
    from custseg.jobs.undo import undo

_HOMES: Final = {
    "AudienceResult": "custseg.jobs.audience",
    "BasketResult": "custseg.jobs.basket",
    "CleanResult": "custseg.jobs.clean",
    "CustsegError": "custseg.errors",
    "SegmentResult": "custseg.jobs.segment",
    "Settings": "custseg.config",
    "StandardizeResult": "custseg.jobs.standardize",
    "audience": "custseg.jobs.audience",
    "basket": "custseg.jobs.basket",
    "clean": "custseg.jobs.clean",
    "cluster": "custseg.jobs.segment",
    "dedupe": "custseg.jobs.clean",
    "evaluate": "custseg.jobs.evaluate",
    "explain": "custseg.jobs.explain",
    "measure_campaign": "custseg.jobs.measure",
    "measure_channels": "custseg.jobs.measure",
    "measure_table": "custseg.jobs.measure",
    "rfm": "custseg.jobs.segment",
    "segment": "custseg.jobs.segment",
    "standardize": "custseg.jobs.standardize",
    "undo": "custseg.jobs.undo",
}

__all__ = [
    "AudienceResult",
    "BasketResult",
    "CleanResult",
    "CustsegError",
    "SegmentResult",
    "Settings",
    "StandardizeResult",
    "__version__",
    "audience",
    "basket",
    "clean",
    "cluster",
    "dedupe",
    "evaluate",
    "explain",
    "measure_campaign",
    "measure_channels",
    "measure_table",
    "rfm",
    "segment",
    "standardize",
    "undo",
]


def public(name: str) -> Any:
    """Give what `name` of the public API stands for, also where a package has that name."""
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'custseg' has no attribute {name!r}")
    return public(name)
