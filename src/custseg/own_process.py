"""What a process that serves custseg alone is told at its start, before heavy imports."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import platform
import sys
import threading
from typing import Final

_SWITCH: Final = "NPY_DISABLE_CPU_FEATURES"
_OTHERS: Final = (_SWITCH, "NPY_ENABLE_CPU_FEATURES")
_AVX512: Final = "X86_V4 AVX512_ICL AVX512_SPR"

_BLAS_THREADS: Final = "OPENBLAS_NUM_THREADS"

_OBJECTS: Final = 50_000
"""New objects after which Python looks for garbage."""


def start_own_process() -> None:
    """Have numpy calculate alike everywhere, and Python look for garbage less often.

    To look for garbage at every 700 new objects takes a tenth of the start.
    """
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
    calculate_alike()


def end_own_process(code: int) -> None:
    """End the process, without taking apart one by one what it has in memory.

    That takes a tenth of a second after a large run. Where another thread is at work, or something
    cannot be written, this does nothing: Python's own end says so.
    """
    for each in threading.enumerate():
        if each is not threading.main_thread() and not each.daemon:
            return
    with contextlib.suppress(OSError, ValueError, AttributeError):
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def calculate_alike() -> None:
    """Have numpy, and that of worker processes, do without AVX-512, and add up in one thread.

    With AVX-512 numpy takes other routines for logarithms and powers, whose last digit differs from
    what a processor without it gives. They gain nothing here: sorting, of which there is most,
    takes five times as long with AVX-512 as with AVX2 on AMD's Zen 4. Products of matrices depend
    in their last digits on the number of threads that share them; the matrices here are small, and
    threads that wait for more take a tenth of a second of a processor.

    numpy looks once, when it is imported: later this changes nothing. Whoever has chosen for
    themselves is left to their choice; on processors of another kind numpy would only complain.
    """
    if "numpy" in sys.modules:
        return
    os.environ.setdefault(_BLAS_THREADS, "1")
    x86 = platform.machine().lower() in ("x86_64", "amd64")
    if x86 and not any(name in os.environ for name in _OTHERS):
        os.environ[_SWITCH] = _AVX512
