"""One tree of exceptions, one table of exit codes.

An error carries the key of its message and the parameters of the words, never a customer's
data. The words stand in :mod:`custseg.messages`, as a pair: what is wrong and where, and how
to fix it. Library users see the English text in ``str(error)``; the command line shows the
user's language.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process returns, so that a cron script can tell the cases apart."""

    DONE = 0
    GATE_FAILED = 1
    USAGE = 2
    INPUT = 3
    LIMIT = 4
    LOCKED = 5
    BUG = 70


class CustsegError(Exception):
    """Base of every error that custseg raises on purpose.

    Parameters
    ----------
    key
        Key of the message in :mod:`custseg.messages`, such as ``"tables.not_found"``.
    **params
        What the words need: paths, columns, row numbers, counts. Never a cell's content.
    """

    exit_code = ExitCode.BUG

    def __init__(self, key: str, /, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params

    def __str__(self) -> str:
        from custseg.messages import error_text

        return " ".join(part for part in error_text(self, "en") if part)


class GateError(CustsegError):
    """The work is done, but a gate that the user set (``--fail-on``) did not hold."""

    exit_code = ExitCode.GATE_FAILED


class UsageError(CustsegError):
    """Options or configuration that cannot be used."""

    exit_code = ExitCode.USAGE


class InputError(CustsegError):
    """Input that cannot be read, or is not what the command needs."""

    exit_code = ExitCode.INPUT


class LimitError(CustsegError):
    """Memory, disk, or a limit the user set is exhausted."""

    exit_code = ExitCode.LIMIT


class LockedError(CustsegError):
    """Another run holds the lock."""

    exit_code = ExitCode.LOCKED
