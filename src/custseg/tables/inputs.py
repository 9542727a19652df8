"""Which files the user means, and what to call each."""

from __future__ import annotations

import glob
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from custseg.errors import InputError, UsageError

STANDARD_INPUT: Final = "-"
STANDARD_INPUT_NAME: Final = "stdin"


class Input(NamedTuple):
    """An input: its path (None for standard input), and its name in ``source`` columns."""

    path: Path | None
    name: str

    def source(self) -> Path | BinaryIO:
        """Give what :func:`custseg.tables.read_table` reads."""
        return sys.stdin.buffer if self.path is None else self.path


def expand_inputs(patterns: Iterable[str]) -> list[Input]:
    """Expand files, quoted globs and ``-`` to inputs, in the order given.

    A glob's files come sorted by name. Files of the same name in different folders are named
    with as many of their folders as it takes to tell them apart.

    Raises
    ------
    InputError
        If a file is missing, is a folder, or a glob finds nothing.
    UsageError
        If an input is given twice, or none is.
    """
    paths: list[Path | None] = []
    for pattern in patterns:
        paths.extend([None] if pattern == STANDARD_INPUT else _files(pattern))
    if not paths:
        raise UsageError("tables.no_input")
    seen: Counter[Path | None] = Counter(path and path.resolve() for path in paths)
    repeated = [path for path, times in seen.items() if times > 1]
    if repeated:
        raise UsageError("tables.given_twice", path=str(repeated[0] or STANDARD_INPUT))
    names = iter(_names([path for path in paths if path is not None]))
    return [Input(path, STANDARD_INPUT_NAME if path is None else next(names)) for path in paths]


def _files(pattern: str) -> list[Path]:
    path = Path(pattern)
    if path.is_dir():
        raise InputError("tables.is_folder", path=pattern)
    if path.exists() or not glob.has_magic(pattern):
        if not path.exists():
            raise InputError("tables.not_found", path=pattern)
        return [path]
    found = sorted(Path(match) for match in glob.glob(pattern, recursive=True))  # noqa: PTH207
    files = [match for match in found if match.is_file()]
    if not files:
        raise InputError("tables.nothing_matches", pattern=pattern)
    return files


def _names(paths: Sequence[Path]) -> list[str]:
    """Give the shortest ends of the paths that tell them apart."""
    parts = [path.resolve().parts for path in paths]
    lengths = [1] * len(parts)
    while True:
        names = ["/".join(part[-length:]) for part, length in zip(parts, lengths, strict=True)]
        shared = {name for name, times in Counter(names).items() if times > 1}
        if not shared:
            return names
        lengths = [length + (name in shared) for name, length in zip(names, lengths, strict=True)]
