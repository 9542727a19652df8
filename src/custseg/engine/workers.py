"""Worker processes and threads: how many, how they start, and who goes first."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from custseg.arrow_alone import start_arrow_without_pandas
from custseg.engine.memory import keep_memory

_BEHIND: Final = 5
"""Niceness added to what is done behind: a third of the share of others, so it never starves."""

_MAIN: threading.Lock = threading.Lock()


def available_processors() -> int:
    """Processors this process may use (its affinity, not the machine's count)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def let_others_go_first() -> None:
    """Give this thread less priority; on Linux alone a thread has one of its own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            thread = threading.get_native_id()
            own = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, own + _BEHIND)


def ready() -> None:
    """Do nothing: what a worker does while it is started."""


def start_worker() -> None:
    """Set up a worker process."""
    start_arrow_without_pandas()
    keep_memory()


@contextlib.contextmanager
def main_hidden() -> Iterator[None]:
    """Start worker processes that do not run the caller's script again.

    They would, to find functions that it defines. Batch functions stand in modules, and a script
    that calls custseg without asking for ``__main__`` would start itself without end.
    """
    with _MAIN:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
