"""The jobs of ``custseg base``: what is in it, and whether it holds together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from custseg.base.check import Check, check, sizes
from custseg.jobs.kept import open_base

_LATEST: int = 10


@dataclass(frozen=True, slots=True)
class BaseContents:
    """What is in a base.

    Attributes
    ----------
    sizes
        Rows of each table.
    runs
        The latest runs, the last first.
    lists
        Every list, as its last run left it.
    """

    sizes: dict[str, int]
    runs: list[dict[str, Any]]
    lists: list[dict[str, Any]]


def base_show(path: str | Path) -> BaseContents:
    """Tell what is in a base.

    Raises
    ------
    InputError, LockedError
        If there is none, it is damaged, or another run has it.
    """
    with open_base(path, "base", must_exist=True) as base:
        return BaseContents(
            sizes=sizes(base),
            runs=base.sql(
                "SELECT run, command, started, run_id, folder FROM {runs} "
                "ORDER BY run DESC LIMIT ?",
                [_LATEST],
            ).to_pylist(),
            lists=base.sql(
                "SELECT kind, name, max_by(members, run) AS members, "
                "max_by(started, run) AS started "
                "FROM {lists} JOIN {list_runs} USING (list) JOIN {runs} USING (run) "
                "GROUP BY kind, name ORDER BY ALL"
            ).to_pylist(),
        )


def base_check(path: str | Path) -> list[Check]:
    """Check every rule of a base; errors as :func:`base_show`."""
    with open_base(path, "base", must_exist=True) as base:
        return check(base)
