"""The records of a delimited text, one after the other: the obvious reader.

This is the definition that the fast reader in :mod:`custseg.tables.blocks` must agree with.

A field in quotes may hold the delimiter, line ends, and doubled quotes (RFC 4180). What
people's files do beyond it is read as Python's and Arrow's readers do: a quote inside an
unquoted field is a plain character, and characters after a closing quote belong to the field.
One thing is stricter. Where a quoted field runs over lines, its closing quote must end the
field; otherwise, or where the text ends first, the opening quote was a mistake. Then only the
line with that quote is unreadable, and reading goes on with the next, instead of swallowing
the rest of the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

MAX_RECORD_CHARACTERS: Final = 64 << 20
"""A quoted field longer than this was never closed."""

UNTERMINATED_QUOTE: Final = "unterminated_quote"


class Dialect(NamedTuple):
    """How records are cut into fields.

    Attributes
    ----------
    delimiter
        One character.
    spaced
        Spaces between a delimiter and its field belong to neither.
    """

    delimiter: str
    spaced: bool


class Record(NamedTuple):
    """One record: its fields, the line it starts on (1-based), its text, and its problem."""

    fields: list[str]
    line: int
    text: str
    problem: str


class _Scanner:
    """Cuts one record into fields, line by line."""

    def __init__(self, dialect: Dialect) -> None:
        self._delimiter = dialect.delimiter
        self._spaced = dialect.spaced
        self._parts: list[str] = []
        self._runs_over_lines = False
        self.fields: list[str] = []
        self.open = False
        self.mistaken = False

    def feed(self, line: str, content: str) -> None:
        """Take a line: `content` is the same without its line end."""
        at = 0
        if self.open:
            self._runs_over_lines = True
            at = self._quoted(line, 0)
            if at >= 0:
                at = self._rest(content, at)
        while 0 <= at <= len(content):
            at = self._field(line, content, at)

    def _field(self, line: str, content: str, at: int) -> int:
        """Read the field at `at`; give where the next one starts, -1 at the end."""
        self._parts = []
        self._runs_over_lines = False
        while self._spaced and content.startswith(" ", at):
            at += 1
        if content.startswith('"', at):
            self.open = True
            at = self._quoted(line, at + 1)
            if at < 0:
                return -1
        return self._rest(content, at)

    def _quoted(self, line: str, at: int) -> int:
        """Read inside quotes; give where the closing one ends, -1 while there is none."""
        while (quote := line.find('"', at)) >= 0:
            self._parts.append(line[at:quote])
            if not line.startswith('"', quote + 1):
                self.open = False
                return quote + 1
            self._parts.append('"')
            at = quote + 2
        self._parts.append(line[at:])
        return -1

    def _rest(self, content: str, at: int) -> int:
        """Read up to the delimiter and finish the field."""
        end = content.find(self._delimiter, at)
        stop = len(content) if end < 0 else end
        if stop > at and self._runs_over_lines:
            self.mistaken = True
        self._parts.append(content[at:stop])
        self.fields.append("".join(self._parts))
        return -1 if end < 0 else end + 1


def records(data: bytes, dialect: Dialect, first_line: int = 1) -> Iterator[Record]:
    """Cut a UTF-8 text into records; blank lines are none.

    Parameters
    ----------
    data
        Valid UTF-8, any line ends.
    dialect
        How fields are cut.
    first_line
        Number of the text's first line in its file.
    """
    # newline="" keeps line ends as they are, and splits at LF, CR and CR LF alone.
    lines = _Lines(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=""), first_line)
    reader = _LineReader(dialect)
    for line in lines:
        content = line.rstrip("\r\n")
        if not content:
            continue
        number = lines.number
        fields = reader.fields(content)
        if fields is not None:
            yield Record(fields, number, content, "")
            continue
        fields, text = _scan(line, lines, dialect)
        if fields:
            yield Record(fields, number, text, "")
        else:
            yield Record([], number, content, UNTERMINATED_QUOTE)


class _Lines:
    """Lines with the number of the last one, which can be given back."""

    def __init__(self, text: Iterable[str], first_line: int) -> None:
        self._lines = iter(text)
        self._returned: list[str] = []
        self.number = first_line - 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else next(self._lines)
        self.number += 1
        return line

    def give_back(self, lines: list[str]) -> None:
        self._returned.extend(reversed(lines))
        self.number -= len(lines)


class _LineReader:
    """Cuts lines that are one well-formed record each, by the standard library's reader."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._lines: list[str] = []
        # One reader for all lines: making one takes longer than reading a line.
        self._reader = csv.reader(
            iter(self._lines.pop, None),
            delimiter=dialect.delimiter,
            skipinitialspace=dialect.spaced,
            strict=True,
        )

    def fields(self, content: str) -> list[str] | None:
        """Give the fields of a line; None where it is not one well-formed record."""
        if '"' not in content:
            fields = content.split(self._dialect.delimiter)
            return [field.lstrip(" ") for field in fields] if self._dialect.spaced else fields
        self._lines[:] = (content,)
        try:
            return next(self._reader)
        except (csv.Error, IndexError):  # IndexError: it asks for a second line
            return None


def _scan(line: str, lines: _Lines, dialect: Dialect) -> tuple[list[str], str]:
    """Read the record that begins with `line`; its fields (none: a mistaken quote) and text."""
    scanner = _Scanner(dialect)
    scanner.feed(line, line.rstrip("\r\n"))
    taken: list[str] = []
    characters = len(line)
    while scanner.open and not scanner.mistaken and characters <= MAX_RECORD_CHARACTERS:
        following = next(lines, None)
        if following is None:
            break
        taken.append(following)
        characters += len(following)
        scanner.feed(following, following.rstrip("\r\n"))
    if scanner.open or scanner.mistaken:
        lines.give_back(taken)
        return [], ""
    return scanner.fields, "".join([line, *taken]).rstrip("\r\n")
