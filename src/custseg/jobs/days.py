"""Days that the user names."""

from __future__ import annotations

from datetime import date

from custseg.errors import UsageError


def read_day(text: str) -> date:
    """Read a day written YYYY-MM-DD.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("segment.as_of", text=text) from error
