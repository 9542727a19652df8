"""Read who a command is about, from a file or standard input: the shell's history keeps no name."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from custseg.errors import InputError

if TYPE_CHECKING:
    from custseg.jobs.person_search import Wanted


def read_people(source: str | None, ids: Sequence[str] | None) -> Wanted:
    """Read ids given, and a file of one id, address or number a line (``-``: standard input).

    Raises
    ------
    InputError
        If the file cannot be read.
    UsageError
        If nobody is named.
    """
    from custseg.jobs.person_search import read_wanted

    text = ""
    if source is not None:
        try:
            data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
            text = data.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError("privacy.people_unreadable", path=source) from error
    return read_wanted(ids or (), text)
