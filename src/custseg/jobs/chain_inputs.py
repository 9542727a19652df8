"""The files that a run of the chain reads: found, dated, fingerprinted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from custseg.chain.facts import InputFacts, InputKind
from custseg.chain.gates import KINDS
from custseg.config import Settings
from custseg.errors import InputError, UsageError
from custseg.hashing import sha256_of
from custseg.jobs.sources import read_options
from custseg.tables import expand_inputs, read_header

_SECONDS_A_DAY: Final = 86_400

_MOST_CHANGE: Final = 1000.0
"""The largest bound that ``audience.max_change`` takes."""


@dataclass(frozen=True, slots=True)
class ChainInputs:
    """What is there to read.

    Attributes
    ----------
    files
        By kind, in the order the steps read them.
    facts
        A file each, in the same order, customers first.
    missing
        Patterns that name no file.
    """

    files: Mapping[InputKind, tuple[Path, ...]]
    facts: tuple[InputFacts, ...]
    missing: tuple[str, ...]

    def of(self, kind: InputKind) -> tuple[InputFacts, ...]:
        """Facts of the files of a kind."""
        return tuple(each for each in self.facts if each.kind == kind)


@dataclass(frozen=True, slots=True)
class Home:
    """Where relative paths of settings start: beside the config file, or here.

    Paths of the command line and of the environment start here, all others beside the file.
    """

    file: Path | None
    origins: Mapping[str, str]

    def path(self, setting: str, value: str) -> Path:
        """Give the path that `value` of a setting means."""
        if self.file is None:
            return Path(value)
        if self.origins.get(setting, "default") not in (str(self.file), "default"):
            return Path(value)
        path, here = self.file.resolve().parent / value, Path.cwd()
        return path.relative_to(here) if path.is_relative_to(here) else path


def find_inputs(settings: Settings, home: Home, now: float) -> ChainInputs:
    """Find the files that the settings name; `now` is the time in seconds since 1970.

    Raises
    ------
    UsageError
        If the settings name none.
    InputError
        If none of the files named is there, or one cannot be read.
    """
    wanted: dict[InputKind, tuple[str, ...]] = {
        "customers": settings.chain.customers,
        "orders": settings.chain.orders,
        "events": settings.chain.events,
    }
    if not wanted["customers"] and not wanted["orders"]:
        raise UsageError("chain.no_inputs")
    if wanted["events"] and not wanted["orders"]:
        raise UsageError("chain.events_alone")
    files: dict[InputKind, tuple[Path, ...]] = {}
    facts: list[InputFacts] = []
    missing: list[str] = []
    for kind in KINDS:
        found: list[Path] = []
        for pattern in wanted[kind]:
            try:
                given = expand_inputs([home.path(f"chain.{kind}", pattern)])
            except InputError as error:
                if error.key not in ("tables.not_found", "tables.nothing_matches"):
                    raise
                missing.append(pattern)
            else:
                found += [each.source for each in given if isinstance(each.source, Path)]
        files[kind] = tuple(found)
        if found:
            facts += _facts(kind, found, settings, now)
    if not facts:
        raise InputError("chain.all_missing", patterns=", ".join(missing))
    return ChainInputs(files, tuple(facts), tuple(missing))


def _facts(
    kind: InputKind, files: Sequence[Path], settings: Settings, now: float
) -> list[InputFacts]:
    options = read_options(settings)
    found = []
    for given in expand_inputs(files):
        path = Path(str(given.source))
        columns = read_header(path, options)
        status = path.stat()
        found.append(
            InputFacts(
                kind=kind,
                name=given.name,
                sha256=sha256_of(path),
                bytes=status.st_size,
                age=round(max(now - status.st_mtime, 0.0) / _SECONDS_A_DAY, 4),
                columns=columns,
            )
        )
    return found


def settings_for(kinds: Iterable[InputKind], settings: Settings, inputs: ChainInputs) -> Settings:
    """Leave out the roles of columns that only files of other kinds have."""
    own = {name for kind in kinds for each in inputs.of(kind) for name in each.columns}
    all_ = {name for each in inputs.facts for name in each.columns}
    roles = {
        column: role
        for column, role in settings.roles.items()
        if column in own or column not in all_
    }
    return replace(settings, roles=roles)


def settings_for_lists(settings: Settings, day: date) -> Settings:
    """Choose the members of lists as of the run's day, unless the user says otherwise.

    How much of a list may change is for the gates of the chain to say.
    """
    as_of = settings.audience.as_of or day.isoformat()
    chosen = replace(settings.audience, as_of=as_of, max_change=_MOST_CHANGE)
    return replace(settings, audience=chosen)
