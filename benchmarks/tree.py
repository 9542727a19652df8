"""Peak memory of a process and all it starts, as the system shares it out among them.

The proportional set size (PSS) counts a page that several processes share once, in parts, so
that the sum over a tree of processes is what they take together. It is sampled, so that a peak
of less than the interval may be missed; the interval grows with what a sample costs.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Final, Self

PROC: Final = Path("/proc")
INTERVAL: Final = 0.05
RESTRAINT: Final = 30
"""How many times as long as a sample takes the watched processes are left alone."""


def tree(root: int) -> list[int]:
    """Give a process and its living descendants."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                # The name, in parentheses, may hold anything; behind it stand state and parent.
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def shared_out(process: int) -> int:
    """Give the proportional set size of a process in bytes; 0 where it has ended."""
    try:
        lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


class TreeMemory:
    """Watches a process and its descendants while the context is open.

    Attributes
    ----------
    peak
        Largest sum in bytes that was seen; 0 where the system does not tell.
    """

    def __init__(self, process: int) -> None:
        self.peak = 0
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        if (PROC / "self" / "smaps_rollup").exists():
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        took = 0.0
        while not self._ended.wait(max(INTERVAL, RESTRAINT * took)):
            start = time.perf_counter()
            self.peak = max(self.peak, sum(map(shared_out, tree(self._process))))
            took = time.perf_counter() - start
