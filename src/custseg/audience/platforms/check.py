"""Whether a platform would accept a file: its form and its bounds, never whose it is."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from custseg.audience.platforms.model import DIGITS_OF, Platform, PlatformColumn

NOTHING: Final = frozenset(
    {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "d41d8cd98f00b204e9800998ecf8427e",
    }
)
"""The hash of nothing: a sign that empty cells were hashed."""

SHOWN: Final = 5
"""Lines named of each problem."""

_UPPER_HASH: Final = re.compile(r"[0-9A-Fa-f]+")


@dataclass(slots=True)
class Problem:
    """One kind of problem: where it is, and how often."""

    reason: str
    column: str
    count: int = 0
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    rows
        Rows without the header.
    filled
        Cells that are not empty, by column.
    problems
        What the platform would refuse; empty where it would accept the file.
    """

    rows: int
    filled: Mapping[str, int]
    problems: tuple[Problem, ...]

    @property
    def accepted(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.problems


class _Notes:
    """Collects problems, a few lines of each."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], Problem] = {}

    def add(self, reason: str, column: str = "", line: int = 0) -> None:
        problem = self.found.setdefault((reason, column), Problem(reason, column))
        problem.count += 1
        if line and len(problem.lines) < SHOWN:
            problem.lines.append(line)


def check_file(data: bytes, platform: Platform) -> Checked:
    """Check the bytes of a file against the rules of a platform."""
    notes = _Notes()
    if data.startswith(codecs.BOM_UTF8):
        notes.add("bom")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        notes.add("not_utf8", line=data.count(b"\n", 0, error.start) + 1)
        return Checked(rows=0, filled={}, problems=tuple(notes.found.values()))
    rows = _lines(text, notes)
    columns = _columns(rows, platform, notes)
    filled = dict.fromkeys((each.name for each in columns or ()), 0)
    count = 0
    if columns is not None:
        tests = [_test(each) for each in columns]
        for line, cells in rows:
            count += 1
            if len(cells) != len(columns):
                notes.add("columns_in_row", line=line)
                continue
            found = False
            for column, test, cell in zip(columns, tests, cells, strict=True):
                if not cell:
                    continue
                filled[column.name] += 1
                found = found or column.identifier
                reason = _problem(column, test, cell)
                if reason:
                    notes.add(reason, column.name, line)
            if not found:
                notes.add("no_identifier", line=line)
        _bounds(platform, count, len(data), notes)
    return Checked(rows=count, filled=filled, problems=tuple(notes.found.values()))


def _lines(text: str, notes: _Notes) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if cells:
                yield start, cells
            else:
                notes.add("empty_line", line=start)
            start = reader.line_num + 1
    except csv.Error:
        notes.add("quotes", line=start)


def _columns(
    rows: Iterator[tuple[int, list[str]]], platform: Platform, notes: _Notes
) -> list[PlatformColumn] | None:
    """Find what each column of the file is, from its header or, without one, its cells."""
    known = {each.name: each for each in platform.columns}
    if not platform.header:
        # Which kind a file without header holds, its caller sees in its name; all are alike.
        return [platform.columns[0]] if not platform.one_column_a_file else [_any(platform)]
    header = next(rows, (1, []))[1]
    wanted = list(known)
    unknown = [name for name in header if name not in known]
    if not header or (unknown and not set(header) & set(wanted)):
        notes.add("no_header", line=1)
        return None
    for name in unknown:
        notes.add("unknown_column", _shown(name), 1)
    if len(set(header)) < len(header):
        notes.add("repeated_column", line=1)
    if platform.first and header[0] != platform.first:
        notes.add("first_column", platform.first, 1)
    if not platform.any_columns and not unknown and header != wanted:
        notes.add("header_order", line=1)
    if not any(known[name].identifier for name in header if name in known):
        notes.add("no_identifier_column", line=1)
    return [known.get(name, PlatformColumn(name=name, source="")) for name in header]


def _shown(name: str) -> str:
    """Give a header's name, unless it looks like somebody's data."""
    return name if re.fullmatch(r"[^@\d]{1,40}", name) else ""


def _any(platform: Platform) -> PlatformColumn:
    """Give a column that accepts what any of the identifiers accepts."""
    kinds = [each for each in platform.columns if each.identifier]
    accept = "|".join(f"(?:{each.accept})" for each in kinds if each.accept)
    return PlatformColumn(name="", source="", hash=kinds[0].hash, identifier=True, accept=accept)


def _test(column: PlatformColumn) -> re.Pattern[str] | None:
    if column.hash != "none":
        return re.compile(rf"[0-9a-f]{{{DIGITS_OF[column.hash]}}}")
    return re.compile(column.accept) if column.accept else None


def _problem(column: PlatformColumn, test: re.Pattern[str] | None, cell: str) -> str | None:
    if cell in NOTHING:
        return "hash_of_nothing"
    if test is None or test.fullmatch(cell):
        return None
    if column.hash == "none":
        return "form"
    if _UPPER_HASH.fullmatch(cell) and len(cell) == DIGITS_OF[column.hash]:
        return "hash_upper"
    return "prefixed" if cell.startswith("'") else "not_hashed"


def _bounds(platform: Platform, rows: int, size: int, notes: _Notes) -> None:
    if rows < max(platform.least, 1):
        notes.add("too_small")
    if platform.most_rows and rows > platform.most_rows:
        notes.add("too_many_rows")
    if platform.most_bytes and size > platform.most_bytes:
        notes.add("too_large")
