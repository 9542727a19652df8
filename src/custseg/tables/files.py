"""Output that appears whole or not at all.

Everything is written into a hidden folder beside its target, forced to the disk, and renamed
into place. A process that dies leaves only that hidden folder, which the next one to write
there takes away.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from custseg.errors import InputError, LimitError, LockedError, UsageError

if sys.platform != "win32":
    import fcntl

STANDARD_OUTPUT: Final = "-"

_STAGING: Final = re.compile(r"\.(?P<name>.+)\.(?P<pid>\d+)-[0-9a-f]{8}\.partial")
_HOLDER: Final = "holder"
SET_ASIDE: Final = "old"
"""A run that is being replaced, in a staging folder."""
PENDING: Final = "pending.json"
"""What has to be ended by the next process, in a staging folder."""
_NAME_CHARACTERS: Final = 40
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of a disk that takes no more."""


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the system's errors on writing to `path` into words."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in FULL:
            raise LimitError("tables.disk_full", path=str(path)) from error
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            raise InputError("tables.not_writable", path=str(path)) from error
        detail = os.strerror(error.errno) if error.errno else str(error)
        raise InputError("tables.write_failed", path=str(path), detail=detail) from error


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Make a new file that its owner alone may read; force it to the disk at the end."""

    def create(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600)

    with open(path, "xb", opener=create) as file:
        if sys.platform != "win32":  # whatever the umask takes away, its owner may read it
            os.fchmod(file.fileno(), 0o600)
        yield file
        file.flush()
        os.fsync(file.fileno())


def private_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, that their owner alone may enter."""
    if path.is_dir():
        return
    private_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir()
        path.chmod(0o700)


def sync_folder(path: Path) -> None:
    """Force a folder's entries to the disk, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Staging:
    """A hidden folder beside `target`, locked while this process lives, removed at the end.

    Parameters
    ----------
    target
        What is being made.
    command
        Who makes it, for others to read while they have to wait.

    Attributes
    ----------
    folder
        The folder, which only the owner may enter.

    Raises
    ------
    LockedError
        On entering, if another run is at work on the same target.
    """

    def __init__(self, target: Path, command: str = "custseg") -> None:
        self._target = target
        self._command = command
        name = f".{staging_name(target)}.{os.getpid()}-{secrets.token_hex(4)}.partial"
        self.folder = target.parent / name
        self._lock = -1

    def __enter__(self) -> Self:
        private_folder(self._target.parent)
        sweep(self._target.parent)
        with _alone_in(self._target.parent):
            if (other := _at_work(self._target)) is not None:
                raise LockedError("tables.locked", path=str(self._target), **_holder(other))
            try:
                self._make()
            except BaseException:
                # A full disk, or the wish to end: who does not enter is not left either.
                self.__exit__(None, None, None)
                raise
        return self

    def _make(self) -> None:
        """Make the folder, say whose it is, and lock it."""
        private_folder(self.folder)
        if sys.platform != "win32":
            self._lock = os.open(self.folder, os.O_RDONLY)
            # Some network file systems have no locks; the process id must do there.
            with contextlib.suppress(OSError):
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with private_file(self.folder / _HOLDER) as file:
            file.write(self._command.encode())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)


@contextlib.contextmanager
def _alone_in(parent: Path) -> Iterator[None]:
    """Let one process at a time look for others in `parent` and make its own folder there."""
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _at_work(target: Path) -> Path | None:
    """Find the folder of a living process that is making `target`: it holds its lock."""
    if sys.platform == "win32":
        return None
    return next(
        (
            folder
            for folder in target.parent.iterdir()
            if (match := _STAGING.fullmatch(folder.name)) is not None
            and match["name"] == staging_name(target)
            and not _is_free(folder)
        ),
        None,
    )


def _holder(folder: Path) -> dict[str, str]:
    """Say who is at work in a staging folder: its process, command, and since when."""
    match = _STAGING.fullmatch(folder.name)
    said = {"pid": match["pid"] if match else "?", "command": "custseg", "since": "?"}
    with contextlib.suppress(OSError, UnicodeDecodeError):
        file = folder / _HOLDER
        said["command"] = file.read_text(encoding="utf-8") or said["command"]
        began = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        said["since"] = began.strftime("%Y-%m-%d %H:%M:%S UTC")
    return said


def staging_name(target: Path) -> str:
    """Give the part of a staging folder's name that says which target it is for."""
    name = target.name
    if len(name) <= _NAME_CHARACTERS:
        return name
    return f"{name[:_NAME_CHARACTERS]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def stale_folders(parent: Path) -> Iterator[tuple[str, Path]]:
    """Find staging folders whose process is gone: what they were for, and where they are."""
    if sys.platform == "win32":  # no safe way to ask whether a process lives
        return
    for folder in sorted(parent.iterdir()):
        match = _STAGING.fullmatch(folder.name)
        if match and folder.is_dir() and not _is_alive(int(match["pid"])) and _is_free(folder):
            yield match["name"], folder


def sweep(parent: Path) -> None:
    """Take away what dead processes left; keep what somebody still has to put in its place."""
    for _name, folder in stale_folders(parent):
        if not any((folder / each).exists() for each in (SET_ASIDE, PENDING)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _is_free(folder: Path) -> bool:
    """Tell whether no process, here or on another machine of the same disk, holds `folder`."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return True


@contextlib.contextmanager
def atomic_file(path: Path | str, *, force: bool = False) -> Iterator[BinaryIO]:
    """Write a file that appears whole or not at all; ``-`` is standard output.

    Raises
    ------
    UsageError
        If the file exists and `force` is not given.
    LimitError, InputError
        If the disk is full, or the folder cannot be written to.
    """
    if str(path) == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path).resolve()
    if target.is_dir():
        raise UsageError("tables.target_is_folder", path=str(path))
    if target.exists() and not force:
        raise UsageError("tables.file_exists", path=str(path))
    with writing(target), Staging(target) as staging:
        built = staging.folder / "file"
        with private_file(built) as file:
            yield file
        built.replace(target)
        sync_folder(target.parent)
