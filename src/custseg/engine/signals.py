"""A signal in the middle of a query: an interrupt, not a fault."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Tell a query that a signal ended as an interrupt: DuckDB gives an error of no kind.

    Raises
    ------
    KeyboardInterrupt
        If a signal's handler raised while the query ran.
    """
    try:
        yield
    except RuntimeError as error:
        if "Query interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise
