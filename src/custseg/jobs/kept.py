"""The base, as runs write into it: each run alone, or the steps of a chain as one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from custseg.base import Base, RunEntry
from custseg.base.pending import Entry, Pending
from custseg.jobs.audit import note, noted

BaseGiven: TypeAlias = "str | Path | Kept | None"
"""A base by its path, or one that a chain has open; None for none."""


class Kept:
    """An open base, and what its audit log will be told.

    Parameters
    ----------
    base, path
        The base, entered, and its file.
    whole
        The chain whose step this is; None for a run of its own. A step neither prepares nor
        commits: the chain does, for all of them at once.
    moves
        Where the chain builds its folder, and where that will be published.
    """

    def __init__(
        self,
        base: Base,
        path: str | Path,
        *,
        whole: Kept | None = None,
        moves: tuple[Path, Path] | None = None,
    ) -> None:
        self.base, self._path = base, path
        self._whole, self._moves = whole, moves
        self._entries: list[Entry] = []

    @property
    def is_step(self) -> bool:
        """Whether it is a chain's."""
        return self._whole is not None

    def step(self, built: Path, published: Path) -> Kept:
        """Give the base to a step of a chain."""
        moves = (built.resolve(), published.resolve())
        return Kept(self.base, self._path, whole=self, moves=moves)

    def begin(self, run: RunEntry, output: str | Path | None) -> None:
        """Begin a run whose files go to `output`."""
        self.base.begin(replace(run, folder="" if output is None else str(self.place(output))))

    def place(self, output: str | Path) -> Path:
        """Give where an output will stand once it is published."""
        path = Path(output).resolve()
        if self._moves is not None and path.is_relative_to(self._moves[0]):
            return self._moves[1] / path.relative_to(self._moves[0])
        return path

    def tell(self, action: str, counts: Mapping[str, int]) -> None:
        """Let the audit log know what the run did, once it is done."""
        entry = Entry(action=action, counts=counts, run=self.base.run_id)
        (self._whole or self)._entries.append(entry)

    def prepare(self, output: str | Path | None, run_id: str, started: str) -> None:
        """Write the new base beside the old one, before the run's folder is published.

        Parameters
        ----------
        run_id, started
            What the manifest there will say.
        """
        if self._whole is not None:
            return
        pending = None
        if output is not None:
            pending = Pending(
                folder=str(Path(output).resolve()),
                run_id=run_id,
                started=started,
                entries=tuple(self._entries),
            )
        self.base.prepare(pending)

    def commit(self) -> None:
        """Let the base remember, and its audit log."""
        if self._whole is not None:
            return
        self.base.commit()
        for entry in self._entries:
            note(self._path, entry.action, entry.counts, entry.run)


@contextlib.contextmanager
def open_base(path: str | Path, command: str, *, must_exist: bool = False) -> Iterator[Base]:
    """Open a base, locked until the end; what runs that died could not log is logged first.

    Raises
    ------
    LockedError, InputError, UsageError
        As :class:`custseg.base.Base`.
    """
    base = Base(path, command, must_exist=must_exist)
    try:
        with base:
            _log(base, path)
            yield base
    finally:
        _log(base, path)


def _log(base: Base, path: str | Path) -> None:
    for since, entry in base.unlogged:
        if not noted(path, entry.action, entry.run, since):
            note(path, entry.action, entry.counts, entry.run)
    base.unlogged = ()


@contextlib.contextmanager
def kept_base(given: BaseGiven, command: str) -> Iterator[Kept | None]:
    """Open the base that a run was given; one that a chain has open is left open."""
    if given is None or isinstance(given, Kept):
        yield given
        return
    with open_base(given, command) as base:
        yield Kept(base, given)
