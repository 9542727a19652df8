"""Memory of the process: what is kept for the next piece of work, what goes back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path
from typing import Final

import pyarrow as pa

_MALLOC: Final = {-8: 2, -1: 512 << 20, -3: 32 << 20, -4: 0}
"""glibc's ``mallopt``: ``M_ARENA_MAX``, ``M_TRIM_THRESHOLD``, ``M_MMAP_THRESHOLD``, ``M_MMAP_MAX``.

With no piece apart, however large, the next one need not be taken from the system, and cleared.
"""

_TIGHT: Final = {-8: 2, -1: 64 << 20, -3: 16 << 20, -4: 65_536}


def give_back_memory() -> None:
    """Give memory that is free, but still held by this process, back to the system.

    Between the stages of a job: what one stage freed, the allocators keep for themselves.
    """
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # not every C library can
            ctypes.CDLL(None).malloc_trim(0)


def resident_memory() -> int:
    """Bytes that this process has in memory; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def keep_memory(*, tight: bool = False) -> None:
    """Let threads take memory from two places, and keep what is freed for what comes next.

    What a thread has freed in its own place stays there, and the next thread begins another. And
    to take memory anew from the system for each piece of work costs a tenth of the processors'
    time; between stages :func:`give_back_memory` returns it. Where memory is `tight`, large
    pieces go back at once.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # not every C library can
            for option, value in (_TIGHT if tight else _MALLOC).items():
                ctypes.CDLL(None).mallopt(option, value)
