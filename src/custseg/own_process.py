"""What a process that serves custseg alone is told at its start, before heavy imports."""

from __future__ import annotations

import gc
import os
import platform
import sys
from typing import Final

_SWITCH: Final = "NPY_DISABLE_CPU_FEATURES"
_OTHERS: Final = (_SWITCH, "NPY_ENABLE_CPU_FEATURES")
_AVX512: Final = "X86_V4 AVX512_ICL AVX512_SPR"

_OBJECTS: Final = 50_000
"""New objects after which Python looks for garbage."""


def start_own_process() -> None:
    """Have numpy calculate alike everywhere, and Python look for garbage less often.

    To look for garbage at every 700 new objects takes a tenth of the start.
    """
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
    calculate_alike()


def calculate_alike() -> None:
    """Have numpy, and that of worker processes, do without AVX-512.

    With it numpy takes other routines for logarithms and powers, whose last digit differs from
    what a processor without it gives. They gain nothing here: sorting, of which there is most,
    takes five times as long with AVX-512 as with AVX2 on AMD's Zen 4.

    numpy looks once, when it is imported: later this changes nothing. Whoever has chosen for
    themselves is left to their choice; on processors of another kind numpy would only complain.
    """
    if "numpy" in sys.modules or any(name in os.environ for name in _OTHERS):
        return
    if platform.machine().lower() in ("x86_64", "amd64"):
        os.environ[_SWITCH] = _AVX512
