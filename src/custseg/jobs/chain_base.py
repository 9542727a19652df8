"""The base in a chain: its steps write into it as one run, and it is changed with the folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import custseg
from custseg.base import RunEntry
from custseg.base.people import knows_people, last_folder, repeat_run
from custseg.chain.facts import ChainFacts
from custseg.jobs.chain_facts import AUDIENCE, BASKET, CLEAN, SEGMENT
from custseg.jobs.chain_place import COMMAND
from custseg.jobs.clean_memory import JOBS
from custseg.jobs.kept import Kept, kept_base
from custseg.tables import Manifest, RunFolder

_COMMANDS: Final = {CLEAN: JOBS, SEGMENT: ("segment",), AUDIENCE: ("audience",), BASKET: ()}


@dataclass(frozen=True, slots=True)
class ChainBase:
    """The base of a chain at work."""

    kept: Kept

    def stands_at(self, before: Path, facts: ChainFacts) -> bool:
        """Tell whether the base is as the run at `before` left it: its steps may be used again."""
        return all(
            last_folder(self.kept.base, *_COMMANDS[step.name]) == str(before.resolve() / step.name)
            for step in facts.steps
            if step.name not in (AUDIENCE, BASKET)
        )

    def knows_people(self) -> bool:
        """Tell whether the ids of customers come from the base, and not from the run before."""
        return knows_people(self.kept.base)

    def step(self, folder: RunFolder, published: Path) -> Kept:
        """Give the base to a step whose files are built in `folder`."""
        return self.kept.step(folder.inside("."), published)

    def repeat(self, step: str, published: Path, started: str) -> None:
        """Remember that a step was used again as it was."""
        repeat_run(self.kept.base, str(published.resolve() / step), started, *_COMMANDS[step])

    def prepare(self, manifest: Manifest, published: Path) -> None:
        """Write the new base beside the old one, before the run is published."""
        entry = RunEntry(
            run_id=manifest.run_id,
            command=COMMAND,
            version=custseg.__version__,
            started=manifest.started,
            counts={name: int(count) for name, count in manifest.counts.items()},
        )
        self.kept.begin(entry, published)
        self.kept.tell(COMMAND, entry.counts)
        self.kept.prepare(published, manifest.run_id, manifest.started)

    def commit(self) -> None:
        """Let the base remember the run."""
        self.kept.commit()


@contextlib.contextmanager
def chain_base(path: Path | None) -> Iterator[ChainBase | None]:
    """Open the base of a chain, locked until the end; None where it has none."""
    with kept_base(path, COMMAND) as kept:
        yield None if kept is None else ChainBase(kept)
