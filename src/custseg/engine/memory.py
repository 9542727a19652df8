"""Memory of the process: what is kept for the next piece of work, what goes back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from typing import Final

import pyarrow as pa

_MALLOC: Final = {-8: 2, -1: 512 << 20, -3: 32 << 20}
"""glibc's ``mallopt``: ``M_ARENA_MAX``, ``M_TRIM_THRESHOLD``, ``M_MMAP_THRESHOLD``."""


def give_back_memory() -> None:
    """Give memory that is free, but still held by this process, back to the system.

    Between the stages of a job: what one stage freed, the allocators keep for themselves.
    """
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # not every C library can
            ctypes.CDLL(None).malloc_trim(0)


def keep_memory() -> None:
    """Let threads take memory from two places, and keep what is freed for what comes next.

    What a thread has freed in its own place stays there, and the next thread begins another. And
    to take memory anew from the system for each piece of work costs a tenth of the processors'
    time; between stages :func:`give_back_memory` returns it.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # not every C library can
            for option, value in _MALLOC.items():
                ctypes.CDLL(None).mallopt(option, value)
