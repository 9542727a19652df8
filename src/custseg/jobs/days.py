"""Days that the user names."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from custseg.errors import UsageError

_SLASHED: Final = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", re.ASCII)


def read_day(text: str) -> date:
    """Read a day written YYYY-MM-DD, or YYYY/M/D as spreadsheets show it.

    Raises
    ------
    UsageError
        If it is none.
    """
    written = _SLASHED.fullmatch(text.strip())
    try:
        return date(*map(int, written.groups())) if written else date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("segment.as_of", text=text) from error
