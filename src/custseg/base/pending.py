"""A run that is published and not yet in the base: how the next one finds out, and ends it.

The new base stands complete in its staging folder before the run's folder is put in place. A
process that dies between the two steps leaves both there: if the folder was published, the base
is still put in its place, as if the process had lived; if not, neither is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Self

from custseg.errors import InputError
from custseg.tables.files import PENDING, private_file, sync_folder
from custseg.tables.manifest import read_manifest

NEW: Final = "base"
"""The new base, in the staging folder."""

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line for the audit log: what was done, in numbers."""

    action: str
    counts: Mapping[str, int]
    run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """The run that a new base waits for.

    Attributes
    ----------
    folder
        Where it will be published.
    run_id, started
        What its manifest will say.
    stamp
        The base that the new one is to replace; None for none.
    entries
        What the audit log has to be told.
    """

    folder: str
    run_id: str
    started: str
    stamp: Stamp | None = None
    entries: tuple[Entry, ...] = ()

    def published(self) -> bool:
        """Tell whether the run is in its place."""
        try:
            manifest = read_manifest(Path(self.folder))
        except InputError:
            return False
        return (manifest.run_id, manifest.started) == (self.run_id, self.started)

    def write(self, staging: Path, stamp: Stamp | None) -> None:
        """Leave word in the staging folder of the base."""
        text = json.dumps(asdict(replace(self, stamp=stamp)), ensure_ascii=False)
        with private_file(staging / PENDING) as file:
            file.write(text.encode())
        sync_folder(staging)

    @classmethod
    def read(cls, staging: Path) -> Self | None:
        """Take the word left in a staging folder; None where there is none that can be read."""
        try:
            data = json.loads((staging / PENDING).read_text(encoding="utf-8"))
            stamp = data.pop("stamp")
            entries = tuple(Entry(**each) for each in data.pop("entries"))
            return cls(**data, stamp=tuple(stamp) if stamp else None, entries=entries)
        except (OSError, ValueError, TypeError, KeyError):
            return None
