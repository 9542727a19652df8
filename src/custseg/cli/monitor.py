"""Tells the user, on standard error, what a job does: in words or as JSON lines."""

from __future__ import annotations

import json
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from custseg.errors import CustsegError
from custseg.jobs.monitor import Monitor, Notice
from custseg.messages import text
from custseg.messages.printable import printable


class TerminalMonitor(Monitor):
    """Shows stages (on a terminal), events (if asked), warnings and errors.

    Parameters
    ----------
    language
        Language of the words.
    quiet
        Warnings and errors only.
    verbose
        Every event too.
    as_json
        One JSON object a line in place of words; the codes are stable.
    """

    def __init__(self, *, language: str, quiet: bool, verbose: bool, as_json: bool) -> None:
        super().__init__()
        self.language = language
        self._quiet = quiet
        self._verbose = verbose
        self._as_json = as_json
        self._animated = sys.stderr.isatty() and not quiet and not as_json
        self._status: Any = None

    def stage_began(self, name: str) -> None:
        """Show the stage, on a terminal only."""
        if self._as_json and not self._quiet:
            self._line("info", "stage_began", {"stage": name})
        if self._animated:
            self._show(text(f"stage.{name}", self.language))

    def stage_ended(self, name: str, seconds: float) -> None:
        """Log the stage's time."""
        if self._as_json and not self._quiet:
            self._line("info", "stage_ended", {"stage": name, "seconds": round(seconds, 3)})
        elif self._verbose:
            self._say(f"{text(f'stage.{name}', self.language)}  {seconds:.2f} s")

    def event(self, key: str, /, **params: object) -> None:
        """Log an event, where the user asked for more."""
        if self._as_json and not self._quiet:
            self._line("info", key, params)
        elif self._verbose:
            self._say(text(key, self.language, **params))

    def warned(self, notice: Notice) -> None:
        """Log a warning; in words it stands in the report, so only where that is not shown."""
        if self._as_json:
            words = {"message": notice.words(self.language)}
            self._line("warning", notice.key, dict(notice.params) | words)
        elif self._quiet:
            self._say_warning(notice)

    def say_warnings(self) -> None:
        """Say the warnings that no report will show."""
        if not (self._as_json or self._quiet):
            for notice in self.warnings:
                self._say_warning(notice)

    def _say_warning(self, notice: Notice) -> None:
        label = text("cli.warning", self.language)
        self._say(f"custseg: {label}: {notice.words(self.language)}")

    def failed(self, what: str, fix: str, error: CustsegError) -> None:
        """Say an error and its fix."""
        if self._as_json:
            self._line("error", error.key, {"what": what, "fix": fix, "exit": error.exit_code})
            return
        self._say(f"custseg: {text('cli.error', self.language)}: {what}")
        if fix:
            self._say(f"  → {fix}")
        if self._verbose:
            self._say(trace(error))

    def crashed(self, error: Exception) -> None:
        """Say that custseg itself is at fault; the trace names places in the code only."""
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__}, {where.name}, line {where.lineno}"
        if self._as_json:
            self._line("error", "cli.bug", {"place": place})
        else:
            self._say(f"custseg: {text('cli.bug', self.language, place=place)}")
        if self._verbose:
            self._say(trace(error))

    def close(self) -> None:
        """Take the moving line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _show(self, words: str) -> None:
        if self._status is None:
            from rich.console import Console

            self._status = Console(stderr=True).status(words)
            self._status.start()
        else:
            self._status.update(words)

    def _line(self, level: str, event: str, fields: dict[str, object]) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": level, "event": event, **fields}
        self._say(json.dumps(line, ensure_ascii=False, default=str))

    def _say(self, words: str) -> None:
        self.close()
        safe = "\n".join(map(printable, words.split("\n")))
        try:
            sys.stderr.write(safe + "\n")
        except BrokenPipeError:
            return


def trace(error: BaseException) -> str:
    """Give the places in the code where an error arose, and its causes before it.

    What libraries say may repeat a cell of a table: of theirs only the kind is told.
    """
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    said = f": {error}" if isinstance(error, CustsegError) else ""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    own = "".join(traceback.format_tb(error.__traceback__)) + f"{name}{said}\n"
    return own if before is None else f"{trace(before)}\n{own}"
