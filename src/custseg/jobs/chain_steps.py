"""The steps of the chain: what each reads, the key of what comes out, and its making."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import custseg
from custseg.chain.facts import InputKind
from custseg.chain.keys import step_key
from custseg.config import Settings
from custseg.hashing import sha256_of
from custseg.jobs.audience import audience
from custseg.jobs.basket import basket
from custseg.jobs.chain_facts import AUDIENCE, BASKET, CLEAN, SEGMENT
from custseg.jobs.chain_inputs import (
    ChainInputs,
    Home,
    settings_for,
    settings_for_lists,
)
from custseg.jobs.chain_record import plain_settings
from custseg.jobs.consent_files import ConsentFiles
from custseg.jobs.kept import Kept
from custseg.jobs.monitor import Monitor, StepMonitor
from custseg.tables import RunFolder, expand_inputs

STEPS: Final[Mapping[str, tuple[InputKind, ...]]] = {
    CLEAN: ("customers",),
    SEGMENT: ("orders", "events"),
    BASKET: ("orders",),
}
"""Each step that reads exports, in order, and which: the first kind makes the step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainSteps:
    """What the settings say of the steps of one run; `day` names it."""

    settings: Settings
    origins: Mapping[str, str]
    home: Home
    day: date
    monitor: Monitor

    def keys(self, inputs: ChainInputs) -> dict[str, str]:
        """Key of each step to take; what a step builds on is part of its key."""
        settings = plain_settings(self.settings)
        found: dict[str, str] = {}
        after: list[str] = []
        if (decisions := self.decisions()) is not None and decisions.is_file():
            after.append(sha256_of(decisions))
        for step, kinds in STEPS.items():
            if inputs.files[kinds[0]] and (step != BASKET or self.settings.chain.basket):
                read = [each for kind in kinds for each in inputs.of(kind)]
                key = step_key(step, custseg.__version__, settings, read, after)
                found[step] = key
                if step == CLEAN:
                    after = [key]
            if step == CLEAN:
                after += [sha256_of(path) for path in self.said("consent")]
                after += [sha256_of(path) for path in self.said("suppress")]
        if self.settings.lists and inputs.files["customers"]:
            if SEGMENT in found:
                after = [found[SEGMENT]]
            # A permission may hold from a later day on: what is sent depends on the day.
            after.append(self.day.isoformat())
            found[AUDIENCE] = step_key(AUDIENCE, custseg.__version__, settings, (), after)
        return found

    def make(
        self,
        step: str,
        folder: RunFolder,
        inputs: ChainInputs,
        earlier: Path | None,
        base: Kept | None,
    ) -> None:
        """Run a step into `folder`; what it goes on from stands in `earlier`, or in the base."""
        kinds = STEPS.get(step, ("customers",))
        common: dict[str, Any] = {
            "settings": settings_for(kinds, self.settings, inputs),
            "origins": self.origins,
            "monitor": StepMonitor(self.monitor),
        }
        past: dict[str, Any] = {"previous": earlier, "base": base}
        files = [str(path) for path in inputs.files[kinds[0]]]
        people = folder.inside(CLEAN) if inputs.files["customers"] else None
        consent = ConsentFiles(consent=self.said("consent"), suppress=self.said("suppress"))
        if step == CLEAN:
            decisions = self.decisions()
            custseg.clean(files, folder.inside(step), decisions=decisions, **common, **past)
        elif step == SEGMENT:
            common["events"] = [str(path) for path in inputs.files["events"]] or None
            custseg.segment(files, people, folder.inside(step), consent=consent, **common, **past)
        elif step == BASKET:
            basket(files, people, folder.inside(step), consent=consent, **common)
        else:
            segments = folder.inside(SEGMENT) if inputs.files["orders"] else None
            common["settings"] = settings_for_lists(common["settings"], self.day)
            audience(people, segments, folder.inside(step), consent=consent, **common, **past)

    def base_path(self) -> Path | None:
        """The base, where the settings name one."""
        given = self.settings.chain.base
        return self.home.path("chain.base", given) if given else None

    def decisions(self) -> Path | None:
        """What people decided, where the settings name it."""
        given = self.settings.chain.decisions
        return self.home.path("chain.decisions", given) if given else None

    def said(self, setting: str) -> tuple[Path, ...]:
        """Find the files in which people said what they want; each pattern must name one.

        Raises
        ------
        InputError
            If one is missing: without it nobody knows who said no.
        """
        given = getattr(self.settings.chain, setting)
        patterns = [self.home.path(f"chain.{setting}", each) for each in given]
        return tuple(Path(str(each.source)) for each in expand_inputs(patterns)) if given else ()

    def also_read(self) -> tuple[Path, ...]:
        """What a run reads beside its inputs: what people said and decided, and the base."""
        others = (self.decisions(), self.base_path())
        said = (*self.said("consent"), *self.said("suppress"))
        return (*said, *(each for each in others if each is not None and each.exists()))
