"""The audit log: one line an action, each sealed with the hash of all that came before.

A line that was changed no longer fits its own hash or the next line's. A tail that was cut is
noticed because the head, the last hash and the number of lines, is kept in a file of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

START: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """How many lines the log has, and the hash of the last."""

    count: int = 0
    hash: str = START

    def to_json(self) -> str:
        """Give the text of the head's file."""
        return json.dumps({"count": self.count, "hash": self.hash}) + "\n"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found.

    Attributes
    ----------
    lines
        Lines of the log.
    changed
        Numbers of lines that are not as they were written, from 1.
    missing
        Lines that the head counts and the log lacks.
    head_differs
        Whether the last line is not the one the head names.
    """

    lines: int
    changed: tuple[int, ...] = ()
    missing: int = 0
    head_differs: bool = False

    @property
    def sound(self) -> bool:
        """Whether all is as it was written."""
        return not (self.changed or self.missing or self.head_differs)


def entry(
    head: Head, at: str, action: str, counts: Mapping[str, int], run: str
) -> tuple[str, Head]:
    """Make the next line of a log, and its head then.

    Parameters
    ----------
    at
        ISO time.
    counts
        Numbers only; nothing that tells who.
    run
        Id of the run; empty for none.
    """
    body = {
        "n": head.count + 1,
        "at": at,
        "action": action,
        "run": run,
        "counts": dict(counts),
        "before": head.hash,
    }
    sealed = _seal(body)
    line = json.dumps({**body, "hash": sealed}, ensure_ascii=False)
    return line + "\n", Head(head.count + 1, sealed)


def verify(lines: Sequence[str], head: Head) -> Verdict:
    """Check every line against its hash, the line before it, and the head."""
    changed: list[int] = []
    hashes = [START]
    for number, line in enumerate(lines, start=1):
        found = _read(line)
        if found is None:
            changed.append(number)
            hashes.append("")
            continue
        # A line whose neighbor before it was changed can only be held to itself.
        fits = number - 1 in changed or found["before"] == hashes[-1]
        if not fits or found["n"] != number or _seal(found) != found["hash"]:
            changed.append(number)
        hashes.append(str(found["hash"]))
    # A run that died between the line and the head leaves one line more, which fits the chain.
    known = head.count < len(hashes) and head.count + 2 >= len(hashes)
    return Verdict(
        lines=len(lines),
        changed=tuple(changed),
        missing=max(0, head.count - len(lines)),
        head_differs=head.count <= len(lines) and not (known and hashes[head.count] == head.hash),
    )


def next_head(lines: Sequence[str]) -> Head:
    """Give the head of a log as its last line has it."""
    found = _read(lines[-1]) if lines else None
    return Head(len(lines), str(found["hash"])) if found else Head()


def _seal(body: Mapping[str, object]) -> str:
    plain = {name: value for name, value in body.items() if name != "hash"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _read(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    needed = {"n", "at", "action", "run", "counts", "before", "hash"}
    if not isinstance(found, dict) or found.keys() != needed:
        return None
    # Another spelling of the same is a change, too.
    return found if json.dumps(found, ensure_ascii=False) == line else None
