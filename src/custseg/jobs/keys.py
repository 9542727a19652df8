"""The secret key of keyed hashes: from the environment, or from a file nobody else can read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from custseg.errors import UsageError

VARIABLE: Final = "CUSTSEG_KEY"
FILE_VARIABLE: Final = "CUSTSEG_KEY_FILE"

_LEAST_BYTES: Final = 16
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def secret_key(environ: Mapping[str, str] | None = None) -> bytes | None:
    """Give the key; None where there is none.

    Raises
    ------
    UsageError
        If both variables are set, the file cannot be read or others may read it, or the key is
        shorter than 16 bytes.
    """
    environ = os.environ if environ is None else environ
    text, file = environ.get(VARIABLE, ""), environ.get(FILE_VARIABLE, "")
    if text and file:
        raise UsageError("privacy.two_keys")
    if file:
        return _long_enough(_from_file(Path(file)))
    return _long_enough(text.encode()) if text else None


def needed_key(environ: Mapping[str, str] | None = None) -> bytes:
    """Give the key.

    Raises
    ------
    UsageError
        If there is none, or as :func:`secret_key`.
    """
    key = secret_key(environ)
    if key is None:
        raise UsageError("privacy.no_key")
    return key


def _from_file(path: Path) -> bytes:
    try:
        check_private(path)
        return path.read_bytes().strip()
    except OSError as error:
        raise UsageError("privacy.key_unreadable", path=str(path)) from error


def check_private(path: Path) -> None:
    """Refuse a file with a secret that others may read.

    Raises
    ------
    UsageError
        If they may.
    OSError
        If there is no such file.
    """
    mode = path.stat().st_mode
    if sys.platform != "win32" and mode & _OTHERS:
        raise UsageError("privacy.key_mode", path=str(path), mode=f"{stat.S_IMODE(mode):04o}")


def _long_enough(key: bytes) -> bytes:
    if len(key) < _LEAST_BYTES:
        raise UsageError("privacy.key_short", least=_LEAST_BYTES)
    return key
