"""The job of ``custseg run``: clean, segment and report as the config says, published or not.

What is published is a folder named by its day. It is built out of sight, judged by the gates,
and renamed into place with everything in it; ``latest`` is moved to it after that.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

import custseg
from custseg.chain.facts import ChainFacts, GateFacts, InputKind, StepFacts
from custseg.chain.gates import judge, stopping
from custseg.chain.keys import step_key
from custseg.chain.names import next_name, to_remove
from custseg.config import Settings
from custseg.errors import CustsegError, ExitCode, LockedError
from custseg.jobs.audience import audience
from custseg.jobs.chain_base import ChainBase, chain_base
from custseg.jobs.chain_facts import (
    AUDIENCE,
    CLEAN,
    SEGMENT,
    list_changes,
    with_audience,
    with_people,
    with_segments,
)
from custseg.jobs.chain_inputs import (
    ChainInputs,
    Home,
    file_digest,
    find_inputs,
    settings_for,
    settings_for_lists,
)
from custseg.jobs.chain_place import (
    SUMMARY,
    alone_at,
    facts_of,
    point_latest,
    retire,
    runs_in,
    write_last_run,
)
from custseg.jobs.chain_record import chain_manifest, plain_settings, utc_text
from custseg.jobs.gate import ConsentFiles
from custseg.jobs.html import REPORT, html_of_parts
from custseg.jobs.kept import Kept
from custseg.jobs.monitor import Monitor, StepMonitor
from custseg.jobs.runs import WORKBOOK, summarize_warnings, to_text
from custseg.tables import RunFolder, expand_inputs

Status = Literal["done", "unchanged", "stopped", "planned"]

STEPS: Final[Mapping[str, InputKind]] = {CLEAN: "customers", SEGMENT: "orders"}
"""Each step that reads exports, in order, and which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainResult:
    """How a run of the chain ended.

    Attributes
    ----------
    status
        ``done``: published. ``unchanged``: everything is as in the run before. ``stopped``: a
        gate did not hold, and nothing was published. ``planned``: nothing was done.
    folder
        What was published, is still the latest, or would be written.
    facts
        What is known of the run.
    removed
        Older runs that were, or would be, removed.
    """

    status: Status
    root: Path
    folder: Path | None
    facts: ChainFacts
    removed: tuple[str, ...] = ()

    @property
    def stopped_by(self) -> tuple[GateFacts, ...]:
        """The gates that kept the run from being published."""
        return tuple(each for each in self.facts.gates if each.stops and not each.passed)


def run(
    settings: Settings,
    *,
    config_file: str | Path | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    day: date | None = None,
    full: bool = False,
    dry_run: bool = False,
    monitor: Monitor | None = None,
) -> ChainResult:
    """Run the chain that the settings describe, and publish it where every gate holds.

    Parameters
    ----------
    settings, origins, config_file
        As :func:`custseg.config.load` gives them; paths from the file start beside it.
    day
        The day the run is named by; today where not given.
    full
        Whether everything is done again, also what would come out the same.
    dry_run
        Only say what would be read, written and removed.
    monitor
        Is told of stages and warnings.

    Raises
    ------
    UsageError, InputError, LimitError
        If a setting does not fit, an input cannot be used, or a limit is reached.
    LockedError
        If another run of the same chain is at work.
    """
    stopping(settings.gates.fail_on)
    home = Home(Path(config_file) if config_file else None, origins)
    job = _Chain(
        settings=settings,
        origins=origins,
        root=home.path("chain.output", settings.chain.output),
        home=home,
        day=day or date.today(),  # noqa: DTZ011  a run is named by the day on the user's wall
        full=full,
        monitor=monitor or Monitor(),
    )
    return job.plan() if dry_run else job.reported()


