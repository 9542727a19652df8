"""The folder that holds the runs of the chain: which is the latest, which are too old."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from custseg.chain.facts import ChainFacts
from custseg.chain.names import in_order, to_remove
from custseg.errors import InputError
from custseg.jobs.runs import to_text
from custseg.jobs.stored import read_stored_json
from custseg.tables import atomic_file, read_manifest
from custseg.tables.files import Staging, writing

LATEST: Final = "latest"
LAST_RUN: Final = "last-run.json"
SUMMARY: Final = "summary.json"
COMMAND: Final = "run"


@contextlib.contextmanager
def alone_at(root: Path) -> Iterator[None]:
    """Let one run of a chain at a time work in the folder of its runs.

    Raises
    ------
    LockedError
        If another is at work.
    InputError, LimitError
        If the folder cannot be written to.
    """
    with contextlib.ExitStack() as held:
        with writing(root):
            held.enter_context(Staging(root.resolve() / "chain"))
        yield


def runs_in(root: Path) -> list[str]:
    """Names of the complete runs, the oldest first."""
    if not root.is_dir():
        return []
    return in_order(path.name for path in root.iterdir() if is_run(path))


def is_run(path: Path) -> bool:
    """Tell whether a folder is a complete run of the chain, and no link to one."""
    if path.is_symlink() or not path.is_dir():
        return False
    try:
        return read_manifest(path).command == COMMAND
    except InputError:
        return False


def is_whole(step: Path) -> bool:
    """Tell whether every output of a step is there, as long as it was written."""
    try:
        outputs = read_manifest(step).outputs
        return all((step / each.name).stat().st_size == each.bytes for each in outputs)
    except (InputError, OSError):
        return False


def facts_of(run: Path) -> ChainFacts | None:
    """Read what is known of a run; None where another version of custseg wrote it otherwise."""
    try:
        return ChainFacts.from_json(read_stored_json(run, SUMMARY))
    except (InputError, KeyError, TypeError, ValueError):
        return None


def check_latest(root: Path) -> None:
    """Make sure that ``latest`` may be made to name a run.

    Raises
    ------
    InputError
        If something else has that name.
    """
    link = root / LATEST
    if link.exists() and not link.is_symlink():
        raise InputError("chain.latest_is_no_link", path=str(link))


def point_latest(root: Path, name: str) -> None:
    """Make ``latest`` name a run, in one step: a reader sees the old one or the new one."""
    link = root / LATEST
    if link.is_symlink() and link.readlink() == Path(name):
        return
    fresh = root / f".{LATEST}.{os.getpid()}-{secrets.token_hex(4)}"
    with writing(link):
        try:
            fresh.symlink_to(name)
            fresh.replace(link)
        finally:
            fresh.unlink(missing_ok=True)


def retire(root: Path, keep: int, latest: str) -> list[str]:
    """Remove the oldest runs beyond `keep`; give their names.

    Each is first hidden under the name of a folder that a dead process left, so that half a
    run never stands there under its own name.
    """
    removed = to_remove(runs_in(root), keep, latest)
    for name in removed:
        hidden = root / f".{name}.{os.getpid()}-{secrets.token_hex(4)}.partial"
        with writing(root / name):
            (root / name).rename(hidden)
        shutil.rmtree(hidden, ignore_errors=True)
    return removed


def write_last_run(root: Path, report: dict[str, Any]) -> None:
    """Say how the last attempt ended, for monitoring: counts and names, nobody's data."""
    # How a run ended must not hide behind a disk that cannot hold the word of it.
    with contextlib.suppress(Exception), atomic_file(root / LAST_RUN, force=True) as file:
        file.write(to_text(report).encode())
