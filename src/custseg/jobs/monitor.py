"""What a job tells the outside while it works: stages, events, warnings, times.

The base class is silent and only remembers; the command line has one that shows.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning: the key of its message, and the parameters of the words."""

    key: str
    params: tuple[tuple[str, object], ...] = ()

    def words(self, language: str) -> str:
        """Give the sentence in `language`."""
        from custseg.messages import catalog, text

        known = catalog(language)
        params = {
            name: text(str(value), language) if str(value) in known else value
            for name, value in self.params
        }
        return text(self.key, language, **params)


class Monitor:
    """Remembers the stages' times and the warnings of a job; shows nothing.

    Attributes
    ----------
    seconds
        Wall-clock seconds by stage, in the order the stages began.
    warnings
        Each warning once, in the order they came.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.warnings: list[Notice] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the time of a stage; repeated stages of one name are added up."""
        start = time.perf_counter()
        self.stage_began(name)
        try:
            yield
        finally:
            took = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + took
            self.stage_ended(name, took)

    def stage_began(self, name: str) -> None:
        """A stage begins."""

    def stage_ended(self, name: str, seconds: float) -> None:
        """A stage has ended."""

    def event(self, key: str, /, **params: object) -> None:
        """Something worth a line in the log."""

    def warn(self, key: str, /, **params: object) -> None:
        """Something the user should know; never an error."""
        notice = Notice(key, tuple(params.items()))
        if notice not in self.warnings:
            self.warnings.append(notice)
            self.warned(notice)

    def warned(self, notice: Notice) -> None:
        """A new warning came."""


class StepMonitor(Monitor):
    """Remembers one step of a longer job, and tells the job's own monitor all of it."""

    def __init__(self, whole: Monitor) -> None:
        super().__init__()
        self._whole = whole

    def stage_began(self, name: str) -> None:
        """Pass it on."""
        self._whole.stage_began(name)

    def stage_ended(self, name: str, seconds: float) -> None:
        """Pass it on."""
        self._whole.stage_ended(name, seconds)

    def event(self, key: str, /, **params: object) -> None:
        """Pass it on."""
        self._whole.event(key, **params)

    def warned(self, notice: Notice) -> None:
        """Pass it on."""
        self._whole.warn(notice.key, **dict(notice.params))


def peak_memory() -> int:
    """Peak resident memory of this process, in bytes.

    Worker processes have ended before a job needs most of it. What the system says of ended
    processes cannot be added: it counts what their parent had when it started them, too.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        # Unlike ru_maxrss, this does not begin with what the process had that started this one.
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