@dataclass(slots=True, kw_only=True)
class _Chain:
    """One run of the chain."""

    settings: Settings
    origins: Mapping[str, str]
    root: Path
    home: Home
    day: date
    full: bool
    monitor: Monitor
    began: float = field(default_factory=time.time)

    def plan(self) -> ChainResult:
        """Say what would be done."""
        inputs = find_inputs(self.settings, self.home, self.began)
        facts, before = self._begin(inputs)
        steps = tuple(
            StepFacts(name=name, key=key, reused=self._reusable(name, key, before))
            for name, key in self._keys(inputs).items()
        )
        facts = replace(facts, steps=steps)
        gates = judge(facts, _columns_of(before), self.settings.gates, inputs.missing)
        names = [*runs_in(self.root), facts.name]
        return ChainResult(
            status="planned",
            root=self.root,
            folder=self.root / facts.name,
            facts=replace(facts, gates=tuple(each for each in gates if not each.passed)),
            removed=tuple(to_remove(names, self.settings.chain.keep, facts.name)),
        )

    def reported(self) -> ChainResult:
        """Run, and leave word for monitoring of how it ended, whatever happens."""
        try:
            result = self._locked()
        except LockedError:
            raise
        except CustsegError as error:
            self._report("failed", error.exit_code, error=error.key)
            raise
        except Exception:
            self._report("failed", ExitCode.BUG, error="cli.bug")
            raise
        code = ExitCode.GATE_FAILED if result.status == "stopped" else ExitCode.DONE
        self.monitor.event(
            "chain.ended", status=result.status, run=result.facts.name, exit=int(code)
        )
        self._report(result.status, code, run=result.facts.to_json())
        return result

    def _locked(self) -> ChainResult:
        base = self._base_path()
        with alone_at(self.root), chain_base(base) as kept:
            self.monitor.event("chain.began", day=self.day.isoformat(), root=str(self.root))
            inputs = find_inputs(self.settings, self.home, self.began)
            facts, before = self._begin(inputs)
            first = judge(facts, _columns_of(before), self.settings.gates, inputs.missing)
            if any(each.stops and not each.passed for each in first):
                return self._stopped(replace(facts, gates=first))
            return self._run(inputs, facts, before, kept)

    def _begin(self, inputs: ChainInputs) -> tuple[ChainFacts, ChainFacts | None]:
        """Name the run, and find the one before."""
        names = runs_in(self.root)
        previous = names[-1] if names else ""
        name = next_name(names, self.day)
        if not name.startswith(self.day.isoformat()):
            self.monitor.warn("chain.warn.clock", day=self.day.isoformat(), last=previous)
        facts = ChainFacts(name=name, previous=previous, inputs=inputs.facts)
        return facts, facts_of(self.root / previous) if previous else None

    def _run(
        self,
        inputs: ChainInputs,
        facts: ChainFacts,
        before: ChainFacts | None,
        kept: ChainBase | None,
    ) -> ChainResult:
        keys = self._keys(inputs)
        if kept and before and not kept.stands_at(self.root / before.name, before):
            # Another run has changed the base, or it is new: it has to learn of every step.
            self.full = True
        if before is not None and all(self._reusable(*each, before) for each in keys.items()):
            return ChainResult(
                status="unchanged", root=self.root, folder=self.root / before.name, facts=before
            )
        with RunFolder(self.root / facts.name) as folder:
            for step, key in keys.items():
                facts = self._step(step, key, folder, inputs, facts, before, kept)
            if before is not None:
                changes = list_changes(facts, before, folder.inside("."), self.root / before.name)
                facts = replace(facts, list_changes=changes)
            gates = judge(facts, before, self.settings.gates, inputs.missing)
            facts = replace(facts, gates=gates, warnings=summarize_warnings(self.monitor))
            if any(each.stops and not each.passed for each in gates):
                return self._stopped(facts)
            with self.monitor.stage("publish"):
                folder.add_text(SUMMARY, to_text(facts.to_json()))
                output = self.settings.output
                inside = folder.inside(".")
                language, mask = output.lang or "en", output.mask_below
                folder.add_text(REPORT, html_of_parts(inside, facts.name, language, mask))
                if output.workbook:
                    from custseg.jobs.xlsx import xlsx_of_parts

                    workbook = xlsx_of_parts(inside, facts.name, language, mask)
                    folder.add_bytes(WORKBOOK, workbook)
                manifest = chain_manifest(
                    facts, folder.inside("."), self.settings, self.origins, self.began
                )
                if kept is not None:
                    kept.prepare(manifest, self.root / facts.name)
                folder.publish(manifest)
                if kept is not None:
                    kept.commit()
                point_latest(self.root, facts.name)
                removed = retire(self.root, self.settings.chain.keep, facts.name)
        return ChainResult(
            status="done",
            root=self.root,
            folder=self.root / facts.name,
            facts=facts,
            removed=tuple(removed),
        )

    def _stopped(self, facts: ChainFacts) -> ChainResult:
        latest = self.root / facts.previous if facts.previous else None
        return ChainResult(status="stopped", root=self.root, folder=latest, facts=facts)

    def _step(
        self,
        step: str,
        key: str,
        folder: RunFolder,
        inputs: ChainInputs,
        facts: ChainFacts,
        before: ChainFacts | None,
        kept: ChainBase | None,
    ) -> ChainFacts:
        start = time.perf_counter()
        reused = before is not None and self._reusable(step, key, before)
        self.monitor.event("chain.step", step=step, reused=reused)
        if reused and before is not None:
            folder.reuse(step, self.root / before.name / step)
            if kept is not None:
                kept.repeat(step, self.root / facts.name, utc_text(self.began))
        else:
            base = kept.step(folder, self.root / facts.name) if kept else None
            earlier = self.root / before.name / step if before and before.key(step) else None
            if kept and step == CLEAN and kept.knows_people():
                earlier = None
            self._make(step, folder, inputs, earlier, base)
            folder.adopt(step)
        add = {CLEAN: with_people, SEGMENT: with_segments, AUDIENCE: with_audience}[step]
        facts = add(facts, folder.inside(step))
        seconds = round(time.perf_counter() - start, 3)
        done = StepFacts(name=step, key=key, reused=reused, seconds=seconds)
        return replace(facts, steps=(*facts.steps, done))

    def _make(
        self,
        step: str,
        folder: RunFolder,
        inputs: ChainInputs,
        earlier: Path | None,
        base: Kept | None,
    ) -> None:
        kind = STEPS.get(step, "customers")
        common: dict[str, Any] = {
            "settings": settings_for(kind, self.settings, inputs),
            "origins": self.origins,
            "monitor": StepMonitor(self.monitor),
            "previous": earlier,
            "base": base,
        }
        files = [str(path) for path in inputs.files[kind]]
        people = folder.inside(CLEAN) if inputs.files["customers"] else None
        consent = ConsentFiles(consent=self._said("consent"), suppress=self._said("suppress"))
        if step == CLEAN:
            custseg.clean(files, folder.inside(step), decisions=self._decisions(), **common)
        elif step == SEGMENT:
            custseg.segment(files, people, folder.inside(step), consent=consent, **common)
        else:
            segments = folder.inside(SEGMENT) if inputs.files["orders"] else None
            common["settings"] = settings_for_lists(common["settings"], self.day)
            audience(people, segments, folder.inside(step), consent=consent, **common)

    def _base_path(self) -> Path | None:
        given = self.settings.chain.base
        return self.home.path("chain.base", given) if given else None

    def _decisions(self) -> Path | None:
        given = self.settings.chain.decisions
        return self.home.path("chain.decisions", given) if given else None

    def _said(self, setting: str) -> tuple[Path, ...]:
        """Find the files in which people said what they want; each pattern must name one.

        Raises
        ------
        InputError
            If one is missing: without it nobody knows who said no.
        """
        given = getattr(self.settings.chain, setting)
        patterns = [self.home.path(f"chain.{setting}", each) for each in given]
        return tuple(Path(str(each.source)) for each in expand_inputs(patterns)) if given else ()

    def _keys(self, inputs: ChainInputs) -> dict[str, str]:
        """Key of each step to take; what a step builds on is part of its key."""
        settings = plain_settings(self.settings)
        found: dict[str, str] = {}
        after: list[str] = []
        if (decisions := self._decisions()) is not None and decisions.is_file():
            after.append(file_digest(decisions))
        for step, kind in STEPS.items():
            if inputs.files[kind]:
                key = step_key(step, custseg.__version__, settings, inputs.of(kind), after)
                found[step] = key
                after = [key]
            if step == CLEAN:
                after += [file_digest(path) for path in self._said("consent")]
                after += [file_digest(path) for path in self._said("suppress")]
        if self.settings.lists and inputs.files["customers"]:
            # A permission may hold from a later day on: what is sent depends on the day.
            after.append(self.day.isoformat())
            found[AUDIENCE] = step_key(AUDIENCE, custseg.__version__, settings, (), after)
        return found

    def _reusable(self, step: str, key: str, before: ChainFacts | None) -> bool:
        if self.full or before is None or before.key(step) != key:
            return False
        base = self._base_path()
        if base is not None and not base.exists():
            return False
        return (self.root / before.name / step).is_dir()

    def _report(self, status: str, code: int, **more: Any) -> None:
        report = {
            "custseg": 1,
            "version": custseg.__version__,
            "status": status,
            "exit_code": int(code),
            "started": utc_text(self.began),
            "seconds": round(max(time.time() - self.began, 0.0), 3),
            **more,
        }
        if self.root.is_dir():
            write_last_run(self.root, report)


def _columns_of(before: ChainFacts | None) -> ChainFacts | None:
    """Leave of the run before what can be compared before anything is read: its columns."""
    if before is None:
        return None
    return ChainFacts(
        name=before.name, inputs=tuple(replace(each, rows=None) for each in before.inputs)
    )
