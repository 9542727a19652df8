"""What a process that was given too little memory can still say."""

from __future__ import annotations

import sys
from typing import Final

from custseg.errors import LimitError

if sys.platform != "win32":
    import resource

LEAST_ADDRESS_SPACE: Final = 2 << 30
"""Below this the libraries can hardly be loaded, and some end the process without a word."""

_SIGNS: Final = (
    "cannot allocate memory",
    "failed to map segment",
    "out of memory",
    "can't start new thread",
)


def check_address_space() -> None:
    """Refuse to start under a limit (``ulimit -v``) that no run can keep.

    Raises
    ------
    LimitError
        With the limit there is, and the least that would do.
    """
    if sys.platform == "win32":
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < LEAST_ADDRESS_SPACE:
        least = LEAST_ADDRESS_SPACE >> 20
        raise LimitError("engine.address_space", limit=limit >> 20, least=least)


def lacks_memory(error: BaseException) -> bool:
    """Tell whether an error is one of the many ways to say that memory is exhausted."""
    said = str(error).lower()
    return isinstance(error, ImportError | OSError | RuntimeError) and any(
        sign in said for sign in _SIGNS
    )


def overflows(error: BaseException) -> bool:
    """Tell whether an error says that a column holds more text than one array can (2 GiB)."""
    return isinstance(error, ValueError) and "offset overflow" in str(error)
