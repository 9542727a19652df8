"""The audit log on the disk: beside the base, its head in a file of its own."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from custseg.errors import InputError
from custseg.privacy.audit import Head, Verdict, entry, next_head, verify
from custseg.tables.files import atomic_file, writing

if sys.platform != "win32":
    import fcntl


def log_of(base: str | Path) -> Path:
    """Give where the audit log of a base stands."""
    path = Path(base)
    return path.with_name(f"{path.stem}.audit.jsonl")


def head_of(log: Path) -> Path:
    """Give where the head of a log stands."""
    return log.with_name(log.name.removesuffix(".jsonl") + ".head")


def note(base: str | Path, action: str, counts: Mapping[str, int], run: str = "") -> None:
    """Add an entry to the audit log of a base.

    Parameters
    ----------
    action
        Name of the command.
    counts
        Numbers only; nothing that tells who.
    run
        Id of the run.

    Raises
    ------
    InputError
        If the log was cut or changed since its last entry: nothing is added to it then.
    """
    log = log_of(base)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with writing(log), _alone(log) as file:
        lines = _lines(log)
        head = _read_head(head_of(log))
        last = next_head(lines)
        if last != head and not (last.count == head.count + 1 and verify(lines, head).sound):
            raise InputError("privacy.audit_broken", path=str(log))
        line, head = entry(last, at, action, counts, run)
        os.write(file, line.encode())
        os.fsync(file)
        with atomic_file(head_of(log), force=True) as target:
            target.write(head.to_json().encode())


def noted(base: str | Path, action: str, run: str, since: str) -> bool:
    """Tell whether the audit log of a base has an entry of a run that began then."""
    for line in _lines(log_of(base)) if log_of(base).exists() else ():
        with contextlib.suppress(ValueError, TypeError, KeyError):
            found = json.loads(line)
            if (found["action"], found["run"]) == (action, run) and found["at"] >= since:
                return True
    return False


def audit_verify(base: str | Path) -> Verdict:
    """Check the audit log of a base.

    Raises
    ------
    InputError
        If there is none, or its head is missing.
    """
    log = log_of(base)
    if not log.is_file():
        raise InputError("privacy.no_audit", path=str(log))
    if not head_of(log).is_file():
        raise InputError("privacy.no_audit", path=str(head_of(log)))
    return verify(_lines(log), _read_head(head_of(log)))


@contextlib.contextmanager
def _alone(log: Path) -> Iterator[int]:
    """Open the log to add to it; others wait."""
    file = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _lines(log: Path) -> list[str]:
    try:
        text = log.read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        raise InputError("runs.damaged", path=str(log)) from error
    return text.removesuffix("\n").split("\n") if text else []


def _read_head(path: Path) -> Head:
    if not path.exists():
        return Head()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Head(int(found["count"]), str(found["hash"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError("runs.damaged", path=str(path)) from error
