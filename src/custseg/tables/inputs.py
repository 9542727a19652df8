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
    """An input: what to read, and its name in ``source`` columns."""

    source: Path | BinaryIO
    name: str


def expand_inputs(patterns: Iterable[str | Path | BinaryIO]) -> list[Input]:
    """Expand files, quoted globs, ``-`` and open streams to inputs, in the order given.

    A glob's files come sorted by name. Files of the same name in different folders are named
    with as many of their folders as it takes to tell them apart.

    Raises
    ------
    InputError
        If a file is missing, is a folder, or a glob finds nothing.
    UsageError
        If an input is given twice, or none is.
    """
    sources: list[Path | BinaryIO] = []
    for pattern in patterns:
        sources.extend(_sources(pattern))
    if not sources:
        raise UsageError("tables.no_input")
    seen = Counter(
        source.resolve() if isinstance(source, Path) else id(source) for source in sources
    )
    for source in sources:
        if isinstance(source, Path) and seen[source.resolve()] > 1:
            raise UsageError("tables.given_twice", path=str(source))
        if not isinstance(source, Path) and seen[id(source)] > 1:
            raise UsageError("tables.given_twice", path=STANDARD_INPUT)
    names = iter(_names([source for source in sources if isinstance(source, Path)]))
    return [
        Input(source, next(names) if isinstance(source, Path) else STANDARD_INPUT_NAME)
        for source in sources
    ]


def _sources(pattern: str | Path | BinaryIO) -> Sequence[Path | BinaryIO]:
    if pattern == STANDARD_INPUT:
        return [sys.stdin.buffer]
    return _files(str(pattern)) if isinstance(pattern, str | Path) else [pattern]


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
