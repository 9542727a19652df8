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
from custseg.chain.facts import ChainFacts, GateFacts, StepFacts
from custseg.chain.gates import COMPARING, judge, stopping
from custseg.chain.names import next_name, to_remove
from custseg.config import Settings
from custseg.errors import CustsegError, ExitCode, InputError, LockedError
from custseg.jobs.chain_base import ChainBase, chain_base
from custseg.jobs.chain_facts import (
    AUDIENCE,
    BASKET,
    CLEAN,
    SEGMENT,
    list_changes,
    with_audience,
    with_baskets,
    with_people,
    with_segments,
)
from custseg.jobs.chain_inputs import (
    ChainInputs,
    Home,
    find_inputs,
)
from custseg.jobs.chain_place import (
    SUMMARY,
    alone_at,
    check_latest,
    facts_of,
    is_whole,
    point_latest,
    retire,
    runs_in,
    write_last_run,
)
from custseg.jobs.chain_record import chain_manifest, utc_text
from custseg.jobs.chain_steps import ChainSteps
from custseg.jobs.html import REPORT, html_of_parts
from custseg.jobs.monitor import Monitor
from custseg.jobs.runs import WORKBOOK, summarize_warnings, to_text
from custseg.tables import RunFolder

Status = Literal["done", "unchanged", "stopped", "planned", "idle"]

_INTERRUPTED: Final = 130
_TERMINATED: Final = 143
"""Exit codes of a process that Ctrl-C, or SIGTERM, ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainResult:
    """How a run of the chain ended.

    Attributes
    ----------
    status
        ``done``: published. ``unchanged``: everything is as in the run before. ``stopped``: a
        gate did not hold, and nothing was published. ``planned``: nothing was done. ``idle``:
        nothing was done, and nothing would be.
    folder
        What was published, is still the latest, or would be written.
    facts
        What is known of the run.
    removed
        Older runs that were, or would be, removed.
    also_read
        Of a run that is planned: the files it would read beside its inputs.
    """

    status: Status
    root: Path
    folder: Path | None
    facts: ChainFacts
    removed: tuple[str, ...] = ()
    also_read: tuple[str, ...] = ()

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
    home = Home(Path(config_file) if config_file else None, origins)
    monitor = monitor or Monitor()
    day = day or date.today()  # noqa: DTZ011  a run is named by the day on the user's wall
    job = _Chain(
        settings=settings,
        origins=origins,
        root=home.path("chain.output", settings.chain.output),
        home=home,
        day=day,
        full=full,
        monitor=monitor,
        steps=ChainSteps(settings=settings, origins=origins, home=home, day=day, monitor=monitor),
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
    steps: ChainSteps
    began: float = field(default_factory=time.time)

    def plan(self) -> ChainResult:
        """Say what would be done."""
        stopping(self.settings.gates.fail_on)
        inputs = find_inputs(self.settings, self.home, self.began)
        facts, before = self._begin(inputs)
        steps = tuple(
            StepFacts(name=name, key=key, reused=self._reusable(name, key, before))
            for name, key in self.steps.keys(inputs).items()
        )
        facts = replace(facts, steps=steps)
        gates = judge(facts, _columns_of(before), self.settings.gates, inputs.missing)
        unchanged = all(each.reused for each in steps)
        name = facts.previous if unchanged else facts.name
        names = dict.fromkeys([*runs_in(self.root), name])
        return ChainResult(
            status="idle" if unchanged else "planned",
            root=self.root,
            folder=self.root / name,
            facts=replace(facts, gates=tuple(each for each in gates if not each.passed)),
            removed=tuple(to_remove(list(names), self.settings.chain.keep, name)),
            also_read=tuple(map(str, self.steps.also_read())),
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
        except BaseException as error:
            # Ctrl-C, or the system's wish that the process end.
            code = _INTERRUPTED if isinstance(error, KeyboardInterrupt) else _TERMINATED
            self.monitor.event("chain.ended", status="interrupted", run="", exit=code)
            self._report("interrupted", code)
            raise
        code = ExitCode.GATE_FAILED if result.status == "stopped" else ExitCode.DONE
        self.monitor.event(
            "chain.ended", status=result.status, run=result.facts.name, exit=int(code)
        )
        self._report(result.status, code, run=result.facts.to_json())
        return result

    def _locked(self) -> ChainResult:
        stopping(self.settings.gates.fail_on)
        check_latest(self.root)
        with alone_at(self.root), chain_base(self.steps.base_path()) as kept:
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
        before = facts_of(self.root / previous) if previous else None
        if previous and before is None:
            self._cannot_compare(self.root / previous / SUMMARY)
        return facts, before

    def _cannot_compare(self, path: Path) -> None:
        """Refuse to go on without the gates that compare, unless none of them is to stop a run."""
        if COMPARING & stopping(self.settings.gates.fail_on):
            raise InputError("chain.last_unreadable", path=str(path))
        self.monitor.warn("chain.warn.last_unreadable", path=str(path))

    def _run(
        self,
        inputs: ChainInputs,
        facts: ChainFacts,
        before: ChainFacts | None,
        kept: ChainBase | None,
    ) -> ChainResult:
        keys = self.steps.keys(inputs)
        if kept and before and not kept.stands_at(self.root / before.name, before):
            # Another run has changed the base, or it is new: it has to learn of every step.
            self.full = True
        if before is not None and all(self._reusable(*each, before) for each in keys.items()):
            # A run that was killed after it was published has not come to this.
            point_latest(self.root, before.name)
            return ChainResult(
                status="unchanged",
                root=self.root,
                folder=self.root / before.name,
                facts=before,
                removed=tuple(retire(self.root, self.settings.chain.keep, before.name)),
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
            # Also where the summary of the run before cannot be read: customers keep their ids.
            last = self.root / facts.previous / step
            earlier = last if facts.previous and last.is_dir() else None
            if earlier is None and before is not None and step in {s.name for s in before.steps}:
                self._cannot_compare(last)
            if kept and step == CLEAN and kept.knows_people():
                earlier = None
            self.steps.make(step, folder, inputs, earlier, base)
            folder.adopt(step)
        add = {
            CLEAN: with_people,
            SEGMENT: with_segments,
            BASKET: with_baskets,
            AUDIENCE: with_audience,
        }
        facts = add[step](facts, folder.inside(step))
        seconds = round(time.perf_counter() - start, 3)
        done = StepFacts(name=step, key=key, reused=reused, seconds=seconds)
        return replace(facts, steps=(*facts.steps, done))

    def _reusable(self, step: str, key: str, before: ChainFacts | None) -> bool:
        if self.full or before is None or before.key(step) != key:
            return False
        base = self.steps.base_path()
        if base is not None and not base.exists():
            return False
        return is_whole(self.root / before.name / step)

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
