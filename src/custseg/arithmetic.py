"""Let numpy calculate alike on all processors of a kind.

With AVX-512 numpy takes other routines for logarithms and powers, whose last digit differs from
what a processor without it gives. They gain nothing here: sorting, of which there is most, takes
five times as long with AVX-512 as with AVX2 on AMD's Zen 4.
"""

from __future__ import annotations

import os
import sys
from typing import Final

_SWITCH: Final = "NPY_DISABLE_CPU_FEATURES"
_OTHERS: Final = (_SWITCH, "NPY_ENABLE_CPU_FEATURES")
_AVX512: Final = "X86_V4 AVX512_ICL AVX512_SPR"


def calculate_alike() -> None:
    """Have numpy, and that of worker processes, do without AVX-512.

    It looks once, when it is imported: later this changes nothing. Whoever has chosen for
    themselves is left to their choice.
    """
    if "numpy" not in sys.modules and not any(name in os.environ for name in _OTHERS):
        os.environ[_SWITCH] = _AVX512
